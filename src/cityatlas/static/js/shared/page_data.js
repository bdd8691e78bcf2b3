// Hold what the page says about the map: addresses, titles, styles and words, in one language.

const node = document.getElementById("atlas");
export const atlas = node ? JSON.parse(node.textContent) : null;
export const layerSpecs = new Map(atlas ? atlas.layers.map((spec) => [spec.id, spec]) : []);

/** Return a sentence with its {places} filled in. */
export function word(key, values = {}) {
  return (atlas.words[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Return an address of a feature, made from the page's own pattern. */
export const siteAddress = (id) => atlas.site.replace(/-$/, encodeURIComponent(id));
export const cardAddress = (id) => atlas.card.replace("/-/", `/${encodeURIComponent(id)}/`);
