// Take a photo for the desk also by drag, paste or camera, and show which one was chosen before it is sent.

import { fieldOf, findAll } from "../shared/dom.js";

const MB = 1 << 20;
const PREVIEW_PX = 320;

class PhotoField {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.input = fieldOf(form, "photo");
    this.box = /** @type {HTMLElement} */ (this.input.closest(".photo-drop"));
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.canvas = document.createElement("canvas");
    this.canvas.hidden = true;
    this.canvas.setAttribute("aria-hidden", "true");
    this.hint();
    this.box.append(this.status, this.canvas);
    this.input.addEventListener("change", () => this.show(this.input.files?.[0]));
    this.listen();
  }

  /** Tell the other ways to hand a photo in; only a phone has a camera at hand. */
  hint() {
    const hint = document.createElement("p");
    hint.className = "soft small";
    hint.textContent = this.form.dataset.drop ?? "";
    this.box.append(hint);
    if (!matchMedia("(pointer: coarse)").matches) return;
    const camera = document.createElement("button");
    camera.type = "button";
    camera.className = "button";
    camera.textContent = this.form.dataset.camera ?? "";
    camera.addEventListener("click", () => this.open());
    this.box.append(camera);
  }

  open() {
    this.input.setAttribute("capture", "environment");
    this.input.click();
    this.input.removeAttribute("capture");
  }

  listen() {
    for (const kind of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
      this.box.addEventListener(kind, (event) => {
        event.preventDefault();
        this.box.classList.toggle("is-over", kind === "dragover");
        if (kind === "drop" && event.dataTransfer) this.take(event.dataTransfer.files);
      });
    }
    document.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) {
        event.preventDefault();
        this.take(event.clipboardData.files);
      }
    });
  }

  /** Put a file into the form's own field, so that it is sent as if it had been chosen there.
   * @param {FileList} files
   */
  take(files) {
    const kept = new DataTransfer();
    if (files[0]) kept.items.add(files[0]);
    this.input.files = kept.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {File | undefined} file */
  async show(file) {
    this.canvas.hidden = true;
    this.input.setCustomValidity("");
    this.status.textContent = "";
    if (!file) return;
    const { mostMb, tooLarge = "", chosen = "" } = this.form.dataset;
    if (file.size > Number(mostMb) * MB) {
      this.status.textContent = tooLarge;
      this.input.setCustomValidity(tooLarge);
      return;
    }
    this.status.textContent = chosen.replace("{file}", () => file.name).replace("{mb}", Math.max(0.1, file.size / MB).toFixed(1));
    await this.draw(file);
  }

  /** Draw the chosen photo; a form that the browser cannot read (HEIC) is shown by its name alone.
   * @param {File} file
   */
  async draw(file) {
    const bitmap = await window.createImageBitmap?.(file).catch(() => null);
    if (!bitmap || this.input.files?.[0] !== file) return;
    this.canvas.width = Math.min(PREVIEW_PX, bitmap.width);
    this.canvas.height = Math.round((bitmap.height * this.canvas.width) / bitmap.width);
    this.canvas.getContext("2d")?.drawImage(bitmap, 0, 0, this.canvas.width, this.canvas.height);
    this.canvas.hidden = false;
  }
}

/** @type {HTMLFormElement[]} */
const forms = findAll(document, "form[data-photo]");
for (const form of forms) new PhotoField(form);
