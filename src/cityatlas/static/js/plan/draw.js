// Draw a planned day on folium's map: its ways, its stops by number, where it starts and ends.
/* global L */

import { bringInto, fitInto } from "../map/free_room.js";
import { element } from "../shared/dom.js";
import { spread } from "../shared/spread.js";
import { about, clock, planWord, rideWords } from "./words.js";

const [APART_PX, NUMBER_PX] = [31, 15]; // between the middles of two numbers, and half of one

/** @typedef {{marker: L.Marker, place: L.LatLng}} Numbered */

/**
 * @param {GeoJSON.LineString | GeoJSON.MultiLineString} geometry
 * @returns {LonLat[][]}
 */
const linesOf = ({ type, coordinates }) => /** @type {LonLat[][]} */ (type === "LineString" ? [coordinates] : coordinates);
/**
 * @param {LonLat} position
 * @returns {L.LatLngTuple}
 */
const flip = ([lon, lat]) => [lat, lon]; // Leaflet wants lat, lon

/** Return the words of a stop or a way of a day, by its key: `stop-1`, `leg-2`.
 * @param {PlanDay} day
 * @param {string} key
 */
export function titleOf(day, key) {
  const [kind, number] = [key.slice(0, key.indexOf("-")), Number(key.slice(key.indexOf("-") + 1))];
  const stop = day.stops[number - 1];
  const part = kind === "stop" ? stop : day.legs[number - 1];
  if (!part) return "";
  const times = { begin: clock(part.begin_s), end: clock(part.end_s) };
  if (kind === "stop") return planWord("planmap.js_number", { n: number, name: stop.name, ...times });
  const { ride, estimate, length_m } = /** @type {PlanLeg} */ (part);
  if (ride) return rideWords(ride);
  if (estimate) return estimate.words;
  return planWord("planmap.js_way", { length: about(length_m), name: stop?.name ?? planWord("planmap.js_the_end"), ...times });
}

export class PlanDrawing {
  /**
   * @param {L.Map} map
   * @param {(key: string) => void} choose
   */
  constructor(map, choose) {
    this.map = map;
    this.choose = choose;
    /** @type {Map<string, (Element | undefined)[]>} */
    this.parts = new Map();
    /** @type {Map<string, L.LatLngBounds>} */
    this.bounds = new Map();
    /** @type {Numbered[]} */
    this.markers = [];
    this.goal = "";
    this.group = L.layerGroup([], { pane: "plan" }).addTo(map);
    map.on("dragstart", () => { this.isLooking = true; }); // the visitor looks elsewhere: nothing moves the map back
    map.on("zoomend", () => this.spread());
  }

  /** Show a day instead of the one before; null shows none.
   * @param {PlanDay | null} day
   */
  show(day) {
    this.group.clearLayers();
    this.parts.clear();
    this.bounds.clear();
    this.markers = [];
    if (!day) return;
    day.legs.forEach((leg, index) => leg && leg.line.length > 1 && this.addWay(leg, index + 1, day));
    day.stops.forEach((stop, index) => this.addStop(stop, index + 1, titleOf(day, `stop-${index + 1}`)));
    const isRound = String(day.start ?? "") === String(day.end ?? "");
    if (day.start) this.addTip(day.start, isRound ? "round" : "start", planWord(isRound ? "planmap.js_round" : "planmap.js_start"));
    if (day.end && !isRound) this.addTip(day.end, "end", planWord("planmap.js_end"));
    this.spread();
    this.fit(day);
  }

  /** Bring the whole day into view.
   * @param {PlanDay} day
   */
  fit(day) {
    const ways = [...day.legs.flatMap((leg) => leg?.line ?? []), ...day.stops.flatMap(({ boat }) => (boat ? linesOf(boat).flat() : []))];
    const spots = [...day.stops.map(({ lon, lat }) => flip([lon, lat])), ...ways.map(flip)];
    if (spots.length) fitInto(this.map, L.latLngBounds(spots), { animate: false, aboutPx: NUMBER_PX });
  }

  /**
   * @param {PlanLeg} leg
   * @param {number} number
   * @param {PlanDay} day
   */
  addWay(leg, number, day) {
    for (const { line, mode } of (leg.ride ?? leg.estimate)?.parts ?? [leg]) this.addLine(line.map(flip), `leg-${number}`, mode, titleOf(day, `leg-${number}`));
  }

  /**
   * @param {L.LatLngTuple[]} line
   * @param {string} key
   * @param {string} mode
   * @param {string} title
   */
  addLine(line, key, mode, title) {
    L.polyline(line, { pane: "plan", className: "plan-casing", interactive: false }).addTo(this.group);
    const way = L.polyline(line, { pane: "plan", className: `plan-way ${mode}`, bubblingMouseEvents: false }).addTo(this.group);
    way.bindTooltip(() => element("span", "", title), { sticky: true });
    way.on("click", () => this.choose(key));
    this.bounds.set(key, way.getBounds().extend(this.bounds.get(key) ?? way.getBounds()));
    this.note(key, way.getElement());
  }

  /**
   * @param {PlanStop} stop
   * @param {number} number
   * @param {string} title
   */
  addStop(stop, number, title) {
    if (stop.boat) this.addTrip(stop.boat, `stop-${number}`, title);
    const html = element("span", `plan-number${stop.is_about ? " about" : ""}${stop.boat ? " boat" : ""}`, String(number));
    const icon = L.divIcon({ html, className: "plan-pin", iconSize: [30, 30], iconAnchor: [15, 15] });
    const marker = L.marker([stop.lat, stop.lon], { icon, pane: "plan", zIndexOffset: 1000, riseOnHover: true }).addTo(this.group);
    marker.getElement()?.setAttribute("aria-label", title);
    marker.bindTooltip(() => element("span", "", title), { direction: "top", offset: [0, -14] });
    marker.on("click", () => this.choose(`stop-${number}`));
    marker.on("keydown", (event) => {
      const { originalEvent } = /** @type {L.LeafletKeyboardEvent} */ (event);
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();
      this.choose(`stop-${number}`);
    });
    this.markers.push({ marker, place: L.latLng(stop.lat, stop.lon) });
    this.note(`stop-${number}`, marker.getElement());
  }

  /**
   * @param {GeoJSON.LineString | GeoJSON.MultiLineString} geometry
   * @param {string} key
   * @param {string} title
   */
  addTrip(geometry, key, title) {
    for (const line of linesOf(geometry)) this.addLine(line.map(flip), key, "boat", title);
  }

  /**
   * @param {LonLat} place
   * @param {"start" | "end" | "round"} tip
   * @param {string} words
   */
  addTip(place, tip, words) {
    const html = element("span", `plan-tip ${tip}`, words);
    const icon = L.divIcon({ html, className: "plan-tip-pin", iconSize: [0, 0] });
    L.marker(flip(place), { icon, pane: "plan", interactive: false, keyboard: false }).addTo(this.group);
  }

  /**
   * @param {string} key
   * @param {Element | undefined} node
   */
  note(key, node) {
    this.parts.set(key, [...(this.parts.get(key) ?? []), node]);
  }

  /** Put each number on its spot, or near it with a line to it where it would lie on another one. */
  spread() {
    if (this.leaders) this.group.removeLayer(this.leaders);
    const leaders = this.leaders = L.layerGroup([], { pane: "plan" }).addTo(this.group);
    const spots = this.markers.map(({ place }) => this.map.latLngToLayerPoint(place));
    spread(spots, APART_PX).forEach(({ x, y }, n) => {
      const isLed = x !== spots[n].x || y !== spots[n].y;
      this.stand(this.markers[n], this.map.layerPointToLatLng([x, y]), isLed && leaders);
    });
  }

  /**
   * @param {Numbered} numbered
   * @param {L.LatLng} at
   * @param {L.LayerGroup | false} leaders
   */
  stand({ marker, place }, at, leaders) {
    marker.setLatLng(at);
    if (!leaders) return;
    const look = { pane: "plan", className: "plan-leader", interactive: false };
    for (const part of [L.polyline([place, at], look), L.circleMarker(place, { ...look, radius: 3 })]) {
      part.addTo(leaders);
      part.getElement()?.setAttribute("aria-hidden", "true");
    }
  }

  /** Let one part of the day stand out, and bring it into view when it is not.
   * @param {string} key
   */
  mark(key) {
    for (const [other, nodes] of this.parts) for (const node of nodes) node?.classList.toggle("active", other === key);
    const number = key.startsWith("stop-") ? Number(key.slice(5)) : 0;
    const spot = this.markers[number - 1]?.marker.getLatLng();
    if (spot) bringInto(this.map, [spot.lat, spot.lng]);
    const way = key.startsWith("leg-") && this.bounds.get(key);
    if (way && !this.map.getBounds().contains(way)) fitInto(this.map, way);
  }

  /** Show where the visitor stands and how that lies to where they go, also when either has left the view; null shows nobody.
   * @param {LonLat | null} position
   * @param {LonLat | null} [goal]
   */
  standAt(position, goal) {
    if (String(goal) !== this.goal) this.isLooking = false;
    this.goal = String(goal);
    if (position && goal) {
      const both = L.latLngBounds([flip(position), flip(goal)]);
      const isSeen = this.map.getBounds().contains(both);
      if (!this.here || (!isSeen && !this.isLooking)) fitInto(this.map, both, { animate: false });
    }
    this.here?.remove();
    this.here = position ? L.circleMarker(flip(position), { pane: "plan", radius: 8, className: "plan-here", interactive: false }).addTo(this.map) : null;
  }
}
