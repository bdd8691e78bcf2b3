// Word the controls of Leaflet and its plugins in the page's language, and add what they lack.
/* global L */

import { element, find, icon, isStill, tell } from "../shared/dom.js";
import { atlas, layerSpecs, word } from "../shared/page_data.js";
import { Schematic } from "./basemaps.js";
import { repaint } from "./looks.js";
import { drawMark } from "./marks.js";

const LOCATED_ZOOM = 16; // at most: nearer there is often no place in view

/** Set the words before folium makes the controls. */
export function wordControls() {
  Object.assign(L.Control.Zoom.prototype.options, { zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") });
  L.Control.Scale.prototype.options.imperial = false;
  const makeLocate = L.control.locate;
  L.control.locate = (options) => makeLocate({
    ...options, showPopup: false, locateOptions: { maxZoom: LOCATED_ZOOM },
    strings: { title: word("locate"), popup: word("locate_popup"), outsideMapBoundsMsg: word("locate_outside"), metersUnit: "m", feetUnit: "ft" },
    onLocationError: () => tell(word("locate_failed")),
    onLocationOutsideMapBounds: (/** @type {{stop(): void}} */ control) => { tell(word("locate_outside")); control.stop(); },
  });
  const makeFullscreen = L.control.fullscreen;
  L.control.fullscreen = (options) => makeFullscreen({ ...options, title: word("fullscreen"), titleCancel: word("fullscreen_end") });
  titleLayerControl();
}

/** Put titles and marks where folium wrote ids: it may not see a text. */
function titleLayerControl() {
  const grouped = L.Control.GroupedLayers.prototype;
  const addItem = grouped._addItem;
  /** @this {L.Control.GroupedLayers} */
  grouped._addItem = function titled(entry) {
    const label = addItem.call(this, entry);
    const spec = layerSpecs.get(entry.name);
    if (spec) {
      const mark = element("span", "mark-drawn");
      mark.append(drawMark({ kind: Object.keys(atlas.kinds)[0], position: "" }, spec.id));
      mark.querySelector(".mark-icon")?.remove();
      label.lastElementChild?.replaceChildren(mark, spec.title);
    }
    for (const name of this._overlaysList.querySelectorAll(".leaflet-control-layers-group-name")) {
      name.textContent = atlas.groups[String(name.textContent)] ?? name.textContent;
    }
    return label;
  };
  const initLayout = grouped._initLayout;
  /** @this {L.Control.GroupedLayers} */
  grouped._initLayout = function toggled() {
    initLayout.call(this);
    toggleByClick(this, this._container, find(this._container, ".leaflet-control-layers-toggle"));
  };
}

/** Open the layer menu by click or key, and close it by Escape or a click on the map; hovering does neither.
 * @param {L.Control.GroupedLayers} control
 * @param {HTMLElement} container
 * @param {HTMLElement} link
 */
function toggleByClick(control, container, link) {
  const collapse = control._collapse;
  L.DomEvent.off(container, "mouseover", control._expand, control).off(container, "mouseout", collapse, control)
    .off(link, "focus", control._expand, control).off(link, "click");
  Object.assign(link, { title: word("layers"), ariaLabel: word("layers"), ariaExpanded: "false" });
  link.setAttribute("role", "button");
  const open = (/** @type {Event} */ event) => {
    L.DomEvent.stop(event);
    control._expand();
    link.ariaExpanded = "true";
    container.querySelector("input")?.focus();
  };
  L.DomEvent.on(link, "click", open);
  link.addEventListener("keydown", (event) => (event.key === " " || event.key === "Enter") && open(event));
  container.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !container.classList.contains("leaflet-control-layers-expanded")) return;
    event.stopPropagation();
    collapse.call(control);
    link.ariaExpanded = "false";
    link.focus();
  });
}

/** Add the mini-map over the schematic basemap, where there is room for it.
 * @param {L.Map} map
 * @param {object} options
 */
export function overview(map, options) {
  if (matchMedia("(max-width: 900px), (max-height: 600px)").matches) return;
  const strings = { hideText: word("overview_hide"), showText: word("overview_show") };
  const base = new Schematic({ isOverview: true, pane: "tilePane" });
  const box = { color: "#a8321f", weight: 1.5, fillOpacity: 0.05, interactive: false };
  const control = new L.Control.MiniMap(base, { ...options, strings, minimized: false, aimingRectOptions: box, shadowRectOptions: { ...box, opacity: 0, fillOpacity: 0 } });
  control.addTo(map);
  document.addEventListener("look", () => repaint(base));
  for (const part of control.getContainer().querySelectorAll("a")) part.setAttribute("role", "button");
  control._miniMap.attributionControl?.remove();
}

/** Add the button that brings the first view back.
 * @param {L.Map} map
 */
export function addHome(map) {
  const control = new L.Control({ position: "topright" });
  control.onAdd = () => {
    const button = element("button", "home-button", icon("ui-home"));
    Object.assign(button, { type: "button", title: word("home"), ariaLabel: word("home") });
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => map.flyTo([atlas.view.lat, atlas.view.lon], atlas.view.zoom, { animate: !isStill() }));
    return element("div", "leaflet-bar", button);
  };
  control.addTo(map);
}

/** Let the visitor choose the basemap, when the organiser offers more than one.
 * @param {HTMLElement | null} place
 * @param {string} current
 * @param {(id: string) => void} choose
 */
export function addBasemapChoice(place, current, choose) {
  if (!place || !atlas.basemaps.length) return;
  const choices = [{ id: "schematic", title: word("schematic_base") }, ...atlas.basemaps];
  const legend = element("legend", "", word("basemap"));
  place.replaceChildren(legend, ...choices.map(({ id, title }) => {
    const input = element("input");
    Object.assign(input, { type: "radio", name: "base", value: id, checked: id === current });
    input.addEventListener("change", () => choose(id));
    return element("label", "choice", input, title);
  }));
  place.hidden = false;
}
