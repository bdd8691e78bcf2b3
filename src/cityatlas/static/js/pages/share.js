// Share a page or copy a text, and say in words what happened.

/** Make every button[data-share] share an address (its own, else the page's) and button[data-copy] copy its text. */
export function shareOnClick() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-share], button[data-copy]");
    if (!button) return;
    if (button.dataset.copy !== undefined) copy(button, button.dataset.copy);
    else share(button, button.dataset.share || location.href);
  });
}

async function share(button, url) {
  if (navigator.share) {
    try {
      await navigator.share({ title: button.dataset.title ?? document.title, url });
      return;
    } catch (error) {
      if (error.name === "AbortError") return; // the visitor changed their mind
    }
  }
  copy(button, url);
}

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    confirm(button, button.dataset.done ?? "✓");
  } catch { // a page without https, or a browser that forbids it
    confirm(button, `${button.dataset.failed ?? ""}${text}`);
  }
}

/** Write into the live region that is nearest: the card's own, else the page's. */
function confirm(button, words) {
  const place = button.closest(".card")?.querySelector(".card-status") ?? document.getElementById("told");
  if (!place) return;
  place.textContent = words;
  place.classList.add("shown");
  setTimeout(() => place.classList.remove("shown"), 6000);
}
