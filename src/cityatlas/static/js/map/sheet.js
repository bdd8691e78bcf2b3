// Let the panel be a sheet on a phone: low, half or full, by drag, tap or key.

/** @typedef {"low" | "half" | "full"} Size */

/** @type {Size[]} */
const SIZES = ["low", "half", "full"];
/** @type {Record<string, number>} */
const ARROWS = { ArrowUp: 1, ArrowDown: -1 };

export class Sheet {
  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} handle
   * @param {() => void} onMove
   */
  constructor(panel, handle, onMove) {
    this.panel = panel;
    this.handle = handle;
    this.onMove = onMove;
    this.wasDragged = false;
    this.scroller = /** @type {HTMLElement | null} */ (panel.querySelector(".panel-scroll"));
    this.kept = { size: /** @type {Size} */ ("low"), top: 0 }; // as it stood before a card was opened
    this.size = /** @type {Size} */ (panel.dataset.sheet ?? "low");
    handle.addEventListener("click", () => { if (!this.wasDragged) this.to(this.size === "full" ? "low" : SIZES[SIZES.indexOf(this.size) + 1]); });
    handle.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      if (!step) return;
      event.preventDefault();
      this.to(SIZES[Math.max(0, Math.min(2, SIZES.indexOf(this.size) + step))]);
    });
    handle.addEventListener("pointerdown", (event) => this.begin(event));
    this.to(this.size);
  }

  /** @param {Size} size */
  to(size) {
    this.size = size;
    this.panel.dataset.sheet = size;
    this.panel.style.removeProperty("--sheet-y");
    this.handle.setAttribute("aria-expanded", String(size !== "low"));
    this.onMove();
  }

  /** Open the sheet as far as it goes. */
  open() {
    if (this.size !== "full") this.to("full");
  }

  /** Remember how far the sheet is open and scrolled, for when a card is closed again. */
  keep() {
    this.kept = { size: this.size, top: this.scroller?.scrollTop ?? 0 };
  }

  back() {
    this.to(this.kept.size);
  }

  /** Scroll to a part at the sheet's upper edge; beside the map all that comes before it has room.
   * @param {HTMLElement} part
   */
  scrollTo(part) {
    this.scroller?.scrollTo({ top: this.handle.offsetParent ? part.offsetTop : 0 });
  }

  /** Scroll to where the list was, which is there again. */
  scrollBack() {
    this.scroller?.scrollTo({ top: this.kept.top });
  }

  /** @param {PointerEvent} event */
  begin(event) {
    this.wasDragged = false;
    this.handle.setPointerCapture(event.pointerId);
    const start = event.clientY;
    const height = this.panel.getBoundingClientRect().height;
    const move = (/** @type {PointerEvent} */ { clientY }) => {
      if (Math.abs(clientY - start) > 6) this.wasDragged = true;
      if (this.wasDragged) this.panel.style.setProperty("--sheet-y", `${Math.max(96, height + start - clientY)}px`);
    };
    const end = (/** @type {PointerEvent} */ { clientY }) => {
      this.handle.removeEventListener("pointermove", move);
      if (this.wasDragged) this.to(nearest((height + start - clientY) / innerHeight));
    };
    this.handle.addEventListener("pointermove", move);
    this.handle.addEventListener("pointerup", end, { once: true });
    this.handle.addEventListener("pointercancel", end, { once: true });
  }
}

/**
 * @param {number} share
 * @returns {Size}
 */
function nearest(share) {
  if (share > 0.7) return "full";
  return share > 0.32 ? "half" : "low";
}
