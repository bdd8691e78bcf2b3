// Keep the form's place, the map and the typed coordinates in step; the place can be undone and pasted.

import { button } from "../shared/dom.js";
import { cornersOf, readCorners } from "./corners.js";
import { apart_m, isOverCorrected, mistakenDatum, readPosition, rounded } from "./coordinates.js";
import { Steps } from "./undo.js";
import { editWord, home } from "./words.js";
import { toWgs84 } from "../shared/datum.js";

const HOW = { Point: "editmap.js_draw_point", LineString: "editmap.js_draw_line", Polygon: "editmap.js_draw_area" };
const byId = (id) => document.getElementById(id);
const isText = (node) => node.matches("textarea, select, input:not([type=checkbox], [type=radio])");

/** Return the geometry that a text holds, or undefined while it is none. */
function parsed(text) {
  if (!text.trim()) return null;
  try {
    const geometry = JSON.parse(text);
    return geometry && typeof geometry.type === "string" && Array.isArray(geometry.coordinates) ? geometry : undefined;
  } catch {
    return undefined;
  }
}

export class Place {
  constructor(form, drawing) {
    const { geometry, lon, lat, datum, corners, shape } = form.elements;
    Object.assign(this, { form, drawing, text: geometry, lon, lat, datum, corners, shape, box: byId("edit-map") });
    this.steps = new Steps(geometry.value);
    this.first = parsed(geometry.value) ?? null;
    this.box.hidden = false;
    drawing?.map.invalidateSize({ pan: false });
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
    this.box.addEventListener("click", ({ target }) => this.pressed(target.closest("button")));
    this.box.querySelector("[data-snap]")?.addEventListener("change", ({ target }) => this.snap(target.checked));
    byId("edit-paste").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // would send the form
      this.paste();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    if (this.drawing) this.drawing.onMode = (type) => this.markTool(type);
  }

  pressed(pressed) {
    if (!pressed) return;
    const { draw, step } = pressed.dataset;
    if ("stop" in pressed.dataset) this.drawing?.stop();
    if (draw && pressed.getAttribute("aria-pressed") === "true") this.drawing?.stop();
    else if (draw) this.drawing?.draw(draw);
    if (step) this.go(Number(step));
    if ("paste" in pressed.dataset) this.paste();
  }

  key(event) {
    if (event.key === "Escape" && this.drawing?.tool) this.drawing.stop();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return; // a text undoes itself
    const pressed = event.key.toLowerCase();
    const by = pressed === "y" || (pressed === "z" && event.shiftKey) ? 1 : pressed === "z" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    this.go(by);
  }

  snap(isOn) {
    if (!this.drawing) return;
    this.drawing.isSnapping = isOn;
    this.drawing.show(parsed(this.text.value) ?? null);
  }

  go(by) {
    if (by < 0 ? !this.steps.canUndo : !this.steps.canRedo) return;
    this.write(parsed(this.steps.go(by)) ?? null, "steps");
    this.tell(by < 0 ? editWord("editmap.js_undone") : editWord("editmap.js_redone"));
  }

  /** Take a new geometry (WGS-84) from the map, the text or the coordinates; undefined is none yet. */
  set(geometry, from) {
    if (geometry === undefined) return this.tell(editWord("editmap.js_no_geometry"));
    const now = JSON.stringify(geometry);
    if (now === this.text.value && from !== "text" && from !== "filled") return undefined;
    this.steps.add(geometry ? now : "");
    return this.write(geometry, from);
  }

  write(geometry, from) {
    this.text.value = geometry ? JSON.stringify(geometry) : "";
    if (from !== "typed" && from !== "filled") this.writeCoordinates(geometry);
    if (from !== "corners" && from !== "filled") this.writeCorners(geometry);
    for (const end of ["lon", "lat", "corners"]) { // so that the desk goes by the geometry, which holds them converted
      const was = this.form.elements[`${end}_was`];
      if (was) was.value = this[end].value;
    }
    if (from !== "map") this.drawing?.show(geometry);
    this.mark();
    this.warn(geometry);
    this.text.dispatchEvent(new Event("input", { bubbles: true })); // for what saves and compares
  }

  writeCoordinates(geometry) {
    if (!this.lon) return;
    const [lon, lat] = geometry?.type === "Point" ? geometry.coordinates : ["", ""];
    this.lon.value = lon;
    this.lat.value = lat;
    if (this.datum) this.datum.value = "WGS-84";
  }

  writeCorners(geometry) {
    if (!this.corners) return;
    this.corners.value = cornersOf(geometry);
    if (geometry?.type in HOW && geometry.type !== "Point") this.shape.value = geometry.type;
  }

  /** Read the corners that somebody types; while they are none yet, the place stays as it is. */
  typedCorners() {
    const geometry = readCorners(this.corners.value, this.shape.value, this.datum?.value ?? "WGS-84");
    if (geometry !== undefined) this.set(geometry, "corners");
  }

  /** Read the coordinates that somebody types, in the datum that they chose. */
  typed() {
    const [lon, lat] = [this.lon.value, this.lat.value].map((text) => (text.trim() ? Number(text) : NaN));
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return;
    const coordinates = toWgs84(lon, lat, this.datum?.value ?? "WGS-84").map(rounded);
    this.set({ type: "Point", coordinates }, "typed");
  }

  paste() {
    const field = byId("edit-paste");
    const found = readPosition(field.value, home);
    if (!found) return this.tell(editWord("editmap.js_no_position"));
    const datum = found.datum || byId("edit-paste-datum").value;
    const coordinates = toWgs84(found.lon, found.lat, datum).map(rounded);
    this.set({ type: "Point", coordinates }, "paste");
    const said = datum === "WGS-84" ? "editmap.js_put" : "editmap.js_pasted";
    return this.tell(editWord(said, { lon: coordinates[0], lat: coordinates[1], datum }));
  }

  /** Ask when a point has moved by just what two datums differ by. */
  warn(geometry) {
    const box = byId("edit-shift");
    const isPoint = geometry?.type === "Point" && this.first?.type === "Point";
    const datum = isPoint ? mistakenDatum(this.first.coordinates, geometry.coordinates) : "";
    const isOver = isPoint && !datum && isOverCorrected(this.first.coordinates, geometry.coordinates);
    box.hidden = !datum && !isOver;
    if (box.hidden) return;
    const metres = Math.round(apart_m(this.first.coordinates, geometry.coordinates));
    const sentence = datum ? editWord("editmap.js_shifted", { metres, datum }) : editWord("editmap.js_over", { metres });
    const mend = button(editWord("editmap.js_convert", { datum }), () => {
      this.set({ type: "Point", coordinates: toWgs84(...geometry.coordinates, datum).map(rounded) }, "paste");
    });
    box.replaceChildren(sentence, " ", ...(datum ? [mend] : []));
  }

  mark() {
    for (const node of this.box.querySelectorAll("[data-step]")) {
      node.disabled = Number(node.dataset.step) < 0 ? !this.steps.canUndo : !this.steps.canRedo;
    }
  }

  markTool(type) {
    for (const node of this.box.querySelectorAll("[data-draw]")) node.setAttribute("aria-pressed", String(node.dataset.draw === type));
    this.box.querySelector("[data-stop]").hidden = !type;
    this.tell(type ? `${editWord(HOW[type])} ${editWord("editmap.js_draw_stop")}` : "");
  }

  tell(sentence) {
    byId("edit-told").textContent = sentence;
  }
}

const form = byId("edit");
if (form?.elements.geometry && byId("edit-map")) new Place(form, window.cityatlas?.drawing);
