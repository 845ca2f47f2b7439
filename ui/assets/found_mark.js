/* The mark of a town that was searched: a ring with its name, until something else is. */
import { element } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { placeNames } from "../../layers/web/assets/place_names.js";
import { draw, toned } from "../../layers/web/assets/symbols.js";

const SIZE_PX = 22;
const TONES = { color: "#111418", halo: "#FFFFFF" };
const NAME = { ...TONES, kind: "label", size: 13.5, bold: true, opacity: 1 };

function ring() {
  const { color, halo } = toned(TONES);
  const svg = element("svg", { width: SIZE_PX, height: SIZE_PX, viewBox: "-11 -11 22 22" });
  svg.classList.add("atlas-found");
  element("circle", { r: 8, fill: "none", stroke: halo, "stroke-width": 5 }, svg);
  element("circle", { r: 8, fill: "none", stroke: color, "stroke-width": 2 }, svg);
  element("circle", { r: 2.5, fill: color, stroke: halo, "stroke-width": 1.5 }, svg);
  return svg;
}

class FoundMark {
  constructor(atlas) {
    this.atlas = atlas;
    this.group = L.layerGroup().addTo(atlas.map);
    atlas.map.on("click", () => this.show(null));
    this.place = null;
  }

  /* Mark a town of the gazetteer; null takes the mark away. */
  show(place) {
    if (!place && !this.place) return;
    this.place = place;
    this.draw();
  }

  /* Draw it in the language and the tones of what is shown. */
  draw() {
    const { map, spec } = this.atlas;
    this.group.clearLayers();
    /* Its name is not written a second time by the layer of towns. */
    map.getContainer().dataset.atlasFound = this.place ? this.place.id : "";
    if (this.place) {
      const { at: [latitude, longitude], ...properties } = this.place;
      const feature = { properties,
        geometry: { type: "Point", coordinates: [longitude, latitude] } };
      this.group.addLayer(L.marker(this.place.at, { interactive: false, keyboard: false,
        icon: L.divIcon({ html: ring(), className: "atlas-sign", iconSize: [SIZE_PX, SIZE_PX] }) }));
      this.group.addLayer(draw.label(toned({ ...NAME, field: spec.name_field }), feature,
        { interactive: false }));
    }
    placeNames(map);
  }
}

export const foundControl = {
  start(toolbar) {
    this.mark = new FoundMark(toolbar.atlas);
    toolbar.markTown = (place) => this.mark.show(place);
  },
  show() { if (this.mark.place) this.mark.draw(); },
  recolour() { if (this.mark.place) this.mark.draw(); },
};
