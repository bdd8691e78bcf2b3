// Draw a feature's mark: the layer's shape and colour, the kind's icon, a ring for progress or uncertainty.
/* global L */

import { byId, drawn, element } from "../shared/dom.js";
import { atlas, specOf } from "../shared/page_data.js";

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
   * @param {MarkProperties} properties
   * @param {string} layerId
   * @param {number} step
   */
  constructor(properties, layerId, step, isChosen = false) {
    super({ className: "mark-pin", iconSize: [40, 40], iconAnchor: [20, 20] });
    this.properties = properties;
    this.layerId = layerId;
    this.step = step;
    this.isChosen = isChosen;
  }

  createIcon() {
    const { properties, layerId, step, isChosen } = this;
    const pin = document.createElement("div");
    this._setIconStyles(pin, "icon");
    if (isChosen) pin.classList.add("chosen"); // drawn over the mark itself, which has the name
    else pin.setAttribute("aria-label", String(properties.name));
    pin.append(drawMark(properties, layerId, step));
    return pin;
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
  const icon = new MarkIcon(properties, layerId, step);
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

/** Return the icon of a cluster: how many, and what a screen reader says.
 * @param {{getChildCount(): number}} cluster
 * @param {(count: number) => string} label
 */
export function clusterIcon(cluster, label) {
  const count = cluster.getChildCount();
  const html = document.createElement("span");
  html.textContent = String(count);
  html.setAttribute("aria-label", label(count));
  const side = count < 10 ? 34 : count < 100 ? 40 : 46;
  return L.divIcon({ html, className: "cluster", iconSize: [side, side] });
}
