// Load the script that keeps the city on this phone, where it is kept, installed, or just being; else nobody waits for it.

const KEPT = "cityatlas.offline"; // what offline/keep.js keeps

/** Load it once the page is there. */
export function renewKept() {
  const address = document.body.dataset.offline;
  if (!address || document.getElementById("keep") || window.top !== window || !("serviceWorker" in navigator)) return;
  const load = () => {
    const script = document.createElement("script");
    script.src = address;
    document.head.append(script);
  };
  if (isKept() || matchMedia("(display-mode: standalone)").matches) addEventListener("load", load);
  else addEventListener("appinstalled", () => { document.body.dataset.installed = ""; load(); }, { once: true });
}

function isKept() {
  try {
    return localStorage.getItem(KEPT) !== null;
  } catch {
    return false;
  }
}
