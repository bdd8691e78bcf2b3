// Join folium's map with the page: state to layers, choices to cards, views to addresses.
/* global L */

import { byId, findAll, pause, targetOf, tell } from "../shared/dom.js";
import { atlas, specOf, word } from "../shared/page_data.js";
import { presenceAt } from "../shared/phases.js";
import { BasemapSwitch } from "./basemaps.js";
import { fetchCard, showCard } from "./card.js";
import { addBasemapChoice, addHome } from "./controls.js";
import { filterOf, Filters } from "./filters.js";
import { Finder } from "./finder.js";
import { FILTERED_BY, Fitting, isChosen } from "./fitting.js";
import { fitInto } from "./free_room.js";
import { CatalogueLayer, joinPage } from "./layers.js";
import { chooseFromList, unlistedIn, writeList, writeUndated } from "./list.js";
import { clusterIcon, MarkIcon } from "./marks.js";
import { Months } from "./months.js";
import { namesOf } from "./base_names.js";
import { Names } from "./names.js";
import { Nearest } from "./nearest.js";
import { placeNames } from "./places.js";
import { RouteMarks } from "./routes.js";
import { Sheet } from "./sheet.js";
import { Store } from "./state.js";
import { Tour } from "./tour.js";

/** @typedef {Record<string, CatalogueLayer>} Layers */

/** @type {(keyof MapState)[]} */
const DRAWN_BY = ["theme", "kind", "phase", "at", "month", "tour"]; // a tour's numbers come in the stead of a route's

// So few marks find room side by side, small, from a nearer zoom on; more are gathered where they overlap up to the next.
const [FEW, CLUSTERED_FEW, NEVER_CLUSTERED] = [250, 13, 17];

/** @param {string} id */
const ifThere = (id) => document.getElementById(id);

export class AtlasMap {
  /**
   * @param {L.Map} map
   * @param {import("leaflet").MarkerClusterGroup} cluster
   * @param {Layers} layers
   * @param {import("./basemaps.js").Basemaps} basemaps
   */
  constructor(map, cluster, layers, basemaps) {
    this.map = map;
    this.cluster = cluster;
    this.layers = layers;
    this.store = new Store({ isKept: !atlas.planning });
    /** @type {Found | null} */
    this.found = atlas.chosen;
    this.fitting = new Fitting(map, this.store, layers);
    joinPage(this);
    this.choose = this.choose.bind(this);
    /** @type {(id: string, found: Found) => void} */
    this.take = this.choose; // what the search finds; a plan takes it in
    this.readyMap();
    this.names = new Names(map, [() => placeNames(map), () => namesOf(basemaps.schematic)], this.choose);
    cluster.on("animationend", () => this.names.later());
    basemaps.schematic.on("shown", () => this.names.later());
    map.on("basemap", () => this.names.later());
    this.switch = new BasemapSwitch(map, basemaps, this.store);
    this.routes = new RouteMarks(map, (id) => this.placeOf(id));
    this.highlight = L.layerGroup().addTo(map);
    basemaps.schematic.once("ready", () => { this.isBaseReady = true; this.hidePicture(); });
    document.addEventListener("look", () => this.redress());
    this.ready = this.becomeReady();
  }

  /** Make the rest in pieces, so that a slow phone answers a finger between them. */
  async becomeReady() {
    await pause();
    this.readyPage();
    this.store.listen((...heard) => this.hear(...heard));
    await pause();
    this.begin();
  }

  readyMap() {
    const { map, cluster } = this;
    Object.assign(map.getPane("plan")?.style ?? {}, { pointerEvents: "none" });
    const options = /** @type {import("leaflet").MarkerClusterGroupOptions} */ (cluster.options);
    options.iconCreateFunction = (group) => clusterIcon(group, (count) => word("cluster", { count }));
    options.zoomToBoundsOnClick = options.spiderfyOnMaxZoom = false;
    cluster.on("clusterclick clusterkeypress", (event) => this.openCluster(/** @type {{originalEvent: Event, layer: L.Layer}} */ (/** @type {unknown} */ (event))));
    const frame = map.getContainer();
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", word("map_label"));
    addHome(map);
  }

  readyPage() {
    const { store } = this;
    const [panel, handle, filters, months] = ["panel", "sheet-handle", "filters", "months"].map(ifThere);
    this.sheet = panel && handle ? new Sheet(panel, handle, () => this.map.invalidateSize({ pan: false })) : null;
    this.filters = filters ? new Filters(/** @type {HTMLFormElement} */ (filters), store) : null;
    this.nearest = new Nearest(this.map, ifThere("nearest"), () => this.refresh());
    this.months = months && atlas.months.length ? new Months(months, store, atlas.months) : null;
    if (!atlas.planning) this.tour = new Tour(this.map, store, (id) => this.find(id)?.properties.name ?? "", (id) => this.placeOf(id), this.choose, () => this.routes.isChosen);
    ifThere("left-out")?.querySelector("a")?.addEventListener("click", (event) => { event.preventDefault(); this.filters?.clear(); this.setLayers([]); });
    for (const one of findAll(document, "#list, #undated ul")) chooseFromList(/** @type {HTMLElement} */ (one), this.choose);
    /** @type {HTMLFormElement | null} */
    const form = document.querySelector("form[role=search]");
    this.finder = form ? new Finder(form, (id, result) => this.take(id, result), () => atlas.planning || this.sheet?.open(), this.nearest) : null;
    addBasemapChoice(ifThere("basemaps"), store.state.base || "schematic", (id) => store.set({ base: id === "schematic" ? "" : id }));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && store.state.site) this.close();
    });
    this.map.getContainer().addEventListener("pointerover", (event) => {
      /** @type {HTMLElement | null} */
      const pin = targetOf(event).closest?.(".mark-pin");
      if (pin?.dataset.id) fetchCard(pin.dataset.id).catch(() => {});
    });
  }

  /** Show the first view: the address's, else the chosen feature's, else the city's. */
  begin() {
    const { state } = this.store;
    if (state.view) this.map.setView([state.view.lat, state.view.lon], state.view.zoom, { animate: false });
    this.switch.show(state.base || "schematic");
    const wanted = state.layers.length ? new Set(state.layers) : null;
    for (const [id, layer] of Object.entries(this.layers)) {
      if (wanted ? wanted.has(id) : specOf(id).visible) layer.addTo(this.map);
    }
    this.map.on("layeradd layerremove", ({ layer }) => layer instanceof CatalogueLayer && this.keepLayers());
    this.map.on("layeradd", ({ layer }) => { if (layer instanceof CatalogueLayer) this.fitting.added = layer; });
    this.map.on("moveend", () => { if (!this.fitting.isFirst) this.keepView(); });
    this.map.on("click", ({ latlng }) => this.clicked(latlng));
    this.whenLoaded().then(() => {
      this.isStarted = true; // all layers are drawn at once, not one after another as they come
      this.fitting.isWanted = !state.view && !state.site && isChosen(state);
      this.fitting.added = null;
      this.refresh();
      if (state.site) this.showChosen("start");
    });
  }

  /** Draw in the page's look, which has changed, as may have the size of its words. */
  redress() {
    for (const layer of Object.values(this.layers)) layer.drawn = [];
    this.names.forget();
    this.map.invalidateSize({ pan: false });
    this.refresh();
  }

  whenLoaded() {
    return Promise.allSettled(Object.values(this.layers).filter((l) => this.map.hasLayer(l)).map((l) => l.load()));
  }

  /** Draw what the state and the layers' features make; many calls in one turn draw once. */
  refresh() {
    if (!this.isStarted) return;
    cancelAnimationFrame(this.waiting ?? 0);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  async draw() {
    const { state } = this.store;
    const open = this.filters ? await this.filters.openIds() : null;
    const fits = filterOf(state, open);
    const all = Object.values(this.layers);
    const turn = this.turn = (this.turn ?? 0) + 1;
    const isStale = async () => { await pause(); return turn !== this.turn; }; // something newer is being drawn
    const markers = all.flatMap((layer) => layer.draw(fits, state.month));
    const shown = all.flatMap((layer) => layer.shown);
    this.months?.offer(shown, isChosen(state)); // before the room that is left is reckoned
    this.fitting.apply();
    if (await isStale()) return;
    this.showMarkers(markers);
    if (await isStale()) return;
    this.routes.show(shown.filter(({ properties }) => atlas.kinds[properties.kind].role === "route"), state.site, state.tour.length > 0);
    if (await isStale()) return;
    const list = ifThere("list");
    if (list) writeList(list, byId("count"), this.nearest?.sorted(shown) ?? shown, state, unlistedIn(all), this.nearest);
    this.listUndated(open);
    this.tour?.draw();
    this.names.later();
    this.isDrawn = all.every((layer) => !layer.map || layer.isReady || layer.spec.count === 0);
    this.hidePicture();
    this.map.fire("drawn");
  }

  /** List what the filters would leave if anybody knew whether it was there in the month that is shown.
   * @param {Set<string> | null} open
   */
  listUndated(open) {
    const { state } = this.store;
    const fits = filterOf({ ...state, month: "" }, open);
    const shownLayers = Object.values(this.layers).filter(({ map }) => state.month && map);
    const place = ifThere("undated");
    if (place) writeUndated(place, shownLayers.flatMap(({ features }) => features.filter((one) => fits(one) && presenceAt(one.properties, state.month) === "unknown")), state);
  }

  /** Part the marks of a cluster by a click or Enter, so that all of them are seen.
   * @param {{originalEvent: Event, layer: L.Layer}} event
   */
  openCluster({ originalEvent, layer }) {
    if (originalEvent instanceof KeyboardEvent && originalEvent.key !== "Enter") return;
    const cluster = /** @type {import("leaflet").MarkerCluster} */ (layer);
    const next = this.map.getZoom() + 1;
    fitInto(this.map, cluster.getBounds(), { leastZoom: next, maxZoom: Math.max(next, NEVER_CLUSTERED) });
  }

  /** Put markers into the cluster, which takes long for many, unless they are there already.
   * @param {L.Marker[]} markers
   */
  showMarkers(markers) {
    const was = this.markers ?? [];
    if (was.length === markers.length && markers.every((marker, i) => marker === was[i])) return;
    this.markers = markers;
    /** @type {import("leaflet").MarkerClusterGroupOptions} */ (this.cluster.options).disableClusteringAtZoom = markers.length > FEW ? NEVER_CLUSTERED : CLUSTERED_FEW;
    this.cluster.clearLayers(); // and takes up the option
    this.cluster.addLayers(markers);
  }

  /** Open the card of what lies under a click beside all marks, or else close the one that is open.
   * @param {L.LatLng} latlng
   */
  clicked(latlng) {
    const found = Object.values(this.layers).map((layer) => layer.map && layer.pick(latlng)).find(Boolean);
    if (found) {
      const { id, layerId, properties: { name, kind, mark = [0, 0] } } = found;
      this.choose(id, { id, layer: layerId, name, kind, lon: mark[0], lat: mark[1] });
    } else if (this.store.state.site) this.close();
  }

  /** Take the server's picture away once the map itself is there, or keep it for paper; without a script it stays. */
  hidePicture() {
    const picture = document.documentElement.matches(".js") ? ifThere("picture") : null;
    const isBaseReady = this.isBaseReady || this.switch.current?.spec; // tiles come when they come
    if (!picture || !this.isDrawn || !isBaseReady) return;
    const paper = ifThere("paper-map");
    if (paper) paper.replaceChildren(...picture.children);
    picture.remove();
  }

  /** @type {import("./state.js").Hear} */
  hear(state, changed, origin) {
    const { view } = state; // which a sheet that moves changes
    if (changed.has("base")) this.switch.show(state.base || "schematic");
    if (changed.has("layers") && origin === "history") this.setLayers(state.layers);
    this.filters?.write();
    this.months?.show();
    if (origin === "page" && FILTERED_BY.some((key) => changed.has(key) && state[key].length)) this.fitting.isWanted = true;
    if (DRAWN_BY.some((key) => changed.has(key))) this.refresh();
    if (changed.has("site")) this.showChosen(origin);
    if (origin === "history" && view) this.map.setView([view.lat, view.lon], view.zoom, { animate: false }); // once the sheet has left its room
  }

  /** @param {string} id */
  find(id) {
    for (const layer of Object.values(this.layers)) {
      const feature = layer.find(id);
      if (feature) return feature;
    }
    return null;
  }

  /** Return [lon, lat] where a feature's mark stands, or null while it is not loaded.
   * @param {string} id
   */
  placeOf(id) {
    const feature = this.find(id);
    return feature && (feature.properties.mark ?? /** @type {LonLat} */ (feature.geometry.coordinates));
  }

  /** Choose a feature: its card is opened, and the address keeps it; its layer is shown, but not on a plan's map.
   * @param {string} id
   * @param {Found | null} found
   */
  async choose(id, found = null) {
    this.returnTo = /** @type {HTMLElement | null} */ (document.activeElement);
    if (!this.store.state.site) this.sheet?.keep();
    const layer = found && this.layers[found.layer];
    if (layer && !this.map.hasLayer(layer) && !atlas.planning) layer.addTo(this.map);
    if (layer) await layer.load().catch(() => {});
    this.found = found;
    this.store.set({ site: id }, { isStep: true });
  }

  close() {
    if (history.state?.isStep) history.back();
    else this.store.set({ site: "" });
  }

  /** @param {string} origin */
  async showChosen(origin) {
    const [site, place] = [this.store.state.site, ifThere("card-place")];
    this.highlight.clearLayers();
    for (const link of findAll(document, "#list a")) {
      if (link.parentElement?.dataset.id === site) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    ifThere("browse")?.toggleAttribute("hidden", Boolean(site));
    this.drawHighlight(site, origin);
    if (place) await showCard(place, site, () => this.close(), origin !== "start");
    if (site !== this.store.state.site) return; // somebody went on, or back, before the card was there
    this.tour?.draw();
    this.names.later();
    if (site && place) this.sheet?.scrollTo(place);
    else {
      this.sheet?.scrollBack();
      if (this.returnTo?.isConnected) this.returnTo.focus({ preventScroll: true });
    }
    this.map.eachLayer((layer) => layer.closeTooltip());
    this.refresh();
  }

  /**
   * @param {string} site
   * @param {string} origin
   */
  drawHighlight(site, origin) {
    const feature = site ? this.find(site) : null;
    if (site || atlas.planning) this.sheet?.to("half");
    else this.sheet?.back();
    const found = this.found?.id === site ? this.found : null;
    const at = feature ? this.placeOf(site) : found && /** @type {LonLat} */ ([found.lon, found.lat]);
    if (!at) return;
    if (feature && feature.geometry.type !== "Point") {
      const colour = specOf(feature.layerId).colour;
      L.geoJSON(feature, { interactive: false, pane: "lines", style: { color: colour, weight: 6, fillOpacity: 0.16, opacity: 0.9, pane: "lines" } }).addTo(this.highlight);
    }
    const properties = feature?.properties ?? { name: "", kind: "", ...found };
    if (feature?.properties.accuracy_m) L.circle([at[1], at[0]], { radius: feature.properties.accuracy_m, pane: "areas", interactive: false, className: "accuracy" }).addTo(this.highlight);
    if (atlas.kinds[properties.kind].role !== "route") {
      const icon = new MarkIcon({ ...properties, id: site }, feature?.layerId ?? found?.layer ?? "", 0, true);
      L.marker([at[1], at[0]], { icon, pane: "plan", interactive: false, keyboard: false }).addTo(this.highlight);
    }
    if (origin !== "history") this.fitting.show(feature, at, origin === "start" && !this.store.state.view);
  }

  keepView() {
    const { lat, lng } = this.map.getCenter();
    this.store.set({ view: { lon: lng, lat, zoom: this.map.getZoom() } });
  }

  keepLayers() {
    const shown = Object.keys(this.layers).filter((id) => this.map.hasLayer(this.layers[id]));
    const isUsual = shown.every((id) => specOf(id).visible) && shown.length === atlas.layers.filter((spec) => spec.visible).length;
    this.store.set({ layers: isUsual ? [] : shown });
  }

  /** @param {string[]} ids */
  setLayers(ids) {
    const wanted = new Set(ids.length ? ids : atlas.layers.filter((spec) => spec.visible).map((spec) => spec.id));
    for (const [id, layer] of Object.entries(this.layers)) {
      if (wanted.has(id)) layer.addTo(this.map);
      else layer.remove();
    }
  }

  /**
   * @param {CatalogueLayer} layer
   * @param {unknown} error
   */
  failed(layer, error) {
    console.warn(error); // the person is told below; this is for whoever looks after the server
    tell(word("layer_failed", { name: layer.spec.title }));
    layer.remove();
  }
}
