// Walk along a plan: the next stop, how far, whether one is late. The position is never sent anywhere.

import { element, find, targetOf } from "../shared/dom.js";
import { atlas } from "../shared/page_data.js";
import { crowM } from "../shared/distance.js";
import { compass, leftM } from "./geo.js";
import { about, clock, dayWords, lasting, planWord, rideWords } from "./words.js";

const THERE_M = 40; // this near one has arrived; a phone that knows less of itself may be up to 100 m off
const LEAST_SURE_M = 100;
const GONE_M = 80; // this far from the stop, and from where one arrived, one has gone on
const WAIT_MS = 30_000; // for a first position
const TICK_MS = 15_000;
const MINUTE_S = 60;
const START_S = 300; // a day that is planned anew starts at a multiple of this
export const SHORTEST_S = 1200; // a shorter rest of the day is not planned (tests/data/limits.json)

/** Return the city's date and second of the day, whatever the phone's own zone. */
function cityNow() {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: atlas.timezone, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" }).formatToParts(new Date());
  const of = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? "";
  return { day: `${of("year")}-${of("month")}-${of("day")}`, s: Number(of("hour")) * 3600 + Number(of("minute")) * 60 + Number(of("second")) };
}

// As compass() counts them: from north by the east.
const WAYS = ["planmap.js_way_0", "planmap.js_way_1", "planmap.js_way_2", "planmap.js_way_3", "planmap.js_way_4", "planmap.js_way_5", "planmap.js_way_6", "planmap.js_way_7"];
/** @type {Record<string, string>} */
const LATE = { on_time: "planmap.js_on_time", late_fine: "planmap.js_late_fine", late: "planmap.js_late" };
/** @param {number} seconds */
const minutes = (seconds) => Math.max(1, Math.round(seconds / MINUTE_S));

/**
 * What a walk asks of the planner's page.
 * @typedef {object} Acts
 * @property {(key: string) => void} choose
 * @property {(stop: PlanStop) => void} drop
 * @property {(stop: PlanStop) => string} dropAddress
 */

export class Walk {
  /** `choose(key)` lets a part of the day stand out, `drop(stop)` plans without a stop, `dropAddress` is where.
   * @param {HTMLElement} section
   * @param {Acts} acts
   */
  constructor(section, { choose, drop, dropAddress }) {
    this.section = section;
    this.choose = choose;
    this.drop = drop;
    this.dropAddress = dropAddress;
    this.step = 0;
    this.day = /** @type {PlanDay} */ (/** @type {unknown} */ (null)); // until `open`
    /** @type {LonLat | null} */
    this.position = null;
    /** @type {LonLat | null} */
    this.arrivedAt = null;
    this.note = this.spoken = "";
    this.watch = this.ticking = 0;
    /** @type {((position: LonLat | null, goal?: LonLat | null) => void) | undefined} */
    this.onMove = undefined;
    this.part = (/** @type {string} */ name) => find(section, name);
    section.addEventListener("click", (event) => {
      const act = targetOf(event).closest("[data-walk]")?.getAttribute("data-walk");
      if (act === "on") this.to(this.step + 1);
      if (act === "back") this.to(this.step - 1);
      if (act === "locate") this.locate();
      if (act === "close") this.close({ isAsked: true });
    });
  }

  /** Begin with the first stop; the day is the one that is shown.
   * @param {PlanDay} day
   */
  open(day) {
    this.day = day;
    this.section.hidden = false;
    document.body.classList.add("walks");
    this.ticking = setInterval(() => this.tell(), TICK_MS);
    navigator.wakeLock?.request("screen").then((lock) => { this.lock = lock; }, () => {});
    this.to(0);
    this.part("h2").focus();
  }

  /** Return the stops that one has been to, and when the rest could start: in the next five minutes. */
  progress() {
    return { done: this.day.stops.slice(0, Math.ceil(this.step / 2)), startS: Math.ceil(cityNow().s / START_S) * START_S };
  }

  /** Go on with a day that was planned anew, with the first stop that is not behind one.
   * @param {PlanDay | null} day
   */
  goOn(day) {
    if (this.section.hidden) return;
    if (!day?.stops.length) {
      this.close();
      return;
    }
    const done = this.progress().done.map(({ id }) => id);
    const next = day.stops.findIndex(({ id }) => !done.includes(id));
    this.day = day;
    this.to(2 * (next < 0 ? day.stops.length : next));
  }

  close({ isAsked = false } = {}) {
    this.section.hidden = true;
    document.body.classList.remove("walks");
    clearInterval(this.ticking);
    navigator.geolocation?.clearWatch(this.watch);
    /** @type {HTMLElement | null} */
    const starter = document.querySelector("[data-start-walk]");
    if (isAsked) starter?.focus();
    this.lock?.release();
    this.position = null;
    this.note = "";
    this.part("[data-walk=locate]").hidden = false;
    this.onMove?.(null);
  }

  /** Ask for the position; a refusal leaves the taps. */
  locate() {
    const button = this.part("[data-walk=locate]");
    if (document.activeElement === button) this.part("h2").focus();
    button.hidden = true;
    this.say(planWord("planmap.js_locating"));
    const failed = ({ code = 0 } = {}) => {
      if (this.position && code !== 1) return; // lost for a while, as in a tunnel
      navigator.geolocation?.clearWatch(this.watch);
      button.hidden = false;
      this.say(planWord("planmap.js_denied"));
    };
    if (!navigator.geolocation) {
      failed();
      return;
    }
    this.watch = navigator.geolocation.watchPosition(({ coords }) => this.moved([coords.longitude, coords.latitude], coords.accuracy), failed, { enableHighAccuracy: true, maximumAge: 5000, timeout: WAIT_MS });
  }

  /**
   * @param {LonLat} position
   * @param {number} sureM
   */
  moved(position, sureM) {
    this.position = position;
    this.note = "";
    this.arrivedAt ??= this.isThere() ? position : null;
    const goal = this.goal();
    this.onMove?.(position, goal);
    const isAtBoat = goal && goal === this.day.legs[Math.floor(this.step / 2)]?.ride?.at;
    const thereM = Math.max(THERE_M, Math.min(sureM, LEAST_SURE_M));
    if (this.isThere() ? this.hasGone(position) : goal && !isAtBoat && crowM(position, goal) <= thereM) this.to(this.step + 1);
    else this.tell();
  }

  /** Return whether one has left the stop; its position may be schematic, and so where one arrived counts as well.
   * @param {LonLat} position
   */
  hasGone(position) {
    if (this.day.stops[Math.floor(this.step / 2)]?.boat) return false; // the boat moves, and comes back
    return [this.goal(), this.arrivedAt].every((place) => place && crowM(position, place) > GONE_M);
  }

  /** Even steps go to a stop (the last to the end), odd ones are at it. */
  isThere() {
    return this.step % 2 === 1;
  }

  /** @returns {LonLat | null} */
  goal() {
    const { day, step } = this;
    const number = Math.floor(step / 2);
    const ride = day.legs[number]?.ride;
    if (ride && !this.isThere() && cityNow().s < ride.begin_s) return ride.at; // first to the boat
    const stop = day.stops[number];
    return stop ? [stop.lon, stop.lat] : day.end;
  }

  /** @param {number} step */
  to(step) {
    const last = this.day.stops.length * 2 + (this.day.end ? 1 : 0);
    this.step = Math.max(0, Math.min(last, step));
    this.arrivedAt = this.isThere() ? this.position : null;
    const number = Math.floor(this.step / 2) + 1;
    this.choose(this.isThere() || !this.day.legs[number - 1] ? `stop-${number}` : `leg-${number}`);
    if (this.position) this.onMove?.(this.position, this.goal());
    this.tell();
  }

  /** @param {string} note */
  say(note) {
    this.note = note;
    this.tell();
  }

  tell() {
    const number = Math.floor(this.step / 2) + 1;
    const stop = this.day.stops[number - 1];
    const isOver = !stop && (this.isThere() || !this.day.end);
    const values = { n: number, name: stop?.name ?? "" };
    this.part("h2").textContent = isOver ? planWord("planmap.js_over") : this.isThere() ? planWord("planmap.js_being", values)
      : stop ? planWord("planmap.js_going", values) : planWord("planmap.js_going_end");
    const lines = isOver ? [] : this.isThere() ? this.stayWords(number) : this.wayWords(number, stop);
    const now = cityNow();
    if (!isOver && now.day !== this.day.day) lines.push(planWord("planmap.js_other_day", { day: dayWords(this.day.day) }));
    if (this.note) lines.push(this.note);
    this.part(".walk-told").replaceChildren(...lines.map((line) => element("p", "", line)));
    const state = this.warn(isOver || now.day !== this.day.day ? null : this.lateness(number, stop, now.s));
    this.speak([this.part("h2").textContent, state, this.note].join("|"));
    const [on, back] = /** @type {HTMLButtonElement[]} */ ([this.part("[data-walk=on]"), this.part("[data-walk=back]")]);
    on.textContent = planWord(this.isThere() ? "planmap.js_leave" : "planmap.js_arrived");
    const isLost = (isOver && document.activeElement === on) || (this.step === 0 && document.activeElement === back);
    on.hidden = isOver;
    back.disabled = this.step === 0;
    if (isLost) this.part("h2").focus();
  }

  /** Let a screen reader say where one is, but only when the step, being late or a note is another one.
   * @param {string} key
   */
  speak(key) {
    if (key === this.spoken) return;
    this.spoken = key;
    this.part(".walk-said").textContent = [this.part("h2"), this.part(".walk-late")].map((part) => part.textContent).concat(this.note).join(" ");
  }

  /** @param {number} number */
  stayWords(number) {
    const leg = this.day.legs[number];
    const leaveS = leg?.begin_s ?? this.day.stops[number - 1].leave_s;
    const inS = leaveS - cityNow().s;
    if (cityNow().day !== this.day.day) return [];
    if (inS > 0) return [planWord("planmap.js_leave_in", { n: minutes(inS), time: clock(leaveS) })];
    return [planWord("planmap.js_leave_now", { time: clock(leaveS) })];
  }

  /**
   * @param {number} number
   * @param {PlanStop | undefined} stop
   */
  wayWords(number, stop) {
    const lines = [];
    const goal = this.goal();
    if (this.position && goal) {
      const way = planWord(WAYS[compass(this.position, goal)]);
      lines.push(planWord("planmap.js_crow", { length: about(crowM(this.position, goal)), way }));
    }
    const ride = this.day.legs[number - 1]?.ride;
    if (ride) lines.push(rideWords(ride));
    const estimate = this.day.legs[number - 1]?.estimate;
    if (estimate) lines.push(estimate.words);
    const { m, s } = this.left(number);
    if (m) lines.push(planWord("planmap.js_left", { length: about(m), min: minutes(s) }));
    if (stop?.is_about) lines.push(planWord("planmap.js_about"));
    return lines;
  }

  /** Return what is left of a way: metres, and seconds at the plan's pace.
   * @param {number} number
   */
  left(number) {
    const leg = this.day.legs[number - 1];
    if (!leg || !leg.length_m || leg.ride || leg.estimate) return { m: 0, s: 0 }; // a boat leaves when it leaves, a ride takes what it takes
    const m = this.position ? leftM(this.position, leg.line) : leg.length_m;
    return { m, s: (m * (leg.end_s - leg.begin_s)) / leg.length_m };
  }

  /** Return how many seconds late one will be, and how many are to spare; without a position, by when one left.
   * @param {number} number
   * @param {PlanStop | undefined} stop
   * @param {number} nowS
   */
  lateness(number, stop, nowS) {
    if (!stop || this.isThere()) return null;
    const leg = this.day.legs[number - 1];
    const isUnderWay = (this.position && !leg?.ride && !leg?.estimate) || !leg;
    const atS = isUnderWay || !leg ? nowS + this.left(number).s : Math.max(nowS, leg.end_s);
    return { lateS: atS - stop.begin_s, slackS: stop.slack_s, beginS: stop.begin_s };
  }

  /** Tell whether one is late, and return that as one word.
   * @param {{lateS: number, slackS: number, beginS: number} | null} late
   */
  warn(late) {
    const place = this.part(".walk-late");
    const state = !late ? "" : late.lateS < MINUTE_S ? "on_time" : late.lateS <= late.slackS ? "late_fine" : "late";
    place.classList.toggle("behind", state === "late");
    const time = late && (state === "on_time" ? clock(late.beginS) : lasting(minutes(late.lateS)));
    /** @type {ChildNode} */ (place.firstChild).textContent = state ? `${planWord(LATE[state], { time })} ` : "";
    this.offer(state === "late" ? this.spare() : null);
    return state;
  }

  /** Return the last stop ahead that is no must, or null where the rest of the day is too short to plan it anew. */
  spare() {
    const ahead = this.day.stops.slice(Math.floor(this.step / 2)).filter((stop) => !stop.is_must);
    return this.day.end_s - this.progress().startS < SHORTEST_S ? null : ahead[ahead.length - 1];
  }

  /** Offer to leave out a stop; the link stays the same one, since it may have the focus.
   * @param {PlanStop | null | undefined} stop
   */
  offer(stop) {
    const link = /** @type {HTMLAnchorElement} */ (this.part(".walk-late a"));
    link.hidden = !stop;
    if (!stop) return;
    link.textContent = planWord("planmap.js_drop", { name: stop.name });
    link.href = this.dropAddress(stop);
    link.onclick = (event) => { event.preventDefault(); this.drop(stop); };
  }
}
