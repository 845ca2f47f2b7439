import assert from "node:assert/strict";
import { test } from "node:test";

import "./stand_ins.js";
import { unpack } from "../../layers/web/assets/unpack.js";

const PACK = {
  scale: 10,
  /* A square of two lines: along its lower right, and back along its upper left. */
  arcs: [[0, 0, 10, 0, 0, 10], [0, 0, 0, 10, 10, 0]],
  geometries: {
    cities: { ids: [7], name_zh: ["一"], name_en: ["One"], labels: [5, 6], shapes: [[[[0, ~1]]]] },
    sites: { ids: ["a", "b"], name_zh: ["甲", "乙"], name_en: ["A", "B"], points: [20, 30, -5, 1],
      unplaced: [], homes: { cities: [7, 8], counties: [71, 81] } },
  },
};

test("a ring runs along its lines, one of them backwards, without its first place again", () => {
  const [[ring]] = unpack(PACK).cities.get(7).latLngs;
  assert.deepEqual(ring.map(({ lat, lng }) => [lng, lat]), [[0, 0], [1, 0], [1, 1], [0, 1]]);
});

test("lines that two areas share are the same places", () => {
  const { geometries, ...rest } = PACK;
  const twice = { ...geometries.cities, ids: [1, 2], name_zh: ["", ""], name_en: ["", ""],
    labels: [0, 0, 0, 0], shapes: [[[[0, ~1]]], [[[1, ~0]]]] };
  const found = unpack({ ...rest, geometries: { cities: twice } }).cities;
  const [[[one]], [[other]]] = [found.get(1).latLngs, found.get(2).latLngs];
  assert.equal(one[1], other[3]);
  assert.equal(one[3], other[1]);
});

test("an area is unpacked once, and has its label where it was put", () => {
  const area = unpack(PACK).cities.get(7);
  assert.equal(area.latLngs, area.latLngs);
  assert.deepEqual([area.properties.label_lon, area.properties.label_lat], [0.5, 0.6]);
});

test("a line is walked step by step, each of several by itself", () => {
  const roads = { ids: ["r"], name_zh: [""], name_en: [""], lines: [[0, 0, 10, 5], [20, 0, 0, 10]] };
  const packed = { ...roads, lines: [roads.lines] };
  const line = unpack({ scale: 10, arcs: [], geometries: { roads: packed } }).roads.get("r");
  assert.deepEqual(line.latLngs.map((one) => one.map(({ lat, lng }) => [lng, lat])),
    [[[0, 0], [1, 0.5]], [[2, 0], [2, 1]]]);
  assert.equal(line.latLngs, line.latLngs);
});

test("a point without a place has none, and those after it keep theirs", () => {
  const { geometries, ...rest } = PACK;
  const some = { ...geometries.sites, ids: ["a", "b", "c"], name_zh: ["", "", ""],
    name_en: ["", "", ""], unplaced: [1], homes: { cities: [7, 8, 9] } };
  const found = unpack({ ...rest, geometries: { sites: some } }).sites;
  assert.deepEqual([...found.values()].map(({ geometry }) => (geometry ? geometry.coordinates : null)),
    [[2, 3], null, [1.5, 3.1]]);
  assert.deepEqual([...found.values()].map(({ properties }) => properties.cities), [7, 8, 9]);
});

test("points are steps from one to the next, and know their homes", () => {
  const { sites } = unpack(PACK);
  assert.deepEqual(sites.get("a").geometry.coordinates, [2, 3]);
  assert.deepEqual(sites.get("b").geometry.coordinates, [1.5, 3.1]);
  assert.deepEqual(sites.get("b").properties,
    { name_zh: "乙", name_en: "B", cities: 8, counties: 81 });
});
