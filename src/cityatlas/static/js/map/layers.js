// Fetch a layer by its address, draw what the filters leave of it, and keep the features for lists and routes.
/* global L */

import { atlas, specOf } from "../shared/page_data.js";
import { makeMarker } from "./marks.js";
import { phaseAt } from "../shared/phases.js";

const MANY = 500; // shapes; as SVG elements each more would slow every move of the map

/**
 * What a layer needs of the map's page.
 * @typedef {object} Host
 * @property {{state: MapState}} store
 * @property {() => void} refresh
 * @property {(id: string) => void} choose
 * @property {(layer: CatalogueLayer, error: unknown) => void} failed
 */

/** A layer of the catalogue. Its areas and lines are drawn here, its marks go into the map's one cluster. */
export class CatalogueLayer extends L.Layer {
  /** @param {string} layerId */
  constructor(layerId) {
    super();
    this.layerId = layerId;
    this.spec = specOf(layerId);
    /** @type {L.Map | null} */
    this.map = null;
    /** @type {MapFeature[]} */
    this.features = [];
    this.unlisted = 0; // features that are in the view but not among those shown
    this.isAtLeast = false; // how many those are
    this.isReady = false;
    /** @type {Map<string, import("./marks.js").Mark>} */
    this.markers = new Map(); // by feature id
    /** @type {MapFeature[]} */
    this.shown = [];
    this.chosenRoute = "";
    /** @type {L.Layer} */
    this.shapes = this.drawing = L.layerGroup();
    /** @type {(string | MapFeature)[]} */
    this.drawn = [];
    /** @type {L.Canvas | undefined} */
    this.canvas = undefined;
    /** @type {Promise<void> | null} */
    this.loading = null;
  }

  get host() {
    return page;
  }

  /** Fetch the features once; the answer never changes at its address.
   * @returns {Promise<void>}
   */
  load() {
    this.loading ??= collect(this.spec).then((collection) => {
      this.features = collection.features;
      for (const feature of this.features) feature.layerId = this.layerId;
      /** @type {Map<string, MapFeature> | undefined} */
      this.byId = new Map(this.features.map((feature) => [feature.id, feature]));
      this.isReady = true;
    }).catch((error) => {
      this.loading = null; // the next try asks again
      throw error;
    });
    return this.loading;
  }

  /** @param {L.Map} map */
  onAdd(map) {
    this.map = map;
    this.shapes.addTo(map);
    this.load().then(() => this.map && this.host.refresh(), (error) => this.host.failed(this, error));
    this.host.refresh();
    return this;
  }

  /** @param {L.Map} _map */
  onRemove(_map) {
    this.shapes.remove();
    this.map = null;
    this.host.refresh();
    return this;
  }

  /**
   * @param {string} id
   * @returns {MapFeature | null}
   */
  find(id) {
    return this.byId?.get(id) ?? null;
  }

  /** Return the feature at a place beside all marks; shapes that are elements hear clicks themselves.
   * @param {L.LatLng} _latlng
   * @returns {MapFeature | null}
   */
  pick(_latlng) {
    return null;
  }

  /** Draw the features that `fits` at a month; returns the markers for the cluster.
   * @param {import("./filters.js").Fits} fits
   * @param {string} month
   * @returns {L.Marker[]}
   */
  draw(fits, month) {
    this.shown = this.map ? this.features.filter(fits) : [];
    const chosen = this.shown.find(({ id }) => id === this.host.store.state.site);
    this.chosenRoute = chosen && atlas.kinds[chosen.properties.kind].role === "route" ? chosen.id : "";
    this.drawShapes();
    const marked = this.shown.filter(({ properties }) => atlas.kinds[properties.kind].role !== "route");
    return marked.map((feature) => this.marker(feature, month));
  }

  /** Draw areas and lines, unless they are the same as before; very many go onto one canvas. */
  drawShapes() {
    const shapes = this.shown.filter(({ geometry }) => geometry.type !== "Point");
    const [was, drawn] = [this.drawn, [this.chosenRoute, ...shapes]];
    if (was.length === drawn.length && drawn.every((one, i) => one === was[i])) return;
    this.drawn = drawn;
    this.drawing.clearLayers();
    const renderer = shapes.length > MANY ? (this.canvas ??= L.canvas({ pane: "areas" })) : undefined;
    for (const feature of shapes) this.drawShape(feature, renderer);
  }

  /**
   * @param {MapFeature} feature
   * @param {string} month
   */
  marker(feature, month) {
    const step = phaseAt(feature.properties.phases, month)?.step ?? 0;
    const kept = this.markers.get(feature.id);
    if (kept?.options.icon.step === step) return kept;
    const made = makeMarker(feature, this.layerId, step, (id) => this.host.choose(id));
    this.markers.set(feature.id, made);
    return made;
  }

  /**
   * @param {MapFeature} feature
   * @param {L.Renderer | undefined} renderer
   */
  drawShape(feature, renderer) {
    const isFaded = this.chosenRoute && this.chosenRoute !== feature.id; // beside a chosen route the others step back
    const isLine = feature.geometry.type.endsWith("LineString");
    const isRoute = atlas.kinds[feature.properties.kind].role === "route";
    /** @type {L.PathOptions} */
    const style = {
      renderer, pane: isLine ? "lines" : "areas", color: this.spec.colour, weight: isRoute ? 4.5 : isLine ? 4 : 1.6,
      fill: !isLine, fillOpacity: 0.07, opacity: isFaded ? 0.3 : 1, lineCap: "round", lineJoin: "round",
      dashArray: feature.properties.position === "schematic" && !isRoute ? "7 6" : undefined,
      bubblingMouseEvents: false, className: `shape shape-${isLine ? "line" : "area"}`,
    };
    const layer = L.geoJSON(feature, { style, pane: style.pane });
    layer.on("click", () => this.host.choose(feature.id));
    this.drawing.addLayer(layer);
  }
}

/** Return the features of a layer: those that the page brings along, else what is at its address.
 * @param {LayerSpec} spec
 * @returns {Promise<{features: MapFeature[]}>}
 */
async function collect(spec) {
  if (atlas.inline) return { features: atlas.inline.features.filter(({ properties }) => properties.layer === spec.id) };
  const answer = await fetch(spec.url);
  if (!answer.ok) throw new Error(`${spec.url}: ${answer.status}`);
  return answer.json();
}

/** @type {Host} */
let page; // of the map; it comes after its layers

/** @param {Host} host */
export function joinPage(host) {
  page = host;
}
