/* Printing the page prints the print map: the server's sheet takes the page's place on paper.
 *
 * The sheet is fetched when somebody prints. The button and Ctrl+P fetch it before they print;
 * whoever prints by the browser's menu waits, as a browser does not, so that one is fetched at once. */
const CLASS = "atlas-print-sheet";

class Printer {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.tool = toolbar.tool("print", () => this.print());
    this.page = this.around();
    this.page.addEventListener("keydown", (event) => this.hear(event), true);
    document.addEventListener("keydown", (event) => this.hear(event), true);
    const before = () => this.put();
    const after = () => this.clear();
    this.page.defaultView.addEventListener("beforeprint", before);
    this.page.defaultView.addEventListener("afterprint", after);
    window.addEventListener("pagehide", () => {
      this.page.defaultView.removeEventListener("beforeprint", before);
      this.page.defaultView.removeEventListener("afterprint", after);
      this.clear();
    });
  }

  around() {
    try {
      return window.parent.document;
    } catch {
      return document;
    }
  }

  show(address) {
    if (this.address === address) return;
    this.address = address;
    this.sheet = null;
  }

  hear(event) {
    const asks = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!asks || event.key.toLowerCase() !== "p" || document.hidden) return;
    event.preventDefault();
    this.print();
  }

  async print() {
    if (this.tool.getAttribute("aria-busy") === "true") return;
    this.tool.setAttribute("aria-busy", "true");
    const address = this.address;
    try {
      const response = await fetch(address);
      if (response.ok && this.address === address) this.sheet = await response.text();
    } finally {
      this.tool.removeAttribute("aria-busy");
    }
    this.page.defaultView.print();
  }

  /* What is printed has to be there when this ends, so it cannot be waited for. */
  fetchNow() {
    const request = new XMLHttpRequest();
    request.open("GET", this.address, false);
    request.send();
    if (request.status === 200) this.sheet = request.responseText;
  }

  put() {
    this.clear();
    if (!this.sheet) this.fetchNow();
    if (!this.sheet) return;
    const drawn = new DOMParser().parseFromString(this.sheet, "image/svg+xml").documentElement;
    const [width, height] = ["width", "height"].map((side) => parseFloat(drawn.getAttribute(side)));
    const long = width > height ? "landscape" : "portrait";
    const sheet = this.page.createElement("div");
    sheet.className = CLASS;
    sheet.dataset.side = long;
    const rule = this.page.createElement("style");
    sheet.append(rule, this.page.importNode(drawn, true));
    this.page.body.appendChild(sheet);
    rule.sheet.insertRule("@page { size: A4 " + long + "; margin: 0; }");
  }

  clear() {
    for (const sheet of this.page.querySelectorAll("." + CLASS)) sheet.remove();
  }
}

export const printControl = {
  start(toolbar) { this.printer = new Printer(toolbar); },
  show(toolbar, spec) { this.printer.show(spec.toolbar.print); },
};
