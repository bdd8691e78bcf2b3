// Share fingers and wheel with the page around a frame: one finger and the bare wheel are the page's, two and Ctrl the map's.

import { word } from "../shared/page_data.js";

const SHOWN_MS = 1600;

/** Tell which words an input deserves: they follow what a hand does, not how wide the frame is.
 * @param {"touch" | "wheel" | "keys"} input
 */
export function hintOf(input) {
  if (input === "touch") return word("gesture_touch");
  if (input === "keys") return word("gesture_keys");
  return isMac() ? word("gesture_wheel_mac") : word("gesture_wheel");
}

const isMac = () => /Mac|iP(hone|ad|od)/.test(navigator.platform);

export class Gestures {
  /**
   * @param {L.Map} map
   * @param {HTMLElement} frame what holds the map and hears what comes to it first
   * @param {string} mode shared, free or none
   */
  constructor(map, frame, mode) {
    this.map = map;
    this.frame = frame;
    this.hint = frame.querySelector(".gesture-hint");
    this.isPointed = false; // what was pressed last: a button or finger, else a key
    if (mode === "none") this.stop();
    if (mode !== "shared") return;
    this.setShared(true);
    frame.addEventListener("pointerdown", (event) => this.pointed(event), { capture: true });
    frame.addEventListener("touchmove", (event) => this.touched(event), { capture: true, passive: true });
    frame.addEventListener("wheel", (event) => this.wheeled(event), { capture: true, passive: false });
    document.addEventListener("keydown", () => { this.isPointed = false; }, true);
    frame.addEventListener("focusin", (event) => this.focused(event));
    document.addEventListener("fullscreenchange", () => this.setShared(!document.fullscreenElement));
    map.on("fullscreenchange enterFullscreen exitFullscreen", () => this.setShared(!isFull(map)));
  }

  stop() {
    const { map } = this;
    for (const handler of [map.dragging, map.touchZoom, map.scrollWheelZoom, map.doubleClickZoom, map.boxZoom, map.keyboard]) handler?.disable();
    this.frame.classList.add("gestures-shared");
  }

  /** @param {boolean} isShared */
  setShared(isShared) {
    this.isShared = isShared;
    this.frame.classList.toggle("gestures-shared", isShared);
    if (isShared) this.map.dragging.disable();
    else this.map.dragging.enable();
  }

  /** A mouse and a pen drag the map; a finger scrolls the page.
   * @param {PointerEvent} event
   */
  pointed(event) {
    this.isPointed = true;
    if (!this.isShared) return;
    if (event.pointerType === "touch") this.map.dragging.disable();
    else this.map.dragging.enable();
  }

  /** @param {TouchEvent} event */
  touched(event) {
    if (this.isShared && event.touches.length === 1) this.show("touch");
  }

  /** Ctrl and wheel zoom the map, never the page, with or without a focus; a pinch on a trackpad comes as that too.
   * @param {WheelEvent} event
   */
  wheeled(event) {
    if (!this.isShared) return;
    if (event.ctrlKey || event.metaKey) event.preventDefault();
    else {
      event.stopImmediatePropagation(); // unheard by the map, it scrolls the page
      this.show("wheel");
    }
  }

  /** A press focuses the map too, by Leaflet; only who comes by a key is told of keys.
   * @param {FocusEvent} event
   */
  focused(event) {
    if (this.isShared && !this.isPointed && event.target === this.map.getContainer()) this.show("keys");
  }

  /** @param {"touch" | "wheel" | "keys"} input */
  show(input) {
    if (!this.hint) return;
    this.hint.textContent = hintOf(input);
    this.hint.classList.add("shown");
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => this.hint?.classList.remove("shown"), SHOWN_MS);
  }
}

/** @param {L.Map} map */
const isFull = (map) => Boolean(document.fullscreenElement) || map.getContainer().classList.contains("leaflet-pseudo-fullscreen");
