// @ts-check
/**
 * The journal: every call that changes something is kept here before it returns, until the server
 * has acknowledged it (PAIN-02).
 *
 * In localStorage each entry has a key of its own, `lectern:<attempt>:<writer>:<n>`, so that
 * writing one costs the same however many wait, and one that does not fit takes no other with it;
 * `lectern:<attempt>` says who wrote last. Memory holds the same entries and is what is sent: a
 * package that clears localStorage, or a browser without one, loses nothing while the page lives.
 */

/** @import { Call } from "./api.js" */
/** @import { Disk } from "./disk.js" */

/** @typedef {[number, ...string[]]} Entry number, operation, arguments */
/** @typedef {{writer: number, entries: Entry[]}} LeftJournal */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Store */

/**
 * localStorage where it works, else null (blocked in this frame, or switched off).
 * @returns {Store | null}
 */
export function openStore() {
  try {
    const store = window.localStorage;
    const probe = "lectern:probe";
    store.setItem(probe, "1");
    store.removeItem(probe);
    return store;
  } catch {
    return null;
  }
}

/**
 * @param {Store} store
 * @param {string} prefix
 */
function keysBelow(store, prefix) {
  /** @type {string[]} */
  const keys = [];
  for (let at = 0; at < store.length; at += 1) {
    const key = store.key(at);
    if (key !== null && key.startsWith(prefix)) keys.push(key);
  }
  return keys;
}

/**
 * What earlier windows left behind unacknowledged, oldest writer first.
 * @param {Store | null} store
 * @param {string} attempt
 * @param {LeftJournal[]} [others] what was found elsewhere: handed over by windows that were alive, or on the disk
 * @returns {{journals: LeftJournal[], keys: string[]}} the keys to remove once they are delivered
 */
export function findLeft(store, attempt, others = []) {
  const prefix = `lectern:${attempt}:`;
  const keys = store ? keysBelow(store, prefix) : [];
  /** @type {[number, Entry][]} */
  const found = others.flatMap(({ writer, entries }) => entries.map((entry) => /** @type {[number, Entry]} */ ([writer, entry])));
  for (const key of keys) {
    const [writer, n] = key.slice(prefix.length).split(":").map(Number);
    try {
      const [op, ...args] = JSON.parse(store?.getItem(key) ?? "");
      found.push([writer, [n, op, ...args]]);
    } catch {
      // not one of ours, or cut short: it can never be delivered
    }
  }
  return { journals: sortLeft(found), keys };
}

/**
 * @param {[number, Entry][]} found entries with their writers, in any order, some twice
 * @returns {LeftJournal[]}
 */
function sortLeft(found) {
  /** @type {Map<number, Map<number, Entry>>} */
  const writers = new Map();
  for (const [writer, entry] of found) {
    if (!writers.has(writer)) writers.set(writer, new Map());
    writers.get(writer)?.set(entry[0], entry);
  }
  return [...writers]
    .sort(([one], [other]) => one - other)
    .map(([writer, entries]) => ({ writer, entries: [...entries.values()].sort((one, other) => one[0] - other[0]) }));
}

/**
 * @param {Store | null} store
 * @param {string[]} keys
 */
export function removeKeys(store, keys) {
  for (const key of keys) {
    try {
      store?.removeItem(key);
    } catch {
      // the store went away; what is there can only be delivered twice, which changes nothing
    }
  }
}

export class Journal {
  /**
   * @param {Store | null} store
   * @param {string} attempt
   * @param {number} writer
   * @param {Pick<Disk, "put" | "forget"> | null} [disk]
   */
  constructor(store, attempt, writer, disk = null) {
    this.store = store;
    this.disk = disk;
    this.attempt = attempt;
    this.writer = writer;
    this.last = 0;
    this.acknowledged = 0;
    /** @type {Entry[]} */
    this.entries = [];
    /** Entries that are in memory only, because the store refused them. */
    this.unkept = new Set();
    this.showLife(true);
  }

  /**
   * Tell windows to come whether there is one to be asked (`fence.askToYield`).
   * @param {boolean} isAlive
   */
  showLife(isAlive) {
    const [key, sign] = [`lectern:${this.attempt}`, JSON.stringify({ writer: this.writer })];
    try {
      if (isAlive) this.store?.setItem(key, sign);
      else if (this.store?.getItem(key) === sign) this.store.removeItem(key);
    } catch {
      // only a hint: without it nobody waits
    }
  }

  /** Whether everything waiting would survive this window. */
  get isKept() {
    return this.store !== null && this.unkept.size === 0;
  }

  /**
   * Keep one call; it is on the device when this returns.
   * @param {Call | ["navigate", string, string]} call
   * @returns {Entry}
   */
  append(call) {
    this.last += 1;
    /** @type {Entry} */
    const entry = [this.last, ...call];
    this.entries.push(entry);
    this.disk?.put(this.writer, entry);
    try {
      if (!this.store) return entry;
      this.store.setItem(this.key(this.last), JSON.stringify(call));
    } catch {
      this.unkept.add(this.last);
    }
    return entry;
  }

  /**
   * The server has applied everything up to `n`.
   * @param {number} n
   */
  acknowledge(n) {
    if (n <= this.acknowledged) return;
    const gone = this.entries.filter((entry) => entry[0] <= n);
    this.entries = this.entries.slice(gone.length);
    this.acknowledged = n;
    for (const [number] of gone) this.unkept.delete(number);
    this.disk?.forget(this.writer, n);
    removeKeys(this.store, gone.map(([number]) => this.key(number)));
  }

  /** @param {number} n */
  key(n) {
    return `lectern:${this.attempt}:${this.writer}:${n}`;
  }
}
