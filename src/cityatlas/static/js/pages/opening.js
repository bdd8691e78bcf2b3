// Say beside a place whether it is open now and until when, from the server's clock in the city's zone.

const DAY_MS = 24 * 3600 * 1000;
const asked = new Map(); // address -> promise of its answer, for one minute

/** Fill every [data-open="<id>"] in `root`; the address and the words stand on an ancestor with data-hours. */
export async function fillOpening(root = document) {
  const places = [...root.querySelectorAll("[data-open]")];
  const box = places[0]?.closest("[data-hours]");
  if (!box) return;
  try {
    const words = JSON.parse(box.dataset.words);
    const { at, sites } = await hoursOf(box.dataset.hours);
    for (const place of places) tellOpening(place, sites[place.dataset.open], at, words);
  } catch { /* without an answer the table of hours stays, and nothing is claimed */ }
}

function hoursOf(address) {
  if (!asked.has(address)) {
    const answer = fetch(address).then((response) => {
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    });
    asked.set(address, answer);
    answer.catch(() => asked.delete(address));
    setTimeout(() => asked.delete(address), 60_000);
  }
  return asked.get(address);
}

function tellOpening(place, site, at, words) {
  place.hidden = !site;
  if (!site) return;
  place.textContent = openingText(site, at, words, document.documentElement.lang);
  place.classList.toggle("is-open", site.open === true);
}

/** Return the sentence for {open, changes_at}; times are the city's, as they stand in the ISO texts. */
export function openingText(site, at, words, language) {
  if (site.open === null) return words.unknown;
  if (!site.changes_at) return site.open ? words.now : words.closed;
  return (site.open ? words.until : words.opens).replace("{when}", whenText(site.changes_at, at, language));
}

/** Return the time alone for today, with its weekday within a week, else with its date. */
function whenText(moment, at, language) {
  const clock = moment.slice(11, 16).replace(/^0/, "");
  const [day, today] = [moment, at].map((text) => Date.parse(`${text.slice(0, 10)}T00:00Z`));
  if (day === today) return clock;
  const style = day - today < 7 * DAY_MS ? { weekday: "short" } : { month: "short", day: "numeric" };
  const name = new Intl.DateTimeFormat(language, { ...style, timeZone: "UTC" }).format(day);
  return `${name} ${clock}`;
}
