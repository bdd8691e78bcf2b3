// Join the filter form to the state: chips for themes, lists for kind and phase, a time to be open at.

import { fieldOf, findAll, tell } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";
import { phaseAt, presenceAt } from "../shared/phases.js";

const NOW_MS = 15 * 60_000; // a time so near is "now"

/** @typedef {(feature: Filterable) => boolean} Fits */

export class Filters {
  /**
   * @param {HTMLFormElement} form
   * @param {import("./state.js").Store} store
   */
  constructor(form, store) {
    this.form = form;
    this.store = store;
    /** @type {Set<string> | null} */
    this.open = null;
    this.openAt = "";
    form.addEventListener("change", () => this.read());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.read(); });
    form.querySelector("[data-clear]")?.addEventListener("click", () => this.clear());
    /** @type {HTMLInputElement | null} */
    this.chip = form.querySelector("[data-now]");
    this.chip?.addEventListener("change", (event) => {
      event.stopPropagation(); // the form would read the field of the time, which this writes
      store.set({ at: this.chip?.checked ? this.now() : "" });
    });
    this.write();
  }

  read() {
    const given = new FormData(this.form);
    const all = (/** @type {string} */ name) => given.getAll(name).map(String).filter(Boolean);
    this.store.set({ theme: all("theme"), kind: all("kind"), phase: all("phase"), at: String(given.get("at") ?? "") });
  }

  clear() {
    this.store.set({ theme: [], kind: [], phase: [], at: "", month: "" });
  }

  write() {
    const { state } = this.store;
    /** @type {HTMLInputElement[]} */
    const boxes = findAll(this.form, "input[name=theme]");
    for (const box of boxes) box.checked = state.theme.includes(box.value);
    fieldOf(this.form, "kind").value = state.kind[0] ?? "";
    fieldOf(this.form, "phase").value = state.phase[0] ?? "";
    const at = fieldOf(this.form, "at"); // a frozen site has none
    if (at) at.value = state.at.slice(0, 16);
    if (this.chip) this.chip.checked = Math.abs(Date.parse(state.at) - Date.parse(this.now())) < NOW_MS;
    /** @type {HTMLElement | null} */
    const clear = this.form.querySelector("[data-clear]");
    if (clear) clear.hidden = !(state.theme.length || state.kind.length || state.phase.length || state.at || state.month);
  }

  now() {
    const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: atlas.timezone, dateStyle: "short", timeStyle: "short" }).format(new Date());
    return parts.replace(" ", "T");
  }

  /** Return the ids that are surely open at the chosen time, or null when none is chosen. */
  async openIds() {
    const { at } = this.store.state;
    if (at !== this.openAt) {
      this.openAt = at;
      this.open = null;
      if (at) {
        try {
          const { sites } = await (await fetch(`${atlas.hours}?at=${encodeURIComponent(at)}`)).json();
          if (this.openAt === at) this.open = new Set(Object.keys(sites).filter((id) => sites[id].open));
        } catch {
          tell(word("hours_failed"));
        }
      }
    }
    return this.open;
  }
}

/** Return the filter that a state asks for; `open` holds the ids that are open then, or null for any time.
 * The server leaves the same (tests/data/filters.json).
 * @param {Pick<MapState, "theme" | "kind" | "phase" | "month">} state
 * @param {Set<string> | null} open
 * @returns {Fits}
 */
export function filterOf(state, open) {
  const themes = new Set(state.theme);
  const kinds = new Set(state.kind);
  const phases = new Set(state.phase);
  return ({ id, properties }) => {
    if (kinds.size && !kinds.has(properties.kind)) return false;
    if (themes.size && !(properties.themes ?? []).some((theme) => themes.has(theme))) return false;
    const phase = phaseAt(properties.phases, state.month)?.phase ?? "";
    if (phases.size && !phases.has(phase)) return false;
    if (state.month && presenceAt(properties, state.month) !== "there") return false;
    return !open || open.has(id);
  };
}
