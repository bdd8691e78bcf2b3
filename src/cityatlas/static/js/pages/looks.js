// Let visitors choose how pages look: colours as the device has them, light or dark, and large type with high contrast.
// What they choose stays on this device; the script in each page's head (web/http/sending/headers.py) takes it before anything is drawn.

import { findAll, targetOf } from "../shared/dom.js";

/** Follow the switch beside the language; whoever draws by itself hears "look" from the document. */
export function followLooks() {
  const box = /** @type {HTMLDetailsElement | null} */ (document.getElementById("looks"));
  if (!box) return;
  const { dataset } = document.documentElement;
  /** @type {HTMLInputElement[]} */
  const inputs = findAll(box, "input");
  for (const input of inputs) input.checked = input.value === (input.name === "look" ? dataset.look : dataset.type);
  box.addEventListener("change", (event) => {
    /** @type {HTMLInputElement} */
    const { name, value, checked } = targetOf(event);
    if (name === "look") takeColours(value);
    else takeType(checked ? value : "");
    document.dispatchEvent(new Event("look"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("look")));
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape" && box.open) fold(box); });
  document.addEventListener("pointerdown", (event) => { if (!box.contains(targetOf(event))) box.open = false; });
}

/** @param {HTMLDetailsElement} box */
function fold(box) {
  box.open = false;
  box.querySelector("summary")?.focus();
}

/** @param {string} look */
function takeColours(look) {
  document.documentElement.dataset.look = look;
  const sheet = /** @type {HTMLLinkElement | null} */ (document.getElementById("dark"));
  if (sheet) sheet.media = { light: "not all", dark: "screen" }[look] ?? "screen and (prefers-color-scheme: dark)";
  keep("look", look === "auto" ? "" : look);
}

/** @param {string} type */
function takeType(type) {
  if (type) document.documentElement.dataset.type = type;
  else delete document.documentElement.dataset.type;
  keep("type", type);
}

/**
 * @param {string} key
 * @param {string} value
 */
function keep(key, value) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch { /* it holds for this page, then */ }
}
