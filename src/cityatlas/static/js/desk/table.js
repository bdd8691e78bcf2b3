// Keep what is typed into a layer's table: in this browser until it is saved, with a word before the page is left.

import { button, element, find, findAll } from "../shared/dom.js";
import { forgetSent, LocalCopy } from "./local_copy.js";
import { account, clockOf, editWord } from "./words.js";

const copyOf = (/** @type {string | undefined} */ table) => new LocalCopy(account, `table ${table}`, "");

/** @typedef {{id: string, field: HTMLInputElement, was: string}} Row */

class Table {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.isLeaving = false;
    this.copy = copyOf(form.dataset.table);
    this.state = find(form, ".table-state");
    /** @type {HTMLInputElement} */
    this.all = find(form, ".tick-all");
    /** @type {HTMLInputElement[]} */
    this.ticks = findAll(form, "[name=tick]");
    /** @type {Row[]} */
    this.rows = findAll(form, "tbody tr").map((row) => {
      const [id, field] = ["[name=id]", "[name=value]"].map((name) => /** @type {HTMLInputElement} */ (row.querySelector(name)));
      return { id: id.value, field, was: field.value };
    });
    /** @type {Pair[]} */
    this.elsewhere = []; // unsaved rows of this table that another page of it shows
    this.offer();
    this.listen();
  }

  listen() {
    this.all.hidden = false;
    this.all.addEventListener("input", () => { for (const tick of this.ticks) tick.checked = this.all.checked; });
    this.form.addEventListener("input", () => this.touched());
    this.form.addEventListener("change", () => this.touched());
    this.form.addEventListener("submit", () => { this.isLeaving = true; });
    addEventListener("pageshow", () => { this.isLeaving = false; this.say(); });
    addEventListener("beforeunload", (event) => { if (this.changed.length && !this.isLeaving) event.preventDefault(); });
  }

  /** @returns {Pair[]} */
  get changed() {
    return this.rows.filter(({ field, was }) => field.value !== was).map(({ id, field }) => [id, field.value]);
  }

  touched() {
    const kept = [...this.elsewhere, ...this.changed];
    if (kept.length) this.copy.keep(kept);
    else this.copy.forget();
    this.say();
  }

  say() {
    const ticked = this.ticks.filter(({ checked }) => checked).length;
    this.all.checked = ticked > 0 && ticked === this.ticks.length;
    this.all.indeterminate = ticked > 0 && ticked < this.ticks.length;
    const count = this.changed.length;
    const said = [count && editWord("stafflayers.js_changed", { count }), ticked && editWord("stafflayers.js_ticked", { count: ticked })];
    this.state.textContent = said.filter(Boolean).join(" · ");
  }

  /** Offer the rows that an earlier visit changed and did not save; those of other pages wait there. */
  offer() {
    const [kept] = this.copy.read();
    if (!kept) return;
    const here = new Map(this.rows.map((row) => [row.id, row]));
    this.elsewhere = kept.fields.filter(([id]) => !here.has(id));
    const mine = kept.fields.filter(([id, value]) => here.has(id) && here.get(id)?.was !== value);
    if (!mine.length) return;
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(kept.at);
    const notice = element("div", "notice", element("p", "", editWord("stafflayers.js_offer", { day, time: clockOf(kept.at), count: mine.length })));
    const decide = (/** @type {boolean} */ isWanted) => {
      for (const [id, value] of isWanted ? mine : []) /** @type {Row} */ (here.get(id)).field.value = value;
      notice.remove();
      this.touched();
    };
    notice.append(element("p", "buttons", button(editWord("stafflayers.js_restore"), () => decide(true), "button primary"),
      button(editWord("stafflayers.js_discard"), () => decide(false))));
    this.form.prepend(notice);
  }
}

/** @type {HTMLFormElement | null} */
const form = document.querySelector(".layer-form");
if (form) new Table(form);

/** @type {HTMLElement | null} */
const saves = document.querySelector("[data-table-saves]");
if (saves) saves.addEventListener("submit", () => copyOf(saves.dataset.tableSaves).send());
if (document.querySelector("[data-table-saved]")) forgetSent(true);

// A chosen file's name beside our own button; without scripts the browser's own field stands there.
for (const field of document.querySelectorAll(".file-field")) {
  /** @type {HTMLInputElement} */
  const input = find(field, "input");
  const name = find(field, ".file-name");
  const say = () => { name.textContent = input.files?.[0]?.name ?? name.dataset.none ?? ""; };
  input.addEventListener("change", say);
  addEventListener("pageshow", say);
}
