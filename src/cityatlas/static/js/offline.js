// Keep the city on this phone: the offer on the page about the data, and, where it is kept or installed, its renewal.

import { keep, readKept } from "./offline/keep.js";
import { moment, offer } from "./offline/panel.js";

const language = document.documentElement.lang.slice(0, 2);
const section = document.getElementById("keep");
const kept = readKept();

if (section && "serviceWorker" in navigator && isSecureContext) offer(section);
if (!navigator.onLine) tellAge();
else if (kept || (!section && matchMedia("(display-mode: standalone)").matches)) {
  keep(`/${kept?.language ?? language}/offline.json`).catch(() => {}); // what was kept stays; the next visit tries again
}

/** Say above the page how old it is. */
function tellAge() {
  const words = document.body.dataset.kept;
  if (!kept || !words) return;
  const told = document.createElement("p");
  told.className = "store-lost";
  told.setAttribute("role", "status");
  told.textContent = words.replace("{when}", moment(kept.at));
  document.getElementById("main")?.before(told);
}
