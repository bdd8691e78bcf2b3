// Find room for numbers that would lie on each other. tests/data/numbers.json holds this and the server to one rule.

/** @typedef {{x: number, y: number}} Spot */

// Where a number may stand, in units of how far two are apart: on its spot, else on rings round it.
const TURNS = 24;
const ring = (/** @type {number} */ radius) => Array.from({ length: TURNS }, (_, turn) => {
  const angle = (2 * Math.PI * turn) / TURNS;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
});
const PLACES = [{ x: 0, y: 0 }, ...[1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4].flatMap(ring)];

/**
 * @param {Spot} a
 * @param {Spot} b
 */
const away = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** Return for each spot the nearest place where its number lies on no other one; who stands alone stays.
 * @param {Spot[]} spots
 * @param {number} apart between the middles of two
 */
export function spread(spots, apart) {
  const isAlone = spots.map((spot, n) => spots.every((other, m) => n === m || away(spot, other) >= apart));
  const taken = spots.filter((_, n) => isAlone[n]);
  return spots.map((spot, n) => {
    const at = isAlone[n] ? spot : nearestFree(spot, taken, apart);
    taken.push(at);
    return at;
  });
}

/** Return the nearest place for a number where it lies on no other one, or the roomiest there is.
 * @param {Spot} spot
 * @param {Spot[]} taken
 * @param {number} apart
 */
function nearestFree(spot, taken, apart) {
  const places = PLACES.map(({ x, y }) => ({ x: spot.x + x * apart, y: spot.y + y * apart }));
  const room = places.map((at) => Math.min(Infinity, ...taken.map((other) => away(at, other))));
  return places.find((at, n) => room[n] >= apart - 0.01) ?? places[room.indexOf(Math.max(...room))];
}
