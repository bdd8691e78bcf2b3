// Keep a whole revision of the city on this phone, or nothing of it: each file is fetched, its hash compared, then stored.

import { cacheName, isOurs, named, PLANS, READY } from "./names.js";

const KEPT = "cityatlas.offline";
const MEGABYTE = 1_000_000;
const AT_ONCE = 4;

/** @typedef {{url: string, sha256: string, bytes: number}} Listed */
/** @typedef {{revision: string, language: string, bytes: number, most: number, files: Listed[]}} List */
/** @typedef {{revision: string, language: string, bytes: number, at: string}} Kept */

export class TooLarge extends Error {}

/** Return what this phone was last known to keep, or null; `findKept` tells whether it is still there.
 * @returns {Kept | null}
 */
export function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

/** Return what this phone keeps and can show, or null: a browser may have let go of all without a word.
 * @returns {Promise<Kept | null>}
 */
export async function findKept() {
  const kept = readKept();
  return kept && (await isWhole(cacheName(kept.language, kept.revision))) ? kept : null;
}

/** Keep what a list names with the visitor's plans, unless that is kept already: one tab after the other.
 * @param {string} address
 * @param {(done: number, all: number) => void} tell
 * @returns {Promise<Kept>}
 */
export function keep(address, tell = () => {}) {
  const own = () => keepWhole(address, tell);
  return "locks" in navigator ? navigator.locks.request(PLANS, own) : own();
}

/** Keep all or nothing: what was kept before, plans too, goes when the new is whole.
 * @param {string} address
 * @param {(done: number, all: number) => void} tell
 * @returns {Promise<Kept>}
 */
async function keepWhole(address, tell) {
  await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  /** @type {List} */
  const list = await (await asked(address)).json();
  if (list.bytes > list.most) throw new TooLarge(String(list.bytes / MEGABYTE));
  const name = cacheName(list.language, list.revision);
  const kept = { revision: list.revision, language: list.language, bytes: list.bytes, at: new Date().toISOString() };
  const isNew = !(await isWhole(name));
  const plans = await askPlans(list.language, isNew);
  if (isNew) {
    await caches.delete(name); // of a tab that was closed in the middle
    try {
      const cache = await caches.open(name);
      await store(cache, list, tell);
      await cache.put(READY, new Response(JSON.stringify(kept)));
      if (!(await isWhole(name))) throw new Error("it was let go of meanwhile");
    } catch (error) {
      await caches.delete(name);
      throw error;
    }
  }
  await putPlans(plans);
  localStorage.setItem(KEPT, JSON.stringify(kept));
  for (const other of await caches.keys()) if (named(other) && other !== name) await caches.delete(other);
  return kept;
}

/** Return whether a cache holds a whole revision.
 * @param {string} name
 */
async function isWhole(name) {
  return (await caches.has(name)) && Boolean(await (await caches.open(name)).match(READY));
}

/** Let go of all that is kept.
 */
export async function letGo() {
  localStorage.removeItem(KEPT);
  for (const name of await caches.keys()) if (isOurs(name)) await caches.delete(name);
  const registration = await navigator.serviceWorker.getRegistration("/");
  await registration?.unregister();
}

/**
 * @param {Cache} cache
 * @param {List} list
 * @param {(done: number, all: number) => void} tell
 */
async function store(cache, { files, bytes }, tell) {
  const waiting = [...files];
  let done = 0;
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const answer = await asked(file.url);
      if (await hashOf(answer) !== file.sha256) throw new Error(`${file.url} is of another revision`);
      await cache.put(file.url, answer);
      tell(done += file.bytes, bytes);
    }
  };
  const stop = (/** @type {unknown} */ error) => { waiting.length = 0; throw error; }; // one that fails ends all
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => work().catch(stop)));
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed) throw /** @type {PromiseRejectedResult} */ (failed).reason;
}

/** Return an answer that may be kept: 200, ours, and not led on from elsewhere.
 * @param {string} address
 */
async function asked(address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!mayKeep(answer)) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** @param {Response} answer */
const mayKeep = (answer) => answer.status === 200 && !answer.redirected && answer.type === "basic";

/** @param {Response} answer */
async function hashOf(answer) {
  const digest = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return the pages of the plans that the visitor keeps by name; null for one that is kept as of this revision.
 *
 * One that the server refuses is left out, since it can be planned anew. Raises what a network that is gone does, and
 * where the server is busy: then nothing is kept otherwise than before.
 * @param {string} language
 * @param {boolean} isNew
 */
async function askPlans(language, isNew) {
  const cache = isNew || !(await caches.has(PLANS)) ? null : await caches.open(PLANS);
  /** @type {Map<string, Response | null>} */
  const pages = new Map();
  for (const { query } of keptPlans()) {
    const { href } = new URL(`/${language}/plan?${query}`, location.href);
    if (await cache?.match(href)) pages.set(href, null);
    else {
      const answer = await fetch(href, { cache: "no-cache" });
      if (answer.status === 429 || answer.status >= 500) throw new Error(`${href}: ${answer.status}`);
      if (mayKeep(answer)) pages.set(href, answer);
    }
  }
  return pages;
}

/** Put the pages of plans in place of those before, and let go of all others.
 * @param {Map<string, Response | null>} pages
 */
async function putPlans(pages) {
  const cache = await caches.open(PLANS);
  for (const [href, answer] of pages) if (answer) await cache.put(href, answer);
  for (const { url } of await cache.keys()) if (!pages.has(url)) await cache.delete(url);
}

/** @returns {{query: string}[]} */
function keptPlans() {
  try {
    const plans = JSON.parse(localStorage.getItem("cityatlas.plans") ?? "[]");
    return Array.isArray(plans) ? plans.filter((plan) => typeof plan?.query === "string") : [];
  } catch {
    return [];
  }
}
