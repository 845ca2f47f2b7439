/* The layers that are drawn: what has changed is drawn anew, and each is shown at its zooms. */
import { L } from "./leaflet_global.js";
import { page } from "./page.js";
import { ringGroup, stacks } from "./rings.js";
import { draw, toned } from "./symbols.js";

const CROWDING = new Set(["glyph", "label"]); /* Names keep clear of these, and of rings. */
const ICONS_FROM_ZOOM = 12;
const DETAIL_FROM_ZOOM = 9;

export class DrawnLayers {
  constructor(atlas) {
    this.atlas = atlas;
    this.map = atlas.map;
    this.drawn = new Map();
    this.crowded = false; /* Names have to be placed anew. */
    this.hidden = new Set();
  }

  /* Show or hide a layer, also one that is not drawn yet. */
  show(id, shown) {
    if (shown) this.hidden.delete(id);
    else this.hidden.add(id);
    const pane = this.map.getPane(`atlas-${id}`);
    if (pane) pane.style.display = shown ? "" : "none";
  }

  /* Take away what is drawn for layers that are no longer wanted. */
  keep(layers) {
    const wanted = new Set(layers.map((layer) => layer.id));
    for (const [id, held] of this.drawn) {
      if (wanted.has(id)) continue;
      this.crowded = this.crowded || held.crowds;
      for (const part of held.parts) part.group.remove();
      this.drawn.delete(id);
    }
  }

  /* Draw a layer at its place in the order, unless it is drawn already as it should be. */
  put(layer, place, features) {
    const { title, values, classes, ...rest } = layer;
    const signature = JSON.stringify([rest, classes.map(({ label, ...found }) => found),
      Boolean(page.tones)]);
    const words = JSON.stringify([this.atlas.spec.name_field, title, values,
      classes.map(({ label }) => label)]);
    const pane = this.pane(layer.id, place);
    const held = this.drawn.get(layer.id);
    if (held && held.signature === signature) {
      if (held.words === words) return;
      /* Other words alone: areas stay as they are drawn; rings say what they count. */
      if (!layer.groupings.length) {
        for (const part of held.parts) {
          part.group.eachLayer((one) => this.atlas.pointing.name(one));
        }
        held.words = words;
        return;
      }
    }
    const renderer = held ? held.renderer : L.svg({ pane, padding: 0.4 });
    const group = this.singles(layer, features, pane, renderer);
    if (held) for (const part of held.parts) part.group.remove();
    const parts = this.parts(layer, features, pane, group);
    const crowds = layer.groupings.length > 0 ||
      classes.some(({ symbol }) => CROWDING.has(symbol.kind));
    this.crowded = this.crowded || crowds || Boolean(held?.crowds);
    this.drawn.set(layer.id, { signature, words, renderer, parts, crowds });
  }

  pane(id, place) {
    const pane = `atlas-${id}`;
    if (!this.map.getPane(pane)) this.map.createPane(pane);
    const { style } = this.map.getPane(pane);
    style.zIndex = 300 + 2 * place;
    style.display = this.hidden.has(id) ? "none" : "";
    return pane;
  }

  /* Rings of each grouping up to its zoom, from there on every feature that has a place by itself,
   * and the others as the rings of their areas. */
  parts(layer, features, pane, group) {
    let from = layer.min_zoom;
    const parts = layer.groupings.map((grouping) => {
      const part = { group: ringGroup(this.atlas, layer, features, grouping.by, pane),
        from, below: grouping.below_zoom };
      from = grouping.below_zoom;
      return part;
    });
    if (layer.groupings.length) group.addLayer(stacks(this.atlas, layer, features, pane));
    const near = layer.groupings.length
      ? Math.max(...layer.groupings.map((grouping) => grouping.below_zoom)) : layer.min_zoom;
    return [...parts, { group, from: near, below: Number.POSITIVE_INFINITY }];
  }

  singles(layer, features, pane, renderer) {
    const group = L.layerGroup();
    for (const found of layer.classes) {
      for (const id of found.features || features.keys()) {
        const feature = features.get(id);
        if (!feature?.geometry) continue;
        const drawn = draw[found.symbol.kind](toned(found.symbol), feature,
          { pane, renderer, interactive: layer.interactive });
        if (layer.interactive) this.atlas.pointing.listen(drawn, feature);
        group.addLayer(drawn);
      }
    }
    return group;
  }

  showByZoom() {
    const zoom = this.map.getZoom();
    const { classList } = this.map.getContainer();
    classList.toggle("atlas-near", zoom >= ICONS_FROM_ZOOM);
    classList.toggle("atlas-far", zoom < DETAIL_FROM_ZOOM);
    for (const held of this.drawn.values()) {
      for (const part of held.parts) {
        if (zoom >= part.from && zoom < part.below) part.group.addTo(this.map);
        else part.group.remove();
      }
    }
    this.fade(zoom);
  }

  /* What fills areas makes way for the ground, close up. */
  fade(zoom) {
    for (const { id, fades } of this.atlas.spec?.layers ?? []) {
      const pane = this.map.getPane(`atlas-${id}`);
      if (!pane) continue;
      const [first, last, least] = fades ?? [0, 1, 1];
      const gone = Math.min(Math.max((zoom - first) / (last - first), 0), 1);
      pane.style.opacity = fades ? 1 - gone * (1 - least) : "";
    }
  }
}
