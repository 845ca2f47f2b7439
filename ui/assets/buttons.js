/* The buttons of the controls on the map: drawn by a line, named for those who hear the page. */
import { div, element } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";

const ICONS = {
  undo: "M8 5 3.500 9.500 8 14M4 9.500H13A4.500 4.500 0 0 1 13 18.500H9",
  redo: "M14 5 18.500 9.500 14 14M18 9.500H9A4.500 4.500 0 0 0 9 18.500H13",
  reset: "M3.500 10.500 11 4 18.500 10.500M6 9V18H16V9",
  presets: "M6 3.500H16V18.500L11 14.500 6 18.500Z",
  compare: "M3.500 4.500H18.500V17.500H3.500ZM11 4.500V17.500",
  time: "M11 3.500A7.500 7.500 0 1 1 11 18.500A7.500 7.500 0 1 1 11 3.500ZM11 7V11.500L14 13.500",
  table: "M3.500 4.500H18.500V17.500H3.500ZM3.500 9H18.500M9 9V17.500",
  present: "M3.500 4.500H18.500V14.500H3.500ZM11 14.500V18.500M7.500 18.500H14.500",
  tour: "M8 8.200A3 3 0 1 1 12.300 10.900C11.300 11.500 11 12 11 13M11 16.200V16.400",
  copy: "M8 3.500H18.500V14H8ZM14 14V18.500H3.500V8H8",
  print: "M6.500 8.500V3.500H15.500V8.500M6.500 15.500H3.500V8.500H18.500V15.500H15.500M6.500 12.500H15.500V18.500H6.500Z",
  area: "M4.500 7 12 3.500 18 9 14.500 17.500 6 15.500ZM4.500 7V7.100M18 9V9.100",
  close: "M5.500 5.500 16.500 16.500M16.500 5.500 5.500 16.500",
  play: "M7 4.500 17 11 7 17.500Z",
  pause: "M7.500 5V17M14.500 5V17",
};

export function icon(name) {
  const svg = element("svg", { width: 22, height: 22, viewBox: "0 0 22 22", "aria-hidden": "true" });
  element("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.7,
    "stroke-linecap": "round", "stroke-linejoin": "round" }, svg);
  return svg;
}

export function button(name, label, act, parent) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "atlas-tool atlas-tool-" + name;
  node.appendChild(icon(name));
  if (parent) parent.appendChild(node);
  rename(node, label);
  node.addEventListener("click", act);
  return node;
}

export function rename(node, label) {
  /* The style sheet shows the label beside a tool of the bar; elsewhere the browser does. */
  if (!node.closest(".atlas-bar")) node.title = label;
  node.setAttribute("aria-label", label);
}

export function corner(atlas, position, className) {
  const control = L.control({ position });
  control.onAdd = () => {
    const node = div(className);
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
    return node;
  };
  control.addTo(atlas.map);
  return control.getContainer();
}
