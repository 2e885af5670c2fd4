// @ts-check
/** A quiz's sender: "saved" is only said of what was acknowledged; nothing is given up. PAIN-03 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Journal } from "../../lti_app/static/quiz_journal.js";
import { DEBOUNCE, PAUSES, Sender } from "../../lti_app/static/quiz_sender.js";

/** @typedef {[number, string, number, any, number]} Row */

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};
/** @param {number} milliseconds */
const pass = async (milliseconds) => {
  mock.timers.tick(milliseconds);
  await settled();
};

/** A page with a server that acknowledges everything, as long as `answer` says nothing else. */
function open() {
  const page = {
    requests: /** @type {{rows: Row[], keepalive: boolean}[]} */ ([]),
    states: /** @type {string[]} */ ([]),
    answers: /** @type {any[]} */ ([]),
    gone: 0,
    answer: /** @type {(rows: Row[]) => Response | Promise<Response>} */ (
      (rows) => Response.json({ acknowledged: Math.max(...rows.map(([n]) => n)), refused: [], seconds_left: null, is_over: false })
    ),
  };
  const journal = new Journal(null, "a1", 7);
  const fetch = async (/** @type {any} */ _address, /** @type {any} */ init) => {
    const body = JSON.parse(init.body);
    assert.equal(body.writer, 7);
    page.requests.push({ rows: body.entries, keepalive: init.keepalive });
    return page.answer(body.entries);
  };
  const sender = new Sender(journal, {
    address: "/entries",
    fetch: /** @type {any} */ (fetch),
    onState: (state) => page.states.push(state),
    onAnswer: (answer) => page.answers.push(answer),
    onGone: () => (page.gone += 1),
  });
  const type = (/** @type {number} */ slot, /** @type {any} */ value) => {
    journal.append("answer", slot, value);
    sender.changed();
  };
  return { page, journal, sender, type };
}

const away = () => Promise.reject(new TypeError("no network"));

describe("sending", () => {
  test("waits for the pause after a change, and says saved when it was acknowledged", async () => {
    const { page, journal, type } = open();
    type(1, "a");
    await pass(DEBOUNCE - 1);
    assert.deepEqual([page.requests.length, page.states], [0, ["saving"]]);
    await pass(1);
    assert.deepEqual(page.requests[0].rows.map(([n, kind, slot, value]) => [n, kind, slot, value]), [[1, "answer", 1, "a"]]);
    assert.deepEqual([page.states.at(-1), journal.entries], ["saved", []]);
  });

  test("is one request at a time; what came meanwhile goes with the next", async () => {
    const { page, type } = open();
    const taken = page.answer;
    /** @type {(response: Response) => void} */
    let respond = () => {};
    page.answer = () => new Promise((resolve) => (respond = resolve));
    type(1, "a");
    await pass(DEBOUNCE);
    type(1, "ab");
    type(2, "b");
    await pass(DEBOUNCE);
    assert.equal(page.requests.length, 1);
    page.answer = taken;
    respond(await taken(page.requests[0].rows));
    await settled();
    assert.notEqual(page.states.at(-1), "saved");
    await pass(DEBOUNCE);
    assert.deepEqual(page.requests[1].rows.map(([n, , slot, value]) => [n, slot, value]), [[2, 1, "ab"], [3, 2, "b"]]);
    assert.equal(page.states.at(-1), "saved");
  });

  test("is tried again with growing pauses for as long as there is no answer", async () => {
    const { page, journal, type } = open();
    const taken = page.answer;
    page.answer = away;
    type(1, "a");
    await pass(DEBOUNCE);
    for (const pause of [...PAUSES, PAUSES[PAUSES.length - 1]]) await pass(pause);
    assert.deepEqual([page.requests.length, page.states.at(-1)], [PAUSES.length + 2, "offline"]);
    page.answer = taken;
    await pass(PAUSES[PAUSES.length - 1]);
    assert.deepEqual([page.states.at(-1), journal.entries], ["saved", []]);
  });

  test("treats a server that is ill as one that is away", async () => {
    const { page, journal, type } = open();
    page.answer = () => new Response("", { status: 503 });
    type(1, "a");
    await pass(DEBOUNCE);
    assert.deepEqual([page.states.at(-1), journal.entries.length, page.gone], ["offline", 1, 0]);
  });

  test("ends when the address opens nothing any more; the journal keeps what it has", async () => {
    const { page, journal, type } = open();
    page.answer = () => new Response("", { status: 401 });
    type(1, "a");
    await pass(DEBOUNCE);
    type(1, "ab");
    await pass(60_000);
    assert.deepEqual([page.gone, page.requests.length, journal.entries.length], [1, 1, 2]);
  });

  test("takes at most 300 entries at once, and all of them in the end", async () => {
    const { page, journal, type } = open();
    for (let slot = 1; slot <= 301; slot += 1) type(slot, "x");
    await pass(DEBOUNCE);
    await pass(DEBOUNCE);
    assert.deepEqual(page.requests.map(({ rows }) => rows.length), [300, 1]);
    assert.deepEqual(journal.entries, []);
  });
});

describe("handing in", () => {
  test("waits until everything is acknowledged", async () => {
    const { page, sender, type } = open();
    type(1, "a");
    const isSaved = sender.settle(8000);
    await pass(0);
    assert.deepEqual([await isSaved, page.requests.length], [true, 1]);
  });

  test("is told when that did not happen in time", async () => {
    const { page, sender, type } = open();
    page.answer = away;
    type(1, "a");
    const isSaved = sender.settle(8000);
    await pass(8000);
    assert.equal(await isSaved, false);
  });

  test("needs no request when nothing waits", async () => {
    const { page, sender } = open();
    assert.deepEqual([await sender.settle(1), page.requests.length], [true, 0]);
  });
});

describe("leaving the page", () => {
  test("sends what fits by keep-alive, and the rest stays", async () => {
    const { page, journal, sender, type } = open();
    type(1, "x".repeat(30_000));
    type(2, "y".repeat(30_000));
    sender.leave();
    await settled();
    assert.deepEqual([page.requests[0].keepalive, page.requests[0].rows.map(([n]) => n)], [true, [1]]);
    assert.deepEqual(journal.entries.map(({ n }) => n), [2]);
  });

  test("sends nothing when everything is acknowledged", () => {
    const { page, sender } = open();
    sender.leave();
    assert.equal(page.requests.length, 0);
  });
});
