// Answer the page of a search where no server does: a frozen site has a list of words and an empty place for what it finds.

import { element } from "../shared/dom.js";
import { searchHere } from "../shared/find_words.js";

/** Fill the place that the page has for what is found, if it has one. */
export async function findHere() {
  const place = document.getElementById("found-here");
  const query = new URLSearchParams(location.search).get("q")?.trim();
  if (!place || !query) return;
  const { index, site, none } = /** @type {Record<string, string>} */ ({ ...place.dataset });
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("page-q"));
  if (field) field.value = query;
  const found = await searchHere(index, query);
  place.replaceChildren(...found.map(({ id, name }) => {
    const link = element("a", "", element("span", "feature-name", name));
    link.href = site.replace("/-/", `/${encodeURIComponent(id)}/`);
    return element("li", "feature-item", link);
  }));
  if (!found.length) place.append(element("li", "soft", none));
}
