// Keep view, filters, chosen feature and tour in the address, so that a link brings them back.

import { findAll } from "../shared/dom.js";

/** @typedef {(state: MapState, changed: Set<keyof MapState>, origin: string) => void} Hear */

const LISTS = /** @type {const} */ (["layers", "theme", "kind", "phase", "tour"]);
const TEXTS = /** @type {const} */ (["site", "at", "month", "base"]);

/** Return the state that an address holds; what is absent is empty. */
export function readState(search = location.search) {
  const given = new URLSearchParams(search);
  const state = /** @type {MapState} */ ({ view: readView(given) });
  for (const key of LISTS) state[key] = given.getAll(key).join(",").split(",").filter(Boolean);
  for (const key of TEXTS) state[key] = given.get(key) ?? "";
  return state;
}

/** @param {URLSearchParams} given */
function readView(given) {
  const [lon, lat] = (given.get("c") ?? "").split(",").map(Number);
  const zoom = Number(given.get("z"));
  return Number.isFinite(lon) && Number.isFinite(lat) && zoom ? { lon, lat, zoom } : null;
}

/** Return the query of a state, shortest first; the order is fixed, so equal states have equal addresses.
 * @param {MapState} state
 */
export function queryOf(state) {
  const parts = [];
  for (const key of TEXTS) if (state[key]) parts.push(`${key}=${encodeURIComponent(state[key])}`);
  for (const key of LISTS) if (state[key].length) parts.push(`${key}=${state[key].map(encodeURIComponent).join(",")}`);
  if (state.view) {
    const { lon, lat, zoom } = state.view;
    parts.push(`c=${lon.toFixed(5)},${lat.toFixed(5)}`, `z=${Math.round(zoom * 10) / 10}`);
  }
  return parts.length ? `?${parts.join("&")}` : "";
}

/** Hold the state of one page; listeners hear of each change with the names of what changed. */
export class Store {
  /** Begin with the address's state; where the address says other things, with no layers and nothing kept. */
  constructor({ isKept = true } = {}) {
    this.state = isKept ? readState() : { ...readState(""), layers: ["none"] };
    this.isKept = isKept;
    /** @type {Hear[]} */
    this.listeners = [];
    if (isKept) addEventListener("popstate", () => {
      this.state = readState();
      this.tell([...LISTS, ...TEXTS, "view"], "history");
    });
  }

  /** @param {Hear} hear */
  listen(hear) {
    this.listeners.push(hear);
  }

  /** Change some keys. `isStep` makes a step that the browser's back button undoes.
   * @param {Partial<MapState>} changes
   */
  set(changes, { isStep = false } = {}) {
    const keys = /** @type {(keyof MapState)[]} */ (Object.keys(changes));
    const changed = keys.filter((key) => String(this.state[key]) !== String(changes[key]) || key === "view");
    Object.assign(this.state, changes);
    if (!changed.length) return;
    if (this.isKept) this.keep(isStep);
    this.tell(changed, "page");
  }

  /** @param {boolean} isStep */
  keep(isStep) {
    const address = location.pathname + queryOf(this.state) + location.hash;
    const was = Boolean(history.state?.isStep); // a step whose view or filters change is still one
    history[isStep ? "pushState" : "replaceState"]({ isStep: isStep || was }, "", address);
    /** @type {HTMLAnchorElement[]} */
    const links = findAll(document, "a[data-lang], a[data-embed]");
    for (const link of links) link.search = queryOf(this.state);
  }

  /**
   * @param {(keyof MapState)[]} changed
   * @param {string} origin
   */
  tell(changed, origin) {
    for (const hear of this.listeners) hear(this.state, new Set(changed), origin);
  }
}
