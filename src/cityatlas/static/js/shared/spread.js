// Find room for what would lie on each other. tests/data/numbers.json holds this and the server to one rule.

/** @typedef {{x: number, y: number}} Spot */

// Where one may stand, in units of how far two are apart: on its spot, else on rings round it.
const TURNS = 24;
const RINGS = [1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];
const ring = (/** @type {number} */ radius) => Array.from({ length: TURNS }, (_, turn) => {
  const angle = (2 * Math.PI * turn) / TURNS;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
});
const PLACES = [{ x: 0, y: 0 }, ...RINGS.flatMap(ring)];

/**
 * @param {Spot} a
 * @param {Spot} b
 */
const away = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** Return for each spot the nearest place where it lies on no other one, nor on one that is `kept`; who stands alone stays.
 * @param {Spot[]} spots
 * @param {number} apart between the middles of two
 * @param {Spot[]} kept
 */
export function spread(spots, apart, kept = []) {
  const isFar = (/** @type {Spot} */ spot) => (/** @type {Spot} */ other) => other === spot || away(spot, other) >= apart;
  const isAlone = spots.map((spot) => spots.every(isFar(spot)) && kept.every(isFar(spot)));
  const taken = [...kept, ...spots.filter((_, n) => isAlone[n])];
  return spots.map((spot, n) => {
    const at = isAlone[n] ? spot : nearestFree(spot, taken, apart);
    taken.push(at);
    return at;
  });
}

/** Return the first place with room, or the roomiest; who is further than any place reaches takes no room.
 * @param {Spot} spot
 * @param {Spot[]} taken
 * @param {number} apart
 */
function nearestFree(spot, taken, apart) {
  const near = taken.filter((other) => away(spot, other) <= apart * (RINGS[RINGS.length - 1] + 1));
  let [best, most] = [spot, -Infinity];
  for (const place of PLACES) {
    const at = { x: spot.x + place.x * apart, y: spot.y + place.y * apart };
    const room = Math.min(Infinity, ...near.map((other) => away(at, other)));
    if (room >= apart - 0.01) return at;
    if (room > most) [best, most] = [at, room];
  }
  return best;
}
