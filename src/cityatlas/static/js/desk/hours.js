// Build opening hours from rows of days and times, and show what they mean on the next fourteen days.

import { button, element, fieldOf, find, findAll } from "../shared/dom.js";
import { ALWAYS, DAYS, readHours, writeHours } from "./hours_text.js";
import { addresses, editWord } from "./words.js";

const PAUSE_MS = 300;
/** @type {Record<string, string>} */
const NAMES = {
  Mo: "editmap.js_mo", Tu: "editmap.js_tu", We: "editmap.js_we", Th: "editmap.js_th", Fr: "editmap.js_fr", Sa: "editmap.js_sa",
  Su: "editmap.js_su", PH: "editmap.js_ph",
};
/** @type {import("./hours_text.js").HoursRow} */
const EMPTY = { days: [], from: "", to: "" };

class HoursBuilder {
  /** @param {HTMLInputElement} field */
  constructor(field) {
    this.field = field;
    this.told = field.value;
    this.waiting = 0;
    this.isLeft = false;
    this.rows = element("div", "hours-rows");
    this.always = box();
    this.holidays = box();
    this.beyond = element("p", "soft small", editWord("editmap.js_hours_beyond"));
    this.weekly = element("div", "hours-weekly", this.rows,
      button(editWord("editmap.js_hours_add"), () => this.addRow(EMPTY, true)),
      element("label", "choice", this.holidays, editWord("editmap.js_hours_holidays")));
    this.tools = element("div", "hours-tools", element("label", "choice", this.always, editWord("editmap.js_hours_always")), this.weekly);
    this.fault = element("p", "field-fault");
    this.fault.setAttribute("role", "status");
    this.meant = "";
    this.cure = button("", () => this.take());
    this.cure.hidden = true;
    this.said = element("p", "soft small");
    this.table = element("table", "hours-days");
    this.text = this.place();
    this.tools.addEventListener("input", (event) => { event.stopPropagation(); this.write(); });
    for (const kind of ["input", "filled"]) field.addEventListener(kind, () => field.value === this.told || this.read());
    field.addEventListener("change", () => { this.isLeft = true; this.showSoon(0); });
    this.read();
  }

  /** Put the rows first and the text, which can say more, behind them. */
  place() {
    const line = /** @type {Element} */ (this.field.closest(".line"));
    const isFaulty = line.querySelector(".field-fault") !== null;
    const text = element("details", "hours-text", element("summary", "", editWord("editmap.js_hours_text")), ...line.childNodes, this.said);
    text.open = isFaulty;
    line.append(element("p", "hours-title", editWord("editmap.js_hours_title")), this.tools, this.beyond, text, this.fault, this.cure, this.table);
    return text;
  }

  /** Fill the rows from the text; the text itself stays as it was typed, and so does a row that is not finished. */
  read() {
    this.told = this.field.value;
    this.isLeft = false;
    const known = readHours(this.field.value);
    this.beyond.hidden = Boolean(known);
    this.tools.hidden = !known;
    if (known) {
      this.rows.replaceChildren();
      for (const row of known.rows.length ? known.rows : [EMPTY]) this.addRow(row);
      this.holidays.checked = known.isClosedOnHolidays;
      this.always.checked = Boolean(known.isAlways);
      this.weekly.hidden = this.always.checked;
    } else this.text.open = true;
    this.showSoon(0);
  }

  /** @param {import("./hours_text.js").HoursRow} row */
  addRow({ days, from, to }, isFocused = false) {
    const remove = button("×", () => { row.remove(); this.write(); this.rows.querySelector("input")?.focus(); }, "tool");
    remove.ariaLabel = remove.title = editWord("editmap.js_hours_remove");
    const boxes = element("span", "hours-boxes", ...[...DAYS, "PH"].map((day) => dayBox(day, days.includes(day))));
    const clocks = element("span", "hours-clocks", clockField("from", editWord("editmap.js_hours_from"), from),
      clockField("to", editWord("editmap.js_hours_to"), to), remove);
    const row = element("fieldset", "hours-row", element("legend", "hidden-visually", editWord("editmap.js_hours_row")), boxes, clocks);
    this.rows.append(row);
    if (isFocused) row.querySelector("input")?.focus();
  }

  write() {
    const rows = [...this.rows.children].map((row) => ({
      days: boxesOf(row).filter(({ checked }) => checked).map(({ value }) => value),
      from: valueOf(row, "from"),
      to: valueOf(row, "to"),
    }));
    this.weekly.hidden = this.always.checked;
    this.set(this.always.checked ? ALWAYS : writeHours(rows, this.holidays.checked));
  }

  /** @param {string} text */
  set(text) {
    this.field.value = this.told = text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.showSoon(PAUSE_MS);
  }

  /** @param {number} wait_ms */
  showSoon(wait_ms) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.show(), wait_ms || PAUSE_MS);
  }

  /** Put what was meant in the place of what was typed. */
  take() {
    this.set(this.meant);
    this.read();
  }

  async show() {
    const text = this.field.value;
    try {
      const answer = await fetch(`${addresses.hours}?${new URLSearchParams({ text })}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || text !== this.field.value) return;
      const { fault = "", hours = "", cure = "", said = "", days = [] } = await answer.json();
      this.meant = hours || cure;
      if (hours && hours !== text && this.isLeft) return void this.take();
      this.fault.textContent = cure ? editWord("editmap.js_hours_meant") : fault;
      this.cure.textContent = cure && said;
      this.cure.hidden = !cure;
      this.said.textContent = hours && said;
      this.table.replaceChildren(...(days.length ? [element("caption", "", editWord("editmap.js_hours_days"))] : []), ...days.map(dayRow));
    } catch { /* without a network the text still stands; it is checked when it is saved */ }
  }
}

/**
 * @param {Element} row
 * @returns {HTMLInputElement[]}
 */
const boxesOf = (row) => findAll(row, "[type=checkbox]");

/**
 * @param {Element} row
 * @param {"from" | "to"} end
 */
function valueOf(row, end) {
  /** @type {HTMLInputElement} */
  const clock = find(row, `[data-end=${end}]`);
  return clock.value;
}

function box(values = {}) {
  return Object.assign(element("input"), { type: "checkbox", ...values });
}

/**
 * @param {string} day
 * @param {boolean} isChecked
 */
function dayBox(day, isChecked) {
  return element("label", "day-box", box({ value: day, checked: isChecked }), element("span", "", editWord(NAMES[day])));
}

/**
 * @param {"from" | "to"} end
 * @param {string} title
 * @param {string} value
 */
function clockField(end, title, value) {
  const field = element("input");
  Object.assign(field, { type: "time", value });
  field.dataset.end = end;
  return element("label", "clock-field", title, field);
}

/** @param {Record<"date" | "weekday" | "note" | "times", string>} day */
function dayRow({ date, weekday, note, times }) {
  const head = element("th", "", `${date.slice(5)} ${weekday}`, ...(note ? [element("small", "soft", ` ${note}`)] : []));
  head.scope = "row";
  return element("tr", note ? "is-special" : "", head, element("td", "", times));
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
const field = form && fieldOf(form, "opening_hours");
if (field && addresses.hours) new HoursBuilder(field);
