// Shift positions to GCJ-02 and BD-09, the datums of Chinese web maps (the same formulas as the server's; tests/data/datum.csv holds both to them).

/** @typedef {(lon: number, lat: number) => LonLat} Shift */

const A = 6378245.0; // Krasovsky 1940, metres
const EE = 0.006693421622965943;
const RAD = Math.PI / 180;
const BD_WAVE = (Math.PI * 3000) / 180;

/** Return the shift to GCJ-02 in degrees.
 * @param {number} lon
 * @param {number} lat
 * @returns {LonLat}
 */
function offset(lon, lat) {
  const x = lon - 105.0;
  const y = lat - 35.0;
  const wave = 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);
  const root = Math.sqrt(Math.abs(x));
  const dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    + ((wave + 20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)
    + 160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  const dLon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    + ((wave + 20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)
    + 150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
  const sin = Math.sin(lat * RAD);
  const magic = 1 - EE * sin * sin;
  return [dLon / ((A / Math.sqrt(magic)) * Math.cos(lat * RAD) * RAD), dLat / (((A * (1 - EE)) / (magic * Math.sqrt(magic))) * RAD)];
}

/**
 * @param {number} lon
 * @param {number} lat
 */
const isInChina = (lon, lat) => lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

/** Return [lon, lat] in GCJ-02 of a WGS-84 position; outside China the two are one.
 * @param {number} lon
 * @param {number} lat
 * @returns {LonLat}
 */
export function toGcj02(lon, lat) {
  if (!isInChina(lon, lat)) return [lon, lat];
  const [dLon, dLat] = offset(lon, lat);
  return [lon + dLon, lat + dLat];
}

/** Return [lon, lat] in BD-09 of a WGS-84 position; outside China the two are one.
 * @param {number} lon
 * @param {number} lat
 * @returns {LonLat}
 */
function toBd09(lon, lat) {
  if (!isInChina(lon, lat)) return [lon, lat];
  const [x, y] = toGcj02(lon, lat);
  const radius = Math.hypot(x, y) + 2e-5 * Math.sin(y * BD_WAVE);
  const angle = Math.atan2(y, x) + 3e-6 * Math.cos(x * BD_WAVE);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

/** Return the WGS-84 position that `forward` moves to [lon, lat], by fixed-point steps (nanometres after six).
 * @param {Shift} forward
 * @param {number} lon
 * @param {number} lat
 * @returns {LonLat}
 */
function undo(forward, lon, lat) {
  let [wLon, wLat] = [lon, lat];
  for (let step = 0; step < 6; step += 1) {
    const [movedLon, movedLat] = forward(wLon, wLat);
    [wLon, wLat] = [wLon - (movedLon - lon), wLat - (movedLat - lat)];
  }
  return [wLon, wLat];
}

/** Return [lon, lat] in WGS-84 of a GCJ-02 position.
 * @param {number} lon
 * @param {number} lat
 */
export const fromGcj02 = (lon, lat) => undo(toGcj02, lon, lat);

/** @type {Record<Datum, Shift>} */
const FROM_WGS = { "WGS-84": (lon, lat) => [lon, lat], "GCJ-02": toGcj02, "BD-09": toBd09 };

/** Return [lon, lat] in a datum of a WGS-84 position.
 * @param {number} lon
 * @param {number} lat
 * @param {Datum} datum
 */
export const fromWgs84 = (lon, lat, datum) => FROM_WGS[datum](lon, lat);

/** Return [lon, lat] in WGS-84 of a position in a datum.
 * @param {number} lon
 * @param {number} lat
 * @param {Datum} datum
 * @returns {LonLat}
 */
export const toWgs84 = (lon, lat, datum) => (datum === "WGS-84" ? [lon, lat] : undo(FROM_WGS[datum], lon, lat));
