// Keep the visitor's own list of stops in this browser, nowhere else.

const KEPT = "cityatlas.tour";
export const MOST_STOPS = 30;

/** Return the ids of the stops that this browser keeps.
 * @returns {string[]}
 */
export function keptTour() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST_STOPS) : [];
  } catch {
    return [];
  }
}

/** @param {string[]} stops */
export function keepTour(stops) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(stops));
  } catch { /* a browser that keeps nothing: the address or a link still holds the list */ }
}
