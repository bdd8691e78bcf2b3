// Word the few controls of a frame's map in its language.
/* global L */

import { button, element, icon } from "../shared/dom.js";
import { word } from "../shared/page_data.js";

/** Set the words before folium makes the controls. */
export function wordControls() {
  Object.assign(L.Control.Zoom.prototype.options, { zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") });
  L.Control.Scale.prototype.options.imperial = false;
  const makeFullscreen = L.control.fullscreen;
  L.control.fullscreen = (options) => makeFullscreen({ ...options, title: word("fullscreen"), titleCancel: word("fullscreen_end") });
}

/** Add the button that brings the first view back.
 * @param {L.Map} map
 * @param {() => void} goHome
 */
export function addHome(map, goHome) {
  const control = new L.Control({ position: "topright" });
  control.onAdd = () => {
    const home = button("", goHome, "home-button");
    home.append(icon("ui-home"));
    Object.assign(home, { title: word("home"), ariaLabel: word("home") });
    L.DomEvent.disableClickPropagation(home);
    return element("div", "leaflet-bar", home);
  };
  control.addTo(map);
}
