// Paint what a tile of very many features holds, and tell whether a shape of it lies at a place.

/**
 * A tile as the server writes it, in columns: feature i stands at x[i], y[i] in `units` of the tile's side, is of
 * classes[of[i]], stands for n[i] features and is drawn by shapes[i], which holds differences of positions.
 * @typedef {object} TileData
 * @property {number} units
 * @property {(FeatureProperties & {form: number})[]} classes
 * @property {string[]} ids
 * @property {number[]} x
 * @property {number[]} y
 * @property {number[]} of
 * @property {string[]} names
 * @property {number[]} [n]
 * @property {(0 | number[][])[]} [shapes]
 */
/** @typedef {{data: TileData | null, scale: number, left: number, top: number}} TilePart */
/** @typedef {[x: number, y: number]} Spot */

export const TILE_PX = 512; // of a tile; the map's own count 256, so a tile's zoom is one less
const CLOSE_ZOOM = 15; // from here on dots are larger

/** Return the parts of a feature's shape in a tile's units, from the differences that the tile holds.
 * @param {TileData} data
 * @param {number} i
 */
export function absolute(data, i) {
  return (data.shapes?.[i] || []).map((flat) => {
    /** @type {Spot[]} */
    const points = [];
    for (let k = 0, x = data.x[i], y = data.y[i]; k < flat.length; k += 2) {
      x += flat[k];
      y += flat[k + 1];
      points.push([x, y]);
    }
    return points;
  });
}

/** Tell whether a point lies in an area, or within reach of its rim or of a line.
 * @param {Spot[][]} parts
 * @param {{x: number, y: number}} point
 * @param {number} reach
 * @param {boolean} isArea
 */
export function meets(parts, { x, y }, reach, isArea) {
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

/**
 * @param {CanvasRenderingContext2D} context
 * @param {TileData} data
 * @param {TilePart} part
 * @param {LayerSpec} spec
 * @param {(data: TileData, i: number) => boolean} isFit
 * @param {number} zoom
 */
export function paintTile(context, data, { scale, left, top }, spec, isFit, zoom) {
  const unit = (scale * TILE_PX) / data.units;
  /** @type {Map<string, Path2D>} */
  const paths = new Map(); // by form and position class, so that a tile is painted in few strokes
  const dots = { solid: drawDot(spec, false, zoom), hollow: drawDot(spec, true, zoom) };
  const side = dots.solid.side;
  for (let i = 0; i < data.ids.length; i += 1) {
    if (!isFit(data, i)) continue;
    const { form, position } = data.classes[data.of[i]];
    const [x, y] = [data.x[i] * unit - left, data.y[i] * unit - top];
    const shape = data.shapes?.[i];
    if (shape) {
      const key = `${form} ${position === "schematic"}`;
      const path = paths.get(key) ?? new Path2D();
      paths.set(key, path);
      addShape(path, shape, x, y, unit);
    } else if (x > -side && y > -side && x < TILE_PX + side && y < TILE_PX + side) {
      const dot = position === "schematic" ? dots.hollow : dots.solid;
      context.drawImage(dot.canvas, x - side / 2, y - side / 2, side, side);
    }
  }
  for (const [key, path] of paths) {
    const isArea = key.startsWith("2");
    context.setLineDash(key.endsWith("true") ? [5, 4] : []);
    Object.assign(context, { strokeStyle: spec.colour, fillStyle: spec.colour, lineWidth: isArea ? 1.4 : 3, lineJoin: "round" });
    context.globalAlpha = 0.16;
    if (isArea) context.fill(path);
    context.globalAlpha = 1;
    context.stroke(path);
  }
}

/**
 * @param {Path2D} path
 * @param {number[][]} parts
 * @param {number} x
 * @param {number} y
 * @param {number} unit
 */
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

/** @type {Map<string, {canvas: HTMLCanvasElement, side: number}>} */
const drawnDots = new Map();

/** Return a dot in the layer's shape and colour, drawn once: solid, or hollow for a schematic position.
 * @param {LayerSpec} spec
 * @param {boolean} isHollow
 * @param {number} zoom
 */
function drawDot(spec, isHollow, zoom) {
  const side = zoom < CLOSE_ZOOM ? 9 : 14;
  const key = `${spec.id} ${isHollow} ${side}`;
  const known = drawnDots.get(key);
  if (known) return known;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side * 2;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale((side * 2) / 36, (side * 2) / 36);
  context.translate(2, 2);
  const shape = new Path2D(window.cityatlas.atlas.shapes[spec.shape]);
  Object.assign(context, { fillStyle: isHollow ? "#fffdf8" : spec.colour, strokeStyle: isHollow ? spec.colour : "#fff", lineWidth: isHollow ? 7 : 4 });
  context.fill(shape);
  context.stroke(shape);
  const dot = { canvas, side };
  drawnDots.set(key, dot);
  return dot;
}
