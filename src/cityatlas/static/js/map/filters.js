// Join the filter form to the state: chips for themes, lists for kind and phase, a time to be open at.

import { tell } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";

export class Filters {
  constructor(form, store) {
    Object.assign(this, { form, store, open: null, openAt: "" });
    form.addEventListener("change", () => this.read());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.read(); });
    form.querySelector("[data-clear]")?.addEventListener("click", () => store.set({ theme: [], kind: [], phase: [], at: "" }));
    form.querySelector("[data-now]")?.addEventListener("click", () => store.set({ at: this.now() }));
    this.write();
  }

  read() {
    const given = new FormData(this.form);
    this.store.set({
      theme: given.getAll("theme"), kind: given.getAll("kind").filter(Boolean),
      phase: given.getAll("phase").filter(Boolean), at: given.get("at") ?? "",
    });
  }

  write() {
    const { state } = this.store;
    for (const box of this.form.querySelectorAll("input[name=theme]")) box.checked = state.theme.includes(box.value);
    for (const name of ["kind", "phase"]) this.form.elements[name].value = state[name][0] ?? "";
    this.form.elements.at.value = state.at.slice(0, 16);
    const clear = this.form.querySelector("[data-clear]");
    if (clear) clear.hidden = !(state.theme.length || state.kind.length || state.phase.length || state.at);
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
