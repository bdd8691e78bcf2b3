// Give folium's map its layers, basemaps and page: the script that folium writes calls `cityatlas.*`.

import { element } from "./shared/dom.js";
import { atlas, specOf } from "./shared/page_data.js";
import { AtlasMap } from "./map/atlas_map.js";
import { overview, wordControls } from "./map/controls.js";
import { rememberLanguage } from "./pages/languages.js";
import { followLook, paintedBasemap } from "./map/looks.js";
import { followLooks } from "./pages/looks.js";
import { CatalogueLayer } from "./map/layers.js";
import { renewKept } from "./pages/offline.js";
import { readAloud } from "./pages/read_aloud.js";
import { shareOnClick } from "./pages/share.js";

if (atlas) {
  wordControls();
  followLooks();
  followLook();
  rememberLanguage();
  shareOnClick();
  readAloud();
  renewKept();
  window.cityatlas = {
    atlas, CatalogueLayer, element, // for tiled.js
    layer: (id) => new (specOf(id).tiles && window.cityatlas.TiledLayer || CatalogueLayer)(id),
    basemap: paintedBasemap,
    overview,
    /** @param {ConstructorParameters<typeof AtlasMap>} made */
    start: (...made) => { window.cityatlas.map = new AtlasMap(...made); },
  };
}
