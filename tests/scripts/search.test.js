import assert from "node:assert/strict";
import { test } from "node:test";

import { search } from "../../ui/assets/search.js";

const place = (name_zh, name_en, pinyin, kind = "city") => ({ name_zh, name_en, pinyin, kind });
const LONG = place("长湖", "Changhu Lake", "chang hu");
const NORTH = place("北山", "Beishan", "bei shan", "county");
const WORKS = place("北山电池厂", "Beishan Battery Works", "bei shan dian chi chang", "site");
const ALL = [WORKS, NORTH, LONG];

test("a place is found by each of its names, its syllables, and their first letters", () => {
  for (const asked of ["长湖", "changhu", "Chang Hu", "ch", "LAKE"]) {
    assert.deepEqual(search(ALL, asked), [LONG], asked);
  }
});

test("accents, spaces and full-width letters make no difference", () => {
  assert.deepEqual(search(ALL, " bèi  shān "), [NORTH, WORKS]);
  assert.deepEqual(search(ALL, "ｂａｔｔｅｒｙ"), [WORKS]);
});

test("a whole name comes before a beginning, and a city before a site", () => {
  const city = place("北山电", "North", "bei shan dian");
  assert.deepEqual(search([WORKS, NORTH, city], "北山"), [NORTH, city, WORKS]);
});

test("a company comes before its sites, and after places", () => {
  const company = place("北山电池", "Beishan", "bei shan dian chi", "company");
  assert.deepEqual(search([WORKS, company, NORTH], "beishan"), [NORTH, company, WORKS]);
});

test("nothing is found by nothing, or by what is nowhere", () => {
  assert.deepEqual(search(ALL, "  "), []);
  assert.deepEqual(search(ALL, "xyz"), []);
});

test("as many are told as the list has room for", () => {
  const many = Array.from({ length: 30 }, (_, at) => place("山", `Shan ${at}`, "shan"));
  assert.equal(search(many, "shan").length, 9);
});
