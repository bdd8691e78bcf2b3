// Walk along a plan: the next stop, how far, whether one is late. The position is never sent anywhere.

import { atlas, element } from "./atlas.js";
import { compass, crowM, leftM } from "./plan_geo.js";
import { clock, dayWords, lasting, planWord, roughly } from "./plan_words.js";

const THERE_M = 40; // this near one has arrived
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
      if (act === "close") this.close();
    });
  }

  /** Begin with the first stop; the day is the one that is shown. */
  open(day) {
    this.day = day;
    this.section.hidden = false;
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

  close() {
    this.section.hidden = true;
    clearInterval(this.ticking);
    navigator.geolocation?.clearWatch(this.watch);
    this.lock?.release();
    this.position = null;
    this.note = "";
    this.part("[data-walk=locate]").hidden = false;
    this.onMove?.(null);
  }

  /** Ask for the position; a refusal leaves the taps. */
  locate() {
    this.say(planWord("planmap.js_locating"));
    this.part("[data-walk=locate]").hidden = true;
    const failed = () => this.say(planWord("planmap.js_denied"));
    if (!navigator.geolocation) return failed();
    this.watch = navigator.geolocation.watchPosition(({ coords }) => this.moved([coords.longitude, coords.latitude]), failed, { enableHighAccuracy: true, maximumAge: 5000 });
  }

  moved(position) {
    this.position = position;
    this.note = "";
    const goal = this.goal();
    this.onMove?.(position, goal);
    const isAtBoat = goal && goal === this.day.legs[Math.floor(this.step / 2)]?.ride?.at;
    if (goal && !isAtBoat && !this.isThere() && crowM(position, goal) <= THERE_M) this.to(this.step + 1);
    else this.tell();
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
    const number = Math.floor(this.step / 2) + 1;
    this.choose(this.isThere() || !this.day.legs[number - 1] ? `stop-${number}` : `leg-${number}`);
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
    if (now.day !== this.day.day) lines.push(planWord("planmap.js_other_day", { day: dayWords(this.day.day) }));
    if (this.note) lines.push(this.note);
    this.write(lines);
    this.warn(isOver || now.day !== this.day.day ? null : this.lateness(number, stop, now.s));
    this.part("[data-walk=on]").textContent = planWord(this.isThere() ? "planmap.js_leave" : "planmap.js_arrived");
    this.part("[data-walk=on]").hidden = isOver;
    this.part("[data-walk=back]").disabled = this.step === 0;
  }

  /** Write the lines only when they changed: a screen reader reads what is written. */
  write(lines) {
    const told = lines.join("\n");
    if (told === this.told) return;
    this.told = told;
    this.part(".walk-told").replaceChildren(...lines.map((line) => element("p", "", line)));
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
      lines.push(planWord("planmap.js_crow", { n: roughly(crowM(this.position, goal)), way }));
    }
    const ride = this.day.legs[number - 1]?.ride;
    if (ride) lines.push(planWord("planmap.js_ride", { board: ride.board, alight: ride.alight, begin: clock(ride.begin_s), end: clock(ride.end_s) }));
    const { m, s } = this.left(number);
    if (m) lines.push(planWord("planmap.js_left", { n: roughly(m), min: minutes(s) }));
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

  warn(late) {
    const place = this.part(".walk-late");
    place.replaceChildren();
    place.classList.toggle("behind", Boolean(late && late.lateS > Math.max(late.slackS, MINUTE_S)));
    if (!late) return;
    const time = lasting(minutes(late.lateS));
    if (late.lateS < MINUTE_S) place.append(planWord("planmap.js_on_time", { time: clock(late.beginS) }));
    else if (late.lateS <= late.slackS) place.append(planWord("planmap.js_late_fine", { time }));
    else place.append(planWord("planmap.js_late", { time }), " ", ...this.offer());
  }

  /** Offer to leave out the last stop ahead that is no must. */
  offer() {
    const ahead = this.day.stops.slice(Math.floor(this.step / 2)).filter((stop) => !stop.is_must);
    const stop = ahead[ahead.length - 1];
    if (!stop || this.day.end_s - this.progress().startS < SHORTEST_S) return [];
    const link = element("a", "", planWord("planmap.js_drop", { name: stop.name }));
    link.href = this.dropAddress(stop);
    link.addEventListener("click", (event) => { event.preventDefault(); this.drop(stop); });
    return [link];
  }
}
