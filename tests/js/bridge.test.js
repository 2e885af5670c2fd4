// @ts-check
/** Journal, sender and API without a browser: what is kept, sent, acknowledged. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, describe, mock, test } from "node:test";

import { Api, exposeApi } from "../../scorm_runtime/static/bridge/api.js";
import { Fence, PATIENCE, askToYield } from "../../scorm_runtime/static/bridge/fence.js";
import { Table } from "../../scorm_runtime/static/bridge/table.js";
import { Journal, findLeft, removeKeys } from "../../scorm_runtime/static/bridge/journal.js";
import { Sender } from "../../scorm_runtime/static/bridge/sender.js";
import { formatTimespan, parseTimespan } from "../../scorm_runtime/static/bridge/timespan.js";

/** localStorage as the standard has it, with a limit that can be lowered. */
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
    if (this.isFull) throw new Error("QuotaExceededError");
    this.items.set(key, value);
  }
  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}

/** @type {FakeStore} */
let store;
/** @type {Journal} */
let journal;

beforeEach(() => {
  store = new FakeStore();
  journal = new Journal(store, "a1", 3);
});

describe("the journal", () => {
  test("an entry is on the device when append returns", () => {
    journal.append(["set", "cmi.core.lesson_location", "7"]);
    assert.equal(store.getItem("lectern:a1:3:1"), '["set","cmi.core.lesson_location","7"]');
  });

  test("what is acknowledged is forgotten, the rest stays", () => {
    for (const value of ["a", "b", "c"]) journal.append(["set", "cmi.comments", value]);
    journal.acknowledge(2);
    assert.deepEqual(journal.entries, [[3, "set", "cmi.comments", "c"]]);
    assert.equal(store.getItem("lectern:a1:3:2"), null);
    assert.notEqual(store.getItem("lectern:a1:3:3"), null);
  });

  test("an entry that does not fit is kept in memory, and that shows", () => {
    store.isFull = true;
    journal.append(["commit"]);
    assert.equal(journal.isKept, false);
    journal.acknowledge(1);
    assert.equal(journal.isKept, true);
  });

  test("what earlier windows left is found by writer, in order, and only of this attempt", () => {
    for (let n = 1; n <= 11; n += 1) journal.append(["set", "cmi.comments", String(n)]);
    new Journal(store, "a1", 2).append(["finish"]);
    new Journal(store, "other", 1).append(["finish"]);
    store.setItem("lectern:a1:3:12", "{cut short");
    const left = findLeft(store, "a1");
    assert.deepEqual(left.journals.map(({ writer, entries }) => [writer, entries.map(([n]) => n)]), [
      [2, [1]],
      [3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ]);
    removeKeys(store, left.keys);
    assert.deepEqual(findLeft(store, "a1").journals, []);
    assert.equal(findLeft(store, "other").journals.length, 1);
  });

  test("without a store everything works from memory", () => {
    const own = new Journal(null, "a1", 1);
    own.append(["commit"]);
    assert.deepEqual([own.entries.length, own.isKept], [1, false]);
    assert.deepEqual(findLeft(null, "a1"), { journals: [], keys: [] });
  });
});

describe("a window that is about to open", () => {
  test("makes another one stop, and gets what it has not sent", async () => {
    journal.append(["set", "cmi.comments", "a"]);
    const taken = mock.fn();
    const fence = new Fence("a1", 3, taken, () => ({ writer: 3, entries: journal.entries }));
    assert.deepEqual(await askToYield(store, "a1"), [{ writer: 3, entries: [[1, "set", "cmi.comments", "a"]] }]);
    assert.deepEqual([taken.mock.callCount(), fence.channel], [1, null]);
  });

  test("waits for nobody where there is no sign of life", async () => {
    journal.showLife(false);
    assert.deepEqual(await askToYield(store, "a1"), []);
    assert.deepEqual(await askToYield(null, "a1"), []);
  });

  test("does not wait for ever for one that has died", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const asked = askToYield(store, "a1");
    context.mock.timers.tick(PATIENCE);
    assert.deepEqual(await asked, []);
  });

  test("finds what it was handed and what was kept, each entry once", () => {
    journal.append(["set", "cmi.comments", "a"]);
    journal.append(["set", "cmi.comments", "b"]);
    const { journals } = findLeft(store, "a1", [{ writer: 3, entries: [[2, "set", "cmi.comments", "b"], [3, "commit"]] }]);
    assert.deepEqual(journals.map(({ writer, entries }) => [writer, entries.map(([n]) => n)]), [[3, [1, 2, 3]]]);
  });

  test("an older window's goodbye leaves the newer one's sign of life", () => {
    new Journal(store, "a1", 4);
    journal.showLife(false);
    assert.notEqual(store.getItem("lectern:a1"), null);
  });
});

/** @param {(body: any, init: any) => any} serve */
function makeSender(serve) {
  /** @type {any[]} */
  const seen = [];
  const ports = {
    address: () => "http://x/commits",
    fetch: /** @type {any} */ (
      async (/** @type {string} */ _address, /** @type {any} */ init) => {
        const body = JSON.parse(init.body);
        seen.push({ ...body, keepalive: init.keepalive, bytes: init.body.length });
        return serve(body, init);
      }
    ),
    onState: mock.fn(),
    onAnswer: mock.fn(),
    onStopped: mock.fn(),
  };
  return { sender: new Sender(journal, ports), seen, ports };
}

const acknowledge = (/** @type {any} */ body) => Response.json({ acknowledged: body.entries.at(-1)[0] });
const states = (/** @type {any} */ ports) => ports.onState.mock.calls.map((/** @type {any} */ call) => call.arguments[0]);

/** @param {Sender} sender @param {import("../../scorm_runtime/static/bridge/journal.js").Entry[0] | any[]} call */
function say(sender, call, urgent = true) {
  journal.append(/** @type {any} */ (call));
  sender.changed(urgent);
}

describe("the sender", () => {
  test("says saved only after the acknowledgement", async () => {
    const { sender, ports } = makeSender(acknowledge);
    say(sender, ["commit"]);
    assert.deepEqual(states(ports), ["saving"]);
    assert.equal(await sender.settle(1000), true);
    assert.equal(states(ports).at(-1), "saved");
  });

  test("waits two seconds for more unless it is urgent", (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { sender, seen } = makeSender(acknowledge);
    say(sender, ["set", "cmi.comments", "a"], false);
    say(sender, ["set", "cmi.comments", "b"], false);
    context.mock.timers.tick(1999);
    assert.equal(seen.length, 0);
    context.mock.timers.tick(1);
    assert.deepEqual(seen.map((body) => body.entries.length), [2]);
  });

  test("repeats everything unacknowledged under a new number when there was no answer", async (context) => {
    let isDown = true;
    const { sender, seen, ports } = makeSender((body) => {
      if (isDown) throw new TypeError("network");
      return acknowledge(body);
    });
    say(sender, ["set", "cmi.comments", "a"]);
    await sender.send();
    assert.equal(states(ports).at(-1), "offline");
    journal.append(["commit"]);
    isDown = false;
    assert.equal(await sender.settle(1000), true);
    assert.deepEqual(seen.map((body) => [body.number, body.entries.length]), [[1, 1], [2, 2]]);
    context.diagnostic("numbers grow, entries stay");
  });

  test("an answer of 500 is no acknowledgement", async () => {
    const { sender, ports } = makeSender(() => new Response("", { status: 500 }));
    say(sender, ["commit"]);
    await sender.send();
    assert.equal(states(ports).at(-1), "offline");
    assert.equal(journal.entries.length, 1);
    sender.stop();
  });

  for (const [status, reason] of /** @type {[number, string][]} */ ([[401, "expired"], [404, "gone"], [409, "fenced"]])) {
    test(`an answer of ${status} stops it: ${reason}; the journal stays`, async () => {
      const { sender, ports } = makeSender(() => Response.json({ error: {} }, { status }));
      say(sender, ["commit"]);
      await sender.send();
      assert.equal(ports.onStopped.mock.calls[0].arguments[0], reason);
      assert.equal(journal.entries.length, 1);
      assert.equal(await sender.settle(10), false);
    });
  }

  test("leaving sends all that waits by keep-alive", () => {
    const { sender, seen } = makeSender(acknowledge);
    for (const value of ["a", "b"]) journal.append(["set", "cmi.comments", value]);
    sender.isLeaving = true;
    sender.leave();
    assert.deepEqual(seen.map((body) => [body.keepalive, body.entries.length]), [[true, 2]]);
  });

  test("leaving again after the goodbye of the content sends what came since", async () => {
    const { sender, seen } = makeSender(() => new Promise(() => {}));
    journal.append(["set", "cmi.comments", "a"]);
    sender.isLeaving = true;
    sender.leave();
    journal.append(["finish"]);
    sender.changed(true);
    await Promise.resolve();
    assert.deepEqual(seen.map((body) => body.entries.map((/** @type {any} */ entry) => entry[0])), [[1], [1, 2]]);
  });

  test("keep-alive requests never hold more than 64 KiB together", () => {
    const { sender, seen } = makeSender(() => new Promise(() => {}));
    sender.isLeaving = true;
    for (let n = 0; n < 30; n += 1) {
      journal.append(["set", "cmi.suspend_data", "ü".repeat(4000)]);
      sender.leave();
    }
    const bytes = seen.reduce((sum, body) => sum + new TextEncoder().encode(JSON.stringify(body.entries)).length, 0);
    assert.ok(bytes > 8000 && bytes < 65536, String(bytes));
    assert.equal(seen[0].entries[0][0], 1);
  });

  test("a value too large for keep-alive stays in the journal", () => {
    const { sender, seen } = makeSender(acknowledge);
    journal.append(["set", "cmi.suspend_data", "x".repeat(100_000)]);
    journal.append(["finish"]);
    sender.leave();
    assert.equal(seen.length, 0);
    assert.equal(journal.entries.length, 2);
  });

  test("large journals are cut into commits in order", async () => {
    const { sender, seen } = makeSender(acknowledge);
    for (let n = 0; n < 4; n += 1) journal.append(["set", "cmi.suspend_data", "x".repeat(1_000_000)]);
    assert.equal(await sender.settle(5000), true);
    assert.deepEqual(seen.map((body) => body.entries.map((/** @type {any} */ entry) => entry[0])), [[1], [2], [3], [4]]);
  });
});

describe("the API", () => {
  const file = new URL("../../scorm_runtime/core/cmi/elements_1_2.json", import.meta.url);
  const table = new Table(JSON.parse(readFileSync(file, "utf-8")));
  const given = () => ({ code: "0", value: "v", remark: "" });
  const model = /** @type {any} */ ({ table, values: new Map(), renew() {}, get: given, set: given });

  test("functions work when content takes them off the object", () => {
    const { LMSInitialize, LMSGetLastError } = /** @type {any} */ (exposeApi(new Api(model, () => "")));
    assert.deepEqual([LMSInitialize(""), LMSGetLastError()], ["true", "0"]);
  });

  test("a call that cannot be recorded is a general exception with its reason", () => {
    const api = /** @type {any} */ (exposeApi(new Api(model, () => "continued elsewhere")));
    assert.equal(api.LMSInitialize(""), "false");
    assert.deepEqual([api.LMSGetLastError(), api.LMSGetDiagnostic("")], ["101", "continued elsewhere"]);
  });

  test("nothing that content passes makes it throw", () => {
    const api = /** @type {any} */ (exposeApi(new Api(model, () => "")));
    const hostile = { toString() { throw new Error("no"); } };
    for (const value of [undefined, null, 7, NaN, {}, [], hostile, Symbol("s"), () => 1]) {
      for (const name of Object.keys(api)) {
        assert.equal(typeof api[name](value, value), "string", name);
      }
    }
  });

  test("a fault of ours is a general exception, never thrown", () => {
    const broken = { ...model, get: () => { throw new Error("ours"); } };
    const api = /** @type {any} */ (exposeApi(new Api(broken, () => "")));
    mock.method(console, "error", () => {});
    api.LMSInitialize("");
    assert.deepEqual([api.LMSGetValue("cmi.comments"), api.LMSGetLastError()], ["", "101"]);
    mock.restoreAll();
  });

  test("refused values are told to the call log, a hundred at most", () => {
    /** @type {any[]} */
    const log = [];
    const refusing = { ...model, set: () => ({ code: "405", value: "", remark: "no" }) };
    const api = /** @type {any} */ (exposeApi(new Api(refusing, (call) => (log.push(call), ""))));
    api.LMSInitialize("");
    for (let n = 0; n < 300; n += 1) api.LMSSetValue("cmi.core.score.raw", "x".repeat(1000));
    assert.equal(log.filter(([op]) => op === "refused").length, 100);
    assert.equal(log.at(-1)[2].length, 255);
  });
});

test("durations are read and written as on the server", () => {
  for (const [text, seconds] of /** @type {[string, number][]} */ ([["00:00:10", 10], ["PT1H2M3.5S", 3723.5], ["x", 0], ["P1DT1S", 86401]])) {
    assert.equal(parseTimespan(text), seconds);
  }
  assert.equal(formatTimespan(3723.456), "0001:02:03.46");
});
