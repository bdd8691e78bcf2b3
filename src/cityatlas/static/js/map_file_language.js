// Show the map that is one file in the other language that it holds, before any other script reads the page.

/** @typedef {{ features: Record<string, [number, Record<string, unknown>][]> }} Other */

const other = /** @type {HTMLTemplateElement | null} */ (document.getElementById("other-language"));

if (other) {
  if (new URLSearchParams(location.search).get("lang") === other.lang) speak(other);
  for (const link of document.querySelectorAll(".file-language")) link.removeAttribute("hidden");
}

/** Put the other language's page in the place of this one, and its words into the data.
 * @param {HTMLTemplateElement} template
 */
function speak(template) {
  document.querySelector("main")?.replaceWith(template.content.cloneNode(true));
  document.documentElement.lang = template.lang;
  document.title = document.querySelector("h1")?.textContent ?? document.title;
  const [node, words] = ["atlas", "other-words"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
  const table = JSON.parse(String(node.textContent));
  const { features, ...rest } = /** @type {Other} */ (JSON.parse(String(words.textContent)));
  Object.assign(table, rest);
  for (const [part, rows] of Object.entries(features)) {
    for (const [number, said] of rows) Object.assign(table[part].features[number].properties, said);
  }
  node.textContent = JSON.stringify(table);
}
