/* Hold the view that is shown and put it beside the map, which goes on changing; both move
 * as one. The held map is for looking: it sends nothing. */
import { ClusterAtlas } from "../../layers/web/assets/atlas.js";
import { NOTHING_COVERED } from "../../layers/web/assets/camera.js";
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { page } from "../../layers/web/assets/page.js";
import { button } from "./buttons.js";

/* A half with less room than this keeps its legend shut. */
const ROOM_PX = 700;

class Compare {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.atlas = toolbar.atlas;
    this.toggle = toolbar.tool("compare", () => (this.other ? this.close() : this.open()));
    toolbar.escapes.unshift(() => this.close());
  }

  show() {
    this.toggle.setAttribute("aria-pressed", String(Boolean(this.other)));
    if (this.here) this.here.textContent = this.title(this.atlas.spec);
  }

  title(spec) {
    return spec.toolbar.title || this.toolbar.found.province;
  }

  open() {
    const { spec, map, camera, legend } = this.atlas;
    document.body.classList.add("atlas-split");
    this.pane = div("atlas-second", "", document.body);
    this.strip(this.pane, this.title(spec), this.toolbar.word("held"));
    this.here = this.strip(document.body, this.title(spec), this.toolbar.word("now"));
    button("close", this.toolbar.word("close"), () => this.close(), this.pane.firstChild);
    const { minZoom, maxZoom, zoomSnap, zoomDelta, maxBounds } = map.options;
    const beside = L.map(div("atlas-second-map", "", this.pane), { center: map.getCenter(),
      zoom: map.getZoom(), minZoom, maxZoom, zoomSnap, zoomDelta, maxBounds, zoomControl: false,
      trackResize: false });
    this.other = new ClusterAtlas(beside);
    page.held = this.other;
    this.other.camera.look = () => {};
    this.other.click = () => {};
    this.other.show({ ...spec, toolbar: null });
    this.links = [];
    this.follow(map, beside);
    this.follow(beside, map);
    this.legendHeld = legend.held;
    if (map.getContainer().clientWidth < ROOM_PX) {
      legend.hold(false);
      this.other.legend.hold(false);
    }
    beside.on("movestart", () => { if (!this.busy) camera.touched = true; });
    camera.covered = () => this.covered();
    this.resize();
    this.sync(map, beside);
    this.show();
  }

  /* What was fitted is so again in the other size, and a place that a person chose stays. */
  resize() {
    this.atlas.camera.touched = false;
    this.atlas.takeSize();
    this.atlas.camera.refit();
  }

  /* What the controls take of the map: nothing of what is fitted lies below them. */
  covered() {
    const map = this.atlas.map.getContainer();
    const box = map.getBoundingClientRect();
    const most = (names, taken) => Math.max(0, ...[...map.querySelectorAll(names)]
      .map((node) => node.getBoundingClientRect()).filter(({ width }) => width).map(taken));
    return {
      top: most(".atlas-lead", ({ bottom }) => bottom - box.top),
      right: most(".atlas-bar, .leaflet-control-zoom", ({ left }) => box.right - left),
      bottom: most(".leaflet-bottom > :not(:has(details[open]))", ({ top }) => box.bottom - top),
    };
  }

  strip(parent, title, state) {
    const node = div("atlas-strip", "", parent);
    div("atlas-strip-state", state, node);
    return div("atlas-strip-title", title, node);
  }

  follow(leader, follower) {
    const move = () => this.sync(leader, follower);
    leader.on("move zoom", move);
    this.links.push(() => leader.off("move zoom", move));
  }

  sync(leader, follower) {
    if (this.busy || !this.other) return;
    this.busy = true;
    follower.setView(leader.getCenter(), leader.getZoom(), { animate: false });
    this.busy = false;
  }

  close() {
    if (!this.other) return false;
    const beside = this.other.map;
    for (const stop of this.links) stop();
    this.other = null;
    beside.stop();
    beside.remove();
    this.pane.remove();
    this.here.parentNode.remove();
    this.here = null;
    document.body.classList.remove("atlas-split");
    this.atlas.legend.hold(this.legendHeld);
    this.atlas.camera.covered = NOTHING_COVERED;
    this.resize();
    this.toggle.setAttribute("aria-pressed", "false");
    this.toggle.focus();
    return true;
  }
}

export const compareControl = {
  start(toolbar) { this.compare = new Compare(toolbar); },
  show() { this.compare.show(); },
  recolour() {
    const { other } = this.compare;
    if (other) other.show(other.spec);
  },
};
