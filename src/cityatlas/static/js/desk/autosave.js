// Keep what is typed: at once in this browser, after two seconds as a draft at the desk, and offer it on return.

import { button, element, fieldOf, find, targetOf } from "../shared/dom.js";
import { forgetSent, LocalCopy } from "./local_copy.js";
import { fieldsOf, fill, isSameText } from "./fields.js";
import { cite } from "./sources.js";
import { account, clockOf, editWord } from "./words.js";

const PAUSE_MS = 2000;
const RETRY_MS = [4000, 8000, 15_000, 30_000];
/** @type {Record<number, string>} */
const REFUSED = { 401: "editmap.js_logged_out", 403: "editmap.js_old_page", 404: "editmap.js_gone" };

/**
 * @typedef {object} Saved
 * @property {string} seen
 * @property {string} draft
 * @property {string[]} [names]
 * @property {Pair[]} [form]
 * @property {string[]} [lists]
 * @property {Pair[]} [cited] what the source of the edit was put into
 * @property {Record<string, unknown>} [faults]
 */

class Keeper {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.failures = this.waiting = 0;
    /** @type {import("./local_copy.js").Copy | null} */
    this.offered = null;
    this.isLeaving = this.isBlocked = this.isSending = false;
    const { feature, layer, unsaved } = form.dataset;
    this.copy = new LocalCopy(account, feature || `new ${layer}`, fieldOf(form, "draft").value);
    this.sent = unsaved ? [] : fieldsOf(form);
    this.isKept = true;
    this.said = element("span", "edit-state small");
    this.said.setAttribute("role", "status");
    this.box = element("div", "edit-offers");
    form.prepend(this.box);
    this.bar = find(form, ".save-bar");
    this.bar.append(this.said); // it stays in view
    forgetSent(!unsaved && document.querySelector(".notice.done") !== null);
    if (!unsaved) this.offer();
    this.listen();
  }

  listen() {
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, (event) => "name" in targetOf(event) && this.touched());
    this.form.addEventListener("submit", () => {
      this.isLeaving = true;
      clearTimeout(this.waiting);
      this.copy.send();
    });
    addEventListener("online", () => this.form.dataset.autosave && !this.isBlocked && this.isDirty && this.save());
    addEventListener("pageshow", () => { this.isLeaving = false; });
    addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.isKept && !this.isLeaving) event.preventDefault();
    });
  }

  get isDirty() {
    return !isSameText(fieldsOf(this.form), this.sent);
  }

  /** Offer what an earlier visit typed and the desk does not have. */
  offer() {
    const kept = this.copy.read().find(({ fields }) => !isSameText(fields, this.sent));
    if (!kept) {
      this.copy.forget();
      return;
    }
    this.offered = { at: kept.at, fields: kept.fields };
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(kept.at);
    const notice = element("div", "notice edit-offer", element("p", "", editWord("editmap.js_offer", { time: clockOf(kept.at), day })),
      element("p", "buttons", button(editWord("editmap.js_restore", { time: clockOf(kept.at) }), () => this.decide(true), "button primary"),
        button(editWord("editmap.js_discard"), () => this.decide(false))));
    this.box.replaceChildren(notice);
  }

  /** @param {boolean} isWanted */
  decide(isWanted) {
    const fields = this.offered?.fields ?? [];
    this.offered = null;
    this.box.replaceChildren();
    if (!isWanted) {
      if (this.isDirty) this.copy.keep(fieldsOf(this.form));
      else this.copy.forget();
      return;
    }
    fill(this.form, fields);
    this.touched();
    find(this.form, "input:not([type=hidden]), textarea, select").focus();
  }

  touched() {
    if (!this.isDirty) {
      this.copy.forget(this.offered); // all was taken back
      return;
    }
    this.isKept = this.copy.keep(fieldsOf(this.form), this.offered);
    this.tell(this.isKept ? "editmap.js_kept_here" : "editmap.js_not_kept", { time: clockOf(Date.now()) });
    if (this.form.dataset.autosave && !this.isBlocked) this.wait(PAUSE_MS);
  }

  /** @param {number} pause_ms */
  wait(pause_ms) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.save(), pause_ms);
  }

  async save() {
    if (this.isSending || this.isLeaving || !this.isDirty) return;
    this.isSending = true;
    const sending = fieldsOf(this.form);
    const answer = await this.send(sending).catch(() => null); // no network, or none that leads to the desk
    this.isSending = false;
    if (answer && answer.status < 500) await this.answered(answer, sending);
    else {
      this.tell(this.isKept ? "editmap.js_offline" : "editmap.js_offline_not_kept");
      this.wait(RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
    }
  }

  /** @param {Pair[]} fields */
  send(fields) {
    return fetch(this.form.dataset.autosave ?? "", {
      method: "POST", body: new URLSearchParams(fields), redirect: "error",
      headers: { Accept: "application/json", "X-CSRF-Token": fieldOf(this.form, "csrf").value },
    });
  }

  /**
   * @param {Response} answer
   * @param {Pair[]} sending
   */
  async answered(answer, sending) {
    if (answer.ok) this.saved(await answer.json(), sending);
    else if (answer.status === 409) this.clashed(await answer.json());
    else this.tell(REFUSED[answer.status] ?? "editmap.js_faulty");
  }

  /** Take over what the desk answers: where the form stands now, and what somebody else changed meanwhile.
   * @param {Saved} answer
   * @param {Pair[]} sending
   */
  saved({ seen, draft, names = [], form: theirs = [], lists = [], cited = [], faults = {} }, sending) {
    this.failures = 0;
    const now = fieldsOf(this.form);
    const came = new Set(theirs.map(([name]) => name));
    const isTheirs = (/** @type {Pair} */ [name]) => came.has(name) || lists.includes(name.split(".")[0]);
    // What somebody else changed is being changed here too: to go on from `seen` would take their change back.
    if (!isSameText(now.filter(isTheirs), sending.filter(isTheirs))) {
      this.clashed({ names });
      return;
    }
    const isMore = !isSameText(now, sending); // typed while it was on its way
    cite(this.form, cited, sending);
    if (theirs.length || lists.length) fill(this.form, [...now.filter((pair) => !isTheirs(pair)), ...theirs]);
    fieldOf(this.form, "seen").value = seen;
    fieldOf(this.form, "draft").value = draft;
    const isTaken = (/** @type {Pair} */ [name]) => !(name in faults || name.split(".")[0] in faults);
    this.sent = (isMore ? sending : fieldsOf(this.form)).filter(isTaken); // what was not taken is still to be saved
    const isFaulty = Object.keys(faults).length > 0;
    if (!isMore && !isFaulty) this.copy.forget(this.offered);
    if (isFaulty) this.tell("editmap.js_faulty");
    else this.tell(names.length ? "editmap.js_saved_merged" : "editmap.js_saved", { time: clockOf(Date.now()), names: names.join(", ") });
    if (isMore) this.wait(PAUSE_MS);
  }

  /** Lead to the page that shows both versions: sending the form does.
   * @param {{names: string[]}} conflict
   */
  clashed({ names }) {
    this.isBlocked = true;
    clearTimeout(this.waiting);
    const compare = element("button", "button", editWord("editmap.js_compare")); // of the form, which it sends
    const told = element("p", "", editWord("editmap.js_clash", { names: names.join(", ") }));
    const notice = element("div", "notice fault", element("div", "", told, compare));
    notice.setAttribute("role", "alert");
    this.bar.prepend(notice);
    const field = document.activeElement; // the bar has grown: what is being typed into stays in view
    if (field && this.form.contains(field) && field.getBoundingClientRect().bottom > this.bar.getBoundingClientRect().top) field.scrollIntoView({ block: "center" });
  }

  /**
   * @param {string} key
   * @param {Values} [values]
   */
  tell(key, values) {
    this.said.textContent = editWord(key, values);
  }
}

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("edit"));
if (form && fieldOf(form, "seen")) new Keeper(form);
