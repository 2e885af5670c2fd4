// @ts-check
/** What an earlier window left and /open cannot carry is delivered before, in its name. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { deliverLarge } from "../../scorm_runtime/static/player/leftovers.js";

/** @typedef {import("../../scorm_runtime/static/bridge/journal.js").Entry} Entry */

/** @param {number} count @param {number} [from] @returns {Entry[]} */
const large = (count, from = 1) => Array.from({ length: count }, (_, at) => [from + at, "set", "cmi.suspend_data", "x".repeat(600_000)]);

/**
 * A server that has applied `applied` entries by commits up to `last` of `writer`.
 * @param {number} writer
 * @param {number} last
 * @param {number} applied
 */
function makeServer(writer, last, applied) {
  const state = { last, applied, bodies: /** @type {number[][]} */ ([]) };
  const post = async (/** @type {string} */ _path, /** @type {any} */ body) => {
    if (body.writer !== writer) return Response.json({}, { status: 409 });
    const numbers = body.entries.map((/** @type {Entry} */ entry) => entry[0]);
    if (body.number > state.last && numbers[0] <= state.applied + 1) {
      state.bodies.push(numbers);
      state.last = body.number;
      state.applied = Math.max(state.applied, ...numbers);
    }
    return Response.json({ number: state.last, acknowledged: state.applied });
  };
  return { state, page: { attempt: "a1", post } };
}

describe("a journal that is too large for /open", () => {
  test("is delivered but for its end, after the commits that were there before", async () => {
    const { state, page } = makeServer(3, 12, 1);
    const journals = [{ writer: 3, entries: large(7) }];
    await deliverLarge(page, journals);
    assert.deepEqual(state.bodies, [[2, 3], [4, 5]]);
    assert.deepEqual(journals[0].entries.map(([n]) => n), [6, 7]);
  });

  test("keeps its beginning when another window has written since", async () => {
    const { state, page } = makeServer(4, 0, 0);
    const journals = [{ writer: 3, entries: large(7) }];
    await deliverLarge(page, journals);
    assert.deepEqual([state.bodies, journals[0].entries.length], [[], 2]);
  });

  test("keeps its beginning when entries before it are missing", async () => {
    const { page } = makeServer(3, 0, 0);
    const journals = [{ writer: 3, entries: large(7, 5) }];
    await deliverLarge(page, journals);
    assert.deepEqual(journals[0].entries.map(([n]) => n), [5, 6]);
  });

  test("is not touched when it fits", async () => {
    const { state, page } = makeServer(3, 0, 0);
    const journals = [{ writer: 3, entries: large(2) }];
    await deliverLarge(page, journals);
    assert.deepEqual([state.bodies, journals[0].entries.length], [[], 2]);
  });

  test("stays where it is while there is no answer", async () => {
    const page = { attempt: "a1", post: async () => new Response("", { status: 503 }) };
    await assert.rejects(deliverLarge(page, [{ writer: 3, entries: large(7) }]));
  });
});
