// Complete the map that is one file: its basemap, names and cards come from the page's own data, and nobody is asked.

import "./embed_names.js";
import { drawCard } from "./embed/file_card.js";
import { chooseLayers, searchList } from "./embed/file_list.js";
import { byId } from "./shared/dom.js";
import { atlas } from "./shared/page_data.js";

/** @typedef {import("./map/basemaps.js").Basemaps} Basemaps */
/** @typedef {import("./embed/embed_map.js").EmbedMap} EmbedMap */

const { cityatlas } = window;
const { basemap, start } = cityatlas;

cityatlas.basemap = (id) => {
  const made = /** @type {Basemaps["schematic"]} */ (basemap(id));
  // Once folium's script is through: the map is there by then, and hears of it.
  made.ready = Promise.resolve().then(() => made.draw(/** @type {BaseFeature[]} */ (atlas.shapes_inline?.features)));
  return made;
};

cityatlas.start = (/** @type {L.Map} */ map, /** @type {null} */ cluster, /** @type {EmbedMap["layers"]} */ layers, /** @type {Basemaps} */ basemaps) => {
  start(map, cluster, layers, basemaps);
  const frame = /** @type {EmbedMap} */ (cityatlas.frame);
  basemaps.schematic.once("ready", () => { frame.names = cityatlas.nameFrame?.(map, basemaps, (id) => frame.choose(id)); });
  const drawChosen = frame.drawChosen.bind(frame);
  frame.drawChosen = (id, isFocused) => {
    if (id) placeCard(id);
    drawChosen(id, isFocused);
  };
};

/** Put a card where the frame looks for one, so that it asks for none.
 * @param {string} id
 */
function placeCard(id) {
  const place = byId("card-place");
  place.replaceChildren(drawCard(id));
  place.dataset.shown = id;
}

chooseLayers();
searchList();
