// Show the card of the chosen feature beside the map. The server writes it, with everything escaped.

import { button, find, tell } from "../shared/dom.js";
import { cardAddress, word } from "../shared/page_data.js";
import { fillOpening } from "../pages/opening.js";

/** @type {Map<string, Promise<string>>} */
const kept = new Map(); // by id, for this snapshot

/** Fetch the HTML of a card, also before it is asked for, when a finger or pointer comes near.
 * @param {string} id
 */
export function fetchCard(id) {
  const known = kept.get(id);
  if (known) return known;
  const asked = fetch(cardAddress(id)).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  });
  asked.catch(() => kept.delete(id));
  kept.set(id, asked);
  return asked;
}

/** Put the card of `id` into `place` and move the focus to its name; "" empties the place.
 * @param {HTMLElement} place
 * @param {string} id
 * @param {() => void} close
 */
export async function showCard(place, id, close, isFocused = true) {
  place.dataset.wanted = id;
  if (!id) {
    place.replaceChildren();
    delete place.dataset.shown;
    place.hidden = true;
    return null;
  }
  if (place.dataset.shown !== id) {
    try {
      const page = new DOMParser().parseFromString(await fetchCard(id), "text/html");
      if (place.dataset.wanted !== id) return null; // another was asked for, or none, before it came
      place.replaceChildren(find(page, "article.card"));
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

/**
 * @param {HTMLElement} place
 * @param {() => void} close
 */
function addCloseButton(place, close) {
  if (place.querySelector(".card-close")) return;
  const cross = button("×", close, "card-close");
  cross.setAttribute("aria-label", word("close_card"));
  place.firstElementChild?.prepend(cross);
}
