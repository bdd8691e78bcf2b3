// Draw a layer of very many features from tiles: dots, lines and areas on canvases, found again by place.
// Built as a file of its own, which only a page with such a layer loads, after map.js.
/* global L */

import { absolute, meets, paintTile, TILE_PX } from "./map/tile_shapes.js";

/** @typedef {import("./map/tile_shapes.js").TileData} TileData */
/** @typedef {import("./map/tile_shapes.js").TilePart} TilePart */
/** @typedef {{x: number, y: number, z: number}} TileAt */
/** @typedef {TileAt & {data: TileData}} Tile */
/** @typedef {HTMLCanvasElement & {drawing?: {part: TilePart, ratio: number, zoom: number}}} Painted */

const { CatalogueLayer, element } = window.cityatlas;

const REACH_PX = 12; // how far beside a feature a tap still finds it
const LISTED = 200; // features that the list names; the page of all places has the rest
const KEPT = 80; // tiles in memory

/** Return where WGS-84 degrees lie in the Web Mercator square, 0 to 1, whatever datum the map is drawn in.
 * @param {L.LatLngExpression} latlng
 */
const world = (latlng) => L.CRS.EPSG3857.latLngToPoint(L.latLng(latlng), 0).divideBy(256);
/**
 * @param {number} x
 * @param {number} y
 */
const degrees = (x, y) => L.CRS.EPSG3857.pointToLatLng(L.point(x * 256, y * 256), 0);

/** The canvases of a tiled layer. On a basemap in another datum they are moved by the shift of the middle. */
class TileGrid extends L.GridLayer {
  /** @param {TiledLayer} owner */
  constructor(owner) {
    super({ tileSize: TILE_PX, pane: "areas", keepBuffer: 1, updateWhenZooming: false });
    this.owner = owner;
    const [west, south, east, north] = owner.tiling.bbox;
    this.box = L.bounds(world([north, west]), world([south, east]));
  }

  /**
   * @param {L.Coords} coords
   * @param {L.DoneCallback} done
   */
  createTile({ x, y, z }, done) {
    const canvas = /** @type {Painted} */ (element("canvas", "leaflet-tile"));
    const ratio = Math.min(devicePixelRatio || 1, 2);
    canvas.width = canvas.height = TILE_PX * ratio;
    this.owner.fetchTile(x, y, z - 1).then((part) => {
      canvas.drawing = { part, ratio, zoom: z };
      this.owner.paint(canvas);
      done(undefined, canvas);
    }, (error) => done(error, canvas));
    return canvas;
  }

  /** @param {L.Coords} coords */
  _isValidTile({ x, y, z }) {
    const side = 2 ** (1 - z);
    return this.box.intersects(L.bounds([x * side, y * side], [(x + 1) * side, (y + 1) * side]));
  }

  get canvases() {
    return /** @type {Painted[]} */ (Object.values(this._tiles ?? {}).map(({ el }) => el));
  }

  /** @param {number} zoom */
  shift(zoom) {
    const middle = this._map.getCenter();
    return this._map.project(middle, zoom).subtract(L.CRS.EPSG3857.latLngToPoint(middle, zoom)).round();
  }

  /** @param {L.Coords} coords */
  _getTilePos(coords) {
    return super._getTilePos(coords).add(this.shift(coords.z));
  }

  /** @param {L.LatLng} center */
  _getTiledPixelBounds(center) {
    const { min, max } = /** @type {{min: L.Point, max: L.Point}} */ (super._getTiledPixelBounds(center));
    const shift = this.shift(this._tileZoom ?? 0);
    return L.bounds(min.subtract(shift), max.subtract(shift));
  }
}

/** A layer of the catalogue that comes in tiles; it has no markers, and knows the features of the view alone. */
class TiledLayer extends CatalogueLayer {
  /** @param {string} layerId */
  constructor(layerId) {
    super(layerId);
    this.tiling = /** @type {NonNullable<LayerSpec["tiles"]>} */ (this.spec.tiles);
    this.shapes = this.grid = new TileGrid(this);
    /** @type {Map<string, Promise<TileData | null> & {data?: TileData | null}>} */
    this.tiles = new Map(); // by "z/x/y", the longest unused first
    /** @type {import("./map/filters.js").Fits} */
    this.fits = () => true;
    this.filter = "";
    this.waiting = 0;
    /** @type {unknown} */
    this.failure = null;
    this.hint = L.tooltip({ direction: "top", offset: [0, -6], opacity: 1 });
    /** @type {L.LeafletEventHandlerFnMap} */
    this.events = { moveend: () => this.host.refresh(), mousemove: (event) => this.hover(event), mouseout: () => { this.hint.remove(); } };
  }

  /** @param {L.Map} map */
  onAdd(map) {
    map.on(this.events);
    this.grid.on("load", () => { this.isReady = true; this.host.refresh(); });
    return super.onAdd(map);
  }

  /** @param {L.Map} map */
  onRemove(map) {
    map.off(this.events);
    this.grid.off("load");
    this.hint.remove();
    return super.onRemove(map);
  }

  /** Wait for the tiles of the view.
   * @returns {Promise<void>}
   */
  load() {
    return new Promise((resolve, reject) => {
      if (this.failure) reject(this.failure);
      else if (!this.map || !this.grid.isLoading()) resolve();
      else this.grid.once("load", () => (this.failure ? reject(this.failure) : resolve()));
    });
  }

  /** Return the part of the data that fills a tile of the map: beyond the deepest zoom a magnified piece.
   * @param {number} x
   * @param {number} y
   * @param {number} z
   * @returns {Promise<TilePart>}
   */
  fetchTile(x, y, z) {
    const deeper = Math.max(0, z - this.tiling.zooms[1]);
    const at = { x: x >> deeper, y: y >> deeper, z: z - deeper };
    const scale = 2 ** deeper;
    return this.fetchData(at).then((data) => ({ ...at, data, scale, left: (x - at.x * scale) * TILE_PX, top: (y - at.y * scale) * TILE_PX }));
  }

  /** @param {TileAt} at */
  fetchData({ x, y, z }) {
    const key = `${z}/${x}/${y}`;
    /** @type {Promise<TileData | null> & {data?: TileData | null}} */
    const kept = this.tiles.get(key) ?? fetch(this.spec.url.replace("0/0/0", key)).then((answer) => {
      if (!answer.ok) throw new Error(`${key}: ${answer.status}`);
      return answer.status === 204 ? null : answer.json();
    }).then((data) => { kept.data = data; return data; }).catch((error) => {
      this.tiles.delete(key); // the next look asks again
      if (!this.features.length) this.failure = error;
      throw error;
    });
    this.tiles.delete(key);
    this.tiles.set(key, kept);
    if (this.tiles.size > KEPT) this.tiles.delete([...this.tiles.keys()][0]);
    return kept;
  }

  /** Paint anew where the filters have changed, and note what the view shows; there are no markers to return.
   * @param {import("./map/filters.js").Fits} fits
   */
  draw(fits) {
    const { theme, kind, phase, month, at } = this.host.store.state;
    const filter = [theme, kind, phase, month, at].map(String).join("|");
    this.fits = fits;
    if (filter !== this.filter) this.grid.canvases.forEach(this.paint, this);
    this.filter = filter;
    this.note(filter !== "||||");
    return [];
  }

  /** Note the features in view for the list, and how many more there are, exactly or at least.
   * @param {boolean} isFiltered
   */
  note(isFiltered) {
    this.shown = [];
    let count = 0;
    for (const tile of this.map ? this.inView() : []) {
      const { data, box } = tile;
      for (let i = 0; i < data.ids.length; i += 1) {
        const [x, y] = [data.x[i], data.y[i]];
        if (x < box.min.x || y < box.min.y || x >= box.max.x || y >= box.max.y || !this.isFit(data, i)) continue;
        count += data.n?.[i] ?? 1;
        if (this.shown.length < LISTED && data.names[i]) this.shown.push(this.feature(tile, i));
      }
    }
    this.features = this.shown;
    this.unlisted = this.map ? Math.max(0, (isFiltered ? count : this.spec.count) - this.shown.length) : 0;
    this.isAtLeast = isFiltered;
  }

  /**
   * @param {TileData} data
   * @param {number} i
   */
  isFit(data, i) {
    return this.fits({ id: data.ids[i], properties: data.classes[data.of[i]] });
  }

  /** Return the tiles under the view that are here, each with the box of the view in its own units. */
  inView() {
    const map = /** @type {L.Map} */ (this.map);
    const bounds = map.getBounds();
    const z = this.zoomOf(map);
    const [from, to] = [world(bounds.getNorthWest()), world(bounds.getSouthEast())].map((point) => point.multiplyBy(2 ** z));
    const found = [];
    for (let y = Math.floor(from.y); y < to.y; y += 1) {
      for (let x = Math.floor(from.x); x < to.x; x += 1) {
        const data = this.tiles.get(`${z}/${x}/${y}`)?.data;
        if (!data) continue;
        const local = (/** @type {L.Point} */ { x: px, y: py }) => L.point(Math.min(Math.max(px - x, 0), 1), Math.min(Math.max(py - y, 0), 1)).multiplyBy(data.units);
        found.push({ x, y, z, data, box: { min: local(from), max: local(to) } });
      }
    }
    return found;
  }

  /** Return the zoom of the tiles that fill a map's view.
   * @param {L.Map} map
   */
  zoomOf(map) {
    return Math.min(Math.round(map.getZoom()) - 1, this.tiling.zooms[1]);
  }

  /** Return a feature as lists and cards know it, made from a tile's columns.
   * @param {Tile} tile
   * @param {number} i
   * @returns {MapFeature}
   */
  feature({ x, y, z, data }, i) {
    /** @type {(dx: number, dy: number) => LonLat} */
    const place = (dx, dy) => {
      const { lat, lng } = degrees((x + dx / data.units) / 2 ** z, (y + dy / data.units) / 2 ** z);
      return [lng, lat];
    };
    const shared = data.classes[data.of[i]];
    const mark = place(data.x[i], data.y[i]);
    const parts = data.shapes?.[i] ? absolute(data, i).map((part) => part.map(([px, py]) => place(px, py))) : null;
    const geometry = /** @type {Drawable} */ (parts
      ? { type: shared.form === 1 ? "MultiLineString" : "Polygon", coordinates: parts }
      : { type: "Point", coordinates: mark });
    return { type: "Feature", id: data.ids[i], layerId: this.layerId, geometry, properties: { ...shared, name: data.names[i] ?? "", mark } };
  }

  /** @param {string} id */
  find(id) {
    if (!this.map) return null;
    for (const tile of this.inView()) {
      const i = tile.data.ids.indexOf(id);
      if (i >= 0) return this.feature(tile, i);
    }
    return null;
  }

  /** Return the feature at a place of the map: the nearest mark, else the area or line there, or null.
   * @param {L.LatLng} latlng
   */
  pick(latlng) {
    const { map } = this;
    if (!map) return null;
    const z = this.zoomOf(map);
    const at = world(latlng).multiplyBy(2 ** z);
    const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
    const data = this.tiles.get(`${z}/${x}/${y}`)?.data;
    if (!data) return null;
    const point = L.point((at.x - x) * data.units, (at.y - y) * data.units);
    const reach = (REACH_PX * data.units * 2 ** (z + 1)) / (TILE_PX * 2 ** map.getZoom());
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < data.ids.length; i += 1) {
      const away = Math.hypot(data.x[i] - point.x, data.y[i] - point.y);
      if (away >= least || !this.isFit(data, i)) continue;
      if (away <= reach || (data.shapes?.[i] && meets(absolute(data, i), point, reach, data.classes[data.of[i]].form === 2))) [best, least] = [i, away];
    }
    return best < 0 ? null : this.feature({ x, y, z, data }, best);
  }

  /** @param {L.LeafletMouseEvent} event */
  hover({ latlng }) {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => {
      const [map, found] = [this.map, this.pick(latlng)];
      map?.getContainer().classList.toggle("on-feature", Boolean(found));
      if (!map || !found?.properties.name) {
        this.hint.remove();
        return;
      }
      const [lon, lat] = found.properties.mark ?? [0, 0];
      this.hint.setContent(element("span", "", found.properties.name)).setLatLng([lat, lon]).addTo(map);
    });
  }

  /** @param {Painted} canvas */
  paint(canvas) {
    if (!canvas.drawing) return; // still on its way
    const { part, ratio, zoom } = canvas.drawing;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, TILE_PX, TILE_PX);
    if (part.data) paintTile(context, part.data, part, this.spec, this.isFit.bind(this), zoom);
  }
}

window.cityatlas.TiledLayer = TiledLayer;
