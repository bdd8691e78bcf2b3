// Fetch a layer by its address, draw what the filters leave of it, and keep the features for lists and routes.
/* global L */

import { atlas, layerSpecs } from "../shared/page_data.js";
import { makeMarker } from "./marks.js";
import { phaseAt } from "../shared/phases.js";

const MANY = 500; // shapes; as SVG elements each more would slow every move of the map

/** A layer of the catalogue. Its areas and lines are drawn here, its marks go into the map's one cluster. */
export const CatalogueLayer = L.Layer.extend({
  initialize(layerId) {
    this.layerId = layerId;
    this.spec = layerSpecs.get(layerId);
    this.features = [];
    this.unlisted = 0; // features that are in the view but not among those shown
    this.markers = new Map(); // by feature id
    this.shown = [];
    this.shapes = L.layerGroup();
  },

  /** Fetch the features once; the answer never changes at its address. */
  load() {
    this.loading ??= fetch(this.spec.url).then((answer) => {
      if (!answer.ok) throw new Error(`${this.spec.url}: ${answer.status}`);
      return answer.json();
    }).then((collection) => {
      this.features = collection.features;
      for (const feature of this.features) feature.layerId = this.layerId;
      this.byId = new Map(this.features.map((feature) => [feature.id, feature]));
      this.isReady = true;
    }).catch((error) => {
      this.loading = null; // the next try asks again
      throw error;
    });
    return this.loading;
  },

  onAdd(map) {
    this.map = map;
    this.shapes.addTo(map);
    this.load().then(() => this.map && this.host.refresh(), (error) => this.host.failed(this, error));
    this.host.refresh();
  },

  onRemove() {
    this.shapes.remove();
    this.map = null;
    this.host.refresh();
  },

  find(id) {
    return this.byId?.get(id) ?? null;
  },

  /** Draw the features that `fits` at a month; returns the markers for the cluster. */
  draw(fits, month) {
    this.shown = this.map ? this.features.filter(fits) : [];
    const chosen = this.shown.find(({ id }) => id === this.host.store.state.site);
    this.chosenRoute = chosen && atlas.kinds[chosen.properties.kind].role === "route" ? chosen.id : "";
    this.drawShapes();
    const marked = this.shown.filter(({ properties }) => atlas.kinds[properties.kind].role !== "route");
    return marked.map((feature) => this.marker(feature, month));
  },

  /** Draw areas and lines, unless they are the same as before; very many go onto one canvas. */
  drawShapes() {
    const shapes = this.shown.filter(({ geometry }) => geometry.type !== "Point");
    const drawn = [this.chosenRoute, ...shapes];
    if (this.drawn?.length === drawn.length && drawn.every((one, i) => one === this.drawn[i])) return;
    this.drawn = drawn;
    this.shapes.clearLayers();
    const renderer = shapes.length > MANY ? (this.canvas ??= L.canvas({ pane: "areas" })) : undefined;
    for (const feature of shapes) this.drawShape(feature, renderer);
  },

  marker(feature, month) {
    const step = phaseAt(feature.properties.phases, month)?.step ?? 0;
    const kept = this.markers.get(feature.id);
    if (kept && kept.options.icon.options.step === step) return kept;
    const made = makeMarker(feature, this.layerId, step, (id) => this.host.choose(id));
    this.markers.set(feature.id, made);
    return made;
  },

  drawShape(feature, renderer) {
    const isFaded = this.chosenRoute && this.chosenRoute !== feature.id; // beside a chosen route the others step back
    const isLine = feature.geometry.type.endsWith("LineString");
    const isRoute = atlas.kinds[feature.properties.kind].role === "route";
    const style = {
      renderer, pane: isLine ? "lines" : "areas", color: this.spec.colour, weight: isRoute ? 4.5 : isLine ? 4 : 1.6,
      fill: !isLine, fillOpacity: 0.07, opacity: isFaded ? 0.3 : 1, lineCap: "round", lineJoin: "round",
      dashArray: feature.properties.position === "schematic" && !isRoute ? "7 6" : null,
      bubblingMouseEvents: false, className: `shape shape-${isLine ? "line" : "area"}`,
    };
    const layer = L.geoJSON(feature, { style, pane: style.pane });
    layer.on("click", () => this.host.choose(feature.id));
    this.shapes.addLayer(layer);
  },
});

/** Return the filter that a state asks for; `open` holds the ids that are open then, or null for any time. */
export function filterOf(state, open) {
  const themes = new Set(state.theme);
  const kinds = new Set(state.kind);
  const phases = new Set(state.phase);
  return ({ id, properties }) => {
    if (kinds.size && !kinds.has(properties.kind)) return false;
    if (themes.size && !(properties.themes ?? []).some((theme) => themes.has(theme))) return false;
    if (phases.size && !phases.has(phaseAt(properties.phases, state.month)?.phase)) return false;
    if (state.month && properties.phases && !phaseAt(properties.phases, state.month)) return false;
    return !open || open.has(id);
  };
}
