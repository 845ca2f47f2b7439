/* A search box on the map: by Chinese name, English name, pinyin, or its first letters. */
import { div } from "../../layers/web/assets/dom.js";

const MOST = 9;
const RANK = { city: 0, county: 1, role: 2, sector: 2, segment: 3, company: 4, site: 5, town: 6 };

function plain(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

function squeezed(text) {
  return plain(text).replace(/[\s'’.,()（）·-]/g, "");
}

/* How well a place answers: 0 is best; null is not at all. */
function fit(place, asked) {
  const names = [squeezed(place.name_zh), squeezed(place.name_en)];
  const syllables = place.pinyin.split(" ");
  const spelt = syllables.join("");
  const letters = syllables.map((syllable) => syllable[0]).join("");
  if (names.includes(asked) || spelt === asked) return 0;
  if (names.some((name) => name.startsWith(asked)) || spelt.startsWith(asked)) return 1;
  if (asked.length > 1 && letters.startsWith(asked)) return 2;
  const words = plain(place.name_en).split(/[\s()-]+/);
  for (let from = 0; from < words.length; from += 1) {
    if (words.slice(from).join("").startsWith(asked)) return 3;
  }
  if (names[0].includes(asked)) return 3;
  for (let from = 1; from < syllables.length; from += 1) {
    if (asked.length > 2 && syllables.slice(from).join("").startsWith(asked)) return 4;
  }
  if (asked.length > 2 && letters.includes(asked)) return 5;
  return null;
}

export function search(places, text) {
  const asked = squeezed(text);
  if (!asked) return [];
  return places.map((place) => ({ place, fit: fit(place, asked) }))
    .filter((hit) => hit.fit !== null)
    .sort((one, other) => one.fit - other.fit || RANK[one.place.kind] - RANK[other.place.kind])
    .slice(0, MOST).map((hit) => hit.place);
}

class SearchBox {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.hits = [];
    this.active = -1;
    const box = div("atlas-search", "", toolbar.lead);
    box.setAttribute("role", "search");
    this.field = document.createElement("input");
    this.field.type = "search";
    this.field.autocomplete = "off";
    this.field.spellcheck = false;
    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list",
      "aria-controls": "atlas-hits", "aria-expanded": "false" })) this.field.setAttribute(key, value);
    box.appendChild(this.field);
    this.list = div("atlas-hits", "", box);
    this.list.id = "atlas-hits";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.field.addEventListener("input", () => this.look());
    this.field.addEventListener("focus", () => this.look());
    this.field.addEventListener("blur", () => setTimeout(() => {
      // Whoever has come back meanwhile has opened it anew.
      if (document.activeElement !== this.field) this.close();
    }, 150));
    this.field.addEventListener("keydown", (event) => this.steer(event));
    toolbar.seek = () => this.field.focus();
  }

  show(found) {
    // The page of companies is none of an embedded map's.
    const few = Boolean(this.toolbar.atlas.spec.toolbar.embedded);
    this.places = found.places.filter(({ kind }) => !few || kind !== "company");
    this.field.placeholder = this.toolbar.word("search");
    this.field.setAttribute("aria-label", this.toolbar.word("search"));
    this.list.setAttribute("aria-label", this.toolbar.word("hits"));
  }

  look() {
    this.hits = search(this.places, this.field.value);
    this.active = this.hits.length ? 0 : -1;
    const asked = Boolean(this.field.value.trim());
    this.list.replaceChildren(...this.hits.map((place, at) => this.line(place, at)));
    if (asked && !this.hits.length) {
      const none = div("atlas-hits-none", this.toolbar.word("nothing"), this.list);
      none.setAttribute("role", "status");
    }
    this.list.hidden = !asked;
    this.field.setAttribute("aria-expanded", String(asked));
    this.mark();
  }

  line(place, at) {
    const node = div("atlas-hit");
    node.id = "atlas-hit-" + at;
    node.setAttribute("role", "option");
    const words = div("atlas-hit-words", "", node);
    div("atlas-hit-name", this.toolbar.name(place), words);
    const above = this.toolbar.found.byId.get(place.parent);
    const city = above && this.toolbar.found.byId.get(above.parent);
    const where = [city, above].filter(Boolean).map((one) => this.toolbar.name(one));
    const other = place.name_zh === this.toolbar.name(place) ? place.name_en : place.name_zh;
    div("atlas-hit-more", [other, ...where].join(" · "), words);
    div("atlas-hit-kind", this.toolbar.word("kind_" + place.kind), node);
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.choose(place);
    });
    return node;
  }

  mark() {
    [...this.list.querySelectorAll(".atlas-hit")].forEach((node, at) => {
      node.setAttribute("aria-selected", String(at === this.active));
      if (at === this.active) node.scrollIntoView({ block: "nearest" });
    });
    if (this.active < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", "atlas-hit-" + this.active);
  }

  steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.hits.length) {
      event.preventDefault();
      this.active = (this.active + step + this.hits.length) % this.hits.length;
      this.mark();
    } else if (event.key === "Enter" && this.hits[this.active]) {
      event.preventDefault();
      this.choose(this.hits[this.active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.field.value) this.field.blur();
      this.field.value = "";
      this.close();
    }
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  choose(place) {
    this.field.value = "";
    this.close();
    this.field.blur();
    this.toolbar.markTown(place.kind === "town" ? place : null);
    if (place.kind === "company") {
      this.toolbar.request({ do: "company", id: place.id });
    } else if (place.kind === "town") {
      this.toolbar.fly(place);
    } else if (place.at || place.kind === "site") {
      this.toolbar.openPlace(place);
    } else {
      this.toolbar.request({ do: "toggle", what: place.kind + "." + place.id, only: true });
    }
  }
}

export const searchControl = {
  start(toolbar) { this.box = new SearchBox(toolbar); },
  show(toolbar, spec, found) { this.box.show(found); },
};
