// Show what was there in a month: a slider whose steps are the months in which something began, up to today.

import { element, find, icon } from "../shared/dom.js";
import { atlas, word } from "../shared/page_data.js";

const STEP_MS = 1500; // of a month while they are played

/** Return a month in the page's language.
 * @param {string} month
 */
function titleOf(month) {
  if (!month) return word("month_latest");
  const [year, number] = month.split("-").map(Number);
  return new Intl.DateTimeFormat(atlas.lang === "zh" ? "zh-CN" : "en", { year: "numeric", month: "long" }).format(new Date(year, number - 1, 15));
}

export class Months {
  /**
   * @param {HTMLElement} box
   * @param {import("./state.js").Store} store
   * @param {string[]} months
   */
  constructor(box, store, months) {
    this.box = box;
    this.playing = 0;
    this.store = store;
    this.steps = [...months, ""]; // the last is what is known today
    /** @type {HTMLInputElement} */
    this.input = find(box, "input");
    this.output = find(box, "output");
    /** @type {HTMLButtonElement} */
    this.player = find(box, "button");
    Object.assign(this.input, { min: "0", max: String(months.length), step: "1" });
    find(box, "datalist").replaceChildren(...this.steps.map((month, n) => Object.assign(element("option"), { value: String(n), label: titleOf(month) })));
    this.input.addEventListener("input", () => { this.stop(); this.go(Number(this.input.value)); });
    this.player.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    this.show();
  }

  /** Return the step of the month that is shown: the last that began by then. */
  get step() {
    const { month } = this.store.state;
    return month ? Math.max(0, this.steps.filter((step) => step && step <= month).length - 1) : this.steps.length - 1;
  }

  /** @param {number} step */
  go(step) {
    this.store.set({ month: this.steps[step] });
  }

  /** Go from step to step until today, from the first where it is today. */
  play() {
    const isLast = () => this.step === this.steps.length - 1;
    if (isLast()) this.go(0);
    this.playing = window.setInterval(() => {
      this.go(this.step + 1);
      if (isLast()) this.stop();
    }, STEP_MS);
    this.drawPlayer();
  }

  stop() {
    clearInterval(this.playing);
    this.playing = 0;
    this.drawPlayer();
  }

  drawPlayer() {
    const name = word(this.playing ? "months_pause" : "months_play");
    this.player.replaceChildren(icon(this.playing ? "ui-pause" : "ui-play"));
    Object.assign(this.player, { title: name, ariaLabel: name });
  }

  show() {
    const { month } = this.store.state;
    this.input.value = String(this.step);
    this.output.textContent = titleOf(month);
    this.input.setAttribute("aria-valuetext", titleOf(month));
    this.drawPlayer();
  }

  /** Show the slider only where works are looked at: a month is chosen, or what is chosen are works for the most part.
   * @param {MapFeature[]} shown
   * @param {boolean} isChosen
   */
  offer(shown, isChosen) {
    const isWork = (/** @type {MapFeature} */ { properties: { phases = [] } }) => phases.length > 1 || (phases[0]?.[0] ?? "open") !== "open"; // what only stands open is none
    const works = shown.filter(isWork).length;
    this.box.hidden = !(this.store.state.month || (isChosen && works * 2 >= shown.length && works > 0));
    if (this.box.hidden && this.playing) this.stop();
  }
}
