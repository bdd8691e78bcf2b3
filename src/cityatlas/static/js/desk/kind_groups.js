// Put the parts of the form that are usual for a kind before all others as soon as the kind is chosen, as the desk does
// when it is saved: each part names its kinds. What says something stays in its place for any kind.

import { fieldOf, find, findAll, targetOf } from "../shared/dom.js";

const CONTROLS = "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea";

/** Return whether something was filled in below a node.
 * @param {Element} node
 */
function isFilled(node) {
  /** @type {HTMLInputElement[]} */
  const fields = findAll(node, CONTROLS);
  return node.querySelector("input[name]:checked") !== null || fields.some(({ value, name }) => name && value.trim());
}

/**
 * @param {HTMLElement[]} groups in the order of the form
 * @param {HTMLElement} more
 * @param {string} kind
 */
function place(groups, more, kind) {
  /** @param {HTMLElement} group */
  const isUsual = ({ dataset }) => (kind ? (dataset.kinds ?? "").split(" ").includes(kind) : "any" in dataset);
  for (const group of groups) {
    if (isUsual(group) || isFilled(group)) more.before(group);
    else more.append(group);
  }
  more.hidden = more.querySelector(".group") === null;
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
if (form && fieldOf(form, "kind")) {
  const at = (/** @type {HTMLElement} */ group) => Number(group.dataset.at);
  const groups = findAll(form, ".group").sort((one, other) => at(one) - at(other));
  for (const name of ["change", "filled"]) form.addEventListener(name, (event) => {
    const field = fieldOf(form, "kind");
    if (targetOf(event) === /** @type {HTMLElement} */ (field)) place(groups, find(form, ".more-groups"), field.value);
  });
}
