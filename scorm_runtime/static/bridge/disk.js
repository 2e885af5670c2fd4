// @ts-check
/**
 * The journal's second place: IndexedDB, which is on the disk milliseconds after an entry was made.
 *
 * localStorage keeps an entry before the call returns, and so survives the tab; but browsers write
 * it to the disk seconds later (Chromium, when much is written, up to a minute), and a browser that
 * is killed, or a battery that is empty, takes along what was not. Here an entry leaves the browser
 * a moment after the call, and the machine's buffers less than a second later. What either place
 * holds is delivered at the next visit. Where there is no IndexedDB, or it does not answer,
 * localStorage does alone.
 */

/** @import { Entry, LeftJournal } from "./journal.js" */

const NAME = "lectern";
const ENTRIES = "journal";
/** A place of its own, so that nothing waits for its transactions. */
const FLUSHES = "flushes";
/** How long opening or reading it may hold the start up, in milliseconds. */
const PATIENCE = 1500;
/** How long an entry may stay in the machine's buffers, in milliseconds: flushing them is slow. */
const FLUSH = 400;

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {T} otherwise when it takes too long, or fails
 * @param {number} patience in milliseconds
 * @returns {Promise<T>}
 */
function patiently(promise, otherwise, patience) {
  const late = new Promise((resolve) => setTimeout(() => resolve(otherwise), patience));
  return Promise.race([promise.catch(() => otherwise), late]);
}

/**
 * @param {string} attempt
 * @param {number} [patience] how long opening and reading may take, in milliseconds
 * @returns {Promise<Disk | null>}
 */
export function openDisk(attempt, patience = PATIENCE) {
  return patiently(open(attempt, patience), null, patience);
}

/**
 * @param {string} attempt
 * @param {number} patience
 * @returns {Promise<Disk>}
 */
async function open(attempt, patience) {
  const request = window.indexedDB.open(NAME, 2);
  request.onupgradeneeded = () => {
    const database = request.result;
    for (const name of [ENTRIES, FLUSHES]) {
      if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
    }
  };
  return new Disk(await settled(request), attempt, patience);
}

export class Disk {
  /**
   * @param {IDBDatabase} database
   * @param {string} attempt
   * @param {number} patience
   */
  constructor(database, attempt, patience) {
    this.attempt = attempt;
    this.patience = patience;
    /** @type {IDBDatabase | null} */
    this.database = database;
    /** Entries on their way to the disk. @type {[number, Entry][]} */
    this.waiting = [];
    /** By writer: the highest entry that is no longer needed. @type {Map<number, number>} */
    this.forgotten = new Map();
    this.isWriting = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    database.onversionchange = database.onclose = () => {
      database.close();
      this.database = null;
    };
  }

  /**
   * @param {number} writer
   * @param {Entry} entry
   */
  put(writer, entry) {
    this.waiting.push([writer, entry]);
    void this.write();
  }

  /**
   * Everything of `writer` up to `n` is with the server.
   * @param {number} writer
   * @param {number} n
   */
  forget(writer, n) {
    this.waiting = this.waiting.filter(([own, entry]) => own !== writer || entry[0] > n);
    this.forgotten.set(writer, n);
    void this.write();
  }

  /**
   * What earlier windows left behind.
   * @returns {Promise<LeftJournal[]>}
   */
  findLeft() {
    return patiently(this.read(), [], this.patience);
  }

  async read() {
    const { database } = this;
    if (!database) return [];
    const range = IDBKeyRange.bound([this.attempt], [this.attempt, []]);
    const found = database.transaction(ENTRIES).objectStore(ENTRIES).getAll(range);
    /** @type {{writer: number, entry: Entry}[]} */
    const rows = await settled(found);
    return rows.map(({ writer, entry }) => ({ writer, entries: [entry] }));
  }

  /** One transaction at a time, each with all that has come together meanwhile. */
  async write() {
    if (this.isWriting) return;
    this.isWriting = true;
    await Promise.resolve(); // calls of the content often come in rows
    try {
      while (this.database && (this.waiting.length || this.forgotten.size)) await this.writeOnce(this.database);
    } catch {
      this.database = null; // full, or gone: localStorage does alone
    }
    this.isWriting = false;
  }

  /** @param {IDBDatabase} database */
  writeOnce(database) {
    const [entries, forgotten] = [this.waiting, this.forgotten];
    [this.waiting, this.forgotten] = [[], new Map()];
    const transaction = database.transaction(ENTRIES, "readwrite", { durability: "relaxed" });
    const store = transaction.objectStore(ENTRIES);
    for (const [writer, n] of forgotten) {
      store.delete(IDBKeyRange.bound([this.attempt, writer, 0], [this.attempt, writer, n]));
    }
    if (entries.length) this.timer ??= setTimeout(() => this.flush(), FLUSH);
    for (const [writer, entry] of entries) store.put({ writer, entry }, [this.attempt, writer, entry[0]]);
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /** A write that waits for the disk takes along all that was written before, whatever it writes. */
  flush() {
    this.timer = undefined;
    try {
      this.database?.transaction(FLUSHES, "readwrite", { durability: "strict" }).objectStore(FLUSHES).put(0, 0);
    } catch {
      this.database = null;
    }
  }
}
