// Show the card of the chosen feature beside the map. The server writes it, with everything escaped.

import { element, tell } from "../shared/dom.js";
import { cardAddress, word } from "../shared/page_data.js";
import { fillOpening } from "../pages/opening.js";

const kept = new Map(); // id -> promise of the card's HTML, for this snapshot

/** Fetch a card before it is asked for, when a finger or pointer comes near. */
export function fetchCard(id) {
  if (!kept.has(id)) {
    const asked = fetch(cardAddress(id)).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    });
    asked.catch(() => kept.delete(id));
    kept.set(id, asked);
  }
  return kept.get(id);
}

/** Put the card of `id` into `place` and move the focus to its name; "" empties the place. */
export async function showCard(place, id, { isFocused = true, close }) {
  if (!id) {
    place.replaceChildren();
    place.hidden = true;
    return null;
  }
  if (place.dataset.shown !== id) {
    try {
      const page = new DOMParser().parseFromString(await fetchCard(id), "text/html");
      place.replaceChildren(page.querySelector("article.card"));
    } catch {
      tell(word("card_failed"));
      return null;
    }
  }
  place.dataset.shown = id;
  place.hidden = false;
  addCloseButton(place, close);
  fillOpening(place);
  const name = place.querySelector("h2");
  if (isFocused && name) {
    name.tabIndex = -1;
    name.focus({ preventScroll: true });
  }
  return place.firstElementChild;
}

function addCloseButton(place, close) {
  if (place.querySelector(".card-close")) return;
  const button = element("button", "card-close", "×");
  button.type = "button";
  button.setAttribute("aria-label", word("close_card"));
  button.addEventListener("click", close);
  place.firstElementChild.prepend(button);
}
