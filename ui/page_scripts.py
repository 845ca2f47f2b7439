"""Hold the scripts that pages run: all are constants, and browsers are told to run no other."""

from __future__ import annotations

from ui.streamlit_inside import SERVER_NAMED

WATCH = """<style>.st-key-widget-again { display: none; }</style><script>
if (!window.atlasWatch) {
  const state = "data-test-connection-state";
  const page = document.querySelector("[" + state + "]");
  let lost = false;
  window.atlasWatch = new MutationObserver(() => {
    const here = page.getAttribute(state) === "CONNECTED";
    if (here && lost) {
      // Once more later: what was under way may still arrive and overtake the first answer.
      for (const wait of [500, 4000]) {
        setTimeout(() => document.querySelector(".st-key-widget-again button")?.click(), wait);
      }
    }
    lost = !here;
  });
  if (page) window.atlasWatch.observe(page, { attributes: true, attributeFilter: [state] });
}
</script>"""
"""Asks for the page again when its connection is back."""

REMEMBER = """<script>
try { sessionStorage.setItem("atlas.wanted", location.href); } catch (error) { /* not kept */ }
</script>"""
"""Keeps the address that was asked for while a person signs in."""

COME_BACK = """<script>
try {
  const wanted = sessionStorage.getItem("atlas.wanted");
  sessionStorage.removeItem("atlas.wanted");
  if (wanted && wanted !== location.href && new URL(wanted).origin === location.origin) {
    location.replace(wanted);
  }
} catch (error) { /* not kept */ }
</script>"""
"""Opens the address that was asked for before a person signed in."""

WORDS = """<script>
if (!window.atlasWords) {
  const NAMES = ["aria-label", "title", "placeholder", "alt"];
  const NEVER = "script, style, textarea, input, code, [contenteditable], [data-atlas-words]";
  let exact = new Map();
  let patterns = [];
  const escaped = (text) => text.replace(/[.*+?^${}()|[\\]\\\\]/g, "\\\\$&");
  function learn(node) {
    exact = new Map();
    patterns = [];
    for (const [to, ...from] of JSON.parse(node.dataset.atlasWords)) {
      for (const one of from) {
        if (one === to) continue;
        if (!one.includes("{n}")) exact.set(one, to);
        else {
          const [before, after] = one.split("{n}");
          const form = new RegExp("^" + escaped(before) + "(\\\\S.*)" + escaped(after) + "$");
          patterns.push([form, to]);
        }
      }
    }
    document.documentElement.lang = node.dataset.atlasLang;
  }
  function said(text) {
    const bare = text.trim();
    if (!bare || bare.length > 90) return null;
    if (exact.has(bare)) return exact.get(bare);
    for (const [form, to] of patterns) {
      const found = form.exec(bare);
      if (found) return to.replace("{n}", () => found[1]);
    }
    return null;
  }
  function translate(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      if (!parent || parent.closest(NEVER)) return;
      const words = said(node.nodeValue);
      if (words !== null && words !== node.nodeValue.trim()) node.nodeValue = words;
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      for (const name of NAMES) {
        const words = node.hasAttribute(name) ? said(node.getAttribute(name)) : null;
        if (words !== null && words !== node.getAttribute(name)) node.setAttribute(name, words);
      }
      // A picture is heard by its caption; one without a caption is an ornament.
      if (node.tagName === "IMG" && !node.hasAttribute("alt")) {
        const framed = node.closest("[data-testid='stImage']");
        node.alt = framed ? framed.textContent.trim() : "";
      }
      for (const child of node.childNodes) translate(child);
    }
  }
  function whole() {
    const nodes = document.querySelectorAll("[data-atlas-words]");
    if (!nodes.length) return;
    learn(nodes[nodes.length - 1]);
    translate(document.body);
  }
  window.atlasWords = new MutationObserver((changes) => {
    const marks = "[data-atlas-words]";
    const told = (node) => node.nodeType === Node.ELEMENT_NODE
      && (node.matches(marks) || node.querySelector(marks));
    if (changes.some((one) => told(one.target) && one.type === "attributes"
      || [...one.addedNodes].some(told))) whole();
    for (const one of changes) {
      if (one.type === "childList") one.addedNodes.forEach(translate);
      else if (one.type === "characterData") translate(one.target);
      else {
        const words = said(one.target.getAttribute(one.attributeName) || "");
        if (words !== null && words !== one.target.getAttribute(one.attributeName)) {
          one.target.setAttribute(one.attributeName, words);
        }
      }
    }
  });
  window.atlasWords.observe(document.body, { childList: true, subtree: true, characterData: true,
    attributes: true, attributeFilter: [...NAMES, "data-atlas-words"] });
  whole();
}
</script>"""
"""Exchanges the words of Streamlit's own controls by those that ``ui.words.builtin`` gives."""

PRINT_TABLES = """<style>.atlas-print-table { display: none; }</style><script>
if (!window.atlasPrintTables) {
  window.atlasPrintTables = true;
  const places = () => document.querySelectorAll(".atlas-print-table[data-src]");
  addEventListener("beforeprint", () => {
    for (const place of places()) {
      // What is printed has to be there when this ends, so it cannot be waited for.
      const request = new XMLHttpRequest();
      request.open("GET", place.dataset.src, false);
      try { request.send(); } catch (error) { continue; }
      if (request.status !== 200) continue;
      const found = new DOMParser().parseFromString(request.responseText, "text/html");
      place.replaceChildren(...found.body.childNodes);
    }
  });
  addEventListener("afterprint", () => { for (const place of places()) place.replaceChildren(); });
}
</script>"""
"""Puts every table of the page in words beside its grid while the page is printed."""

FOLDS = """<script>
{
  // Each panel by its name: the page can make its switch anew, which then stands as it stood.
  const open = window.atlasFolds || {};
  const tell = () => {
    for (const node of document.querySelectorAll("[data-atlas-fold]")) {
      const wanted = open[node.dataset.atlasFold];
      if (wanted !== undefined) node.setAttribute("aria-expanded", String(wanted));
    }
  };
  if (!window.atlasFolds) {
    window.atlasFolds = open;
    document.addEventListener("click", ({ target }) => {
      const node = target.closest("[data-atlas-fold]");
      if (!node) return;
      open[node.dataset.atlasFold] = node.getAttribute("aria-expanded") !== "true";
      tell();
    });
  }
  const bar = document.querySelector(".st-key-folds");
  if (bar) new MutationObserver(tell).observe(bar, { childList: true, subtree: true });
  tell();
}
</script>"""
"""Folds and unfolds the panels beside the map."""

SERVER = f"""<script>
window.{SERVER_NAMED[0]} = {{ {SERVER_NAMED[1]}: new URL(".", location.href).href }};
</script>"""
"""Says where the server is: Streamlit's page looks for it below the page's own address first, and
elsewhere 100 ms after it was not found there. Its scripts are fetched from the same folder."""

STEPS = """<script>
{
  const PLACE = ["center", "zoom"];
  const push = history.pushState.bind(history);
  const chosen = (address) => {
    const { pathname, searchParams } = new URL(address, location.href);
    const fields = [...searchParams].filter(([name]) => !PLACE.includes(name)).sort();
    return { pathname, fields: String(new URLSearchParams(fields)) };
  };
  const isStep = (address) => {
    const [before, after] = [location.href, address].map(chosen);
    if (before.pathname !== after.pathname) return true;
    // The query of a page that was opened without follows at once.
    return Boolean(location.search) && before.fields !== after.fields;
  };
  history.pushState = (state, title, address) => {
    if (isStep(address || "")) push(state, title, address);
    else history.replaceState(state, title, address);
  };
}
</script>"""
"""Has a step back undo what a person chose, not where the map has moved since."""

LEAVING = """<script>
addEventListener("beforeunload", (event) => {
  if (!document.querySelector(".st-key-own-unsaved")) return;
  event.preventDefault();
  event.returnValue = true; // Older browsers look at this alone.
});
</script>"""
"""Has the browser ask before a page is left whose own data is saved nowhere: it would be gone."""

SCRIPTS = (SERVER, STEPS, LEAVING, WATCH, REMEMBER, COME_BACK, WORDS, PRINT_TABLES, FOLDS)
