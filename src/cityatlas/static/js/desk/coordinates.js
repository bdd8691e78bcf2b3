// Read positions that people paste, and tell when one looks shifted by a datum that was mixed up.

import { fromWgs84, toWgs84 } from "../shared/datum.js";
import { crowM } from "../shared/distance.js";

/** @type {Datum[]} */
const SHIFTED = ["GCJ-02", "BD-09"];
const SHIFT_TOLERANCE_M = 80; // a shift is about 490 m (GCJ-02) or 1,100 m (BD-09) in this part of China
// No look behind: Safari knows it since 16.4 only, and a script that it cannot read does nothing at all.
const pairOf = (/** @type {string} */ number) => new RegExp(`(?:^|[^\\d.])(${number})\\s*[,，;；\\s]\\s*(${number})(?![\\d.])`);
const PAIRS = [pairOf("-?\\d{1,3}\\.\\d+"), pairOf("-?\\d{1,3}(?:\\.\\d+)?")]; // other numbers of a text have no decimals
// 30°41'24.5"N or 东经121度1分12秒: a sexagesimal number, with its quarter of the sky before or behind it
const DEGREES = /([NSEW东西南北])?\s*[经纬]?\s*(\d{1,3}(?:\.\d+)?)\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″”秒]|'')\s*)?([NSEW])?/gi;
const ENCODED_COMMA = /%2C/gi;
/** @type {[sign: RegExp, datum: Datum][]} */
const DATUM_SIGNS = [
  [/coord_?type=wgs84|^geo:/i, "WGS-84"],
  [/coord_?type=gcj02|coordinate=gaode/i, "GCJ-02"],
  [/baidu|百度|bd09/i, "BD-09"],
  [/amap|gaode|autonavi|高德|map\.qq|腾讯/i, "GCJ-02"],
];

/** Return {lon, lat, datum} of a pasted text, or null; `datum` is "" where the text does not tell it.
 *
 * Amap writes lon,lat and Baidu lat,lon: which is which is told by the range, else by what lies nearer to `home`.
 * @param {string} text
 * @param {LonLat | null} home
 * @returns {{lon: number, lat: number, datum: Datum | ""} | null}
 */
export function readPosition(text, home) {
  const plain = inDecimals(text.replace(ENCODED_COMMA, ","));
  const found = PAIRS.map((pair) => pair.exec(plain)).find(Boolean);
  if (!found) return null;
  const [first, second] = [Number(found[1]), Number(found[2])];
  const ways = /** @type {LonLat[]} */ ([[first, second], [second, first]]).filter(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
  if (!ways.length) return null;
  const [lon, lat] = home && ways.length > 1 && crowM(ways[1], home) < crowM(ways[0], home) ? ways[1] : ways[0];
  return { lon, lat, datum: DATUM_SIGNS.find(([sign]) => sign.test(text))?.[1] ?? "" };
}

/** @param {string} text */
function inDecimals(text) {
  return text.replace(DEGREES, (_, before = "", degrees = "", minutes = 0, seconds = 0, behind = "") => {
    const size = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
    return ` ${(/[SW西南]/i.test(before + behind) ? -size : size).toFixed(7)} `;
  });
}

/** Return the datum that a new position seems to be in although it was taken for WGS-84, or "".
 *
 * `was` and `now` are [lon, lat]; the place is thought to be where it was, so what lies a datum's shift away is suspect.
 * @param {LonLat} was
 * @param {LonLat} now
 */
export function mistakenDatum(was, now) {
  return SHIFTED.find((datum) => crowM(fromWgs84(...was, datum), now) < SHIFT_TOLERANCE_M) ?? "";
}

/** Return whether a new position looks as if a shift was taken off it that was never there.
 * @param {LonLat} was
 * @param {LonLat} now
 */
export function isOverCorrected(was, now) {
  return SHIFTED.some((datum) => crowM(toWgs84(...was, datum), now) < SHIFT_TOLERANCE_M);
}

/** Return a coordinate with seven decimals (a centimetre) and no idle zeros.
 * @param {number} degrees
 */
export const rounded = (degrees) => Number(degrees.toFixed(7));
