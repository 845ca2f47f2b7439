/* Where the map looks: what the server asks for, what fits, and what a person has done since. */
import { latLngs } from "./geometry.js";
import { L } from "./leaflet_global.js";

const EDGE_PX = 12;
const FLIGHT_S = 0.6;

export const NOTHING_COVERED = () => ({ top: 0, right: 0, bottom: 0 });

/* What bounds of a width leave free at the sides goes to the left, at most what the legend takes. */
export function spare(legend, room, width) {
  return Math.max(0, Math.min(legend, room - 2 * EDGE_PX - width));
}

export class Camera {
  constructor(map, legend) {
    this.map = map;
    this.legend = legend;
    this.token = null; /* The extent that the server asked for last. */
    this.fitted = null; /* Bounds that the map is fitted to, and stays so in another size. */
    this.quiet = false; /* The map moves by itself: nobody is told. */
    this.touched = false; /* A person has had a hand on the map since. */
    this.covered = NOTHING_COVERED; /* Tells what controls take of the map, in pixels of its sides. */
  }

  /* Move the map only when the server asks for another extent than before. */
  look(extent, shown) {
    if (extent.token === this.token) return;
    this.token = extent.token;
    this.touched = false;
    this.quiet = true;
    const fly = shown && !this.calm() && this.hasRoom();
    if (fly) this.map.once("moveend", () => { this.quiet = false; });
    if (extent.center) {
      this.fitted = null;
      if (fly) this.map.flyTo(extent.center, extent.zoom, { duration: FLIGHT_S });
      else this.map.setView(extent.center, extent.zoom, { animate: false });
    } else {
      this.fitted = extent.bounds;
      this.fit(fly);
    }
    if (!fly) this.quiet = false;
  }

  /* A map that is being put away or not yet laid out has no room: nothing fits into it. */
  hasRoom() {
    const { x, y } = this.map.getSize();
    return x > 0 && y > 0;
  }

  /* Fit the bounds; without room that waits until the map has some (`refit`). */
  fit(fly) {
    if (!this.hasRoom()) return;
    const [west, south, east, north] = this.fitted;
    const bounds = L.latLngBounds([south, west], [north, east]);
    const go = fly ? "flyToBounds" : "fitBounds";
    const { top, right, bottom } = this.covered();
    this.map[go](bounds, {
      animate: Boolean(fly), duration: FLIGHT_S,
      paddingBottomRight: [EDGE_PX + right, EDGE_PX + bottom],
      paddingTopLeft: [EDGE_PX + this.spare(bounds, right, top + bottom), EDGE_PX + top],
    });
  }

  spare(bounds, right, height) {
    const legend = this.legend.width();
    if (!legend) return 0;
    const padding = L.point(2 * EDGE_PX + right, 2 * EDGE_PX + height);
    const zoom = this.map.getBoundsZoom(bounds, false, padding);
    const [from, to] = [bounds.getSouthWest(), bounds.getNorthEast()]
      .map((corner) => this.map.project(corner, zoom).x);
    return spare(legend, this.map.getSize().x - right, to - from);
  }

  /* The map has another size: what was fitted is so again. */
  refit() {
    if (!this.fitted) return;
    this.quiet = true;
    this.fit();
    this.quiet = false;
  }

  /* Tell whether a person has moved the map; from then on nothing is fitted. */
  moved() {
    if (this.quiet || !this.touched) return false;
    this.fitted = null;
    return true;
  }

  /* Take the map from what was fitted, as a person's hand does. */
  take() {
    this.touched = true;
    this.fitted = null;
  }

  zoomTo(feature) {
    this.take();
    this.map.flyToBounds(L.polygon(latLngs(feature)).getBounds(),
      { duration: FLIGHT_S, animate: !this.calm(), maxZoom: 11, padding: [24, 24] });
  }

  flyTo(place, zoom) {
    this.take();
    this.map.flyTo(place, zoom, { duration: FLIGHT_S, animate: !this.calm() });
  }

  flyHome(bounds) {
    this.touched = true;
    this.fitted = bounds;
    this.fit(!this.calm());
  }

  calm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /* Leaflet moves by itself when it is resized; only a person's move is reported. */
  watchHands() {
    const container = this.map.getContainer();
    for (const name of ["pointerdown", "wheel", "keydown", "touchstart"]) {
      container.addEventListener(name, () => {
        this.touched = true;
        // Who takes hold of the map while it still flies is heard.
        this.quiet = false;
      }, { passive: true, capture: true });
    }
  }
}
