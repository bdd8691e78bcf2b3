// Keep the form's place, the map and the typed coordinates in step; the place can be undone and pasted.

import { toWgs84 } from "../shared/datum.js";
import { crowM } from "../shared/distance.js";
import { button, byId, fieldOf, find, findAll, targetOf } from "../shared/dom.js";
import { cornersOf, readCorners } from "./corners.js";
import { isOverCorrected, mistakenDatum, readPosition, rounded } from "./coordinates.js";
import { Steps } from "./undo.js";
import { editWord, home, homeZoom } from "./words.js";

/** @type {Record<string, string>} */
const HOW = { Point: "editmap.js_draw_point", LineString: "editmap.js_draw_line", Polygon: "editmap.js_draw_area" };
const isText = (/** @type {Element} */ node) => node.matches("textarea, select, input:not([type=checkbox], [type=radio])");

/** Return the geometry that a text holds, or undefined while it is none.
 * @param {string} text
 * @returns {Drawable | null | undefined}
 */
function parsed(text) {
  if (!text.trim()) return null;
  try {
    const geometry = JSON.parse(text);
    return geometry && typeof geometry.type === "string" && Array.isArray(geometry.coordinates) ? geometry : undefined;
  } catch {
    return undefined;
  }
}

/** @typedef {"map" | "text" | "filled" | "typed" | "corners" | "paste" | "steps"} From what a geometry came from */

export class Place {
  /**
   * @param {HTMLFormElement} form
   * @param {import("../desk_map.js").DrawingMap | undefined} drawing
   */
  constructor(form, drawing) {
    const ifThere = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
    this.form = form;
    this.drawing = drawing;
    this.text = fieldOf(form, "geometry");
    this.lon = ifThere("lon"); // the form has coordinates, or corners with their shape
    this.lat = ifThere("lat");
    this.datum = ifThere("datum");
    this.corners = ifThere("corners");
    this.shape = ifThere("shape");
    this.box = byId("edit-map");
    this.steps = new Steps(this.text.value);
    this.first = parsed(this.text.value) ?? null;
    this.box.hidden = false;
    drawing?.map.invalidateSize({ pan: false });
    if (home && !this.first) drawing?.map.setView([home[1], home[0]], homeZoom, { animate: false }); // it was hidden till now
    drawing?.show(this.first, true);
    if (drawing) drawing.tell = (shape) => this.set(shape, "map");
    this.listen();
    this.mark();
  }

  listen() {
    const typed = () => this.typed();
    for (const input of [this.lon, this.lat]) input?.addEventListener("input", typed);
    this.corners?.addEventListener("input", () => this.typedCorners());
    this.shape?.addEventListener("change", () => this.typedCorners());
    this.datum?.addEventListener("change", () => (this.lon?.value || this.lat?.value || !this.corners ? typed() : this.typedCorners()));
    this.text.addEventListener("filled", () => this.set(parsed(this.text.value), "filled"));
    this.text.addEventListener("change", () => this.set(parsed(this.text.value), "text"));
    this.box.addEventListener("click", (event) => this.pressed(targetOf(event).closest("button")));
    /** @type {HTMLInputElement | null} */
    const snap = this.box.querySelector("[data-snap]");
    snap?.addEventListener("change", () => this.snap(snap.checked));
    byId("edit-paste").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // would send the form
      this.paste();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    if (this.drawing) this.drawing.onMode = (type) => this.markTool(type);
  }

  /** @param {HTMLButtonElement | null} pressed */
  pressed(pressed) {
    if (!pressed) return;
    const { draw, step } = pressed.dataset;
    if ("stop" in pressed.dataset) this.drawing?.stop();
    if (draw && pressed.getAttribute("aria-pressed") === "true") this.drawing?.stop();
    else if (draw) this.drawing?.draw(draw);
    if (step) this.go(Number(step));
    if ("paste" in pressed.dataset) this.paste();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape" && this.drawing?.tool) this.drawing.stop();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(targetOf(event))) return; // a text undoes itself
    const pressed = event.key.toLowerCase();
    const by = pressed === "y" || (pressed === "z" && event.shiftKey) ? 1 : pressed === "z" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    this.go(by);
  }

  /** @param {boolean} isOn */
  snap(isOn) {
    if (!this.drawing) return;
    this.drawing.isSnapping = isOn;
    this.drawing.show(parsed(this.text.value) ?? null);
  }

  /** @param {number} by */
  go(by) {
    if (by < 0 ? !this.steps.canUndo : !this.steps.canRedo) return;
    this.write(parsed(this.steps.go(by)) ?? null, "steps");
    this.tell(by < 0 ? editWord("editmap.js_undone") : editWord("editmap.js_redone"));
  }

  /** Take a new geometry (WGS-84) from the map, the text or the coordinates; undefined is none yet.
   * @param {Drawable | null | undefined} geometry
   * @param {From} from
   */
  set(geometry, from) {
    if (geometry === undefined) {
      this.tell(editWord("editmap.js_no_geometry"));
      return;
    }
    const now = JSON.stringify(geometry);
    if (now === this.text.value && from !== "text" && from !== "filled") return;
    this.steps.add(geometry ? now : "");
    this.write(geometry, from);
  }

  /**
   * @param {Drawable | null} geometry
   * @param {From} from
   */
  write(geometry, from) {
    this.text.value = geometry ? JSON.stringify(geometry) : "";
    if (from !== "typed" && from !== "filled") this.writeCoordinates(geometry);
    if (from !== "corners" && from !== "filled") this.writeCorners(geometry);
    for (const end of /** @type {const} */ (["lon", "lat", "corners"])) { // so that the desk goes by the geometry, which holds them converted
      const was = fieldOf(this.form, `${end}_was`);
      if (was) was.value = this[end]?.value ?? "";
    }
    if (from !== "map") this.drawing?.show(geometry);
    this.mark();
    this.warn(geometry);
    this.text.dispatchEvent(new Event("input", { bubbles: true })); // for what saves and compares
  }

  /** @param {Drawable | null} geometry */
  writeCoordinates(geometry) {
    if (!this.lon || !this.lat) return;
    const [lon, lat] = geometry?.type === "Point" ? geometry.coordinates : ["", ""];
    this.lon.value = String(lon);
    this.lat.value = String(lat);
    if (this.datum) this.datum.value = "WGS-84";
  }

  /** @param {Drawable | null} geometry */
  writeCorners(geometry) {
    if (!this.corners || !this.shape) return;
    this.corners.value = cornersOf(geometry);
    if (geometry && geometry.type in HOW && geometry.type !== "Point") this.shape.value = geometry.type;
  }

  /** Read the corners that somebody types; while they are none yet, the place stays as it is. */
  typedCorners() {
    const geometry = readCorners(this.corners?.value ?? "", this.shape?.value ?? "", this.typedIn);
    if (geometry !== undefined) this.set(geometry, "corners");
  }

  /** Return the datum that somebody chose for what they type. */
  get typedIn() {
    return /** @type {Datum} */ (this.datum?.value ?? "WGS-84");
  }

  /** Read the coordinates that somebody types, in the datum that they chose. */
  typed() {
    const [lon, lat] = [this.lon?.value ?? "", this.lat?.value ?? ""].map((text) => (text.trim() ? Number(text) : NaN));
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return;
    const coordinates = toWgs84(lon, lat, this.typedIn).map(rounded);
    this.set({ type: "Point", coordinates }, "typed");
  }

  paste() {
    /** @type {HTMLInputElement} */
    const field = byId("edit-paste");
    const found = readPosition(field.value, home);
    if (!found) {
      this.tell(editWord("editmap.js_no_position"));
      return;
    }
    /** @type {HTMLSelectElement} */
    const choice = byId("edit-paste-datum");
    const datum = found.datum || /** @type {Datum} */ (choice.value);
    const coordinates = toWgs84(found.lon, found.lat, datum).map(rounded);
    this.set({ type: "Point", coordinates }, "paste");
    const said = datum === "WGS-84" ? "editmap.js_put" : "editmap.js_pasted";
    this.tell(editWord(said, { lon: coordinates[0], lat: coordinates[1], datum }));
  }

  /** Ask when a point has moved by just what two datums differ by.
   * @param {Drawable | null} geometry
   */
  warn(geometry) {
    const box = byId("edit-shift");
    const [was, now] = [this.first, geometry].map((one) => (one?.type === "Point" ? /** @type {LonLat} */ (one.coordinates) : null));
    const datum = was && now ? mistakenDatum(was, now) : "";
    box.hidden = !was || !now || (!datum && !isOverCorrected(was, now));
    if (!was || !now || box.hidden) return;
    const metres = Math.round(crowM(was, now));
    const sentence = datum ? editWord("editmap.js_shifted", { metres, datum }) : editWord("editmap.js_over", { metres });
    box.replaceChildren(sentence, " ");
    if (datum) box.append(button(editWord("editmap.js_convert", { datum }), () => {
      this.set({ type: "Point", coordinates: toWgs84(...now, datum).map(rounded) }, "paste");
    }));
  }

  mark() {
    /** @type {HTMLButtonElement[]} */
    const nodes = findAll(this.box, "[data-step]");
    for (const node of nodes) {
      node.disabled = Number(node.dataset.step) < 0 ? !this.steps.canUndo : !this.steps.canRedo;
    }
  }

  /** @param {string} type */
  markTool(type) {
    for (const node of findAll(this.box, "[data-draw]")) node.setAttribute("aria-pressed", String(node.dataset.draw === type));
    find(this.box, "[data-stop]").hidden = !type;
    this.tell(type ? `${editWord(HOW[type])} ${editWord("editmap.js_draw_stop")}` : "");
  }

  /** @param {string} sentence */
  tell(sentence) {
    byId("edit-told").textContent = sentence;
  }
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
if (form && fieldOf(form, "geometry") && byId("edit-map")) new Place(form, window.cityatlas?.drawing);
