// Move a row of a list by dragging its grip, with a mouse, a pen or a finger: plans, lists and stops alike.

const EDGE_PX = 60; // so near to an end of what scrolls it scrolls along
const SCROLL_PX = 12;
const MARKS = ["drop-before", "drop-after"];

/** Let the grips within `root` move their rows; `drop(row, to)` is told where among its rows one is to stand.
 * @param {HTMLElement} root
 * @param {Element} scroller what scrolls along
 * @param {(grip: HTMLElement) => HTMLElement[]} rowsOf
 * @param {(row: HTMLElement, to: number) => void} drop
 */
export function dragRows(root, scroller, rowsOf, drop) {
  root.addEventListener("pointerdown", (event) => {
    /** @type {HTMLElement | null} */
    const grip = /** @type {Element} */ (event.target).closest(".grip");
    const rows = grip && event.button === 0 ? rowsOf(grip) : [];
    const row = rows.find((one) => one.contains(grip));
    if (!grip || !row) return;
    event.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(event.pointerId);
    followPointer(grip, event.clientY, scroller, rows, row, drop);
  });
}

/** Show where a row would fall, until the pointer is lifted; Escape and a lost pointer leave it where it was.
 * @param {HTMLElement} grip
 * @param {number} startY
 * @param {Element} scroller
 * @param {HTMLElement[]} rows
 * @param {HTMLElement} row
 * @param {(row: HTMLElement, to: number) => void} drop
 */
function followPointer(grip, startY, scroller, rows, row, drop) {
  const others = rows.filter((one) => one !== row);
  const [from, startScroll] = [rows.indexOf(row), scroller.scrollTop];
  let to = from;
  const moved = (/** @type {PointerEvent} */ { clientY }) => {
    scrollAlong(scroller, clientY);
    row.style.setProperty("--drag-y", `${clientY - startY + scroller.scrollTop - startScroll}px`);
    to = others.filter((other) => middleOf(other) < clientY).length;
    for (const other of others) other.classList.remove(...MARKS);
    if (to === from) return;
    if (to < others.length) others[to].classList.add("drop-before");
    else others[to - 1].classList.add("drop-after");
  };
  const end = () => {
    grip.removeEventListener("pointermove", moved);
    grip.removeEventListener("pointerup", dropped);
    grip.removeEventListener("pointercancel", end);
    removeEventListener("keydown", pressed);
    row.classList.remove("dragged");
    row.style.removeProperty("--drag-y");
    for (const other of others) other.classList.remove(...MARKS);
  };
  const dropped = () => { end(); if (to !== from) drop(row, to); };
  const pressed = (/** @type {KeyboardEvent} */ { key }) => { if (key === "Escape") end(); };
  grip.addEventListener("pointermove", moved);
  grip.addEventListener("pointerup", dropped);
  grip.addEventListener("pointercancel", end);
  addEventListener("keydown", pressed);
  row.classList.add("dragged");
}

/** @param {HTMLElement} row */
function middleOf(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

/**
 * @param {Element} scroller
 * @param {number} clientY
 */
function scrollAlong(scroller, clientY) {
  const isPage = scroller === document.documentElement;
  const { top, bottom } = isPage ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
  if (clientY < top + EDGE_PX) scroller.scrollTop -= SCROLL_PX;
  if (clientY > bottom - EDGE_PX) scroller.scrollTop += SCROLL_PX;
}
