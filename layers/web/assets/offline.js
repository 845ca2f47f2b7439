/* What a map needs that stands by itself: switches for its layers, a search, records on click. */
import { attach, foliumMap } from "./atlas.js";
import { geometry, isArea, labelPoint } from "./geometry.js";
import { L } from "./leaflet_global.js";
import { given, page } from "./page.js";

function list(parent, facts) {
  for (const [label, value] of facts) {
    const line = document.createElement("div");
    const strong = document.createElement("b");
    strong.textContent = label + " ";
    line.append(strong, document.createTextNode(value));
    parent.appendChild(line);
  }
}

/* Names that go with what they name. */
const NAMES_OF = { water: ["water-names"], ports: ["port-names"] };

function record(name, facts) {
  const node = document.createElement("div");
  node.className = "atlas-record";
  const head = document.createElement("div");
  head.className = "atlas-tooltip-name";
  head.textContent = name;
  node.appendChild(head);
  list(node, facts);
  return node;
}

function switches(atlas, spec, towns) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const panel = L.DomUtil.create("div", "atlas-legend atlas-switches");
    L.DomEvent.disableClickPropagation(panel);
    for (const layer of spec.layers.filter((one) => one.switchable)) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => {
        for (const id of [layer.id, ...(NAMES_OF[layer.id] ?? [])]) {
          atlas.layers.show(id, box.checked);
        }
      });
      label.append(box, document.createTextNode(" " + layer.title));
      panel.appendChild(label);
    }
    panel.appendChild(search(atlas, spec, towns));
    return panel;
  };
  control.addTo(atlas.map);
}

function places(atlas, towns) {
  const tables = ["cities", "counties", "sites"].map((name) => atlas.features[name] || new Map());
  return [...tables, towns].flatMap((table) => [...table.values()]);
}

/* Where a feature is; of a site without a place of its own, the label point of its county. */
function center(atlas, feature) {
  if (isArea(feature)) return labelPoint(feature);
  if (feature.geometry) return [...feature.geometry.coordinates].reverse();
  const { counties, cities } = feature.properties;
  return labelPoint(atlas.features.counties.get(counties) || atlas.features.cities.get(cities));
}

/* The sites that are known to a county, or to no more than a city: each opens its record. */
function homes(atlas, spec, area) {
  const node = document.createElement("div");
  node.className = "atlas-results";
  for (const feature of (atlas.features.sites || new Map()).values()) {
    if (feature.geometry || feature.properties.counties !== area.id) continue;
    if (!spec.records[feature.id]) continue;
    const button = document.createElement("button");
    button.textContent = feature.properties[spec.name_field];
    button.addEventListener("click", () => open(atlas, spec, feature, 0));
    node.appendChild(button);
  }
  return node;
}

function search(atlas, spec, towns) {
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = spec.words.search;
  field.setAttribute("aria-label", spec.words.search);
  const results = document.createElement("div");
  results.className = "atlas-results";
  field.addEventListener("input", () => {
    const words = field.value.trim().toLowerCase();
    results.replaceChildren();
    if (!words) return;
    const hits = places(atlas, towns).filter((feature) =>
      [feature.properties.name_zh, feature.properties.name_en].some((name) =>
        name.toLowerCase().includes(words)));
    for (const feature of hits.slice(0, 8)) {
      const button = document.createElement("button");
      button.textContent = feature.properties[spec.name_field];
      button.addEventListener("click", () => open(atlas, spec, feature, 11));
      results.appendChild(button);
    }
    if (!hits.length) results.textContent = spec.words.nothing;
  });
  const node = document.createElement("div");
  node.append(field, results);
  return node;
}

function open(atlas, spec, feature, zoom) {
  const place = center(atlas, feature);
  const told = record(feature.properties[spec.name_field], spec.records[feature.id] || []);
  if (isArea(feature)) told.appendChild(homes(atlas, spec, feature));
  if (zoom) atlas.map.setView(place, Math.max(atlas.map.getZoom(), zoom));
  L.popup({ maxWidth: 340, maxHeight: 320 }).setLatLng(place).setContent(told).openOn(atlas.map);
}

/* What a server would draw: a picture whose cells stay sharp, or a sign for each point. */
function points(atlas, found) {
  const pane = "atlas-tiles";
  if (found.picture) {
    const image = L.imageOverlay(found.picture, found.bounds, { pane }).addTo(atlas.map);
    image.getElement().style.imageRendering = "pixelated";
    return;
  }
  const renderer = L.canvas({ pane });
  for (const [latitude, longitude, place] of found.signs) {
    L.circleMarker([latitude, longitude], {
      renderer, interactive: false, radius: found.radius + found.rim / 2, color: "#FFFFFF",
      weight: found.rim, fillColor: found.colors[place], fillOpacity: 1,
    }).addTo(atlas.map);
  }
}

const spec = given("atlas-view");
const atlas = attach(foliumMap());
page.show(spec).then(async () => {
  // Towns are drawn near only, and found at any distance.
  const towns = spec.geometry.towns ? await geometry(spec.geometry.towns, "towns") : new Map();
  atlas.click = (id) => {
    for (const table of Object.values(atlas.features)) {
      if (table.has(id)) open(atlas, spec, table.get(id), 0);
    }
  };
  if (spec.points) points(atlas, spec.points);
  switches(atlas, spec, towns);
});
