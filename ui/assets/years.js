/* Let the years pass: the sites known up to a year, played in the browser. The view itself
 * changes only when a person keeps the year. */
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { button, icon, rename } from "./buttons.js";

const STEP_MS = 650;

/* The layer without the sites of later years, and of none; `years` by site, of `all` sites. */
export function siftByYear(layer, limit, years, all) {
  if (limit === null || layer.geometry !== "sites") return layer;
  const within = (id) => years.has(id) && years.get(id) <= limit;
  return { ...layer, classes: layer.classes.map((found) => ({
    ...found, features: (found.features || all).filter(within) })) };
}

class Time {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.atlas = toolbar.atlas;
    this.limit = null;
    this.toggle = toolbar.tool("time", () => (this.bar ? this.close() : this.open()));
    this.atlas.sift = (layer) => this.sift(layer);
    toolbar.escapes.unshift(() => this.close());
  }

  show(found) {
    const places = found.places.filter((place) => place.kind === "site");
    this.years = new Map(places.filter((place) => place.year)
      .map((place) => [place.id, place.year]));
    this.without = places.length - this.years.size;
    const known = [...this.years.values()];
    this.first = Math.min(...known);
    this.last = Math.max(...known);
    const drawn = this.atlas.spec.layers.some((layer) => layer.geometry === "sites");
    this.toggle.hidden = known.length === 0 || !drawn;
    this.toggle.setAttribute("aria-pressed", String(Boolean(this.bar)));
    if (this.bar && this.toggle.hidden) this.close();
    else if (this.bar) this.tell();
  }

  sift(layer) {
    const all = [...(this.atlas.features.sites?.keys() ?? [])];
    return siftByYear(layer, this.limit, this.years, all);
  }

  open() {
    this.bar = div("atlas-time", "", this.atlas.map.getContainer());
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", this.toolbar.word("time"));
    L.DomEvent.disableClickPropagation(this.bar);
    L.DomEvent.disableScrollPropagation(this.bar);
    this.player = button("play", this.toolbar.word("play"), () => this.play(), this.bar);
    const middle = div("atlas-time-middle", "", this.bar);
    this.words = document.createElement("output");
    middle.appendChild(this.words);
    this.range = document.createElement("input");
    Object.assign(this.range, { type: "range", min: this.first, max: this.last, step: 1,
      value: this.last });
    this.range.setAttribute("aria-label", this.toolbar.word("year"));
    this.range.addEventListener("input", () => {
      this.pause();
      this.set(Number(this.range.value));
    });
    this.range.addEventListener("pointerdown", (event) => event.stopPropagation());
    middle.appendChild(this.range);
    this.note = div("atlas-time-note", "", middle);
    const keep = document.createElement("button");
    keep.type = "button";
    keep.className = "atlas-time-keep";
    keep.textContent = this.toolbar.word("keep_year");
    keep.addEventListener("click", () => this.keep());
    this.bar.appendChild(keep);
    button("close", this.toolbar.word("close"), () => this.close(), this.bar);
    this.toggle.setAttribute("aria-pressed", "true");
    this.set(this.last);
    this.player.focus();
  }

  set(year) {
    this.limit = year;
    this.range.value = String(year);
    this.range.setAttribute("aria-valuetext", String(year));
    this.atlas.redraw();
    this.tell();
  }

  tell() {
    const shown = new Set();
    for (const layer of this.atlas.spec.layers) {
      if (layer.geometry !== "sites") continue;
      for (const { features } of this.sift(layer).classes) for (const id of features) shown.add(id);
    }
    this.words.textContent = this.toolbar.word("up_to")
      .replace("{year}", this.limit).replace("{count}", shown.size);
    this.note.textContent = this.toolbar.word("no_year").replace("{count}", this.without);
  }

  play() {
    if (this.timer) {
      this.pause();
      return;
    }
    if (this.limit >= this.last) this.set(this.first);
    this.turn("pause");
    this.timer = setInterval(() => {
      if (this.limit >= this.last) this.pause();
      else this.set(this.limit + 1);
    }, STEP_MS);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.turn("play");
  }

  turn(name) {
    this.player.replaceChildren(icon(name));
    rename(this.player, this.toolbar.word(name));
  }

  keep() {
    const whole = this.limit >= this.last;
    this.toolbar.request({ do: "years", years: whole ? null : [this.first, this.limit] });
    this.close();
  }

  close() {
    if (!this.bar) return false;
    this.pause();
    this.bar.remove();
    this.bar = null;
    this.limit = null;
    this.atlas.redraw();
    this.toggle.setAttribute("aria-pressed", "false");
    this.toggle.focus();
    return true;
  }
}

export const yearsControl = {
  start(toolbar) { this.time = new Time(toolbar); },
  show(toolbar, spec, found) { this.time.show(found); },
};
