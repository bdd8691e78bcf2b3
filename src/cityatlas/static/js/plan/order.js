// Put the stops of a day into another order: drag a stop's grip, or press up and down on it.

import { dragRows } from "../shared/drag_rows.js";
import { findAll } from "../shared/dom.js";

/** @type {Record<string, string>} */
const CHANGES = { ArrowUp: "earlier", ArrowDown: "later" };

/** @param {Element} grip */
const rowOf = (grip) => /** @type {HTMLElement} */ (grip.closest(".row"));

/** @param {Element} grip */
const visitsOf = (grip) => /** @type {HTMLElement[]} */ (findAll(/** @type {Element} */ (rowOf(grip).parentElement), ".row.visit"));

/** Let grips within `root` move their stops; `move(ids, id)` is told the new order, and which one was moved.
 * @param {HTMLElement} root
 * @param {HTMLElement} scroller
 * @param {(ids: string[], id: string) => void} move
 */
export function reorder(root, scroller, move) {
  dragRows(root, scroller, visitsOf, (row, to) => {
    const [id, ...all] = [row, ...visitsOf(row)].map(({ dataset }) => /** @type {string} */ (dataset.id));
    const ids = all.filter((other) => other !== id);
    ids.splice(to, 0, id);
    move(ids, id);
  });
  root.addEventListener("keydown", (event) => {
    const change = CHANGES[event.key];
    const grip = change && /** @type {Element} */ (event.target).closest(".grip");
    if (!grip) return;
    event.preventDefault();
    /** @type {HTMLElement | null} */
    const link = rowOf(grip).querySelector(`[data-change="${change}"]`);
    link?.click();
  });
}

/** Return a stop that was moved, and the stops that it passed.
 * @param {string} id
 * @param {string[]} before
 * @param {string[]} after
 */
export function crossedBy(id, before, after) {
  const [from, to] = [before.indexOf(id), after.indexOf(id)];
  return before.slice(Math.min(from, to), Math.max(from, to) + 1);
}
