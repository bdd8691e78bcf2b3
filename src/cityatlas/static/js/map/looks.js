// Draw our own map in the page's look, and anew when that changes; marks keep their colours, which mean a layer.

import { basemap, Schematic } from "./basemaps.js";
import { atlas, layerSpecs } from "../shared/page_data.js";

/** @typedef {{styles: Record<string, BaseStyle>, colours: Record<string, string>}} Colours */

/** Return whether the page is dark: as was chosen, else as the device is. */
function isDark() {
  const { look } = document.documentElement.dataset;
  return look === "dark" || (look === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Take the colours of the page's look, now and whenever it changes. */
export function followLook() {
  const dark = /** @type {Colours} */ (atlas.dark);
  const light = { styles: atlas.styles, colours: Object.fromEntries(atlas.layers.map(({ id, colour }) => [id, colour])) };
  const take = () => {
    const { styles, colours } = isDark() ? dark : light;
    atlas.styles = styles;
    for (const [id, spec] of layerSpecs) spec.colour = colours[id];
  };
  take();
  document.addEventListener("look", take);
}

/** Paint our basemap in the colours that hold now.
 * @param {import("./basemaps.js").Schematic} base
 */
export function repaint(base) {
  for (const { feature, layer, isCasing } of base.parts) {
    const { fill, stroke, casing } = atlas.styles[feature.properties.class] ?? {};
    layer?.setStyle({ fillColor: fill, color: isCasing ? casing : stroke });
  }
}

/** Return the basemap of an id; our own is painted anew when the look changes.
 * @param {string} id
 */
export function paintedBasemap(id) {
  const made = basemap(id);
  if (made instanceof Schematic) document.addEventListener("look", () => repaint(made));
  return made;
}
