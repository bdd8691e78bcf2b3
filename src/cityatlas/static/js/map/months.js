// Show the projects as they stood at a month: a slider from the first phase to today.

import { atlas, word } from "../shared/page_data.js";

const toNumber = (month) => { const [year, number] = month.split("-").map(Number); return year * 12 + number - 1; };
const toMonth = (number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;

export class Months {
  constructor(box, store) {
    Object.assign(this, { box, store });
    this.input = box.querySelector("input");
    this.output = box.querySelector("output");
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: atlas.timezone, year: "numeric", month: "2-digit" }).format(new Date()).slice(0, 7);
    this.last = Math.max(toNumber(today), toNumber(atlas.months[1]));
    Object.assign(this.input, { min: String(toNumber(atlas.months[0])), max: String(this.last), step: "1" });
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
    this.input.setAttribute("aria-valuetext", this.output.textContent);
  }
}
