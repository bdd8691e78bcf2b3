// Draw the map of a frame: its features, its route, the chosen place's card below it. Nothing is kept in its address.
/* global L */

import { byId, findAll, isStill, pause, tell } from "../shared/dom.js";
import { atlas, specOf, word } from "../shared/page_data.js";
import { showCard } from "../map/card.js";
import { filterOf } from "../map/filters.js";
import { bringInto, fitInto } from "../map/free_room.js";
import { joinPage } from "../map/layers.js";
import { chooseFromList } from "../map/list.js";
import { MarkIcon } from "../map/marks.js";
import { RouteMarks } from "../map/routes.js";
import { readState } from "../map/state.js";
import { addHome } from "./controls.js";
import { Gestures } from "./gestures.js";
import { fanOf, pilesOf, pileWidth } from "./piles.js";

/** @typedef {import("../map/layers.js").CatalogueLayer} CatalogueLayer */
/** @typedef {Record<string, CatalogueLayer>} Layers */
/** @typedef {import("../map/marks.js").Mark} Mark */

const LAST_ZOOM_STEP = 2;

export class EmbedMap {
  /**
   * @param {L.Map} map
   * @param {Layers} layers
   * @param {import("../map/basemaps.js").Basemaps} basemaps
   * @param {import("./host.js").Host} host
   */
  constructor(map, layers, basemaps, host) {
    this.map = map;
    this.layers = layers;
    this.host = host;
    this.store = { state: readState(atlas.plan ? "" : undefined) }; // the address of a plan says a wish, of which the server made all
    this.store.state.site = atlas.chosen?.id ?? this.store.state.site;
    /** @type {Mark[]} */
    this.marks = [];
    this.drawn = L.layerGroup().addTo(map);
    this.highlight = L.layerGroup().addTo(map);
    joinPage(this);
    this.readyMap();
    this.routes = new RouteMarks(map, (id) => this.placeOf(id));
    this.basemaps = basemaps;
    /** @type {{later(): void} | undefined} */
    this.names = undefined; // once their script is there
    basemaps.schematic.once("ready", () => { this.isBaseReady = true; this.hidePicture(); });
    basemaps.schematic.addTo(map);
    if (atlas.plan) L.geoJSON(atlas.plan, { style: (way) => way?.properties, pane: "lines", interactive: false }).addTo(map);
    this.goHome(false);
    this.begin();
  }

  readyMap() {
    const { map } = this;
    Object.assign(map.getPane("plan")?.style ?? {}, { pointerEvents: "none" });
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", word("map_label"));
    new Gestures(map, byId("map-frame"), atlas.look?.gestures ?? "shared");
    if (atlas.look?.controls === "all") addHome(map, () => this.goHome(true));
    map.on("zoomend", () => this.placeMarks());
    map.on("click", () => this.choose(""));
    // In a tab that is not shown there is no room to fit anything into.
    map.on("resize", ({ oldSize }) => { if (!oldSize.x) this.goHome(false); });
    map.on("moveend", () => this.tellMove());
    for (const list of findAll(document, ".embed-list ol")) chooseFromList(/** @type {HTMLElement} */ (list), (id) => this.choose(id));
  }

  tellMove() {
    const { lng, lat } = this.map.getCenter();
    this.host.tell("move", { lon: lng, lat, zoom: this.map.getZoom() });
  }

  async begin() {
    const { state } = this.store;
    const wanted = new Set(state.layers);
    for (const [id, layer] of Object.entries(this.layers)) {
      if (wanted.size ? wanted.has(id) : specOf(id).visible) layer.addTo(this.map);
    }
    await Promise.allSettled(Object.values(this.layers).filter((l) => this.map.hasLayer(l)).map((l) => l.load()));
    this.isStarted = true;
    await this.draw();
    if (state.site) this.drawChosen(state.site, false);
    this.host.listen(
      { extent: atlas.extent, theme: Object.keys(atlas.themes), kind: Object.keys(atlas.kinds), phase: atlas.phases.map(([phase]) => phase) },
      (command) => this.obey(command),
    );
    this.host.tell("ready", { features: this.shown().length });
  }

  /** Show the first view: the address's, else what the frame is about, else the city's. */
  goHome(isMoving = true) {
    const { view } = this.store.state;
    const options = { animate: isMoving && !isStill() };
    if (view) this.map.setView([view.lat, view.lon], view.zoom, options);
    else if (atlas.fit && this.map.getSize().x) {
      const [west, south, east, north] = atlas.fit;
      fitInto(this.map, L.latLngBounds([[south, west], [north, east]]), options);
    } else this.map.setView([atlas.view.lat, atlas.view.lon], atlas.view.zoom, options);
  }

  /** Draw what the filters leave; many calls in one turn draw once. */
  refresh() {
    if (!this.isStarted) return;
    cancelAnimationFrame(this.waiting ?? 0);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  async draw() {
    const { state } = this.store;
    const fits = filterOf(state, null);
    const all = Object.values(this.layers);
    this.marks = /** @type {Mark[]} */ (all.flatMap((layer) => layer.draw(fits, state.month)));
    await pause();
    this.placeMarks();
    const routes = this.shown().filter(({ properties }) => atlas.kinds[properties.kind].role === "route");
    this.routes.show(atlas.plan?.slice(0, 1) ?? routes, state.site);
    this.isDrawn = all.every((layer) => !layer.map || layer.isReady || layer.spec.count === 0);
    this.hidePicture();
  }

  shown() {
    return Object.values(this.layers).flatMap((layer) => layer.shown);
  }

  /** Stand marks where they are seen: those that would lie on each other as one pile, which a tap opens. */
  placeMarks() {
    const { map, marks } = this;
    this.drawn.clearLayers();
    const zoom = map.getZoom();
    const spots = marks.map((mark) => map.project(mark.getLatLng(), zoom));
    const isLast = zoom >= map.getMaxZoom() - LAST_ZOOM_STEP;
    for (const pile of pilesOf(spots, isLast ? Infinity : zoom)) {
      if (pile.length > 1) this.drawPile(pile.map((index) => marks[index]));
      else this.drawn.addLayer(marks[pile[0]]);
    }
    if (isLast) this.fanOut(marks, spots);
    this.names?.later();
  }

  /** Let marks at one spot step aside, so that each can be hit.
   * @param {Mark[]} marks
   * @param {L.Point[]} spots
   */
  fanOut(marks, spots) {
    for (const pile of pilesOf(spots, 0)) {
      const offsets = fanOf(pile.length);
      pile.forEach((index, i) => {
        const pin = marks[index].getElement();
        if (pin) Object.assign(pin.style, { marginLeft: `${offsets[i].x - 20}px`, marginTop: `${offsets[i].y - 20}px` });
      });
    }
  }

  /** @param {Mark[]} pile */
  drawPile(pile) {
    const html = document.createElement("span");
    html.className = "pile-marks";
    for (const mark of pile.slice(0, 3)) {
      const small = new MarkIcon(mark.options.icon.properties, mark.options.icon.layerId, 0).createIcon().firstChild;
      if (small) html.append(small);
    }
    html.setAttribute("aria-label", word("cluster", { count: pile.length }));
    const icon = L.divIcon({ html, className: "pile", iconSize: [pileWidth(pile.length), 28] });
    const bounds = L.latLngBounds(pile.map((mark) => mark.getLatLng()));
    const marker = L.marker(bounds.getCenter(), { icon, pane: "marks" });
    marker.on("click", () => {
      fitInto(this.map, bounds, { leastZoom: Math.min(this.map.getZoom() + 1, this.map.getMaxZoom()), maxZoom: this.map.getMaxZoom() });
    });
    this.drawn.addLayer(marker);
  }

  /** Take the server's picture away once the map itself is there. */
  hidePicture() {
    if (!this.isDrawn || !this.isBaseReady) return;
    document.getElementById("picture")?.remove();
    this.fetchNames();
  }

  /** Load what writes names, once all that a visitor waits for is there. */
  fetchNames() {
    if (this.isNaming || !atlas.names_script) return;
    this.isNaming = true;
    const script = document.createElement("script");
    script.src = atlas.names_script;
    script.addEventListener("load", () => { this.names = window.cityatlas.nameFrame?.(this.map, this.basemaps, (id) => this.choose(id)); });
    document.head.append(script);
  }

  /** @param {string} id */
  find(id) {
    return Object.values(this.layers).map((layer) => layer.find(id)).find(Boolean) ?? null;
  }

  /** @param {string} id */
  placeOf(id) {
    const feature = this.find(id);
    return feature && (feature.properties.mark ?? /** @type {LonLat} */ (feature.geometry.coordinates));
  }

  /** Choose a place, or none: its card opens below the map.
   * @param {string} id
   */
  choose(id) {
    if (id === this.store.state.site) return;
    this.store.state.site = id;
    this.drawChosen(id, true);
    this.refresh();
    this.host.tell("select", { id });
  }

  /**
   * @param {string} id
   * @param {boolean} isFocused
   */
  drawChosen(id, isFocused) {
    this.highlight.clearLayers();
    const [feature, at] = [this.find(id), this.placeOf(id)];
    for (const link of findAll(document, ".embed-list li a")) {
      if (id && link.parentElement?.dataset.id === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (feature && at && atlas.kinds[feature.properties.kind].role !== "route") {
      const icon = new MarkIcon(feature.properties, feature.layerId, 0, true);
      L.marker([at[1], at[0]], { icon, pane: "plan", interactive: false, keyboard: false }).addTo(this.highlight);
      bringInto(this.map, [at[1], at[0]]);
    }
    this.names?.later();
    showCard(byId("card-place"), id, () => this.choose(""), isFocused);
  }

  /** @param {import("./host.js").Command} command */
  obey(command) {
    if (command.type === "show") {
      if (!command.id || this.find(command.id)) this.choose(command.id);
      else this.host.tell("error", { reason: "unknown_site", id: command.id });
    }
    if (command.type === "flyTo") this.map.flyTo([command.lat, command.lon], command.zoom, { animate: !isStill() });
    if (command.type === "setFilter") {
      Object.assign(this.store.state, command.filter);
      this.refresh();
    }
  }

  /**
   * @param {CatalogueLayer} layer
   * @param {unknown} error
   */
  failed(layer, error) {
    console.warn(error);
    tell(word("layer_failed", { name: layer.spec.title }));
    this.host.tell("error", { reason: "layer_failed", layer: layer.layerId });
    layer.remove();
  }
}
