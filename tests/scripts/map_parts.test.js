import assert from "node:assert/strict";
import { test } from "node:test";

import "./stand_ins.js";
import { spare } from "../../layers/web/assets/camera.js";
import { page } from "../../layers/web/assets/page.js";
import { levelOfPoints } from "../../layers/web/assets/tiles.js";
import { inside } from "../../ui/assets/map_table.js";
import { isDark } from "../../ui/assets/theme.js";
import { siftByYear } from "../../ui/assets/years.js";

const { groupsByArea } = await import("../../layers/web/assets/rings.js");
const { toned } = await import("../../layers/web/assets/symbols.js");

const layerOf = (...kinds) => ({ classes: kinds.map((kind) => ({ symbol: { kind } })) });

test("what bounds leave free goes to the left, at most what the legend takes", () => {
  assert.equal(spare(200, 1000, 500), 200);
  assert.equal(spare(200, 1000, 900), 76);
  assert.equal(spare(200, 1000, 2000), 0);
});

test("points that the server draws lie below the names", () => {
  const [area, names] = [layerOf("area"), layerOf("label", "label")];
  assert.equal(levelOfPoints([area, area, names]), 303);
  assert.equal(levelOfPoints([area, layerOf("label", "glyph")]), 303);
});

test("a ring counts its points by colour, wherever a class names them or all", () => {
  const features = new Map([[1, "x"], [2, "x"], [3, "y"]]
    .map(([id, city]) => [id, { properties: { cities: city }, geometry: { type: "Point" } }]));
  const layer = { classes: [
    { label: "red", symbol: { kind: "marker", color: "#f00" }, features: [1, 3] },
    { label: "also red", symbol: { kind: "marker", color: "#f00" }, features: [2] },
    { label: "blue", symbol: { kind: "marker", color: "#00f" }, features: null },
  ] };
  const found = groupsByArea(layer, features, "cities");
  assert.deepEqual(found.get("x").shares.map(({ label, count }) => [label, count]),
    [["red", 2], ["blue", 2]]);
  assert.deepEqual(found.get("y").shares.map(({ count }) => count), [1, 1]);
});

test("a ring knows whether any of its points has a place, and whether any is marked", () => {
  const site = (county, geometry) => ({ properties: { counties: county }, geometry });
  const features = new Map([["a", site(1, null)], ["b", site(1, null)],
    ["c", site(2, { type: "Point" })], ["d", site(2, null)]]);
  const layer = { marked: ["b"], classes: [
    { label: "red", symbol: { kind: "marker", color: "#f00" }, features: ["a", "b", "c", "d"] },
  ] };
  const told = (wanted) => [...groupsByArea(layer, features, "counties", wanted)]
    .map(([area, { ids, placed, marked }]) => [area, ids, placed, marked]);
  assert.deepEqual(told(), [[1, ["a", "b"], false, true], [2, ["c", "d"], true, false]]);
  assert.deepEqual(told((one) => one.geometry === null),
    [[1, ["a", "b"], false, true], [2, ["d"], false, false]]);
});

test("a dark page exchanges the colours of grounds and lines, and no others", () => {
  const area = { kind: "area", fill: "#ffffff", stroke: "#000000" };
  assert.equal(toned(area), area);
  page.tones = { "#ffffff": "#111111" };
  try {
    assert.deepEqual(toned(area), { kind: "area", fill: "#111111", stroke: "#000000" });
    const glyph = { kind: "glyph", color: "#123456", ink: "#ffffff" };
    assert.deepEqual(toned(glyph), glyph);
  } finally {
    page.tones = null;
  }
});

test("dark is what is darker than middle grey", () => {
  assert.ok(isDark(" #0E1117 "));
  assert.ok(!isDark("#ffffff"));
  assert.ok(!isDark("#ffff00"));
  assert.ok(!isDark(""));
});

test("a county lies in the city that its number begins with", () => {
  assert.ok(inside(990281, 990200));
  assert.ok(inside("990281", "990200"));
  assert.ok(!inside(990281, 990300));
});

test("a year leaves out later sites, those of no year, and nothing of other layers", () => {
  const years = new Map([["a", 2001], ["b", 2010]]);
  const sites = { geometry: "sites", classes: [{ features: ["a", "b", "c"] }, { features: null }] };
  const found = siftByYear(sites, 2005, years, ["a", "b", "c"]);
  assert.deepEqual(found.classes.map(({ features }) => features), [["a"], ["a"]]);
  const cities = { geometry: "cities", classes: [] };
  assert.equal(siftByYear(cities, 2005, years, []), cities);
  assert.equal(siftByYear(sites, null, years, []), sites);
});
