// Load what a large basemap shows of near views alone, tile by tile, and let go of what is out of view.
/* global L */

import { atlas } from "../shared/page_data.js";

/** @typedef {import("./basemaps.js").Part} Part */
/** @typedef {{made: Part[]}} Tile */

// The zoom from which each kind is asked for, and the zoom whose tiles it comes in.
export const LEVELS = [[13, 13], [16, 15]];
const PADDING = 0.1; // of the view, around it

export class BaseTiles {
  /** @param {import("./basemaps.js").Schematic} schematic */
  constructor(schematic) {
    this.schematic = schematic;
    /** @type {Map<string, Tile>} */
    this.tiles = new Map();
    this.update = this.update.bind(this);
  }

  /** @param {L.Map} map */
  watch(map) {
    map.on("moveend", this.update);
  }

  /** @param {L.Map} map */
  unwatch(map) {
    map.off("moveend", this.update);
  }

  /** Return the tiles that the view wants, as "level/x/y".
   * @param {L.Map} map
   */
  wanted(map) {
    const box = map.getBounds().pad(PADDING);
    const keys = [];
    for (const [level, grid] of LEVELS.filter(([from]) => map.getZoom() >= from)) {
      const at = (/** @type {L.LatLng} */ latlng) => L.CRS.EPSG3857.latLngToPoint(latlng, grid).divideBy(256).floor();
      const [first, last] = [at(box.getNorthWest()), at(box.getSouthEast())];
      for (let x = first.x; x <= last.x; x += 1) for (let y = first.y; y <= last.y; y += 1) keys.push(`${level}/${x}/${y}`);
    }
    return keys;
  }

  /** Load what is missing, and take away what is no longer in view. */
  async update() {
    const { map, canvases } = this.schematic;
    if (!map || !canvases) return; // not drawn yet, or no longer shown
    const wanted = new Set(this.wanted(map));
    for (const [key, tile] of this.tiles) if (!wanted.has(key)) this.drop(key, tile);
    await Promise.all([...wanted].filter((key) => !this.tiles.has(key)).map((key) => this.load(key)));
    this.schematic.restyle();
  }

  /** @param {string} key */
  async load(key) {
    /** @type {Tile} */
    const tile = { made: [] };
    this.tiles.set(key, tile);
    try {
      const answer = await fetch(atlas.base_tiles.replace("/0/0/0", `/${key}`));
      if (!answer.ok) throw new Error(String(answer.status));
      const { features } = await answer.json();
      if (features.length && this.tiles.get(key) === tile) tile.made = await this.schematic.add(features);
      if (this.tiles.get(key) !== tile) this.schematic.take(tile.made); // it went out of view meanwhile
    } catch {
      this.tiles.delete(key); // asked for again when the map moves
    }
  }

  /**
   * @param {string} key
   * @param {Tile} tile
   */
  drop(key, { made }) {
    this.tiles.delete(key);
    this.schematic.take(made);
  }
}
