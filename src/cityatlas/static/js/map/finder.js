// Find features as one types: a combobox with a list below it (ARIA 1.2), over /search.json.

import { element, find } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";

const WAIT_MS = 90;
/** @type {Record<string, number>} */
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

export class Finder {
  /**
   * @param {HTMLFormElement} form
   * @param {(id: string, found: Found) => void} choose
   * @param {() => void} onOpen
   */
  constructor(form, choose, onOpen) {
    this.choose = choose;
    this.active = -1;
    /** @type {Found[]} */
    this.results = [];
    /** @type {HTMLInputElement} */
    this.input = find(form, "input[type=search]");
    this.list = element("ul", "found");
    this.list.id = "found";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", String(this.input.getAttribute("aria-label")));
    this.list.hidden = true;
    this.none = element("p", "found found-none"); // apart from the list, which holds options alone
    this.none.setAttribute("role", "status");
    form.append(this.list, this.none);
    for (const [name, value] of [["role", "combobox"], ["aria-controls", "found"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["autocomplete", "off"]]) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    for (const kind of ["click", "input"]) this.input.addEventListener(kind, onOpen); // not by focus, which comes back to it
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    form.addEventListener("submit", (event) => {
      if (!this.results.length) return;
      event.preventDefault();
      this.pick(Math.max(0, this.active));
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.input.value.trim()), WAIT_MS);
  }

  /** @param {string} query */
  async ask(query) {
    this.asked?.abort();
    if (!query) {
      this.hide();
      return;
    }
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${atlas.search}?q=${encodeURIComponent(query)}`, { signal: this.asked.signal });
      this.show((await answer.json()).results);
    } catch { /* a newer question was asked, or the network is gone: the form still works */ }
  }

  /** @param {Found[]} results */
  show(results) {
    const marked = this.results[this.active]?.id; // an answer that comes late must not move what is marked
    this.results = results;
    this.active = -1;
    this.list.replaceChildren(...results.map((result, index) => {
      const row = element("li", "", element("span", "feature-name", result.name), " ", element("span", "feature-note", atlas.kinds[result.kind].title));
      row.id = `found-${index}`;
      row.setAttribute("role", "option");
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); this.pick(index); });
      return row;
    }));
    this.list.hidden = !results.length;
    this.none.textContent = results.length ? "" : word("search_none");
    this.input.setAttribute("aria-expanded", String(results.length > 0));
    const index = results.findIndex((result) => result.id === marked);
    if (index >= 0) this.mark(index);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = ARROWS[event.key];
    if (step && this.results.length) {
      event.preventDefault();
      this.mark((this.active + step + this.results.length) % this.results.length);
    } else if (event.key === "Escape" && (!this.list.hidden || this.none.textContent)) {
      event.stopPropagation();
      this.hide();
    }
  }

  /** @param {number} index */
  mark(index) {
    this.active = index;
    [...this.list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === index)));
    this.list.children[index].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `found-${index}`);
  }

  /** @param {number} index */
  pick(index) {
    const result = this.results[index];
    this.hide();
    this.input.value = result.name;
    this.choose(result.id, result);
  }

  hide() {
    this.list.hidden = true;
    this.none.textContent = "";
    this.results = [];
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
