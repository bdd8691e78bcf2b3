// Word what the editing scripts say; the sentences come with the page, in its language.

const node = document.getElementById("edit-words");
const told = node ? JSON.parse(node.textContent) : { words: {}, lang: "zh" };

export const language = told.lang;
export const addresses = told.addresses ?? {};
export const account = told.account ?? "";
export const home = told.home ?? null; // [lon, lat] in the middle of the city

/** Return a sentence with its {places} filled in. */
export function editWord(key, values = {}) {
  return (told.words[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Return the time of a moment as a clock shows it. */
export const clockOf = (moment) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(moment));
