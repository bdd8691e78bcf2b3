// List what the map shows, in words: the same features in the same order, with a way to each.

import { element, find, targetOf, tell } from "../shared/dom.js";
import { atlas, siteAddress, word } from "../shared/page_data.js";
import { drawMark } from "./marks.js";
import { cityDay, noticesOn } from "../shared/notices.js";
import { phaseAt, phaseTitle } from "../shared/phases.js";

const LISTED = 200; // at once; the page of all places has the rest

/** Write the list of features and their number; `unlisted` more are known to be there, or at least so many.
 * @param {HTMLElement} list
 * @param {HTMLElement} count
 * @param {MapFeature[]} features
 * @param {MapState} state
 * @param {{unlisted: number, isAtLeast: boolean}} besides
 * @param {import("./nearest.js").Nearest | null} nearest
 */
export function writeList(list, count, features, state, { unlisted, isAtLeast }, nearest = null) {
  count.textContent = word(isAtLeast ? "shown_at_least" : "shown", { count: features.length + unlisted });
  const listed = features.slice(0, LISTED);
  const key = [state.month, ...nearest?.here ?? []].join(" ");
  if (!isWritten(list, listed, key)) list.replaceChildren(...listed.map((feature) => item(feature, state, nearest?.noteOf(feature))));
  list.dataset.key = key;
  const more = document.getElementById("more");
  if (more) more.hidden = features.length <= LISTED && !unlisted;
  writeLeftOut(document.getElementById("left-out"), !features.length && !unlisted, state);
}

/** Return how many features the tiled layers have in view besides those that they name.
 * @param {import("./layers.js").CatalogueLayer[]} layers
 */
export function unlistedIn(layers) {
  const unlisted = layers.reduce((sum, layer) => sum + layer.unlisted, 0);
  return { unlisted, isAtLeast: layers.some((layer) => layer.isAtLeast && layer.map !== null) };
}

/** Say why nothing is listed, and what a time leaves out, also over the map when all has just gone: the words are the page's own.
 * @param {HTMLElement | null} place
 * @param {boolean} isEmpty
 * @param {MapState} state
 */
function writeLeftOut(place, isEmpty, { at }) {
  if (!place) return;
  const none = find(place, "[data-why=none]");
  if (isEmpty && none.hidden) tell(String(none.textContent));
  none.hidden = !isEmpty;
  find(place, "[data-why=hours]").hidden = !at;
  place.hidden = !isEmpty && !at;
}

/** List in words what nobody knows to have been there in the month that is shown.
 * @param {HTMLElement} place
 * @param {MapFeature[]} features
 * @param {MapState} state
 */
export function writeUndated(place, features, state) {
  place.hidden = !features.length;
  find(place, "ul").replaceChildren(...features.map((feature) => item(feature, { ...state, month: "" })));
}

/** Tell whether the list says this already: the server's does at first, and a focus in it is not to be lost.
 * @param {HTMLElement} list
 * @param {MapFeature[]} features
 * @param {string} key of the month and the position that it was written for
 */
function isWritten(list, features, key) {
  const rows = /** @type {HTMLCollectionOf<HTMLElement>} */ (list.children);
  return (list.dataset.key ?? "") === key && rows.length === features.length && features.every(({ id }, i) => rows[i].dataset.id === id);
}

/** Open cards from the list instead of following its links, but for a click that asks for a new tab.
 * @param {HTMLElement} list
 * @param {(id: string) => void} choose
 */
export function chooseFromList(list, choose) {
  list.addEventListener("click", (event) => {
    /** @type {HTMLElement | null} */
    const row = targetOf(event).closest("li[data-id]");
    if (!row || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    choose(String(row.dataset.id));
  });
}

/**
 * @param {MapFeature} feature
 * @param {MapState} state
 * @param {string} far
 */
function item(feature, state, far = "") {
  const { id, properties, layerId } = feature;
  const link = element("a");
  link.href = siteAddress(id);
  const phase = phaseAt(properties.phases, state.month);
  const notes = [atlas.kinds[properties.kind].title];
  if (far) notes.push(far);
  if (phase) notes.push(phaseTitle(phase.phase));
  if (properties.position && properties.position !== "schematic") notes.push(word(properties.position));
  const told = noticesOn(properties.notices, cityDay()).flatMap((text) => [element("span", "feature-notice", text), " "]);
  const words = element("span", "feature-words", element("span", "feature-name", properties.name), " ", ...told, element("span", "feature-note", notes.join(" · ")));
  const mark = element("span", "mark-drawn");
  mark.append(drawMark(properties, layerId, phase?.step ?? 0));
  link.append(mark, words);
  const row = element("li", "feature-item", link);
  row.dataset.id = id;
  if (state.site === id) link.setAttribute("aria-current", "true");
  return row;
}
