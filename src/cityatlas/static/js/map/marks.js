// Draw a feature's mark: the layer's shape and colour, the kind's icon, a ring for progress or uncertainty.
/* global L */

import { byId, drawn, element } from "../shared/dom.js";
import { atlas, specOf } from "../shared/page_data.js";
import { MARK_PX, SMALL_PX } from "./crowd.js";

const [CHOSEN_PX, RINGED_PX] = [38, 40]; // the chosen mark, and one with a ring of progress
const [CLUSTER_PX, MOST_KINDS] = [31, 4]; // a cluster's icon, and the kinds that it shows
const STEPS = 8; // the phases of a project, planned to open

/** @typedef {L.Marker & {options: {icon: MarkIcon}}} Mark */

/** Return the mark of a feature as SVG; `step` (0 to 8) is how far along a project is.
 * @param {MarkProperties} properties
 * @param {string} layerId
 */
export function drawMark(properties, layerId, step = 0) {
  const spec = specOf(layerId);
  const isSchematic = properties.position === "schematic";
  const symbol = document.getElementById(`i-${atlas.kinds[properties.kind].icon}`) ?? byId("i-marker");
  const mark = drawn("svg", { viewBox: "0 0 40 40", class: `mark-svg layer-${layerId}${isSchematic ? " schematic" : ""}`, "aria-hidden": "true" });
  if (step) {
    mark.append(drawn("circle", { class: "mark-track", cx: 20, cy: 20, r: 18.2 }),
      drawn("circle", { class: "mark-progress", cx: 20, cy: 20, r: 18.2, pathLength: STEPS, "stroke-dasharray": `${step} ${STEPS}`, transform: "rotate(-90 20 20)" }));
  }
  mark.append(
    drawn("path", { class: "mark-shape", d: atlas.shapes[spec.shape], transform: "translate(4 4)" }),
    drawn("use", { class: "mark-icon", href: `#${symbol.id}`, x: 12.5, y: 12.5, width: 15, height: 15 }),
  );
  return mark;
}

/** A Leaflet icon that draws a mark when it is first seen; 10,000 of them cost nothing until then. */
export class MarkIcon extends L.DivIcon {
  /**
   * @param {MarkProperties & {id?: string}} properties
   * @param {string} layerId
   * @param {number} step
   */
  constructor(properties, layerId, step, isChosen = false) {
    const side = isChosen ? CHOSEN_PX : step ? RINGED_PX : MARK_PX;
    super({ className: "mark-pin", iconSize: [side, side], iconAnchor: [side / 2, side / 2] });
    this.properties = properties;
    this.layerId = layerId;
    this.step = step;
    this.isChosen = isChosen;
    this.side = side;
    this.isSmall = false;
  }

  createIcon() {
    const { properties, layerId, step, isChosen } = this;
    const pin = document.createElement("div");
    this._setIconStyles(pin, "icon");
    pin.classList.toggle("small", this.isSmall);
    if (isChosen) pin.classList.add("chosen"); // drawn over the mark itself, which has the name
    else pin.setAttribute("aria-label", String(properties.name));
    pin.append(drawMark(properties, layerId, step));
    return pin;
  }

  /** Draw the mark beside its place and small, or as it was; returns how wide it is.
   * @param {HTMLElement | undefined} pin
   * @param {number} dx
   * @param {number} dy
   * @param {boolean} isSmall
   */
  fit(pin, dx, dy, isSmall) {
    this.isSmall = isSmall && !this.isChosen;
    const side = this.isSmall ? SMALL_PX : this.side;
    const [left, top] = [side / 2 - dx, side / 2 - dy];
    Object.assign(this.options, { iconSize: [side, side], iconAnchor: [left, top] });
    pin?.classList.toggle("small", this.isSmall);
    if (pin) Object.assign(pin.style, { width: `${side}px`, height: `${side}px`, marginLeft: `${-left}px`, marginTop: `${-top}px` });
    return side;
  }
}

/** Return the marker of a feature; Enter, Space and a click call `choose`.
 * @param {MapFeature} feature
 * @param {string} layerId
 * @param {number} step
 * @param {(id: string) => void} choose
 */
export function makeMarker(feature, layerId, step, choose) {
  const { properties, geometry } = feature;
  const [lon, lat] = properties.mark ?? /** @type {LonLat} */ (geometry.coordinates);
  const icon = new MarkIcon({ ...properties, id: feature.id }, layerId, step);
  const marker = /** @type {Mark} */ (L.marker([lat, lon], { icon, pane: "marks", riseOnHover: true }));
  marker.on("add", () => { // all else only for a marker that is seen: most stay inside their cluster
    if (!marker.getTooltip()) {
      marker.on("click", () => choose(feature.id));
      marker.bindTooltip(() => element("span", "", properties.name), { direction: "top", offset: [0, -16], opacity: 1 });
    }
    const pin = marker.getElement();
    if (!pin || pin.dataset.isHeard) return;
    pin.dataset.isHeard = "yes";
    pin.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(feature.id);
    });
  });
  return marker;
}

/** Return the icon of a cluster: which kinds it holds, the most frequent first; how many a screen reader says.
 * @param {{getAllChildMarkers(): L.Marker[], getChildCount(): number}} cluster
 * @param {(count: number) => string} label
 */
export function clusterIcon(cluster, label) {
  /** @type {Map<string, {icon: MarkIcon, count: number}>} */
  const kinds = new Map();
  for (const { options: { icon } } of /** @type {Mark[]} */ (cluster.getAllChildMarkers())) {
    const key = `${icon.layerId} ${icon.properties.kind}`;
    kinds.set(key, { icon, count: (kinds.get(key)?.count ?? 0) + 1 });
  }
  const shown = [...kinds.values()].sort((a, b) => b.count - a.count).slice(0, MOST_KINDS);
  const html = element("span", "", ...shown.map(({ icon }) => drawKind(icon)));
  html.setAttribute("role", "img");
  html.setAttribute("aria-label", label(cluster.getChildCount()));
  return L.divIcon({ html, className: "cluster", iconSize: [CLUSTER_PX, CLUSTER_PX] });
}

/** @param {MarkIcon} icon */
function drawKind({ layerId, properties: { kind } }) {
  const symbol = document.getElementById(`i-${atlas.kinds[kind].icon}`) ?? byId("i-marker");
  return drawn("svg", { viewBox: "0 0 16 16", class: `cluster-kind layer-${layerId}`, "aria-hidden": "true" }, drawn("use", { href: `#${symbol.id}`, width: 16, height: 16 }));
}
