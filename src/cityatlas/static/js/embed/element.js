// <city-atlas>: our map in another site's page, as an element with attributes, events and methods of its own.
//
// It makes the frame when it comes near the window, gives it the height that it asks for, and passes messages on: to our
// origin alone, and from the frame's own window and our origin alone. What stands inside the element is shown until the
// frame has answered, and stays where something keeps it away.

import { PROTOCOL } from "./protocol.js";

/** What stands in the path: the first that is given says what the frame is about. */
const SCOPES = { site: "sites", route: "routes", layer: "layers" };
/** Attributes, and the key of each in the frame's address. custom-elements.json describes them. */
const KEYS = {
  theme: "look", accent: "accent", controls: "controls", list: "list", gestures: "gestures", poster: "poster",
  open: "site", layers: "layers", themes: "theme", kinds: "kind", phases: "phase", at: "at", month: "month",
};
const OWN = ["base", "lang", "pin", "plan", "view", ...Object.keys(SCOPES), ...Object.keys(KEYS)];
const EVENTS = ["ready", "select", "move", "error"];
const NEAR = "400px"; // how far from the window a frame begins to load
const PATIENCE_MS = 4000; // after a frame has loaded; one that is ours answers at once
const HIGHEST_PX = 20_000;
const UNSEEN = "display:block;width:100%;height:1px;border:0;visibility:hidden";

export class CityAtlasElement extends HTMLElement {
  static base = ""; // where our script came from
  static observedAttributes = OWN;

  constructor() {
    super();
    /** @type {object[]} */
    this.waiting = [];
    this.isReady = this.isChanging = false;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
    this.heard = this.heard.bind(this);
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    this.style.display ||= "block";
    addEventListener("message", this.heard);
    this.watch = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.load(), { rootMargin: NEAR });
    this.watch.observe(this);
  }

  disconnectedCallback() {
    removeEventListener("message", this.heard);
    this.watch?.disconnect();
    this.reset();
  }

  /** Load anew, once for all attributes that change in one turn. */
  async attributeChangedCallback() {
    if (!this.frame || this.isChanging) return;
    this.isChanging = true;
    await null;
    this.isChanging = false;
    this.reset();
    if (this.isConnected) this.load();
  }

  reset() {
    clearTimeout(this.doubting);
    this.frame?.remove();
    this.frame = null;
    this.isReady = false;
    this.slotted.hidden = false;
  }

  get slotted() {
    return /** @type {HTMLSlotElement} */ (this.shadowRoot?.firstElementChild);
  }

  /** The address of the frame, as the attributes have it. */
  get address() {
    const language = /^(zh|en)\b/.exec(/** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang ?? "")?.[0];
    const scope = Object.keys(SCOPES).find((name) => this.getAttribute(name));
    const is = (/** @type {string} */ name) => this.getAttribute(name) ?? "";
    const about = scope ? `${SCOPES[/** @type {"site"} */ (scope)]}/${encodeURIComponent(is(scope))}` : is("plan") ? "plan" : is("list") === "only" ? "list" : "";
    const pin = about !== "plan" && is("pin") && `@${encodeURIComponent(is("pin"))}`;
    const address = new URL(`${language ? `${language}/` : ""}embed/${about}${pin}`, is("base") || CityAtlasElement.base);
    if (about === "plan") address.search = is("plan");
    for (const [name, key] of Object.entries(KEYS)) {
      if (is(name) && is(name) !== "only") address.searchParams.set(key, is(name));
    }
    const [, place, zoom] = /^(.+),([\d.]+)$/.exec(is("view")) ?? [];
    if (place) {
      address.searchParams.set("c", place);
      address.searchParams.set("z", zoom);
    }
    return address;
  }

  load() {
    if (this.frame) return;
    this.watch?.disconnect();
    const { address } = this;
    this.origin = address.origin;
    const frame = document.createElement("iframe");
    frame.style.cssText = UNSEEN;
    frame.title = this.title || this.textContent?.trim() || "Map";
    frame.allow = "fullscreen; geolocation";
    frame.referrerPolicy = "no-referrer-when-downgrade";
    frame.src = address.href;
    frame.addEventListener("load", () => {
      this.send({ type: "hello" });
      this.doubting = setTimeout(() => this.tell("error", { reason: "blocked" }), PATIENCE_MS);
    });
    this.frame = frame;
    this.shadowRoot?.append(frame);
  }

  /** @param {MessageEvent} event */
  heard({ source, origin, data }) {
    if (!this.frame || source !== this.frame.contentWindow || origin !== this.origin || data?.["city-atlas"] !== PROTOCOL) return;
    const { type, detail } = data;
    if (type === "height") this.grow(detail?.height);
    else if (EVENTS.includes(type)) this.tell(type, detail);
    if (type === "ready") {
      this.isReady = true;
      for (const command of this.waiting.splice(0)) this.send(command);
    }
  }

  /** @param {unknown} height */
  grow(height) {
    if (typeof height !== "number" || !(height > 0 && height <= HIGHEST_PX) || !this.frame) return;
    clearTimeout(this.doubting);
    this.slotted.hidden = true;
    this.frame.style.cssText = `${UNSEEN};height:${height}px;visibility:visible`;
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** @param {object} message */
  send(message) {
    this.frame?.contentWindow?.postMessage({ "city-atlas": PROTOCOL, ...message }, /** @type {string} */ (this.origin));
  }

  /** @param {object} command what the frame is told now, or as soon as it is ready */
  command(command) {
    if (this.isReady) this.send(command);
    else this.waiting.push(command);
  }

  /** Open the card of a feature, or close it with "".
   * @param {string} id
   */
  show(id) {
    this.command({ type: "show", id });
  }

  /** Move the map: degrees in WGS-84, zoom 0 to 22.
   * @param {number} lon
   * @param {number} lat
   * @param {number} zoom
   */
  flyTo(lon, lat, zoom) {
    this.command({ type: "flyTo", lon, lat, zoom });
  }

  /** Show what fits alone; a key that is not given stays as it is, an empty list lets all through.
   * @param {{theme?: string[], kind?: string[], phase?: string[], month?: string}} filter
   */
  setFilter(filter) {
    this.command({ type: "setFilter", filter });
  }
}
