// Measure on the ground near one place: metres, directions, what is left of a way. Positions are [lon, lat].

const M_PER_DEG = 111_195; // of latitude, on a sphere of 6,371 km
const COMPASS = 8;

/** Return a position as metres east and north of another. */
function metresFrom([lon0, lat0], [lon, lat]) {
  return [(lon - lon0) * M_PER_DEG * Math.cos((lat0 * Math.PI) / 180), (lat - lat0) * M_PER_DEG];
}

/** Return the metres between two positions, as the crow flies. */
export function crowM(from, to) {
  return Math.hypot(...metresFrom(from, to));
}

/** Return which of eight directions leads there: 0 is north, 2 east. */
export function compass(from, to) {
  const [east, north] = metresFrom(from, to);
  return (Math.round((Math.atan2(east, north) / (2 * Math.PI)) * COMPASS) + COMPASS) % COMPASS;
}

/** Return the metres left from a position to the end of a line: to its nearest point, then along it. */
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
