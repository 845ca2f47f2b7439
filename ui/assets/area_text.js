/* Areas as addresses write them (clusters/area_of_interest.py), from what was drawn. */

const degrees = (value) => String(Number(value.toFixed(4)));
const kilometres = (value) => String(Number(value.toFixed(1)));
const place = ([latitude, longitude]) => `${degrees(latitude)},${degrees(longitude)}`;

/* How many points a form needs, and after how many it is done by itself. */
export const FORMS = {
  circle: { least: 2, most: 2 },
  road: { least: 1, most: 1, km: true },
  box: { least: 2, most: 2 },
  polygon: { least: 3, most: 200 },
  corridor: { least: 2, most: 200, km: true },
  measure: { least: 2, most: 200 },
};

const RADIUS_KM = 6371.009;
const radians = (value) => (value * Math.PI) / 180;

/* The area of a closed line of points on the sphere in km2, after Chamberlain and Duquette (2007). */
export function areaKm2(points) {
  const sum = points.reduce((total, [latitude, longitude], at) => {
    const [next, east] = points[(at + 1) % points.length];
    return total + radians(east - longitude) * (2 + Math.sin(radians(latitude)) + Math.sin(radians(next)));
  }, 0);
  return Math.abs(sum * RADIUS_KM * RADIUS_KM) / 2;
}

/* `points` are [latitude, longitude]; `km` is the radius, or the way or width that was typed. */
export function areaText(form, points, km) {
  if (form === "box") {
    const [latitudes, longitudes] = [0, 1].map((axis) => points.map((point) => point[axis]));
    const sides = [Math.min(...longitudes), Math.min(...latitudes),
      Math.max(...longitudes), Math.max(...latitudes)];
    return `box:${sides.map(degrees).join(",")}`;
  }
  const places = points.map(place).join(";");
  if (form === "polygon") return `polygon:${places}`;
  if (form === "corridor") return `corridor:${kilometres(km)}:${places}`;
  return `${form}:${place(points[0])},${kilometres(km)}`;
}

const side = ([a, b], [c, d], [e, f]) => Math.sign((c - a) * (f - b) - (d - b) * (e - a));

function meet(one, other, third, fourth) {
  return side(one, other, third) !== side(one, other, fourth)
    && side(third, fourth, one) !== side(third, fourth, other);
}

/* Whether the sides of a closed line of points cross each other. */
export function crosses(points) {
  const sides = points.map((point, at) => [point, points[(at + 1) % points.length]]);
  for (let one = 0; one < sides.length; one += 1) {
    for (let other = one + 2; other < sides.length; other += 1) {
      const neighbours = one === 0 && other === sides.length - 1;
      if (!neighbours && meet(...sides[one], ...sides[other])) return true;
    }
  }
  return false;
}
