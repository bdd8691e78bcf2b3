// Let the panel be a sheet on a phone: low, half or full, by drag, tap or key.

const SIZES = ["low", "half", "full"];

export class Sheet {
  constructor(panel, handle, onMove) {
    Object.assign(this, { panel, handle, onMove });
    handle.addEventListener("click", () => { if (!this.wasDragged) this.to(this.size === "full" ? "low" : SIZES[SIZES.indexOf(this.size) + 1]); });
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.to(SIZES[Math.max(0, Math.min(2, SIZES.indexOf(this.size) + step))]);
    });
    handle.addEventListener("pointerdown", (event) => this.begin(event));
    this.to(panel.dataset.sheet ?? "low");
  }

  to(size) {
    this.size = size;
    this.panel.dataset.sheet = size;
    this.panel.style.removeProperty("--sheet-y");
    this.handle.setAttribute("aria-expanded", String(size !== "low"));
    this.onMove?.(size);
  }

  begin(event) {
    this.wasDragged = false;
    this.handle.setPointerCapture(event.pointerId);
    const start = event.clientY;
    const height = this.panel.getBoundingClientRect().height;
    const move = ({ clientY }) => {
      if (Math.abs(clientY - start) > 6) this.wasDragged = true;
      if (this.wasDragged) this.panel.style.setProperty("--sheet-y", `${Math.max(96, height + start - clientY)}px`);
    };
    const end = ({ clientY }) => {
      this.handle.removeEventListener("pointermove", move);
      if (this.wasDragged) this.to(nearest((height + start - clientY) / innerHeight));
    };
    this.handle.addEventListener("pointermove", move);
    for (const type of ["pointerup", "pointercancel"]) this.handle.addEventListener(type, end, { once: true });
  }
}

function nearest(share) {
  if (share > 0.7) return "full";
  return share > 0.32 ? "half" : "low";
}
