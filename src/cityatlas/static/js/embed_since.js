// Say in a pinned frame how much has changed since. Without an answer it goes on saying of which day it is.

/** Put the number of changes into the link to the latest.
 * @param {HTMLElement} row
 */
async function tellChanges(row) {
  const { since = "", one = "", many = "", other = "" } = row.dataset;
  try {
    const answer = await fetch(since);
    if (!answer.ok) return;
    const { changes, is_folder_other: isOther } = await answer.json();
    const words = changes === 1 ? one : changes ? many : isOther ? other : "";
    const link = row.querySelector("a");
    if (link && words) link.textContent = words.replace("{count}", String(changes));
  } catch { /* offline, or the store is away */ }
}

const row = /** @type {HTMLElement | null} */ (document.querySelector("[data-since]"));
if (row) tellChanges(row);
