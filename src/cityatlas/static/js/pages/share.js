// Share a page or copy a text, and say in words what happened.

/** Make every button[data-share] share an address (its own, else the page's) and button[data-copy] copy its text. */
export function shareOnClick() {
  document.addEventListener("click", (event) => {
    /** @type {HTMLButtonElement | null} */
    const button = /** @type {Element} */ (event.target).closest("button[data-share], button[data-copy]");
    if (!button) return;
    if (button.dataset.copy !== undefined) copy(button, button.dataset.copy);
    else share(button, button.dataset.share || location.href);
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} url
 */
async function share(button, url) {
  if (/** @type {Partial<Navigator>} */ (navigator).share) {
    try {
      await navigator.share({ title: button.dataset.title ?? document.title, url });
      return;
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") return; // the visitor changed their mind
    }
  }
  copy(button, url);
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    confirm(button, button.dataset.done ?? "✓");
  } catch { // a page without https, or a browser that forbids it
    confirm(button, `${button.dataset.failed ?? ""}${text}`, true);
  }
}

/** Write into the live region that is nearest: the card's own, else the page's.
 * @param {HTMLButtonElement} button
 * @param {string} words
 * @param {boolean} isFailed
 */
function confirm(button, words, isFailed = false) {
  const place = button.closest(".card")?.querySelector(".card-status") ?? document.getElementById("told");
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("failed", isFailed);
  place.classList.add("shown");
  setTimeout(() => place.classList.remove("shown"), 6000);
}
