// Tell how wide a line of the schematic basemap is drawn: as wide as on the server's pictures (tests/data/limits.json).

export const GROWTH = 1.45; // with each zoom

/** Return the width in pixels at a zoom, of a width that is meant for zoom 14.
 * @param {number} width
 * @param {number} zoom
 */
export const widthAt = (width, zoom) => Math.max(0.4, Math.min(26, width * GROWTH ** (zoom - 14)));
