// Ask the server for another plan: show that it takes a while, and let the visitor stop it.

import { byId, find } from "../shared/dom.js";
import { planWord } from "./words.js";

const PATIENCE_MS = 300; // a shorter wait needs no word
const MOST_KEPT = 12;

export class Stopped extends Error {}
export class Replaced extends Stopped {}
export class Busy extends Error {} // the server answers, but with no plan

/** @param {Document} page */
const copyOf = (page) => /** @type {Document} */ (page.cloneNode(true));

/** Fetch the planner's pages by address, one at a time; a newer question ends the older one. */
export class Planner {
  /** @param {HTMLElement} progress */
  constructor(progress) {
    this.progress = progress;
    /** @type {Map<string, Document>} */
    this.kept = new Map(); // by address, so that going back is at once
    /** @type {(AbortController & {isReplaced?: boolean}) | null} */
    this.asking = null;
    find(progress, "[data-stop]").addEventListener("click", () => this.stop());
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || progress.hidden) return;
      event.stopImmediatePropagation();
      this.stop();
    }, { capture: true }); // before what else Escape closes
  }

  stop() {
    this.asking?.abort();
  }

  /**
   * @param {string} address
   * @param {Document} page
   */
  keep(address, page) {
    this.kept.delete(address);
    this.kept.set(address, page);
    if (this.kept.size > MOST_KEPT) this.kept.delete([...this.kept.keys()][0]);
  }

  /** Return the page of an address as a document. Raises Stopped, Replaced (by a newer question), Busy, or what fetch raises.
   * @param {string} address
   */
  async ask(address) {
    if (this.asking) this.asking.isReplaced = true;
    this.stop();
    const kept = this.kept.get(address);
    if (kept) return copyOf(kept);
    const asking = this.asking = /** @type {AbortController & {isReplaced?: boolean}} */ (new AbortController());
    const origin = /** @type {HTMLElement | null} */ (document.activeElement);
    const timer = setTimeout(() => this.wait(), PATIENCE_MS);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById("plan-day")) throw new Busy(String(answer.status));
      if (answer.ok) this.keep(address, copyOf(page));
      return page;
    } catch (error) {
      if (asking.isReplaced) throw new Replaced();
      throw asking.signal.aborted ? new Stopped() : error;
    } finally {
      clearTimeout(timer);
      if (this.asking === asking) this.done(origin);
    }
  }

  /** Show that it takes a while, and tell it. */
  wait() {
    this.progress.hidden = false;
    byId("plan-said").textContent = planWord("planmap.js_planning");
  }

  /** Hide the progress; who stopped it is back where they asked.
   * @param {HTMLElement | null} origin
   */
  done(origin) {
    const hadFocus = this.progress.contains(document.activeElement);
    this.progress.hidden = true;
    byId("plan-said").textContent = "";
    if (hadFocus) origin?.focus({ preventScroll: true });
  }
}
