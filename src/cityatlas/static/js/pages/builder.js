// Show each choice of the builder at once: the server makes what an address says, and a part of its page is taken over.

const PAUSE_MS = 400; // after the last key
const SETTLED_MS = 1500; // after a frame has loaded it asks for its data

/** Follow the form of the builder, if the page has one. */
export function followBuilder() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("builder"));
  if (!form) return;
  let timer = 0;
  form.addEventListener("input", () => {
    for (const part of form.querySelectorAll("[data-not-of=plan]")) part.toggleAttribute("hidden", new FormData(form).get("of") === "plan");
    clearTimeout(timer);
    timer = setTimeout(() => show(addressOf(form)), PAUSE_MS);
  });
  if ([...form.elements].some(isChanged)) form.dispatchEvent(new Event("input")); // before this script ran
  weigh();
}

/** Tell whether a control says something else than the page that it came with.
 * @param {Element} control
 */
function isChanged(control) {
  if (control instanceof HTMLSelectElement) return control.selectedIndex !== Math.max(0, [...control.options].findIndex(({ defaultSelected }) => defaultSelected));
  return control instanceof HTMLInputElement && (control.checked !== control.defaultChecked || control.value !== control.defaultValue);
}

/** Return the address of what a form asks for; what is left empty is not said.
 * @param {HTMLFormElement} form
 */
export function addressOf(form) {
  const asked = new URLSearchParams();
  for (const [key, value] of new FormData(form)) if (value) asked.append(key, String(value));
  return `${form.action}?${asked}`;
}

let newest = 0;

/** @param {string} address */
async function show(address) {
  const number = ++newest;
  try {
    const text = await (await fetch(address)).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("made");
    if (!fresh || number !== newest) return;
    document.getElementById("made")?.replaceWith(fresh);
    history.replaceState(null, "", address);
    weigh();
  } catch { /* without an answer the last one stays; the button asks again */ }
}

/** Say what the frame has loaded, as this browser measured it. */
function weigh() {
  /** @type {HTMLIFrameElement | null} */
  const frame = document.querySelector(".builder-frame");
  frame?.addEventListener("load", () => setTimeout(() => tellWeight(frame), SETTLED_MS), { once: true });
}

/** @param {HTMLIFrameElement} frame */
function tellWeight(frame) {
  /** @type {HTMLElement | null} */
  const place = document.querySelector(".builder-weight");
  const timing = frame.contentWindow?.performance;
  if (!place || !timing) return;
  const loaded = [...timing.getEntriesByType("navigation"), ...timing.getEntriesByType("resource")];
  const bytes = loaded.reduce((sum, entry) => sum + /** @type {PerformanceResourceTiming} */ (entry).encodedBodySize, 0);
  const words = /** @type {string} */ (place.dataset.words);
  place.textContent = words.replace("{kb}", String(Math.round(bytes / 1000))).replace("{requests}", String(loaded.length));
}
