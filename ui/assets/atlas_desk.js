/* The controls on the map: steps back and forth, presets, and what the other controls share.
 *
 * A control never changes what is drawn by itself: it sends a wish to the server, which
 * answers with another specification. All text is set as text, never as markup. */
(function () {
  "use strict";

  const { geometry, div, element } = window.clusterAtlas.tools;
  const MOST_WISHES = 8;
  const companions = new Map();
  let last = 0;

  const ICONS = {
    undo: "M8 5 3.500 9.500 8 14M4 9.500H13A4.500 4.500 0 0 1 13 18.500H9",
    redo: "M14 5 18.500 9.500 14 14M18 9.500H9A4.500 4.500 0 0 0 9 18.500H13",
    reset: "M3.500 10.500 11 4 18.500 10.500M6 9V18H16V9",
    presets: "M6 3.500H16V18.500L11 14.500 6 18.500Z",
    compare: "M3.500 4.500H18.500V17.500H3.500ZM11 4.500V17.500",
    time: "M11 3.500A7.500 7.500 0 1 1 11 18.500A7.500 7.500 0 1 1 11 3.500ZM11 7V11.500L14 13.500",
    table: "M3.500 4.500H18.500V17.500H3.500ZM3.500 9H18.500M9 9V17.500",
    present: "M3.500 4.500H18.500V14.500H3.500ZM11 14.500V18.500M7.500 18.500H14.500",
    tour: "M8 8.200A3 3 0 1 1 12.300 10.900C11.300 11.500 11 12 11 13M11 16.200V16.400",
    print: "M6.500 8.500V3.500H15.500V8.500M6.500 15.500H3.500V8.500H18.500V15.500H15.500M6.500 12.500H15.500V18.500H6.500Z",
    close: "M5.500 5.500 16.500 16.500M16.500 5.500 5.500 16.500",
    play: "M7 4.500 17 11 7 17.500Z",
    pause: "M7.500 5V17M14.500 5V17",
  };

  function icon(name) {
    const svg = element("svg", { width: 22, height: 22, viewBox: "0 0 22 22", "aria-hidden": "true" });
    element("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.7,
      "stroke-linecap": "round", "stroke-linejoin": "round" }, svg);
    return svg;
  }

  function button(name, label, act, parent) {
    const node = document.createElement("button");
    node.type = "button";
    node.className = "atlas-tool atlas-tool-" + name;
    node.appendChild(icon(name));
    if (parent) parent.appendChild(node);
    rename(node, label);
    node.addEventListener("click", act);
    return node;
  }

  function rename(node, label) {
    /* The style sheet shows the label beside a tool of the bar; elsewhere the browser does. */
    if (!node.closest(".atlas-bar")) node.title = label;
    node.setAttribute("aria-label", label);
  }

  function corner(atlas, position, className) {
    const control = L.control({ position });
    control.onAdd = () => {
      const node = div(className);
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    };
    control.addTo(atlas.map);
    return control.getContainer();
  }

  function companion(address) {
    if (!companions.has(address)) {
      companions.set(address, fetch(address).then((response) => {
        if (!response.ok) throw new Error(address + ": " + response.status);
        return response.json();
      }).then((found) => {
        found.byId = new Map(found.places.map((place) => [place.id, place]));
        return found;
      }));
    }
    return companions.get(address);
  }

  class Desk {
    constructor(atlas) {
      this.atlas = atlas;
      this.escapes = [];
      this.bar = corner(atlas, "topright", "atlas-bar");
      this.bar.setAttribute("role", "toolbar");
      this.bar.setAttribute("aria-orientation", "vertical");
      atlas.map.zoomControl.setPosition("topright");
      this.lead = corner(atlas, "topleft", "atlas-lead");
      this.tools = {};
      this.tool("undo", () => this.wish({ do: "undo" }));
      this.tool("redo", () => this.wish({ do: "redo" }));
      this.tool("reset", () => this.wish({ do: "reset" }));
      this.tool("presets", () => this.openMenu());
      document.addEventListener("keydown", (event) => this.hear(event, window));
      this.listenAround("keydown", (event) => this.hear(event, window.parent));
      window.addEventListener("atlas-left", () => this.wish({ do: "rest" }));
    }

    tool(name, act) {
      this.tools[name] = button(name, name, act, this.bar);
      return this.tools[name];
    }

    /* Ask the server for something; a number that only grows tells new wishes from old. */
    wish(wish) {
      last = Math.max(Date.now(), last + 1);
      const atlas = this.atlas;
      atlas.wishes = [...(atlas.wishes || []), { ...wish, n: last }].slice(-MOST_WISHES);
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
      this.bar.classList.toggle("atlas-few", Boolean(spec.desk.embedded));
      for (const [name, node] of Object.entries(this.tools)) rename(node, this.word(name));
      const [back, forth] = spec.desk.steps;
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
          this.wish({ do: "preset", id: preset.id });
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
        this.wish({ do: key === "y" || event.shiftKey ? "redo" : "undo" });
      } else if (key === "/" && !control && !event.altKey && this.seek) {
        event.preventDefault();
        this.seek();
      }
    }

    /* Fly to a place of the gazetteer, by its outline where the browser has it. */
    async fly(place) {
      const atlas = this.atlas;
      atlas.touched = true;
      atlas.fitted = null;
      const kind = { city: "cities", county: "counties" }[place.kind];
      const address = kind && atlas.spec.geometry[kind];
      const feature = address && (await geometry(address, kind)).get(place.id);
      if (feature) atlas.zoomTo(feature);
      else {
        const zoom = Math.max(atlas.map.getZoom(), place.kind === "site" ? 11.5 : 10);
        atlas.map.flyTo(place.at, zoom, { duration: 0.6, animate: !atlas.calm() });
      }
    }

    flyHome() {
      const atlas = this.atlas;
      atlas.touched = true;
      atlas.fitted = atlas.spec.extent.bounds;
      atlas.fit(!atlas.calm());
    }
  }

  const controls = [];
  window.clusterAtlas.desk = { controls, button, icon, rename, corner };
  window.clusterAtlas.parts.push((atlas, spec) => {
    if (!spec.desk) return;
    companion(spec.desk.companion).then((found) => {
      if (atlas.spec !== spec) return;
      if (!atlas.desk) {
        atlas.desk = new Desk(atlas);
        for (const control of controls) control.start(atlas.desk);
      }
      atlas.desk.show(spec, found);
      for (const control of controls) control.show(atlas.desk, spec, found);
      document.body.dataset.atlasDesk = "true";
    });
  });
})();
