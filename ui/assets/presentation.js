/* Show the map alone, for a wall or a meeting: large legend, a title; the view that is shown, then
 * the presets, in turn. Arrow keys change the view, the space bar stops and goes on, Escape leaves
 * and gives the view back as it was. */
import { div } from "../../layers/web/assets/dom.js";

const TURN_MS = 12000;
const CLASS = "atlas-presenting";

function pages() {
  try {
    return [document.body, window.parent.document.body];
  } catch {
    return [document.body];
  }
}

class Presentation {
  constructor(toolbar) {
    this.toolbar = toolbar;
    toolbar.tool("present", () => this.start());
    toolbar.escapes.unshift(() => this.end());
    document.addEventListener("keydown", (event) => this.steer(event));
    window.addEventListener("pagehide", () => {
      for (const body of pages()) body.classList.remove(CLASS);
    });
    document.addEventListener("fullscreenchange", () => {
      if (this.full && !document.fullscreenElement) this.end();
      this.full = Boolean(document.fullscreenElement);
    });
  }

  start() {
    if (this.banner) return;
    for (const body of pages()) body.classList.add(CLASS);
    this.banner = div("atlas-banner", "", this.toolbar.atlas.map.getContainer());
    this.banner.setAttribute("role", "status");
    div("atlas-banner-title", "", this.banner);
    div("atlas-banner-note", "", this.banner);
    div("atlas-banner-keys", this.toolbar.word("present_keys"), this.banner);
    const { legend, map } = this.toolbar.atlas;
    this.legendHeld = legend.held;
    legend.hold(true);
    map.getContainer().focus({ preventScroll: true });
    if (document.fullscreenEnabled) {
      document.documentElement.requestFullscreen().catch(() => null);
    }
    this.at = 0;
    this.tell();
    this.present();
    this.go();
    this.fit();
  }

  /* The frame grows and shrinks with the page around it: what was fitted is so again, and a place
   * that a person chose stays in the middle. That is no hand on the map, nor are the keys. */
  fit() {
    const { camera } = this.toolbar.atlas;
    camera.touched = false;
    camera.refit();
  }

  go() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.turn(1), TURN_MS);
  }

  /* The view that was shown at the start is the first of all, the presets follow it. */
  turn(by) {
    const { presets } = this.toolbar.found;
    if (!presets.length) return;
    const all = presets.length + 1;
    this.at = (this.at + by + all) % all;
    this.tell();
    this.present();
  }

  /* The server holds the view of the start from the first turn on, whatever is done meanwhile. */
  present() {
    this.toolbar.request({ do: "present", id: this.preset ? this.preset.id : "" });
  }

  get preset() {
    return this.toolbar.found.presets[this.at - 1];
  }

  tell() {
    const { found, atlas } = this.toolbar;
    const { name, note } = this.preset || { name: found.province, note: atlas.spec.toolbar.title };
    this.banner.querySelector(".atlas-banner-title").textContent = name;
    this.banner.querySelector(".atlas-banner-note").textContent = note;
  }

  steer(event) {
    if (!this.banner) return;
    const by = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.toolbar.atlas.camera.touched = false;
    if (event.key === " ") {
      this.banner.classList.toggle("atlas-paused");
      if (this.banner.classList.contains("atlas-paused")) clearInterval(this.timer);
      else this.go();
      return;
    }
    this.turn(by);
    if (!this.banner.classList.contains("atlas-paused")) this.go();
  }

  end() {
    if (!this.banner) return false;
    clearInterval(this.timer);
    this.toolbar.request({ do: "present", id: null });
    this.banner.remove();
    this.banner = null;
    for (const body of pages()) body.classList.remove(CLASS);
    if (document.fullscreenElement) document.exitFullscreen();
    this.toolbar.atlas.legend.hold(this.legendHeld);
    this.fit();
    return true;
  }
}

export const presentationControl = {
  start(toolbar) { this.presentation = new Presentation(toolbar); },
  show() { if (this.presentation.banner) this.presentation.tell(); },
};
