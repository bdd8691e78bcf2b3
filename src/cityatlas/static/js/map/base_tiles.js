// Load what a large basemap shows of near views alone, tile by tile, and let go of what is out of view.
/* global L */

import { atlas } from "../shared/page_data.js";

// As cityatlas/base_tiles.py: the zoom from which each kind is asked for, and the zoom whose tiles it comes in.
const LEVELS = [[13, 13], [16, 15]];
const PADDING = 0.1; // of the view, around it

export class BaseTiles {
  constructor(schematic) {
    Object.assign(this, { schematic, tiles: new Map() });
    this.update = this.update.bind(this);
  }

  watch(map) {
    map.on("moveend", this.update);
  }

  unwatch(map) {
    map.off("moveend", this.update);
  }

  /** Return the tiles that the view wants, as "level/x/y". */
  wanted(map) {
    const box = map.getBounds().pad(PADDING);
    const keys = [];
    for (const [level, grid] of LEVELS.filter(([from]) => map.getZoom() >= from)) {
      const at = (latlng) => L.CRS.EPSG3857.latLngToPoint(latlng, grid).divideBy(256).floor();
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

  async load(key) {
    const tile = { made: [] };
    this.tiles.set(key, tile);
    try {
      const answer = await fetch(atlas.base_tiles.replace("/0/0/0", `/${key}`));
      if (!answer.ok) throw new Error(answer.status);
      const { features } = await answer.json();
      if (features.length && this.tiles.get(key) === tile) tile.made = await this.schematic.add(features);
      if (this.tiles.get(key) !== tile) this.schematic.take(tile.made); // it went out of view meanwhile
    } catch {
      this.tiles.delete(key); // asked for again when the map moves
    }
  }

  drop(key, { made }) {
    this.tiles.delete(key);
    this.schematic.take(made);
  }
}
