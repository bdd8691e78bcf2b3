// Say which marks would lie on each other, so that each pile is drawn once: what a frame has in place of clusters.

export const MARK_PX = 28; // side of the box that a mark fills
export const SINGLE_FROM_ZOOM = 17; // every mark stands for itself

/** @typedef {{x: number, y: number}} Spot */

/** Return the indices of spots in piles: each takes what lies within a mark's box of its first, in the given order.
 * @param {Spot[]} spots pixels
 * @param {number} zoom
 * @returns {number[][]}
 */
export function pilesOf(spots, zoom) {
  if (zoom >= SINGLE_FROM_ZOOM) return spots.map((_, index) => [index]);
  /** @type {number[][]} */
  const piles = [];
  for (const [index, spot] of spots.entries()) {
    const pile = piles.find(([first]) => Math.max(Math.abs(spots[first].x - spot.x), Math.abs(spots[first].y - spot.y)) < MARK_PX);
    if (pile) pile.push(index);
    else piles.push([index]);
  }
  return piles;
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
