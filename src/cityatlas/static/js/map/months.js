// Show the projects as they stood at a month: a slider from the first phase to today.

import { find } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";

/** @param {string} month */
const toNumber = (month) => { const [year, number] = month.split("-").map(Number); return year * 12 + number - 1; };
/** @param {number} number */
const toMonth = (number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;

export class Months {
  /**
   * @param {HTMLElement} box
   * @param {import("./state.js").Store} store
   * @param {[first: string, last: string]} months
   */
  constructor(box, store, months) {
    this.store = store;
    /** @type {HTMLInputElement} */
    this.input = find(box, "input");
    this.output = find(box, "output");
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: atlas.timezone, year: "numeric", month: "2-digit" }).format(new Date()).slice(0, 7);
    this.last = Math.max(toNumber(today), toNumber(months[1]));
    Object.assign(this.input, { min: String(toNumber(months[0])), max: String(this.last), step: "1" });
    this.input.addEventListener("input", () => {
      const number = Number(this.input.value);
      this.store.set({ month: number >= this.last ? "" : toMonth(number) });
    });
    this.show();
    box.hidden = false;
  }

  show() {
    const { month } = this.store.state;
    this.input.value = String(month ? toNumber(month) : this.last);
    const [year, number] = (month || toMonth(this.last)).split("-").map(Number);
    const words = new Intl.DateTimeFormat(atlas.lang === "zh" ? "zh-CN" : "en", { year: "numeric", month: "long" }).format(new Date(year, number - 1, 15));
    this.output.textContent = month ? words : word("month_latest");
    this.input.setAttribute("aria-valuetext", String(this.output.textContent));
  }
}
