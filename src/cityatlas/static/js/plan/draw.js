// Draw a planned day on folium's map: its ways, its stops by number, where it starts and ends.
/* global L */

import { element, isStill } from "../shared/dom.js";
import { about, clock, planWord } from "./words.js";

const ROOM = { paddingTopLeft: [48, 40], paddingBottomRight: [60, 40] };
const APART_PX = 31; // between the middles of two numbers
// Where a number may stand, in units of APART_PX: on its spot, else on rings round it (planner/drawing.py has the same).
const TURNS = 24;
const ring = (radius) => Array.from({ length: TURNS }, (_, turn) => {
  const angle = (2 * Math.PI * turn) / TURNS;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
});
const PLACES = [[0, 0], ...[1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4].flatMap(ring)];

/** Return the nearest place for a number where it lies on no other one, or the roomiest there is. */
function nearestFree(spot, taken) {
  const places = PLACES.map(([x, y]) => spot.add([x * APART_PX, y * APART_PX]));
  const roomPx = places.map((at) => Math.min(Infinity, ...taken.map((other) => at.distanceTo(other))));
  return places.find((at, n) => roomPx[n] >= APART_PX - 0.01) ?? places[roomPx.indexOf(Math.max(...roomPx))];
}

const linesOf = ({ type, coordinates }) => (type === "LineString" ? [coordinates] : coordinates);
const flip = ([lon, lat]) => [lat, lon]; // Leaflet wants lat, lon

/** Return the words of a stop or a way of a day, by its key: `stop-1`, `leg-2`. */
export function titleOf(day, key) {
  const [kind, number] = [key.slice(0, key.indexOf("-")), Number(key.slice(key.indexOf("-") + 1))];
  const stop = day.stops[number - 1];
  const part = kind === "stop" ? stop : day.legs[number - 1];
  if (!part) return "";
  const times = { begin: clock(part.begin_s), end: clock(part.end_s) };
  if (kind === "stop") return planWord("planmap.js_number", { n: number, name: stop.name, ...times });
  if (part.ride) return planWord("planmap.js_ride", { board: part.ride.board, alight: part.ride.alight, begin: clock(part.ride.begin_s), end: clock(part.ride.end_s) });
  return planWord("planmap.js_way", { length: about(part.length_m), name: stop?.name ?? planWord("planmap.js_the_end"), ...times });
}

export class PlanDrawing {
  constructor(map, choose) {
    Object.assign(this, { map, choose, parts: new Map(), bounds: new Map() });
    this.group = L.layerGroup([], { pane: "plan" }).addTo(map);
    map.on("dragstart", () => { this.isLooking = true; }); // the visitor looks elsewhere: nothing moves the map back
    map.on("zoomend", () => this.spread());
  }

  /** Show a day instead of the one before; null shows none. */
  show(day) {
    this.group.clearLayers();
    this.parts.clear();
    this.bounds.clear();
    this.markers = [];
    if (!day) return;
    day.legs.forEach((leg, index) => leg && leg.line.length > 1 && this.addWay(leg, index + 1, day));
    day.stops.forEach((stop, index) => this.addStop(stop, index + 1, titleOf(day, `stop-${index + 1}`)));
    for (const tip of ["start", "end"]) if (day[tip]) this.addTip(day[tip], tip);
    this.spread();
    this.fit(day);
  }

  /** Bring the whole day into view. */
  fit(day) {
    const ways = [...day.legs.flatMap((leg) => leg?.line ?? []), ...day.stops.flatMap(({ boat }) => (boat ? linesOf(boat).flat() : []))];
    const spots = [...day.stops.map(({ lon, lat }) => [lat, lon]), ...ways.map(flip)];
    if (spots.length) this.map.fitBounds(spots, { ...ROOM, maxZoom: 16, animate: false });
  }

  addWay(leg, number, day) {
    for (const { line, mode } of leg.ride?.parts ?? [leg]) this.addLine(line.map(flip), `leg-${number}`, mode, titleOf(day, `leg-${number}`));
  }

  addLine(line, key, mode, title) {
    L.polyline(line, { pane: "plan", className: "plan-casing", interactive: false }).addTo(this.group);
    const way = L.polyline(line, { pane: "plan", className: `plan-way ${mode}`, bubblingMouseEvents: false }).addTo(this.group);
    way.bindTooltip(() => element("span", "", title), { sticky: true });
    way.on("click", () => this.choose(key));
    this.bounds.set(key, way.getBounds().extend(this.bounds.get(key) ?? way.getBounds()));
    this.note(key, way.getElement());
  }

  addStop(stop, number, title) {
    if (stop.boat) this.addTrip(stop.boat, `stop-${number}`, title);
    const html = element("span", `plan-number${stop.is_about ? " about" : ""}${stop.boat ? " boat" : ""}`, String(number));
    const icon = L.divIcon({ html, className: "plan-pin", iconSize: [30, 30], iconAnchor: [15, 15] });
    const marker = L.marker([stop.lat, stop.lon], { icon, pane: "plan", zIndexOffset: 1000, riseOnHover: true }).addTo(this.group);
    marker.getElement().setAttribute("aria-label", title);
    marker.bindTooltip(() => element("span", "", title), { direction: "top", offset: [0, -14] });
    marker.on("click", () => this.choose(`stop-${number}`));
    marker.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();
      this.choose(`stop-${number}`);
    });
    this.markers.push({ marker, place: L.latLng(stop.lat, stop.lon) });
    this.note(`stop-${number}`, marker.getElement());
  }

  addTrip(geometry, key, title) {
    for (const line of linesOf(geometry)) this.addLine(line.map(flip), key, "boat", title);
  }

  addTip(place, tip) {
    const html = element("span", `plan-tip ${tip}`, planWord(tip === "start" ? "planmap.js_start" : "planmap.js_end"));
    const icon = L.divIcon({ html, className: "plan-tip-pin", iconSize: [0, 0] });
    L.marker(flip(place), { icon, pane: "plan", interactive: false, keyboard: false }).addTo(this.group);
  }

  note(key, node) {
    this.parts.set(key, [...(this.parts.get(key) ?? []), node]);
  }

  /** Put each number on its spot, or near it with a line to it where it would lie on another one. */
  spread() {
    if (this.leaders) this.group.removeLayer(this.leaders);
    this.leaders = L.layerGroup([], { pane: "plan" }).addTo(this.group);
    const spots = (this.markers ?? []).map(({ place }) => this.map.latLngToLayerPoint(place));
    const isAlone = spots.map((spot, n) => spots.every((other, m) => n === m || spot.distanceTo(other) >= APART_PX));
    const taken = spots.filter((_, n) => isAlone[n]);
    spots.forEach((spot, n) => {
      const at = isAlone[n] ? spot : nearestFree(spot, taken);
      taken.push(at);
      this.stand(this.markers[n], this.map.layerPointToLatLng(at), at.distanceTo(spot) > 0);
    });
  }

  stand({ marker, place }, at, isLed) {
    marker.setLatLng(at);
    if (!isLed) return;
    const look = { pane: "plan", className: "plan-leader", interactive: false };
    for (const part of [L.polyline([place, at], look), L.circleMarker(place, { ...look, radius: 3 })]) {
      part.addTo(this.leaders);
      part.getElement().setAttribute("aria-hidden", "true");
    }
  }

  /** Let one part of the day stand out, and bring it into view when it is not. */
  mark(key) {
    for (const [other, nodes] of this.parts) for (const node of nodes) node?.classList.toggle("active", other === key);
    const number = key?.startsWith("stop-") ? Number(key.slice(5)) : 0;
    const spot = this.markers?.[number - 1]?.marker.getLatLng();
    if (spot) this.map.panInside(spot, { padding: [60, 60], animate: !isStill() });
    const way = key?.startsWith("leg-") && this.bounds.get(key);
    if (way && !this.map.getBounds().contains(way)) this.map.fitBounds(way, { ...ROOM, maxZoom: 16, animate: !isStill() });
  }

  /** Show where the visitor stands and how that lies to where they go, also when either has left the view; null shows nobody. */
  standAt(position, goal) {
    if (String(goal) !== this.goal) Object.assign(this, { goal: String(goal), isLooking: false });
    if (position && goal) {
      const both = L.latLngBounds([flip(position), flip(goal)]);
      const isSeen = this.map.getBounds().contains(both);
      if (!this.here || (!isSeen && !this.isLooking)) this.map.fitBounds(both, { ...ROOM, maxZoom: 16, animate: false });
    }
    this.here?.remove();
    this.here = position ? L.circleMarker(flip(position), { pane: "plan", radius: 8, className: "plan-here", interactive: false }).addTo(this.map) : null;
  }
}
