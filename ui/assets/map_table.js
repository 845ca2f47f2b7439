/* The map in words: a table of what it shows, for reading and for the keyboard. A row opens
 * its place on the map; what is open on the map is marked in the table. */
import { div } from "../../layers/web/assets/dom.js";
import { isArea } from "../../layers/web/assets/geometry.js";
import { L } from "../../layers/web/assets/leaflet_global.js";

const AREA = 100;

export function inside(id, city) {
  return Math.floor(Number(id) / AREA) * AREA === Number(city);
}

class Table {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.atlas = toolbar.atlas;
    this.toggle = toolbar.tool("table", () => (this.panel ? this.close() : this.open()));
    toolbar.escapes.unshift(() => this.close());
  }

  open() {
    this.panel = div("atlas-table", "", this.atlas.map.getContainer());
    L.DomEvent.disableClickPropagation(this.panel);
    L.DomEvent.disableScrollPropagation(this.panel);
    this.panel.setAttribute("role", "region");
    this.panel.tabIndex = -1;
    this.fill();
    this.panel.focus();
    this.show();
  }

  close() {
    if (!this.panel) return false;
    this.panel.remove();
    this.panel = null;
    this.show();
    this.toggle.focus();
    return true;
  }

  show() {
    this.toggle.setAttribute("aria-pressed", String(Boolean(this.panel)));
    if (this.panel) this.fill();
  }

  fill() {
    const held = document.activeElement?.dataset.row;
    const within = this.panel.contains(document.activeElement);
    this.panel.setAttribute("aria-label", this.toolbar.word("table"));
    this.panel.replaceChildren(...this.sections().map((section) => this.section(...section)));
    if (!within) return;
    (this.panel.querySelector("[data-row='" + held + "']") || this.panel).focus();
  }

  /* What is worth a table now: cities, or the counties and sites of what is open. */
  sections() {
    const { features } = this.atlas;
    const [city, county] = this.atlas.spec.toolbar.open;
    const name = (id, kind) => (features[kind].has(id)
      ? features[kind].get(id).properties[this.atlas.spec.name_field] : "");
    const rows = (kind, keep) => [...(features[kind] || new Map()).values()].filter(keep);
    if (!city) return [[this.toolbar.word("table_cities"), rows("cities", () => true)]];
    const sites = (feature) => this.shown(feature).length > 0 && (county
      ? feature.properties.counties === county : feature.properties.cities === city);
    const title = county ? name(county, "counties") : name(city, "cities");
    const found = [[title + " · " + this.toolbar.word("table_sites"), rows("sites", sites)]];
    if (!county && features.counties) {
      const counties = rows("counties", (feature) => inside(feature.id, city));
      found.unshift([title + " · " + this.toolbar.word("table_counties"), counties]);
    }
    return found;
  }

  section(title, features) {
    const table = document.createElement("table");
    table.createCaption().textContent = title + " (" + features.length + ")";
    const head = table.createTHead().insertRow();
    for (const word of ["table_name", "table_shown"]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = this.toolbar.word(word);
      head.appendChild(cell);
    }
    const body = table.createTBody();
    for (const feature of features) this.row(body.insertRow(), feature);
    return table;
  }

  row(row, feature) {
    const link = document.createElement("button");
    link.type = "button";
    link.dataset.row = feature.id;
    link.textContent = feature.properties[this.atlas.spec.name_field];
    link.addEventListener("click", () => this.atlas.click(feature.id));
    if (this.atlas.spec.toolbar.open.includes(feature.id)) link.setAttribute("aria-current", "true");
    const name = document.createElement("th");
    name.scope = "row";
    name.appendChild(link);
    row.appendChild(name);
    const shown = this.shown(feature);
    if (isArea(feature)) shown.push(...this.sites(feature.id));
    row.insertCell().textContent = shown.join(this.toolbar.word("table_join")) || "–";
  }

  /* What each layer says of a place, as its tooltip does. */
  shown(feature) {
    const point = !isArea(feature);
    const words = [];
    for (const layer of this.atlas.spec.layers) {
      if (!layer.in_tooltip && !(point && layer.geometry === "sites")) continue;
      const found = layer.classes.find((one) => one.features?.includes(feature.id));
      if (!found) continue;
      const value = layer.values?.[feature.id];
      words.push(value === undefined ? found.label : value);
    }
    return words;
  }

  /* How many signs of each class lie in an area. */
  sites(area) {
    const counts = new Map();
    for (const layer of this.atlas.spec.layers) {
      if (layer.geometry !== "sites") continue;
      for (const found of layer.classes) {
        for (const id of found.features || []) {
          const home = this.atlas.features.sites.get(id).properties;
          if (home.cities !== area && home.counties !== area) continue;
          counts.set(found.label, (counts.get(found.label) || 0) + 1);
        }
      }
    }
    return [...counts].map(([label, count]) => label + " " + count);
  }
}

export const tableControl = {
  start(toolbar) { this.table = new Table(toolbar); },
  show() { this.table.show(); },
};
