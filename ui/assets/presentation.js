/* Show the map alone, for a wall or a meeting: large legend, a title, presets in turn.
 * Arrow keys change the view, the space bar stops and goes on, Escape leaves. */
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
  constructor(desk) {
    this.desk = desk;
    desk.tool("present", () => this.start());
    desk.escapes.unshift(() => this.end());
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
    this.banner = div("atlas-banner", "", this.desk.atlas.map.getContainer());
    this.banner.setAttribute("role", "status");
    div("atlas-banner-title", "", this.banner);
    div("atlas-banner-note", "", this.banner);
    div("atlas-banner-keys", this.desk.word("present_keys"), this.banner);
    this.legendHeld = this.desk.atlas.legend.held;
    this.desk.atlas.legend.hold(true);
    const container = this.desk.atlas.map.getContainer();
    container.focus({ preventScroll: true });
    if (document.fullscreenEnabled) {
      document.documentElement.requestFullscreen().catch(() => null);
    }
    this.at = -1;
    this.turn(1);
    this.go();
    this.fit();
  }

  /* The frame grows and shrinks with the page around it; the map is fitted anew. */
  fit() {
    setTimeout(() => this.desk.flyHome(), 300);
  }

  go() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.turn(1), TURN_MS);
  }

  turn(by) {
    const { presets } = this.desk.found;
    if (!presets.length) return;
    this.at = (this.at + by + presets.length) % presets.length;
    this.tell();
    this.desk.wish({ do: "preset", id: presets[this.at].id });
  }

  tell() {
    const preset = this.desk.found.presets[this.at];
    this.banner.querySelector(".atlas-banner-title").textContent = preset.name;
    this.banner.querySelector(".atlas-banner-note").textContent = preset.note;
  }

  steer(event) {
    if (!this.banner) return;
    const by = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 }[event.key];
    if (!by && event.key !== " ") return;
    event.preventDefault();
    event.stopImmediatePropagation();
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
    this.banner.remove();
    this.banner = null;
    for (const body of pages()) body.classList.remove(CLASS);
    if (document.fullscreenElement) document.exitFullscreen();
    this.desk.atlas.legend.hold(this.legendHeld);
    this.fit();
    return true;
  }
}

export const presentationControl = {
  start(desk) { this.presentation = new Presentation(desk); },
  show() { if (this.presentation.banner && this.presentation.at >= 0) this.presentation.tell(); },
};
