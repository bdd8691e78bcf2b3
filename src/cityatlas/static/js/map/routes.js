// Show which way a tour route goes, and number its stops along it.
/* global L */

import { drawn, element } from "../shared/dom.js";


const ARROW_GAP_PX = 110;
const NUMBERS_FROM_ZOOM = 13;

/** Draw arrows along routes and numbers at their stops; they are placed anew at each zoom. */
export class RouteMarks {
  /**
   * @param {L.Map} map
   * @param {(id: string) => LonLat | null} placeOf
   */
  constructor(map, placeOf) {
    this.map = map;
    this.placeOf = placeOf;
    /** @type {MapFeature[]} */
    this.routes = [];
    this.chosen = "";
    this.hasTour = false;
    this.group = L.layerGroup([], { pane: "plan" }).addTo(map);
    map.on("zoomend", () => this.draw());
  }

  /**
   * @param {MapFeature[]} routes
   * @param {string} chosen
   * @param {boolean} hasTour whether the visitor's own tour has the numbers, unless a route is chosen
   */
  show(routes, chosen, hasTour = false) {
    this.hasTour = hasTour;
    this.routes = routes;
    this.chosen = chosen;
    this.draw();
  }

  get isChosen() {
    return this.routes.some(({ id }) => id === this.chosen);
  }

  draw() {
    this.group.clearLayers();
    for (const route of this.routes) this.drawArrows(route);
    // Routes share stops, so one has its numbers at a time: the chosen one, else the first.
    const numbered = this.routes.find((route) => route.id === this.chosen) ?? (this.hasTour ? null : this.routes[0]);
    if (numbered && this.map.getZoom() >= NUMBERS_FROM_ZOOM) this.drawNumbers(numbered, []);
  }

  /** @param {MapFeature} route */
  lines(route) {
    const { type, coordinates } = /** @type {GeoJSON.LineString | GeoJSON.MultiLineString} */ (route.geometry);
    const parts = type === "LineString" ? [coordinates] : coordinates;
    return parts.map((part) => part.map(([lon, lat]) => this.map.project([lat, lon])));
  }

  /** @param {MapFeature} route */
  drawArrows(route) {
    for (const line of this.lines(route)) {
      let left = ARROW_GAP_PX / 2;
      for (let i = 1; i < line.length; i += 1) {
        const [from, to] = [line[i - 1], line[i]];
        const length = from.distanceTo(to);
        for (; left < length; left += ARROW_GAP_PX) this.addArrow(from.add(to.subtract(from).multiplyBy(left / length)), Math.atan2(to.y - from.y, to.x - from.x), route);
        left -= length;
      }
    }
  }

  /**
   * @param {L.Point} point
   * @param {number} angle
   * @param {MapFeature} route
   */
  addArrow(point, angle, route) {
    const html = drawn("svg", { viewBox: "-6 -6 12 12", class: `arrow layer-${route.layerId}`, "aria-hidden": "true" },
      drawn("path", { d: "M-3 -4L3 0L-3 4", transform: `rotate(${(angle * 180) / Math.PI})` }));
    const icon = L.divIcon({ html: /** @type {HTMLElement & SVGElement} */ (html), className: "arrow-pin", iconSize: [12, 12] });
    L.marker(this.map.unproject(point), { icon, interactive: false, keyboard: false, pane: "plan" }).addTo(this.group);
  }

  /**
   * @param {MapFeature} route
   * @param {L.Point[]} taken
   */
  drawNumbers(route, taken) {
    const stops = route.properties.stops ?? [];
    const points = this.lines(route).flat();
    const isLoop = stops.length > 1 && stops[0] === stops[stops.length - 1];
    stops.slice(0, isLoop ? -1 : undefined).forEach((stop, index) => {
      const place = this.placeOf(stop);
      if (!place || !points.length) return;
      const target = this.map.project([place[1], place[0]]);
      const onLine = points.reduce((best, point) => (point.distanceTo(target) < best.distanceTo(target) ? point : best));
      const spot = freeSpot(onLine, taken);
      const html = element("span", `stop-number layer-${route.layerId}`, String(index + 1));
      const icon = L.divIcon({ html, className: "stop-pin", iconSize: [20, 20] });
      L.marker(this.map.unproject(spot), { icon, interactive: false, keyboard: false, pane: "plan" }).addTo(this.group);
    });
  }
}

/** Return a place near a point where no number stands yet.
 * @param {L.Point} point
 * @param {L.Point[]} taken
 */
function freeSpot(point, taken) {
  const tries = [[0, 26], [-24, 8], [24, 8], [0, -26], [-26, -18], [26, -18], [0, 48], [0, 0]];
  const spots = tries.map(([dx, dy]) => point.add(L.point(dx, dy)));
  const free = spots.find((spot) => taken.every((other) => other.distanceTo(spot) > 21)) ?? spots[0];
  taken.push(free);
  return free;
}
