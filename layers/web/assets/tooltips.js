/* What a place, or a ring of several, tells who points at it. */
import { div } from "./dom.js";
import { isArea } from "./geometry.js";
import { swatch } from "./symbols.js";

export function placeTooltip(spec, feature) {
  const node = div("");
  div("atlas-tooltip-name", feature.properties[spec.name_field], node);
  for (const layer of spec.layers) {
    if (!layer.in_tooltip && isArea(feature)) continue;
    const found = layer.classes.find((one) => one.features?.includes(feature.id));
    if (!found) continue;
    const line = div("atlas-tooltip-line", "", node);
    line.appendChild(swatch({ ...found.symbol, opacity: 1 }));
    const value = layer.values?.[feature.id];
    line.appendChild(document.createTextNode(value === undefined ? found.label : value));
  }
  return node;
}

/* `alone` is the name of the only one that a ring stands for. */
export function ringTooltip(name, shares, alone = "") {
  const node = div("");
  div("atlas-tooltip-name", name, node);
  if (alone) div("atlas-tooltip-line", alone, node);
  for (const share of shares) {
    const line = div("atlas-tooltip-line", "", node);
    div("atlas-dot", "", line).style.background = share.color;
    line.appendChild(document.createTextNode(`${share.label} ${share.count}`));
  }
  return node;
}
