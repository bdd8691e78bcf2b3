// Help with the planner's form: first taps for day and length, interest by taps, points from map and phone.

import { button, byId, element, fieldOf, find, findAll, targetOf, tell } from "../shared/dom.js";
import { atlas } from "../shared/page_data.js";
import { planWord } from "./words.js";

const LATEST_MIN = 23 * 60 + 59;
const MOST_WEIGHT = 2;
/** @param {string} text */
const minuteOf = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
/** @param {number} minute */
const textOf = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export class WishForm {
  /** `host` is the map's page, or nothing where the map did not come.
   * @param {HTMLElement} root
   * @param {import("../map/atlas_map.js").AtlasMap | undefined} host
   */
  constructor(root, host) {
    this.host = host;
    /** @type {(() => void) | null} */
    this.giveUp = null;
    this.lasts = 0; // minutes
    this.isTimed = false; // whether the visitor chose when to begin
    root.addEventListener("click", (event) => this.tapped(event));
    root.addEventListener("input", (event) => {
      const target = targetOf(event);
      target.removeAttribute("aria-invalid");
      target.removeAttribute("aria-describedby");
      if (target === this.field("start")) this.keepLength();
      if (target.closest(".when, .from")) this.press();
    });
    addEventListener("keydown", ({ key }) => { if (key === "Escape") this.giveUp?.(); });
    this.dress();
  }

  get form() {
    return /** @type {HTMLFormElement} */ (byId("plan-form"));
  }

  /** @param {string} name */
  field(name) {
    return fieldOf(this.form, name);
  }

  /** Show what is chosen on the buttons of a form that has just come. */
  dress() {
    /** @type {HTMLInputElement[]} */
    const themes = findAll(this.form, "[data-theme]");
    for (const input of themes) weigh(input, input.checked ? Number(input.value.split(":")[1] ?? 1) : 0);
    this.lasts = this.lengthMin;
    if (!this.host) for (const button of findAll(this.form, "[data-point]")) button.hidden = true;
    this.press();
  }

  /** Return what the form says, to be filled in again.
   * @returns {Pair[]}
   */
  said() {
    return /** @type {Pair[]} */ ([...new FormData(this.form)]);
  }

  /** Fill in what a form said.
   * @param {Pair[]} said
   */
  fill(said) {
    for (const field of /** @type {Iterable<HTMLInputElement>} */ (/** @type {unknown} */ (this.form.elements))) {
      const values = said.filter(([name]) => name === field.name).map(([, value]) => value);
      const { theme } = field.dataset;
      if (theme) weigh(field, Number((values.find((value) => value.split(":")[0] === theme) ?? ":0").split(":")[1] ?? 1));
      else if (field.matches("[type=checkbox], [type=radio]")) field.checked = values.includes(field.value);
      else if (field.matches("select")) this.select(field, values[0] ?? "");
      else if (field.name && values.length) field.value = values[0];
    }
    this.press();
  }

  /** Choose a value of a list, also a point on the map, which it may not have.
   * @param {HTMLInputElement} select
   * @param {string} value
   */
  select(select, value) {
    const isKnown = findAll(select, "option").some((option) => option.getAttribute("value") === value);
    if (isKnown) select.value = value;
    else this.addPoint(select, value, planWord("planmap.js_point"));
  }

  /** Mark the fields with these ids as what could not be read, and open what they lie in.
   * @param {string[]} ids
   */
  blame(ids) {
    for (const node of ids.map((id) => document.getElementById(id))) {
      for (let part = node?.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
      if (node?.closest("#form-else")) this.showElse(true);
      if (!node?.matches("input, select")) continue;
      node.setAttribute("aria-invalid", "true");
      node.setAttribute("aria-describedby", "fault-text");
    }
  }

  /** @param {Event} event */
  tapped(event) {
    /** @type {HTMLInputElement} */
    const target = targetOf(event);
    /** @type {HTMLElement | null} */
    const button = target.closest("button[data-span], button[data-day], button[data-start], button[data-back], button[data-else], button[data-here], button[data-point]");
    if (target.matches("[data-theme]")) weigh(target, Number(target.dataset.weight) >= MOST_WEIGHT ? 0 : Number(target.dataset.weight) + 1);
    if (!button) return;
    const { span, on, day, begin, start, back, here, point } = button.dataset;
    if (button.hasAttribute("data-else")) this.showElse(!byId("form-else").classList.contains("open"));
    if (span) this.spend(span, on ?? "");
    if (start) this.from(this.field("start_at").value === start ? "" : start);
    if (back) this.to(this.field("end_at").value === back ? "" : back);
    if (day) this.choose(day, begin ?? "");
    if (here) this.fromPhone(here);
    if (point) this.fromMap(point);
  }

  get lengthMin() {
    return minuteOf(this.field("end").value) - minuteOf(this.field("start").value);
  }

  /** Show the lists of places where one may start and end, or fold them away.
   * @param {boolean} isOpen
   */
  showElse(isOpen) {
    byId("form-else").classList.toggle("open", isOpen);
    find(this.form, "[data-else]").setAttribute("aria-expanded", String(isOpen));
  }

  /** Let the tour last so long, from its start on.
   * @param {number} minutes
   */
  last(minutes) {
    this.field("end").value = textOf(Math.min(LATEST_MIN, minuteOf(this.field("start").value) + minutes));
    this.lasts = minutes;
    this.press();
  }

  /** Move the end with the start, so that the tour lasts as long as it did. */
  keepLength() {
    if (!this.field("start").value) return;
    this.isTimed = true;
    if (this.lasts > 0) this.last(this.lasts);
  }

  /** Take a part of a day.
   * @param {string} span
   * @param {string} day
   */
  spend(span, day) {
    const [begin, end] = span.split("-");
    this.field("date").value = day;
    this.field("start").value = begin;
    this.isTimed = true;
    this.last(minuteOf(end) - minuteOf(begin));
  }

  /** Start at a place, and come back there unless another end was chosen; nothing lets both go.
   * @param {string} id
   */
  from(id) {
    const before = this.field("end_at").value;
    this.field("start_at").value = id;
    this.comeBack(Boolean(id), before);
    this.press();
  }

  /**
   * @param {boolean} isStart
   * @param {string} before
   */
  comeBack(isStart, before) {
    const { back = "" } = find(this.form, "[data-back]").dataset;
    if (isStart && !before) this.field("end_at").value = back;
    if (!isStart && before === back) this.field("end_at").value = "";
  }

  /** @param {string} end */
  to(end) {
    this.field("end_at").value = end;
    this.press();
  }

  /**
   * @param {string} day
   * @param {string} begin
   */
  choose(day, begin) {
    this.field("date").value = day;
    if (!this.isTimed) this.field("start").value = begin;
    this.last(this.lasts);
  }

  press() {
    const [start, end] = [this.field("start").value, this.field("end").value];
    if (this.lengthMin > 0) this.lasts = this.lengthMin;
    const chosen = { span: `${start}-${end}`, day: this.field("date").value, start: this.field("start_at").value, back: this.field("end_at").value };
    for (const kind of /** @type {const} */ (["span", "day", "start", "back"])) {
      for (const button of findAll(this.form, `button[data-${kind}]`)) {
        const isItsDay = !button.dataset.on || button.dataset.on === chosen.day;
        button.setAttribute("aria-pressed", String(isItsDay && button.dataset[kind] === chosen[kind]));
      }
    }
  }

  /** Ask for the position once; it goes into the plan's address, and that is said.
   * @param {string} name
   */
  fromPhone(name) {
    const failed = () => tell(planWord("planmap.js_no_position"));
    if (!navigator.geolocation) {
      failed();
      return;
    }
    navigator.geolocation.getCurrentPosition(({ coords: { longitude: lon, latitude: lat } }) => {
      const [west, south, east, north] = atlas.extent;
      if (lon < west || lon > east || lat < south || lat > north) return tell(planWord("planmap.js_outside"));
      this.set(name, lon, lat, planWord("planmap.js_here"));
      return tell(planWord("planmap.js_here_set"));
    }, failed, { enableHighAccuracy: true, timeout: 15_000 });
  }

  /** Wait for a tap on the map; a button or Escape gives it up.
   * @param {string} name
   */
  fromMap(name) {
    this.giveUp?.();
    if (!this.host) return; // then its button is hidden
    const { map, sheet } = this.host;
    const cancel = button(planWord("planmap.js_cancel"), () => end(null));
    const bar = element("div", "pick-bar", element("span", "", planWord("planmap.js_tap_map")), cancel);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", planWord("planmap.js_tap_map"));
    const end = (/** @type {L.LatLng | null} */ latlng) => {
      map.off("click", pick);
      bar.remove();
      map.getContainer().classList.remove("picks-point");
      sheet?.to("full");
      this.giveUp = null;
      if (latlng) this.set(name, latlng.lng, latlng.lat, planWord("planmap.js_point"));
      else find(this.form, `[data-point="${name}"]`).focus();
      if (latlng) tell(planWord("planmap.js_point_set"));
    };
    const pick = (/** @type {L.LeafletMouseEvent} */ { latlng }) => end(latlng);
    this.giveUp = () => end(null);
    map.on("click", pick);
    map.getContainer().classList.add("picks-point");
    map.getContainer().parentElement?.append(bar);
    sheet?.to("low");
    cancel.focus();
  }

  /**
   * @param {string} name
   * @param {number} lon
   * @param {number} lat
   * @param {string} words
   */
  set(name, lon, lat, words) {
    const select = this.field(name);
    this.addPoint(select, `${lon.toFixed(5)},${lat.toFixed(5)}`, words);
    this.showElse(true);
    if (name === "start_at") this.comeBack(true, this.field("end_at").value);
    this.press();
    select.focus();
  }

  /** Put a point into a list of places, in the stead of one that was put there before, and choose it.
   * @param {HTMLElement} select
   * @param {string} value
   * @param {string} words
   */
  addPoint(select, value, words) {
    select.querySelector("[data-own]")?.remove();
    const option = element("option", "", words);
    Object.assign(option, { value, selected: true });
    option.dataset.own = "";
    select.append(option);
  }
}

/** Show and send how much a theme interests: 0 not, 1 yes, 2 very.
 * @param {HTMLInputElement} input
 * @param {number} weight
 */
function weigh(input, weight) {
  const theme = /** @type {string} */ (input.dataset.theme);
  input.dataset.weight = String(weight);
  input.checked = weight > 0;
  input.value = weight > 1 ? `${theme}:${weight}` : theme;
  const label = input.closest("label");
  label?.querySelector(".weight")?.remove();
  if (weight > 1) label?.append(element("span", "weight hidden-visually", planWord("planmap.js_weight_2")));
}
