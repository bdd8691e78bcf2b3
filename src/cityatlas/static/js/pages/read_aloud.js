// Read a summary aloud by a voice of the browser in the text's language, where it has one.

const LATE_MS = 1_500;
const SPEAKS = "speaks"; // of the page's root: only then are the buttons shown

/** Return whether a voice speaks a language, whichever of its regions.
 * @param {{ lang: string }} voice
 * @param {string} tag
 */
export const speaks = (voice, tag) => voice.lang.replace("_", "-").split("-")[0].toLowerCase() === tag.split("-")[0].toLowerCase();

/** Return the best voice for a language: of its region, on the phone itself rather than of a server; none without one.
 * @template {{ lang: string, localService: boolean }} V
 * @param {V[]} voices
 * @param {string} tag
 */
export function voiceFor(voices, tag) {
  const rank = (/** @type {V} */ voice) => Number(voice.lang.replace("_", "-") === tag) + 2 * Number(voice.localService);
  return voices.filter((voice) => speaks(voice, tag)).sort((a, b) => rank(b) - rank(a))[0];
}

/** Let every button[data-read] read the text beside it, and stop; they are hidden until a voice is there. */
export function readAloud() {
  const speech = /** @type {Partial<Window>} */ (window).speechSynthesis;
  if (!speech) return;
  const root = document.documentElement;
  /** @type {HTMLButtonElement | null} */
  let reading = null;
  const look = () => root.classList.toggle(SPEAKS, speech.getVoices().some((voice) => speaks(voice, root.lang)));
  const end = () => {
    if (reading) show(reading, false);
    reading = null;
    speech.cancel();
  };
  look();
  speech.addEventListener?.("voiceschanged", look); // they come late, and older iPhones do not say when
  setTimeout(look, LATE_MS);
  addEventListener("pagehide", end);
  document.addEventListener("click", (event) => {
    /** @type {HTMLButtonElement | null} */
    const button = /** @type {Element} */ (event.target).closest("button[data-read]");
    if (!button) {
      if (reading && !reading.isConnected) end(); // its card was closed
      return;
    }
    const wasReading = button === reading;
    end();
    if (wasReading) return;
    const text = /** @type {HTMLElement | null} */ (button.parentElement?.querySelector("[data-read-text]"));
    if (!text) return;
    const tag = /** @type {HTMLElement | null} */ (text.querySelector("[lang]") ?? text.closest("[lang]"))?.lang || root.lang;
    const said = new SpeechSynthesisUtterance(String(text.textContent).trim());
    said.lang = tag;
    said.voice = voiceFor(speech.getVoices(), tag) ?? null;
    said.onend = said.onerror = () => { if (reading === button) end(); };
    reading = button;
    show(button, true);
    speech.speak(said);
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {boolean} isReading
 */
function show(button, isReading) {
  button.setAttribute("aria-pressed", String(isReading));
  const words = button.querySelector("span");
  if (words) words.textContent = String(isReading ? button.dataset.stop : button.dataset.read);
}
