/* What lies under the map comes once the rest is drawn, and only where it is near enough to be
 * seen: water, roads, names of towns. What has come stays, whatever is shown next. */
import { geometry } from "./geometry.js";
import { begin, end } from "./page.js";

let asked = 0; /* Both maps of a comparison say what they wait for. */

export class Ground {
  constructor(atlas) {
    this.atlas = atlas;
    this.tables = new Map(); /* By address. */
  }

  /* Whether all that is drawn on a geometry can wait. */
  isDeferred(spec, name) {
    const drawn = spec.layers.filter((layer) => layer.geometry === name);
    return drawn.length > 0 && drawn.every((layer) => layer.deferred);
  }

  /* The deferred geometries of a specification that are here already, by their names. */
  fetched(spec) {
    return Object.fromEntries(Object.entries(spec.geometry)
      .filter(([, address]) => this.tables.has(address))
      .map(([name, address]) => [name, this.tables.get(address)]));
  }

  /* Fetch what is near enough and not here yet, and draw it. */
  async fetch() {
    const { spec, features, map } = this.atlas;
    if (!spec) return;
    const zoom = map.getZoom();
    const names = new Set(spec.layers
      .filter((layer) => layer.deferred && zoom >= layer.min_zoom && !features[layer.geometry])
      .map((layer) => layer.geometry));
    if (!names.size) return;
    asked += 1;
    const task = `ground-${asked}`;
    begin(task);
    try {
      await Promise.all([...names].map((name) => this.take(spec, name)));
    } finally {
      end(task);
    }
  }

  async take(spec, name) {
    const address = spec.geometry[name];
    /* What a browser did not get is asked for again when the map has next moved. */
    const table = await geometry(address, name).catch(() => null);
    if (!table) return;
    this.tables.set(address, table);
    const shown = this.atlas.spec;
    /* Another view may be shown by now: it has the same ground, or none. */
    if (shown.geometry[name] !== address || this.atlas.features[name]) return;
    this.atlas.features[name] = table;
    this.atlas.redraw();
  }
}
