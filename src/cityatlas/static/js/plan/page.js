// Keep the planner's page and its map in step: each change is an address, fetched and put in place.

import { button, byId, element, find, findAll, targetOf, tell } from "../shared/dom.js";
import { addressOf, changed, restOf, settled, withId, withoutId, withPair } from "./address.js";
import { addFromCards } from "./card.js";
import { PlanDrawing, titleOf } from "./draw.js";
import { Busy, Planner, Replaced, Stopped } from "./fetch.js";
import { WishForm } from "./form.js";
import { MyPlans } from "./my_plans.js";
import { crossedBy, reorder } from "./order.js";
import { Walk } from "./walk.js";
import { clock, planWord } from "./words.js";

const LIVE = ["plan-fault", "plan-ask", "plan-day", "plan-more"]; // what the server writes anew for each wish
const LEAST_PX = 480; // in less height a sheet that is half open shows nothing
const NAMED = 3; // places of a plan that is kept, in its name
const OWN_CONTROLS = "a, button, input, select, summary, label";
/** @param {string} address */
const bare = (address) => address.split("#")[0];

/** Return the day that a page tells, or null.
 * @param {Document} page
 * @returns {PlanDay | null}
 */
function dayOf(page) {
  const node = page.getElementById("plan-drawn");
  return node ? /** @type {PlanDay} */ (JSON.parse(node.textContent ?? "")) : null;
}

/** Return the names of the stops of a day that are not in the one that a page tells.
 * @param {Document} page
 * @param {PlanDay} day
 */
function lostIn(page, day) {
  const ids = (dayOf(page)?.stops ?? []).map(({ id }) => id);
  return day.stops.filter(({ id }) => !ids.includes(id)).map(({ name }) => name);
}

export class PlanPage {
  /** @param {import("../map/atlas_map.js").AtlasMap | undefined} host */
  constructor(host) {
    this.host = host;
    this.root = byId("browse");
    this.scroller = byId("panel-scroll");
    this.plans = new MyPlans(byId("my-plans"));
    this.planner = new Planner(byId("plan-progress"));
    this.drawing = host ? new PlanDrawing(host.map, (key) => this.choose(key, "map")) : null;
    this.shown = bare(location.href);
    /** @type {PlanDay | null} */
    this.day = null;
    this.form = new WishForm(this.root, host);
    this.walk = new Walk(byId("plan-walk"), {
      choose: (key) => this.choose(key, "walk"),
      drop: (stop) => this.go(this.without(stop)),
      dropAddress: (stop) => this.without(stop),
    });
    this.walk.onMove = (position, goal) => this.drawing?.standAt(position, goal);
    this.moved = ""; // the stop that the visitor has just put elsewhere
    this.depth = history.state?.depth ?? 0;
    history.replaceState({ depth: this.depth }, "");
    this.listen();
    if (!host) this.read();
  }

  /** Draw the first day, now that the map has its place. */
  begin() {
    if (this.host) this.host.take = (id, found) => this.take(id, found);
    if (innerHeight < LEAST_PX) this.unfold();
    this.host?.map.invalidateSize({ pan: false });
    this.read();
  }

  listen() {
    addEventListener("popstate", (event) => this.back(event));
    this.root.addEventListener("click", (event) => this.clicked(event));
    this.root.addEventListener("submit", (event) => this.submitted(event));
    this.root.addEventListener("change", (event) => {
      /** @type {HTMLInputElement} */
      const target = targetOf(event);
      const id = target.dataset.beginAt;
      if (id && target.value) this.go(changed(this.wish, { begin_at: withPair(this.wish, "begin_at", id, target.value) }));
    });
    addFromCards(byId("card-place"), (id) => this.add(id));
    reorder(this.root, this.scroller, (ids, id) => {
      this.moved = id;
      const wish = settled(this.shown, ids, crossedBy(id, this.ids, ids));
      this.go(changed(wish, { order: ids.join(","), must: withId(wish, "must", id) }));
    });
  }

  /** Return the ids of the stops of the day that is shown, in their order. */
  get ids() {
    return this.day ? this.day.stops.map(({ id }) => id) : [];
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = targetOf(event);
    const above = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (target.closest(selector));
    const link = /** @type {HTMLAnchorElement | null} */ (above("a[data-change], a[data-replan]"));
    if (["earlier", "later"].includes(link?.dataset.change ?? "")) this.moved = above(".row")?.dataset.id ?? "";
    const shown = above("[data-show]")?.dataset.show ?? (above(OWN_CONTROLS) ? "" : above("[data-key]")?.dataset.key);
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.go(link.href);
    } else if (shown) {
      event.preventDefault();
      this.choose(shown, "list");
    } else if (above("[data-wish]")) {
      event.preventDefault();
      this.openWish();
    } else if (above("[data-undo]")) history.back();
    else if (this.day && above("[data-start-walk]")) this.walk.open(this.day);
    else if (this.day && above("[data-keep-plan]")) this.plans.keep(this.named(this.day));
  }

  /** Lead from the day to the form that it was made from, which is folded at its end. */
  openWish() {
    /** @type {HTMLDetailsElement} */
    const wish = byId("wish");
    wish.open = true;
    wish.scrollIntoView();
    /** @type {HTMLElement} */
    const summary = find(wish, "summary");
    summary.focus({ preventScroll: true });
  }

  /** Return the plan that is shown as it is kept: named by its first places.
   * @param {PlanDay} day
   */
  named(day) {
    const names = day.stops.slice(0, NAMED).map(({ name }) => name).join(planWord("planmap.js_comma"));
    return { name: day.stops.length > NAMED ? `${names}…` : names, day: day.day, query: new URL(this.shown).search.slice(1) };
  }

  /** @param {Event} event */
  submitted(event) {
    /** @type {HTMLFormElement} */
    const form = targetOf(event);
    if (form.id !== "plan-form") return;
    event.preventDefault();
    this.go(addressOf(form), { isWhole: true });
  }

  /** Return the address of the day that is shown, as one changes it by hand; before there is one, the form's. */
  get wish() {
    return this.day ? settled(this.shown, this.ids) : addressOf(this.form.form);
  }

  /** Return the address of what is left of the day without a stop: from now, from where one was last.
   * @param {PlanStop} stop
   */
  without(stop) {
    const { done, startS } = this.walk.progress();
    const gone = [...done, stop].map(({ id }) => id);
    const order = this.ids.filter((id) => !gone.includes(id)).join(",");
    /** @type {Record<string, string>} */
    const from = done.length ? { start_at: done[done.length - 1].place } : {};
    return restOf(this.wish, gone, { order, start: clock(startS), ...from });
  }

  /** Take in what the search found; what nobody visits, as a stop, has its card opened.
   * @param {string} id
   * @param {Found} found
   */
  take(id, found) {
    if (!document.getElementsByName(`place.${id}`).length) return void this.host?.choose(id, found);
    /** @type {HTMLInputElement} */ (find(byId("plan-add"), "input")).value = "";
    return void this.add(id);
  }

  /** Take a place into the day that is planned, or into the wish that the form holds; first say what that costs.
   * @param {string} id
   */
  async add(id) {
    const { wish, day } = this;
    const address = changed(wish, { must: withId(wish, "must", id), not: withoutId(wish, "not", id) });
    if (this.host?.store.state.site) this.host.close();
    const page = day && (await this.planner.ask(address).catch(() => null)); // what fails is told by the next question
    const lost = page ? lostIn(page, day) : [];
    if (!day || !page || !lost.length) return void this.go(address, { isWhole: !day });
    byId("plan-fault").replaceChildren(this.cost(page, address, lost));
    this.drawing?.fit(day); // the map may have gone to the place
  }

  /** Return what is asked before a place is added for which others have to go: whether to, or what would save them.
   * @param {Document} page
   * @param {string} address
   * @param {string[]} lost
   */
  cost(page, address, lost) {
    const names = lost.join(planWord("planmap.js_comma"));
    const fits = page.querySelector(".row.visit");
    const close = () => { byId("plan-fault").replaceChildren(); byId("plan-day").focus(); };
    const box = element("div", "warning plan-cost", element("p", "", planWord(fits ? "planmap.js_cost" : "planmap.js_cost_all", { names })));
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", planWord("planmap.js_cost_title"));
    /** @type {HTMLAnchorElement | null} */
    const saver = page.querySelector(".changes a[data-replan]");
    const choices = element("p", "buttons", button(planWord(fits ? "planmap.js_cost_add" : "planmap.js_cost_see"), () => this.go(address)), button(planWord("planmap.js_cost_leave"), close));
    if (saver) choices.prepend(document.importNode(saver, true));
    for (const choice of choices.children) choice.classList.add("button");
    box.append(choices);
    box.tabIndex = -1;
    requestAnimationFrame(() => box.focus());
    return box;
  }

  /** @param {PopStateEvent} event */
  async back({ state }) {
    if (bare(location.href) === this.shown) return; // only the part behind # changed
    if (await this.go(bare(location.href), { isHistory: true })) this.depth = state?.depth ?? 0;
    if (!this.day && state?.form) this.form.fill(state.form); // going back empties nothing
    this.showUndo();
  }

  /** Plan what an address asks for and show it; when that fails, say so and keep what is there.
   * @param {string} address
   */
  async go(address, { isHistory = false, isWhole = false } = {}) {
    try {
      const page = await this.planner.ask(address);
      const fault = page.getElementById("fault");
      if (fault && !isHistory) return this.refused(page);
      this.show(page, bare(address), { isHistory, isWhole });
      return true;
    } catch (error) {
      if (error instanceof Replaced) return false;
      tell(planWord(error instanceof Stopped ? "planmap.js_stopped" : error instanceof Busy ? "planmap.js_busy" : "planmap.js_offline"));
      this.moved = "";
      if (isHistory) history.pushState({ depth: this.depth }, "", this.shown);
      return false;
    }
  }

  /** @param {Document} page */
  refused(page) {
    this.put(page, "plan-fault");
    const fault = byId("fault");
    this.form.blame((fault.dataset.wrong ?? "").split(" "));
    if (this.host?.sheet?.size === "low") this.unfold();
    fault.focus();
    return false;
  }

  /**
   * @param {Document} page
   * @param {string} address
   * @param {{isHistory: boolean, isWhole: boolean}} how
   */
  show(page, address, { isHistory, isWhole }) {
    const before = this.day;
    const kept = this.keepPlace();
    if (!isHistory && !before) history.replaceState({ ...history.state, depth: this.depth, form: this.form.said() }, "");
    for (const id of LIVE) this.put(page, id);
    byId("paper-map").replaceChildren(...document.importNode(find(page, "#picture"), true).children);
    for (const link of findAll(document, ".languages a")) {
      const other = page.querySelector(`.languages a[data-lang="${link.dataset.lang}"]`);
      if (other) link.setAttribute("href", other.getAttribute("href") ?? "");
    }
    this.shown = address;
    if (!isHistory) {
      this.depth += 1;
      history.pushState({ depth: this.depth }, "", address);
    }
    if (page.title) document.title = page.title; // what a bookmark and the list of pages call the day
    this.form.dress();
    this.read();
    this.walk.goOn(this.day);
    this.restorePlace(kept, isWhole);
    this.tellChange(before);
  }

  /**
   * @param {Document} page
   * @param {string} id
   */
  put(page, id) {
    byId(id).replaceChildren(...document.importNode(find(page, `#${id}`), true).childNodes);
  }

  /** Read the day that the page tells, and draw it. */
  read() {
    this.day = dayOf(document);
    byId("plan-add").hidden = !this.ids.length;
    this.plans.show(!this.day);
    this.drawing?.show(this.ids.length ? this.day : null);
    this.showUndo();
  }

  showUndo() {
    /** @type {HTMLElement | null} */
    const undo = this.root.querySelector("[data-undo]");
    if (undo) undo.hidden = !this.depth;
  }

  /** Open the sheet so far that the day can be read beside the map, or, where there is no room for both, instead. */
  unfold() {
    this.host?.sheet?.to(innerHeight < LEAST_PX ? "full" : "half");
  }

  keepPlace() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    /** @type {HTMLElement | null | undefined} */
    const row = focused?.closest("#plan-day .row");
    return {
      open: findAll(this.root, "details[open][id]").map(({ id }) => id),
      id: row?.dataset.id,
      control: focused?.matches(".grip") ? ".grip" : `[data-change="${focused?.dataset.change ?? ""}"]`,
      hadFocus: Boolean(focused?.closest("#plan-day, #plan-more")),
      scrollTop: this.scroller.scrollTop,
      top: row?.getBoundingClientRect().top ?? 0,
    };
  }

  /** Leave the visitor where they were: what was open is open, what had the focus has it.
   * @param {ReturnType<PlanPage["keepPlace"]>} kept
   * @param {boolean} isWhole
   */
  restorePlace({ open, id, control, hadFocus, scrollTop, top }, isWhole) {
    for (const name of open) if (!(isWhole && name === "wish")) document.getElementById(name)?.setAttribute("open", "");
    if (isWhole) {
      this.scroller.scrollTop = 0;
      this.unfold();
      this.host?.map.invalidateSize({ pan: false });
      if (this.day && this.ids.length) this.drawing?.fit(this.day);
      byId("plan-day").focus({ preventScroll: true });
      return;
    }
    this.scroller.scrollTop = scrollTop;
    const row = id ? this.root.querySelector(`.row[data-id="${CSS.escape(id)}"]`) : null;
    if (row) this.scroller.scrollTop += row.getBoundingClientRect().top - top;
    const found = row?.querySelector(control) ?? row?.querySelector(".stop-number") ?? (hadFocus ? byId("plan-day") : null);
    /** @type {HTMLElement | null} */ (found)?.focus({ preventScroll: true });
  }

  /** Say what the new day is, and which places came or went.
   * @param {PlanDay | null} before
   */
  tellChange(before) {
    const { day } = this;
    if (!day) return;
    const said = [];
    const index = this.ids.indexOf(this.moved);
    const was = before?.stops.findIndex(({ id }) => id === this.moved);
    if (index >= 0 && index !== was) said.push(planWord("planmap.js_moved", { name: day.stops[index].name, n: index + 1 }));
    this.moved = "";
    /** @type {(of: PlanDay, without: PlanDay) => string} */
    const names = (of, without) => of.stops.filter(({ id }) => !without.stops.some((other) => other.id === id)).map(({ name }) => name).join(planWord("planmap.js_comma"));
    if (!day.stops.length) said.push(planWord("planmap.js_none"));
    else said.push(planWord(day.stops.length > 1 ? "planmap.js_done" : "planmap.js_done_one", { n: day.stops.length, time: clock(day.end_s) }));
    if (before && day.stops.length) {
      const [lost, gained] = [names(before, day), names(day, before)];
      if (lost) said.push(planWord("planmap.js_lost", { names: lost }));
      if (gained) said.push(planWord("planmap.js_gained", { names: gained }));
    }
    tell(said.join(" "));
  }

  /** Let a stop or a way stand out, in the list and on the map.
   * @param {string} key
   * @param {string} origin
   */
  choose(key, origin) {
    for (const row of findAll(this.root, "[data-key]")) {
      if (row.dataset.key === key) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    this.drawing?.mark(key);
    byId("plan-said").textContent = this.day ? titleOf(this.day, key) : "";
    if (origin !== "map") return;
    if (this.host?.sheet?.size === "low") this.unfold();
    this.root.querySelector(`[data-key="${key}"]`)?.scrollIntoView({ block: "nearest" });
  }
}
