// Keep the visitor's own list of stops: in the address and in this browser, nowhere else.
/* global L */

import { button, element, find, findAll, icon, tell, targetOf } from "../shared/dom.js";
import { keepTour, keptTour, MOST_STOPS } from "../shared/kept_tour.js";
import { MOST_MUST } from "../shared/most_must.js";
import { word } from "../shared/page_data.js";

export class Tour {
  /**
   * @param {L.Map} map
   * @param {import("./state.js").Store} store
   * @param {(id: string) => string} nameOf
   * @param {(id: string) => LonLat | null} placeOf
   * @param {(id: string) => void} choose
   * @param {() => boolean} isRouteChosen
   */
  constructor(map, store, nameOf, placeOf, choose, isRouteChosen) {
    this.isRouteChosen = isRouteChosen;
    this.store = store;
    this.nameOf = nameOf;
    this.placeOf = placeOf;
    this.choose = choose;
    this.section = document.getElementById("tour");
    this.line = L.layerGroup().addTo(map);
    if (!store.state.tour.length) store.state.tour = keptTour();
    document.addEventListener("click", (event) => {
      /** @type {HTMLElement | null} */
      const button = targetOf(event).closest("button[data-tour]");
      if (button) this.toggle(String(button.dataset.tour));
    });
    this.section?.querySelector("[data-tour-clear]")?.addEventListener("click", () => this.write([]));
  }

  /** @param {string} id */
  toggle(id) {
    const stops = this.store.state.tour;
    const isIn = stops.includes(id);
    if (!isIn && stops.length >= MOST_STOPS) return tell(word("tour_full", { most: MOST_STOPS }));
    this.write(isIn ? stops.filter((stop) => stop !== id) : [...stops, id]);
    return tell(word(isIn ? "tour_removed" : "tour_added", { name: this.nameOf(id) }));
  }

  /**
   * @param {number} index
   * @param {number} step
   */
  move(index, step) {
    const stops = [...this.store.state.tour];
    [stops[index], stops[index + step]] = [stops[index + step], stops[index]];
    this.write(stops);
    /** @type {HTMLElement | null | undefined} */
    const tool = this.section?.querySelectorAll("ol > li")[index + step]?.querySelector(step < 0 ? ".up" : ".down");
    tool?.focus();
  }

  /** @param {string[]} stops */
  write(stops) {
    keepTour(stops);
    this.store.set({ tour: stops });
  }

  /** Show the list, the line between the stops, and on each button whether its feature is in. */
  draw() {
    const stops = this.store.state.tour.filter((id) => this.nameOf(id));
    for (const button of findAll(document, "button[data-tour]")) {
      const isIn = stops.includes(String(button.dataset.tour));
      button.setAttribute("aria-pressed", String(isIn));
      const label = button.querySelector("[data-label]") ?? button;
      label.textContent = word(isIn ? "tour_in" : "tour_add");
    }
    if (!this.section) return;
    this.section.hidden = !stops.length;
    this.lead(stops);
    find(this.section, "ol").replaceChildren(...stops.map((id, index) => this.row(id, index, stops.length)));
    this.drawLine(stops);
  }

  /** Lead to the plan in which the stops are musts, as many as one may ask for.
   * @param {string[]} stops
   */
  lead(stops) {
    /** @type {HTMLAnchorElement | null | undefined} */
    const link = this.section?.querySelector("[data-tour-plan]");
    if (link) link.href = `${link.dataset.tourPlan}&must=${stops.slice(0, MOST_MUST).map(encodeURIComponent).join(",")}`;
  }

  /**
   * @param {string} id
   * @param {number} index
   * @param {number} count
   */
  row(id, index, count) {
    const name = this.nameOf(id);
    const open = button(name, () => this.choose(id), "tour-stop");
    const up = tool("up", "ui-chevron-up", word("tour_up", { name }), () => this.move(index, -1));
    const down = tool("down", "ui-chevron-down", word("tour_down", { name }), () => this.move(index, 1));
    up.disabled = index === 0;
    down.disabled = index === count - 1;
    return element("li", "", open, up, down, tool("remove", "ui-close", word("tour_remove", { name }), () => this.toggle(id)));
  }

  /** @param {string[]} stops */
  drawLine(stops) {
    this.line.clearLayers();
    const places = stops.flatMap((id) => { const at = this.placeOf(id); return at ? [L.latLng(at[1], at[0])] : []; });
    if (places.length > 1) L.polyline(places, { pane: "plan", className: "tour-line", interactive: false }).addTo(this.line);
    if (this.isRouteChosen()) return; // one thing at a time has numbers
    places.forEach((place, index) => {
      const html = element("span", "stop-number tour-number", String(index + 1));
      L.marker(place, { icon: L.divIcon({ html, className: "tour-pin", iconSize: [20, 20], iconAnchor: [-4, 26] }), pane: "plan", interactive: false, keyboard: false }).addTo(this.line);
    });
  }
}

/**
 * @param {string} name
 * @param {string} drawing
 * @param {string} label
 * @param {() => void} act
 */
function tool(name, drawing, label, act) {
  const made = button("", act, `tool ${name}`);
  made.append(icon(drawing));
  made.setAttribute("aria-label", label);
  return made;
}
