// Read what a host says to a frame: only what has exactly the form of our protocol means anything.

import { PROTOCOL } from "./protocol.js";

const LETTERS = 64; // of an id; ours are shorter
const LISTS = /** @type {const} */ (["theme", "kind", "phase"]);
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/**
 * What a frame knows, against which a message is held.
 * @typedef {{extent: [number, number, number, number], theme: string[], kind: string[], phase: string[]}} Known
 */

/**
 * @typedef {{type: "hello"} | {type: "show", id: string} | {type: "flyTo", lon: number, lat: number, zoom: number}
 *   | {type: "setFilter", filter: {theme?: string[], kind?: string[], phase?: string[], month?: string}}} Command
 */

/** Return the command in a message, or null for anything else: another's message, a wrong form, a place off the map.
 * @param {unknown} data
 * @param {Known} known
 * @returns {Command | null}
 */
export function readCommand(data, known) {
  if (!isTable(data) || data["city-atlas"] !== PROTOCOL) return null;
  switch (data.type) {
    case "hello": return { type: "hello" };
    case "show": return isId(data.id) ? { type: "show", id: data.id } : null;
    case "flyTo": return readFlight(data, known);
    case "setFilter": return readFilter(data.filter, known);
    default: return null;
  }
}

/**
 * @param {Record<string, unknown>} data
 * @param {Known} known
 * @returns {Command | null}
 */
function readFlight({ lon, lat, zoom }, { extent: [west, south, east, north] }) {
  if (!isNumber(lon) || !isNumber(lat) || !isNumber(zoom)) return null;
  if (lon < west || lon > east || lat < south || lat > north || zoom < 0 || zoom > 22) return null;
  return { type: "flyTo", lon, lat, zoom };
}

/**
 * @param {unknown} filter
 * @param {Known} known
 * @returns {Command | null}
 */
function readFilter(filter, known) {
  if (!isTable(filter)) return null;
  /** @type {{theme?: string[], kind?: string[], phase?: string[], month?: string}} */
  const read = {};
  for (const key of Object.keys(filter)) {
    const value = filter[key];
    if (key === "month" && typeof value === "string" && (value === "" || MONTH.test(value))) read.month = value;
    else if (LISTS.includes(/** @type {never} */ (key)) && isChoice(value, known[/** @type {"theme"} */ (key)])) read[/** @type {"theme"} */ (key)] = value;
    else return null;
  }
  return { type: "setFilter", filter: read };
}

/** Return the id of an iframe-resizer host's greeting, or null.
 * @param {unknown} data
 */
export function readResizer(data) {
  const found = typeof data === "string" && data.length < 2000 ? /^\[iFrameSizer\]([\w-]{1,64}):/.exec(data) : null;
  return found && found[1];
}

/** Return the secret that WordPress puts behind a frame's address, or "".
 * @param {string} hash
 */
export const readSecret = (hash) => /^#\?secret=([A-Za-z0-9]{1,32})$/.exec(hash)?.[1] ?? "";

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isTable(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
function isNumber(value) {
  return Number.isFinite(value);
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isId(value) {
  return typeof value === "string" && value.length <= LETTERS && /^[a-z0-9-]*$/.test(value);
}

/**
 * @param {unknown} value
 * @param {string[]} among
 * @returns {value is string[]}
 */
function isChoice(value, among) {
  return Array.isArray(value) && value.length <= among.length && value.every((one) => among.includes(one));
}
