// @ts-check
/**
 * The journal of a quiz: each change is on the device before anything else happens, and stays there
 * until the server has said that it has it (PAIN-02). Typing goes into one entry as long as that
 * entry has not been sent.
 *
 * localStorage keeps `lectern-quiz:<attempt>:<writer>:<n>`; memory holds the same, so that a browser
 * without storage loses nothing while the page lives.
 */

/** @typedef {"answer" | "flag" | "visit"} Kind */
/** @typedef {{n: number, kind: Kind, slot: number, value: any, at: number}} Entry at: Date.now() when it was made */
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
 * What earlier windows of this attempt left unacknowledged: {writer: entries in order}.
 * @param {Store | null} store
 * @param {string} attempt
 * @returns {Map<number, Entry[]>}
 */
export function findLeft(store, attempt) {
  const prefix = `${PREFIX}:${attempt}:`;
  /** @type {Map<number, Entry[]>} */
  const found = new Map();
  for (let at = 0; store && at < store.length; at += 1) {
    const key = store.key(at);
    if (key === null || !key.startsWith(prefix)) continue;
    const [writer, n] = key.slice(prefix.length).split(":").map(Number);
    try {
      const entry = { ...JSON.parse(store.getItem(key) ?? ""), n };
      found.set(writer, [...(found.get(writer) ?? []), entry]);
    } catch {
      // cut short, or not ours: it can never be delivered
    }
  }
  for (const entries of found.values()) entries.sort((one, other) => one.n - other.n);
  return found;
}

/**
 * @param {Store | null} store
 * @param {string} attempt
 * @param {number} writer
 * @param {number} upTo
 */
export function forget(store, attempt, writer, upTo) {
  const prefix = `${PREFIX}:${attempt}:${writer}:`;
  const keys = [];
  for (let at = 0; store && at < store.length; at += 1) {
    const key = store.key(at);
    if (key?.startsWith(prefix) && Number(key.slice(prefix.length)) <= upTo) keys.push(key);
  }
  for (const key of keys) store?.removeItem(key);
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
    try {
      this.store?.setItem(`${PREFIX}:${this.attempt}:${this.writer}:${entry.n}`, JSON.stringify({ kind, slot, value, at: entry.at }));
    } catch {
      this.isKept = false;
    }
    return entry;
  }

  /**
   * @param {number} n the server has everything up to this one
   */
  acknowledge(n) {
    this.entries = this.entries.filter((entry) => entry.n > n);
    forget(this.store, this.attempt, this.writer, n);
  }
}
