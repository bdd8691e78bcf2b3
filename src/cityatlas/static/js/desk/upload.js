// Upload a photo from the form of a feature, and give it a row of its own there; show what each row's photo looks like.

import { button, element, fieldOf, find, findAll, targetOf } from "../shared/dom.js";
import { rowLists } from "./row_lists.js";
import { editWord } from "./words.js";

/** @typedef {{file: string, alt: {zh: string, en: string}, credit: string, picture: string, told: string}} Photo */

const photos = () => /** @type {import("./row_lists.js").RowList} */ (rowLists.get("photos"));

class Upload {
  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} box
   */
  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.photo = fieldOf(form, "photo");
    this.words = find(box, ".photo-words");
    this.told = element("p", "photo-told");
    this.told.setAttribute("role", "status");
    box.append(this.told);
    box.hidden = false;
    this.photo.addEventListener("change", () => this.chosen());
    find(this.words, "p:last-child").append(" ", button(editWord("editmap.js_photo_drop"), () => this.drop()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    const edit = /** @type {HTMLFormElement} */ (document.getElementById("edit"));
    document.addEventListener("submit", (event) => void (event.target === edit && this.photo.files?.length && this.goFirst(event, edit)), true);
  }

  /** Hand in the chosen photo before the place is sent, which would leave the page without it.
   * @param {SubmitEvent} event
   * @param {HTMLFormElement} edit
   */
  async goFirst(event, edit) {
    event.preventDefault();
    event.stopPropagation(); // nobody has left yet
    this.box.closest("details")?.setAttribute("open", "");
    if (!this.form.reportValidity() || !(await this.send())) return;
    (event.submitter ?? find(edit, ".save-bar button")).click();
  }

  /** Go without the chosen photo. */
  drop() {
    this.form.reset();
    this.photo.dispatchEvent(new Event("change", { bubbles: true }));
    this.photo.focus();
  }

  /** Ask for its words once there is a photo, also where it was pasted far from here. */
  chosen() {
    const isThere = Boolean(this.photo.files?.length);
    this.words.hidden = !isThere;
    this.told.textContent = "";
    if (!isThere) return;
    this.box.closest("details")?.setAttribute("open", "");
    this.box.scrollIntoView({ block: "nearest" });
    fieldOf(this.form, "alt_zh").focus({ preventScroll: true });
  }

  /** Upload the photo; what became of it is told, and returned. */
  async send() {
    this.told.textContent = editWord("editmap.js_photo_sending");
    const headers = { Accept: "application/json", "X-CSRF-Token": fieldOf(this.form, "csrf").value };
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), headers });
      const { faults, error, ...photo } = await answer.json();
      if (answer.ok) this.add(photo);
      else this.told.textContent = faults?.join(" ") ?? error.message;
      return answer.ok;
    } catch {
      this.told.textContent = editWord("editmap.js_photo_failed");
      return false;
    }
  }

  /** @param {Photo} photo */
  add({ file, alt, credit, picture, told }) {
    const row = photos().addBlank();
    /** @type {(end: string) => HTMLInputElement} */
    const field = (end) => find(row, `[name$='.${end}']`);
    offer(file, `${(document.documentElement.lang.startsWith("en") && alt.en) || alt.zh} · ${credit}`, picture);
    for (const [end, value] of [["file", file], ["alt.zh", alt.zh], ["alt.en", alt.en], ["credit", credit]]) field(end).value = value;
    field("file").dispatchEvent(new Event("input", { bubbles: true }));
    this.form.reset();
    this.photo.dispatchEvent(new Event("change", { bubbles: true }));
    this.told.textContent = told;
    row.scrollIntoView({ block: "center" });
    field("file").focus({ preventScroll: true });
  }
}

/** Offer a new photo in every row, and in those to come.
 * @param {string} file
 * @param {string} words
 * @param {string} picture
 */
function offer(file, words, picture) {
  for (const root of [document, photos().blank]) {
    /** @type {HTMLSelectElement[]} */
    const selects = root ? findAll(root, "select[name^='photos.'][name$='.file']") : [];
    for (const select of selects) {
      const option = element("option", "", words);
      option.value = file;
      option.dataset.picture = picture;
      if (![...select.options].some(({ value }) => value === file)) select.append(option);
    }
  }
}

/** @param {HTMLSelectElement} select */
function showPicture(select) {
  const picture = select.selectedOptions[0]?.dataset.picture;
  /** @type {HTMLImageElement} */
  const image = find(/** @type {Element} */ (select.parentElement), ".photo-thumb");
  image.hidden = !picture;
  if (picture) image.src = picture;
}

/** @type {HTMLElement | null} */
const box = document.querySelector("[data-photo-add]");
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("photo-upload"));
if (box && form) {
  new Upload(form, box);
  for (const kind of ["input", "filled"]) {
    box.closest("details")?.addEventListener(kind, (event) => {
      /** @type {HTMLSelectElement} */
      const target = targetOf(event);
      if (target.matches("select[name$='.file']")) showPicture(target);
    });
  }
}
