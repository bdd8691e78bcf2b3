// Walk along a plan: the next stop, how far, whether one is late. The position is never sent anywhere.

import { element } from "../shared/dom.js";
import { atlas } from "../shared/page_data.js";
import { compass, crowM, leftM } from "./geo.js";
import { about, clock, dayWords, lasting, planWord } from "./words.js";

const THERE_M = 40; // this near one has arrived; a phone that knows less of itself may be up to 100 m off
const LEAST_SURE_M = 100;
const GONE_M = 80; // this far from the stop, and from where one arrived, one has gone on
const WAIT_MS = 30_000; // for a first position
const TICK_MS = 15_000;
const MINUTE_S = 60;
const START_S = 300; // a day that is planned anew starts at a multiple of this
const SHORTEST_S = 1200; // a shorter rest of the day is not planned (cityatlas/planner/request.py)

/** Return the city's date and second of the day, whatever the phone's own zone. */
function cityNow() {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: atlas.timezone, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" }).formatToParts(new Date());
  const of = (type) => parts.find((part) => part.type === type).value;
  return { day: `${of("year")}-${of("month")}-${of("day")}`, s: Number(of("hour")) * 3600 + Number(of("minute")) * 60 + Number(of("second")) };
}

// As compass() counts them: from north by the east.
const WAYS = ["planmap.js_way_0", "planmap.js_way_1", "planmap.js_way_2", "planmap.js_way_3", "planmap.js_way_4", "planmap.js_way_5", "planmap.js_way_6", "planmap.js_way_7"];
const LATE = { on_time: "planmap.js_on_time", late_fine: "planmap.js_late_fine", late: "planmap.js_late" };
const minutes = (seconds) => Math.max(1, Math.round(seconds / MINUTE_S));

export class Walk {
  /** `choose(key)` lets a part of the day stand out, `drop(stop)` plans without a stop, `dropAddress` is where. */
  constructor(section, { choose, drop, dropAddress }) {
    Object.assign(this, { section, choose, drop, dropAddress, step: 0, position: null });
    this.part = (name) => section.querySelector(name);
    section.addEventListener("click", ({ target }) => {
      const act = target.closest("[data-walk]")?.dataset.walk;
      if (act === "on") this.to(this.step + 1);
      if (act === "back") this.to(this.step - 1);
      if (act === "locate") this.locate();
      if (act === "close") this.close({ isAsked: true });
    });
  }

  /** Begin with the first stop; the day is the one that is shown. */
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

  /** Go on with a day that was planned anew, with the first stop that is not behind one. */
  goOn(day) {
    if (this.section.hidden) return;
    if (!day?.stops.length) return this.close();
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
    if (isAsked) document.querySelector("[data-start-walk]")?.focus();
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
    const failed = ({ code } = {}) => {
      if (this.position && code !== 1) return; // lost for a while, as in a tunnel
      navigator.geolocation?.clearWatch(this.watch);
      button.hidden = false;
      this.say(planWord("planmap.js_denied"));
    };
    if (!navigator.geolocation) return failed();
    this.watch = navigator.geolocation.watchPosition(({ coords }) => this.moved([coords.longitude, coords.latitude], coords.accuracy), failed, { enableHighAccuracy: true, maximumAge: 5000, timeout: WAIT_MS });
  }

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

  /** Return whether one has left the stop; its position may be schematic, and so where one arrived counts as well. */
  hasGone(position) {
    if (this.day.stops[Math.floor(this.step / 2)]?.boat) return false; // the boat moves, and comes back
    return crowM(position, this.goal()) > GONE_M && crowM(position, this.arrivedAt) > GONE_M;
  }

  /** Even steps go to a stop (the last to the end), odd ones are at it. */
  isThere() {
    return this.step % 2 === 1;
  }

  goal() {
    const { day, step } = this;
    const number = Math.floor(step / 2);
    const ride = day.legs[number]?.ride;
    if (ride && !this.isThere() && cityNow().s < ride.begin_s) return ride.at; // first to the boat
    const stop = day.stops[number];
    return stop ? [stop.lon, stop.lat] : day.end;
  }

  to(step) {
    const last = this.day.stops.length * 2 + (this.day.end ? 1 : 0);
    this.step = Math.max(0, Math.min(last, step));
    this.arrivedAt = this.isThere() ? this.position : null;
    const number = Math.floor(this.step / 2) + 1;
    this.choose(this.isThere() || !this.day.legs[number - 1] ? `stop-${number}` : `leg-${number}`);
    if (this.position) this.onMove?.(this.position, this.goal());
    this.tell();
  }

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
    const [on, back] = [this.part("[data-walk=on]"), this.part("[data-walk=back]")];
    on.textContent = planWord(this.isThere() ? "planmap.js_leave" : "planmap.js_arrived");
    const isLost = (isOver && document.activeElement === on) || (this.step === 0 && document.activeElement === back);
    on.hidden = isOver;
    back.disabled = this.step === 0;
    if (isLost) this.part("h2").focus();
  }

  /** Let a screen reader say where one is, but only when the step, being late or a note is another one. */
  speak(key) {
    if (key === this.spoken) return;
    this.spoken = key;
    this.part(".walk-said").textContent = [this.part("h2"), this.part(".walk-late")].map((part) => part.textContent).concat(this.note ?? "").join(" ");
  }

  stayWords(number) {
    const leg = this.day.legs[number];
    const leaveS = leg?.begin_s ?? this.day.stops[number - 1].leave_s;
    const inS = leaveS - cityNow().s;
    if (cityNow().day !== this.day.day) return [];
    if (inS > 0) return [planWord("planmap.js_leave_in", { n: minutes(inS), time: clock(leaveS) })];
    return [planWord("planmap.js_leave_now", { time: clock(leaveS) })];
  }

  wayWords(number, stop) {
    const lines = [];
    const goal = this.goal();
    if (this.position && goal) {
      const way = planWord(WAYS[compass(this.position, goal)]);
      lines.push(planWord("planmap.js_crow", { length: about(crowM(this.position, goal)), way }));
    }
    const ride = this.day.legs[number - 1]?.ride;
    if (ride) lines.push(planWord("planmap.js_ride", { board: ride.board, alight: ride.alight, begin: clock(ride.begin_s), end: clock(ride.end_s) }));
    const { m, s } = this.left(number);
    if (m) lines.push(planWord("planmap.js_left", { length: about(m), min: minutes(s) }));
    if (stop?.is_about) lines.push(planWord("planmap.js_about"));
    return lines;
  }

  /** Return what is left of a way: metres, and seconds at the plan's pace. */
  left(number) {
    const leg = this.day.legs[number - 1];
    if (!leg || !leg.length_m || leg.ride) return { m: 0, s: 0 }; // a boat leaves when it leaves
    const m = this.position ? leftM(this.position, leg.line) : leg.length_m;
    return { m, s: (m * (leg.end_s - leg.begin_s)) / leg.length_m };
  }

  /** Return how many seconds late one will be, and how many are to spare; without a position, by when one left. */
  lateness(number, stop, nowS) {
    if (!stop || this.isThere()) return null;
    const leg = this.day.legs[number - 1];
    const isUnderWay = (this.position && !leg?.ride) || !leg;
    const atS = isUnderWay ? nowS + this.left(number).s : Math.max(nowS, leg.end_s);
    return { lateS: atS - stop.begin_s, slackS: stop.slack_s, beginS: stop.begin_s };
  }

  /** Tell whether one is late, and return that as one word. */
  warn(late) {
    const place = this.part(".walk-late");
    const state = !late ? "" : late.lateS < MINUTE_S ? "on_time" : late.lateS <= late.slackS ? "late_fine" : "late";
    place.classList.toggle("behind", state === "late");
    const time = late && (state === "on_time" ? clock(late.beginS) : lasting(minutes(late.lateS)));
    place.firstChild.textContent = state ? `${planWord(LATE[state], { time })} ` : "";
    this.offer(state === "late" ? this.spare() : null);
    return state;
  }

  /** Return the last stop ahead that is no must, or null where the rest of the day is too short to plan it anew. */
  spare() {
    const ahead = this.day.stops.slice(Math.floor(this.step / 2)).filter((stop) => !stop.is_must);
    return this.day.end_s - this.progress().startS < SHORTEST_S ? null : ahead[ahead.length - 1];
  }

  /** Offer to leave out a stop; the link stays the same one, since it may have the focus. */
  offer(stop) {
    const link = this.part(".walk-late a");
    link.hidden = !stop;
    if (!stop) return;
    link.textContent = planWord("planmap.js_drop", { name: stop.name });
    link.href = this.dropAddress(stop);
    link.onclick = (event) => { event.preventDefault(); this.drop(stop); };
  }
}
