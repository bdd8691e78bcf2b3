// Name what a phone keeps: a cache for each revision of a language, one for plans, and the entry that says one is whole.

const BEGIN = "cityatlas:";
export const PLANS = `${BEGIN}plans`;
export const READY = "/offline-ready";

/** Return the name of the cache of a revision.
 * @param {string} language
 * @param {string} revision
 */
export const cacheName = (language, revision) => `${BEGIN}city:${language}:${revision}`;

/** Return whether a cache is that of a revision.
 * @param {string} name
 */
export const named = (name) => name.startsWith(`${BEGIN}city:`);

/** Return whether a cache is ours.
 * @param {string} name
 */
export const isOurs = (name) => name.startsWith(BEGIN);

/** Return the place that a path is about, and whether it asks for its card alone; null for another path.
 * @param {string} path
 */
export function keptPlace(path) {
  const found = /^\/(?:zh|en)\/sites\/([^/.]+)(\/card)?$/.exec(path);
  return found && { id: decodeURIComponent(found[1]), isCard: Boolean(found[2]) };
}
