// Join the stops of a tour route along the network, and tell the length and time of each leg while one edits.

import { button, element, fieldOf, findAll, targetOf } from "../shared/dom.js";
import { addresses, editWord } from "./words.js";

const PAUSE_MS = 500;
const LEAST_LETTERS = 1;

/**
 * @typedef {object} Measured
 * @property {string} [fault]
 * @property {{from: string, to: string, mode: string, told: string}[]} [legs]
 * @property {string} [total]
 * @property {boolean} [is_joined]
 * @property {Drawable | null} [geometry]
 * @property {string} [broken]
 */

class Route {
  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} box
   */
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.isJoined = this.isWriting = false;
    this.waiting = this.asked = 0;
    this.join = button(editWord("editmap.js_route_join"), () => this.ask(true));
    this.legs = element("ol", "route-legs");
    this.legs.setAttribute("aria-label", editWord("editmap.js_route_legs"));
    this.total = element("p", "route-total");
    this.total.setAttribute("role", "status");
    this.hint = element("p", "soft small");
    this.broken = element("p", "place-notice");
    this.broken.setAttribute("role", "status");
    box.after(element("div", "route-measure", this.join, this.legs, this.total, this.hint, this.broken));
    this.stops = this.said();
    for (const kind of ["input", "change", "filled"]) form.addEventListener(kind, (event) => this.changed(targetOf(event)));
    this.ask(false);
  }

  /** Return the stops and how one gets on from each, as a text that is compared and sent. */
  said() {
    const fields = new URLSearchParams();
    /** @type {HTMLInputElement[]} */
    const stops = findAll(this.box, "[name$='.id']");
    for (const stop of stops) {
      const mode = fieldOf(this.form, stop.name.replace(/id$/, "mode"));
      if (stop.value.trim()) fields.append("stop", stop.value);
      if (stop.value.trim()) fields.append("mode", mode?.value ?? "");
    }
    return fields.toString();
  }

  /** @param {HTMLElement & {name?: string}} target */
  changed(target) {
    const isOfRoute = target === this.box || /^(geometry$|stops\.|sailings\.)/.test(target.name ?? "");
    if (!isOfRoute || this.isWriting) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const isMoved = this.said() !== this.stops;
      this.stops = this.said();
      this.ask(isMoved && this.isJoined);
    }, PAUSE_MS);
  }

  /** @param {boolean} isJoining */
  async ask(isJoining) {
    clearTimeout(this.waiting);
    const number = this.asked += 1;
    const body = new URLSearchParams(this.said());
    body.append("feature", this.form.dataset.feature ?? "");
    body.append("times", this.times());
    body.append("geometry", this.geometry.value);
    if (isJoining) body.append("join", "yes");
    const headers = { Accept: "application/json", "X-CSRF-Token": fieldOf(this.form, "csrf").value };
    try {
      const answer = await fetch(addresses.route, { method: "POST", body, headers });
      const isLate = number !== this.asked && !isJoining; // something newer was asked meanwhile
      if (!isLate && (answer.ok || answer.status === 422)) this.show(await answer.json(), isJoining);
    } catch { /* without a network nothing is reckoned; what is typed is kept elsewhere */ }
  }

  /** Choose the way on from each stop by which the line was joined, where nobody chose one.
   * @param {string[]} modes
   */
  choose(modes) {
    /** @type {HTMLInputElement[]} */
    const stops = findAll(this.box, "[name$='.id']");
    stops.filter(({ value }) => value.trim()).forEach((stop, number) => {
      const mode = fieldOf(this.form, stop.name.replace(/id$/, "mode"));
      if (mode && !mode.value && modes[number]) mode.value = modes[number];
    });
    this.stops = this.said();
  }

  /** Return the runs of the first timetable that goes the way of the stops. */
  times() {
    /** @type {HTMLInputElement[]} */
    const runs = findAll(this.form, "[name^='sailings.'][name$='.times']");
    /** @type {(field: HTMLInputElement) => boolean} */
    const isBack = ({ name }) => fieldOf(this.form, name.replace(/times$/, "is_back"))?.value === "yes";
    return runs.find((field) => !isBack(field))?.value ?? "";
  }

  get geometry() {
    return fieldOf(this.form, "geometry");
  }

  /**
   * @param {Measured} measured
   * @param {boolean} isJoining
   */
  show({ fault = "", legs = [], total = "", is_joined: isJoined = false, geometry = null, broken = "" }, isJoining) {
    this.isJoined = isJoined;
    const told = legs.map(({ from, to, told: words }) => element("li", "", element("span", "", `${from} → ${to}`), " ", element("span", "soft", words)));
    this.legs.replaceChildren(...told);
    this.legs.hidden = !told.length;
    this.total.textContent = fault || total;
    this.hint.textContent = fault ? "" : editWord(isJoined ? "editmap.js_route_joined" : "editmap.js_route_drawn");
    this.broken.textContent = broken;
    this.broken.hidden = !broken;
    if (!geometry) return;
    this.isWriting = true;
    this.choose(legs.map(({ mode }) => mode));
    this.geometry.value = JSON.stringify(geometry);
    this.geometry.dispatchEvent(new Event("change", { bubbles: true }));
    this.isWriting = false;
    if (isJoining) this.total.textContent = `${editWord("editmap.js_route_done")} ${total}`;
  }
}

/** Offer what the city's search finds, pinyin and initials too: a browser's own list knows the written names alone.
 * @param {HTMLInputElement} field
 */
async function suggest(field) {
  const query = field.value.trim();
  if (query.length < LEAST_LETTERS) return;
  try {
    const answer = await fetch(`${addresses.search}?${new URLSearchParams({ q: query })}`);
    const { results } = /** @type {{results: Found[]}} */ (await answer.json());
    if (field.value.trim() !== query) return;
    if (field.list) field.list.replaceChildren(...results.map(({ name }) => {
      const option = element("option");
      Object.assign(option, { value: name, label: `${name} (${query})` }); // shown where it holds what is typed
      return option;
    }));
  } catch { /* then the names that came with the page are offered */ }
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
/** @type {HTMLElement | null | undefined} */
const box = form?.querySelector("[data-list=stops]");
if (form && box && addresses.route) {
  new Route(form, box);
  let waiting = 0;
  box.addEventListener("input", (event) => {
    /** @type {HTMLInputElement} */
    const target = targetOf(event);
    clearTimeout(waiting);
    if (target.list) waiting = setTimeout(() => suggest(target), PAUSE_MS / 2);
  });
}
