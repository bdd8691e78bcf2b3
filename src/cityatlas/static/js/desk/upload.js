// Upload a photo from the form of a feature, and give it a row of its own there; show what each row's photo looks like.

import { element } from "../shared/dom.js";
import { rowLists } from "./row_lists.js";
import { editWord } from "./words.js";

class Upload {
  constructor(form, box) {
    Object.assign(this, { form, box, words: box.querySelector(".photo-words"), told: element("p", "photo-told") });
    this.told.setAttribute("role", "status");
    box.append(this.told);
    box.hidden = false;
    form.elements.photo.addEventListener("change", () => this.chosen());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  /** Ask for its words once there is a photo, also where it was pasted far from here. */
  chosen() {
    const isThere = this.form.elements.photo.files.length > 0;
    this.words.hidden = !isThere;
    this.told.textContent = "";
    if (!isThere) return;
    this.box.closest("details").open = true;
    this.box.scrollIntoView({ block: "nearest" });
    this.form.elements.alt_zh.focus({ preventScroll: true });
  }

  async send() {
    this.told.textContent = editWord("editmap.js_photo_sending");
    const headers = { Accept: "application/json", "X-CSRF-Token": this.form.elements.csrf.value };
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form), headers });
      const { faults, error, ...photo } = await answer.json();
      if (answer.ok) this.add(photo);
      else this.told.textContent = faults?.join(" ") ?? error.message;
    } catch {
      this.told.textContent = editWord("editmap.js_photo_failed");
    }
  }

  add({ file, alt, credit, picture, told }) {
    const row = rowLists.get("photos").addBlank();
    const field = (end) => row.querySelector(`[name$='.${end}']`);
    offer(file, `${alt[document.documentElement.lang.slice(0, 2)] || alt.zh} · ${credit}`, picture);
    for (const [end, value] of [["file", file], ["alt.zh", alt.zh], ["alt.en", alt.en], ["credit", credit]]) field(end).value = value;
    field("file").dispatchEvent(new Event("input", { bubbles: true }));
    this.form.reset();
    this.form.elements.photo.dispatchEvent(new Event("change", { bubbles: true }));
    this.told.textContent = told;
    row.scrollIntoView({ block: "center" });
    field("file").focus({ preventScroll: true });
  }
}

/** Offer a new photo in every row, and in those to come. */
function offer(file, words, picture) {
  for (const root of [document, rowLists.get("photos").blank]) {
    for (const select of root.querySelectorAll("select[name^='photos.'][name$='.file']")) {
      const option = element("option", "", words);
      option.value = file;
      option.dataset.picture = picture;
      if (![...select.options].some(({ value }) => value === file)) select.append(option);
    }
  }
}

function showPicture(select) {
  const picture = select.selectedOptions[0]?.dataset.picture;
  const image = select.parentElement.querySelector(".photo-thumb");
  image.hidden = !picture;
  if (picture) image.src = picture;
}

const box = document.querySelector("[data-photo-add]");
const form = document.getElementById("photo-upload");
if (box && form) {
  new Upload(form, box);
  for (const kind of ["input", "filled"]) {
    box.closest("details").addEventListener(kind, ({ target }) => target.matches("select[name$='.file']") && showPicture(target));
  }
}
