// Draw the schematic basemap, and hold the tiled ones with the datum that each is drawn in.
/* global L */

import { fromGcj02, toGcj02 } from "../shared/datum.js";
import { element, pause, tell } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";
import { BaseTiles } from "./base_tiles.js";
import { widthAt } from "./line_width.js";

/**
 * A shape as it is drawn, or a name, which has no layer; `line` is the nearest to a name, once it was looked for.
 * @typedef {object} Part
 * @property {BaseFeature} feature
 * @property {L.GeoJSON | null} layer
 * @property {BaseStyle} style
 * @property {number} from
 * @property {number} to
 * @property {boolean} [isCasing]
 * @property {L.LatLngBounds} [bounds]
 * @property {Part} [line]
 */
/** @typedef {L.LayerGroup & {basemapId: string, spec?: BasemapSpec, isWatched?: boolean}} Basemap */
/** @typedef {{[id: string]: Basemap, schematic: Basemap & Schematic}} Basemaps */

const FAILED_TILES = 4; // within one view: a service that is down, not one torn tile

// A map in WGS-84 over tiles in GCJ-02: the projection itself is shifted, so overlays, clicks and the view
// all stay in WGS-84 and nothing needs to know.
const mercator = L.Projection.SphericalMercator;
const GCJ02_CRS = L.extend({}, L.CRS.EPSG3857, {
  projection: L.extend({}, mercator, {
    /** @param {L.LatLng} place */
    project({ lng, lat }) {
      const [lon2, lat2] = toGcj02(lng, lat);
      return mercator.project(L.latLng(lat2, lon2));
    },
    /** @param {L.Point} point */
    unproject(point) {
      const { lng, lat } = mercator.unproject(point);
      const [lon2, lat2] = fromGcj02(lng, lat);
      return L.latLng(lat2, lon2);
    },
  }),
});

/** @param {BaseFeature} feature */
const zoomsOf = ({ properties: { min_zoom: from = 0, max_zoom: to = 99 } }) => ({ from, to });

/** @type {Promise<GeoJSON.FeatureCollection>} */
let shapes; // asked for once, used by the map and by the overview
const loadShapes = () => (shapes ??= fetch(atlas.base).then((answer) => answer.json()));

/** Draw our own basemap from shapes: areas, waters, streets with casings, and names as text. */
export class Schematic extends L.LayerGroup {
  constructor({ pane = "base", isOverview = false } = {}) {
    super();
    this.pane = pane; // options.pane is never empty: Leaflet fills in its own
    this.isOverview = isOverview;
    /** @type {L.Map | null} */
    this.map = null;
    /** @type {L.Canvas[] | undefined} */
    this.canvases = undefined;
    /** @type {Part[]} */
    this.parts = [];
    /** @type {Promise<void> | undefined} */
    this.ready = undefined;
    this.near = atlas.base_tiles && !isOverview ? new BaseTiles(this) : null;
  }

  /** @param {L.Map} map */
  onAdd(map) {
    this.map = map;
    map.on("zoomend", this.restyle, this);
    this.near?.watch(map);
    super.onAdd(map);
    this.ready ??= loadShapes().then((collection) => this.draw(/** @type {BaseFeature[]} */ (collection.features)));
    return this;
  }

  /** @param {L.Map} map */
  onRemove(map) {
    map.off("zoomend", this.restyle, this);
    this.near?.unwatch(map);
    this.map = null;
    return super.onRemove(map);
  }

  /** @param {BaseFeature[]} features */
  async draw(features) {
    // Casings lie under all streets: with tiles that come later each has a canvas of its own.
    const canvas = () => L.canvas({ pane: this.pane, padding: 0.4 });
    const ground = canvas();
    this.canvases = this.near ? [ground, canvas(), canvas()] : [ground, ground, ground];
    await this.add(features);
    await this.near?.update();
    this.restyle();
    this.fire("ready");
  }

  /** Draw features, and return what was made of them, to be taken away again.
   * @param {BaseFeature[]} features
   */
  async add(features) {
    const [ground, casings, streets] = /** @type {L.Canvas[]} */ (this.canvases);
    const of = (/** @type {string[]} */ ...groups) => features.filter((feature) => groups.includes(feature.properties.group));
    /** @type {(feature: BaseFeature) => BaseStyle} */
    const style = (feature) => atlas.styles[feature.properties.class] ?? {};
    /** @type {(feature: BaseFeature) => BaseStyle} */
    const casing = (feature) => ({ stroke: style(feature).casing, width: (style(feature).width ?? 0) + 1.4 });
    const made = [...of("land"), ...of("water")].map((feature) => this.part(feature, ground, style(feature)));
    await pause();
    const ways = of("streets").reverse();
    made.push(...ways.map((feature) => ({ ...this.part(feature, casings, casing(feature)), isCasing: true })));
    await pause();
    made.push(...ways.map((feature) => this.part(feature, streets, style(feature))));
    await pause();
    if (!this.isOverview) made.push(...of("labels").map((feature) => ({ feature, layer: null, style: {}, ...zoomsOf(feature) })));
    this.parts.push(...made);
    return made;
  }

  /** Take away what `add` made.
   * @param {Part[]} made
   */
  take(made) {
    const gone = new Set(made);
    for (const { layer } of made) if (layer) this.removeLayer(layer);
    this.parts = this.parts.filter((part) => !gone.has(part));
  }

  /**
   * @param {BaseFeature} feature
   * @param {L.Renderer} renderer
   * @param {BaseStyle} style
   * @returns {Part}
   */
  part(feature, renderer, style) {
    const options = {
      renderer, interactive: false, pane: this.pane,
      style: /** @type {L.PathOptions} */ ({ fill: Boolean(style.fill) && feature.geometry.type.endsWith("Polygon"), fillColor: style.fill, fillOpacity: 1, color: style.stroke,
        stroke: Boolean(style.stroke), dashArray: style.dash, lineCap: "round", lineJoin: "round" }),
    };
    return { feature, layer: L.geoJSON(feature, options), style, ...zoomsOf(feature) };
  }

  restyle() {
    if (!this.map) return; // taken away while it was being drawn
    const zoom = this.map.getZoom();
    for (const { layer, style, from, to } of this.parts) {
      if (!layer) continue;
      if (zoom < from || zoom > to) this.removeLayer(layer);
      else this.addLayer(layer);
      if (style.width) layer.setStyle({ weight: widthAt(style.width, zoom) });
    }
    this.fire("shown");
  }
}

/** Return the basemap of an id: the schematic one, or the tile layers of a configured service.
 * @param {string} id
 * @returns {Basemap}
 */
export function basemap(id) {
  if (id === "schematic") return Object.assign(new Schematic(), { basemapId: id });
  const spec = /** @type {BasemapSpec} */ (atlas.basemaps.find((one) => one.id === id));
  const options = { subdomains: spec.subdomains || "a", maxNativeZoom: spec.max_zoom, maxZoom: 22, pane: "base" };
  const group = L.layerGroup(spec.tiles.map((url) => L.tileLayer(url, options)));
  return Object.assign(group, { basemapId: id, spec });
}

/** Let one basemap show at a time; a service whose tiles fail gives way to the schematic one, with a word. */
export class BasemapSwitch {
  /**
   * @param {L.Map} map
   * @param {Basemaps} basemaps
   * @param {{set(changes: {base: string}): void}} store
   */
  constructor(map, basemaps, store) {
    this.map = map;
    this.basemaps = basemaps;
    this.store = store;
    this.credit = "";
    /** @type {Basemap | undefined} */
    this.current = undefined;
  }

  /** @param {string} id */
  show(id) {
    const next = this.basemaps[id] ?? this.basemaps.schematic;
    if (this.current === next) return;
    const [center, zoom] = [this.map.getCenter(), this.map.getZoom()];
    this.current?.remove();
    this.current = next;
    this.setDatum(next.spec?.datum ?? "WGS-84", center, zoom);
    next.addTo(this.map);
    this.map.fire("basemap");
    this.watch(next);
    if (this.credit) this.map.attributionControl.removeAttribution(this.credit);
    this.credit = next.spec ? escapeText(next.spec.attribution) : ownCredit();
    this.map.attributionControl.addAttribution(this.credit);
  }

  /**
   * @param {Datum} datum
   * @param {L.LatLng} center
   * @param {number} zoom
   */
  setDatum(datum, center, zoom) {
    const crs = datum === "GCJ-02" ? GCJ02_CRS : L.CRS.EPSG3857;
    if (this.map.options.crs === crs) return;
    this.map.options.crs = crs;
    this.map._resetView(center, zoom); // projects everything on the map anew
  }

  /** @param {Basemap} group */
  watch(group) {
    const { spec } = group;
    if (!spec || group.isWatched) return;
    group.isWatched = true;
    let failed = 0;
    group.eachLayer((tiles) => {
      tiles.on("loading", () => { failed = 0; });
      tiles.on("tileerror", () => {
        failed += 1;
        if (failed < FAILED_TILES || this.current !== group) return;
        tell(word("tiles_failed", { name: spec.title }));
        this.store.set({ base: "" });
        this.show("schematic");
      });
    });
  }
}

/** Return a text as HTML that shows it: Leaflet's attribution takes markup only.
 * @param {string} text
 */
function escapeText(text) {
  return element("span", "", text).innerHTML;
}

/** Return, as markup, that our own basemap is schematic and whose data it is; texts are escaped. */
function ownCredit() {
  const said = atlas.is_schematic ? [escapeText(word("schematic_credit"))] : [];
  const links = atlas.credits.map(({ text, url }) => {
    if (!url) return escapeText(text);
    const link = element("a", "", text);
    Object.assign(link, { href: url, target: "_blank", rel: "noopener" });
    return link.outerHTML;
  });
  return [...said, ...links].join(" · ");
}
