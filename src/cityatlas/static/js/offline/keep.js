// Keep a whole revision of the city on this phone, or nothing of it: each file is fetched, its hash compared, then stored.

import { cacheName, isOurs, named, PLANS, READY } from "./names.js";

const KEPT = "cityatlas.offline";
const MEGABYTE = 1_000_000;
const AT_ONCE = 4;

/** @typedef {{url: string, sha256: string, bytes: number}} Listed */
/** @typedef {{revision: string, language: string, bytes: number, most: number, files: Listed[]}} List */
/** @typedef {{revision: string, language: string, bytes: number, at: string}} Kept */

export class TooLarge extends Error {}

/** Return what this phone keeps, or null.
 * @returns {Kept | null}
 */
export function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

/** Keep what a list names, unless that is kept already; what was kept before goes when the new is whole.
 * @param {string} address
 * @param {(done: number, all: number) => void} tell
 * @returns {Promise<Kept>}
 */
export async function keep(address, tell = () => {}) {
  await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  /** @type {List} */
  const list = await (await asked(address)).json();
  if (list.bytes > list.most) throw new TooLarge(String(list.bytes / MEGABYTE));
  const name = cacheName(list.language, list.revision);
  const before = readKept();
  const kept = { revision: list.revision, language: list.language, bytes: list.bytes, at: new Date().toISOString() };
  if (before?.revision !== list.revision || !(await caches.has(name))) {
    try {
      await store(name, list, tell);
      await (await caches.open(name)).put(READY, new Response(JSON.stringify(kept)));
    } catch (error) {
      await caches.delete(name);
      throw error;
    }
  }
  await keepPlans(list.language);
  localStorage.setItem(KEPT, JSON.stringify(kept));
  for (const other of await caches.keys()) if (named(other) && other !== name) await caches.delete(other);
  return kept;
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
 * @param {string} name
 * @param {List} list
 * @param {(done: number, all: number) => void} tell
 */
async function store(name, { files, bytes }, tell) {
  const cache = await caches.open(name);
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
  if (answer.status !== 200 || answer.redirected || answer.type !== "basic") throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** @param {Response} answer */
async function hashOf(answer) {
  const digest = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep the pages of the plans that the visitor keeps by name; one that fails is left out, since it can be planned anew.
 * @param {string} language
 */
async function keepPlans(language) {
  await caches.delete(PLANS);
  const cache = await caches.open(PLANS);
  for (const { query } of keptPlans()) {
    const address = `/${language}/plan?${query}`;
    const answer = await asked(address).catch(() => null);
    if (answer) await cache.put(address, answer);
  }
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
