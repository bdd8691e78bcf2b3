// Read a form's fields as pairs and put such pairs back, lists of any length too.

import { rowLists } from "./row_lists.js";

const NOT_KEPT = new Set(["csrf", "action"]);

/** Return [[name, value]] of what the form would send, without files and tokens.
 * @param {HTMLFormElement} form
 */
export function fieldsOf(form) {
  return /** @type {Pair[]} */ ([...new FormData(form)]).filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
}

/** Return whether two such lists say the same; `seen` and `draft` only tell where the form stands.
 * @param {Pair[]} fields
 * @param {Pair[]} others
 */
export function isSameText(fields, others) {
  const said = (/** @type {Pair[]} */ list) => JSON.stringify(list.filter(([name]) => name !== "seen" && name !== "draft"));
  return said(fields) === said(others);
}

/** Put pairs into a form: lists grow to hold them, fields that are not among them are emptied.
 * @param {HTMLFormElement} form
 * @param {Pair[]} fields
 */
export function fill(form, fields) {
  growLists(fields);
  /** @type {Map<string, string[]>} */
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
    if (!field.name || NOT_KEPT.has(field.name) || field.type === "file") continue;
    put(field, values.get(field.name) ?? []);
  }
}

/** Set a field to the first of the values that are meant for its name, and take that one away.
 * @param {HTMLInputElement} field
 * @param {string[]} wanted
 */
function put(field, wanted) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
  else if (field.tagName !== "BUTTON") {
    const value = wanted.shift() ?? "";
    if ("source" in field.dataset) offer(/** @type {HTMLSelectElement} */ (/** @type {unknown} */ (field)), value);
    if (field.value !== value) field.value = value; // a caret stays where it is
  }
  field.dispatchEvent(new Event("filled", { bubbles: true }));
}

/** Let a source be chosen that was not among those to choose from.
 * @param {HTMLSelectElement} field
 * @param {string} title
 */
export function offer(field, title) {
  if (title && ![...field.options].some(({ value }) => value === title)) field.add(new Option(title, title));
}

/** @param {Pair[]} fields */
export function growLists(fields) {
  for (const [key, list] of rowLists) {
    const ofList = new RegExp(`^${key}\\.(\\d+)\\.(?!none$)`);
    list.growTo(Math.max(-1, ...fields.map(([name]) => Number(ofList.exec(name)?.[1] ?? -1))) + 1);
  }
}
