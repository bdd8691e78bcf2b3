// Make elements, and tell people what happens: what every page needs of the browser, whatever it shows.

/** Return an element with a class and text; children are nodes or texts, never markup. */
export function element(name, className = "", ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Return a button that sends no form. */
export function button(text, act, className = "button") {
  const node = element("button", className, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Return an SVG element with attributes and children. */
export function drawn(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Return an icon of the page's sprite, hidden from screen readers: words stand beside it. */
export function icon(name, className = "icon") {
  const symbol = document.getElementById(`i-${name}`) ?? document.getElementById("i-marker");
  const viewBox = symbol?.getAttribute("viewBox") ?? "0 0 15 15";
  return drawn("svg", { class: className, viewBox, "aria-hidden": "true", focusable: "false" },
    drawn("use", { href: `#${symbol?.id}` }));
}

/** Return whether the visitor wants nothing to move by itself. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Let the browser answer a finger or a key before the work goes on. */
export const pause = () => new Promise((go) => { setTimeout(go); });

/** Tell a screen reader, and show for a while, what has just happened. */
export function tell(text) {
  const place = document.getElementById("told");
  if (!place) return;
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => place.classList.remove("shown"), 5000);
}
