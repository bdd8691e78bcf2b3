// Put the stops of a day into another order: drag a stop's grip, or press up and down on it.

const EDGE_PX = 60; // so near to the panel's edge it scrolls along
const SCROLL_PX = 12;

/** Let grips within `root` move their stops; `move(ids, row)` is told the new order. */
export function reorder(root, scroller, move) {
  root.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".grip");
    if (grip && event.button === 0) new Drag(grip, event, scroller, move);
  });
  root.addEventListener("keydown", (event) => {
    const change = { ArrowUp: "earlier", ArrowDown: "later" }[event.key];
    const grip = change && event.target.closest?.(".grip");
    if (!grip) return;
    event.preventDefault();
    grip.closest(".row").querySelector(`[data-change="${change}"]`)?.click();
  });
}

/** Return a stop that was moved, and the stops that it passed. */
export function crossedBy(id, before, after) {
  const [from, to] = [before.indexOf(id), after.indexOf(id)];
  return before.slice(Math.min(from, to), Math.max(from, to) + 1);
}

class Drag {
  constructor(grip, event, scroller, move) {
    this.row = grip.closest(".row");
    this.rows = [...this.row.parentElement.querySelectorAll(".row.visit")];
    Object.assign(this, { grip, scroller, move, from: this.rows.indexOf(this.row), startY: event.clientY, startScroll: scroller.scrollTop });
    event.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(event.pointerId);
    this.row.classList.add("dragged");
    this.ending = new AbortController();
    const on = (type, act) => grip.addEventListener(type, act, { signal: this.ending.signal });
    on("pointermove", ({ clientY }) => this.to(clientY));
    on("pointerup", () => this.end(true));
    on("pointercancel", () => this.end(false));
    on("keydown", ({ key }) => { if (key === "Escape") this.end(false); });
  }

  to(clientY) {
    const { top, bottom } = this.scroller.getBoundingClientRect();
    if (clientY < top + EDGE_PX) this.scroller.scrollTop -= SCROLL_PX;
    if (clientY > bottom - EDGE_PX) this.scroller.scrollTop += SCROLL_PX;
    const dy = clientY - this.startY + this.scroller.scrollTop - this.startScroll;
    this.row.style.setProperty("--drag-y", `${dy}px`);
    const others = this.rows.filter((row) => row !== this.row);
    this.target = others.filter((row) => { const box = row.getBoundingClientRect(); return box.top + box.height / 2 < clientY; }).length;
    this.rows.forEach((row) => row.classList.remove("drop-before", "drop-after"));
    if (this.target === this.from) return;
    if (this.target < others.length) others[this.target].classList.add("drop-before");
    else others[others.length - 1].classList.add("drop-after");
  }

  end(isDone) {
    this.ending.abort();
    this.row.classList.remove("dragged");
    this.row.style.removeProperty("--drag-y");
    this.rows.forEach((row) => row.classList.remove("drop-before", "drop-after"));
    if (!isDone || this.target === undefined || this.target === this.from) return;
    const ids = this.rows.map((row) => row.dataset.id).filter((id) => id !== this.row.dataset.id);
    ids.splice(this.target, 0, this.row.dataset.id);
    this.move(ids, this.row);
  }
}
