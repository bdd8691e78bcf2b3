// Put places on the visitor's own list from pages without a map; the map's page shows the list.

import { keepTour, keptTour, MOST_STOPS } from "../shared/kept_tour.js";

/** Make each button[data-tour] put its place on the list, or take it off again. */
export function tourByButtons() {
  for (const button of document.querySelectorAll("button[data-tour]")) show(/** @type {HTMLElement} */ (button), keptTour());
  document.addEventListener("click", (event) => {
    /** @type {HTMLElement | null} */
    const button = /** @type {Element} */ (event.target).closest("button[data-tour]");
    if (button) toggle(button);
  });
}

/** @param {HTMLElement} button */
function toggle(button) {
  const id = /** @type {string} */ (button.dataset.tour);
  const stops = keptTour();
  const changed = stops.includes(id) ? stops.filter((stop) => stop !== id) : [...stops, id].slice(-MOST_STOPS);
  keepTour(changed);
  show(button, changed);
  tell(button, changed);
}

/**
 * @param {HTMLElement} button
 * @param {string[]} stops
 */
function show(button, stops) {
  const said = /** @type {Record<string, string>} */ (button.dataset);
  const isIn = stops.includes(said.tour);
  button.setAttribute("aria-pressed", String(isIn));
  /** @type {Element} */ (button.querySelector("[data-label]")).textContent = isIn ? said.in : said.add;
}

/**
 * @param {HTMLElement} button
 * @param {string[]} stops
 */
function tell(button, stops) {
  const place = button.closest(".card")?.querySelector(".card-status");
  if (!place) return;
  place.textContent = "";
  if (!stops.includes(/** @type {string} */ (button.dataset.tour))) return;
  const link = document.createElement("a");
  link.href = `${button.dataset.map}?tour=${stops.map(encodeURIComponent).join(",")}`;
  link.textContent = `${button.dataset.see} (${stops.length})`;
  place.append(`${button.dataset.in} · `, link);
}
