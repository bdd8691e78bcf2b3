// Give folium's map its layers, basemap and frame in other people's pages: what `map.js` is to our own.

import { element } from "./shared/dom.js";
import { atlas, specOf } from "./shared/page_data.js";
import { EmbedMap } from "./embed/embed_map.js";
import { Host } from "./embed/host.js";
import { followDark } from "./embed/looks.js";
import { basemap } from "./map/basemaps.js";
import { wordControls } from "./embed/controls.js";
import { CatalogueLayer } from "./map/layers.js";

const host = new Host();
if (atlas) {
  wordControls();
  followDark();
  window.cityatlas = {
    atlas, CatalogueLayer, element, // for tiled.js
    layer: (id) => new (specOf(id).tiles && !atlas.inline && window.cityatlas.TiledLayer || CatalogueLayer)(id),
    basemap,
    overview: () => {}, // a frame has no room for one
    /** @type {(map: L.Map, cluster: null, layers: import("./embed/embed_map.js").Layers, basemaps: import("./map/basemaps.js").Basemaps) => void} */
    start: (map, _cluster, layers, basemaps) => { window.cityatlas.frame = new EmbedMap(map, layers, basemaps, host); },
  };
}
