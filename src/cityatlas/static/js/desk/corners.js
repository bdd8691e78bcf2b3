// Read and write the corners of a line or an area as text, one "lon, lat" a line; a page's form shows them so.

import { toWgs84 } from "../shared/datum.js";
import { rounded } from "./coordinates.js";

/** @type {Record<string, number>} */
const LEAST = { LineString: 2, Polygon: 3 };
const CORNER = /^(-?\d{1,3}(?:\.\d+)?)[\s,，;；]+(-?\d{1,2}(?:\.\d+)?)[\s,;]*$/;

/** Return the text of one line or one area without holes; "" for all else, which only GeoJSON shows.
 * @param {Drawable | null} geometry
 */
export function cornersOf(geometry) {
  const rings = geometry?.type === "Polygon" ? geometry.coordinates : geometry?.type === "LineString" ? [geometry.coordinates] : [];
  if (rings.length !== 1 || rings[0].some((corner) => corner.length !== 2)) return "";
  const corners = geometry?.type === "Polygon" ? rings[0].slice(0, -1) : rings[0];
  return corners.map(([lon, lat]) => `${lon}, ${lat}`).join("\n");
}

/** Return the geometry (WGS-84) of a text of corners in a datum, null for an empty one, undefined while it is none.
 * @param {string} text
 * @param {string} type "LineString" or "Polygon"
 * @param {Datum} datum
 * @returns {Drawable | null | undefined}
 */
export function readCorners(text, type, datum) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  if (!lines.length) return null;
  const corners = lines.map((line) => /** @type {LonLat} */ ((CORNER.exec(line) ?? []).slice(1).map(Number)));
  if (corners.some((corner) => !corner.length || Math.abs(corner[0]) > 180 || Math.abs(corner[1]) > 90)) return undefined;
  if (corners.length < LEAST[type]) return undefined;
  const read = corners.map(([lon, lat]) => (datum === "WGS-84" ? [lon, lat] : toWgs84(lon, lat, datum).map(rounded)));
  return type === "Polygon" ? { type, coordinates: [[...read, read[0]]] } : { type: "LineString", coordinates: read };
}
