// Draw the place of a feature on folium's map: what is drawn is told to the form, and the form's place is shown.
// Runs after map.js and before the script that folium wrote, which calls `cityatlas.*`.
/* global L */

import { atlas, specOf } from "./shared/page_data.js";
import { BasemapSwitch } from "./map/basemaps.js";
import { namesOf } from "./map/base_names.js";
import { Names } from "./map/names.js";
import { rounded } from "./desk/coordinates.js";
import { language } from "./desk/words.js";

/** @type {L.PathOptions} */
const DRAWN = { color: "#a8321f", weight: 3, opacity: 1, fillOpacity: 0.12 };
const CONTEXT = { color: "#51606b", weight: 2, opacity: 0.55, fillOpacity: 0.04, interactive: false, snapIgnore: false };
const SNAP_PX = 18;
const FADED = { opacity: 0.35, fillOpacity: 0.03 };
const CROWDED_PX = 30; // corners nearer to each other than this leave no room for one to take hold of between them
const CLOSE_ZOOM = 16;
/** @type {Record<string, string>} */
const TOOLS = { Point: "Marker", LineString: "Line", Polygon: "Polygon" };
const pin = () => L.divIcon({ className: "edit-pin", iconSize: [28, 28], iconAnchor: [14, 28] });
/**
 * @template T
 * @param {T} node coordinates, nested as GeoJSON has them
 * @returns {T}
 */
const round = (node) => /** @type {T} */ (Array.isArray(node) ? node.map(round) : rounded(Number(node)));

// The corners are for a pointer: who uses keys types them into the form, and would have to pass them all.
L.Marker.addInitHook(/** @this {L.Marker} */ function byPointerOnly() {
  if (this.options.icon?.options.className?.includes("marker-icon")) this.options.keyboard = false;
});

/** What else is in a layer, faint: to see where one draws, and to snap to. */
class ContextLayer extends L.LayerGroup {
  /**
   * @param {LayerSpec} spec
   * @param {string | undefined} edited
   */
  constructor(spec, edited) {
    super();
    this.spec = spec;
    this.edited = edited;
    /** @type {Promise<void> | undefined} */
    this.loading = undefined;
  }

  /** @param {L.Map} map */
  onAdd(map) {
    super.onAdd(map);
    if (!this.spec.tiles) this.load(); // else there are too many to draw beside an edit
    return this;
  }

  load() {
    this.loading ??= fetch(this.spec.url).then((answer) => answer.json()).then(({ features }) => {
      for (const feature of features) if (feature.id !== this.edited) this.addLayer(this.drawn(feature));
    }, () => {}); // without them one draws all the same
  }

  /** @param {MapFeature} feature */
  drawn(feature) {
    const pane = feature.geometry.type === "Polygon" ? "areas" : "lines";
    const dot = (/** @type {unknown} */ _, /** @type {L.LatLng} */ place) => L.circleMarker(place, { ...CONTEXT, radius: 4, pane });
    return L.geoJSON(feature, { ...CONTEXT, style: { ...CONTEXT, pane }, pointToLayer: dot, pane });
  }
}

/** @typedef {(L.Marker | L.Polyline) & {pm: import("leaflet").PM.PMLayer & {_markerGroup?: {getLayers(): L.Marker[]}}}} Shape */

/**
 * @param {Shape} layer
 * @returns {Drawable}
 */
function geometryOf(layer) {
  const { type, coordinates } = layer.toGeoJSON(false).geometry;
  return /** @type {Drawable} */ ({ type, coordinates: round(coordinates) });
}

/** The map on which one geometry is drawn. */
export class DrawingMap {
  /**
   * @param {L.Map} map
   * @param {import("./map/basemaps.js").Basemaps} basemaps
   */
  constructor(map, basemaps) {
    this.map = map;
    this.isSnapping = true;
    this.tool = "";
    /** @type {(geometry: Drawable) => void} */
    this.tell = () => {};
    /** @type {((type: string) => void) | undefined} */
    this.onMode = undefined;
    const names = new Names(map, [() => namesOf(basemaps.schematic)]);
    basemaps.schematic.on("shown", () => names.later());
    map.on("basemap", () => names.later());
    map.setMaxBounds(/** @type {L.LatLngBoundsExpression} */ (/** @type {unknown} */ (null))); // a place may be wrong by far
    new BasemapSwitch(map, basemaps, { set() {} }).show(atlas.basemaps[0]?.id ?? "schematic");
    map.pm.setLang(language);
    L.PM.setOptIn(true); // of what is on the map only the drawn one is changed
    this.group = L.geoJSON(null, {
      style: DRAWN, pmIgnore: false, pane: "lines", // below the corners that one takes hold of
      pointToLayer: (_, place) => L.marker(place, { icon: pin(), pmIgnore: false, pane: "plan", keyboard: false }),
    }).addTo(map);
    map.on("pm:create", ({ layer }) => this.finish(/** @type {Shape} */ (layer)));
    map.on("pm:globaldrawmodetoggled", ({ enabled }) => this.mode(enabled));
    map.on("zoomend", () => this.thin());
  }

  /** Show a geometry, or none, ready to be changed.
   * @param {Drawable | null} geometry
   */
  show(geometry, isNew = false) {
    this.map.pm.disableDraw();
    this.group.clearLayers();
    if (!geometry) return;
    this.group.addData(geometry);
    this.eachShape((layer) => {
      this.enable(layer);
      layer.on("pm:edit", () => this.changed(layer));
    });
    this.thin();
    const bounds = this.group.getBounds();
    if (isNew || !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { maxZoom: CLOSE_ZOOM, padding: [40, 40], animate: false });
  }

  /** @param {(shape: Shape) => void} act */
  eachShape(act) {
    this.group.eachLayer((layer) => act(/** @type {Shape} */ (layer)));
  }

  /** @param {Shape} layer */
  enable(layer) {
    layer.pm.enable({ snappable: this.isSnapping, snapDistance: SNAP_PX, allowSelfIntersection: true, draggable: true });
  }

  /** @param {Shape} layer */
  changed(layer) {
    this.tell(geometryOf(layer));
    this.thin();
  }

  /** Hide what is to be taken hold of in the middle between two corners that lie close together. */
  thin() {
    this.eachShape((layer) => {
      const markers = layer.pm?._markerGroup?.getLayers() ?? []; // Geoman tells of them by no other name
      /** @type {(marker: L.Marker) => boolean | undefined} */
      const isMiddle = ({ options }) => options.icon?.options.className?.includes("marker-icon-middle");
      const at = (/** @type {L.Marker} */ marker) => this.map.latLngToLayerPoint(marker.getLatLng());
      const corners = markers.filter((marker) => !isMiddle(marker)).map(at);
      for (const marker of markers.filter(isMiddle)) {
        const place = at(marker);
        const isCrowded = corners.some((corner) => corner.distanceTo(place) < CROWDED_PX / 2);
        marker.getElement()?.classList.toggle("is-crowded", isCrowded);
      }
    });
  }

  /** While one draws, what is there lies faint and cannot be taken hold of; without a new one it comes back.
   * @param {boolean} isDrawing
   */
  mode(isDrawing) {
    if (!isDrawing) this.tool = "";
    this.eachShape((layer) => {
      if (isDrawing) layer.pm.disable();
      else this.enable(layer);
      if ("setStyle" in layer) layer.setStyle(isDrawing ? FADED : DRAWN);
      else layer.setOpacity(isDrawing ? FADED.opacity : 1);
    });
    if (isDrawing) this.map.getContainer().focus({ preventScroll: true });
    this.thin();
    this.onMode?.(isDrawing ? this.tool : "");
  }

  /** Begin to draw a new geometry of a type; the one that is there goes when it is done.
   * @param {string} type
   */
  draw(type) {
    this.tool = type;
    const style = { ...DRAWN, pane: "lines" };
    this.map.pm.enableDraw(TOOLS[type], {
      snappable: this.isSnapping, snapDistance: SNAP_PX, continueDrawing: false,
      templineStyle: style, hintlineStyle: { ...style, dashArray: "5 5" }, pathOptions: style,
      markerStyle: { icon: pin() },
    });
  }

  stop() {
    this.map.pm.disableDraw();
  }

  /** @param {Shape} layer */
  finish(layer) {
    layer.remove();
    const geometry = geometryOf(layer);
    this.show(geometry);
    this.tell(geometry);
  }
}

const form = document.getElementById("edit");
if (window.cityatlas && form) {
  Object.assign(window.cityatlas, {
    layer: (/** @type {string} */ id) => new ContextLayer(specOf(id), form.dataset.feature),
    overview: () => {},
    /**
     * @param {L.Map} map
     * @param {unknown} _cluster
     * @param {Record<string, ContextLayer>} layers
     * @param {import("./map/basemaps.js").Basemaps} basemaps
     */
    start: (map, _cluster, layers, basemaps) => {
      window.cityatlas.drawing = new DrawingMap(map, basemaps);
      for (const layer of Object.values(layers)) if (layer.spec.visible) layer.addTo(map);
    },
  });
}
