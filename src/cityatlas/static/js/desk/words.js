// Word what the editing scripts say; the sentences come with the page, in its language.

import { filled } from "../shared/words.js";

const node = document.getElementById("edit-words");
/**
 * What the server tells an editing page. A table's page has no map, and the preview of a file has no words.
 * @typedef {object} Told
 * @property {"zh" | "en"} [lang]
 * @property {Record<string, string>} [words]
 * @property {string} [account]
 * @property {LonLat} [home] in the middle of the layer's places
 * @property {number} [zoom] at which most of them are in view
 * @property {Record<string, string>} [addresses]
 */
/** @type {Told} */
const told = node ? JSON.parse(node.textContent) : {};

export const language = told.lang ?? "zh";
export const addresses = told.addresses ?? {};
export const account = told.account ?? "";
export const home = told.home ?? null;
export const homeZoom = told.zoom ?? 0;

/** Return a sentence with its {places} filled in.
 * @param {string} key
 * @param {Values} [values]
 */
export const editWord = (key, values) => filled(told.words?.[key] ?? key, values);

/** Return the time of a moment as a clock shows it.
 * @param {number} moment
 */
export const clockOf = (moment) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(moment));
