// Stand at a place and say so: measure for ten seconds, keep the best fix and photos on the phone, and send them when
// there is a network.

import { button, element, find, findAll } from "../shared/dom.js";
import { crowM } from "../shared/distance.js";
import { FixQueue, isPhoto } from "./fix_queue.js";
import { PlacePhotos } from "./place_photos.js";
import { account, editWord } from "./words.js";

const MEASURE_MS = 10_000;
const GOOD_M = 5; // better is not to be had from a phone: no need to wait on
const FINAL = [404, 413, 422]; // statuses that trying again does not change
const PRECISE = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };

/** Return the best fix of ten seconds, or null.
 * @param {(accuracy_m: number) => void} tell
 * @returns {Promise<GeolocationPosition | null>}
 */
function measure(tell) {
  return new Promise((resolve) => {
    /** @type {GeolocationPosition | null} */
    let best = null;
    const stop = () => {
      clearTimeout(timer);
      navigator.geolocation.clearWatch(watch);
      resolve(best);
    };
    const timer = setTimeout(stop, MEASURE_MS);
    const watch = navigator.geolocation.watchPosition((position) => {
      if (!best || position.coords.accuracy < best.coords.accuracy) best = position;
      tell(Math.ceil(best.coords.accuracy));
      if (best.coords.accuracy <= GOOD_M) stop();
    }, stop, PRECISE);
  });
}

class Verifier {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    this.most_m = Number(list.dataset.most);
    this.token = find(document, "[name=csrf]").getAttribute("value") ?? "";
    this.queue = new FixQueue(account);
    this.photos = new PlacePhotos(this.queue, list, () => this.send());
    this.state = /** @type {HTMLElement} */ (document.getElementById("verify-state"));
    this.isSending = this.isWanted = false;
    const wrong = this.obstacle();
    if (wrong) this.state.textContent = editWord(`verify.js_${wrong}`);
    else this.equip();
    for (const row of this.rows()) this.photos.equip(row);
    addEventListener("online", () => this.send());
    this.send();
  }

  /** Return why no position can be had here, "" when it can. */
  obstacle() {
    if (!globalThis.isSecureContext) return "insecure";
    return "geolocation" in navigator ? "" : "no_geolocation";
  }

  equip() {
    for (const row of this.rows()) {
      const name = find(row, "a").textContent;
      const stand = button(editWord("verify.js_stand"), () => this.stand(row, stand), "button primary stand");
      stand.append(element("span", "hidden-visually", ` ${name}`));
      find(row, ".verify-tools").append(stand);
    }
    const near = button(editWord("verify.js_near"), () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.near([coords.longitude, coords.latitude]), () => this.say("no_fix"), PRECISE));
    this.list.before(element("p", "", near));
  }

  /** @returns {HTMLElement[]} */
  rows() {
    return findAll(this.list, "[data-place]");
  }

  /** Sort what is here, or ask for the places near: about where one stands is enough for that.
   * @param {LonLat} here
   */
  near(here) {
    if (this.list.dataset.cut === undefined) this.sort(here);
    else location.assign(`${this.list.dataset.address}?lon=${here[0].toFixed(3)}&lat=${here[1].toFixed(3)}`);
  }

  /** Put the nearest first, and say how far it is.
   * @param {LonLat} here
   */
  sort(here) {
    const away = this.rows().map((row) => ({ row, away_m: crowM(here, [Number(row.dataset.lon), Number(row.dataset.lat)]) }));
    away.sort((one, other) => one.away_m - other.away_m);
    for (const { row, away_m } of away) {
      find(row, ".away").textContent = editWord("verify.js_away", { n: Math.round(away_m / 10) * 10 });
      this.list.append(row);
    }
  }

  /**
   * @param {HTMLElement} row
   * @param {HTMLButtonElement} stand
   */
  async stand(row, stand) {
    const said = find(row, ".verify-said");
    stand.disabled = true;
    said.textContent = editWord("verify.js_measuring");
    const position = await measure((n) => { said.textContent = editWord("verify.js_best", { n }); });
    stand.disabled = false;
    if (!position) said.textContent = editWord("verify.js_no_fix");
    else if (position.coords.accuracy > this.most_m) said.textContent = editWord("verify.js_rough", { n: Math.ceil(position.coords.accuracy), most: this.most_m });
    else await this.keep(String(row.dataset.place), position, said);
  }

  /**
   * @param {string} place
   * @param {GeolocationPosition} position
   * @param {Element} said
   */
  async keep(place, { coords, timestamp }, said) {
    const taken_at = new Date(timestamp).toISOString();
    const fix = { key: `${account} ${place} ${taken_at}`, account, place, lon: coords.longitude, lat: coords.latitude, accuracy_m: Math.ceil(coords.accuracy), taken_at };
    const isKept = await this.queue.put(fix);
    said.textContent = editWord(isKept ? "verify.js_kept" : "verify.js_unkept");
    await this.send();
  }

  /** Send what waits, one after the other, and say how much still does. */
  async send() {
    this.isWanted = true; // also what came while the last one was being sent
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.isWanted) {
        this.isWanted = false;
        await this.sendAll();
      }
    } finally {
      this.isSending = false;
    }
    await this.tell();
  }

  /** Send each that may go: a photo waits for its words, and for the fix whose draft it joins. */
  async sendAll() {
    for (const one of await this.queue.all()) {
      const isHeld = isPhoto(one) && (this.photos.asked.has(one.key) || (await this.fixWaits(one.place)));
      if (!isHeld && !(await (isPhoto(one) ? this.sendPhoto(one) : this.sendOne(one)))) break;
    }
  }

  /** Tell whether a fix of a place is still here: there is no network, or it is asked about.
   * @param {string} place
   */
  async fixWaits(place) {
    return (await this.queue.all()).some((one) => !isPhoto(one) && one.place === place);
  }

  /** Say how many fixes and photos wait. */
  async tell() {
    const waiting = await this.queue.all(), photos = waiting.filter(isPhoto).length;
    const told = [["waiting", waiting.length - photos], ["photos_waiting", photos]].filter(([, n]) => n);
    const text = told.map(([key, n]) => editWord(`verify.js_${key}`, { n })).join(" ");
    if (text || !this.obstacle()) this.state.textContent = text;
  }

  /** Send something of a place; returns what was answered, or null while it has to wait.
   * @param {string} path
   * @param {URLSearchParams | FormData} body
   * @returns {Promise<Record<string, any> | null>}
   */
  async post(path, body) {
    const headers = { Accept: "application/json", "X-CSRF-Token": this.token };
    const answered = await fetch(`${this.list.dataset.address}/${path}`, { method: "POST", body, headers }).catch(() => null);
    if (!answered) return null; // no network: it waits
    if (answered.status === 401 || answered.status === 403) return this.say("log_in") ?? null;
    return answered.ok || FINAL.includes(answered.status) ? answered.json() : null;
  }

  /** Return where a place is told what became of what was sent.
   * @param {string} place
   * @param {string} selector
   */
  saidOf(place, selector) {
    return this.rows().find((row) => row.dataset.place === place)?.querySelector(selector) ?? this.state;
  }

  /** Send a fix; tells whether the next one may be tried.
   * @param {import("./fix_queue.js").Fix} fix
   */
  async sendOne(fix, answer = "") {
    const { place, lon, lat, accuracy_m, taken_at } = fix;
    const told = await this.post(place, new URLSearchParams({ lon: String(lon), lat: String(lat), accuracy_m: String(accuracy_m), taken_at, answer }));
    if (!told) return false;
    const said = this.saidOf(place, ".verify-said");
    if (told.state === "far") this.ask(fix, told, said);
    else {
      await this.queue.remove(fix.key);
      said.replaceChildren(...this.words(told));
    }
    return true;
  }

  /** Send a photo; tells whether the next one may be tried.
   * @param {import("./fix_queue.js").PlacePhoto} photo
   */
  async sendPhoto(photo) {
    const told = await this.post(`${photo.place}/photo`, this.photos.body(photo));
    if (!told) return false;
    await this.queue.remove(photo.key);
    const words = told.error ? [element("span", "fault", told.error.message)] : this.photos.told(/** @type {any} */ (told));
    this.saidOf(photo.place, ".photo-said").replaceChildren(...words);
    return true;
  }

  /**
   * @param {Record<string, any>} told
   * @returns {Node[]}
   */
  words(told) {
    if (told.error) return [element("span", "fault", told.error.message)];
    const link = Object.assign(element("a", "", editWord("verify.js_draft")), { href: told.draft });
    const doubt = told.is_shifted ? [element("strong", "", editWord("verify.js_shifted", { n: told.away_m }))] : [];
    return [element("span", "", editWord("verify.js_saved", { n: told.away_m ?? 0 })), link, ...doubt];
  }

  /** Ask which of two fixes that lie far apart is right.
   * @param {import("./fix_queue.js").Fix} fix
   * @param {Record<string, any>} told
   * @param {Element} said
   */
  ask(fix, told, said) {
    const take = button(editWord("verify.js_take"), async () => {
      await this.sendOne(fix, "stand");
      await this.send();
    });
    const drop = button(editWord("verify.js_drop"), async () => {
      await this.queue.remove(fix.key);
      said.textContent = editWord("verify.js_dropped");
      await this.send();
    });
    said.replaceChildren(element("span", "", editWord("verify.js_far", { n: told.away_m })), take, drop);
  }

  /** @param {string} key */
  say(key) {
    this.state.textContent = editWord(`verify.js_${key}`);
  }
}

const list = document.getElementById("verify");
if (list) new Verifier(list);
