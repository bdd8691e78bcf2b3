// Join extents, and find the part of a spread-out lot that a map is fitted to first; geo/extent.py does the same.

/** @typedef {[west: number, south: number, east: number, north: number]} Bbox */

const CORE_SHARE = 0.8; // of what is shown, the densest part; where the rest lies far off it alone is brought into view
const FAR = 2.5; // times as long a side is far: more than a zoom level

/** Return the extent of all of some extents in degrees; there is at least one.
 * @param {Bbox[]} bboxes
 * @returns {Bbox}
 */
export const joinedBbox = (bboxes) => bboxes.reduce(([w, s, e, n], [west, south, east, north]) => [Math.min(w, west), Math.min(s, south), Math.max(e, east), Math.max(n, north)]);

/** @param {number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Return the extent of all, or of the densest four fifths where the rest lies far off (tests/data/extents.json).
 * @param {Bbox[]} bboxes
 * @returns {Bbox}
 */
export function coreBbox(bboxes) {
  const middles = bboxes.map(([west, south, east, north]) => [(west + east) / 2, (south + north) / 2]);
  const [lon, lat] = [median(middles.map(([x]) => x)), median(middles.map(([, y]) => y))];
  const narrowing = Math.cos((lat * Math.PI) / 180);
  const side = (/** @type {Bbox} */ [west, south, east, north]) => Math.max((east - west) * narrowing, north - south);
  const distance = (/** @type {number} */ n) => Math.hypot((middles[n][0] - lon) * narrowing, middles[n][1] - lat);
  const nearest = bboxes.map((_, n) => n).sort((a, b) => distance(a) - distance(b)).slice(0, Math.ceil(bboxes.length * CORE_SHARE));
  const [whole, core] = [joinedBbox(bboxes), joinedBbox(nearest.map((n) => bboxes[n]))];
  return side(core) * FAR < side(whole) ? core : whole;
}

/** Return the extent of a feature in degrees, of a place where its mark stands.
 * @param {MapFeature} feature
 * @returns {Bbox}
 */
export function bboxOf({ geometry, properties: { mark } }) {
  const lons = /** @type {number[]} */ ([]);
  const lats = /** @type {number[]} */ ([]);
  const walk = (/** @type {any} */ part) => {
    if (typeof part[0] !== "number") { part.forEach(walk); return; }
    lons.push(part[0]);
    lats.push(part[1]);
  };
  walk(geometry.coordinates);
  if (mark) walk(mark);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
