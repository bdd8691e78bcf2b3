// Remember the language that a visitor chooses, in a cookie of this site.

const YEAR_S = 365 * 24 * 3600;

/** Note the language when a link of the language switch is followed. */
export function rememberLanguage() {
  document.addEventListener("click", (event) => {
    /** @type {HTMLElement | null} */
    const link = /** @type {Element} */ (event.target).closest("a[data-lang]");
    if (link) document.cookie = `lang=${link.dataset.lang}; path=/; max-age=${YEAR_S}; samesite=lax`;
  });
}
