/* Unpack geometry that came as whole-number steps along shared lines (layers/web/packing.py). */
import { L } from "./leaflet_global.js";

/* The places along a line; `read` makes one of x and y on the grid. */
function walk(steps, read) {
  const places = new Array(steps.length / 2);
  let x = 0, y = 0;
  for (let at = 0; at < places.length; at += 1) {
    x += steps[2 * at];
    y += steps[2 * at + 1];
    places[at] = read(x, y);
  }
  return places;
}

/* A ring without its last place, which is its first again. */
function ring(numbers, arcs) {
  const places = [];
  for (const number of numbers) {
    const arc = arcs[number < 0 ? ~number : number];
    const run = number < 0 ? arc.slice().reverse() : arc;
    for (let at = 0; at < run.length - 1; at += 1) places.push(run[at]);
  }
  return places;
}

function area(packed, at, arcs, scale) {
  let made = null;
  return {
    id: packed.ids[at],
    properties: { name_zh: packed.name_zh[at], name_en: packed.name_en[at],
      label_lon: packed.labels[2 * at] / scale, label_lat: packed.labels[2 * at + 1] / scale },
    geometry: { type: "MultiPolygon" },
    get latLngs() {
      made = made || packed.shapes[at].map((polygon) =>
        polygon.map((numbers) => ring(numbers, arcs)));
      return made;
    },
  };
}

function point(packed, at, coordinates) {
  const homes = Object.entries(packed.homes).map(([name, column]) => [name, column[at]]);
  return {
    id: packed.ids[at],
    properties: { name_zh: packed.name_zh[at], name_en: packed.name_en[at],
      ...Object.fromEntries(homes) },
    geometry: coordinates && { type: "Point", coordinates },
  };
}

function lines(packed, at, scale) {
  let made = null;
  return {
    id: packed.ids[at],
    properties: { name_zh: packed.name_zh[at], name_en: packed.name_en[at] },
    geometry: { type: "MultiLineString" },
    get latLngs() {
      made = made || packed.lines[at].map((steps) =>
        walk(steps, (x, y) => new L.LatLng(y / scale, x / scale)));
      return made;
    },
  };
}

/* The place of each point, and null for those without. */
function pointPlaces(packed, scale) {
  const known = walk(packed.points, (x, y) => [x / scale, y / scale]);
  const lost = new Set(packed.unplaced);
  let next = 0;
  return packed.ids.map((_, at) => {
    if (lost.has(at)) return null;
    next += 1;
    return known[next - 1];
  });
}

function features(packed, arcs, scale) {
  const places = packed.points && pointPlaces(packed, scale);
  const one = (at) => {
    if (places) return point(packed, at, places[at]);
    return packed.lines ? lines(packed, at, scale) : area(packed, at, arcs, scale);
  };
  return new Map(packed.ids.map((id, at) => [id, one(at)]));
}

/* The tables of a pack by their names: features by their ids. */
export function unpack(pack) {
  const { scale } = pack;
  const arcs = pack.arcs.map((steps) =>
    walk(steps, (x, y) => new L.LatLng(y / scale, x / scale)));
  return Object.fromEntries(Object.entries(pack.geometries).map(([name, packed]) =>
    [name, features(packed, arcs, scale)]));
}
