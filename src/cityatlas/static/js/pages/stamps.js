// Collect the stamps of a route: this browser keeps them, and the position is never sent anywhere.

import { crowM } from "../shared/distance.js";
import { filled } from "../shared/words.js";

const KEPT = "cityatlas.stamps";
const MOST_KEPT = 500;
const SURE_M = 50; // a phone that knows less of itself stamps nothing
const WAIT_MS = 30_000;

/**
 * A stamp, by the stop's id: the day on which it was made, and whether by position or by the sign.
 * @typedef {{ day: string, how: "place" | "sign" }} Stamp
 * @typedef {{ id: string, name: string, place: LonLat, reachM: number }} Reachable
 */

/** Return the stamps that a text holds, as far as they are stamps.
 * @param {string | null} text
 * @returns {Map<string, Stamp>}
 */
export function readStamps(text) {
  try {
    const rows = Object.entries(JSON.parse(text ?? "{}"));
    const good = rows.filter(([, stamp]) => /^\d{4}-\d\d-\d\d$/.test(stamp?.day) && ["place", "sign"].includes(stamp.how));
    return new Map(good.slice(0, MOST_KEPT).map(([id, { day, how }]) => [id, { day, how }]));
  } catch {
    return new Map();
  }
}

/** Return which stops one stands at, and the nearest one with how far it is; none where a phone is not sure enough.
 * @param {LonLat} position
 * @param {number} errorM
 * @param {Reachable[]} stops
 */
export function reached(position, errorM, stops) {
  const far = stops.map((stop) => ({ stop, m: crowM(position, stop.place) })).sort((a, b) => a.m - b.m);
  const isSure = errorM <= SURE_M;
  return { isSure, here: isSure ? far.filter(({ stop, m }) => m <= stop.reachM).map(({ stop }) => stop) : [], nearest: far[0] };
}

/** Return the word that an address brings from a sign.
 * @param {string} hash
 */
export const wordOf = (hash) => (/^#[A-Z0-9]{4,12}$/.test(hash) ? hash.slice(1) : "");

/** Return the day as people here count it, in ISO. */
function today() {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

class StampPage {
  /** @param {HTMLElement} section */
  constructor(section) {
    /** @type {Record<string, string>} */
    this.words = JSON.parse(section.querySelector("[data-stamp-words]")?.textContent ?? "{}");
    this.section = section;
    /** @type {HTMLElement[]} */
    this.rows = [...section.querySelectorAll(/** @type {"li"} */ ("[data-stamp]"))];
    this.hints = new Map(this.rows.map((row) => [row, this.part(row, "[data-stamp-state]").textContent]));
    this.stamps = readStamps(this.kept());
    section.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.target);
      this.check(/** @type {HTMLElement} */ (form.closest("[data-stamp]")), String(new FormData(form).get("word")));
    });
    section.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
      if (button?.matches("[data-stamp-here]")) this.locate();
      if (button?.matches("[data-stamps-print]")) window.print();
      if (button?.matches("[data-stamps-forget]") && confirm(this.words.sure)) this.forget();
    });
    this.show();
    const word = wordOf(location.hash);
    if (word && this.rows.length === 1) {
      history.replaceState(null, "", location.pathname + location.search); // who shares the page does not share the word
      this.check(this.rows[0], word);
    }
  }

  kept() {
    try {
      return localStorage.getItem(KEPT);
    } catch {
      return null;
    }
  }

  keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(this.stamps)));
    } catch { /* a browser that keeps nothing: the stamps stay until the page is left */ }
  }

  /**
   * @param {HTMLElement} row
   * @param {string} selector
   */
  part(row, selector) {
    return /** @type {HTMLElement} */ (row.querySelector(selector));
  }

  show() {
    for (const row of this.rows) this.showRow(row, this.stamps.get(String(row.dataset.stamp)));
    const n = this.rows.filter((row) => this.stamps.has(String(row.dataset.stamp))).length;
    const all = this.rows.length;
    const sentence = n === all && all > 1 ? this.words.all : n ? this.words.count : this.words.none;
    this.part(this.section, "[data-stamps-count]").textContent = filled(sentence, { n, all });
  }

  /**
   * @param {HTMLElement} row
   * @param {Stamp | undefined} stamp
   */
  showRow(row, stamp) {
    row.classList.toggle("stamped", Boolean(stamp));
    this.part(row, "[data-stamp-form]").hidden = Boolean(stamp);
    const day = stamp && new Date(`${stamp.day}T12:00`).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
    const said = stamp && filled(stamp.how === "sign" ? this.words.by_sign : this.words.by_place, { day: String(day) });
    this.part(row, "[data-stamp-state]").textContent = said ?? this.hints.get(row) ?? "";
  }

  /** @param {string} sentence
   * @param {Values} [values]
   */
  tell(sentence, values) {
    this.part(this.section, "[data-stamps-told]").textContent = filled(sentence, values);
  }

  /**
   * @param {string[]} ids
   * @param {Stamp["how"]} how
   */
  stamp(ids, how) {
    this.stamps = readStamps(this.kept() ?? JSON.stringify(Object.fromEntries(this.stamps))); // another page may have stamped meanwhile
    for (const id of ids) if (!this.stamps.has(id)) this.stamps.set(id, { day: today(), how });
    this.keep();
    this.show();
  }

  forget() {
    for (const row of this.rows) this.stamps.delete(String(row.dataset.stamp));
    this.keep();
    this.tell("");
    this.show();
  }

  locate() {
    if (!navigator.geolocation) {
      this.tell(this.words.refused);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.arrive([coords.longitude, coords.latitude], coords.accuracy),
      () => this.tell(this.words.refused),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 },
    );
  }

  /**
   * @param {LonLat} position
   * @param {number} errorM
   */
  arrive(position, errorM) {
    const stops = this.rows.filter((row) => row.dataset.reach).map(({ dataset: d }) => ({
      id: String(d.stamp), name: String(d.name), place: /** @type {LonLat} */ ([Number(d.lon), Number(d.lat)]), reachM: Number(d.reach),
    }));
    const { isSure, here, nearest } = reached(position, errorM, stops);
    if (!isSure) this.tell(this.words.vague, { m: Math.round(errorM) });
    else if (here.length) {
      this.stamp(here.map(({ id }) => id), "place");
      this.tell(this.words.here, { name: here.map(({ name }) => name).join(" · ") });
    } else if (nearest) this.tell(this.words.far, { name: nearest.stop.name, m: Math.round(nearest.m) });
  }

  /** Ask whether a word is that of a stop's sign; it is all that leaves the phone.
   * @param {HTMLElement} row
   * @param {string} word
   */
  async check(row, word) {
    const name = String(row.dataset.name);
    try {
      const answer = await fetch(`${row.dataset.check}?word=${encodeURIComponent(word)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const isRight = (await answer.json()).is_right === true;
      if (isRight) this.stamp([String(row.dataset.stamp)], "sign");
      this.tell(isRight ? this.words.right : this.words.wrong, { name });
    } catch {
      this.tell(this.words.busy);
    }
  }
}

/** Bring a page of stamps to life, where the page is one. */
export function collectStamps() {
  /** @type {HTMLElement | null} */
  const section = document.querySelector("[data-stamps]");
  if (section) new StampPage(section);
}
