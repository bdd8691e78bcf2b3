// Keep what is typed in this browser, by account, feature and draft, until the desk has it.

const PREFIX = "cityatlas.edit:";
const SENT = "cityatlas.sent";
const OLD_MS = 60 * 24 * 3600 * 1000; // a copy that nobody came back for in two months goes

/** @typedef {{at: number, fields: Pair[]}} Copy */

export class LocalCopy {
  /**
   * @param {string} account
   * @param {string} feature
   * @param {string} draft
   */
  constructor(account, feature, draft) {
    this.place = `${PREFIX}${JSON.stringify([account, feature, draft])}`;
    forgetOld();
  }

  /** Keep fields [[name, value]], and an older copy that nobody has decided about; tells whether the browser could.
   * @param {Pair[]} fields
   * @param {Copy | null} older
   */
  keep(fields, older = null) {
    try {
      localStorage.setItem(this.place, JSON.stringify({ at: Date.now(), fields, older }));
      return true;
    } catch { // full, or storing is not allowed here
      return false;
    }
  }

  /** Return the copies {at, fields}, the newest first.
   * @returns {Copy[]}
   */
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.place) ?? "null");
      return [kept, kept?.older].filter((copy) => Array.isArray(copy?.fields));
    } catch {
      return [];
    }
  }

  /** Note that the form is being sent; the next page forgets the copy when it says that all was saved. */
  send() {
    try {
      sessionStorage.setItem(SENT, this.place);
    } catch { /* then the copy is offered once more */ }
  }

  /** Forget what the desk has by now, but not an older copy that nobody has decided about.
   * @param {Copy | null} older
   */
  forget(older = null) {
    try {
      if (older) localStorage.setItem(this.place, JSON.stringify(older));
      else localStorage.removeItem(this.place);
    } catch { /* then there is nothing either */ }
  }
}

/** Forget the copy of the form that was sent before this page came, if it was saved.
 * @param {boolean} isSaved
 */
export function forgetSent(isSaved) {
  try {
    const place = sessionStorage.getItem(SENT);
    if (place && isSaved) localStorage.removeItem(place);
    sessionStorage.removeItem(SENT);
  } catch { /* then it is offered once more */ }
}

function forgetOld() {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      const { at } = JSON.parse(localStorage.getItem(key) ?? "null") ?? {};
      if (!(Date.now() - at < OLD_MS)) localStorage.removeItem(key);
    }
  } catch { /* as above */ }
}
