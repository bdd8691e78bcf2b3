// Put places on the visitor's own list from pages without a map; the map's page shows the list.

const KEPT = "cityatlas.tour"; // as in map/tour.js
const MOST = 30;

/** Make each button[data-tour] put its place on the list, or take it off again. */
export function keepTour() {
  for (const button of document.querySelectorAll("button[data-tour]")) show(button, read());
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-tour]");
    if (button) toggle(button);
  });
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function toggle(button) {
  const id = button.dataset.tour;
  const stops = read();
  const changed = stops.includes(id) ? stops.filter((stop) => stop !== id) : [...stops, id].slice(-MOST);
  try {
    localStorage.setItem(KEPT, JSON.stringify(changed));
  } catch { /* a browser that keeps nothing: the link below still holds the list */ }
  show(button, changed);
  tell(button, changed);
}

function show(button, stops) {
  const isIn = stops.includes(button.dataset.tour);
  button.setAttribute("aria-pressed", String(isIn));
  button.querySelector("[data-label]").textContent = isIn ? button.dataset.in : button.dataset.add;
}

function tell(button, stops) {
  const place = button.closest(".card")?.querySelector(".card-status");
  if (!place) return;
  place.textContent = "";
  if (!stops.includes(button.dataset.tour)) return;
  const link = document.createElement("a");
  link.href = `${button.dataset.map}?tour=${stops.map(encodeURIComponent).join(",")}`;
  link.textContent = `${button.dataset.see} (${stops.length})`;
  place.append(`${button.dataset.in} · `, link);
}
