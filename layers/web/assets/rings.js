/* One ring for each area that has points of a layer, below the area's name. */
import { labelPoint } from "./geometry.js";
import { L } from "./leaflet_global.js";
import { shareRing } from "./signs.js";
import { toned } from "./symbols.js";
import { ringTooltip } from "./tooltips.js";

/* What every area has of a layer, by the area's id: which features, how many of each colour,
 * whether any has a place of its own, and whether any is marked. */
export function groupsByArea(layer, features, by, wanted = () => true) {
  const areas = new Map();
  const marked = new Set(layer.marked);
  for (const found of layer.classes) {
    const color = toned(found.symbol).color;
    for (const id of found.features || features.keys()) {
      const feature = features.get(id);
      if (!wanted(feature)) continue;
      const area = feature.properties[by];
      if (!areas.has(area)) {
        areas.set(area, { ids: [], shares: new Map(), placed: false, marked: false });
      }
      const group = areas.get(area);
      group.ids.push(id);
      group.placed = group.placed || feature.geometry !== null;
      group.marked = group.marked || marked.has(id);
      if (!group.shares.has(color)) group.shares.set(color, { color, label: found.label, count: 0 });
      group.shares.get(color).count += 1;
    }
  }
  return new Map([...areas].map(([area, group]) =>
    [area, { ...group, shares: [...group.shares.values()] }]));
}

/* Give a marker the words that are read out for it. */
function named(marker, words) {
  marker.on("add", () => marker.getElement().setAttribute("aria-label", words));
}

/* A ring of one opens it; one that nothing nearer takes apart opens its area, whose record lists
 * what it has; any other leads nearer. Keys give no place. */
function answer(atlas, ring, group, home, apart) {
  const go = (event) => {
    if (group.ids.length === 1) atlas.click(group.ids[0], event);
    else if (apart) atlas.camera.zoomTo(home);
    else atlas.click(home.id, event);
  };
  ring.on("click", go);
  ring.on("keypress", ({ originalEvent }) => {
    if (originalEvent.key === "Enter" || originalEvent.key === " ") go(null);
  });
}

function ringOf(atlas, layer, features, group, home, { pane, apart }) {
  const { ids, shares } = group;
  const mark = shareRing(shares, { hollow: !apart, rim: group.marked ? layer.rim : null });
  mark.dataset.area = home.id;
  if (!apart) mark.dataset.sites = ids.join(" ");
  const ring = L.marker(labelPoint(home), {
    pane, interactive: true, keyboard: true,
    icon: L.divIcon({ html: mark, iconSize: [0, 0],
      className: "atlas-anchor atlas-ring-anchor" }),
  });
  const name = (feature) => feature.properties[atlas.spec.name_field];
  const alone = () => (ids.length === 1 ? name(features.get(ids[0])) : "");
  ring.bindTooltip(() => ringTooltip(name(home), shares, alone()),
    { className: "atlas-tooltip", direction: "top" });
  answer(atlas, ring, group, home, apart);
  named(ring, [name(home), alone(), ...shares.map((share) => `${share.label} ${share.count}`)]
    .filter(Boolean).join(", "));
  return ring;
}

/* A ring for each area of a grouping. One whose points all lack a place of their own stays, however
 * near the map is: it is hollow, unless counties take it apart. */
export function ringGroup(atlas, layer, features, by, pane, wanted) {
  const drawn = L.layerGroup();
  for (const [area, group] of groupsByArea(layer, features, by, wanted)) {
    const home = atlas.features[by].get(area) || atlas.features.cities.get(area);
    if (!home) continue;
    const apart = by !== "counties" || group.placed;
    drawn.addLayer(ringOf(atlas, layer, features, group, home, { pane, apart }));
  }
  return drawn;
}

/* The rings of what has no place of its own: these are drawn beside single signs, too. */
export function stacks(atlas, layer, features, pane) {
  return ringGroup(atlas, layer, features, "counties", pane, (one) => one.geometry === null);
}
