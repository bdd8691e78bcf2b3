// Word what the planner's scripts say; the sentences come with the page.

import { atlas } from "../shared/page_data.js";

/** Return a sentence of the planner with its {places} filled in. */
export function planWord(key, values = {}) {
  return (atlas.planning[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Return seconds of the day as HH:MM. */
export function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Return minutes as one says them: hours apart from sixty on. */
export function lasting(minutes) {
  const h = Math.floor(minutes / 60);
  return h ? planWord("planmap.js_lasts_hours", { h, n: minutes % 60 }) : planWord("planmap.js_lasts", { n: minutes });
}

/** Return a day (ISO) as one says it, without its year. */
export function dayWords(day) {
  const { lang } = document.documentElement;
  const form = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  return form.format(new Date(`${day}T00:00Z`));
}

/** Return metres that are about right in words, as `length_words` of i18n.py does: in tens, from a kilometre on in kilometres. */
export function about(metres) {
  const shown = metres >= 10 ? Math.round(metres / 10) * 10 : Math.round(metres);
  if (shown < 1000) return planWord("planmap.js_m", { n: shown });
  return planWord("planmap.js_km", { n: (Math.max(metres, 1000) / 1000).toFixed(1) });
}
