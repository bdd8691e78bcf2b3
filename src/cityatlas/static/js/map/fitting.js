// Bring into view what is chosen: what a layer or filters have left, once all of it is here, and a place with its card.
/* global L */

import { bboxOf, coreBbox, joinedBbox } from "../shared/extent.js";
import { atlas } from "../shared/page_data.js";
import { bringInto, fitInto, isInRoom } from "./free_room.js";
import { queryOf } from "./state.js";

/** @type {("theme" | "kind" | "phase" | "at")[]} */
export const FILTERED_BY = ["theme", "kind", "phase", "at"];
const [PLACE_ZOOM, LEAST_PLACE_ZOOM] = [15, 13]; // of a place that an address opens, and of one that is chosen from afar

/** Tell whether filters leave something out.
 * @param {MapState} state
 */
const isFiltered = (state) => FILTERED_BY.some((key) => state[key].length);

/** Tell whether filters or layers are chosen, of which what is left is brought into view.
 * @param {MapState} state
 */
export const isChosen = (state) => isFiltered(state) || state.layers.length > 0;

/** @typedef {import("./layers.js").CatalogueLayer} CatalogueLayer */

export class Fitting {
  /**
   * @param {L.Map} map
   * @param {import("./state.js").Store} store
   * @param {Record<string, CatalogueLayer>} layers
   */
  constructor(map, store, layers) {
    this.map = map;
    this.store = store;
    this.layers = layers;
    /** @type {CatalogueLayer | null} */
    this.added = null; // a layer that is to be brought into view
    this.isWanted = this.hasFitted = false;
    this.isFirst = false; // while the map goes where nobody moved it, which stays out of the address: another screen has another view
  }

  /** Bring what a choice of layers or filters has left into view, unless it is there; a chosen place stays there. */
  apply() {
    const { added, isWanted, hasFitted } = this;
    if (!(added || isWanted) || (added && !added.isReady)) return;
    [this.added, this.isWanted, this.hasFitted] = [null, false, true];
    const layers = (added ? [added] : Object.values(this.layers)).filter(({ map }) => map);
    const tiled = layers.flatMap(({ spec: { tiles } }) => (tiles ? [tiles.bbox] : []));
    if (tiled.length && isFiltered(this.store.state)) this.askAndFit(layers, !hasFitted);
    else {
      const bboxes = layers.flatMap(({ shown, spec }) => (spec.tiles ? [] : shown)).map(bboxOf);
      if (bboxes.length || tiled.length) this.fit(joinedBbox(bboxes.length ? [coreBbox(bboxes), ...tiled] : tiled), !hasFitted);
    }
  }

  /** Ask the server where filters leave something of layers in tiles, of which the view alone is here, and go there.
   * @param {CatalogueLayer[]} layers
   * @param {boolean} isFirst
   */
  async askAndFit(layers, isFirst) {
    const query = () => queryOf({ ...this.store.state, layers: layers.map(({ layerId }) => layerId), site: "", base: "", tour: [], view: null });
    const asked = query();
    try {
      const answer = atlas.extent_of ? await fetch(atlas.extent_of + asked) : null;
      const { bbox } = answer?.ok ? await answer.json() : { bbox: null };
      if (bbox && asked === query()) this.fit(bbox, isFirst); // unless something else is chosen by now
    } catch { /* without a network the view stays where it is */ }
  }

  /** Show an extent in the room that is free, unless it is there already or a chosen place holds the view.
   * @param {import("../shared/extent.js").Bbox} bbox
   * @param {boolean} isFirst
   */
  fit(bbox, isFirst) {
    if (this.store.state.site) return;
    const bounds = boundsOf(bbox);
    if (!isFirst && this.isSeen(bounds)) return;
    this.isFirst = isFirst;
    fitInto(this.map, bounds, isFirst ? { animate: false } : {});
    this.isFirst = false;
  }

  /** Bring a chosen feature into the part of the map that nothing lies over: a line or an area as a whole.
   * @param {MapFeature | null} feature
   * @param {LonLat} at
   * @param {boolean} isFirst
   */
  show(feature, [lon, lat], isFirst) {
    const { map } = this;
    this.isFirst = isFirst;
    const animate = isFirst ? false : undefined;
    if (feature && feature.geometry.type !== "Point") {
      const bounds = boundsOf(bboxOf(feature));
      if (isFirst || !this.isSeen(bounds)) fitInto(map, bounds, { animate });
    } else bringInto(map, [lat, lon], { leastZoom: isFirst || map.getZoom() < LEAST_PLACE_ZOOM ? PLACE_ZOOM : 0, animate });
    this.isFirst = false;
  }

  /** @param {L.LatLngBounds} bounds */
  isSeen(bounds) {
    return isInRoom(this.map, bounds.getNorthWest()) && isInRoom(this.map, bounds.getSouthEast());
  }
}

/** @param {import("../shared/extent.js").Bbox} bbox */
const boundsOf = ([west, south, east, north]) => L.latLngBounds([[south, west], [north, east]]);
