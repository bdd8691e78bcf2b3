// Say beside a place whether it is open now and until when, from the server's clock in the city's zone.

/** @typedef {{at: string, sites: Record<string, Opening>}} Answer */
/** @typedef {Record<"unknown" | "now" | "closed" | "until" | "opens", string>} Words */

const DAY_MS = 24 * 3600 * 1000;
/** @type {Map<string, Promise<Answer>>} */
const asked = new Map(); // by address, for one minute

/** Fill every [data-open="<id>"] in `root`; the address and the words stand on an ancestor with data-hours.
 * @param {ParentNode} root
 */
export async function fillOpening(root = document) {
  const places = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-open]")]);
  /** @type {HTMLElement | null | undefined} */
  const box = places[0]?.closest("[data-hours]");
  if (!box) return;
  try {
    const said = /** @type {Record<string, string>} */ (box.dataset);
    const words = JSON.parse(said.words);
    const { at, sites } = await hoursOf(said.hours);
    for (const place of places) tellOpening(place, sites[/** @type {string} */ (place.dataset.open)], at, words);
  } catch { /* without an answer the table of hours stays, and nothing is claimed */ }
}

/** @param {string} address */
function hoursOf(address) {
  let answer = asked.get(address);
  if (!answer) {
    answer = fetch(address).then((response) => {
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    });
    asked.set(address, answer);
    answer.catch(() => asked.delete(address));
    setTimeout(() => asked.delete(address), 60_000);
  }
  return answer;
}

/**
 * @param {HTMLElement} place
 * @param {Opening | undefined} site
 * @param {string} at
 * @param {Words} words
 */
function tellOpening(place, site, at, words) {
  place.hidden = !site;
  if (!site) return;
  place.textContent = openingText(site, at, words, document.documentElement.lang);
  place.classList.toggle("is-open", site.open === true);
}

/** Return the sentence for {open, changes_at}; times are the city's, as they stand in the ISO texts.
 * @param {Opening} site
 * @param {string} at
 * @param {Words} words
 * @param {string} language
 */
export function openingText(site, at, words, language) {
  if (site.open === null) return words.unknown;
  if (!site.changes_at) return site.open ? words.now : words.closed;
  return (site.open ? words.until : words.opens).replace("{when}", whenText(site.changes_at, at, language));
}

/** Return the time alone for today, with its weekday within a week, else with its date.
 * @param {string} moment
 * @param {string} at
 * @param {string} language
 */
function whenText(moment, at, language) {
  const clock = moment.slice(11, 16).replace(/^0/, "");
  const [day, today] = [moment, at].map((text) => Date.parse(`${text.slice(0, 10)}T00:00Z`));
  if (day === today) return clock;
  /** @type {Intl.DateTimeFormatOptions} */
  const style = day - today < 7 * DAY_MS ? { weekday: "short" } : { month: "short", day: "numeric" };
  const name = new Intl.DateTimeFormat(language, { ...style, timeZone: "UTC" }).format(day);
  return `${name} ${clock}`;
}
