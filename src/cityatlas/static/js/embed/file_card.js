// Write the card of a place from what the page brings along: every text of it is a text, never markup.

import { element } from "../shared/dom.js";
import { atlas } from "../shared/page_data.js";

/** Return the card of a place.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function drawCard(id) {
  const card = /** @type {PlaceCard} */ (atlas.cards?.[id]);
  const title = element("h2", "", card.title);
  title.id = `card-${id}`;
  const made = element("article", `card layer-${card.layer}`, title, element("p", "small soft", card.note));
  made.dataset.id = id;
  made.setAttribute("aria-labelledby", title.id);
  if (card.summary) made.append(element("p", "", card.summary));
  if (card.rows.length) made.append(element("dl", "essentials", ...card.rows.map((row) => pair(...row))));
  const { stops, phases, sources, all } = atlas.card_words ?? {};
  made.append(...part(phases, card.phases.map((phase) => phase.join(" · "))), ...part(stops, card.stops));
  made.append(...part(sources, card.sources.map(([text, url]) => link(text, url))));
  if (card.page) made.append(element("p", "", link(all, card.page, "button primary")));
  return made;
}

/**
 * @param {string} label
 * @param {string} text
 */
function pair(label, text) {
  return element("div", "", element("dt", "", label), element("dd", "", link(text, text)));
}

/** Return a heading and a list below it; nothing of nothing.
 * @param {string} title
 * @param {(Node | string)[]} texts
 */
function part(title, texts) {
  return texts.length ? [element("h3", "", title), element("ol", "small", ...texts.map((text) => element("li", "", text)))] : [];
}

/** Return a text as a link where its address is one of the web, else the text.
 * @param {string} text
 * @param {string} url
 */
function link(text, url, className = "") {
  if (!/^https?:\/\/[^\s]+$/.test(url)) return text;
  const made = element("a", className, text);
  Object.assign(made, { href: url, target: "_blank", rel: "noopener noreferrer external" });
  return made;
}
