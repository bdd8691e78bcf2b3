// Shift positions to GCJ-02, the datum of some Chinese basemaps (same formula as cityatlas/datum.py).

const A = 6378245.0; // Krasovsky 1940, metres
const EE = 0.00669342162296594323;
const RAD = Math.PI / 180;

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

const isInChina = (lon, lat) => lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

/** Return [lon, lat] in GCJ-02 of a WGS-84 position; outside China the two are one. */
export function toGcj02(lon, lat) {
  if (!isInChina(lon, lat)) return [lon, lat];
  const [dLon, dLat] = offset(lon, lat);
  return [lon + dLon, lat + dLat];
}

/** Return [lon, lat] in WGS-84 of a GCJ-02 position, by fixed-point steps (under a millimetre after four). */
export function fromGcj02(lon, lat) {
  let [wLon, wLat] = [lon, lat];
  for (let step = 0; step < 5; step += 1) {
    const [gLon, gLat] = toGcj02(wLon, wLat);
    [wLon, wLat] = [wLon - (gLon - lon), wLat - (gLat - lat)];
  }
  return [wLon, wLat];
}
