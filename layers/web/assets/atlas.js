/* Draw a map specification on a Leaflet map, and change only what has changed.
 *
 * The server sends what is drawn (classes, symbols, ids); geometry is fetched once by
 * address. All text from data is set as text, never as markup. */
import { Camera } from "./camera.js";
import { DrawnLayers } from "./drawn_layers.js";
import { geometry } from "./geometry.js";
import { Ground } from "./ground.js";
import { L } from "./leaflet_global.js";
import { Legend } from "./legend.js";
import { begin, end, page } from "./page.js";
import { placeNames } from "./place_names.js";
import { Pointing } from "./pointing.js";
import { Tiles } from "./tiles.js";

const REPORT_DELAY_MS = 350;

function link(words, address) {
  const node = document.createElement("a");
  node.textContent = words;
  node.href = address;
  node.target = "_blank";
  node.rel = "noopener";
  return node;
}

export class ClusterAtlas {
  /* `tell` hears what a person did on the map; without it nobody is told. */
  constructor(map, tell = null) {
    this.map = map;
    this.tell = tell;
    this.report = { clicks: 0, clicked: null, place: null };
    this.turn = 0;
    this.listenToMap();
    this.legend = new Legend(map);
    this.camera = new Camera(map, this.legend);
    this.pointing = new Pointing(this);
    this.layers = new DrawnLayers(this);
    this.ground = new Ground(this);
    this.tiles = new Tiles(map);
    this.watch = new ResizeObserver(() => this.takeSize());
    this.watch.observe(map.getContainer());
    map.on("unload", () => this.watch.disconnect());
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
  }

  listenToMap() {
    const { map } = this;
    map.on("movestart", () => begin("moving"));
    map.on("moveend", () => {
      if (this.resizing) this.resizing = false;
      else end("moving");
    });
    map.on("moveend", () => { if (this.spec && this.camera.moved()) this.sendSoon(); });
    map.on("resize", () => this.resized());
    map.on("zoomend", () => this.showByZoom());
    map.on("zoomend moveend", () => placeNames(map));
    map.on("zoomend", () => this.tellZoom());
    map.on("moveend", () => this.ground.fetch());
    map.on("click", (event) => {
      if (this.tiles.points && event.originalEvent !== this.answered) this.click(null, event);
    });
  }

  /* Leaflet says of a map of another size that it has moved, also where it flies on (and,
   * left to itself, says so once more when the window has rested). */
  takeSize() {
    this.resizing = true;
    this.map.invalidateSize({ animate: false });
    this.resizing = false;
  }

  /* Show a specification. A later call wins over an earlier one that still waits. */
  async show(spec) {
    this.turn += 1;
    const turn = this.turn;
    begin("drawing");
    const names = Object.keys(spec.geometry).filter((name) => !this.ground.isDeferred(spec, name));
    const tables = await Promise.all(names.map((name) => geometry(spec.geometry[name], name)));
    if (turn !== this.turn) return;
    this.spec = spec;
    this.features = Object.fromEntries(names.map((name, place) => [name, tables[place]]));
    Object.assign(this.features, this.ground.fetched(spec));
    this.name(spec.words.map);
    document.documentElement.lang = spec.language === "zh" ? "zh-Hans" : spec.language;
    if (page.beforeDrawn) page.beforeDrawn(spec);
    this.legend.show(spec);
    this.camera.look(spec.extent, Boolean(this.shown));
    this.tiles.background(spec.basemap);
    this.tiles.showPoints(spec.tiles, spec.layers);
    this.credits(spec);
    this.layers.keep(spec.layers);
    this.redraw();
    this.tellZoom();
    this.shown = true;
    for (const part of page.parts) part(this, spec);
    document.body.dataset.atlasTurn = String(turn);
    document.body.dataset.atlasReady = "true";
    this.ground.fetch();
    end("drawing");
  }

  /* Draw what has changed since it was last drawn. */
  redraw() {
    this.spec.layers.forEach((layer, place) => {
      if (!this.features[layer.geometry]) return;
      const shown = this.sift ? this.sift(layer) : layer;
      this.layers.put(shown, place, this.features[layer.geometry]);
    });
    this.showByZoom();
    if (this.layers.crowded) placeNames(this.map);
    this.layers.crowded = false;
  }

  showByZoom() {
    if (this.spec) this.legend.tellDetail(this.spec);
    this.layers.showByZoom();
  }

  resized() {
    this.legend.hold(this.legend.held);
    this.camera.refit();
  }

  credits(spec) {
    const text = document.createElement("span");
    spec.credits.forEach(([words, address], place) => {
      if (place) text.append(" · ");
      text.append(address ? link(words, address) : words);
    });
    if (this.credit === text.innerHTML) return;
    if (this.credit) this.map.attributionControl.removeAttribution(this.credit);
    this.credit = text.innerHTML;
    this.map.attributionControl.addAttribution(this.credit);
  }

  /* A map that takes the focus has a name, for those who hear the page. */
  name(words) {
    const container = this.map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", words);
  }

  sendSoon() {
    begin("telling");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), REPORT_DELAY_MS);
  }

  /* Tell what was clicked and where; a key gives no place. */
  click(id, event) {
    const at = event ? event.latlng.wrap() : null;
    this.answered = event ? event.originalEvent : null;
    this.report = { clicks: this.report.clicks + 1, clicked: id,
      place: at ? [at.lat, at.lng] : null };
    this.send();
    if (this.clicked) this.clicked(id);
  }

  send() {
    clearTimeout(this.timer);
    end("telling");
    if (!this.tell) return;
    const center = this.map.getCenter();
    const { fitted, token } = this.camera;
    this.tell({
      ...this.report,
      ...(this.requests ? { requests: this.requests } : {}),
      token,
      center: fitted ? null : [center.lat, center.lng],
      zoom: fitted ? null : this.map.getZoom(),
      seen: this.map.getZoom(),
    });
  }

  /* The legend of density belongs to the zoom of the tiles, whoever has changed it. */
  tellZoom() {
    const zoom = Math.round(this.map.getZoom());
    if (!this.tiles.points || zoom === this.toldZoom) return;
    this.toldZoom = zoom;
    this.sendSoon();
  }
}

/* Make a Leaflet map the map of this page. */
export function attach(map, tell = null) {
  const atlas = new ClusterAtlas(map, tell);
  atlas.camera.watchHands();
  page.current = atlas;
  page.show = (spec) => atlas.show(spec).catch((error) => {
    document.body.dataset.atlasError = String(error);
    throw error;
  });
  window.clusterAtlas = page;
  return atlas;
}

/* The map that folium has made in this page: its variable has the name of its element. */
export function foliumMap() {
  return window[document.querySelector(".folium-map").id];
}
