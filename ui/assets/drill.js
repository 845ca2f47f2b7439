/* Go down from the province to a city and a county, and up again; the map stays the same map. */
import { geometry, latLngs } from "../../layers/web/assets/geometry.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { begin, end } from "../../layers/web/assets/page.js";

const FLIGHT_DELAY_MS = 150;
const PANEL = ".st-key-profile-panel";

class Drill {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.atlas = toolbar.atlas;
    this.trail = document.createElement("nav");
    this.trail.className = "atlas-trail";
    toolbar.lead.appendChild(this.trail);
    this.group = L.layerGroup().addTo(this.atlas.map);
    this.city = null;
    this.atlas.clicked = (id) => this.clicked(id);
    this.atlas.map.on("zoomend", () => { if (this.open) this.mark(); });
    toolbar.escapes.push(() => this.up());
    toolbar.listenAround("click", (event) => this.named(event));
    this.panel = new MutationObserver(() => this.compareParts());
  }

  /* What else is told of a place comes after its record: it is not seen below that of another. */
  watchPanel() {
    const panel = this.toolbar.around?.querySelector(PANEL);
    if (!panel || panel === this.watched) return;
    this.watched = panel;
    this.panel.disconnect();
    this.panel.observe(panel, { childList: true, subtree: true });
    this.compareParts();
  }

  compareParts() {
    const record = this.watched.querySelector("[data-atlas-record]");
    const told = [...this.watched.querySelectorAll("[data-atlas-told]")].pop();
    const other = record && told && told.dataset.atlasTold !== record.dataset.atlasRecord;
    this.watched.toggleAttribute("data-atlas-awaits", Boolean(other));
  }

  /* A place that the page around the map names is opened as by a click on the map; the way
   * back from a record leaves the map where it is. */
  named(event) {
    const name = event.target.closest("[data-atlas-open], [data-atlas-back], [data-atlas-only]");
    if (!name) return;
    const { atlasOpen, atlasBack, atlasOnly } = name.dataset;
    if (atlasOnly) this.toolbar.request({ do: "toggle", what: atlasOnly, only: true });
    else if (atlasOpen) this.atlas.click(Number(atlasOpen), null);
    else this.toolbar.request({ do: "open", place: atlasBack ? Number(atlasBack) : null });
  }

  /* The map flies once the page beside it has had time to answer: a flight keeps the browser
   * busy with every frame. */
  clicked(id) {
    clearTimeout(this.flight);
    end("flying");
    if (id !== null) this.toolbar.unfoldRecord();
    const place = this.toolbar.found.byId.get(id);
    if (!place || place.kind === "site") return;
    begin("flying");
    this.flight = setTimeout(() => {
      this.toolbar.fly(place).finally(() => end("flying"));
    }, FLIGHT_DELAY_MS);
  }

  show(spec, found) {
    const [city, county, site] = spec.toolbar.open;
    this.open = { city, county, site };
    this.watchPanel();
    this.showTrail(spec, found);
    this.mark();
    this.showCounties(spec, found);
  }

  mark() {
    const { site } = this.open;
    for (const mark of document.querySelectorAll(".atlas-sign svg")) {
      mark.classList.toggle("atlas-chosen", Boolean(site) && mark.dataset.feature === site);
    }
    for (const mark of document.querySelectorAll(".atlas-stack")) {
      const sites = mark.dataset.sites.split(" ");
      mark.classList.toggle("atlas-chosen", Boolean(site) && sites.includes(site));
    }
  }

  showTrail(spec, found) {
    const { city, county } = this.open;
    const places = [city, county].map((id) => found.byId.get(id)).filter(Boolean);
    const signature = JSON.stringify([found.province, ...places.map((place) => place.id)]);
    if (signature === this.signature) return;
    this.signature = signature;
    const held = this.trail.contains(document.activeElement);
    this.trail.setAttribute("aria-label", this.toolbar.word("trail"));
    const list = document.createElement("ol");
    this.step(list, found.province, () => this.home(), !places.length);
    places.forEach((place, at) => {
      this.step(list, this.toolbar.name(place), () => this.enter(place), at === places.length - 1);
    });
    this.trail.replaceChildren(list);
    if (held) this.trail.querySelector("[aria-current]").focus();
  }

  step(list, name, go, here) {
    const item = document.createElement("li");
    const link = document.createElement("button");
    link.type = "button";
    link.textContent = name;
    if (here) link.setAttribute("aria-current", "location");
    link.addEventListener("click", go);
    item.appendChild(link);
    list.appendChild(item);
  }

  enter(place) {
    this.toolbar.openPlace(place);
  }

  home() {
    this.toolbar.request({ do: "open", place: null });
    this.toolbar.flyHome();
  }

  /* One level up; false where the whole province is shown already. */
  up() {
    const { city, county, site } = this.open;
    const found = this.toolbar.found.byId;
    if (site) this.toolbar.request({ do: "open", place: county || city || null });
    else if (county) this.enter(found.get(city));
    else if (city || !this.atlas.camera.fitted) this.home();
    else return false;
    return true;
  }

  /* The counties of the open city can be pointed at and clicked. */
  async showCounties(spec, found) {
    const { city } = this.open;
    const key = city && spec.geometry.counties ? [city, spec.name_field].join() : null;
    this.place(spec);
    if (key === this.city) return;
    this.city = key;
    this.group.clearLayers();
    if (!key) return;
    const features = await geometry(spec.geometry.counties, "counties");
    if (this.city !== key) return;
    this.group.clearLayers();
    for (const place of found.places) {
      if (place.kind !== "county" || place.parent !== city) continue;
      const feature = features.get(place.id);
      const area = L.polygon(latLngs(feature), { pane: "atlas-drill", renderer: this.renderer,
        stroke: false, fillOpacity: 0, smoothFactor: 0.6, interactive: true });
      this.atlas.pointing.listen(area, feature);
      this.group.addLayer(area);
    }
  }

  /* Above the areas, below the points: a site in a county can still be clicked. */
  place(spec) {
    const map = this.atlas.map;
    const pane = map.getPane("atlas-drill") || map.createPane("atlas-drill");
    if (!this.renderer) this.renderer = L.svg({ pane: "atlas-drill", padding: 0.4 });
    const points = spec.layers.findIndex((layer) => layer.geometry === "sites");
    pane.style.zIndex = 299 + 2 * (points < 0 ? spec.layers.length : points);
  }
}

export const drillControl = {
  start(toolbar) { this.drill = new Drill(toolbar); },
  show(toolbar, spec, found) { this.drill.show(spec, found); },
  recolour() { if (this.drill.open) this.drill.mark(); },
};
