/* Follow the page's theme: a dark page has a dark map. Paper is always light. */
import { page } from "../../layers/web/assets/page.js";

let dark = null;
let tones = null;
let stale = true;

/* Dark is what is darker than middle grey; a colour that is not told is light. */
export function isDark(color) {
  const parts = color.trim().match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i);
  if (!parts) return false;
  const [red, green, blue] = parts.slice(1).map((part) => Number.parseInt(part, 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

function background() {
  return getComputedStyle(document.documentElement).getPropertyValue("--background-color");
}

/* Take over the page's theme, and tell whether what is drawn has other colours now. */
function take(known) {
  tones = known || tones;
  /* Asking for a style makes the browser work all of them out: only after a change. */
  if (stale) dark = isDark(background());
  stale = false;
  document.documentElement.dataset.atlasTheme = dark ? "dark" : "light";
  const before = page.tones;
  page.tones = dark ? tones : null;
  return Boolean(before) !== Boolean(page.tones);
}

function follow(atlas, known) {
  if (!take(known) || !atlas.spec) return;
  atlas.redraw();
  atlas.legend.show(atlas.spec);
  const { toolbar } = atlas;
  if (!toolbar?.found) return;
  for (const control of toolbar.controls) if (control.recolour) control.recolour(toolbar);
}

export const themeControl = {
  start() {},
  show(toolbar, spec, found) { follow(toolbar.atlas, found.dark); },
};

/* A dark page sends its colours with the first view, so that nothing is light at first. */
export function followTheme() {
  page.beforeDrawn = (spec) => take(spec.dark);
  new MutationObserver(() => {
    stale = true;
    if (page.current) follow(page.current);
  }).observe(document.head, { childList: true, subtree: true, characterData: true });
}
