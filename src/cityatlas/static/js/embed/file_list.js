// Let people choose layers and find places in the list of the map that is one file.

import { byId, find, findAll } from "../shared/dom.js";

/** Show the boxes of the layers, and do as they say. */
export function chooseLayers() {
  const box = byId("file-layers");
  box.hidden = false;
  box.addEventListener("change", ({ target }) => {
    const { value, checked } = /** @type {HTMLInputElement} */ (target);
    const { frame } = window.cityatlas;
    const layer = frame?.layers[value];
    if (frame && layer) checked ? layer.addTo(frame.map) : layer.remove();
  });
}

/** Leave those places in the list whose words hold what is typed. */
export function searchList() {
  /** @type {HTMLInputElement} */
  const field = byId("file-search");
  find(document, ".file-search").removeAttribute("hidden");
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const row of findAll(byId("list"), "li")) {
      row.toggleAttribute("hidden", !row.textContent?.toLowerCase().includes(wanted));
    }
  });
}
