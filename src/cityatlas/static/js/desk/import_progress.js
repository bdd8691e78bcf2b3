// Show how far the reading of a file is, and open what came of it; without scripts the page loads itself anew.

const ASK_MS = 700; // between two questions
const wait = document.getElementById("import-wait");

async function ask() {
  const [bar, words] = [wait.querySelector("progress"), wait.querySelector("[role=status]")];
  try {
    const answer = await fetch(wait.dataset.progress);
    if (!answer.ok || answer.redirected) return location.reload(); // it is gone, or the session is over: the page says which
    const far = await answer.json();
    if (far.is_done) return location.reload();
    if (far.of) Object.assign(bar, { max: far.of, value: far.done });
    if (words.textContent !== far.words) words.textContent = far.words;
  } catch { /* no network for a moment: asked again */ }
  setTimeout(ask, ASK_MS);
}

if (wait) setTimeout(ask, ASK_MS);
