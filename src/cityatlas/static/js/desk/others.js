// Tell the desk that one has a feature open, and say who else has, while the page is in view.

import { element, fieldOf } from "../shared/dom.js";
import { editWord } from "./words.js";

const EVERY_MS = 20_000;

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 */
async function ask(form, place) {
  if (document.hidden) return;
  try {
    const answer = await fetch(form.dataset.others ?? "", {
      method: "POST", headers: { Accept: "application/json", "X-CSRF-Token": fieldOf(form, "csrf").value },
    });
    if (!answer.ok) return;
    const { others } = await answer.json();
    place.replaceChildren(...others.flatMap(told));
  } catch { /* without a network nobody is known; what is kept is told elsewhere */ }
}

/** @param {{told: string, draft: string}} other */
function told({ told: sentence, draft }) {
  if (!draft) return [element("span", "", sentence), " "];
  const link = element("a", "", editWord("editmap.js_other_draft"));
  link.href = `?${new URLSearchParams({ draft })}`;
  return [element("span", "", sentence, " ", link), " "];
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
const place = document.getElementById("edit-others");
if (form?.dataset.others && place) {
  ask(form, place);
  setInterval(() => ask(form, place), EVERY_MS);
  document.addEventListener("visibilitychange", () => ask(form, place));
}
