// Settle the marks of places where they crowd, and say what they are called, for the names on the map.
/* global L */

import { MARK_PX, settleMarks } from "./crowd.js";

/** @typedef {import("./base_names.js").Named} Named */
/** @typedef {import("./marks.js").Mark} Mark */

const PLACE_RANK = 6; // among the basemap's names: after towns, before streets
const GAP_PX = 2; // between a mark and its name
const MOST_SETTLED = 400; // of more marks in one view each stays where it is

/** Tell a mark by what it can do: in a frame its class comes with another script.
 * @param {L.Icon | L.DivIcon | undefined} icon
 */
const isMark = (icon) => icon !== undefined && "fit" in icon;

/** Return the marks that are on the map, from north to south; the chosen one, which is drawn once more, is the last.
 * @param {L.Map} map
 */
function marksOn(map) {
  /** @type {Mark[]} */
  const found = [];
  map.eachLayer((layer) => {
    if (layer instanceof L.Marker && isMark(layer.options.icon) && layer.getElement()) found.push(/** @type {Mark} */ (layer));
  });
  const order = (/** @type {Mark} */ { options: { icon } }) => Number(icon.isChosen);
  return found.sort((a, b) => order(a) - order(b) || b.getLatLng().lat - a.getLatLng().lat || a.getLatLng().lng - b.getLatLng().lng);
}

/** Give each mark its size and place, and return the names of those in view.
 * @param {L.Map} map
 * @returns {Named[]}
 */
export function placeNames(map) {
  const marks = marksOn(map);
  const spots = marks.map((mark) => map.latLngToContainerPoint(mark.getLatLng()));
  const chosen = marks.find(({ options: { icon } }) => icon.isChosen);
  const isFree = (/** @type {Mark} */ mark) => !chosen || mark === chosen || !mark.getLatLng().equals(chosen.getLatLng());
  const settled = marks.length > MOST_SETTLED ? spots.map(({ x, y }) => ({ x, y, side: MARK_PX })) : settleMarks(spots);
  const [view, names] = [map.getSize(), /** @type {Named[]} */ ([])];
  marks.forEach((mark, n) => {
    const { icon } = mark.options;
    const [{ x, y }, spot] = [icon.isChosen ? { ...spots[n] } : settled[n], spots[n]];
    const side = icon.fit(mark.getElement(), x - spot.x, y - spot.y, settled[n].side < MARK_PX);
    const { name, short = "", id } = icon.properties;
    if (!name || !isFree(mark) || spot.x < 0 || spot.y < 0 || spot.x > view.x || spot.y > view.y) return;
    names.push({ text: short || name, style: "place", weight: PLACE_RANK, isChosen: icon.isChosen, at: [x, y], reach: side / 2 + GAP_PX, nearOnly: false, key: short || name, id });
  });
  return names;
}
