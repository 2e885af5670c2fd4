// @ts-check
/**
 * The journal of a quiz: each change is on the device before anything else happens, and stays there
 * until the server has said that it has it (PAIN-02). Typing goes into one entry as long as that
 * entry has not been sent.
 *
 * localStorage keeps `lectern-quiz:<attempt>:<writer>:<n>`; memory holds the same, so that a browser
 * without storage loses nothing while the page lives. A browser that is killed takes along what it
 * had not written to the disk yet, hence the second place (the player's disk.js).
 */

/** @import { Disk } from "/quizzes/disk.js" */
/** @typedef {"answer" | "flag" | "visit"} Kind */
/** @typedef {{n: number, kind: Kind, slot: number, value: any, at: number}} Entry at: Date.now() when it was made */
/** @typedef {{writer: number, entries: [number, ...string[]][]}} Left entries of a disk: number, the rest as JSON */
/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Store */

const PREFIX = "lectern-quiz";

/** @returns {Store | null} localStorage where it works */
export function openStore() {
  try {
    const store = window.localStorage;
    store.setItem(`${PREFIX}:probe`, "1");
    store.removeItem(`${PREFIX}:probe`);
    return store;
  } catch {
    return null;
  }
}

/**
 * What earlier windows of this attempt left unacknowledged, in either place: {writer: entries in
 * order}. Where both hold an entry, the text that was typed later counts.
 * @param {Store | null} store
 * @param {string} attempt
 * @param {Left[]} [onDisk]
 * @returns {Map<number, Entry[]>}
 */
export function findLeft(store, attempt, onDisk = []) {
  /** @type {Map<number, Map<number, Entry>>} */
  const found = new Map();
  const take = (/** @type {number} */ writer, /** @type {number} */ n, /** @type {string} */ text) => {
    try {
      const entry = { ...JSON.parse(text), n };
      const entries = found.get(writer) ?? new Map();
      if (!(entries.get(n)?.at > entry.at)) entries.set(n, entry);
      found.set(writer, entries);
    } catch {
      // cut short, or not ours: it can never be delivered
    }
  };
  for (const { writer, entries } of onDisk) for (const [n, text] of entries) take(writer, n, text);
  for (const key of keysBelow(store, `${PREFIX}:${attempt}:`)) {
    const [writer, n] = key.split(":").slice(-2).map(Number);
    take(writer, n, store?.getItem(key) ?? "");
  }
  return new Map([...found].map(([writer, entries]) => [writer, [...entries.values()].sort((one, other) => one.n - other.n)]));
}

/**
 * @param {Store | null} store
 * @param {string} attempt
 * @param {number} writer
 * @param {number} upTo
 */
export function forget(store, attempt, writer, upTo) {
  const prefix = `${PREFIX}:${attempt}:${writer}:`;
  for (const key of keysBelow(store, prefix)) if (Number(key.slice(prefix.length)) <= upTo) store?.removeItem(key);
}

/**
 * @param {Store | null} store
 * @param {string} prefix
 */
function keysBelow(store, prefix) {
  return Array.from({ length: store?.length ?? 0 }, (_, at) => store?.key(at) ?? "").filter((key) => key.startsWith(prefix));
}

export class Journal {
  /**
   * @param {Store | null} store
   * @param {string} attempt
   * @param {number} writer
   */
  constructor(store, attempt, writer) {
    this.store = store;
    this.attempt = attempt;
    this.writer = writer;
    this.last = 0;
    /** Highest entry that has been put into a request: it is not changed any more. */
    this.sent = 0;
    /** @type {Entry[]} */
    this.entries = [];
    this.isKept = store !== null;
    /** @type {Pick<Disk, "put" | "forget"> | null} */
    this.disk = null;
  }

  /**
   * From now on there is a second place.
   * @param {Pick<Disk, "put" | "forget"> | null} disk
   */
  useDisk(disk) {
    this.disk = disk;
    for (const entry of this.entries) this.keepOnDisk(entry);
  }

  /** @param {Entry} entry */
  keepOnDisk({ n, ...rest }) {
    this.disk?.put(this.writer, [n, JSON.stringify(rest)]);
  }

  /**
   * Keep a change; it is on the device when this returns.
   * @param {Kind} kind
   * @param {number} slot
   * @param {any} value
   */
  append(kind, slot, value) {
    const open = this.entries.find((entry) => entry.n > this.sent && entry.kind === kind && entry.slot === slot);
    const entry = open ?? { n: (this.last += 1), kind, slot, value, at: 0 };
    entry.value = value;
    entry.at = Date.now();
    if (!open) this.entries.push(entry);
    this.keepOnDisk(entry);
    try {
      this.store?.setItem(`${PREFIX}:${this.attempt}:${this.writer}:${entry.n}`, JSON.stringify({ kind, slot, value, at: entry.at }));
    } catch {
      this.isKept = false;
    }
    return entry;
  }

  /**
   * Another window delivered an entry of this one, maybe with less text than it has by now: an entry
   * of its own says the text again. That window tells by removing the entry's key.
   * @param {string | null} key
   */
  removed(key) {
    const prefix = `${PREFIX}:${this.attempt}:${this.writer}:`;
    const n = key?.startsWith(prefix) ? Number(key.slice(prefix.length)) : 0;
    if (n <= this.sent) return;
    this.sent = n;
    for (const { kind, slot, value } of this.entries.filter((entry) => entry.n === n)) this.append(kind, slot, value);
  }

  /**
   * @param {number} n the server has everything up to this one
   */
  acknowledge(n) {
    this.entries = this.entries.filter((entry) => entry.n > n);
    this.disk?.forget(this.writer, n);
    forget(this.store, this.attempt, this.writer, n);
  }
}
