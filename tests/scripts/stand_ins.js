/* What modules find around them in a browser, as far as their pure parts need it.
 * A test imports this first: modules take Leaflet's global when they are loaded. */
class LatLng {
  constructor(lat, lng) {
    this.lat = lat;
    this.lng = lng;
  }
}

const nothing = { extend: () => class {}, prototype: {} };

globalThis.L = { LatLng, Polygon: nothing };
