// Keep fixes and photos on this phone until the desk has them: through a reload, a log-in and a time without a network.

const DATABASE = "cityatlas-fixes";
const STORE = "fixes";

/**
 * A position that was measured at a place.
 * @typedef {object} Fix
 * @property {string} key
 * @property {string} account
 * @property {string} place
 * @property {number} lon
 * @property {number} lat
 * @property {number} accuracy_m
 * @property {string} taken_at
 */

/**
 * A photo that was taken at a place, with those of its words that were typed.
 * @typedef {object} PlacePhoto
 * @property {string} key
 * @property {string} account
 * @property {string} place
 * @property {string} taken_at
 * @property {Blob} photo
 * @property {string} name
 * @property {Record<string, string>} words
 */

/** @typedef {Fix | PlacePhoto} Waiting */

/** Tell which of the two it is.
 * @param {Waiting} one
 * @returns {one is PlacePhoto}
 */
export const isPhoto = (one) => "photo" in one;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

/** Do one thing with the store, and wait until it is on disk.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
async function run(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export class FixQueue {
  /** @param {string} account */
  constructor(account) {
    this.account = account;
    /** @type {Map<string, Waiting>} where the browser keeps nothing: they are there until the page is left */
    this.unkept = new Map();
  }

  /** Keep a fix or a photo, or what was typed of one since; tells whether the browser could.
   * @param {Waiting} one
   */
  async put(one) {
    try {
      await run("readwrite", (store) => store.put(one));
      return true;
    } catch {
      this.unkept.set(one.key, one);
      return false;
    }
  }

  /** Return what the desk does not have yet of this account: fixes, then the photos that join their drafts, oldest first.
   * @returns {Promise<Waiting[]>}
   */
  async all() {
    /** @type {Waiting[]} */
    const kept = await run("readonly", (store) => store.getAll()).catch(() => []);
    const own = [...kept, ...this.unkept.values()].filter(({ account }) => account === this.account);
    return own.sort((one, other) => Number(isPhoto(one)) - Number(isPhoto(other)) || one.taken_at.localeCompare(other.taken_at));
  }

  /** Forget a fix or a photo.
   * @param {string} key
   */
  async remove(key) {
    this.unkept.delete(key);
    await run("readwrite", (store) => store.delete(key)).catch(() => null);
  }
}
