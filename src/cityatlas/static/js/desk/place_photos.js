// Take photos at a place: each is kept on this phone at once, then asked what it shows, and sent when that was answered.

import { button, element, find, findAll } from "../shared/dom.js";
import { account, editWord } from "./words.js";

const MB = 1 << 20;
const PREVIEW_PX = 320;
const PHOTO = /^image\/|^$/; // of HEIC many browsers say nothing
const LASTING = ["credit", "licence"]; // what was said of one photo is offered for the next

export class PlacePhotos {
  /**
   * @param {import("./fix_queue.js").FixQueue} queue
   * @param {HTMLElement} list
   * @param {() => Promise<void>} send
   */
  constructor(queue, list, send) {
    this.queue = queue;
    this.send = send;
    this.mostMb = Number(list.dataset.photoMb);
    this.words = /** @type {HTMLTemplateElement} */ (document.getElementById("photo-words"));
    /** @type {Set<string>} the photos of which somebody is saying what they show: they are not sent yet */
    this.asked = new Set();
    /** @type {Record<string, string>} */
    this.lasting = {};
  }

  /** Put the camera beside the other button of a place.
   * @param {HTMLElement} row
   */
  equip(row) {
    const input = element("input");
    Object.assign(input, { type: "file", accept: "image/*", hidden: true });
    input.setAttribute("capture", "environment");
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      input.value = "";
      if (file) void this.keep(row, file);
    });
    const take = button(editWord("verify.js_camera"), () => input.click());
    take.append(element("span", "hidden-visually", ` ${find(row, "a").textContent}`));
    find(row, ".verify-tools").append(take, input);
  }

  /** Keep a photo on the phone, whatever comes then; what cannot be one is told and touches nothing else.
   * @param {HTMLElement} row
   * @param {File} file
   */
  async keep(row, file) {
    const said = find(row, ".photo-said");
    const wrong = PHOTO.test(file.type) ? file.size > this.mostMb * MB && "js_photo_large" : "js_no_photo";
    if (wrong) return void said.replaceChildren(element("span", "fault", editWord(`verify.${wrong}`, { mb: this.mostMb })));
    const bytes = await file.arrayBuffer().catch(() => null);
    if (!bytes) return void said.replaceChildren(element("span", "fault", editWord("verify.js_no_photo")));
    const place = String(row.dataset.place), taken_at = new Date().toISOString();
    const photo = { key: `${account} ${place} photo ${taken_at}`, account, place, taken_at, photo: new Blob([bytes], { type: file.type }), name: file.name, words: {} };
    this.asked.add(photo.key);
    const isKept = await this.queue.put(photo);
    said.textContent = editWord(isKept ? "verify.js_photo_kept" : "verify.js_unkept");
    this.ask(row, photo);
    return this.send(); // nothing but the words is missing: the others go on, and the page tells what waits
  }

  /** Ask what a photo shows; all of it may be left for later.
   * @param {HTMLElement} row
   * @param {import("./fix_queue.js").PlacePhoto} photo
   */
  ask(row, photo) {
    const form = element("form", "panel photo-ask");
    form.append(this.words.content.cloneNode(true));
    /** @type {(HTMLInputElement | HTMLTextAreaElement)[]} */
    const fields = findAll(form, "[name]");
    for (const field of fields) field.value = this.lasting[field.name] ?? field.value;
    const read = () => {
      photo.words = Object.fromEntries(fields.map(({ name, value }) => [name, value.trim()]));
    };
    const done = async () => {
      this.asked.delete(photo.key);
      form.remove();
      await this.send();
    };
    form.addEventListener("change", () => {
      read();
      void this.queue.put(photo);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      read();
      for (const name of LASTING) this.lasting[name] = photo.words[name] ?? "";
      await this.queue.put(photo);
      find(row, ".photo-said").textContent = editWord("verify.js_photo_sending");
      await done();
    });
    const drop = button(editWord("verify.js_photo_drop"), async () => {
      await this.queue.remove(photo.key);
      find(row, ".photo-said").textContent = editWord("verify.js_photo_dropped");
      await done();
    });
    find(form, ".buttons").append(drop);
    row.append(form);
    void draw(find(form, "canvas"), photo.photo);
    fields[0]?.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  /** Return the body of a request that sends a photo.
   * @param {import("./fix_queue.js").PlacePhoto} photo
   */
  body({ photo, name, words }) {
    const body = new FormData();
    for (const [key, value] of Object.entries(words)) body.append(key, value);
    body.append("photo", photo, name);
    return body;
  }

  /** Say what became of a photo, and where it is.
   * @param {{state: string, address: string}} told
   * @returns {Node[]}
   */
  told({ state, address }) {
    const link = Object.assign(element("a", "", editWord(`verify.js_${state === "joined" ? "draft" : "photo_words"}`)), { href: address });
    return [element("span", "", editWord(`verify.js_photo_${state}`)), link];
  }
}

/** Draw a photo; one that the browser cannot read (HEIC) stays without a picture.
 * @param {HTMLCanvasElement} canvas
 * @param {Blob} photo
 */
async function draw(canvas, photo) {
  const bitmap = await window.createImageBitmap?.(photo).catch(() => null);
  canvas.hidden = !bitmap;
  if (!bitmap) return;
  canvas.width = Math.min(PREVIEW_PX, bitmap.width);
  canvas.height = Math.round((bitmap.height * canvas.width) / bitmap.width);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
}
