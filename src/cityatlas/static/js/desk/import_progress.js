// Show how far the reading of a file is, and open what came of it; without scripts the page loads itself anew.

import { byId, find } from "../shared/dom.js";

const ASK_MS = 700; // between two questions
const wait = byId("import-wait");

async function ask() {
  const [bar, words] = [find(wait, "progress"), find(wait, "[role=status]")];
  try {
    const answer = await fetch(wait.dataset.progress ?? "");
    const far = answer.ok && !answer.redirected ? await answer.json() : null;
    if (!far || far.is_done) {
      location.reload(); // it is read, or gone, or the session is over: the page says which
      return;
    }
    if (far.of) Object.assign(bar, { max: far.of, value: far.done });
    if (words.textContent !== far.words) words.textContent = far.words;
  } catch { /* no network for a moment: asked again */ }
  setTimeout(ask, ASK_MS);
}

if (wait) setTimeout(ask, ASK_MS);
