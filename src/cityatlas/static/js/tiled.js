// Draw a layer of very many features from tiles: dots, lines and areas on canvases, found again by place.
// Built as a file of its own, which only a page with such a layer loads, after map.js.
/* global L */

const { atlas, CatalogueLayer, element } = window.cityatlas;

const TILE_PX = 512; // of a tile; the map's own count 256, so a tile's zoom is one less
const REACH_PX = 12; // how far beside a feature a tap still finds it
const LISTED = 200; // features that the list names; the page of all places has the rest
const KEPT = 80; // tiles in memory
const CLOSE_ZOOM = 15; // from here on dots are larger

/** Return where WGS-84 degrees lie in the Web Mercator square, 0 to 1, whatever datum the map is drawn in. */
const world = (latlng) => L.CRS.EPSG3857.latLngToPoint(L.latLng(latlng), 0).divideBy(256);
const degrees = (x, y) => L.CRS.EPSG3857.pointToLatLng(L.point(x * 256, y * 256), 0);

/** The canvases of a tiled layer. On a basemap in another datum they are moved by the shift of the middle. */
const TileGrid = L.GridLayer.extend({
  options: { tileSize: TILE_PX, pane: "areas", keepBuffer: 1, updateWhenZooming: false },

  initialize(owner) {
    L.setOptions(this, {});
    this.owner = owner;
    const [west, south, east, north] = owner.spec.tiles.bbox;
    this.box = L.bounds(world([north, west]), world([south, east]));
  },

  createTile({ x, y, z }, done) {
    const canvas = element("canvas", "leaflet-tile");
    const ratio = Math.min(devicePixelRatio || 1, 2);
    canvas.width = canvas.height = TILE_PX * ratio;
    this.owner.fetchTile(x, y, z - 1).then((part) => {
      canvas.drawing = { part, ratio, zoom: z };
      this.owner.paint(canvas);
      done(null, canvas);
    }, (error) => done(error, canvas));
    return canvas;
  },

  _isValidTile({ x, y, z }) {
    const side = 2 ** (1 - z);
    return this.box.intersects(L.bounds([x * side, y * side], [(x + 1) * side, (y + 1) * side]));
  },

  shift(zoom) {
    const middle = this._map.getCenter();
    return this._map.project(middle, zoom).subtract(L.CRS.EPSG3857.latLngToPoint(middle, zoom)).round();
  },

  _getTilePos(coords) {
    return L.GridLayer.prototype._getTilePos.call(this, coords).add(this.shift(coords.z));
  },

  _getTiledPixelBounds(center) {
    const bounds = L.GridLayer.prototype._getTiledPixelBounds.call(this, center);
    const shift = this.shift(this._tileZoom);
    return L.bounds(bounds.min.subtract(shift), bounds.max.subtract(shift));
  },
});

/** A layer of the catalogue that comes in tiles; it has no markers, and knows the features of the view alone. */
window.cityatlas.TiledLayer = CatalogueLayer.extend({
  initialize(layerId) {
    CatalogueLayer.prototype.initialize.call(this, layerId);
    this.shapes = new TileGrid(this);
    this.tiles = new Map(); // "z/x/y" to its promise, the longest unused first
    this.fits = () => true;
  },

  onAdd(map) {
    this.hint = L.tooltip({ direction: "top", offset: [0, -6], opacity: 1 });
    this.events = { moveend: () => this.host.refresh(), mousemove: (event) => this.hover(event), mouseout: () => this.hint.remove() };
    map.on(this.events);
    this.shapes.on("load", () => { this.isReady = true; this.host.refresh(); });
    CatalogueLayer.prototype.onAdd.call(this, map);
  },

  onRemove(map) {
    map.off(this.events);
    this.shapes.off("load");
    this.hint.remove();
    CatalogueLayer.prototype.onRemove.call(this, map);
  },

  /** Wait for the tiles of the view. */
  load() {
    return new Promise((resolve, reject) => {
      if (this.failure) reject(this.failure);
      else if (!this.map || !this.shapes.isLoading()) resolve();
      else this.shapes.once("load", () => (this.failure ? reject(this.failure) : resolve()));
    });
  },

  /** Return the part of the data that fills a tile of the map: beyond the deepest zoom a magnified piece. */
  fetchTile(x, y, z) {
    const deeper = Math.max(0, z - this.spec.tiles.zooms[1]);
    const at = { x: x >> deeper, y: y >> deeper, z: z - deeper };
    const scale = 2 ** deeper;
    return this.fetchData(at).then((data) => ({ ...at, data, scale, left: (x - at.x * scale) * TILE_PX, top: (y - at.y * scale) * TILE_PX }));
  },

  fetchData({ x, y, z }) {
    const key = `${z}/${x}/${y}`;
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
    if (this.tiles.size > KEPT) this.tiles.delete(this.tiles.keys().next().value);
    return kept;
  },

  /** Paint anew where the filters have changed, and note what the view shows; there are no markers to return. */
  draw(fits) {
    const { theme, kind, phase, month, at } = this.host.store.state;
    const filter = [theme, kind, phase, month, at].map(String).join("|");
    this.fits = fits;
    if (filter !== this.filter) for (const { el } of Object.values(this.shapes._tiles ?? {})) this.paint(el);
    this.filter = filter;
    this.note(filter !== "||||");
    return [];
  },

  /** Note the features in view for the list, and how many more there are, exactly or at least. */
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
  },

  isFit(data, i) {
    return this.fits({ id: data.ids[i], properties: data.classes[data.of[i]] });
  },

  /** Return the tiles under the view that are here, each with the box of the view in its own units. */
  inView() {
    const bounds = this.map.getBounds();
    const z = Math.min(Math.round(this.map.getZoom()) - 1, this.spec.tiles.zooms[1]);
    const [from, to] = [world(bounds.getNorthWest()), world(bounds.getSouthEast())].map((point) => point.multiplyBy(2 ** z));
    const found = [];
    for (let y = Math.floor(from.y); y < to.y; y += 1) {
      for (let x = Math.floor(from.x); x < to.x; x += 1) {
        const data = this.tiles.get(`${z}/${x}/${y}`)?.data;
        if (!data) continue;
        const local = ({ x: px, y: py }) => L.point(Math.min(Math.max(px - x, 0), 1), Math.min(Math.max(py - y, 0), 1)).multiplyBy(data.units);
        found.push({ x, y, z, data, box: { min: local(from), max: local(to) } });
      }
    }
    return found;
  },

  /** Return a feature as lists and cards know it, made from a tile's columns. */
  feature({ x, y, z, data }, i) {
    const place = (dx, dy) => {
      const { lat, lng } = degrees((x + dx / data.units) / 2 ** z, (y + dy / data.units) / 2 ** z);
      return [lng, lat];
    };
    const shared = data.classes[data.of[i]];
    const mark = place(data.x[i], data.y[i]);
    const parts = data.shapes?.[i] ? absolute(data, i).map((part) => part.map(([px, py]) => place(px, py))) : null;
    const geometry = parts
      ? { type: shared.form === 1 ? "MultiLineString" : "Polygon", coordinates: parts }
      : { type: "Point", coordinates: mark };
    return { type: "Feature", id: data.ids[i], layerId: this.layerId, geometry, properties: { ...shared, name: data.names[i] ?? "", mark } };
  },

  find(id) {
    if (!this.map) return null;
    for (const tile of this.inView()) {
      const i = tile.data.ids.indexOf(id);
      if (i >= 0) return this.feature(tile, i);
    }
    return null;
  },

  /** Return the feature at a place of the map: the nearest mark, else the area or line there, or null. */
  pick(latlng) {
    const z = Math.min(Math.round(this.map.getZoom()) - 1, this.spec.tiles.zooms[1]);
    const at = world(latlng).multiplyBy(2 ** z);
    const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
    const data = this.tiles.get(`${z}/${x}/${y}`)?.data;
    if (!data) return null;
    const point = L.point((at.x - x) * data.units, (at.y - y) * data.units);
    const reach = (REACH_PX * data.units * 2 ** (z + 1)) / (TILE_PX * 2 ** this.map.getZoom());
    let [best, least] = [-1, Infinity];
    for (let i = 0; i < data.ids.length; i += 1) {
      const away = Math.hypot(data.x[i] - point.x, data.y[i] - point.y);
      if (away >= least || !this.isFit(data, i)) continue;
      if (away <= reach || (data.shapes?.[i] && meets(absolute(data, i), point, reach, data.classes[data.of[i]].form === 2))) [best, least] = [i, away];
    }
    return best < 0 ? null : this.feature({ x, y, z, data }, best);
  },

  hover({ latlng }) {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => {
      const found = this.map && this.pick(latlng);
      this.map?.getContainer().classList.toggle("on-feature", Boolean(found));
      if (!found?.properties.name) return this.hint.remove();
      const [lon, lat] = found.properties.mark;
      return this.hint.setContent(element("span", "", found.properties.name)).setLatLng([lat, lon]).addTo(this.map);
    });
  },

  paint(canvas) {
    if (!canvas.drawing) return; // still on its way
    const { part, ratio, zoom } = canvas.drawing;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, TILE_PX, TILE_PX);
    if (part.data) paintTile(context, part, this, zoom);
  },
});

/** Return the parts of a feature's shape in a tile's units, from the differences that the tile holds. */
function absolute(data, i) {
  return data.shapes[i].map((flat) => {
    const points = [];
    for (let k = 0, x = data.x[i], y = data.y[i]; k < flat.length; k += 2) {
      x += flat[k];
      y += flat[k + 1];
      points.push([x, y]);
    }
    return points;
  });
}

/** Tell whether a point lies in an area, or within reach of its rim or of a line. */
function meets(parts, { x, y }, reach, isArea) {
  let isIn = false;
  for (const part of parts) {
    for (let k = 1; k < part.length; k += 1) {
      const [[ax, ay], [bx, by]] = [part[k - 1], part[k]];
      if (isArea && ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) isIn = !isIn;
      const along = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2 || 1)));
      if (!isArea && Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y) <= reach) return true;
    }
  }
  return isIn;
}

function paintTile(context, { data, scale, left, top }, layer, zoom) {
  const unit = (scale * TILE_PX) / data.units;
  const paths = new Map(); // by form and position class, so that a tile is painted in few strokes
  const dots = { solid: drawDot(layer.spec, false, zoom), hollow: drawDot(layer.spec, true, zoom) };
  const side = dots.solid.side;
  for (let i = 0; i < data.ids.length; i += 1) {
    if (!layer.isFit(data, i)) continue;
    const { form, position } = data.classes[data.of[i]];
    const [x, y] = [data.x[i] * unit - left, data.y[i] * unit - top];
    if (data.shapes?.[i]) {
      const key = `${form} ${position === "schematic"}`;
      if (!paths.has(key)) paths.set(key, new Path2D());
      addShape(paths.get(key), data.shapes[i], x, y, unit);
    } else if (x > -side && y > -side && x < TILE_PX + side && y < TILE_PX + side) {
      const dot = position === "schematic" ? dots.hollow : dots.solid;
      context.drawImage(dot.canvas, x - side / 2, y - side / 2, side, side);
    }
  }
  for (const [key, path] of paths) {
    const isArea = key.startsWith("2");
    context.setLineDash(key.endsWith("true") ? [5, 4] : []);
    Object.assign(context, { strokeStyle: layer.spec.colour, fillStyle: layer.spec.colour, lineWidth: isArea ? 1.4 : 3, lineJoin: "round" });
    context.globalAlpha = 0.16;
    if (isArea) context.fill(path);
    context.globalAlpha = 1;
    context.stroke(path);
  }
}

function addShape(path, parts, x, y, unit) {
  for (const flat of parts) {
    let [px, py] = [x + flat[0] * unit, y + flat[1] * unit];
    path.moveTo(px, py);
    for (let k = 2; k < flat.length; k += 2) {
      px += flat[k] * unit;
      py += flat[k + 1] * unit;
      path.lineTo(px, py);
    }
  }
}

const drawnDots = new Map();

/** Return a dot in the layer's shape and colour, drawn once: solid, or hollow for a schematic position. */
function drawDot(spec, isHollow, zoom) {
  const side = zoom < CLOSE_ZOOM ? 9 : 14;
  const key = `${spec.id} ${isHollow} ${side}`;
  if (drawnDots.has(key)) return drawnDots.get(key);
  const canvas = element("canvas");
  canvas.width = canvas.height = side * 2;
  const context = canvas.getContext("2d");
  context.scale((side * 2) / 36, (side * 2) / 36);
  context.translate(2, 2);
  const shape = new Path2D(atlas.shapes[spec.shape]);
  Object.assign(context, { fillStyle: isHollow ? "#fffdf8" : spec.colour, strokeStyle: isHollow ? spec.colour : "#fff", lineWidth: isHollow ? 7 : 4 });
  context.fill(shape);
  context.stroke(shape);
  drawnDots.set(key, { canvas, side });
  return drawnDots.get(key);
}
