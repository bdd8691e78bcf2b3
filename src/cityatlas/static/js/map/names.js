// Write the names on the map, of the basemap and of places: placed anew whenever the map has moved.
/* global L */

import { element, targetOf } from "../shared/dom.js";
import { coveredBoxes } from "./free_room.js";
import { leader, placeLabels } from "./labels.js";
import { breakName } from "./name_lines.js";

/** @typedef {import("./base_names.js").Named} Named */
/** @typedef {import("./labels.js").Box} Box */
/** @typedef {{font: string, line: number, spacing: number, size: number}} Style */
/** @typedef {{named: Named, text: string, size: [number, number]}} Written */
/** @typedef {() => Named[]} Source */

const SOON_MS = 100; // while a map begins, its parts come one after another
const FRAME_PX = 3; // of the map's edge that stays free
const CHOSEN_FAR_PX = [0, 15, 30, 45, 60, 80, 100, 130]; // from the chosen mark to its name
const MOST_EM = 8; // of a line of a name
const [OTHER_EMS, LESS] = [[5, 12], 0.01]; // of a place's name that finds no room so; how much less it weighs then
const AROUND = /** @type {Record<string, [number, number]>} */ ({ street: [16, 6], place: [3, 1] }); // room about a name
const AROUND_OTHER = /** @type {[number, number]} */ ([8, 6]);

/** Return the chosen place's name, before all others and as near as it can stand; its line may cross other marks.
 * @param {Written} written
 * @param {Box[]} marks
 * @param {Box} frame
 */
function placedFirst({ named, size, text }, marks, frame) {
  for (const far of CHOSEN_FAR_PX) {
    const [spot] = placeLabels([{ ...named, size, reach: (named.reach ?? 0) + far, nearOnly: true }], marks, frame);
    if (spot) return [{ named: { ...named, size }, text, spot: { ...spot, far } }];
  }
  return [];
}

export class Names {
  /**
   * @param {L.Map} map
   * @param {Source[]} sources of what is to be named
   * @param {(id: string) => void} choose
   */
  constructor(map, sources, choose = () => {}) {
    this.map = map;
    this.sources = sources;
    this.context = /** @type {CanvasRenderingContext2D} */ (element("canvas").getContext("2d"));
    /** @type {Map<string, Style>} */
    this.styles = new Map();
    /** @type {Map<string, Written>} */
    this.written = new Map();
    Object.assign(map.createPane("names").style, { zIndex: 430, pointerEvents: "none" });
    this.base = this.box("names");
    Object.assign(map.createPane("place-names").style, { zIndex: 625, pointerEvents: "none" });
    this.places = this.box("place-names");
    this.places.addEventListener("click", (event) => {
      const { id } = targetOf(event).dataset;
      if (!id || /** @type {L.Handler & {moved(): boolean}} */ (map.dragging).moved()) return;
      L.DomEvent.stop(event);
      choose(id);
    });
    map.on("moveend zoomend resize viewreset", () => this.later());
  }

  /** Return a box for names, which is not seen while the map zooms and which no screen reader reads: the list has all.
   * @param {string} pane
   */
  box(pane) {
    const box = element("div", "leaflet-zoom-hide");
    box.setAttribute("aria-hidden", "true");
    /** @type {HTMLElement} */ (this.map.getPane(pane)).append(box);
    return box;
  }

  /** Place all names soon; many calls in a moment place them once. */
  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.update(), SOON_MS);
  }

  /** Place all names anew, in the size that words have now. */
  forget() {
    this.styles.clear();
    this.written.clear();
    this.later();
  }

  update() {
    const { x, y } = this.map.getSize();
    /** @type {Box} */
    const frame = [FRAME_PX, FRAME_PX, x - FRAME_PX, y - FRAME_PX];
    const all = this.sources.flatMap((source) => source());
    const written = all.map((named) => this.write(named));
    const marks = [...this.markBoxes(), ...coveredBoxes(this.map)]; // a name under either would not be seen
    const first = written.filter(({ named }) => named.isChosen).flatMap((one) => placedFirst(one, marks, frame));
    const others = [...written, ...all.flatMap((named) => this.otherwise(named))].filter(({ named }) => !first.some((one) => one.named.key === named.key));
    const taken = first.map(({ named: { size: [wide, high] }, spot }) => /** @type {Box} */ ([spot.x - wide / 2, spot.y - high / 2, spot.x + wide / 2, spot.y + high / 2]));
    const placed = placeLabels(others.map(({ named, size }) => ({ ...named, size })), [...marks, ...taken], frame);
    const rest = others.flatMap(({ named, size, text }, i) => { const spot = placed[i]; return spot ? [{ named: { ...named, size }, text, spot }] : []; });
    const [places, base] = [rest.filter(({ named }) => named.id).concat(first), rest.filter(({ named }) => !named.id)];
    this.base.replaceChildren(...base.map(({ named, text, spot }) => this.drawn(named, text, spot)));
    const lines = places.filter(({ spot }) => spot.far).map(({ named, spot }) => this.line(leader(named, spot)));
    this.places.replaceChildren(...lines, ...places.map(({ named, text, spot }) => this.drawn(named, text, spot)));
  }

  /** Return a place's name in narrower and in wider lines, where that makes others of it.
   * @param {Named} named
   * @returns {Written[]}
   */
  otherwise(named) {
    if (!named.id) return [];
    const texts = new Set([this.write(named).text]);
    return OTHER_EMS.map((mostEm, n) => this.write({ ...named, weight: named.weight - LESS * (n + 1) }, mostEm))
      .filter(({ text }) => !texts.has(text) && texts.add(text));
  }

  /** Return a name in its lines, and how much room it takes.
   * @param {Named} named
   * @param {number} mostEm
   * @returns {Written}
   */
  write(named, mostEm = MOST_EM) {
    const key = `${named.style} ${named.lines ? 1 : mostEm} ${named.text}`;
    const known = this.written.get(key);
    if (known) return { ...known, named };
    const { font, line, spacing } = this.styleOf(named.style);
    const lines = named.lines ? [named.text] : breakName(named.text, mostEm);
    this.context.font = font;
    const width = Math.max(...lines.map((text) => this.context.measureText(text).width + text.length * spacing));
    const [wide, high] = AROUND[named.style] ?? AROUND_OTHER;
    /** @type {Written} */
    const made = { named, text: lines.join("\n"), size: [Math.ceil(width) + wide, lines.length * line + high] };
    this.written.set(key, made);
    return made;
  }

  /** Return the font of a class of names, as the style sheet has it.
   * @param {string} style
   */
  styleOf(style) {
    const known = this.styles.get(style);
    if (known) return known;
    const probe = element("span", `map-name map-name-${style}`, "x");
    this.base.append(probe);
    const { fontStyle, fontWeight, fontSize, fontFamily, lineHeight, letterSpacing } = getComputedStyle(probe);
    probe.remove();
    const made = { font: `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`, line: parseFloat(lineHeight), spacing: parseFloat(letterSpacing) || 0, size: parseFloat(fontSize) };
    this.styles.set(style, made);
    return made;
  }

  /** Return the room of what stands on the map: marks, clusters and numbers, but not the arrows of a route.
   * @returns {Box[]}
   */
  markBoxes() {
    /** @type {Box[]} */
    const boxes = [];
    this.map.eachLayer((layer) => {
      if (!(layer instanceof L.Marker) || !layer.getElement()) return;
      const { _iconObj: own } = /** @type {{_iconObj?: L.Icon}} */ (/** @type {unknown} */ (layer)); // of a cluster
      const { iconSize, iconAnchor, className } = (own ?? /** @type {L.Icon} */ (layer.options.icon)).options;
      if (!iconSize || className === "arrow-pin") return;
      const [{ x, y }, size] = [this.map.latLngToContainerPoint(layer.getLatLng()), L.point(/** @type {L.PointTuple} */ (iconSize))];
      const anchor = iconAnchor ? L.point(/** @type {L.PointTuple} */ (iconAnchor)) : size.divideBy(2);
      boxes.push([x - anchor.x, y - anchor.y, x - anchor.x + size.x, y - anchor.y + size.y]);
    });
    return boxes;
  }

  /** Return the element of a name, its middle where it was placed.
   * @param {Named} named
   * @param {string} text
   * @param {import("./labels.js").Placed} spot
   */
  drawn({ style, id, at }, text, { x, y, ux, uy, side }) {
    const { x: left, y: top } = this.map.containerPointToLayerPoint([x, y]);
    const made = element("span", `map-name map-name-${style}`, text);
    const turn = uy ? ` matrix(${ux}, ${uy}, ${-uy}, ${ux}, 0, 0)` : "";
    const across = side >= 0 && at ? x - at[0] : 0;
    Object.assign(made.style, { left: `${left}px`, top: `${top}px`, transform: `translate(-50%, -50%)${turn}`, textAlign: Math.abs(across) < 1 ? "center" : across > 0 ? "left" : "right" });
    if (id) made.dataset.id = id;
    return made;
  }

  /** Return the line to a name that stands apart from its mark.
   * @param {[import("./labels.js").Spot, import("./labels.js").Spot]} ends
   */
  line([[ax, ay], [bx, by]]) {
    const { x: left, y: top } = this.map.containerPointToLayerPoint([ax, ay]);
    const made = element("span", "name-line");
    Object.assign(made.style, { left: `${left}px`, top: `${top}px`, width: `${Math.hypot(bx - ax, by - ay)}px`, transform: `rotate(${Math.atan2(by - ay, bx - ax)}rad)` });
    return made;
  }
}
