/* A legend that filters: a click switches a line, a double click leaves it alone. */
import { div } from "../../layers/web/assets/dom.js";
import { swatch } from "../../layers/web/assets/symbols.js";

const DOUBLE_CLICK_MS = 230;

function key(line) {
  return line.dataset.toggle;
}

/* A line for what the view does not show, so that it can be switched on again. */
function offLine(entry) {
  const line = div("atlas-legend-line atlas-off");
  line.dataset.toggle = entry.toggle;
  line.appendChild(swatch(entry.symbol));
  div("atlas-legend-label", entry.label, div("", "", line));
  return line;
}

function enliven(toolbar, line, on) {
  line.tabIndex = 0;
  line.setAttribute("role", "checkbox");
  line.setAttribute("aria-checked", String(on));
  const note = line.querySelector(".atlas-legend-note");
  line.title = [...(note ? [note.textContent] : []), toolbar.word("legend_hint")].join("\n");
  const request = (only) => toolbar.request({ do: "toggle", what: key(line), only });
  line.addEventListener("click", () => {
    clearTimeout(toolbar.legendTimer);
    toolbar.legendTimer = setTimeout(() => request(false), DOUBLE_CLICK_MS);
  });
  line.addEventListener("dblclick", () => {
    clearTimeout(toolbar.legendTimer);
    request(true);
  });
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toolbar.legendFocus = key(line);
    request(event.shiftKey);
  });
}

/* The lines under a heading, in the order that they have when all are on. */
function arrange(heading, lines, off) {
  const places = new Map(off.map((entry, at) => [entry.toggle, at]));
  const all = [...lines, ...off.filter((entry) => !lines.some((line) => key(line) === entry.toggle))
    .map(offLine)];
  const rank = (line) => (places.has(key(line)) ? places.get(key(line)) : Infinity);
  all.sort((one, other) => rank(one) - rank(other) || 0);
  heading.after(...all);
}

function show(toolbar, spec, found) {
  const details = toolbar.atlas.legend.node.querySelector("details");
  if (!details || details.dataset.live) return;
  details.dataset.live = "true";
  for (const heading of details.querySelectorAll(".atlas-legend-group")) {
    const lines = [];
    for (let next = heading.nextElementSibling; next?.matches(".atlas-legend-line");
      next = next.nextElementSibling) lines.push(next);
    const group = found.legend.find((one) => one.title === heading.textContent);
    for (const line of lines.filter(key)) enliven(toolbar, line, true);
    if (!group) continue;
    arrange(heading, lines, group.entries.filter((entry, at, all) =>
      all.findIndex((other) => other.toggle === entry.toggle) === at));
  }
  for (const line of details.querySelectorAll(".atlas-off")) enliven(toolbar, line, false);
  const focused = toolbar.legendFocus &&
    [...details.querySelectorAll("[data-toggle]")].find((line) => key(line) === toolbar.legendFocus);
  toolbar.legendFocus = null;
  if (focused) focused.focus();
}

export const legendControl = {
  start() {},
  show,
  recolour(toolbar) { show(toolbar, toolbar.atlas.spec, toolbar.found); },
};
