// Send many photos one after the other, and tell how far it is; without this script the form sends them all at once.

import { fieldOf, findAll } from "../shared/dom.js";

class PhotoDrop {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.input = /** @type {HTMLInputElement} */ (fieldOf(form, "photo"));
    this.state = /** @type {HTMLElement} */ (form.querySelector(".photos-state"));
    this.faults = /** @type {HTMLElement} */ (form.querySelector(".photos-faults"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send([...(this.input.files ?? [])].slice(0, Number(form.dataset.most)));
    });
    for (const kind of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
      form.addEventListener(kind, (event) => {
        event.preventDefault();
        form.classList.toggle("is-over", kind === "dragover");
        if (kind === "drop" && event.dataTransfer?.files.length) this.input.files = event.dataTransfer.files;
      });
    }
  }

  /** Send each file by itself; when all are taken, the page shows them.
   * @param {File[]} files
   */
  async send(files) {
    let refused = 0;
    const button = /** @type {HTMLButtonElement} */ (this.form.querySelector("button"));
    button.disabled = true;
    for (const [at, file] of files.entries()) {
      const words = this.form.dataset.progress ?? "";
      this.state.textContent = words.replace("{n}", String(at + 1)).replace("{of}", String(files.length));
      refused += await this.sendOne(file);
    }
    this.state.textContent = "";
    button.disabled = false;
    if (!refused) location.assign(location.pathname);
  }

  /** Return 1 when a file was refused, and tell why.
   * @param {File} file
   */
  async sendOne(file) {
    const body = new FormData();
    body.append("csrf", fieldOf(this.form, "csrf").value);
    body.append("photo", file, file.name);
    const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    const faults = told?.faults ?? [told?.error?.message ?? `${file.name}: ${answer?.status ?? "–"}`];
    for (const fault of faults) {
      const item = document.createElement("li");
      item.textContent = fault;
      this.faults.append(item);
    }
    return faults.length ? 1 : 0;
  }
}

/** @type {HTMLFormElement[]} */
const forms = findAll(document, "form[data-photos]");
for (const form of forms) new PhotoDrop(form);
