// @ts-check
/** A quiz's journal: kept in two places, merged, and never sent with less than was typed. PAIN-02 */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Journal, findLeft, forget } from "../../lti_app/static/quiz_journal.js";

/** @typedef {import("../../lti_app/static/quiz_journal.js").Left} Left */

/** localStorage, which can be full. */
class FakeStore {
  /** @type {Map<string, string>} */
  items = new Map();
  isFull = false;
  get length() {
    return this.items.size;
  }
  /** @param {number} at */
  key(at) {
    return [...this.items.keys()][at] ?? null;
  }
  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (this.isFull) throw new DOMException("full", "QuotaExceededError");
    this.items.set(key, value);
  }
  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}

/** The player's disk: one place for entries by writer and number. */
class FakeDisk {
  /** @type {Map<string, [number, [number, ...string[]]]>} */
  rows = new Map();
  /** @param {number} writer @param {[number, ...string[]]} entry */
  put(writer, entry) {
    this.rows.set(`${writer}:${entry[0]}`, [writer, entry]);
  }
  /** @param {number} writer @param {number} upTo */
  forget(writer, upTo) {
    for (const [key, [own, [n]]] of this.rows) if (own === writer && n <= upTo) this.rows.delete(key);
  }
  /** @returns {Left[]} */
  left() {
    return [...this.rows.values()].map(([writer, entry]) => ({ writer, entries: [entry] }));
  }
}

const store = new FakeStore();
let disk = new FakeDisk();

beforeEach(() => {
  store.items.clear();
  store.isFull = false;
  disk = new FakeDisk();
});

/** @param {number} [writer] */
function begin(writer = 1) {
  const journal = new Journal(store, "a1", writer);
  journal.useDisk(disk);
  return journal;
}

/** @param {Map<number, import("../../lti_app/static/quiz_journal.js").Entry[]>} left */
const values = (left) => [...left].map(([writer, entries]) => [writer, entries.map((entry) => entry.value)]);

describe("what is typed", () => {
  test("goes into one entry until that was sent, then into another", () => {
    const journal = begin();
    journal.append("answer", 1, "T");
    journal.append("answer", 1, "Th");
    journal.sent = 1;
    journal.append("answer", 1, "The");
    assert.deepEqual(journal.entries.map(({ n, value }) => [n, value]), [[1, "Th"], [2, "The"]]);
  });

  test("is told apart by question and by kind", () => {
    const journal = begin();
    journal.append("answer", 1, "x");
    journal.append("flag", 1, true);
    journal.append("answer", 2, "y");
    assert.deepEqual(journal.entries.map(({ n }) => n), [1, 2, 3]);
  });

  test("stands in both places until it is acknowledged", () => {
    const journal = begin();
    journal.append("answer", 1, "x");
    journal.append("answer", 2, "y");
    journal.acknowledge(1);
    assert.deepEqual(values(findLeft(store, "a1")), [[1, ["y"]]]);
    assert.deepEqual(values(findLeft(null, "a1", disk.left())), [[1, ["y"]]]);
    journal.acknowledge(2);
    assert.deepEqual([store.length, disk.rows.size, journal.entries], [0, 0, []]);
  });

  test("before the disk was open goes there as soon as it is", () => {
    const journal = new Journal(store, "a1", 1);
    journal.append("answer", 1, "early");
    journal.useDisk(disk);
    assert.deepEqual(values(findLeft(null, "a1", disk.left())), [[1, ["early"]]]);
  });

  test("stays in memory and on the disk when localStorage is full, and that is known", () => {
    store.isFull = true;
    const journal = begin();
    journal.append("answer", 1, "x");
    assert.deepEqual([journal.isKept, journal.entries.length, disk.rows.size], [false, 1, 1]);
  });
});

describe("what earlier windows left", () => {
  test("is found by writer, in order, of this attempt only", () => {
    new Journal(store, "a2", 1).append("answer", 1, "another attempt");
    const [one, two] = [begin(1), begin(2)];
    for (let slot = 1; slot < 12; slot += 1) one.append("answer", slot, slot);
    two.append("answer", 1, "two");
    const left = findLeft(store, "a1");
    assert.deepEqual(left.get(1)?.map(({ n }) => n), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(left.get(2)?.map(({ value }) => value), ["two"]);
  });

  test("is merged from both places, and the later text of an entry wins", () => {
    const say = (/** @type {any} */ value, /** @type {number} */ at) => JSON.stringify({ kind: "answer", slot: 1, value, at });
    store.setItem("lectern-quiz:a1:1:1", say("newer", 20));
    store.setItem("lectern-quiz:a1:1:2", say("old", 10));
    /** @type {Left[]} */
    const onDisk = [{ writer: 1, entries: [[1, say("older", 10)], [2, say("new", 20)]] }, { writer: 1, entries: [[3, say("only", 30)]] }];
    assert.deepEqual(values(findLeft(store, "a1", onDisk)), [[1, ["newer", "new", "only"]]]);
  });

  test("is left alone where it is no entry", () => {
    store.setItem("lectern-quiz:a1:1:1", '{"kind": "ans');
    assert.deepEqual(values(findLeft(store, "a1", [{ writer: 1, entries: [[2, ""]] }])), []);
  });

  test("goes when it was delivered, what another window wrote stays", () => {
    begin(1).append("answer", 1, "x");
    begin(12).append("answer", 1, "y");
    forget(store, "a1", 1, Infinity);
    assert.deepEqual(values(findLeft(store, "a1")), [[12, ["y"]]]);
  });
});

describe("another window that delivers what this one is still typing", () => {
  test("takes no text with it: the entry is said again", () => {
    const journal = begin();
    journal.append("answer", 1, "The m");
    journal.append("answer", 1, "The moon");
    journal.removed("lectern-quiz:a1:1:1");
    assert.deepEqual(journal.entries.map(({ n, value }) => [n, value]), [[1, "The moon"], [2, "The moon"]]);
    journal.append("answer", 1, "The moon!");
    assert.deepEqual(journal.entries.map(({ value }) => value), ["The moon", "The moon!"]);
  });

  test("is none of this window's business when the key is another's", () => {
    const journal = begin();
    journal.append("answer", 1, "x");
    for (const key of ["lectern-quiz:a1:11:1", "lectern-quiz:a2:1:1", "theme", null]) journal.removed(key);
    assert.deepEqual(journal.entries.map(({ n }) => n), [1]);
  });
});
