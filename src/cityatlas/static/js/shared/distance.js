// Measure on the ground near one place, in metres. tests/data/distances.csv holds this and the server to one number.

const M_PER_DEG = 111_195; // of a great circle, on a sphere of 6,371 km

/** Return a position as metres east and north of another that is near.
 * @param {LonLat} from
 * @param {LonLat} to
 * @returns {[east: number, north: number]}
 */
export function metresFrom([lon0, lat0], [lon, lat]) {
  return [(lon - lon0) * M_PER_DEG * Math.cos((((lat0 + lat) / 2) * Math.PI) / 180), (lat - lat0) * M_PER_DEG];
}

/** Return the metres between two positions that are near each other, as the crow flies.
 * @param {LonLat} from
 * @param {LonLat} to
 */
export const crowM = (from, to) => Math.hypot(...metresFrom(from, to));
