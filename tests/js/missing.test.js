// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document = /** @type {any} */ ({ getElementById: () => ({ textContent: "{}" }) });
const { fillIn } = await import("../../scorm_runtime/static/player/missing.js");

test("a reason's values stand where the translated sentence names them", () => {
  const reason = { code: "below", item: "Part A", values: { score: 40, needed: 80 } };
  assert.equal(fillIn("“%(item)s”: %(score)s %% of %(needed)s %%", reason), "“Part A”: 40 % of 80 %");
});

test("a value that is not there is left out, and an item may look like a pattern", () => {
  const reason = { code: "x", item: "$& %(score)s", values: {} };
  assert.equal(fillIn("%(item)s %(nothing)s.", reason), "$& %(score)s .");
});
