/* What was drawn becomes the text that addresses have, and sides that cross are found. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { areaKm2, areaText, crosses, FORMS } from "../../ui/assets/area_text.js";

const SQUARE = [[31, 119], [31, 120], [32, 120], [32, 119]];

test("each form is written as addresses have it", () => {
  assert.equal(areaText("circle", [[33.35, 120.16001], [33, 120]], 40.04), "circle:33.35,120.16,40");
  assert.equal(areaText("road", [[33.35, 120.16]], 60), "road:33.35,120.16,60");
  assert.equal(areaText("box", [[32, 119], [31, 120]], 0), "box:119,31,120,32");
  assert.equal(areaText("polygon", SQUARE, 0), "polygon:31,119;31,120;32,120;32,119");
  assert.equal(areaText("corridor", SQUARE.slice(2), 7.25), "corridor:7.3:32,120;32,119");
  assert.deepEqual(Object.keys(FORMS), ["circle", "road", "box", "polygon", "corridor", "measure"]);
});

test("sides that cross are found, neighbours and closed lines are not", () => {
  assert.equal(crosses(SQUARE), false);
  assert.equal(crosses([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]), true);
  assert.equal(crosses(SQUARE.slice(0, 3)), false);
});

test("the area of a degree by a degree is that of the ellipsoid within half a per cent", () => {
  assert.ok(Math.abs(areaKm2(SQUARE) / 10533.6 - 1) < 0.005); /* pyproj, WGS 84 */
});
