import assert from "node:assert/strict";
import { test } from "node:test";

import { overlap, places, scaleAt } from "../../layers/web/assets/place_names.js";

const box = (left, top, right, bottom) => ({ left, top, right, bottom });

test("rings shrink as the map gets small, to a limit", () => {
  assert.equal(scaleAt(12), 1);
  assert.equal(scaleAt(7.5), 1);
  assert.ok(scaleAt(7) < 1);
  assert.equal(scaleAt(3), scaleAt(2));
});

test("boxes that touch do not overlap", () => {
  assert.equal(overlap(box(0, 0, 2, 2), box(1, 1, 5, 5)), 1);
  assert.equal(overlap(box(0, 0, 2, 2), box(2, 0, 4, 2)), 0);
  assert.equal(overlap(box(0, 0, 2, 2), box(9, 9, 10, 10)), 0);
});

const point = { x: 50, y: 50 };
const label = box(30, 40, 70, 50);
const ring = { ...box(40, 52, 60, 72), middle: 50 };

test("a name without a ring moves a little within its area", () => {
  const found = places(label, point, []);
  assert.deepEqual(found[0], [0, 0]);
  assert.ok(found.every(([x, y]) => Math.abs(x) <= 20 && Math.abs(y) <= 10));
});

test("a name with a ring tries above, right, left and below it, then corners", () => {
  const [above, right, left, below, ...corners] = places(label, point, [ring]);
  assert.deepEqual(above, [0, 0]);
  assert.equal(right[0], -left[0]);
  assert.ok(50 + right[0] - 20 > ring.right);
  assert.ok(40 + below[1] > point.y);
  assert.equal(corners.length, 4);
});

test("a corner near the ring of another place is not tried", () => {
  const other = { ...box(62, 40, 82, 60), middle: 72 };
  assert.ok(places(label, point, [ring, other]).length < places(label, point, [ring]).length);
});

test("the name of a site stands beside its sign, on it never", () => {
  const sign = { ...box(42, 42, 58, 58), middle: 50 };
  const name = box(30, 45, 70, 55);
  const found = places(name, point, [sign]);
  assert.equal(found.length, 4);
  const placed = found.map(([x, y]) => box(30 + x, 45 + y, 70 + x, 55 + y));
  assert.ok(placed.every((there) => overlap(there, sign) === 0));
  assert.ok(placed[0].left > sign.right);
});
