// Draw the phases of a project as a timeline while they are typed.

import { drawn, element } from "../shared/dom.js";
import { editWord } from "./words.js";

const ROW = 22;
const LABEL = 110;
const LEAST_WIDTH = 320;
const YEARS_TOLD = 5;

/** Return the months since year 0 of "2024", "2024-03" or "2024-03-05", or null.
 * @param {string} text
 */
function monthOf(text) {
  const found = /^(\d{4})(?:-(\d\d))?(?:-\d\d)?$/.exec(text.trim());
  return found ? Number(found[1]) * 12 + Number(found[2] ?? 1) - 1 : null;
}

/** @param {Element} box */
function phasesOf(box) {
  /** @type {(number: number, end: string) => HTMLSelectElement | null} */
  const value = (number, end) => box.querySelector(`[name="phases.${number}.${end}"]`);
  const phases = [];
  for (let number = 0, field; (field = value(number, "phase")); number += 1) {
    const to = monthOf(value(number, "to")?.value ?? "");
    const from = monthOf(value(number, "from")?.value ?? "") ?? to; // of some phases only the end is known
    if (field.value && from !== null) phases.push({ title: field.selectedOptions?.[0]?.text ?? field.value, from, to });
  }
  return phases;
}

/**
 * @param {Element} box
 * @param {HTMLElement} place
 */
function draw(box, place) {
  const phases = phasesOf(box);
  place.hidden = !phases.length;
  if (!phases.length) return;
  const today = new Date();
  const now = today.getFullYear() * 12 + today.getMonth();
  const first = Math.floor(Math.min(now, ...phases.map(({ from }) => from)) / 12) * 12;
  const last = Math.ceil((Math.max(now, ...phases.map(({ from, to }) => to ?? from)) + 1) / 12) * 12;
  const width = Math.max(place.clientWidth, LEAST_WIDTH); // a unit is a pixel, so that letters keep their size
  const at = (/** @type {number} */ month) => LABEL + ((month - first) / (last - first)) * (width - LABEL - 6);
  const height = (phases.length + 1) * ROW;
  const parts = [];
  const step = Math.max(1, Math.ceil((last - first) / 12 / YEARS_TOLD));
  for (let month = first; month <= last; month += 12 * step) {
    parts.push(drawn("line", { x1: at(month), x2: at(month), y1: 0, y2: height - ROW, class: "year-line" }),
      drawn("text", { x: at(month), y: height - 6, class: "year", "text-anchor": month === last ? "end" : "start" }, String(month / 12)));
  }
  phases.forEach(({ title, from, to }, row) => {
    const end = to === null ? Math.max(now, from) : to;
    parts.push(drawn("text", { x: 0, y: row * ROW + 15 }, title),
      drawn("rect", { x: at(from), y: row * ROW + 4, width: Math.max(at(end + 1) - at(from), 3), height: ROW - 8, rx: 4, class: to === null ? "phase is-open" : end < from ? "phase is-wrong" : "phase" }));
  });
  parts.push(drawn("line", { x1: at(now), x2: at(now), y1: 0, y2: height - ROW, class: "today" }));
  const told = editWord("editmap.js_timeline", { count: phases.length });
  place.replaceChildren(drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told, class: "phase-line" }, ...parts));
}

const box = document.querySelector("#edit [data-list=phases]");
if (box) {
  const place = element("div", "phase-place");
  box.prepend(place);
  box.closest("details")?.addEventListener("toggle", () => draw(box, place)); // closed, it has no width
  for (const kind of ["input", "filled"]) box.addEventListener(kind, () => draw(box, place));
  draw(box, place);
}
