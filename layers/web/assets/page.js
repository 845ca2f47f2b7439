/* What the modules of a page share, and what the page says of itself.
 *
 * `current` is the map, `held` the one that is compared with it, `show` draws a specification;
 * `tones` are the colours of a dark page by those of a light one. `beforeDrawn` hears of every
 * specification before it is drawn, each of `parts` of the map and the specification after it.
 * Tests, and the page around the frame, find all this as `clusterAtlas`: our one name on the
 * window, which `atlas.js` puts there. */
export const page = {
  current: null,
  held: null,
  show: null,
  tones: null,
  beforeDrawn: null,
  parts: [],
};

/* What the map is about to do or doing; its page says so until it is at rest. */
const underWay = new Set();

function tellBusy() {
  const { dataset } = document.documentElement; // There before the body is.
  if (underWay.size) dataset.atlasBusy = [...underWay].join(" ");
  else delete dataset.atlasBusy;
}

export function begin(what) {
  underWay.add(what);
  tellBusy();
}

export function end(what) {
  underWay.delete(what);
  tellBusy();
}

/* What stands in the page as JSON under an id (layers/web/folium_map.py). */
export function given(id) {
  return JSON.parse(document.getElementById(id).textContent);
}
