// Answer from what this phone keeps when the network does not. It keeps nothing itself: offline/keep.js does, whole revisions.

import { keptPlace, named, PLANS, READY } from "./offline/names.js";

const worker = /** @type {import("./offline/worker").Worker} */ (/** @type {unknown} */ (self));
// What no phone answers by itself: the desk, frames, programs, forms, the state of the server, and the list of what is kept.
const NEVER = /^(?:\/(?:zh|en))?\/(?:staff|embed|api|oembed|ogc|health|ready|metrics|openapi\.json|offline\.json|sw\.js|media)(?:[/.]|$)|\/report(?:\/|$)/;
const WAIT_MS = 6000; // for a network that only seems to be there

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(wake()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || NEVER.test(url.pathname)) return;
  event.respondWith(url.pathname.startsWith("/static/") ? keptFirst(request) : networkFirst(event, url));
});

async function wake() {
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

/** @param {Request} request */
async function keptFirst(request) {
  for (const cache of await readyCaches()) {
    const found = await cache.match(request);
    if (found) return found;
  }
  return fetch(request);
}

/**
 * @param {import("./offline/worker").FetchEvent} event
 * @param {URL} url
 */
async function networkFirst(event, url) {
  const asked = Promise.resolve(event.preloadResponse).then((early) => early ?? fetch(event.request));
  const tooLate = new Promise((_, reject) => { setTimeout(reject, WAIT_MS); });
  try {
    return /** @type {Response} */ (await Promise.race([asked, tooLate]));
  } catch {
    return await kept(event.request, url) ?? asked.catch(() => Response.error());
  }
}

/** Return the caches that are whole, that of the newest revision first. */
async function readyCaches() {
  const names = (await caches.keys()).filter((name) => named(name));
  const found = [];
  for (const name of names.reverse()) {
    const cache = await caches.open(name);
    if (await cache.match(READY)) found.push(cache);
  }
  return found;
}

/** Return what is kept of an address; for a page that is not, the page that says so.
 * @param {Request} request
 * @param {URL} url
 */
async function kept(request, url) {
  const plan = url.pathname.endsWith("/plan") && await (await caches.open(PLANS)).match(request);
  if (plan) return plan;
  for (const cache of await readyCaches()) {
    const found = await cache.match(request) ?? await part(cache, request, url);
    if (found) return found;
  }
  return undefined;
}

/** Return what one cache makes of an address that is not in it as it stands: a place's page or card, a map with a view.
 * @param {Cache} cache
 * @param {Request} request
 * @param {URL} url
 */
async function part(cache, request, url) {
  const { language } = await (/** @type {Response} */ (await cache.match(READY))).json();
  const own = `/${language}/`;
  const place = keptPlace(url.pathname);
  const shell = await cache.match(`${own}offline`);
  if (url.pathname !== "/" && !url.pathname.startsWith(own)) return undefined;
  if (place) {
    const { [place.id]: row } = await (/** @type {Response} */ (await cache.match(`${own}offline-cards.json`))).json();
    if (row && place.isCard) return html(row.card);
    if (row && shell) return html(withCard(await shell.text(), row), shell);
  }
  if (request.mode !== "navigate") return undefined;
  if (url.pathname === "/" || url.pathname === own || url.pathname === `${own}plan`) return cache.match(url.pathname === "/" ? own : url.pathname);
  return shell && html(await shell.text(), shell, 503);
}

/** Return the frame of a page with a place's card in it; both are the server's own HTML.
 * @param {string} shell
 * @param {{title: string, card: string}} place
 */
function withCard(shell, { title, card }) {
  const [, head, foot] = /^([^]*<div class="page narrow" id="kept-place">)[^]*?(<\/div>\s*<\/main>[^]*)$/.exec(shell) ?? ["", shell, ""];
  const safe = title.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const own = card.replace(/<h2 (id="card-[^>]*)>([^]*?)<\/h2>/, "<h1 $1>$2</h1>"); // beside a map it stands below another
  return `${head.replace(/<title>[^<]*/, () => `<title>${safe}`)}${own}${foot}`;
}

/** Return an HTML answer with the policy of the page that it is made of.
 * @param {string} text
 * @param {Response} [of]
 */
function html(text, of, status = 200) {
  const policy = of?.headers.get("Content-Security-Policy");
  return new Response(text, { status, headers: { "Content-Type": "text/html; charset=utf-8", ...(policy ? { "Content-Security-Policy": policy } : {}) } });
}
