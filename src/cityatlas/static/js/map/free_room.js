// Find the part of a map that nothing lies over, and bring what is chosen into it: sheet, card and buttons are counted here alone.
/* global L */

import { isStill } from "../shared/dom.js";

/** @typedef {import("./labels.js").Box} Box */
/** @typedef {{maxZoom?: number, leastZoom?: number, animate?: boolean, aboutPx?: number}} Fit `aboutPx` is half of what stands at the extent's edge */

const OVER_MAP = ".leaflet-control, #months, #panel, .approval"; // what lies over a map
const OPEN_MENU = "leaflet-control-layers-expanded"; // goes when the map is touched
const [MARK_PX, EDGE_PX] = [27, 4]; // half a chosen mark, and what stays free about it
const SCALE_PX = 104; // as long as the scale may become at the next zoom
const LEAST_PX = 72; // of a side of a room; in less nothing can be fitted

/** Return the boxes of what lies over a map, [left, top, right, bottom] in pixels of its container.
 * @param {L.Map} map
 * @param {(node: Element) => boolean} counts
 * @returns {Box[]}
 */
export function coveredBoxes(map, counts = () => true) {
  const { left: x, top: y } = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(OVER_MAP)].filter(counts).map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    const isScale = one.classList.contains("leaflet-control-scale");
    return /** @type {Box} */ ([left - x, top - y, (isScale ? Math.max(right, left + SCALE_PX) : right) - x, bottom - y]);
  }).filter(([left, , right]) => right > left);
}

/** Return a box of a map that nothing lies over: each thing takes the side that costs least. Of a map that is all covered, all of it.
 * @param {L.Map} map
 * @returns {Box}
 */
export function freeRoom(map) {
  const { x, y } = map.getSize();
  let [left, top, right, bottom] = [0, 0, x, y];
  for (const [l, t, r, b] of coveredBoxes(map, (one) => !one.classList.contains(OPEN_MENU))) {
    if (l >= right || r <= left || t >= bottom || b <= top) continue;
    const costs = [(r - left) * (bottom - top), (b - top) * (right - left), (right - l) * (bottom - top), (bottom - t) * (right - left)];
    const side = costs.indexOf(Math.min(...costs));
    if (side === 0) left = r;
    else if (side === 1) top = b;
    else if (side === 2) right = l;
    else bottom = t;
  }
  return right - left < LEAST_PX || bottom - top < LEAST_PX ? [0, 0, x, y] : [left, top, right, bottom];
}

/** Return the part of the free room in which the middle of a mark may stand.
 * @param {L.Map} map
 * @param {number} aboutPx half of the mark
 * @returns {Box}
 */
function markRoom(map, aboutPx = MARK_PX) {
  const [left, top, right, bottom] = freeRoom(map);
  const [dx, dy] = [right - left, bottom - top].map((side) => Math.min(aboutPx + EDGE_PX, side / 2 - 1));
  return [left + dx, top + dy, right - dx, bottom - dy];
}

/** Tell whether a place's mark stands in the free room.
 * @param {L.Map} map
 * @param {L.LatLngExpression} place
 */
export function isInRoom(map, place) {
  const [left, top, right, bottom] = markRoom(map);
  const { x, y } = map.latLngToContainerPoint(place);
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** Show an extent in the free room, as large as it fits.
 * @param {L.Map} map
 * @param {L.LatLngBounds} bounds
 * @param {Fit} options
 */
export function fitInto(map, bounds, { maxZoom = 16, leastZoom = 0, animate = !isStill(), aboutPx } = {}) {
  const [left, top, right, bottom] = markRoom(map, aboutPx);
  const taken = map.getSize().subtract([right - left, bottom - top]);
  const zoom = Math.max(leastZoom, Math.min(maxZoom, map.getBoundsZoom(bounds, false, taken)));
  const middle = map.project(bounds.getSouthWest(), zoom).add(map.project(bounds.getNorthEast(), zoom)).divideBy(2);
  const aside = L.point((left + right) / 2, (top + bottom) / 2).subtract(map.getSize().divideBy(2));
  map.setView(map.unproject(middle.subtract(aside), zoom), zoom, { animate });
}

/** Bring a place into the middle of the free room, unless its mark stands in that already and near enough.
 * @param {L.Map} map
 * @param {L.LatLngTuple} place
 * @param {Fit} options
 */
export function bringInto(map, place, { leastZoom = 0, animate } = {}) {
  if (map.getZoom() >= leastZoom && isInRoom(map, place)) return;
  const zoom = Math.max(leastZoom, map.getZoom());
  fitInto(map, L.latLngBounds([place]), { maxZoom: zoom, leastZoom: zoom, animate });
}
