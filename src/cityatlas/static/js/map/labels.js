// Place names on a map: none on a mark, on another name or over the edge; by weight, improved by moving others.
// render/naming/labels.py does the same, step for step, and spots.py there; tests/data/labels.json holds all to the same
// answers. So there are only sums, products, quotients and square roots here, which every machine rounds alike.

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box in pixels */
/** @typedef {[x: number, y: number]} Spot in pixels */
/**
 * What is to be named: a mark that reaches `reach` pixels from `at`, a place `at` itself, or `lines`. Of labels with the
 * same `key` one is placed. One that is not `nearOnly` may stand apart from its mark.
 * @typedef {object} Label
 * @property {[width: number, height: number]} size
 * @property {number} weight
 * @property {Spot} [at]
 * @property {number} [reach]
 * @property {boolean} [isCentred] the name may stand on the place itself
 * @property {Spot[][]} [lines]
 * @property {boolean} [nearOnly]
 * @property {string} [key]
 */
/**
 * Where a name stands: its middle, its direction of length 1, and on which of ALL_SIDES; -1 is on the place. A name that is
 * `far` pixels away needs a line to its mark.
 * @typedef {{x: number, y: number, ux: number, uy: number, side: number, far: number}} Placed
 */
/** @typedef {{x: number, y: number, halfW: number, halfH: number, ux: number, uy: number}} Rect the room of a name */

// Eight positions about a mark, the best first: where the name's middle lies, in halves of its size and times `reach`.
export const SIDES = [
  [1, 0, 1, 0], [1, -1, 1, 0], [1, 1, 1, 0], [0, 1, 0, 1], [0, -1, 0, -1], [-1, 0, -1, 0], [-1, -1, -1, 0], [-1, 1, -1, 0],
];
// Further from the mark also aslant, from the corner of its box: the name stands at the end of the line.
const ALL_SIDES = [...SIDES, [1, 0, 1, -1], [1, 0, 1, 1], [-1, 0, -1, -1], [-1, 0, -1, 1]];
const FAR_PX = [10, 20, 30, 45, 60, 80, 100]; // further from the mark, with a line to it: for what finds no room beside its mark
const LEADER_PX = 2; // room about such a line
const TOUCH_PX = 0.01; // by which two may overlap: what rounding makes of an edge that both share
const CELL_PX = 64; // of the grid in which neighbours are found
const STEP_PX = 12; // from one try along a street to the next
const STRAIGHT = 0.98; // of a name's length: how far apart its ends must be on a street that bends
const MOST_BENT = 0.3; // of a name's height: how far a street may leave it
const [MOST_MOVED, DEEPEST, MANY] = [2, 2, 300]; // names that give way at once, and one after another; of more only one

/** Return where each label stands in a frame, or null; the same question has the same answer everywhere.
 * @param {Label[]} labels
 * @param {Box[]} marks
 * @param {Box} frame
 * @returns {(Placed | null)[]}
 */
export function placeLabels(labels, marks, frame) {
  return new Placement(labels, marks, frame).run();
}

/** What stands where while names are placed. */
class Placement {
  /**
   * @param {Label[]} labels
   * @param {Box[]} marks
   * @param {Box} frame
   */
  constructor(labels, marks, frame) {
    this.labels = labels;
    /** @type {Map<string, [i: number, rect: Rect][]>} */
    this.grid = new Map();
    for (const mark of marks) this.enter(-1, [rectOf(mark)]);
    this.free = labels.map((label) => [...positions(label)].map((spot) => ({ spot, rects: room(label, spot) })).filter(({ rects }) => this.isOpen(rects, frame)));
    /** @type {(Placed | null)[]} */
    this.placed = labels.map(() => null);
    this.mostFar = 0;
    /** @type {[i: number, was: Placed | null][]} */
    this.trail = [];
    /** @type {Set<string | undefined>} */
    this.keys = new Set();
  }

  run() {
    const { labels } = this;
    const area = labels.map(({ size }) => size[0] * size[1]);
    const order = [...labels.keys()].sort((a, b) => labels[b].weight - labels[a].weight || area[a] - area[b] || a - b); // more short ones fit
    const [deepest, farthest] = [labels.length <= MANY ? DEEPEST : 1, FAR_PX[FAR_PX.length - 1]];
    for (const [mostFar, depth] of [[0, 0], [0, deepest], [farthest, 1], [farthest, deepest]]) {
      this.mostFar = mostFar;
      for (const i of order) {
        const { key } = this.labels[i];
        if (!this.placed[i] && !(key && this.keys.has(key)) && this.settle(i, depth, [])) this.keys.add(key);
      }
    }
    return this.placed;
  }

  /** Place a label, if need be by moving others that are not `fixed`; leave all as it was where none can.
   * @param {number} i
   * @param {number} depth
   * @param {number[]} fixed
   * @returns {boolean}
   */
  settle(i, depth, fixed) {
    const most = depth ? MOST_MOVED : 0;
    const tries = [];
    for (const { spot, rects } of this.free[i]) {
      if (spot.far > this.mostFar) continue;
      const hit = this.hit(rects, most);
      if (!hit.length) {
        this.move(i, spot);
        return true;
      }
      if (hit.length <= most && !hit.some((other) => fixed.includes(other))) tries.push({ spot, hit });
    }
    return tries.some(({ spot, hit }) => this.displace(i, spot, hit, depth, fixed));
  }

  /**
   * @param {number} i
   * @param {Placed} spot
   * @param {number[]} others
   * @param {number} depth
   * @param {number[]} fixed
   */
  displace(i, spot, others, depth, fixed) {
    const begun = this.trail.length;
    for (const other of others) this.move(other, null);
    this.move(i, spot);
    if (others.every((other) => this.settle(other, depth - 1, [...fixed, i]))) return true;
    for (const [moved, was] of this.trail.splice(begun).reverse()) this.set(moved, was);
    return false;
  }

  /**
   * @param {number} i
   * @param {Placed | null} spot
   */
  move(i, spot) {
    this.trail.push([i, this.placed[i]]);
    this.set(i, spot);
  }

  /**
   * @param {number} i
   * @param {Placed | null} spot
   */
  set(i, spot) {
    const was = this.placed[i];
    this.placed[i] = spot;
    if (was) for (const cell of room(this.labels[i], was).flatMap(cells)) this.grid.set(cell, (this.grid.get(cell) ?? []).filter(([other]) => other !== i));
    if (spot) this.enter(i, room(this.labels[i], spot));
  }

  /**
   * @param {number} i
   * @param {Rect[]} rects
   */
  enter(i, rects) {
    for (const rect of rects) {
      for (const cell of cells(rect)) {
        const entries = this.grid.get(cell);
        if (entries) entries.push([i, rect]);
        else this.grid.set(cell, [[i, rect]]);
      }
    }
  }

  /** Return who stands where a name would, each once in the order of their numbers; some when over `most`. A mark is -1.
   * @param {Rect[]} rects
   * @param {number} most
   */
  hit(rects, most) {
    /** @type {Set<number>} */
    const found = new Set();
    for (const rect of rects) {
      for (const cell of cells(rect)) {
        for (const [i, other] of this.grid.get(cell) ?? []) {
          if (found.has(i) || !overlap(rect, other)) continue;
          found.add(i);
          if (found.size > most) return [...found];
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /**
   * @param {Rect[]} rects
   * @param {Box} frame
   */
  isOpen(rects, frame) {
    const [left, top, right, bottom] = bounds(rects[0]);
    return left >= frame[0] && top >= frame[1] && right <= frame[2] && bottom <= frame[3] && !this.hit(rects, 0).length;
  }
}

/** Yield where a label may stand, the best first.
 * @param {Label} label
 * @returns {Generator<Placed>}
 */
function* positions({ at: [x, y] = [0, 0], size: [width, height], reach = 0, lines = [], isCentred, nearOnly = true }) {
  if (lines.length) {
    for (const line of lines) yield* along(line, width, height);
    return;
  }
  if (isCentred) yield { x, y, ux: 1, uy: 0, side: -1, far: 0 };
  for (const far of nearOnly ? [0] : [0, ...FAR_PX]) {
    for (const [side, [w, h, rx, ry]] of (far ? ALL_SIDES : SIDES).entries()) {
      yield { x: x + (w * width) / 2 + rx * (reach + far), y: y + (h * height) / 2 + ry * (reach + far), ux: 1, uy: 0, side, far };
    }
  }
}

/** Yield where a name fits on a line, from its middle outwards, read from left to right.
 * @param {Spot[]} line
 * @param {number} width
 * @param {number} height
 * @returns {Generator<Placed>}
 */
function* along(line, width, height) {
  const ends = [0];
  for (let k = 1; k < line.length; k += 1) {
    const [dx, dy] = [line[k][0] - line[k - 1][0], line[k][1] - line[k - 1][1]];
    ends.push(ends[k - 1] + Math.sqrt(dx * dx + dy * dy));
  }
  const free = ends[ends.length - 1] - width;
  for (let n = 0; n <= Math.floor(free / STEP_PX); n += 1) {
    const shift = Math.floor((n + 1) / 2) * STEP_PX;
    const begin = free / 2 + (n % 2 ? shift : -shift);
    const found = begin >= 0 && begin <= free ? straight(line, ends, begin, width, height) : null;
    if (found) yield found;
  }
}

/** Return a name's place on the part of a line from `begin`, or null where the line bends under it.
 * @param {Spot[]} line
 * @param {number[]} ends
 * @param {number} begin
 * @param {number} width
 * @param {number} height
 * @returns {Placed | null}
 */
function straight(line, ends, begin, width, height) {
  const [[ax, ay], [bx, by]] = [pointAt(line, ends, begin), pointAt(line, ends, begin + width)];
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.sqrt(dx * dx + dy * dy);
  if (length < width * STRAIGHT) return null;
  const sign = dx < 0 ? -1 : 1;
  const [ux, uy] = [(sign * dx) / length, (sign * dy) / length];
  const isBent = line.some(([x, y], k) => ends[k] > begin && ends[k] < begin + width && Math.abs((y - ay) * ux - (x - ax) * uy) > height * MOST_BENT);
  return isBent ? null : { x: (ax + bx) / 2, y: (ay + by) / 2, ux, uy, side: -1, far: 0 };
}

/** Return the point of a line so many pixels from its beginning.
 * @param {Spot[]} line
 * @param {number[]} ends
 * @param {number} at
 * @returns {Spot}
 */
function pointAt(line, ends, at) {
  let n = 1;
  while (n < ends.length - 1 && ends[n] < at) n += 1;
  const [[ax, ay], [bx, by], long] = [line[n - 1], line[n], ends[n] - ends[n - 1]];
  const share = long ? (at - ends[n - 1]) / long : 0;
  return [ax + (bx - ax) * share, ay + (by - ay) * share];
}

/** Return the room of a name, and of the line to its mark if it has one.
 * @param {Label} label
 * @param {Placed} spot
 * @returns {Rect[]}
 */
function room(label, spot) {
  const name = { x: spot.x, y: spot.y, halfW: label.size[0] / 2, halfH: label.size[1] / 2, ux: spot.ux, uy: spot.uy };
  if (!spot.far) return [name];
  const [[ax, ay], [bx, by]] = leader(label, spot);
  const [dx, dy] = [bx - ax, by - ay];
  const length = Math.sqrt(dx * dx + dy * dy);
  return [name, { x: (ax + bx) / 2, y: (ay + by) / 2, halfW: length / 2, halfH: LEADER_PX / 2, ux: dx / length, uy: dy / length }];
}

/** Return the ends of the line from a mark to a name that stands apart; it runs along an axis or aslant.
 * @param {Label} label
 * @param {Placed} spot
 * @returns {[Spot, Spot]}
 */
export function leader({ at: [x, y] = [0, 0], reach = 0 }, { side, far }) {
  const [, , rx, ry] = ALL_SIDES[side];
  return [[x + rx * reach, y + ry * reach], [x + rx * (reach + far), y + ry * (reach + far)]];
}

/**
 * @param {Box} box
 * @returns {Rect}
 */
const rectOf = ([left, top, right, bottom]) => ({ x: (left + right) / 2, y: (top + bottom) / 2, halfW: (right - left) / 2, halfH: (bottom - top) / 2, ux: 1, uy: 0 });

/**
 * @param {Rect} rect
 * @returns {Box}
 */
function bounds({ x, y, halfW, halfH, ux, uy }) {
  const wide = halfW * Math.abs(ux) + halfH * Math.abs(uy);
  const high = halfW * Math.abs(uy) + halfH * Math.abs(ux);
  return [x - wide, y - high, x + wide, y + high];
}

/** @param {Rect} rect */
function cells(rect) {
  const [left, top, right, bottom] = bounds(rect).map((side) => Math.floor(side / CELL_PX));
  const found = [];
  for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) found.push(`${column} ${row}`);
  return found;
}

/** Tell whether two rectangles overlap: they do where no side of either parts them.
 * @param {Rect} a
 * @param {Rect} b
 */
function overlap(a, b) {
  if (!a.uy && !b.uy) return Math.abs(b.y - a.y) < a.halfH + b.halfH - TOUCH_PX && Math.abs(b.x - a.x) < a.halfW + b.halfW - TOUCH_PX; // as the axes would say
  const axes = [[a.ux, a.uy], [-a.uy, a.ux], [b.ux, b.uy], [-b.uy, b.ux]];
  return axes.every(([ux, uy]) => Math.abs((b.x - a.x) * ux + (b.y - a.y) * uy) < extent(a, ux, uy) + extent(b, ux, uy) - TOUCH_PX);
}

/** Return how far a rectangle reaches from its middle in a direction.
 * @param {Rect} rect
 * @param {number} ux
 * @param {number} uy
 */
function extent(rect, ux, uy) {
  return rect.halfW * Math.abs(rect.ux * ux + rect.uy * uy) + rect.halfH * Math.abs(rect.ux * uy - rect.uy * ux);
}
