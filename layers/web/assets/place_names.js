/* Place names so that none lies on a ring, a sign, a glyph or a louder name.
 *
 * Rings, signs and glyphs stand where they stand and shrink as the map gets small. A name tries its
 * own place above its ring, then right, left and below it; the one that covers least is taken,
 * and a name that would still be hard to read is left out. A corner of its ring is taken only
 * where no other ring is near that could be thought its own. A name without a ring moves a
 * little within its area; that of a site stands beside its sign, and of very many, those in sight
 * are placed. */

const SMALLEST = 0.62;
const FULL_FROM_ZOOM = 7.5;
const GAP = 3;
const MOST_COVERED = 0.3;
const TOO_NEAR = 6;
const MOST_NAMES = 600;

export function scaleAt(zoom) {
  return Math.max(SMALLEST, Math.min(1, 1 - (FULL_FROM_ZOOM - zoom) * 0.3));
}

export function overlap(one, other) {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function moved(box, [x, y]) {
  return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
}

/* The ring and the glyph at the point that a name belongs to. */
function company(point, boxes) {
  const near = boxes.filter((box) => Math.abs(box.middle - point.x) < 1 &&
    Math.abs(box.top - point.y) < 60 && Math.abs(box.bottom - point.y) < 60);
  return near.length ? { left: Math.min(...near.map((box) => box.left)),
    right: Math.max(...near.map((box) => box.right)),
    rings: near.filter((box) => box.bottom > point.y) } : null;
}

function grown(box, by) {
  return { left: box.left - by, right: box.right + by, top: box.top - by, bottom: box.bottom + by };
}

export function places(box, point, boxes) {
  const near = company(point, boxes);
  const width = box.right - box.left, height = box.bottom - box.top;
  if (!near) {
    return [[0, 0], [0, -height / 2], [0, height / 2], [-width / 3, 0], [width / 3, 0],
      [0, -height], [0, height], [-width / 2, 0], [width / 2, 0]];
  }
  if (!near.rings.length) return [[0, 0]];
  const ring = near.rings[0];
  const level = (ring.top + ring.bottom) / 2 - point.y;
  const right = ring.right - point.x + GAP + width / 2;
  const left = ring.left - point.x - GAP - width / 2;
  const below = ring.bottom - point.y + GAP + height / 2;
  if (ring.top < point.y) {
    return [[right, level], [left, level], [0, ring.top - point.y - GAP - height / 2], [0, below]];
  }
  const others = boxes.filter((other) => !near.rings.includes(other));
  const corners = [[right, 0], [left, 0], [right, below - height / 2], [left, below - height / 2]]
    .filter((shift) => !others.some((other) => overlap(grown(moved(box, shift), TOO_NEAR), other)));
  return [[0, 0], [right, level], [left, level], [0, below], ...corners];
}

function named(node) {
  const own = node.style.marginLeft || node.style.marginTop;
  if (own) node.style.margin = "0";
  return node;
}

export function placeNames(map) {
  const container = map.getContainer();
  container.style.setProperty("--atlas-scale", String(scaleAt(map.getZoom())));
  const all = (names) => [...container.querySelectorAll(names)];
  const { atlasFound } = container.dataset;
  const isDoubled = (node) => Boolean(atlasFound) && node.dataset.names === atlasFound;
  const [doubled, labels] = [isDoubled, (node) => !isDoubled(node)]
    .map((kept) => all(".atlas-label").filter(kept).map(named));
  for (const node of doubled) node.style.visibility = "hidden";
  const boxOf = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return { left, right, top, bottom, middle: (left + right) / 2 };
  };
  const fixed = all(".atlas-glyph, .atlas-ring, .atlas-sign svg").map(boxOf);
  const sight = boxOf(container);
  const waiting = labels.map((node) => {
    const anchor = node.parentElement.getBoundingClientRect(), box = boxOf(node);
    return { node, box, point: { x: anchor.left, y: anchor.top },
      seen: overlap(box, sight) > 0 ? 1 : 0,
      level: Number(node.closest(".leaflet-pane").style.zIndex),
      loud: parseFloat(node.style.fontSize) };
  });
  waiting.sort((one, other) => other.loud - one.loud || other.level - one.level ||
    other.seen - one.seen);
  const taken = [...fixed];
  const unseen = waiting.filter(({ seen }) => !seen).slice(MOST_NAMES);
  for (const { node } of unseen) node.style.visibility = "hidden";
  const left = new Set(unseen);
  for (const label of waiting.filter((one) => !left.has(one))) settle(label, taken, places(label.box, label.point, fixed));
}

function settle({ node, box }, taken, wanted) {
  const area = (box.right - box.left) * (box.bottom - box.top);
  let best = null;
  for (const shift of wanted) {
    const there = moved(box, shift);
    const covered = taken.reduce((sum, other) => sum + overlap(there, other), 0) / area;
    if (!best || covered < best.covered - 0.01) best = { shift, there, covered };
    if (!covered) break;
  }
  const city = node.style.fontWeight === "600";
  const hidden = best.covered > (city ? MOST_COVERED : 0);
  node.style.visibility = hidden ? "hidden" : "";
  if (hidden) return;
  node.style.margin = best.shift[1] + "px 0 0 " + best.shift[0] + "px";
  taken.push(best.there);
}
