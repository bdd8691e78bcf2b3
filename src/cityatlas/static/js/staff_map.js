// Draw the place of a feature on folium's map: what is drawn is told to the form, and the form's place is shown.
// Runs after map.js and before the script that folium wrote, which calls `cityatlas.*`.
/* global L */

import { atlas } from "./atlas.js";
import { BasemapSwitch } from "./basemaps.js";
import { rounded } from "./edit_coordinates.js";
import { language } from "./edit_words.js";

const DRAWN = { color: "#a8321f", weight: 3, fillOpacity: 0.12 };
const CONTEXT = { color: "#51606b", weight: 2, opacity: 0.55, fillOpacity: 0.04, interactive: false, snapIgnore: false };
const SNAP_PX = 18;
const CLOSE_ZOOM = 16;
const TOOLS = { Point: "Marker", LineString: "Line", Polygon: "Polygon" };
const pin = () => L.divIcon({ className: "edit-pin", iconSize: [28, 28], iconAnchor: [14, 28] });
const round = (node) => (Array.isArray(node) ? node.map(round) : rounded(node));

/** What else is in a layer, faint: to see where one draws, and to snap to. */
const ContextLayer = L.LayerGroup.extend({
  initialize(spec, edited) {
    L.LayerGroup.prototype.initialize.call(this, []);
    Object.assign(this, { spec, edited });
  },

  onAdd(map) {
    L.LayerGroup.prototype.onAdd.call(this, map);
    if (this.spec.tiles) return; // too many to draw beside an edit
    this.loading ??= fetch(this.spec.url).then((answer) => answer.json()).then(({ features }) => {
      for (const feature of features) if (feature.id !== this.edited) this.addLayer(this.drawn(feature));
    }, () => {}); // without them one draws all the same
  },

  drawn(feature) {
    const pane = feature.geometry.type === "Polygon" ? "areas" : "lines";
    const dot = (_, place) => L.circleMarker(place, { ...CONTEXT, radius: 4, pane });
    return L.geoJSON(feature, { ...CONTEXT, style: { ...CONTEXT, pane }, pointToLayer: dot, pane });
  },
});

/** The map on which one geometry is drawn. */
export class DrawingMap {
  constructor(map, basemaps) {
    Object.assign(this, { map, tell: () => {}, isSnapping: true });
    map.createPane("names").style.zIndex = 160;
    map.getPane("names").style.pointerEvents = "none";
    map.setMaxBounds(null); // a place may be wrong by far
    new BasemapSwitch(map, basemaps, { set() {} }).show(atlas.basemaps[0]?.id ?? "schematic");
    map.pm.setLang(language);
    L.PM.setOptIn(true); // of what is on the map only the drawn one is changed
    this.group = L.geoJSON(null, {
      style: DRAWN, pmIgnore: false, pane: "lines", // below the corners that one takes hold of
      pointToLayer: (_, place) => L.marker(place, { icon: pin(), pmIgnore: false, pane: "plan", keyboard: false }),
    }).addTo(map);
    map.on("pm:create", ({ layer }) => this.finish(layer));
    map.on("pm:globaldrawmodetoggled", ({ enabled }) => this.onMode?.(enabled ? this.tool : ""));
  }

  /** Show a geometry, or none, ready to be changed. */
  show(geometry, isNew = false) {
    this.map.pm.disableDraw();
    this.group.clearLayers();
    if (!geometry) return;
    this.group.addData(geometry);
    this.group.eachLayer((layer) => {
      layer.pm.enable({ snappable: this.isSnapping, snapDistance: SNAP_PX, allowSelfIntersection: true, draggable: true });
      layer.on("pm:edit", () => this.changed(layer));
    });
    const bounds = this.group.getBounds();
    if (isNew || !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { maxZoom: CLOSE_ZOOM, padding: [40, 40], animate: false });
  }

  changed(layer) {
    const { type, coordinates } = layer.toGeoJSON(false).geometry;
    this.tell({ type, coordinates: round(coordinates) });
  }

  /** Begin to draw a new geometry of a type; the one that is there goes when it is done. */
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

  finish(layer) {
    layer.remove();
    const { type, coordinates } = layer.toGeoJSON(false).geometry;
    const geometry = { type, coordinates: round(coordinates) };
    this.show(geometry);
    this.tell(geometry);
  }
}

const form = document.getElementById("edit");
if (window.cityatlas && form) {
  Object.assign(window.cityatlas, {
    layer: (id) => new ContextLayer(atlas.layers.find((spec) => spec.id === id), form.dataset.feature),
    overview: () => {},
    start: (map, cluster, layers, basemaps) => {
      window.cityatlas.drawing = new DrawingMap(map, basemaps);
      for (const layer of Object.values(layers)) if (layer.spec.visible) layer.addTo(map);
    },
  });
}
