// Fill in sentences; they come with the page, in its language.

/** Return a sentence with its {places} filled in; those without a value stay as they are.
 * @param {string} sentence
 * @param {Values} [values]
 */
export function filled(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}
