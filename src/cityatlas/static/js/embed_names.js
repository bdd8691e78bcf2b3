// Write the names on the map of a frame: loaded once its marks and its basemap are drawn, which do not wait for it.

import { namesOf } from "./map/base_names.js";
import { Names } from "./map/names.js";
import { placeNames } from "./map/places.js";

window.cityatlas.nameFrame = (map, basemaps, choose) => {
  const names = new Names(map, [() => placeNames(map), () => namesOf(basemaps.schematic)], choose);
  basemaps.schematic.on("shown", () => names.later());
  names.later();
  return names;
};
