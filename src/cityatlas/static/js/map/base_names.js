// Say what the schematic basemap names in a view: places at their point, streets and rivers along their lines.
// render/naming/names.py does the same for the server's pictures.
/* global L */

/** @typedef {import("./basemaps.js").Part} Part */
/** @typedef {import("./labels.js").Label} Label */
/** @typedef {import("./labels.js").Spot} Spot */
/**
 * What is to be named: its text, the class of its style, and where, in pixels of the map's frame.
 * @typedef {Omit<Label, "size"> & {text: string, style: string, id?: string, isChosen?: boolean}} Named
 */

// Who comes first; who is seen from further away comes before others of its class.
export const RANKS = /** @type {Record<string, number>} */ ({ town: 8, sea: 7, district: 4, lake: 4, river: 3, street: 1 });
const OTHER_RANK = 2;
const LINED = new Set(["street", "river"]);
const NEAREST_DEG = 0.0001; // some 10 m: how far a street's name lies from the line that it belongs to
const [REACH_PX, TOWN_REACH_PX] = [3, 24]; // beside the point that a mark stands on; a town is still itself a little further off

/** Return how heavy a name of the basemap is.
 * @param {string} kind
 * @param {number} from the zoom from which it is named
 */
export const weightOf = (kind, from) => (RANKS[kind] ?? OTHER_RANK) + (20 - from) / 20;

/** Return what is named of a basemap's parts.
 * @param {Part[]} parts
 * @param {L.Map} map
 * @returns {Named[]}
 */
export function baseNames(parts, map) {
  const [zoom, view] = [map.getZoom(), map.getBounds()];
  const lines = parts.filter(({ layer, feature, isCasing }) => layer && !isCasing && feature.geometry.type.endsWith("LineString"));
  const isSeen = (/** @type {Part} */ line) => boundsOf(line).intersects(view);
  return parts.filter(({ layer, from, to }) => !layer && zoom >= from && zoom <= to).flatMap((part) => {
    const { name: text = "", class: kind } = part.feature.properties;
    const key = text;
    const weight = weightOf(kind, part.from);
    const own = LINED.has(kind) ? linesOf(part, lines) : [];
    if (own.length) {
      const pieces = own.filter(isSeen).flatMap((line) => inFrame(line, map));
      return pieces.length ? { text, style: kind, weight, key, lines: pieces } : [];
    }
    const { x, y } = map.latLngToContainerPoint(placeOf(part));
    return view.contains(placeOf(part)) ? { text, style: kind, weight, key, at: [x, y], reach: kind === "town" ? TOWN_REACH_PX : REACH_PX, isCentred: true } : [];
  });
}

/** Return the lines that a name belongs to: those of its name, else the nearest, which is looked for until it is there.
 * @param {Part} part
 * @param {Part[]} lines
 */
function linesOf(part, lines) {
  const { name } = part.feature.properties;
  const named = lines.filter(({ feature }) => feature.properties.name === name);
  if (named.length) return named;
  part.line ??= nearest(placeOf(part), lines);
  return part.line ? [part.line] : [];
}

/**
 * @param {L.LatLng} place
 * @param {Part[]} lines
 */
function nearest(place, lines) {
  const spot = L.point(place.lng, place.lat);
  let [best, least] = [/** @type {Part | undefined} */ (undefined), NEAREST_DEG];
  for (const line of lines) {
    if (!boundsOf(line).pad(0.01).contains(place)) continue;
    for (const row of rowsOf(line)) {
      for (let k = 1; k < row.length; k += 1) {
        const away = L.LineUtil.pointToSegmentDistance(spot, L.point(row[k - 1]), L.point(row[k]));
        if (away < least) [best, least] = [line, away];
      }
    }
  }
  return best;
}

/** Return the pieces of a line that lie in the frame, the longest first.
 * @param {Part} line
 * @param {L.Map} map
 */
function inFrame(line, map) {
  const frame = L.bounds([0, 0], map.getSize());
  /** @type {Spot[][]} */
  const pieces = [];
  for (const row of rowsOf(line)) {
    const points = row.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]));
    for (let k = 1; k < points.length; k += 1) {
      const clipped = L.LineUtil.clipSegment(points[k - 1], points[k], frame, k > 1, false);
      if (!clipped) continue;
      const [from, to] = clipped;
      const last = pieces[pieces.length - 1];
      const end = last?.[last.length - 1];
      if (end && end[0] === from.x && end[1] === from.y) last.push([to.x, to.y]);
      else pieces.push([[from.x, from.y], [to.x, to.y]]);
    }
  }
  return pieces.sort((a, b) => b.length - a.length);
}

/** @param {Part} part */
function placeOf({ feature }) {
  const [lon, lat] = /** @type {LonLat} */ (feature.geometry.coordinates);
  return L.latLng(lat, lon);
}

/** @param {Part} line */
function rowsOf({ feature: { geometry } }) {
  return /** @type {LonLat[][]} */ (geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates);
}

/** @param {Part} line */
function boundsOf(line) {
  line.bounds ??= /** @type {L.GeoJSON} */ (line.layer).getBounds();
  return line.bounds;
}

/** Return what the schematic basemap names; nothing while it is not on the map.
 * @param {import("./basemaps.js").Schematic} schematic
 */
export const namesOf = (schematic) => (schematic.map ? baseNames(schematic.parts, schematic.map) : []);
