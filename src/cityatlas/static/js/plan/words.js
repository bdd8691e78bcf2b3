// Word what the planner's scripts say; the sentences come with the page.

import { atlas } from "../shared/page_data.js";
import { filled } from "../shared/words.js";

/** Return a sentence of the planner with its {places} filled in.
 * @param {string} key
 * @param {Values} [values]
 */
export const planWord = (key, values) => filled(atlas.planning?.[key] ?? key, values);

/** Return which boat one takes, and when.
 * @param {NonNullable<PlanLeg["ride"]>} ride
 */
export function rideWords({ board, alight, begin_s, end_s }) {
  return planWord("planmap.js_ride", { board, alight, begin: clock(begin_s), end: clock(end_s) });
}

/** Return seconds of the day as HH:MM.
 * @param {number} seconds
 */
export function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Return minutes as one says them: hours apart from sixty on.
 * @param {number} minutes
 */
export function lasting(minutes) {
  const h = Math.floor(minutes / 60);
  return h ? planWord("planmap.js_lasts_hours", { h, n: minutes % 60 }) : planWord("planmap.js_lasts", { n: minutes });
}

/** Return a day (ISO) as one says it, without its year.
 * @param {string} day
 */
export function dayWords(day) {
  const { lang } = document.documentElement;
  const form = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  return form.format(new Date(`${day}T00:00Z`));
}

/** Return metres that are about right in words: in tens, from a kilometre on in kilometres (tests/data/lengths.json).
 * @param {number} metres
 */
export function about(metres) {
  const shown = metres >= 10 ? Math.round(metres / 10) * 10 : Math.round(metres);
  if (shown < 1000) return planWord("planmap.js_m", { n: shown });
  const km = Math.max(metres, 1000) / 1000;
  return planWord("planmap.js_km", { n: (km % 1 === 0.25 ? km - 0.01 : km).toFixed(1) }); // the server tells 1.25 as 1.2
}
