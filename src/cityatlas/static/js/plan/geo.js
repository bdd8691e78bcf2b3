// Tell directions, and what is left of a way.

import { crowM, metresFrom } from "../shared/distance.js";

const COMPASS = 8;

/** Return which of eight directions leads there: 0 is north, 2 east.
 * @param {LonLat} from
 * @param {LonLat} to
 */
export function compass(from, to) {
  const [east, north] = metresFrom(from, to);
  return (Math.round((Math.atan2(east, north) / (2 * Math.PI)) * COMPASS) + COMPASS) % COMPASS;
}

/** Return the metres left from a position to the end of a line: to its nearest point, then along it.
 * @param {LonLat} position
 * @param {LonLat[]} line
 */
export function leftM(position, line) {
  let best = { offM: Infinity, leftM: 0 };
  let behindM = 0; // from the part in hand to the line's end
  for (let i = line.length - 1; i > 0; i -= 1) {
    const [ax, ay] = metresFrom(position, line[i - 1]);
    const [bx, by] = metresFrom(position, line[i]);
    const length = Math.hypot(bx - ax, by - ay);
    const share = length ? Math.max(0, Math.min(1, -(ax * (bx - ax) + ay * (by - ay)) / length ** 2)) : 0;
    const offM = Math.hypot(ax + share * (bx - ax), ay + share * (by - ay));
    if (offM < best.offM) best = { offM, leftM: behindM + (1 - share) * length };
    behindM += length;
  }
  return line.length > 1 ? best.offM + best.leftM : crowM(position, line[0]);
}
