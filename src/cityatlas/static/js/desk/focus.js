// Lead to the field that an address names, as #phases.2 or #summary.en: open its group, put the cursor in it, mark it.

import { findAll, targetOf } from "../shared/dom.js";

const CONTROLS = "input:not([type=hidden]), select, textarea, button:not(.tool)";
const isShown = (/** @type {Element} */ node) => node.getClientRects().length > 0;

/** Return the element of a path, or that of the nearest path above it: of a row that is gone, its list.
 * @param {HTMLElement} form
 * @param {string} path
 */
function nearest(form, path) {
  for (let part = path; part; part = part.slice(0, Math.max(0, part.lastIndexOf(".")))) {
    const found = document.getElementById(part);
    if (found && form.contains(found)) return found;
  }
  return null;
}

/** @param {HTMLElement} form */
function lead(form) {
  const target = nearest(form, decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let group = target.closest("details"); group; group = group.parentElement?.closest("details") ?? null) group.open = true;
  const control = findAll(target, CONTROLS).find(isShown);
  target.scrollIntoView({ block: target.matches(".group, [role='group']") ? "start" : "center" });
  const summary = target.closest("details")?.querySelector("summary");
  (control ?? summary)?.focus({ preventScroll: true });
  for (const node of form.querySelectorAll(".is-sought")) node.classList.remove("is-sought");
  target.classList.add("is-sought");
}

const form = document.getElementById("edit");
if (form) {
  addEventListener("load", () => setTimeout(() => lead(form))); // a browser that comes to its fragment takes the cursor out
  addEventListener("hashchange", () => lead(form));
  /** @type {HTMLSelectElement | null} */
  const jump = document.querySelector("#jump");
  jump?.closest("p")?.removeAttribute("hidden");
  jump?.addEventListener("change", () => {
    location.hash = jump.value;
    jump.value = ""; // so that the same part can be chosen again
  });
  document.addEventListener("click", (event) => {
    /** @type {HTMLAnchorElement | null} */
    const link = targetOf(event).closest("a[href^='#']");
    if (link?.hash === location.hash) lead(form); // once more to the same: no change is told
  });
}
