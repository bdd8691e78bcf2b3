// Offer on the page about the data to keep the city on this phone, and tell how it goes.

import { find } from "../shared/dom.js";
import { findKept, keep, letGo, readKept, TooLarge } from "./keep.js";

const MEGABYTE = 1_000_000;

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1);

/** Return a moment as the reader writes it.
 * @param {string} at
 */
export const moment = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));

/** Offer it, and return what tells again how things stand.
 * @param {HTMLElement} section
 * @returns {() => void}
 */
export function offer(section) {
  const { list = "", words: told = "{}" } = section.dataset;
  const words = /** @type {Record<string, string>} */ (JSON.parse(told));
  const status = find(section, "[data-keep=told]");
  /** @type {HTMLProgressElement} */
  const bar = find(section, "progress");
  /** @type {HTMLButtonElement} */
  const begin = find(section, "[data-keep=do]");
  /** @type {HTMLButtonElement} */
  const remove = find(section, "[data-keep=remove]");
  find(section, "[data-keep=yes]").hidden = false;
  find(section, "[data-keep=instead]").hidden = true;

  const show = async (message = "") => {
    const kept = await findKept();
    bar.hidden = true;
    remove.hidden = !kept;
    begin.disabled = false;
    status.textContent = message || stateOf(kept, words);
  };
  begin.addEventListener("click", async () => {
    begin.disabled = true;
    bar.hidden = false;
    bar.value = 0;
    try {
      await keep(list, (done, all) => {
        bar.value = done / all;
        status.textContent = words.progress.replace("{done}", megabytes(done)).replace("{all}", megabytes(all));
      });
      await show();
    } catch (error) {
      await show(failureOf(error, words));
    }
  });
  remove.addEventListener("click", async () => {
    await letGo();
    await show(words.removed);
    begin.focus();
  });
  show();
  return () => { if (bar.hidden) show(); };
}

/** Return how old what is kept is; of what a browser let go of by itself, that too.
 * @param {import("./keep.js").Kept | null} kept
 * @param {Record<string, string>} words
 */
function stateOf(kept, words) {
  const known = kept ?? readKept();
  if (!known) return "";
  return (kept ? words.ready : words.gone).replace("{when}", moment(known.at)).replace("{size}", megabytes(known.bytes));
}

/**
 * @param {unknown} error
 * @param {Record<string, string>} words
 */
function failureOf(error, words) {
  if (error instanceof TooLarge) return words.large.replace("{size}", Number(error.message).toFixed(1));
  return error instanceof DOMException && error.name === "QuotaExceededError" ? words.full : words.failed;
}
