// Mark a text that is there in one language only, while it is typed.

import { findAll, targetOf } from "../shared/dom.js";

const form = document.getElementById("edit");

/** @param {Element} pair */
function mark(pair) {
  /** @type {HTMLInputElement[]} */
  const texts = findAll(pair, "input, textarea");
  const blank = texts.filter(({ value }) => !value.trim()).map(({ name }) => name.split(".").pop());
  const lacks = blank.length === 1 ? blank[0] ?? "" : "";
  pair.classList.toggle("lacks", lacks !== "");
  for (const tag of findAll(pair, "[data-lacks]")) tag.hidden = tag.dataset.lacks !== lacks;
}

for (const kind of ["input", "filled"]) {
  form?.addEventListener(kind, (event) => {
    const pair = targetOf(event).closest(".pair");
    if (pair) mark(pair);
  });
}
