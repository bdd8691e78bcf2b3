// Read and change what the planner's address asks for: one key, one wish, as the server reads it.

import { MOST_MUST } from "../shared/most_must.js";

/** @type {Record<string, string>} */
const USUAL = { pace: "normal", fullness: "normal", party: "1" }; // what the server takes where nothing is said
const PLACE = "place."; // begins the name of a place's field, which says must, not or nothing of it
const SHOWN_PLAIN = /%(2C|3A)/g; // commas and colons need no escape in a query

/** Return an address with some keys changed; an empty value takes its key out, as does what it remembers of its plan.
 * @param {string} address
 * @param {Record<string, string>} changes
 */
export function changed(address, changes) {
  const url = new URL(address, location.href);
  for (const [key, value] of Object.entries({ ...changes, made: "" })) {
    if (value) url.searchParams.set(key, value);
    else url.searchParams.delete(key);
  }
  return tidy(url);
}

/** Return the address that a form asks for, without what is empty or as usual; repeated fields are joined.
 * @param {HTMLFormElement} form
 */
export function addressOf(form) {
  const url = new URL(form.action, location.href);
  /** @type {Map<string, string[]>} */
  const values = new Map();
  for (const [name, said] of /** @type {Iterable<Pair>} */ (new FormData(form))) {
    const [key, value] = name.startsWith(PLACE) ? [said, name.slice(PLACE.length)] : [name, said];
    if (said && said !== USUAL[name]) values.set(key, [...(values.get(key) ?? []), value]);
  }
  for (const [key, all] of values) url.searchParams.set(key, all.join(","));
  return tidy(url);
}

/** Return the address to change by hand: the day's stops stay if they can, `firm` ones before the others.
 * @param {string} address
 * @param {string[]} ids
 * @param {string[]} firm
 */
export function settled(address, ids, firm = []) {
  return changed(address, { variant: "", keep: ids.map((id) => (firm.includes(id) ? `${id}:2` : id)).join(",") });
}

/** Return the value of a key that holds `id:value` pairs, with one id's value set.
 * @param {string} address
 * @param {string} key
 * @param {string} id
 * @param {string} value
 */
export function withPair(address, key, id, value) {
  const pairs = (new URL(address, location.href).searchParams.get(key) ?? "").split(",").filter(Boolean);
  return [...pairs.filter((pair) => !pair.startsWith(`${id}:`)), `${id}:${value}`].join(",");
}

/** Return the value of a key that holds ids, with one id added; of musts only while there is room.
 * @param {string} address
 * @param {string} key
 * @param {string} id
 */
export function withId(address, key, id) {
  const ids = (new URL(address, location.href).searchParams.get(key) ?? "").split(",").filter(Boolean);
  return key !== "must" || ids.length < MOST_MUST ? [...new Set([...ids, id])].join(",") : ids.join(",");
}

/** Return the value of a key that holds ids, with one id taken out.
 * @param {string} address
 * @param {string} key
 * @param {string} id
 */
export function withoutId(address, key, id) {
  const ids = (new URL(address, location.href).searchParams.get(key) ?? "").split(",");
  return ids.filter((other) => other !== id).join(",");
}

/** Return the address of the rest of a day: without the places that one has behind one or gives up.
 * @param {string} address
 * @param {string[]} ids
 * @param {Record<string, string>} changes
 */
export function restOf(address, ids, changes) {
  const url = new URL(address, location.href);
  for (const key of ["must", "keep", "order", "stay", "begin_at", "programme"]) {
    const kept = (url.searchParams.get(key) ?? "").split(",").filter((part) => !ids.includes(part.split(":")[0]));
    url.searchParams.set(key, kept.join(","));
  }
  const not = ids.reduce((value, id) => withId(`?not=${value}`, "not", id), url.searchParams.get("not") ?? "");
  const empty = Object.fromEntries([...url.searchParams].filter(([, value]) => !value));
  return changed(url.href, { ...empty, not, ...changes });
}

/** @param {URL} url */
function tidy(url) {
  url.hash = "";
  url.search = url.searchParams.toString().replace(SHOWN_PLAIN, (code) => decodeURIComponent(code));
  return url.href;
}
