// Hold what the page says about the map: addresses, titles, styles and words, in one language.

import { filled } from "./words.js";

const node = document.getElementById("atlas");

/** Null on a page without a map, where nothing asks for it but whether it is there. */
export const atlas = /** @type {PageData} */ (node ? JSON.parse(node.textContent) : null);
export const layerSpecs = new Map(atlas ? atlas.layers.map((spec) => [spec.id, spec]) : []);

/** Return the layer of an id that the page names.
 * @param {string} id
 */
export const specOf = (id) => /** @type {LayerSpec} */ (layerSpecs.get(id));

/** Return a sentence with its {places} filled in.
 * @param {string} key
 * @param {Values} [values]
 */
export const word = (key, values) => filled(atlas.words[key] ?? key, values);

/** Return an address of a feature, made from the page's own pattern.
 * @param {string} id
 */
export const siteAddress = (id) => atlas.site.replace(/\/-(?=\/|$)/, `/${encodeURIComponent(id)}`);

/** @param {string} id */
export const cardAddress = (id) => atlas.card.replace("/-/", `/${encodeURIComponent(id)}/`);
