/* The controls on the map: steps back and forth, presets, and what the other controls share.
 *
 * A control never changes what is drawn by itself: it sends a request to the server, which
 * answers with another specification. All text is set as text, never as markup. */
import { div } from "../../layers/web/assets/dom.js";
import { geometry } from "../../layers/web/assets/geometry.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { page } from "../../layers/web/assets/page.js";
import { button, corner, rename } from "./buttons.js";

const FLIES_TO = { site: 11.5, town: 11.5 }; /* Zoom levels. */
const MOST_REQUESTS = 8;
const resources = new Map();
let last = 0;

function resourcesAt(address) {
  if (!resources.has(address)) {
    resources.set(address, fetch(address).then((response) => {
      if (!response.ok) throw new Error(address + ": " + response.status);
      return response.json();
    }).then((found) => {
      const places = found.places.filter(({ kind }) => kind !== "company");
      found.byId = new Map(places.map((place) => [place.id, place]));
      return found;
    }));
  }
  return resources.get(address);
}

class Toolbar {
  constructor(atlas, controls) {
    this.atlas = atlas;
    this.controls = controls;
    this.escapes = [];
    this.bar = corner(atlas, "topright", "atlas-bar");
    this.bar.setAttribute("role", "toolbar");
    this.bar.setAttribute("aria-orientation", "vertical");
    atlas.map.zoomControl.setPosition("topright");
    this.lead = corner(atlas, "topleft", "atlas-lead");
    this.tools = {};
    this.tool("undo", () => this.request({ do: "undo" }));
    this.tool("redo", () => this.request({ do: "redo" }));
    this.tool("reset", () => this.request({ do: "reset" }));
    this.tool("presets", () => this.openMenu());
    document.addEventListener("keydown", (event) => this.hear(event, window));
    this.listenAround("keydown", (event) => this.hear(event, window.parent));
    window.addEventListener("atlas-left", () => this.request({ do: "leave" }));
  }

  tool(name, act) {
    this.tools[name] = button(name, name, act, this.bar);
    return this.tools[name];
  }

  /* Ask the server for something; a number that only grows tells new requests from old. */
  request(request) {
    last = Math.max(Date.now(), last + 1);
    const atlas = this.atlas;
    atlas.requests = [...(atlas.requests || []), { ...request, n: last }].slice(-MOST_REQUESTS);
    atlas.send();
  }

  word(key) {
    return this.found.words[key];
  }

  name(place) {
    return place[this.atlas.spec.name_field];
  }

  show(spec, found) {
    this.found = found;
    this.bar.setAttribute("aria-label", this.word("tools"));
    this.bar.classList.toggle("atlas-few", Boolean(spec.toolbar.embedded));
    for (const [name, node] of Object.entries(this.tools)) rename(node, this.word(name));
    const [back, forth] = spec.toolbar.steps;
    this.tools.undo.disabled = !back;
    this.tools.redo.disabled = !forth;
    this.tools.presets.hidden = !found.presets.length;
    this.tools.presets.setAttribute("aria-haspopup", "menu");
    this.tools.presets.setAttribute("aria-expanded", String(Boolean(this.menu)));
  }

  openMenu() {
    if (this.closeMenu()) return;
    this.menu = div("atlas-menu", "", this.atlas.map.getContainer());
    this.menu.setAttribute("role", "menu");
    this.menu.setAttribute("aria-label", this.word("presets"));
    L.DomEvent.disableClickPropagation(this.menu);
    for (const preset of this.found.presets) {
      const item = document.createElement("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      div("atlas-menu-name", preset.name, item);
      div("atlas-menu-note", preset.note, item);
      item.addEventListener("click", () => {
        this.closeMenu();
        this.request({ do: "preset", id: preset.id });
      });
      this.menu.appendChild(item);
    }
    this.menu.addEventListener("keydown", (event) => this.steer(event));
    this.menu.firstChild.focus();
    this.tools.presets.setAttribute("aria-expanded", "true");
  }

  steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const items = [...this.menu.children];
    const place = items.indexOf(document.activeElement) + step;
    items[(place + items.length) % items.length].focus();
  }

  closeMenu() {
    if (!this.menu) return false;
    this.menu.remove();
    this.menu = null;
    this.tools.presets.setAttribute("aria-expanded", "false");
    this.tools.presets.focus();
    return true;
  }

  escape() {
    if (this.closeMenu()) return true;
    return this.escapes.some((leave) => leave());
  }

  /* Hear what happens on the page around the map, where it lets us, as long as we are there. */
  listenAround(kind, hear) {
    const page = this.around;
    if (!page) return;
    page.addEventListener(kind, hear);
    window.addEventListener("pagehide", () => page.removeEventListener(kind, hear));
  }

  /* The page around the map, where there is one that lets us see it. */
  get around() {
    try {
      return window.parent === window ? null : window.parent.document;
    } catch (error) {
      if (error.name !== "SecurityError") throw error;
      return null;
    }
  }

  hear(event, owner) {
    const target = event.target;
    const writes = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    if (event.defaultPrevented || !this.found) return;
    if (event.key === "Escape") {
      const elsewhere = owner !== window && target !== owner.document.body;
      if (!writes && !elsewhere && this.escape()) event.preventDefault();
      return;
    }
    if (writes) return;
    const key = event.key.toLowerCase();
    const control = event.ctrlKey || event.metaKey;
    if (control && (key === "z" || key === "y")) {
      event.preventDefault();
      this.request({ do: key === "y" || event.shiftKey ? "redo" : "undo" });
    } else if (key === "/" && !control && !event.altKey && this.seek) {
      event.preventDefault();
      this.seek();
    }
  }

  openPlace(place) {
    this.request({ do: "open", place: place.id });
    this.unfoldRecord();
    this.fly(place);
  }

  /* A record that a person folded away comes back for a place that a person asks for. */
  unfoldRecord() {
    this.around?.querySelector("[data-atlas-fold='record'][aria-expanded='false']")?.click();
  }

  /* Fly to a place of the gazetteer, by its outline where the browser has it; what has no place
   * of its own is where its county or city is. */
  async fly(place) {
    const { camera, map, spec } = this.atlas;
    const home = this.found.byId.get(place.parent);
    if (place.kind === "site" && !place.at && home) return this.fly(home);
    camera.take();
    const kind = { city: "cities", county: "counties" }[place.kind];
    const address = kind && spec.geometry[kind];
    const feature = address && (await geometry(address, kind)).get(place.id);
    if (feature) camera.zoomTo(feature);
    else camera.flyTo(place.at, Math.max(map.getZoom(), FLIES_TO[place.kind] ?? 10));
  }

  flyHome() {
    this.atlas.camera.flyHome(this.atlas.spec.extent.bounds);
  }
}

/* Have every view that has controls show them: each of `controls` is started once, and told of
 * every view after that. */
export function startToolbar(controls) {
  page.parts.push(async (atlas, spec) => {
    if (!spec.toolbar) return;
    const found = await resourcesAt(spec.toolbar.resources);
    if (atlas.spec !== spec) return;
    if (!atlas.toolbar) {
      atlas.toolbar = new Toolbar(atlas, controls);
      for (const control of controls) control.start(atlas.toolbar);
    }
    atlas.toolbar.show(spec, found);
    for (const control of controls) control.show(atlas.toolbar, spec, found);
    document.body.dataset.atlasToolbar = "true";
  });
}
