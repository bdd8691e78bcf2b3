// Draw the schematic basemap, and hold the tiled ones with the datum that each is drawn in.
/* global L */

import { element, pause, tell } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";
import { BaseTiles } from "./base_tiles.js";
import { fromGcj02, toGcj02 } from "../shared/datum.js";

const GROWTH = 1.45; // as cityatlas/pictures.py: a line's width grows by this with each zoom
const FAILED_TILES = 4; // within one view: a service that is down, not one torn tile
const widthAt = (width, zoom) => Math.max(0.4, Math.min(26, width * GROWTH ** (zoom - 14)));

// A map in WGS-84 over tiles in GCJ-02: the projection itself is shifted, so overlays, clicks and the view
// all stay in WGS-84 and nothing needs to know.
const mercator = L.Projection.SphericalMercator;
const GCJ02_CRS = L.extend({}, L.CRS.EPSG3857, {
  projection: L.extend({}, mercator, {
    project({ lng, lat }) {
      const [lon2, lat2] = toGcj02(lng, lat);
      return mercator.project(L.latLng(lat2, lon2));
    },
    unproject(point) {
      const { lng, lat } = mercator.unproject(point);
      const [lon2, lat2] = fromGcj02(lng, lat);
      return L.latLng(lat2, lon2);
    },
  }),
});

const zoomsOf = ({ properties: { min_zoom: from = 0, max_zoom: to = 99 } }) => ({ from, to });

let shapes; // asked for once, used by the map and by the overview
const loadShapes = () => (shapes ??= fetch(atlas.base).then((answer) => answer.json()));

/** Draw our own basemap from shapes: areas, waters, streets with casings, and names as text. */
export const Schematic = L.LayerGroup.extend({
  initialize(options = {}) {
    L.LayerGroup.prototype.initialize.call(this, [], options);
    this.pane = options.pane ?? "base"; // options.pane itself is never empty: Leaflet fills in its own
    this.parts = [];
    this.near = atlas.base_tiles && !options.isOverview ? new BaseTiles(this) : null;
  },

  onAdd(map) {
    this.map = map;
    map.on("zoomend", this.restyle, this);
    this.near?.watch(map);
    L.LayerGroup.prototype.onAdd.call(this, map);
    if (!this.ready) this.ready = loadShapes().then((collection) => this.draw(collection.features));
    return this;
  },

  onRemove(map) {
    map.off("zoomend", this.restyle, this);
    this.near?.unwatch(map);
    this.map = null;
    L.LayerGroup.prototype.onRemove.call(this, map);
  },

  async draw(features) {
    // Casings lie under all streets: with tiles that come later each has a canvas of its own.
    const canvas = () => L.canvas({ pane: this.pane, padding: 0.4 });
    const ground = canvas();
    this.canvases = this.near ? [ground, canvas(), canvas()] : [ground, ground, ground];
    await this.add(features);
    await this.near?.update();
    this.restyle();
    this.fire("ready");
  },

  /** Draw features, and return what was made of them, to be taken away again. */
  async add(features) {
    const [ground, casings, streets] = this.canvases;
    const of = (...groups) => features.filter((feature) => groups.includes(feature.properties.group));
    const style = (feature) => atlas.styles[feature.properties.class] ?? {};
    const casing = (feature) => ({ stroke: style(feature).casing, width: style(feature).width + 1.4 });
    const made = [...of("land"), ...of("water")].map((feature) => this.part(feature, ground, style(feature)));
    await pause();
    const ways = of("streets").reverse();
    made.push(...ways.map((feature) => this.part(feature, casings, casing(feature))));
    await pause();
    made.push(...ways.map((feature) => this.part(feature, streets, style(feature))));
    await pause();
    if (!this.options.isOverview) made.push(...of("labels").map((feature) => this.name(feature)));
    this.parts.push(...made);
    return made;
  },

  /** Take away what `add` made. */
  take(made) {
    const gone = new Set(made);
    for (const { layer } of made) this.removeLayer(layer);
    this.parts = this.parts.filter((part) => !gone.has(part));
  },

  part(feature, renderer, style) {
    const layer = L.geoJSON(feature, {
      renderer, interactive: false, pane: this.pane,
      style: { fill: Boolean(style.fill) && feature.geometry.type.endsWith("Polygon"), fillColor: style.fill, fillOpacity: 1, color: style.stroke,
        stroke: Boolean(style.stroke), dashArray: style.dash, lineCap: "round", lineJoin: "round" },
    });
    return { layer, style, ...zoomsOf(feature) };
  },

  name(feature) {
    const { class: kind, name } = feature.properties;
    const [lon, lat] = feature.geometry.coordinates;
    const html = element("span", "", name ?? "");
    const icon = L.divIcon({ className: `base-name base-name-${kind}`, html, iconSize: null });
    return { layer: L.marker([lat, lon], { icon, interactive: false, keyboard: false, pane: "names" }), style: {}, ...zoomsOf(feature) };
  },

  restyle() {
    if (!this.map) return; // taken away while it was being drawn
    const zoom = this.map.getZoom();
    for (const { layer, style, from, to } of this.parts) {
      if (zoom < from || zoom > to) this.removeLayer(layer);
      else this.addLayer(layer);
      if (style.width) layer.setStyle({ weight: widthAt(style.width, zoom) });
    }
  },
});

/** Return the basemap of an id: the schematic one, or the tile layers of a configured service. */
export function basemap(id) {
  if (id === "schematic") return Object.assign(new Schematic(), { basemapId: id });
  const spec = atlas.basemaps.find((one) => one.id === id);
  const options = { subdomains: spec.subdomains || "a", maxNativeZoom: spec.max_zoom, maxZoom: 22, pane: "base" };
  const group = L.layerGroup(spec.tiles.map((url) => L.tileLayer(url, options)));
  return Object.assign(group, { basemapId: id, spec });
}

/** Let one basemap show at a time; a service whose tiles fail gives way to the schematic one, with a word. */
export class BasemapSwitch {
  constructor(map, basemaps, store) {
    Object.assign(this, { map, basemaps, store });
    this.credit = null;
  }

  show(id) {
    const next = this.basemaps[id] ?? this.basemaps.schematic;
    if (this.current === next) return;
    const [center, zoom] = [this.map.getCenter(), this.map.getZoom()];
    this.current?.remove();
    this.current = next;
    this.setDatum(next.spec?.datum ?? "WGS-84", center, zoom);
    next.addTo(this.map);
    this.watch(next);
    if (this.credit) this.map.attributionControl.removeAttribution(this.credit);
    this.credit = next.spec ? escapeText(next.spec.attribution) : ownCredit();
    this.map.attributionControl.addAttribution(this.credit);
  }

  setDatum(datum, center, zoom) {
    const crs = datum === "GCJ-02" ? GCJ02_CRS : L.CRS.EPSG3857;
    if (this.map.options.crs === crs) return;
    this.map.options.crs = crs;
    this.map._resetView(center, zoom); // projects everything on the map anew
  }

  watch(group) {
    if (!group.spec || group.isWatched) return;
    group.isWatched = true;
    let failed = 0;
    group.eachLayer((tiles) => {
      tiles.on("loading", () => { failed = 0; });
      tiles.on("tileerror", () => {
        failed += 1;
        if (failed < FAILED_TILES || this.current !== group) return;
        tell(word("tiles_failed", { name: group.spec.title }));
        this.store.set({ base: "" });
        this.show("schematic");
      });
    });
  }
}

/** Return a text as HTML that shows it: Leaflet's attribution takes markup only. */
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
