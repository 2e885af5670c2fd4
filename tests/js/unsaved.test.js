// @ts-check
/** Text that was typed and not saved: offered again, unless it is saved by now. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { judge } from "../../lti_app/static/unsaved.js";

/** @typedef {import("../../lti_app/static/unsaved.js").Fields} Fields */

/** @type {Fields} */
const BEFORE = [["title", "Plants"], ["tick", "yes"]];
/** @type {Fields} */
const TYPED = [["title", "House plants"]];

/** @param {boolean} [isSent] */
const draft = (isSent = false) => ({ address: "/x", fields: TYPED, base: JSON.stringify(BEFORE), at: 0, isSent });

describe("a draft", () => {
  test("is offered where nothing was saved since, also when its sending got lost", () => {
    assert.equal(judge(draft(), BEFORE), "offer");
    assert.equal(judge(draft(true), BEFORE), "offer");
  });
  test("is forgotten when the form shows what it says, or something else that was sent with it", () => {
    assert.equal(judge(draft(), TYPED), "forget");
    assert.equal(judge(draft(true), [["title", "House plants."]]), "forget");
  });
  test("is offered with a warning when somebody has saved since", () => {
    assert.equal(judge(draft(), [["title", "Garden"]]), "offer changed");
  });
});
