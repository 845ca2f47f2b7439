/* Draw a map specification on a Leaflet map, and change only what has changed.
 *
 * The server sends what is drawn (classes, symbols, ids); geometry is fetched once by
 * address. All text from data is set as text, never as markup. */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const REPORT_DELAY_MS = 350;
  const LEGEND_ROOM_PX = 560;
  const COMPACT_BELOW_PX = 900;
  const EDGE_PX = 12;
  const CROWDING = new Set(["glyph", "label"]); /* Names keep clear of these, and of rings. */
  const FADE_MS = 250; /* Leaflet's own fading of a tile takes 200. */
  const fetched = new Map();
  let serial = 0;

  /* The features of a geometry by their ids; several may come from one address. */
  async function geometry(address, name) {
    if (typeof address !== "string") return collection(address);
    if (!fetched.has(address)) {
      fetched.set(address, fetch(address).then((response) => {
        if (!response.ok) throw new Error(address + ": " + response.status);
        return response.json();
      }).then(window.atlasUnpack));
    }
    return (await fetched.get(address))[name];
  }

  function collection(found) {
    if (!fetched.has(found)) {
      fetched.set(found, new Map(found.features.map((feature) => [feature.id, feature])));
    }
    return fetched.get(found);
  }

  function element(name, attributes, parent) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (parent) parent.appendChild(node);
    return node;
  }

  function div(className, text, parent) {
    const node = document.createElement("div");
    node.className = className;
    if (text) node.textContent = text;
    if (parent) parent.appendChild(node);
    return node;
  }

  function hatchPattern(svg, symbol) {
    const id = "atlas-hatch-" + (serial += 1);
    const pattern = element("pattern", {
      id, width: symbol.spacing, height: symbol.spacing, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(" + -symbol.angle + ")",
    }, element("defs", {}, svg));
    element("rect", {
      width: symbol.spacing, height: symbol.width, fill: symbol.color,
    }, pattern);
    return "url(#" + id + ")";
  }

  /* On a dark page, colours of ground, lines and names become those that `dark` gives. */
  function toned(symbol) {
    const tones = window.clusterAtlas.tones;
    if (!tones) return symbol;
    const changed = { ...symbol };
    for (const part of ["fill", "stroke", "color", "halo", "ink"]) {
      if (tones[symbol[part]]) changed[part] = tones[symbol[part]];
    }
    if (symbol.kind === "glyph") changed.ink = symbol.ink;
    return changed;
  }

  /* A polygon whose stroke shows only inside it: the stroke is clipped by the polygon. */
  const Band = L.Polygon.extend({
    _updatePath() {
      L.Polygon.prototype._updatePath.call(this);
      if (!this._clip) {
        const id = "atlas-band-" + (serial += 1);
        const clip = element("clipPath", { id }, element("defs", {}, this._renderer._container));
        this._clip = element("path", { "clip-rule": "evenodd" }, clip);
        this._path.setAttribute("clip-path", "url(#" + id + ")");
      }
      this._clip.setAttribute("d", this._path.getAttribute("d"));
    },
  });

  function latLngs(feature) {
    if (feature.latLngs) return feature.latLngs;
    const { type, coordinates } = feature.geometry;
    return L.GeoJSON.coordsToLatLngs(coordinates, type === "Polygon" ? 1 : 2);
  }

  function labelPoint(feature) {
    return [feature.properties.label_lat, feature.properties.label_lon];
  }

  const SHAPES = {
    square: "M2 2H14V14H2Z",
    circle: "M8 1.6A6.4 6.4 0 1 1 8 14.4A6.4 6.4 0 1 1 8 1.6Z",
    diamond: "M8 .8 15.2 8 8 15.2 .8 8Z",
    triangle: "M8 1.4 15.2 14H.8Z",
    hexagon: "M8 .9 14.2 4.5V11.500L8 15.100 1.800 11.500V4.500Z",
  };

  /* The drawings have a grid of their own; a triangle has its room below its middle. */
  const ICON_PLACE = { triangle: "translate(4.52 6.3) scale(.29)", "": "translate(3.44 3.44) scale(.38)" };
  const ICONS_FROM_ZOOM = 12;
  const DETAIL_FROM_ZOOM = 9;

  function sign(symbol) {
    const svg = element("svg", { width: symbol.size, height: symbol.size, viewBox: "-1 -1 18 18" });
    const solid = symbol.fill === "solid";
    const ground = window.clusterAtlas.tones ? "#14191F" : "#fff";
    element("path", { d: SHAPES[symbol.shape], fill: solid ? symbol.color : ground,
      stroke: solid ? ground : symbol.color, "stroke-width": solid ? 1.2 : 2.2 }, svg);
    if (symbol.fill === "crossed") {
      element("path", { d: "M4.500 4.500 11.500 11.500M11.500 4.500 4.500 11.500", stroke: symbol.color,
        "stroke-width": 2 }, svg);
    }
    if (symbol.icon && symbol.fill !== "crossed") {
      element("path", { d: window.atlasIcons[symbol.icon], class: "atlas-sign-icon", fill: "none",
        transform: ICON_PLACE[symbol.shape] || ICON_PLACE[""], "stroke-width": 2.7,
        stroke: solid ? ground : symbol.color, "stroke-linecap": "round",
        "stroke-linejoin": "round" }, svg);
    }
    return svg;
  }

  /* A ring whose arcs are the shares of the classes; the number in it is how many there are. */
  function shareRing(shares) {
    const count = shares.reduce((sum, share) => sum + share.count, 0);
    const size = Math.min(46, 20 + 3.6 * Math.sqrt(count));
    const middle = size / 2, radius = middle - 3.5, round = 2 * Math.PI * radius;
    const svg = element("svg", { width: size, height: size, viewBox: [0, 0, size, size].join(" "),
      class: "atlas-ring" });
    const dark = Boolean(window.clusterAtlas.tones);
    element("circle", { cx: middle, cy: middle, r: middle, fill: dark ? "#14191F" : "#fff" }, svg);
    let start = 0;
    for (const share of shares) {
      const part = (share.count / count) * round;
      element("circle", { cx: middle, cy: middle, r: radius, fill: "none", stroke: share.color,
        "stroke-width": 5, "stroke-dasharray": part + " " + (round - part),
        "stroke-dashoffset": -start, transform: "rotate(-90 " + middle + " " + middle + ")" }, svg);
      start += part;
    }
    const text = element("text", { x: middle, y: middle + 3.8, "text-anchor": "middle",
      "font-size": 11, "font-weight": 600, fill: dark ? "#F1F3F5" : "#20252D" }, svg);
    text.textContent = String(count);
    return svg;
  }

  /* Give a marker the words that are read out for it. */
  function named(marker, words) {
    marker.on("add", () => marker.getElement().setAttribute("aria-label", words));
  }

  const draw = {
    marker(symbol, feature, options) {
      const [longitude, latitude] = feature.geometry.coordinates;
      const mark = sign(symbol);
      mark.dataset.feature = feature.id;
      return L.marker([latitude, longitude], {
        ...options, keyboard: options.interactive,
        icon: L.divIcon({ html: mark, className: "atlas-sign",
          iconSize: [symbol.size, symbol.size] }),
      });
    },
    area(symbol, feature, options) {
      return L.polygon(latLngs(feature), {
        ...options, smoothFactor: 0.6,
        fill: symbol.fill !== null || options.interactive, fillColor: symbol.fill,
        fillOpacity: symbol.fill === null ? 0 : symbol.fill_opacity * symbol.opacity,
        stroke: symbol.stroke !== null, color: symbol.stroke, weight: symbol.stroke_width,
        opacity: symbol.opacity, dashArray: symbol.dash.length ? symbol.dash.join(" ") : null,
      });
    },
    hatch(symbol, feature, options) {
      const polygon = L.polygon(latLngs(feature), {
        ...options, smoothFactor: 0.6, stroke: false, fillOpacity: symbol.opacity,
      });
      polygon.on("add", () => {
        polygon._path.setAttribute("fill", hatchPattern(polygon._renderer._container, symbol));
        polygon._path.classList.add("atlas-hatched");
      });
      return polygon;
    },
    band(symbol, feature, options) {
      return new Band(latLngs(feature), {
        ...options, smoothFactor: 0.6, fill: false, noClip: true, lineJoin: "miter",
        color: symbol.color, weight: symbol.width * 2, opacity: symbol.opacity,
      });
    },
    glyph(symbol, feature, options) {
      const node = div("atlas-glyph", symbol.text);
      node.style.cssText = "width:" + symbol.size + "px;height:" + symbol.size + "px;" +
        "line-height:" + symbol.size + "px;font-size:" + symbol.size * 0.46 + "px;" +
        "background:" + symbol.color + ";color:" + symbol.ink + ";opacity:" + symbol.opacity;
      return L.marker(labelPoint(feature), {
        ...options, keyboard: false,
        icon: L.divIcon({ html: node, className: "atlas-anchor atlas-above", iconSize: [0, 0] }),
      });
    },
    label(symbol, feature, options) {
      const node = div("atlas-label", feature.properties[symbol.field]);
      node.style.cssText = "font-size:" + symbol.size + "px;color:" + symbol.color + ";" +
        "--halo:" + symbol.halo + ";font-weight:" + (symbol.bold ? 600 : 400) + ";" +
        "opacity:" + Math.max(symbol.opacity, symbol.opacity < 1 ? 0.45 : 1);
      return L.marker(labelPoint(feature), {
        ...options, keyboard: false,
        icon: L.divIcon({ html: node, className: "atlas-anchor", iconSize: [0, 0] }),
      });
    },
  };

  function swatch(given) {
    const symbol = toned(given);
    const svg = element("svg", { width: 30, height: 18, viewBox: "0 0 30 18", "aria-hidden": "true" });
    const box = { x: 1, y: 1, width: 28, height: 16, rx: 2 };
    if (symbol.kind === "area") {
      if (symbol.fill === null) {
        element("line", { x1: 1, x2: 29, y1: 9, y2: 9, stroke: symbol.stroke,
          "stroke-width": symbol.stroke_width + 0.4, "stroke-dasharray": symbol.dash.join(" ") }, svg);
      } else {
        element("rect", { ...box, fill: symbol.fill, "fill-opacity": symbol.fill_opacity,
          stroke: "#59606B", "stroke-width": 0.6 }, svg);
      }
    } else if (symbol.kind === "hatch") {
      const fill = hatchPattern(svg, symbol);
      element("rect", { ...box, fill, stroke: "#59606B", "stroke-width": 0.6 }, svg);
    } else if (symbol.kind === "band") {
      element("rect", { x: 3, y: 3, width: 24, height: 12, fill: "none", stroke: symbol.color,
        "stroke-width": Math.min(symbol.width, 5) }, svg);
    } else if (symbol.kind === "marker") {
      const mark = sign({ ...symbol, size: 22 });
      svg.setAttribute("height", 22);
      svg.setAttribute("viewBox", "0 0 30 22");
      mark.setAttribute("x", 4);
      svg.appendChild(mark);
    } else if (symbol.kind === "glyph") {
      element("circle", { cx: 15, cy: 9, r: 8.5, fill: symbol.color }, svg);
      const text = element("text", { x: 15, y: 12.2, "text-anchor": "middle", "font-size": 9,
        "font-weight": 600, fill: symbol.ink }, svg);
      text.textContent = symbol.text;
    }
    return svg;
  }

  class ClusterAtlas {
    constructor(map) {
      this.map = map;
      this.drawn = new Map();
      this.report = { clicks: 0, clicked: null, place: null };
      this.token = null;
      this.fitted = null;
      this.quiet = false;
      this.turn = 0;
      this.legendHeld = null;
      map.on("movestart", () => window.clusterAtlas.begin("moving"));
      map.on("moveend", () => window.clusterAtlas.end("moving"));
      map.on("moveend", () => this.moved());
      map.on("resize", () => this.resized());
      map.on("zoomend", () => this.showByZoom());
      map.on("zoomend moveend", () => this.declutter());
      map.on("zoomend", () => this.tellZoom());
      map.on("click", (event) => {
        if (this.pointTiles && event.originalEvent !== this.answered) this.click(null, event);
      });
      this.panel = L.control({ position: "bottomleft" });
      this.panel.onAdd = () => {
        const node = div("atlas-legend");
        L.DomEvent.disableClickPropagation(node);
        L.DomEvent.disableScrollPropagation(node);
        return node;
      };
      this.panel.addTo(map);
      this.hover = L.layerGroup().addTo(map);
      this.watch = new ResizeObserver(() => map.invalidateSize({ animate: false }));
      this.watch.observe(map.getContainer());
      map.on("unload", () => this.watch.disconnect());
      map.attributionControl.setPrefix(false);
      L.control.scale({ imperial: false, position: "bottomright", maxWidth: 140 }).addTo(map);
    }

    /* Show a specification. A later call wins over an earlier one that still waits. */
    async show(spec) {
      const turn = (this.turn += 1);
      window.clusterAtlas.begin("drawing");
      const names = Object.keys(spec.geometry);
      const tables = await Promise.all(names.map((name) => geometry(spec.geometry[name], name)));
      if (turn !== this.turn) return;
      const features = Object.fromEntries(names.map((name, place) => [name, tables[place]]));
      this.spec = spec;
      this.name(spec.words.map);
      document.documentElement.lang = spec.language === "zh" ? "zh-Hans" : spec.language;
      this.features = features;
      if (window.clusterAtlas.beforeDrawn) window.clusterAtlas.beforeDrawn(spec);
      this.legend(spec);
      this.look(spec.extent);
      this.background(spec.basemap);
      this.showTiles(spec.tiles, spec.layers);
      this.credits(spec);
      const wanted = new Set(spec.layers.map((layer) => layer.id));
      for (const [id, held] of this.drawn) {
        if (!wanted.has(id)) {
          this.crowded = this.crowded || held.crowds;
          held.parts.forEach((part) => part.group.remove());
          this.drawn.delete(id);
        }
      }
      this.redraw();
      this.tellZoom();
      this.shown = true;
      for (const part of window.clusterAtlas.parts) part(this, spec);
      document.body.dataset.atlasTurn = String(turn);
      document.body.dataset.atlasReady = "true";
      window.clusterAtlas.end("drawing");
    }

    /* Draw what has changed since it was last drawn. */
    redraw() {
      this.spec.layers.forEach((layer, place) => {
        const shown = this.sift ? this.sift(layer) : layer;
        this.put(shown, place, this.features[layer.geometry]);
      });
      this.showByZoom();
      if (this.crowded) this.declutter();
      this.crowded = false;
    }

    put(layer, place, features) {
      const { title, values, classes, ...rest } = layer;
      const signature = JSON.stringify([rest, classes.map(({ label, ...found }) => found),
        Boolean(window.clusterAtlas.tones)]);
      const words = JSON.stringify([this.spec.name_field, title, values,
        classes.map(({ label }) => label)]);
      const pane = "atlas-" + layer.id;
      if (!this.map.getPane(pane)) this.map.createPane(pane);
      this.map.getPane(pane).style.zIndex = 300 + 2 * place;
      const held = this.drawn.get(layer.id);
      if (held && held.signature === signature) {
        if (held.words === words) return;
        /* Other words alone: areas stay as they are drawn; rings say what they count. */
        if (!layer.groupings.length) {
          held.parts.forEach((part) => part.group.eachLayer((one) => this.nameArea(one)));
          held.words = words;
          return;
        }
      }
      const renderer = held ? held.renderer : L.svg({ pane, padding: 0.4 });
      const near = layer.groupings.length
        ? Math.max(...layer.groupings.map((grouping) => grouping.below_zoom)) : layer.min_zoom;
      const group = this.singles(layer, features, pane, renderer);
      if (held) held.parts.forEach((part) => part.group.remove());
      let from = layer.min_zoom;
      const parts = layer.groupings.map((grouping) => {
        const part = { group: this.rings(layer, features, grouping, pane),
          from, below: grouping.below_zoom };
        from = grouping.below_zoom;
        return part;
      });
      parts.push({ group, from: near, below: Infinity });
      const crowds = layer.groupings.length > 0 ||
        classes.some(({ symbol }) => CROWDING.has(symbol.kind));
      this.crowded = this.crowded || crowds || Boolean(held && held.crowds);
      this.drawn.set(layer.id, { signature, words, renderer, parts, crowds });
    }

    singles(layer, features, pane, renderer) {
      const group = L.layerGroup();
      for (const found of layer.classes) {
        for (const id of found.features || features.keys()) {
          const feature = features.get(id);
          if (!feature) continue;
          const drawnFeature = draw[found.symbol.kind](toned(found.symbol), feature,
            { pane, renderer, interactive: layer.interactive });
          if (layer.interactive) this.listen(drawnFeature, feature);
          group.addLayer(drawnFeature);
        }
      }
      return group;
    }

    /* One ring for each area that has points of the layer, below the area's name. */
    rings(layer, features, grouping, pane) {
      const areas = new Map();
      for (const found of layer.classes) {
        for (const id of found.features || features.keys()) {
          const area = features.get(id).properties[grouping.by];
          if (!areas.has(area)) areas.set(area, new Map());
          const shares = areas.get(area);
          const key = toned(found.symbol).color;
          if (!shares.has(key)) shares.set(key, { color: key, label: found.label, count: 0 });
          shares.get(key).count += 1;
        }
      }
      const group = L.layerGroup();
      for (const [area, shares] of areas) {
        const home = this.features[grouping.by].get(area) || this.features.cities.get(area);
        if (!home) continue;
        const ring = L.marker(labelPoint(home), {
          pane, interactive: true, keyboard: true,
          icon: L.divIcon({ html: shareRing([...shares.values()]), iconSize: [0, 0],
            className: "atlas-anchor atlas-ring-anchor" }),
        });
        ring.bindTooltip(() => this.ringTooltip(home, [...shares.values()]),
          { className: "atlas-tooltip", direction: "top" });
        ring.on("click", () => this.zoomTo(home));
        const counts = [...shares.values()].map((share) => share.label + " " + share.count);
        named(ring, [home.properties[this.spec.name_field], ...counts].join(", "));
        group.addLayer(ring);
      }
      return group;
    }

    ringTooltip(home, shares) {
      const node = div("");
      div("atlas-tooltip-name", home.properties[this.spec.name_field], node);
      for (const share of shares) {
        const line = div("atlas-tooltip-line", "", node);
        div("atlas-dot", "", line).style.background = share.color;
        line.appendChild(document.createTextNode(share.label + " " + share.count));
      }
      return node;
    }

    zoomTo(home) {
      this.touched = true;
      this.fitted = null;
      this.map.flyToBounds(L.polygon(latLngs(home)).getBounds(),
        { duration: 0.6, animate: !this.calm(), maxZoom: 11, padding: [24, 24] });
    }

    calm() {
      return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    }

    showByZoom() {
      const zoom = this.map.getZoom();
      const { classList } = this.map.getContainer();
      if (this.spec) this.tellDetail();
      classList.toggle("atlas-near", zoom >= ICONS_FROM_ZOOM);
      classList.toggle("atlas-far", zoom < DETAIL_FROM_ZOOM);
      for (const held of this.drawn.values()) {
        for (const part of held.parts) {
          if (zoom >= part.from && zoom < part.below) part.group.addTo(this.map);
          else part.group.remove();
        }
      }
    }

    declutter() {
      window.clusterAtlas.placeNames(this.map);
    }

    /* Give what is drawn for a feature the name that is read out for it, once it is on the map. */
    nameArea(drawn) {
      const node = drawn.atlasFeature && drawn.getElement();
      if (node) node.setAttribute("aria-label", drawn.atlasFeature.properties[this.spec.name_field]);
    }

    listen(polygon, feature) {
      polygon.atlasFeature = feature;
      polygon.on("add", () => this.nameArea(polygon));
      polygon.bindTooltip(() => this.tooltip(feature), { sticky: true, className: "atlas-tooltip" });
      polygon.on("click", (event) => this.click(feature.id, event));
      if (feature.geometry.type === "Point") return;
      polygon.on("mouseover", () => this.highlight(feature));
      polygon.on("mouseout", () => this.hover.clearLayers());
      polygon.on("add", () => {
        const path = polygon.getElement();
        path.setAttribute("tabindex", "0");
        path.setAttribute("role", "button");
        path.dataset.feature = feature.id;
        path.addEventListener("focus", () => this.highlight(feature));
        path.addEventListener("blur", () => this.hover.clearLayers());
        path.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            this.click(feature.id);
          }
        });
      });
    }

    highlight(feature) {
      if (!this.map.getPane("atlas-hover")) {
        this.map.createPane("atlas-hover").style.zIndex = 390;
      }
      this.hover.clearLayers();
      /* A light edge under the dark line keeps it visible on every fill. */
      this.hover.addLayer(L.polygon(latLngs(feature), {
        pane: "atlas-hover", interactive: false, fill: false, weight: 5.2, opacity: 0.85,
        color: window.clusterAtlas.tones ? "#111418" : "#FFFFFF",
      }));
      this.hover.addLayer(L.polygon(latLngs(feature), {
        pane: "atlas-hover", interactive: false, fill: false, weight: 2.4,
        color: window.clusterAtlas.tones ? "#FFFFFF" : "#111418",
      }));
    }

    tooltip(feature) {
      const node = div("");
      div("atlas-tooltip-name", feature.properties[this.spec.name_field], node);
      for (const layer of this.spec.layers) {
        if (!layer.in_tooltip && feature.geometry.type !== "Point") continue;
        const found = layer.classes.find((one) => one.features && one.features.includes(feature.id));
        if (!found) continue;
        const line = div("atlas-tooltip-line", "", node);
        line.appendChild(swatch({ ...found.symbol, opacity: 1 }));
        const value = layer.values && layer.values[feature.id];
        line.appendChild(document.createTextNode(value === undefined ? found.label : value));
      }
      return node;
    }

    legend(spec) {
      const signature = JSON.stringify([spec.legend, Boolean(window.clusterAtlas.tones)]);
      if (signature === this.legendSignature) return;
      this.legendSignature = signature;
      const panel = this.panel.getContainer();
      const details = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = spec.words.legend;
      summary.addEventListener("click", () => { this.legendHeld = !details.open; });
      details.appendChild(summary);
      for (const group of spec.legend) {
        div("atlas-legend-group", group.title, details);
        for (const entry of group.entries) {
          const line = div("atlas-legend-line", "", details);
          if (entry.toggle) line.dataset.toggle = entry.toggle;
          line.appendChild(swatch(entry.symbol));
          const words = div("", "", line);
          div("atlas-legend-label", entry.label, words);
          if (entry.note) div("atlas-legend-note", entry.note, words);
          if (entry.note) line.title = entry.note;
        }
      }
      panel.replaceChildren(details);
      this.tellDetail();
      this.holdLegend(this.legendHeld);
    }

    /* A line of the legend says so while the map is too far away to show what it means. */
    tellDetail() {
      const zoom = this.map.getZoom();
      for (const layer of this.spec.layers) {
        const lines = this.panel.getContainer()
          .querySelectorAll("[data-toggle='overlay." + layer.id + "'] .atlas-legend-label");
        for (const label of lines) {
          const told = label.parentElement.querySelector(".atlas-legend-nearer");
          const far = !layer.groupings.length && zoom < layer.min_zoom;
          if (far && !told) {
            const note = document.createElement("span");
            note.className = "atlas-legend-nearer";
            note.textContent = this.spec.words.nearer;
            label.after(note);
          } else if (!far && told) told.remove();
        }
      }
    }

    /* Hold the legend open or shut; with null it is open while the map has room for it. */
    holdLegend(open) {
      this.legendHeld = open;
      const panel = this.panel.getContainer();
      const details = panel.querySelector("details");
      const width = this.map.getSize().x;
      panel.classList.toggle("atlas-compact", width > LEGEND_ROOM_PX && width < COMPACT_BELOW_PX);
      if (details) details.open = open ?? width > LEGEND_ROOM_PX;
    }

    credits(spec) {
      const text = document.createElement("span");
      text.textContent = spec.credits;
      if (this.credit === text.innerHTML) return;
      if (this.credit) this.map.attributionControl.removeAttribution(this.credit);
      this.credit = text.innerHTML;
      this.map.attributionControl.addAttribution(this.credit);
    }

    background(basemap) {
      const address = basemap ? basemap.tiles : "";
      if (address === (this.tilesAddress || "")) return;
      if (this.tiles) this.tiles.remove();
      this.tiles = null;
      this.tilesAddress = address;
      if (!address) return;
      this.tiles = L.tileLayer(address, {
        attribution: basemap.attribution, subdomains: basemap.subdomains, maxZoom: basemap.max_zoom,
      }).addTo(this.map);
    }

    /* Points that the server has drawn. A new picture is fetched unseen and takes the place
     * of the old one when it is whole, so that nothing flickers. */
    showTiles(tiles, layers) {
      const address = tiles ? tiles.address : "";
      const old = this.pointTiles;
      const named = layers.findIndex((layer) => layer.classes.every(
        (found) => found.symbol.kind === "label"));
      const pane = this.map.getPane("atlas-tiles") || this.map.createPane("atlas-tiles");
      pane.style.zIndex = 299 + 2 * (named < 0 ? layers.length : named);
      pane.style.pointerEvents = "none";
      if (address === (old ? old.address : "")) return;
      this.pointTiles = null;
      if (!tiles) {
        old.layer.remove();
        return;
      }
      const credit = document.createElement("span");
      credit.textContent = tiles.attribution;
      const layer = L.tileLayer(address, { pane: "atlas-tiles", opacity: old ? 0 : 1,
        minZoom: tiles.min_zoom, maxZoom: tiles.max_zoom, attribution: credit.innerHTML });
      this.pointTiles = { address, layer };
      if (old) {
        const replace = () => setTimeout(() => {
          layer.setOpacity(1);
          old.layer.remove();
        }, FADE_MS);
        layer.once("load", replace);
        layer.once("remove", () => old.layer.remove());
      }
      layer.addTo(this.map);
    }

    /* A map that takes the focus has a name, for those who hear the page. */
    name(words) {
      const container = this.map.getContainer();
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", words);
    }

    /* Move the map only when the server asks for another extent than before. */
    look(extent) {
      if (extent.token === this.token) return;
      this.token = extent.token;
      this.touched = false;
      this.quiet = true;
      const fly = Boolean(this.shown) && !this.calm() && this.hasRoom();
      if (fly) this.map.once("moveend", () => { this.quiet = false; });
      if (extent.center) {
        this.fitted = null;
        if (fly) this.map.flyTo(extent.center, extent.zoom, { duration: 0.6 });
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

    /* Fit the bounds; without room that waits until the map has some (`resized`). */
    fit(fly) {
      if (!this.hasRoom()) return;
      const [west, south, east, north] = this.fitted;
      const bounds = L.latLngBounds([south, west], [north, east]);
      const go = fly ? "flyToBounds" : "fitBounds";
      this.map[go](bounds, {
        animate: Boolean(fly), duration: 0.6, paddingBottomRight: [EDGE_PX, EDGE_PX],
        paddingTopLeft: [EDGE_PX + this.spare(bounds), EDGE_PX],
      });
    }

    /* What the bounds leave free at the sides goes to the left, where the legend is open. */
    spare(bounds) {
      const legend = this.panel.getContainer();
      if (!legend.querySelector("details[open]")) return 0;
      const edges = L.point(2 * EDGE_PX, 2 * EDGE_PX);
      const zoom = this.map.getBoundsZoom(bounds, false, edges);
      const [from, to] = [bounds.getSouthWest(), bounds.getNorthEast()]
        .map((corner) => this.map.project(corner, zoom).x);
      return Math.max(0, Math.min(legend.offsetWidth, this.map.getSize().x - edges.x - (to - from)));
    }

    resized() {
      this.holdLegend(this.legendHeld);
      if (!this.fitted) return;
      this.quiet = true;
      this.fit();
      this.quiet = false;
    }

    moved() {
      if (this.quiet || !this.spec || !this.touched) return;
      this.fitted = null;
      this.sendSoon();
    }

    sendSoon() {
      window.clusterAtlas.begin("telling");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), REPORT_DELAY_MS);
    }

    /* Tell what was clicked and where; a key gives no place. */
    click(id, event) {
      const at = event ? event.latlng.wrap() : null;
      this.answered = event ? event.originalEvent : null;
      this.report = { clicks: this.report.clicks + 1, clicked: id,
        place: at ? [at.lat, at.lng] : null };
      this.send();
      if (this.clicked) this.clicked(id);
    }

    send() {
      clearTimeout(this.timer);
      window.clusterAtlas.end("telling");
      if (!window.Streamlit) return;
      const center = this.map.getCenter();
      window.Streamlit.setComponentValue({
        ...this.report,
        ...(this.wishes ? { wishes: this.wishes } : {}),
        token: this.token,
        center: this.fitted ? null : [center.lat, center.lng],
        zoom: this.fitted ? null : this.map.getZoom(),
        seen: this.map.getZoom(),
      });
    }

    /* The legend of density belongs to the zoom of the tiles, whoever has changed it. */
    tellZoom() {
      const zoom = Math.round(this.map.getZoom());
      if (!this.pointTiles || zoom === this.toldZoom) return;
      this.toldZoom = zoom;
      this.sendSoon();
    }
  }

  /* Leaflet moves by itself when it is resized; only a person's move is reported. */
  function watchHands(atlas) {
    const container = atlas.map.getContainer();
    for (const name of ["pointerdown", "wheel", "keydown", "touchstart"]) {
      container.addEventListener(name, () => {
        atlas.touched = true;
        // Who takes hold of the map while it still flies is heard.
        atlas.quiet = false;
      }, { passive: true, capture: true });
    }
  }

  /* What the map is about to do or doing; its page says so until it is at rest. */
  const underWay = new Set();

  function tellBusy() {
    const { dataset } = document.documentElement; // There before the body is.
    if (underWay.size) dataset.atlasBusy = [...underWay].join(" ");
    else delete dataset.atlasBusy;
  }

  /* Scripts beside this one push a part, which is told of every specification shown. */
  window.clusterAtlas = {
    begin(what) { underWay.add(what); tellBusy(); },
    end(what) { underWay.delete(what); tellBusy(); },
    parts: [],
    tools: { geometry, latLngs, swatch, div, element },
    attach(map) {
      const atlas = new ClusterAtlas(map);
      watchHands(atlas);
      window.clusterAtlas.current = atlas;
      return atlas;
    },
    beside(map) {
      return new ClusterAtlas(map);
    },
    show(spec) {
      return window.clusterAtlas.current.show(spec).catch((error) => {
        document.body.dataset.atlasError = String(error);
        throw error;
      });
    },
  };
})();
