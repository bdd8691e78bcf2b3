// Give folium's map its layers, basemaps and page: the script that folium writes calls `cityatlas.*`.

import { atlas, element, layerSpecs } from "./atlas.js";
import { AtlasMap } from "./atlas_map.js";
import { basemap } from "./basemaps.js";
import { overview, wordControls } from "./controls.js";
import { rememberLanguage } from "./languages.js";
import { CatalogueLayer } from "./layers.js";
import { shareOnClick } from "./share.js";

if (atlas) {
  wordControls();
  rememberLanguage();
  shareOnClick();
  window.cityatlas = {
    atlas, CatalogueLayer, element, // for tiled.js
    layer: (id) => (layerSpecs.get(id).tiles ? new window.cityatlas.TiledLayer(id) : new CatalogueLayer(id)),
    basemap,
    overview,
    start: (map, cluster, layers, basemaps) => { window.cityatlas.map = new AtlasMap(map, cluster, layers, basemaps); },
  };
}
