/* Draw the signs of sites, and the rings that stand for many of them. */
import { element } from "./dom.js";
import { given, page } from "./page.js";

const DARK_GROUND = "#14191F";
const STACK_PX = 3;
const RIM_PX = 3;
const SHAPES = {
  square: "M2 2H14V14H2Z",
  circle: "M8 1.6A6.4 6.4 0 1 1 8 14.4A6.4 6.4 0 1 1 8 1.6Z",
  diamond: "M8 .8 15.2 8 8 15.2 .8 8Z",
  triangle: "M8 1.4 15.2 14H.8Z",
  hexagon: "M8 .9 14.2 4.5V11.500L8 15.100 1.800 11.500V4.500Z",
};

/* The drawings have a grid of their own; a triangle has its room below its middle. */
const ICON_PLACE = { triangle: "translate(4.52 6.3) scale(.29)", "": "translate(3.44 3.44) scale(.38)" };

/* The line drawing of an icon: the page has them all. */
let icons = null;

function iconPath(name) {
  icons = icons || given("atlas-icons");
  return icons[name];
}

export function sign(symbol) {
  const svg = element("svg", { width: symbol.size, height: symbol.size, viewBox: "-1 -1 18 18" });
  const solid = symbol.fill === "solid";
  const ground = page.tones ? DARK_GROUND : "#fff";
  element("path", { d: SHAPES[symbol.shape], fill: solid ? symbol.color : ground,
    stroke: solid ? ground : symbol.color, "stroke-width": solid ? 1.2 : 2.2 }, svg);
  if (symbol.fill === "crossed") {
    element("path", { d: "M4.500 4.500 11.500 11.500M11.500 4.500 4.500 11.500", stroke: symbol.color,
      "stroke-width": 2 }, svg);
  }
  if (symbol.icon && symbol.fill !== "crossed") {
    element("path", { d: iconPath(symbol.icon), class: "atlas-sign-icon", fill: "none",
      transform: ICON_PLACE[symbol.shape] || ICON_PLACE[""], "stroke-width": 2.7,
      stroke: solid ? ground : symbol.color, "stroke-linecap": "round",
      "stroke-linejoin": "round" }, svg);
  }
  return svg;
}

/* A line drawing that stands by itself, on a halo (layers/specification/icons.py). */
export function pictogram(symbol) {
  const svg = element("svg", { width: symbol.size, height: symbol.size, viewBox: "0 0 24 24",
    fill: "none", opacity: symbol.opacity, "stroke-linecap": "round", "stroke-linejoin": "round" });
  const d = iconPath(symbol.icon);
  element("path", { d, stroke: symbol.halo, "stroke-width": 6 }, svg);
  element("path", { d, stroke: symbol.color, "stroke-width": 2.2 }, svg);
  svg.classList.add("atlas-pictogram");
  return svg;
}

/* A ring whose arcs are the shares of the classes; the number in it is how many there are.
 *
 * One that is `hollow` stands for what is known to its area only: it is thin, and lies on another
 * where it stands for several. A `rim` goes around it. */
export function shareRing(shares, { hollow = false, rim = null } = {}) {
  const count = shares.reduce((sum, share) => sum + share.count, 0);
  const size = Math.min(46, 20 + 3.6 * Math.sqrt(count));
  const dark = Boolean(page.tones);
  const ground = dark ? DARK_GROUND : "#fff";
  const ink = dark ? "#AEB6BF" : "#59606B";
  const edge = rim ? RIM_PX : 0, lift = hollow && count > 1 ? STACK_PX : 0;
  const whole = size + 2 * edge + 2 * lift, middle = whole / 2;
  const width = hollow ? 2.6 : 5, radius = size / 2 - 1 - width / 2, round = 2 * Math.PI * radius;
  const svg = element("svg", { width: whole, height: whole,
    viewBox: [0, 0, whole, whole].join(" "), class: hollow ? "atlas-ring atlas-stack" : "atlas-ring" });
  if (lift) {
    element("circle", { cx: middle + lift, cy: middle - lift, r: size / 2 - 0.6, fill: ground,
      stroke: ink, "stroke-width": 1.2 }, svg);
  }
  element("circle", { cx: middle, cy: middle, r: size / 2 + edge, fill: ground }, svg);
  if (rim) {
    element("circle", { cx: middle, cy: middle, r: size / 2 + edge - 1, fill: "none", stroke: rim,
      "stroke-width": 2 }, svg);
  }
  let start = 0;
  for (const share of shares) {
    const part = (share.count / count) * round;
    element("circle", { cx: middle, cy: middle, r: radius, fill: "none", stroke: share.color,
      "stroke-width": width, "stroke-dasharray": part + " " + (round - part),
      "stroke-dashoffset": -start, transform: "rotate(-90 " + middle + " " + middle + ")" }, svg);
    start += part;
  }
  const text = element("text", { x: middle, y: middle + 3.8, "text-anchor": "middle",
    "font-size": 11, "font-weight": 600, fill: dark ? "#F1F3F5" : "#20252D" }, svg);
  text.textContent = String(count);
  return svg;
}
