// Let a place's card take it into the plan in hand, instead of leading to a plan of that place alone.

import { planWord } from "./words.js";

const PLAN_LINK = "a[href*='/plan?must=']";

/** Word the link of each card that comes into `place`, and call `add(id)` when it is taken.
 * @param {HTMLElement} place
 * @param {(id: string) => void} add
 */
export function addFromCards(place, add) {
  new MutationObserver(() => {
    const link = place.querySelector(PLAN_LINK);
    if (link?.lastChild) link.lastChild.textContent = planWord("planmap.js_added");
  }).observe(place, { childList: true });
  place.addEventListener("click", (event) => {
    /** @type {HTMLAnchorElement | null} */
    const link = /** @type {Element} */ (event.target).closest(PLAN_LINK);
    if (!link) return;
    event.preventDefault();
    add(new URL(link.href).searchParams.get("must") ?? "");
  });
}
