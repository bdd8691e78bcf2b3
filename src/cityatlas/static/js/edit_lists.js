// Add, remove and move the rows of lists, by buttons and by keys. Without a script an empty row at the end does.

import { button, editWord, made } from "./edit_words.js";

const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

class RowList {
  constructor(box) {
    this.box = box;
    this.key = box.dataset.list;
    this.numbered = new RegExp(`(\\b${this.key}[.-])(\\d+)(?=[.-]|$)`, "g");
    const rows = this.rows;
    if (!rows.length) return;
    this.blank = rows.at(-1).cloneNode(true);
    this.blankTitle = this.blank.querySelector(":scope > legend")?.textContent ?? "";
    for (const row of rows) this.equip(row);
    this.more = button(editWord("editmap.js_row_add"), () => this.add());
    rows.at(-1).after(this.more);
    box.addEventListener("keydown", (event) => this.keyed(event));
    this.mark();
  }

  /** Return the elements that hold one row each: the largest ones with fields of one number only. */
  get rows() {
    const fields = [...this.box.querySelectorAll(`[name^="${this.key}."]`)];
    const numberOf = ({ name }) => name.split(".")[1];
    const found = new Set(fields.map((field) => {
      let row = field;
      while (row.parentElement !== this.box && isOfOne(row.parentElement, numberOf(field), this.key)) row = row.parentElement;
      return row;
    }));
    return [...found];
  }

  equip(row) {
    const tools = made("span", "row-tools");
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
    this.rows.at(-1).after(row);
    this.equip(row);
    this.renumber();
    return row;
  }

  add() {
    this.addBlank().querySelector("input, select, textarea")?.focus();
  }

  /** Add empty rows until there are so many. */
  growTo(count) {
    while (this.blank && this.rows.length < count) this.addBlank();
  }

  move(row, by) {
    const rows = this.rows;
    const other = rows[rows.indexOf(row) + by];
    if (!other) return;
    const focused = document.activeElement;
    if (by < 0) other.before(row);
    else other.after(row);
    this.renumber();
    if (row.contains(focused)) focused.focus();
    this.changed();
  }

  remove(row) {
    const rows = this.rows;
    const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    if (!next) this.add(); // one row always stands, to be filled
    row.remove();
    this.renumber();
    (next ?? this.rows[0]).querySelector("input, select, textarea")?.focus();
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
    rows.forEach((row, number) => {
      const legend = row.querySelector(":scope > legend");
      const isLast = number === rows.length - 1;
      const isBlank = isLast && [...row.querySelectorAll("input, select, textarea")].every(({ value }) => !value);
      if (legend) legend.textContent = isBlank ? this.blankTitle : editWord("editmap.js_row", { number: number + 1 });
      row.classList.toggle("row-new", isBlank);
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

function isOfOne(node, number, key) {
  return [...node.querySelectorAll(`[name^="${key}."]`)].every(({ name }) => name.split(".")[1] === number);
}

const boxes = [...document.querySelectorAll("#edit [data-list]")];
export const rowLists = new Map(boxes.map((box) => [box.dataset.list, new RowList(box)]));
