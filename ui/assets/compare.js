/* Hold the view that is shown and put it beside the map, which goes on changing; both move
 * as one. The held map is for looking: it sends nothing. */
import { ClusterAtlas } from "../../layers/web/assets/atlas.js";
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { page } from "../../layers/web/assets/page.js";
import { button } from "./buttons.js";

class Compare {
  constructor(desk) {
    this.desk = desk;
    this.atlas = desk.atlas;
    this.toggle = desk.tool("compare", () => (this.other ? this.close() : this.open()));
    desk.escapes.unshift(() => this.close());
  }

  show() {
    this.toggle.setAttribute("aria-pressed", String(Boolean(this.other)));
    if (this.here) this.here.textContent = this.title(this.atlas.spec);
  }

  title(spec) {
    return spec.desk.title || this.desk.found.province;
  }

  open() {
    const spec = this.atlas.spec;
    document.body.classList.add("atlas-split");
    this.pane = div("atlas-second", "", document.body);
    const map = this.atlas.map;
    const { minZoom, maxZoom, zoomSnap, zoomDelta, maxBounds } = map.options;
    const beside = L.map(this.pane, { center: map.getCenter(), zoom: map.getZoom(), minZoom,
      maxZoom, zoomSnap, zoomDelta, maxBounds, zoomControl: false });
    this.other = new ClusterAtlas(beside);
    page.held = this.other;
    this.other.camera.look = () => {};
    this.other.click = () => {};
    this.other.show({ ...spec, desk: null });
    this.strip(this.pane, this.title(spec), this.desk.word("held"));
    this.here = this.strip(map.getContainer(), this.title(spec), this.desk.word("now"));
    button("close", this.desk.word("close"), () => this.close(),
      this.pane.querySelector(".atlas-strip"));
    this.links = [];
    this.follow(map, beside);
    this.follow(beside, map);
    this.home = this.atlas.camera.fitted;
    this.legendHeld = this.atlas.legend.held;
    if (this.pane.clientWidth < 700) this.atlas.legend.hold(false);
    beside.on("movestart", () => { if (!this.busy) this.atlas.camera.touched = true; });
    map.invalidateSize({ animate: false });
    this.sync(map, beside);
    this.start = map.getZoom();
    this.show();
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
    const home = this.home && Math.abs(beside.getZoom() - this.start) < 0.01;
    for (const stop of this.links) stop();
    this.other = null;
    beside.stop();
    beside.remove();
    this.pane.remove();
    this.here.parentNode.remove();
    this.here = null;
    document.body.classList.remove("atlas-split");
    this.atlas.legend.hold(this.legendHeld);
    this.atlas.map.invalidateSize({ animate: false });
    if (home) {
      this.atlas.camera.fitted = this.home;
      this.atlas.camera.fit(false);
    }
    this.toggle.setAttribute("aria-pressed", "false");
    this.toggle.focus();
    return true;
  }
}

export const compareControl = {
  start(desk) { this.compare = new Compare(desk); },
  show() { this.compare.show(); },
  recolour() {
    const { other } = this.compare;
    if (other) other.show(other.spec);
  },
};
