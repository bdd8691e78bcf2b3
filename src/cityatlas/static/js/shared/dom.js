// Make and find elements, and tell people what happens: what every page needs of the browser, whatever it shows.

/** Return an element that the page is sure to have.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

/** Return the first element of a selector, where there is sure to be one.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 */
export const find = (root, selector) => /** @type {T} */ (root.querySelector(selector));

/** Return all elements of a selector.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 */
export const findAll = (root, selector) => [.../** @type {NodeListOf<T>} */ (root.querySelectorAll(selector))];

/** Return the field of a form that bears a name; who is not sure that there is one asks it with `?.`.
 * @template {Element} [T=HTMLInputElement]
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export const fieldOf = (form, name) => /** @type {T} */ (form.elements.namedItem(name));

/** Return the element that an event happened on. Of a key or a script's own event it may be the document: `closest?.()`.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {Event} event
 */
export const targetOf = (event) => /** @type {T} */ (event.target);

/** Return an element with a class and text; children are nodes or texts, never markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {string} className
 * @param {...(Node | string)} children
 */
export function element(name, className = "", ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Return a button that sends no form.
 * @param {string} text
 * @param {(event: MouseEvent) => void} act
 */
export function button(text, act, className = "button") {
  const node = element("button", className, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Return an SVG element with attributes and children.
 * @param {string} name
 * @param {Record<string, string | number | undefined>} attributes
 * @param {...(Node | string)} children
 */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Return an icon of the page's sprite, hidden from screen readers: words stand beside it.
 * @param {string} name
 */
export function icon(name, className = "icon") {
  const symbol = document.getElementById(`i-${name}`) ?? document.getElementById("i-marker");
  const viewBox = symbol?.getAttribute("viewBox") ?? "0 0 15 15";
  return drawn("svg", { class: className, viewBox, "aria-hidden": "true", focusable: "false" },
    drawn("use", { href: `#${symbol?.id}` }));
}

/** Return whether the visitor wants nothing to move by itself. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Let the browser answer a finger or a key before the work goes on.
 * @returns {Promise<void>}
 */
export const pause = () => new Promise((go) => { setTimeout(go); });

let telling = 0;

/** Tell a screen reader, and show for a while, what has just happened.
 * @param {string} text
 */
export function tell(text) {
  const place = document.getElementById("told");
  if (!place) return;
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(telling);
  telling = setTimeout(() => place.classList.remove("shown"), 5000);
}
