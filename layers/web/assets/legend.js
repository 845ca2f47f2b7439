/* The legend on the map: what each symbol means, and which layers wait for a nearer zoom. */
import { div } from "./dom.js";
import { L } from "./leaflet_global.js";
import { page } from "./page.js";
import { swatch } from "./symbols.js";

const ROOM_PX = 560;
const COMPACT_BELOW_PX = 900;

export class Legend {
  constructor(map) {
    this.map = map;
    this.held = null;
    const panel = L.control({ position: "bottomleft" });
    panel.onAdd = () => {
      const node = div("atlas-legend");
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    };
    panel.addTo(map);
    this.node = panel.getContainer();
  }

  show(spec) {
    const signature = JSON.stringify([spec.legend, Boolean(page.tones)]);
    if (signature === this.signature) return;
    this.signature = signature;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = spec.words.legend;
    summary.addEventListener("click", () => { this.held = !details.open; });
    details.appendChild(summary);
    for (const group of spec.legend) {
      div("atlas-legend-group", group.title, details);
      for (const entry of group.entries) details.appendChild(this.line(entry));
    }
    this.node.replaceChildren(details);
    this.tellDetail(spec);
    this.hold(this.held);
  }

  line(entry) {
    const line = div("atlas-legend-line");
    if (entry.toggle) line.dataset.toggle = entry.toggle;
    line.appendChild(swatch(entry.symbol));
    const words = div("", "", line);
    div("atlas-legend-label", entry.label, words);
    if (entry.note) div("atlas-legend-note", entry.note, words);
    if (entry.note) line.title = entry.note;
    return line;
  }

  /* A line says so while the map is too far away to show what it means. */
  tellDetail(spec) {
    const zoom = this.map.getZoom();
    for (const layer of spec.layers) {
      const lines = this.node
        .querySelectorAll(`[data-toggle='overlay.${layer.id}'] .atlas-legend-label`);
      for (const label of lines) {
        const told = label.parentElement.querySelector(".atlas-legend-nearer");
        const far = !layer.groupings.length && zoom < layer.min_zoom;
        if (far && !told) {
          const note = document.createElement("span");
          note.className = "atlas-legend-nearer";
          note.textContent = spec.words.nearer;
          label.after(note);
        } else if (!far && told) told.remove();
      }
    }
  }

  /* Hold the legend open or shut; with null it is open while the map has room for it. */
  hold(open) {
    this.held = open;
    const details = this.node.querySelector("details");
    const width = this.map.getSize().x;
    this.node.classList.toggle("atlas-compact", width > ROOM_PX && width < COMPACT_BELOW_PX);
    if (details) details.open = open ?? width > ROOM_PX;
  }

  /* How wide it lies over the map; a legend that is shut leaves the map free. */
  width() {
    return this.node.querySelector("details[open]") ? this.node.offsetWidth : 0;
  }
}
