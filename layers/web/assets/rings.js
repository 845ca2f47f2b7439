/* One ring for each area that has points of a layer, below the area's name. */
import { labelPoint } from "./geometry.js";
import { L } from "./leaflet_global.js";
import { shareRing } from "./signs.js";
import { toned } from "./symbols.js";
import { ringTooltip } from "./tooltips.js";

/* How many points of each colour every area has, by the area's id. */
export function sharesByArea(layer, features, by) {
  const areas = new Map();
  for (const found of layer.classes) {
    const color = toned(found.symbol).color;
    for (const id of found.features || features.keys()) {
      const area = features.get(id).properties[by];
      if (!areas.has(area)) areas.set(area, new Map());
      const shares = areas.get(area);
      if (!shares.has(color)) shares.set(color, { color, label: found.label, count: 0 });
      shares.get(color).count += 1;
    }
  }
  return new Map([...areas].map(([area, shares]) => [area, [...shares.values()]]));
}

/* Give a marker the words that are read out for it. */
function named(marker, words) {
  marker.on("add", () => marker.getElement().setAttribute("aria-label", words));
}

export function ringGroup(atlas, layer, features, by, pane) {
  const group = L.layerGroup();
  for (const [area, shares] of sharesByArea(layer, features, by)) {
    const home = atlas.features[by].get(area) || atlas.features.cities.get(area);
    if (!home) continue;
    const ring = L.marker(labelPoint(home), {
      pane, interactive: true, keyboard: true,
      icon: L.divIcon({ html: shareRing(shares), iconSize: [0, 0],
        className: "atlas-anchor atlas-ring-anchor" }),
    });
    const name = () => home.properties[atlas.spec.name_field];
    ring.bindTooltip(() => ringTooltip(name(), shares),
      { className: "atlas-tooltip", direction: "top" });
    ring.on("click", () => atlas.camera.zoomTo(home));
    named(ring, [name(), ...shares.map((share) => `${share.label} ${share.count}`)].join(", "));
    group.addLayer(ring);
  }
  return group;
}
