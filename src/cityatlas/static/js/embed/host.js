// Speak with the page around a frame: its height in the dialect that was asked for, and our own element's events.
//
// Nothing with content goes out before a host of ours has asked for it, and then to its origin alone. A bare height may
// go to anybody: it says nothing.

import { readCommand, readResizer, readSecret } from "./messages.js";
import { PROTOCOL } from "./protocol.js";

/** @typedef {import("./messages.js").Command} Command */
/** @type {import("./messages.js").Known} */
const NOTHING = { extent: [0, 0, 0, 0], theme: [], kind: [], phase: [] };

/** @typedef {"ready" | "select" | "move" | "error"} EventName */

export class Host {
  constructor() {
    this.isFramed = window.parent !== window;
    this.secret = readSecret(location.hash); // read at once: what changes the address drops it
    this.resizerId = "";
    this.origin = ""; // of a host with our element, once it has said hello
    this.isNameless = false; // such a host without an origin, as a file on a disk
    this.height = 0;
    /** @type {((command: Command) => void) | null} */
    this.hear = null;
    this.known = NOTHING;
    /** @type {[EventName, object][]} */
    this.waiting = [];
    if (!this.isFramed) return;
    addEventListener("message", (event) => this.heard(event));
    if (this.secret) document.addEventListener("click", (event) => this.leadHost(event));
    // Directly: a clipped frame gets no animation frame and hears of no change of size.
    if (document.readyState === "complete") this.tellHeight();
    else addEventListener("load", () => this.tellHeight());
    addEventListener("resize", () => this.tellHeight());
    if ("ResizeObserver" in window) new ResizeObserver(() => this.tellHeight()).observe(document.body);
  }

  /** Begin to obey commands, as `known` says which there can be.
   * @param {import("./messages.js").Known} known
   * @param {(command: Command) => void} hear
   */
  listen(known, hear) {
    this.known = known;
    this.hear = hear;
  }

  /** @param {MessageEvent} event */
  heard({ data, source, origin }) {
    if (source !== window.parent) return;
    const id = readResizer(data);
    if (id) {
      this.resizerId = id;
      this.height = 0;
      this.tellHeight();
      return;
    }
    const command = readCommand(data, this.known);
    if (!command) return;
    if (command.type === "hello" && (!this.origin || this.origin === origin)) this.greet(origin);
    else if (command.type !== "hello" && origin === this.origin && this.origin) this.hear?.(command);
  }

  /** @param {string} origin */
  greet(origin) {
    this.isNameless = origin === "null"; // nothing can be sent that it alone gets, so it is told heights
    this.origin = this.isNameless ? "" : origin;
    this.height = 0;
    this.tellHeight();
    for (const [name, detail] of this.waiting.splice(0)) this.tell(name, detail);
  }

  /** Tell a host with our element what happens.
   * @param {EventName} name
   * @param {object} detail
   */
  tell(name, detail) {
    if (this.origin) this.send({ "city-atlas": PROTOCOL, type: name, detail }, this.origin);
    else if (this.isFramed && name === "ready") this.waiting.push([name, detail]);
  }

  tellHeight() {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (!height || Math.abs(height - this.height) <= 1) return;
    this.height = height;
    if (this.secret) this.send({ secret: this.secret, message: "height", value: height }, "*");
    if (this.resizerId) this.send(`[iFrameSizer]${this.resizerId}:${height}:${innerWidth}:resize`, "*");
    const asker = this.isNameless ? "*" : this.origin;
    if (asker) this.send({ "city-atlas": PROTOCOL, type: "height", detail: { height } }, asker);
    try {
      /** @type {{requestResize?: () => void}} */ (window).requestResize?.();
    } catch { /* a host without an origin lets nobody ask */ }
  }

  /** Let WordPress open a link in its own window: it obeys for addresses of this very host.
   * @param {MouseEvent} event
   */
  leadHost(event) {
    const link = /** @type {Element} */ (event.target).closest?.("a[href]");
    if (!link) return;
    event.preventDefault();
    this.send({ secret: this.secret, message: "link", value: /** @type {HTMLAnchorElement} */ (link).href }, "*");
  }

  /**
   * @param {unknown} message
   * @param {string} origin
   */
  send(message, origin) {
    window.parent.postMessage(message, origin);
  }
}
