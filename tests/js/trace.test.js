// Every call of the content is told to the call log, once, and bounded.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST, MOST, Trace } from "../../scorm_runtime/static/bridge/trace.js";

test("calls are told once, with the milliseconds before they are sent", () => {
  let now = 1000;
  const trace = new Trace(() => 7, () => now);
  trace.note("get", "cmi.location", "page 3", "0");
  now = 1500;
  trace.note("get", undefined, "", "301");
  now = 1600;
  assert.deepEqual(trace.take(), {
    calls: [
      [7, 600, "get", "cmi.location", "page 3", "0"],
      [7, 100, "get", "", "", "301"],
    ],
    untold_calls: 0,
  });
  assert.deepEqual(trace.take(), {});
});

test("a flood of calls is counted, not kept; long values are shortened", () => {
  const trace = new Trace(() => 0, () => 0);
  for (let n = 0; n < MOST + 5; n += 1) trace.note("get", "x".repeat(300), "y".repeat(300), "0");
  const { calls = [], untold_calls } = trace.take();
  assert.equal(calls.length, MOST);
  assert.equal(untold_calls, 5);
  assert.equal(calls[0][3].length, LONGEST);
});
