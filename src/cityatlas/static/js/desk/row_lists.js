// Add, remove and move the rows of lists: by dragging, buttons and keys. Without a script an empty row at the end does.

import { button, element } from "../shared/dom.js";
import { dragRows } from "./drag.js";
import { editWord } from "./words.js";

const CONTROLS = "input:not([type=hidden]), select, textarea";
const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

class RowList {
  constructor(box) {
    this.box = box;
    this.key = box.dataset.list;
    this.numbered = new RegExp(`(\\b${this.key}[.-])(\\d+)(?=[.-]|$)`, "g");
    const rows = this.rows;
    if (!rows.length) return;
    this.blank = rows.at(-1).cloneNode(true);
    this.none = element("input"); // sent while there are no rows, so that the desk knows that there are none
    Object.assign(this.none, { type: "hidden", name: `${this.key}.0.none` });
    this.more = button(box.dataset.add, () => this.add());
    rows.at(-1).after(this.more);
    for (const row of rows) this.equip(row);
    if (isBlank(rows.at(-1))) rows.at(-1).remove();
    box.addEventListener("keydown", (event) => this.keyed(event));
    dragRows(box, () => this.rows, (row, by) => this.move(row, by));
    this.mark();
  }

  /** Return the elements that hold one row each: the largest ones with fields of one number only. */
  get rows() {
    const fields = [...this.box.querySelectorAll(`[name^="${this.key}."]:not([name$=".none"])`)];
    const numberOf = ({ name }) => name.split(".")[1];
    const found = new Set(fields.map((field) => {
      let row = field;
      while (row.parentElement !== this.box && isOfOne(row.parentElement, numberOf(field), this.key)) row = row.parentElement;
      return row;
    }));
    return [...found];
  }

  equip(row) {
    const tools = element("span", "row-tools");
    const grip = element("span", "grip", "⠿");
    grip.ariaHidden = "true"; // for a pointer; the buttons and Alt with an arrow do the same
    tools.append(grip);
    for (const [sign, word, act] of [
      ["↑", "editmap.js_row_up", () => this.move(row, -1)],
      ["↓", "editmap.js_row_down", () => this.move(row, 1)],
      ["×", "editmap.js_row_remove", () => this.remove(row)],
    ]) {
      const tool = button(sign, act, "tool");
      tool.dataset.word = word;
      tools.append(tool);
    }
    row.append(tools);
  }

  addBlank() {
    const row = this.blank.cloneNode(true);
    this.more.before(row);
    this.equip(row);
    this.renumber();
    return row;
  }

  add() {
    this.addBlank().querySelector(CONTROLS)?.focus();
  }

  /** Add empty rows until there are so many. */
  growTo(count) {
    while (this.blank && this.rows.length < count) this.addBlank();
  }

  move(row, by) {
    const rows = this.rows;
    const other = rows[rows.indexOf(row) + by];
    if (!other) return;
    if (by < 0) row.after(other); // the row itself stays where it is, with the focus and the pointer that hold it
    else row.before(other);
    this.renumber();
    this.changed();
  }

  remove(row) {
    const rows = this.rows;
    const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    row.remove();
    this.renumber();
    (next?.querySelector(CONTROLS) ?? this.more).focus();
    this.changed();
  }

  renumber() {
    this.rows.forEach((row, number) => {
      for (const node of [row, ...row.querySelectorAll("*")]) {
        for (const attribute of NUMBERED) {
          const value = node.getAttribute(attribute);
          if (value) node.setAttribute(attribute, value.replace(this.numbered, `$1${number}`));
        }
      }
    });
    this.mark();
  }

  /** Name the buttons by their row, and switch off those that can do nothing. */
  mark() {
    const rows = this.rows;
    if (rows.length) this.none.remove();
    else this.more.before(this.none);
    rows.forEach((row, number) => {
      const legend = row.querySelector(":scope > legend");
      const isLast = number === rows.length - 1;
      if (legend) legend.textContent = this.box.dataset.row.replace("#", number + 1);
      row.classList.remove("row-new");
      for (const tool of row.querySelectorAll(".row-tools button")) {
        tool.ariaLabel = editWord(tool.dataset.word, { number: number + 1 });
        tool.title = tool.ariaLabel;
      }
      const [up, down] = row.querySelectorAll(".row-tools button");
      up.disabled = number === 0;
      down.disabled = isLast;
    });
  }

  keyed(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = by && event.altKey && this.rows.find((one) => one.contains(event.target));
    if (!row) return;
    event.preventDefault();
    this.move(row, by);
  }

  changed() {
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const isBlank = (row) => [...row.querySelectorAll("input, select, textarea")].every(({ value }) => !value);

function isOfOne(node, number, key) {
  return [...node.querySelectorAll(`[name^="${key}."]`)].every(({ name }) => name.split(".")[1] === number);
}

const boxes = [...document.querySelectorAll("#edit [data-list]")];
export const rowLists = new Map(boxes.map((box) => [box.dataset.list, new RowList(box)]));
