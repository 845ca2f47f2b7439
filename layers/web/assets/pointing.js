/* Places answer who points at them, clicks them, or reaches them by the keyboard. */
import { isArea, latLngs } from "./geometry.js";
import { L } from "./leaflet_global.js";
import { page } from "./page.js";
import { placeTooltip } from "./tooltips.js";

const PANE = "atlas-hover";

export class Pointing {
  constructor(atlas) {
    this.atlas = atlas;
    this.hover = L.layerGroup().addTo(atlas.map);
  }

  /* Give what is drawn for a feature the name that is read out for it, once it is on the map. */
  name(drawn) {
    const node = drawn.atlasFeature && drawn.getElement();
    if (!node) return;
    node.setAttribute("aria-label", drawn.atlasFeature.properties[this.atlas.spec.name_field]);
  }

  listen(drawn, feature) {
    drawn.atlasFeature = feature;
    drawn.on("add", () => this.name(drawn));
    drawn.bindTooltip(() => placeTooltip(this.atlas.spec, feature),
      { sticky: true, className: "atlas-tooltip" });
    drawn.on("click", (event) => this.atlas.click(feature.id, event));
    if (!isArea(feature)) return;
    drawn.on("mouseover", () => this.highlight(feature));
    drawn.on("mouseout", () => this.hover.clearLayers());
    drawn.on("add", () => this.listenToKeys(drawn.getElement(), feature));
  }

  listenToKeys(path, feature) {
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.dataset.feature = feature.id;
    path.addEventListener("focus", () => this.highlight(feature));
    path.addEventListener("blur", () => this.hover.clearLayers());
    path.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.atlas.click(feature.id);
      }
    });
  }

  highlight(feature) {
    const { map } = this.atlas;
    if (!map.getPane(PANE)) map.createPane(PANE).style.zIndex = 390;
    this.hover.clearLayers();
    const line = { pane: PANE, interactive: false, fill: false };
    /* A light edge under the dark line keeps it visible on every fill. */
    this.hover.addLayer(L.polygon(latLngs(feature), { ...line, weight: 5.2, opacity: 0.85,
      color: page.tones ? "#111418" : "#FFFFFF" }));
    this.hover.addLayer(L.polygon(latLngs(feature), { ...line, weight: 2.4,
      color: page.tones ? "#FFFFFF" : "#111418" }));
  }
}
