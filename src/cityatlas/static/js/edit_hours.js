// Build opening hours from rows of days and times, and show what they mean on the next fourteen days.

import { DAYS, readHours, writeHours } from "./edit_hours_text.js";
import { addresses, button, editWord, made } from "./edit_words.js";

const PAUSE_MS = 300;
const NAMES = {
  Mo: "editmap.js_mo", Tu: "editmap.js_tu", We: "editmap.js_we", Th: "editmap.js_th", Fr: "editmap.js_fr", Sa: "editmap.js_sa",
  Su: "editmap.js_su", PH: "editmap.js_ph",
};
const EMPTY = { days: [], from: "", to: "" };

class HoursBuilder {
  constructor(field) {
    this.field = field;
    this.rows = made("div", "hours-rows");
    this.holidays = made("input");
    this.holidays.type = "checkbox";
    this.beyond = made("p", "soft small", editWord("editmap.js_hours_beyond"));
    this.tools = made("div", "hours-tools", this.rows,
      made("label", "choice", this.holidays, editWord("editmap.js_hours_holidays")),
      button(editWord("editmap.js_hours_add"), () => this.addRow(EMPTY, true)));
    this.fault = made("p", "field-fault");
    this.fault.setAttribute("role", "status");
    this.table = made("table", "hours-days");
    const builder = made("details", "hours-builder", made("summary", "", editWord("editmap.js_hours_builder")), this.beyond, this.tools);
    const shown = made("div", "hours-shown", this.fault, this.table);
    (field.closest(".field, p, div") ?? field).after(builder, shown);
    this.tools.addEventListener("input", (event) => { event.stopPropagation(); this.write(); });
    for (const kind of ["input", "filled"]) field.addEventListener(kind, () => this.isWriting || this.read());
    this.read();
  }

  /** Fill the rows from the text; the text itself stays as it was typed. */
  read() {
    const known = readHours(this.field.value);
    this.beyond.hidden = Boolean(known);
    this.tools.hidden = !known;
    if (known) {
      this.rows.replaceChildren();
      for (const row of known.rows.length ? known.rows : [EMPTY]) this.addRow(row);
      this.holidays.checked = known.isClosedOnHolidays;
    }
    this.showSoon(0);
  }

  addRow({ days, from, to }, isFocused = false) {
    const row = made("fieldset", "hours-row", made("legend", "hidden-visually", editWord("editmap.js_hours_row")));
    for (const day of [...DAYS, "PH"]) row.append(dayBox(day, days.includes(day)));
    row.append(clockField("from", editWord("editmap.js_hours_from"), from), clockField("to", editWord("editmap.js_hours_to"), to));
    row.append(button(editWord("editmap.js_hours_remove"), () => { row.remove(); this.write(); this.rows.querySelector("input")?.focus(); }));
    this.rows.append(row);
    if (isFocused) row.querySelector("input").focus();
  }

  write() {
    const rows = [...this.rows.children].map((row) => ({
      days: [...row.querySelectorAll(":checked")].map(({ value }) => value),
      from: row.querySelector("[data-end=from]").value,
      to: row.querySelector("[data-end=to]").value,
    }));
    this.field.value = writeHours(rows, this.holidays.checked);
    this.isWriting = true;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.isWriting = false;
    this.showSoon(PAUSE_MS);
  }

  showSoon(wait_ms) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.show(), wait_ms || PAUSE_MS);
  }

  async show() {
    const text = this.field.value;
    try {
      const answer = await fetch(`${addresses.hours}?${new URLSearchParams({ text })}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || text !== this.field.value) return;
      const { fault = "", days = [] } = await answer.json();
      this.fault.textContent = fault;
      this.table.replaceChildren(...(days.length ? [made("caption", "", editWord("editmap.js_hours_days"))] : []), ...days.map(dayRow));
    } catch { /* without a network the text still stands; it is checked when it is saved */ }
  }
}

function dayBox(day, isChecked) {
  const box = made("input");
  Object.assign(box, { type: "checkbox", value: day, checked: isChecked });
  return made("label", "day-box", box, made("span", "", editWord(NAMES[day])));
}

function clockField(end, title, value) {
  const field = made("input");
  Object.assign(field, { type: "time", value });
  field.dataset.end = end;
  return made("label", "clock-field", title, field);
}

function dayRow({ date, weekday, note, times }) {
  const head = made("th", "", `${date.slice(5)} ${weekday}`, ...(note ? [made("small", "soft", ` ${note}`)] : []));
  head.scope = "row";
  return made("tr", note ? "is-special" : "", head, made("td", "", times));
}

const field = document.getElementById("edit")?.elements.opening_hours;
if (field && addresses.hours) new HoursBuilder(field);
