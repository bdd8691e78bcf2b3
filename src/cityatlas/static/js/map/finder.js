// Find features as one types: a combobox with a list below it (ARIA 1.2), over /search.json or without a server.

import { element, find } from "../shared/dom.js";
import { searchHere } from "../shared/find_words.js";
import { atlas, word } from "../shared/page_data.js";

const WAIT_MS = 90;
/** @type {Record<string, number>} */
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

export class Finder {
  /**
   * @param {HTMLFormElement} form
   * @param {(id: string, found: Found) => void} choose
   * @param {() => void} onOpen
   * @param {import("./nearest.js").Nearest} nearest
   */
  constructor(form, choose, onOpen, nearest) {
    this.choose = choose;
    this.nearest = nearest;
    this.active = -1;
    /** @type {Found[]} */
    this.results = [];
    this.form = form;
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
      this.show(await this.found(query, this.asked.signal));
    } catch { /* a newer question was asked, or the network is gone: the form still works */ }
  }

  /** Return what is found: by the server, or here where none answers.
   * @param {string} query
   * @param {AbortSignal} signal
   * @returns {Promise<Found[]>}
   */
  async found(query, signal) {
    if (atlas.search && navigator.onLine) {
      const answer = await fetch(`${atlas.search}?q=${encodeURIComponent(query)}`, { signal });
      return (await answer.json()).results;
    }
    return searchHere(atlas.search_index, query);
  }

  /** @param {Found[]} found */
  show(found) {
    const results = this.nearest.ordered(found);
    const marked = this.results[this.active]?.id; // an answer that comes late must not move what is marked
    this.results = results;
    this.active = -1;
    this.list.replaceChildren(...results.map((result, index) => this.row(index, element("span", "feature-name", result.name), " ", element("span", "feature-note", this.noteOf(result)))));
    if (results.length && !atlas.planning && atlas.search) this.list.append(this.row(results.length, element("span", "feature-note", word("search_elsewhere", { query: this.input.value.trim() }))));
    this.list.hidden = !results.length;
    this.none.textContent = results.length ? "" : word(atlas.search ? "search_none" : "search_none_here");
    this.input.setAttribute("aria-expanded", String(results.length > 0));
    const index = results.findIndex((result) => result.id === marked);
    if (index >= 0) this.mark(index);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /**
   * @param {number} index
   * @param {(Node | string)[]} parts
   */
  row(index, ...parts) {
    const row = element("li", "", ...parts);
    row.id = `found-${index}`;
    row.setAttribute("role", "option");
    row.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays, so that the list does
    row.addEventListener("click", () => this.pick(index)); // not sooner: the sheet moves, and the map would get the click
    return row;
  }

  /** Return what tells a result from others: its kind, unless it is called so, and how far it is.
   * @param {Found} result
   */
  noteOf(result) {
    const { title } = atlas.kinds[result.kind];
    const isOneOfMany = this.results.some(({ id, name }) => id !== result.id && name === result.name);
    return [title === result.name ? "" : title, this.nearest.farWords([result.lon, result.lat], isOneOfMany)].filter(Boolean).join(" · ");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = ARROWS[event.key];
    if (step && this.results.length) {
      event.preventDefault();
      const count = this.list.children.length;
      this.mark((Math.max(this.active, step < 0 ? 0 : -1) + step + count) % count);
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

  /** Choose a result; what comes after the last is the page that leads to map apps.
   * @param {number} index
   */
  pick(index) {
    const result = this.results[index];
    if (!result) location.assign(`${this.form.action}?q=${encodeURIComponent(this.input.value.trim())}`);
    this.hide();
    if (!result) return;
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
