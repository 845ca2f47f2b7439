/* Draw the symbols of a specification: on the map, feature by feature, and as swatches. */
import { div, element, freshId } from "./dom.js";
import { labelPoint, latLngs } from "./geometry.js";
import { L } from "./leaflet_global.js";
import { page } from "./page.js";
import { pictogram, shareRing, sign } from "./signs.js";

function hatchPattern(svg, symbol) {
  const id = freshId("hatch");
  const pattern = element("pattern", {
    id, width: symbol.spacing, height: symbol.spacing, patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(" + -symbol.angle + ")",
  }, element("defs", {}, svg));
  element("rect", {
    width: symbol.spacing, height: symbol.width, fill: symbol.color,
  }, pattern);
  return "url(#" + id + ")";
}

/* On a dark page, colours of ground, lines and names become those that `dark` gives. */
export function toned(symbol) {
  const tones = page.tones;
  if (!tones) return symbol;
  const changed = { ...symbol };
  for (const part of ["fill", "stroke", "color", "casing", "halo", "ink"]) {
    if (tones[symbol[part]]) changed[part] = tones[symbol[part]];
  }
  if (symbol.kind === "glyph") changed.ink = symbol.ink;
  return changed;
}

/* A polygon whose stroke shows only inside it: the stroke is clipped by the polygon. */
const InnerStroke = L.Polygon.extend({
  _updatePath() {
    L.Polygon.prototype._updatePath.call(this);
    if (!this._clip) {
      const id = freshId("band");
      const clip = element("clipPath", { id }, element("defs", {}, this._renderer._container));
      this._clip = element("path", { "clip-rule": "evenodd" }, clip);
      this._path.setAttribute("clip-path", "url(#" + id + ")");
    }
    this._clip.setAttribute("d", this._path.getAttribute("d"));
  },
});

/* What is drawn along the inside of a border, one upon the other: colours and widths. */
function bandStrokes(symbol) {
  return [[symbol.color, symbol.rim + symbol.width], [symbol.casing, symbol.rim]];
}

/* A mark at the place of a point. */
function placed(mark, symbol, feature, options) {
  const [longitude, latitude] = feature.geometry.coordinates;
  mark.dataset.feature = feature.id;
  return L.marker([latitude, longitude], {
    ...options, keyboard: options.interactive,
    icon: L.divIcon({ html: mark, className: "atlas-sign",
      iconSize: [symbol.size, symbol.size] }),
  });
}

export const draw = {
  marker: (symbol, feature, options) => placed(sign(symbol), symbol, feature, options),
  pictogram: (symbol, feature, options) => placed(pictogram(symbol), symbol, feature, options),
  area(symbol, feature, options) {
    return L.polygon(latLngs(feature), {
      ...options, smoothFactor: 0.6,
      fill: symbol.fill !== null || options.interactive, fillColor: symbol.fill,
      fillOpacity: symbol.fill === null ? 0 : symbol.fill_opacity * symbol.opacity,
      stroke: symbol.stroke !== null, color: symbol.stroke, weight: symbol.stroke_width,
      opacity: symbol.opacity, dashArray: symbol.dash.length ? symbol.dash.join(" ") : null,
    });
  },
  hatch(symbol, feature, options) {
    const polygon = L.polygon(latLngs(feature), {
      ...options, smoothFactor: 0.6, stroke: false, fillOpacity: symbol.opacity,
    });
    polygon.on("add", () => {
      polygon._path.setAttribute("fill", hatchPattern(polygon._renderer._container, symbol));
      polygon._path.classList.add("atlas-hatched");
    });
    return polygon;
  },
  band(symbol, feature, options) {
    const stroke = { ...options, smoothFactor: 0.6, fill: false, noClip: true, lineJoin: "miter",
      opacity: symbol.opacity };
    return L.layerGroup(bandStrokes(symbol).map(([color, width]) =>
      new InnerStroke(latLngs(feature), { ...stroke, color, weight: width * 2 })));
  },
  line(symbol, feature, options) {
    const places = latLngs(feature);
    const stroke = { ...options, smoothFactor: 1, opacity: symbol.opacity, lineCap: "round" };
    const line = L.polyline(places, { ...stroke, color: symbol.color, weight: symbol.width,
      dashArray: symbol.dash.length ? symbol.dash.join(" ") : null,
      lineCap: symbol.dash.length ? "butt" : "round" });
    if (!symbol.casing) return line;
    const casing = L.polyline(places, { ...stroke, color: symbol.casing,
      weight: symbol.width + 2 });
    return L.layerGroup([casing, line]);
  },
  glyph(symbol, feature, options) {
    const node = div("atlas-glyph", symbol.text);
    node.style.cssText = "width:" + symbol.size + "px;height:" + symbol.size + "px;" +
      "line-height:" + symbol.size + "px;font-size:" + symbol.size * 0.46 + "px;" +
      "background:" + symbol.color + ";color:" + symbol.ink + ";opacity:" + symbol.opacity;
    return L.marker(labelPoint(feature), {
      ...options, keyboard: false,
      icon: L.divIcon({ html: node, className: "atlas-anchor atlas-above", iconSize: [0, 0] }),
    });
  },
  label(symbol, feature, options) {
    const node = div("atlas-label", feature.properties[symbol.field]);
    if (feature.id) node.dataset.names = feature.id;
    node.style.cssText = "font-size:" + symbol.size + "px;color:" + symbol.color + ";" +
      "--halo:" + symbol.halo + ";font-weight:" + (symbol.bold ? 600 : 400) + ";" +
      "opacity:" + Math.max(symbol.opacity, symbol.opacity < 1 ? 0.45 : 1);
    return L.marker(labelPoint(feature), {
      ...options, keyboard: false,
      icon: L.divIcon({ html: node, className: "atlas-anchor", iconSize: [0, 0] }),
    });
  },
};

/* What is pale or leaves gaps is seen on the land. */
const LAND = { fill: "#E4EFD3" };

export function swatch(given) {
  const symbol = toned(given);
  const svg = element("svg", { width: 30, height: 18, viewBox: "0 0 30 18", "aria-hidden": "true" });
  const box = { x: 1, y: 1, width: 28, height: 16, rx: 2 };
  const onLand = symbol.kind === "area" ? symbol.fill : ["hatch", "band"].includes(symbol.kind);
  if (onLand) element("rect", { ...box, ...toned(LAND) }, svg);
  if (symbol.kind === "area") {
    if (symbol.fill === null) {
      element("line", { x1: 1, x2: 29, y1: 9, y2: 9, stroke: symbol.stroke,
        "stroke-width": symbol.stroke_width + 0.4, "stroke-dasharray": symbol.dash.join(" ") }, svg);
    } else {
      element("rect", { ...box, fill: symbol.fill, "fill-opacity": symbol.fill_opacity,
        stroke: "#59606B", "stroke-width": 0.6 }, svg);
    }
  } else if (symbol.kind === "line") {
    const place = { x1: 1, x2: 29, y1: 9, y2: 9 };
    if (symbol.casing) {
      element("line", { ...place, stroke: symbol.casing, "stroke-width": symbol.width + 2 }, svg);
    }
    element("line", { ...place, stroke: symbol.color, "stroke-width": symbol.width,
      "stroke-dasharray": symbol.dash.join(" ") }, svg);
  } else if (symbol.kind === "hatch") {
    const fill = hatchPattern(svg, symbol);
    element("rect", { ...box, fill, stroke: "#59606B", "stroke-width": 0.6 }, svg);
  } else if (symbol.kind === "band") {
    element("rect", { ...box, fill: "none", stroke: "#59606B", "stroke-width": 1 }, svg);
    const inside = 0.5 + symbol.rim + symbol.width / 2;
    element("rect", { x: 1 + inside, y: 1 + inside, width: 28 - 2 * inside,
      height: 16 - 2 * inside, fill: "none", stroke: symbol.color, "stroke-width": symbol.width },
    svg);
  } else if (symbol.kind === "marker") {
    const mark = sign({ ...symbol, size: 22 });
    svg.setAttribute("height", 22);
    svg.setAttribute("viewBox", "0 0 30 22");
    mark.setAttribute("x", 4);
    svg.appendChild(mark);
  } else if (symbol.kind === "pictogram") {
    const mark = pictogram(symbol);
    mark.setAttribute("x", 6);
    svg.appendChild(mark);
  } else if (symbol.kind === "stack") {
    const mark = shareRing([{ color: symbol.color, count: 2 }], { hollow: true });
    mark.lastChild.remove();
    mark.setAttribute("class", "");
    mark.setAttribute("width", 18);
    mark.setAttribute("height", 18);
    mark.setAttribute("x", 6);
    svg.appendChild(mark);
  } else if (symbol.kind === "label") {
    const text = element("text", { x: 15, y: 13, "text-anchor": "middle", "font-size": 12,
      fill: symbol.color }, svg);
    text.textContent = "Aa";
  } else if (symbol.kind === "glyph") {
    element("circle", { cx: 15, cy: 9, r: 8.5, fill: symbol.color }, svg);
    const text = element("text", { x: 15, y: 12.2, "text-anchor": "middle", "font-size": 9,
      "font-weight": 600, fill: symbol.ink }, svg);
    text.textContent = symbol.text;
  }
  return svg;
}
