// Make room where marks would lie on each other: small ones in a crowd, parted from each other.
// render/naming/crowd.py does the same (tests/data/labels.json).

import { spread } from "../shared/spread.js";

/** @typedef {import("../shared/spread.js").Spot} Spot */

export const [MARK_PX, SMALL_PX, APART_PX] = [28, 14, 15]; // a mark, one in a crowd, and how far the middles of two are apart

/** Return marks for spots: one whose box meets another's is small, and the small ones part from each other.
 * @param {Spot[]} spots
 * @returns {{x: number, y: number, side: number}[]}
 */
export function settleMarks(spots) {
  const crowded = spots.map(({ x, y }, n) => spots.some((other, m) => n !== m && Math.abs(x - other.x) < MARK_PX && Math.abs(y - other.y) < MARK_PX));
  const parted = spread(spots.filter((_, n) => crowded[n]), APART_PX, spots.filter((_, n) => !crowded[n]))[Symbol.iterator]();
  return spots.map((spot, n) => (crowded[n] ? { .../** @type {Spot} */ (parted.next().value), side: SMALL_PX } : { ...spot, side: MARK_PX }));
}
