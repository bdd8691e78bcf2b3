// Say which marks would lie on each other, so that each pile is drawn once: what a frame has in place of clusters.

export const MARK_PX = 28; // side of the box that a mark fills
export const SINGLE_FROM_ZOOM = 17; // every mark stands for itself

/** @typedef {{x: number, y: number}} Spot */
/** @typedef {{spots: number[], x: number, y: number}} Pile */

/** Return how wide a pile of so many marks is drawn, in pixels.
 * @param {number} count
 */
export const pileWidth = (count) => (count > 2 ? 60 : count > 1 ? 46 : MARK_PX);

/** Return the indices of spots in piles, none of which lies on another; the first of each is the smallest.
 * @param {Spot[]} spots pixels
 * @param {number} zoom
 * @returns {number[][]}
 */
export function pilesOf(spots, zoom) {
  if (zoom >= SINGLE_FROM_ZOOM) return spots.map((_, index) => [index]);
  /** @type {Pile[]} */
  const piles = [];
  for (const [index, spot] of spots.entries()) {
    /** @type {Pile} */
    let grown = { ...spot, spots: [index] };
    for (let at = hitBy(grown, piles); at >= 0; at = hitBy(grown, piles)) grown = joined(piles.splice(at, 1)[0], grown, spots);
    piles.push(grown);
  }
  return piles.map((pile) => pile.spots.sort((one, other) => one - other)).sort(([one], [other]) => one - other);
}

/**
 * @param {Pile} pile
 * @param {Pile[]} others
 */
function hitBy(pile, others) {
  const width = pileWidth(pile.spots.length);
  return others.findIndex((other) => Math.abs(other.y - pile.y) < MARK_PX && Math.abs(other.x - pile.x) < (width + pileWidth(other.spots.length)) / 2);
}

/** Return two piles as one, in the middle of all its spots.
 * @param {Pile} one
 * @param {Pile} other
 * @param {Spot[]} places
 * @returns {Pile}
 */
function joined(one, other, places) {
  const spots = [...one.spots, ...other.spots];
  const middle = (/** @type {"x" | "y"} */ side) => {
    const all = spots.map((index) => places[index][side]);
    return (Math.min(...all) + Math.max(...all)) / 2;
  };
  return { spots, x: middle("x"), y: middle("y") };
}

/** Return how far each of several marks at one spot steps aside, in pixels: on a ring on which none touches another.
 * @param {number} count
 * @returns {Spot[]}
 */
export function fanOf(count) {
  if (count < 2) return [{ x: 0, y: 0 }];
  const radius = Math.max(MARK_PX * 0.6, (MARK_PX * count) / (2 * Math.PI) * 1.1);
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count - Math.PI / 2;
    return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
  });
}
