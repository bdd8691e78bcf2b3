// Break names into lines of about one width; render/naming/name_lines.py does the same (tests/data/labels.json).

// Widths in hundredths of an em: Chinese letters are square, others about as in the usual fonts without serifs.
const [SQUARE, CAPITAL, SMALL, NARROW, WIDE] = [100, 70, 55, 32, 88];
const OTHERS = new Map([.../** @type {[string, number][]} */ ([..."ijlItfr'.,:;|!-() "].map((letter) => [letter, NARROW])), .../** @type {[string, number][]} */ ([..."mwMW@%"].map((letter) => [letter, WIDE])), .../** @type {[string, number][]} */ ([..."“”…—"].map((letter) => [letter, SQUARE]))]);
const [MOST_LINES, MOST_PIECES] = [3, 40]; // a longer name stays one line, which finds no room
// What stays together: a Chinese letter with the signs that open before it and close behind it, or a word and its space.
const PIECE = /[（“《「【]*[\u2e80-\u{10ffff}][）”》」】、，。：·]*|[^\s\u2e80-\u{10ffff}“]+[）”》」】]*\s*|\s+|“/gu;

/** @param {string} letter */
const letterWidth = (letter) => (Number(letter.codePointAt(0)) > 0x2e7f ? SQUARE : OTHERS.get(letter) ?? (letter === letter.toLowerCase() ? SMALL : CAPITAL));
/** @param {string} text */
const widthOf = (text) => [...text].reduce((sum, letter) => sum + letterWidth(letter), 0);

/** @param {string[]} lines */
const widest = (lines) => Math.max(...lines.map(widthOf));

/** Return the fewest lines, at most three, of which none is wider than `mostEm` if that can be.
 * @param {string} text
 * @param {number} mostEm
 */
export function breakName(text, mostEm) {
  /** @type {string[]} */
  const pieces = text.match(PIECE) ?? [];
  if (!pieces.length || pieces.length > MOST_PIECES) return [text];
  let lines = pieces;
  for (let count = 1; count <= Math.min(MOST_LINES, pieces.length); count += 1) {
    lines = split(pieces, count);
    if (widest(lines) <= mostEm * 100) break;
  }
  return lines;
}

/** Return pieces in so many lines that the widest is as narrow as can be.
 * @param {string[]} pieces
 * @param {number} count
 * @returns {string[]}
 */
function split(pieces, count) {
  if (count === 1) return [pieces.join("").trim()];
  /** @type {string[]} */
  let best = [];
  for (let first = 1; first <= pieces.length - count + 1; first += 1) {
    const lines = [pieces.slice(0, first).join("").trim(), ...split(pieces.slice(first), count - 1)];
    if (!best.length || widest(lines) < widest(best)) best = lines;
  }
  return best;
}
