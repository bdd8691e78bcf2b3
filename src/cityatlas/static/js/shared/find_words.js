// Find features by their list of words (search/word_list.py), where no server answers.

const MOST = 8;
const NOWHERE = 9;
const FEW = 3; // initials, of fewer of which too many names have some

/** @typedef {Found & { words: string[], text: string }} Row */
/** @type {Promise<Row[]> | undefined} */
let asked;

/** Return a text in the form that the list has: without accents, signs and capitals.
 * @param {string} text
 */
const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f'’ʼ`]/g, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Return whether letters stand in a word in their order, with others between: lsjq in nhtlswhjq.
 * @param {string} word
 * @param {string} wanted
 */
function hasInOrder(word, wanted) {
  let at = 0;
  for (const letter of word) if (letter === wanted[at]) at += 1;
  return at === wanted.length;
}

/** Return whether a word of a row is the initials of a name in characters, one for each.
 * @param {string} word
 * @param {string[]} words
 */
const areInitials = (word, words) => /^[a-z0-9]+$/.test(word) && words.some((one) => one.length === word.length && /\p{Script=Han}/u.test(one));

/** Return how well a row fits a word: the lower the better.
 * @param {Row} row
 * @param {string} wanted
 */
function rankOf({ words, text }, wanted) {
  const ranks = words.map((one) => (one === wanted ? 0 : one.startsWith(wanted) ? 1 : one.includes(wanted) ? 2 : NOWHERE));
  const best = Math.min(...ranks, text.includes(wanted) ? 3 : NOWHERE);
  if (best < NOWHERE || wanted.length < FEW) return best;
  return words.some((one) => areInitials(one, words) && hasInOrder(one, wanted)) ? 4 : NOWHERE;
}

/** Return at most eight rows that fit every word of a query, the best first.
 * @param {Row[]} rows
 * @param {string} query
 */
export function findIn(rows, query) {
  const wanted = fold(query).split(" ").filter(Boolean);
  if (!wanted.length) return [];
  const ranked = rows.map((row) => ({ row, rank: Math.min(rankOf(row, wanted.join("")), Math.max(...wanted.map((one) => rankOf(row, one)))) }));
  return ranked.filter(({ rank }) => rank < NOWHERE).sort((a, b) => a.rank - b.rank).slice(0, MOST).map(({ row }) => row);
}

/** Return what a query finds in the list at an address, which is asked for once.
 * @param {string} address
 * @param {string} query
 */
export async function searchHere(address, query) {
  asked ??= fetch(address).then((answer) => answer.json());
  asked.catch(() => { asked = undefined; });
  return findIn(await asked, query);
}
