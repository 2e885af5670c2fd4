// @ts-check
/** Saving by itself: nothing typed is lost, nothing of somebody else is overwritten unasked. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { SaveQueue } from "../../lti_app/static/save_queue.js";

/** A server that answers what it is told to, and a clock that a test moves.
 * @param {...any} answers functions are called with (changes, revision); the last one repeats */
function start(...answers) {
  /** @type {{ changes: any[], revision: number, leaving: boolean }[]} */
  const sent = [];
  /** @type {{ what: () => void, ms: number }[]} */
  let timers = [];
  const send = async (/** @type {any[]} */ changes, /** @type {number} */ revision, /** @type {boolean} */ leaving) => {
    sent.push({ changes, revision, leaving });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return typeof answer === "function" ? answer(changes, revision) : answer;
  };
  /** @type {string[]} */
  const states = [];
  const queue = new SaveQueue(1, send, (each) => states.push(each.state), {
    later: (what, ms) => {
      const timer = { what, ms };
      timers.push(timer);
      return timer;
    },
    stop: (timer) => (timers = timers.filter((each) => each !== timer)),
  });
  const tick = async () => {
    const due = timers;
    timers = [];
    due.forEach((each) => each.what());
    await settle();
  };
  return { queue, sent, states, tick, waits: () => timers.map((each) => each.ms) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const ok = (/** @type {any[]} */ _changes, /** @type {number} */ revision) => ({ kind: "saved", revision: revision + 1 });
const title = (/** @type {string} */ text) => ({ op: "set_unit", unit: "u", title: text });

describe("saving", () => {
  test("waits for the last key, then sends the last text only", async () => {
    const { queue, sent, tick, waits } = start(ok);
    queue.add(title("a"), { key: "u.title" });
    queue.add(title("ab"), { key: "u.title" });
    assert.deepEqual(waits(), [800]);
    await tick();
    assert.deepEqual(sent.map((each) => each.changes), [[title("ab")]]);
    assert.equal(queue.state, "saved");
  });

  test("each request stands on the revision that the one before gave", async () => {
    const { queue, sent } = start(ok);
    queue.add(title("a"));
    await queue.flush();
    queue.add(title("b"));
    await queue.flush();
    assert.deepEqual(sent.map((each) => each.revision), [1, 2]);
  });

  test("moves are sent in their order and never merged", async () => {
    const { queue, sent, tick } = start(ok);
    queue.add({ op: "move_unit", index: 1 }, { soon: true });
    queue.add({ op: "move_unit", index: 2 }, { soon: true });
    await tick();
    assert.deepEqual(sent[0].changes.map((/** @type {any} */ each) => each.index), [1, 2]);
  });

  test("one request at a time: what is typed meanwhile goes with the next", async () => {
    /** @type {(answer: any) => void} */
    let answer = () => {};
    const { queue, sent, tick, states } = start(() => new Promise((resolve) => (answer = resolve)));
    queue.add(title("a"), { key: "k", soon: true });
    await tick();
    queue.add(title("b"), { key: "k" });
    assert.equal(sent.length, 1);
    assert.ok(queue.isDirty);
    answer({ kind: "saved", revision: 2 });
    await settle();
    assert.equal(states.at(-1), "waiting");
    await tick();
    assert.deepEqual([sent[1].revision, sent[1].changes], [2, [title("b")]]);
  });
});

describe("without a server", () => {
  test("it tries again, later each time, and loses nothing", async () => {
    const away = { kind: "away" };
    const { queue, sent, tick, waits } = start(away, away, ok);
    queue.add(title("a"), { key: "k" });
    await tick();
    assert.deepEqual([queue.state, waits()], ["offline", [1000]]);
    await tick();
    assert.deepEqual(waits(), [2000]);
    await tick();
    assert.equal(queue.state, "saved");
    assert.equal(sent.length, 3);
  });

  test("a text typed meanwhile replaces the one that could not be sent", async () => {
    const { queue, sent, tick } = start({ kind: "away" }, ok);
    queue.add(title("a"), { key: "k" });
    await tick();
    queue.add(title("b"), { key: "k" });
    await tick();
    assert.deepEqual(sent[1].changes, [title("b")]);
  });

  test("a request that fails is the same as a server that is away", async () => {
    const { queue, tick } = start(() => Promise.reject(new Error("no network")));
    queue.add(title("a"));
    await tick();
    assert.equal(queue.state, "offline");
  });

  test("when the connection is back, it does not wait for the clock", async () => {
    const { queue, tick } = start({ kind: "away" }, ok);
    queue.add(title("a"));
    await tick();
    queue.retry();
    await settle();
    assert.equal(queue.state, "saved");
  });
});

describe("a conflict", () => {
  const theirs = { kind: "conflict", revision: 7, by: "Ada", at: "2026-11-22T10:00:00Z" };

  test("stops saving until a person has decided, and what is typed stays", async () => {
    const { queue, sent, tick } = start(theirs, ok);
    queue.add(title("a"), { key: "k" });
    await tick();
    assert.deepEqual([queue.state, queue.conflict?.by], ["conflict", "Ada"]);
    queue.add(title("b"), { key: "k" });
    await queue.flush();
    assert.equal(sent.length, 1);
    assert.deepEqual(queue.unsaved, [title("b")]);
  });

  test("ours are put on top of theirs when asked for", async () => {
    const { queue, sent, tick } = start(theirs, ok);
    queue.add(title("a"));
    await tick();
    queue.overwrite();
    await settle();
    assert.deepEqual([queue.state, sent[1].revision, queue.revision], ["saved", 7, 8]);
  });

  test("ours are given up when asked for", async () => {
    const { queue, tick } = start(theirs);
    queue.add(title("a"));
    await tick();
    queue.discard();
    assert.deepEqual([queue.state, queue.isDirty], ["saved", false]);
  });
});

describe("a refusal", () => {
  test("is said, is not repeated by itself, and ends with the next change", async () => {
    const { queue, sent, tick, waits } = start({ kind: "refused", message: "Give it a title." }, ok);
    queue.add(title(""), { key: "k" });
    await tick();
    assert.deepEqual([queue.state, queue.problem, waits()], ["refused", "Give it a title.", []]);
    queue.add(title("a"), { key: "k" });
    await tick();
    assert.deepEqual([queue.state, sent[1].changes], ["saved", [title("a")]]);
  });
});

test("who leaves the page sends everything once more with a request that outlives it", async () => {
  const { queue, sent } = start(ok);
  queue.add(title("a"));
  queue.leave();
  await settle();
  assert.deepEqual(sent, [{ changes: [title("a")], revision: 1, leaving: true }]);
});
