// Keep the visitor's own list of stops: in the address and in this browser, nowhere else.
/* global L */

import { element, icon, tell } from "../shared/dom.js";
import { word } from "../shared/page_data.js";

const KEPT = "cityatlas.tour";
const MOST = 30;

export class Tour {
  constructor(map, store, nameOf, placeOf, choose) {
    Object.assign(this, { map, store, nameOf, placeOf, choose });
    this.section = document.getElementById("tour");
    this.list = this.section?.querySelector("ol");
    this.line = L.layerGroup().addTo(map);
    if (!store.state.tour.length) store.state.tour = read();
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("button[data-tour]");
      if (button) this.toggle(button.dataset.tour);
    });
    this.section?.querySelector("[data-tour-clear]")?.addEventListener("click", () => this.write([]));
  }

  toggle(id) {
    const stops = this.store.state.tour;
    const isIn = stops.includes(id);
    if (!isIn && stops.length >= MOST) return tell(word("tour_full", { most: MOST }));
    this.write(isIn ? stops.filter((stop) => stop !== id) : [...stops, id]);
    return tell(word(isIn ? "tour_removed" : "tour_added", { name: this.nameOf(id) }));
  }

  move(index, step) {
    const stops = [...this.store.state.tour];
    [stops[index], stops[index + step]] = [stops[index + step], stops[index]];
    this.write(stops);
    this.list.children[index + step]?.querySelector(step < 0 ? ".up" : ".down")?.focus();
  }

  write(stops) {
    try {
      localStorage.setItem(KEPT, JSON.stringify(stops));
    } catch { /* a browser that keeps nothing: the address still has the tour */ }
    this.store.set({ tour: stops });
  }

  /** Show the list, the line between the stops, and on each button whether its feature is in. */
  draw() {
    const stops = this.store.state.tour.filter((id) => this.nameOf(id));
    for (const button of document.querySelectorAll("button[data-tour]")) {
      const isIn = stops.includes(button.dataset.tour);
      button.setAttribute("aria-pressed", String(isIn));
      const label = button.querySelector("[data-label]") ?? button;
      label.textContent = word(isIn ? "tour_in" : "tour_add");
    }
    if (!this.section) return;
    this.section.hidden = !stops.length;
    this.list.replaceChildren(...stops.map((id, index) => this.row(id, index, stops.length)));
    this.drawLine(stops);
  }

  row(id, index, count) {
    const name = this.nameOf(id);
    const open = element("button", "tour-stop", name);
    open.type = "button";
    open.addEventListener("click", () => this.choose(id));
    const tools = [["up", "ui-chevron-up", -1, index > 0], ["down", "ui-chevron-down", 1, index < count - 1]].map(([cls, drawing, step, can]) => {
      const button = this.tool(cls, drawing, word(`tour_${cls}`, { name }), () => this.move(index, step));
      button.disabled = !can;
      return button;
    });
    tools.push(this.tool("remove", "ui-close", word("tour_remove", { name }), () => this.toggle(id)));
    return element("li", "", open, ...tools);
  }

  tool(className, drawing, label, act) {
    const button = element("button", `tool ${className}`, icon(drawing));
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    return button;
  }

  drawLine(stops) {
    this.line.clearLayers();
    const places = stops.map((id) => this.placeOf(id)).filter(Boolean).map(([lon, lat]) => [lat, lon]);
    if (places.length > 1) L.polyline(places, { pane: "plan", className: "tour-line", interactive: false }).addTo(this.line);
    places.forEach((place, index) => {
      const html = element("span", "tour-number", String(index + 1));
      L.marker(place, { icon: L.divIcon({ html, className: "tour-pin", iconSize: [22, 22], iconAnchor: [-4, 26] }), pane: "plan", interactive: false, keyboard: false }).addTo(this.line);
    });
  }
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}
