// Offer the sources that the form lists wherever one is named, and show what the source of the edit was put into.

import { byId, fieldOf, find, findAll, targetOf } from "../shared/dom.js";
import { growLists, offer } from "./fields.js";

const HERE = "@edit"; // the value that asks for the source of the edit
const TITLE = /^sources\.\d+\.title$/;

/** Put what the desk answers into fields that still hold what was sent; a new source gets a row of its own.
 * @param {HTMLFormElement} form
 * @param {Pair[]} cited
 * @param {Pair[]} sent
 */
export function cite(form, cited, sent) {
  const before = new Map(sent);
  growLists(cited);
  for (const [name, value] of cited) {
    const field = fieldOf(form, name);
    if (!field || field.value !== (before.get(name) ?? "")) continue;
    if ("source" in field.dataset) offer(/** @type {any} */ (field), value);
    field.value = value;
    field.dispatchEvent(new Event("filled", { bubbles: true }));
  }
  settle(form);
}

/** Choose the new source of the edit, now that it is listed, so that it is typed once.
 * @param {HTMLFormElement} form
 */
function settle(form) {
  const [choice, title] = ["cites", "cites.title"].map((name) => fieldOf(form, name));
  if (!choice || !title) return;
  fieldOf(form, "cites_was").value = title.value.trim() || choice.value;
}

/** Return the titles of the sources that a form lists, and of the new one.
 * @param {HTMLFormElement} form
 */
function titles(form) {
  /** @type {HTMLInputElement[]} */
  const fields = findAll(form, "[name^='sources.'], [name='cites.title']");
  return fields.filter(({ name }) => TITLE.test(name)).map(({ value }) => value.trim()).filter(Boolean);
}

/** @param {HTMLFormElement} form */
function begin(form) {
  for (const kind of ["pointerdown", "focusin"]) form.addEventListener(kind, (event) => {
    /** @type {HTMLSelectElement & HTMLElement} */
    const field = /** @type {any} */ (targetOf(event));
    if (field.matches("select[data-source]")) for (const title of titles(form)) offer(field, title);
  });
  form.addEventListener("change", (event) => {
    const field = /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (targetOf(event)));
    const isKnown = fieldOf(form, "cites").value || fieldOf(form, "cites.title").value.trim();
    if (!field.matches("select[data-source]") || field.value !== HERE || isKnown) return;
    /** @type {HTMLDetailsElement} */
    const made = find(byId("edit-source"), "details");
    made.open = true;
    fieldOf(form, "cites.title").focus(); // it is asked for where it is typed, once
  });
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
if (form && fieldOf(form, "cites")) begin(form);
