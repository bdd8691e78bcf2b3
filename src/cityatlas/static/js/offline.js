// Keep the city on this phone: the offer on the page about the data, and, where it is kept or installed, its renewal.

import { keep, readKept } from "./offline/keep.js";
import { moment, offer } from "./offline/panel.js";

const language = document.documentElement.lang.slice(0, 2);
const section = document.getElementById("keep");
const isInstalled = "installed" in document.body.dataset || matchMedia("(display-mode: standalone)").matches;
const show = section && "serviceWorker" in navigator && isSecureContext ? offer(section) : () => {};
/** @type {HTMLElement | null} */
let told = null;

if (!navigator.onLine) tellAge();
else if (readKept() || (!section && isInstalled)) renew();
addEventListener("online", () => { if (readKept() || isInstalled) renew(); });
if (section) addEventListener("appinstalled", renew); // elsewhere that is what brings this script

/** Keep what there is now; where that fails what was kept stays, and the next visit tries again. */
async function renew() {
  try {
    await keep(`/${readKept()?.language ?? language}/offline.json`);
    told?.remove();
    show();
  } catch (error) {
    if (error instanceof TypeError) tellAge(); // a phone may believe to have a network that leads nowhere
  }
}

/** Say above the page how old it is. */
function tellAge() {
  const words = document.body.dataset.kept, kept = readKept();
  if (!kept || !words || told?.isConnected) return;
  told = document.createElement("p");
  told.className = "store-lost";
  told.setAttribute("role", "status");
  told.textContent = words.replace("{when}", moment(kept.at));
  document.getElementById("main")?.before(told);
}
