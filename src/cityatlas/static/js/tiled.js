// placeholder until the tile layer lands
import { CatalogueLayer } from "./layers.js";
export const TiledLayer = CatalogueLayer;
