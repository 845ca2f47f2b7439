/* What comes as pictures: the basemap, and points that the server has drawn. */
import { L } from "./leaflet_global.js";

const FADE_MS = 250; /* Leaflet's own fading of a tile takes 200. */
const PANE = "atlas-tiles";

/* Where points are in the order of the layers: below the names, or above all. */
export function levelOfPoints(layers) {
  const names = layers.findIndex((layer) => layer.classes.every(
    (found) => found.symbol.kind === "label"));
  return 299 + 2 * (names < 0 ? layers.length : names);
}

export class Tiles {
  constructor(map) {
    this.map = map;
    this.address = "";
    this.points = null;
  }

  background(basemap) {
    const address = basemap ? basemap.tiles : "";
    if (address === this.address) return;
    if (this.ground) this.ground.remove();
    this.ground = null;
    this.address = address;
    if (!address) return;
    this.ground = L.tileLayer(address, {
      attribution: basemap.attribution, subdomains: basemap.subdomains, maxZoom: basemap.max_zoom,
    }).addTo(this.map);
  }

  /* Points that the server has drawn. A new picture is fetched unseen and takes the place
   * of the old one when it is whole, so that nothing flickers. */
  showPoints(tiles, layers) {
    const address = tiles ? tiles.address : "";
    const old = this.points;
    const pane = this.map.getPane(PANE) || this.map.createPane(PANE);
    pane.style.zIndex = levelOfPoints(layers);
    pane.style.pointerEvents = "none";
    if (address === (old ? old.address : "")) return;
    this.points = null;
    if (!tiles) {
      old.layer.remove();
      return;
    }
    const credit = document.createElement("span");
    credit.textContent = tiles.attribution;
    const layer = L.tileLayer(address, { pane: PANE, opacity: old ? 0 : 1,
      minZoom: tiles.min_zoom, maxZoom: tiles.max_zoom, attribution: credit.innerHTML });
    this.points = { address, layer };
    if (old) {
      const replace = () => setTimeout(() => {
        layer.setOpacity(1);
        old.layer.remove();
      }, FADE_MS);
      layer.once("load", replace);
      layer.once("remove", () => old.layer.remove());
    }
    layer.addTo(this.map);
  }
}
