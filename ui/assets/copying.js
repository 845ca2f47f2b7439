/* Copying the picture: the print map goes to the clipboard as pixels, to be pasted into a document.
 *
 * Browsers let a page copy on this machine and over HTTPS only; elsewhere the tool says so. */
import { rename } from "./buttons.js";

const LONG_SIDE = 2400; /* Pixels: an A4 page at some 200 dots per inch. */

async function pixels(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(address + ": " + response.status);
  const source = URL.createObjectURL(new Blob([await response.text()], { type: "image/svg+xml" }));
  try {
    const drawn = new Image();
    drawn.src = source;
    await drawn.decode();
    const scale = LONG_SIDE / Math.max(drawn.width, drawn.height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(drawn.width * scale);
    canvas.height = Math.round(drawn.height * scale);
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => { canvas.toBlob(done, "image/png"); });
  } finally {
    URL.revokeObjectURL(source);
  }
}

class Copier {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.tool = toolbar.tool("copy", () => this.copy());
    this.tool.setAttribute("aria-live", "polite");
    for (const leaves of ["pointerleave", "blur"]) {
      this.tool.addEventListener(leaves, () => this.say("copy"));
    }
  }

  say(key) {
    rename(this.tool, this.toolbar.word(key));
  }

  async copy() {
    if (this.tool.getAttribute("aria-busy") === "true") return;
    if (!navigator.clipboard || !window.ClipboardItem) {
      this.say("copy_not_here");
      return;
    }
    this.tool.setAttribute("aria-busy", "true");
    try {
      /* The promise goes along, so that the browser still knows of the click when it is kept. */
      await navigator.clipboard.write([new ClipboardItem({ "image/png": pixels(this.address) })]);
      this.say("copied");
    } catch {
      this.say("copy_failed");
    } finally {
      this.tool.removeAttribute("aria-busy");
    }
  }
}

export const copyControl = {
  start(toolbar) { this.copier = new Copier(toolbar); },
  show(toolbar, spec) { this.copier.address = spec.toolbar.print; },
};
