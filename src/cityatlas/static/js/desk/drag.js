// Move a row of a list by dragging its grip, with a mouse, a pen or a finger.

const EDGE_PX = 70; // so near to an end of the window it scrolls along
const SCROLL_PX = 14;

/** Let the grips of rows within `box` move them: `move(row, by)` is asked for a step whenever a neighbour is passed. */
export function dragRows(box, rowsOf, move) {
  box.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest?.(".grip");
    const row = grip && event.button === 0 && rowsOf().find((one) => one.contains(grip));
    if (!row) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    row.classList.add("is-dragged");
    const ending = new AbortController();
    const on = (type, act) => grip.addEventListener(type, act, { signal: ending.signal });
    const end = () => { ending.abort(); row.classList.remove("is-dragged"); };
    on("pointermove", ({ clientY }) => {
      if (clientY < EDGE_PX) scrollBy(0, -SCROLL_PX);
      if (clientY > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
      const by = stepTo(clientY, rowsOf(), row);
      if (by) move(row, by);
    });
    on("pointerup", end);
    on("pointercancel", end);
  });
}

/** Return -1 or 1 where the pointer has passed the middle of the row before or behind, else 0. */
function stepTo(y, rows, row) {
  const at = rows.indexOf(row);
  const middle = (other) => { const { top, height } = other.getBoundingClientRect(); return top + height / 2; };
  if (rows[at - 1] && y < middle(rows[at - 1])) return -1;
  return rows[at + 1] && y > middle(rows[at + 1]) ? 1 : 0;
}
