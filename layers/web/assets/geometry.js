/* Find features by their ids: geometry comes by address, once, or stands in the view itself. */
import { L } from "./leaflet_global.js";
import { unpack } from "./unpack.js";

const fetched = new Map();

/* The features of a geometry by their ids; several may come from one address. */
export async function geometry(address, name) {
  if (typeof address !== "string") return collection(address);
  if (!fetched.has(address)) {
    fetched.set(address, fetch(address).then((response) => {
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      return response.json();
    }).then(unpack).catch((error) => {
      fetched.delete(address); /* So that it can be asked for again. */
      throw error;
    }));
  }
  return (await fetched.get(address))[name];
}

function collection(found) {
  if (!fetched.has(found)) {
    fetched.set(found, new Map(found.features.map((feature) => [feature.id, feature])));
  }
  return fetched.get(found);
}

export function latLngs(feature) {
  if (feature.latLngs) return feature.latLngs;
  const { type, coordinates } = feature.geometry;
  const depth = { LineString: 0, MultiLineString: 1, Polygon: 1 }[type] ?? 2;
  return L.GeoJSON.coordsToLatLngs(coordinates, depth);
}

/* Whether a feature is an area; a site is a point, or has no place of its own at all. */
export function isArea(feature) {
  return feature.geometry !== null && feature.geometry.type !== "Point";
}

/* Where a name stands: at an area's label point, or at the point itself. */
export function labelPoint(feature) {
  if (!isArea(feature)) return [...feature.geometry.coordinates].reverse();
  return [feature.properties.label_lat, feature.properties.label_lon];
}
