// Add, remove and move the rows of lists: by dragging, buttons and keys. Without a script an empty row at the end does.

import { button, element, find, findAll, targetOf } from "../shared/dom.js";
import { dragRows } from "../shared/drag_rows.js";
import { editWord } from "./words.js";

const CONTROLS = "input:not([type=hidden]), select, textarea";
/** @type {Record<string, number>} */
const ARROWS = { ArrowUp: -1, ArrowDown: 1 };
const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby"];

export class RowList {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.box = box;
    this.key = box.dataset.list ?? "";
    this.numbered = new RegExp(`(\\b${this.key}[.-])(\\d+)(?=[.-]|$)`, "g");
    this.none = element("input"); // sent while there are no rows, so that the desk knows that there are none
    Object.assign(this.none, { type: "hidden", name: `${this.key}.0.none` });
    this.more = button(box.dataset.add ?? "", () => this.add());
    const rows = this.rows;
    const last = rows[rows.length - 1];
    this.blank = last && /** @type {HTMLElement} */ (last.cloneNode(true));
    if (!last) return; // of a list that is not on this form
    last.after(this.more);
    for (const row of rows) this.equip(row);
    if (isBlank(last)) last.remove();
    box.addEventListener("keydown", (event) => this.keyed(event));
    dragRows(box, document.documentElement, () => this.rows, (row, to) => this.move(row, to - this.rows.indexOf(row)));
    this.mark();
  }

  /** Return the elements that hold one row each: the largest ones with fields of one number only. */
  get rows() {
    /** @type {HTMLInputElement[]} */
    const fields = findAll(this.box, `[name^="${this.key}."]:not([name$=".none"])`);
    const found = new Set(fields.map((field) => {
      /** @type {HTMLElement} */
      let row = field;
      for (let above = row.parentElement; above && above !== this.box && isOfOne(above, numberOf(field), this.key); above = row.parentElement) row = above;
      return row;
    }));
    return [...found];
  }

  /** @param {HTMLElement} row */
  equip(row) {
    const tools = element("span", "row-tools");
    const grip = element("span", "grip", "⠿");
    grip.ariaHidden = "true"; // for a pointer; the buttons and Alt with an arrow do the same
    tools.append(grip);
    const tool = (/** @type {string} */ sign, /** @type {string} */ word, /** @type {() => void} */ act) => {
      const made = button(sign, act, "tool");
      made.dataset.word = word;
      tools.append(made);
    };
    tool("↑", "editmap.js_row_up", () => this.move(row, -1));
    tool("↓", "editmap.js_row_down", () => this.move(row, 1));
    tool("×", "editmap.js_row_remove", () => this.remove(row));
    row.append(tools);
  }

  addBlank() {
    const row = /** @type {HTMLElement} */ (this.blank.cloneNode(true));
    this.more.before(row);
    this.equip(row);
    this.renumber();
    return row;
  }

  add() {
    find(this.addBlank(), CONTROLS).focus();
  }

  /** Add empty rows until there are so many.
   * @param {number} count
   */
  growTo(count) {
    while (this.blank && this.rows.length < count) this.addBlank();
  }

  /** Move a row `by` so many; the row itself stays where it is, with the focus that is in it, and the others go past it.
   * @param {HTMLElement} row
   * @param {number} by
   */
  move(row, by) {
    const rows = this.rows;
    const at = rows.indexOf(row);
    if (!rows[at + by]) return;
    if (by < 0) row.after(...rows.slice(at + by, at));
    else row.before(...rows.slice(at + 1, at + by + 1));
    this.renumber();
    this.changed();
  }

  /** @param {HTMLElement} row */
  remove(row) {
    const rows = this.rows;
    const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    row.remove();
    this.renumber();
    (next ? find(next, CONTROLS) : this.more).focus();
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
      if (legend) legend.textContent = (this.box.dataset.row ?? "").replace("#", String(number + 1));
      row.classList.remove("row-new");
      /** @type {HTMLButtonElement[]} */
      const tools = findAll(row, ".row-tools button");
      for (const tool of tools) tool.ariaLabel = tool.title = editWord(tool.dataset.word ?? "", { number: number + 1 });
      const [up, down] = tools;
      up.disabled = number === 0;
      down.disabled = isLast;
    });
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    const by = ARROWS[event.key];
    const row = by && event.altKey && this.rows.find((one) => one.contains(targetOf(event)));
    if (!row) return;
    event.preventDefault();
    this.move(row, by);
  }

  changed() {
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {HTMLElement} row */
function isBlank(row) {
  /** @type {HTMLInputElement[]} */
  const fields = findAll(row, "input, select, textarea");
  return fields.every(({ value }) => !value);
}

/** @param {HTMLInputElement} field */
const numberOf = ({ name }) => name.split(".")[1];

/**
 * @param {HTMLElement} node
 * @param {string} number
 * @param {string} key
 */
function isOfOne(node, number, key) {
  /** @type {HTMLInputElement[]} */
  const fields = findAll(node, `[name^="${key}."]`);
  return fields.every((field) => numberOf(field) === number);
}

const boxes = findAll(document, "#edit [data-list]");
export const rowLists = new Map(boxes.map((box) => [box.dataset.list ?? "", new RowList(box)]));
