// @ts-check
/** The browser's data model with much in it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { DataModel } from "../../scorm_runtime/static/bridge/model.js";

const file = new URL("../../scorm_runtime/core/cmi/elements_2004.json", import.meta.url);
const table = JSON.parse(readFileSync(file, "utf-8"));

test("10,000 interactions are kept, counted and loaded again", () => {
  const model = new DataModel(table, {}, {});
  for (let n = 0; n < 10_000; n += 1) {
    const answers = [["id", `q${n}`], ["type", "choice"], ["objectives.0.id", "o"], ["learner_response", "a"]];
    for (const [name, value] of answers) assert.equal(model.set(`cmi.interactions.${n}.${name}`, value).code, "0");
  }
  assert.equal(model.get("cmi.interactions._count").value, "10000");
  assert.equal(model.get("cmi.interactions.9999.learner_response").value, "a");
  const again = new DataModel(table, {}, Object.fromEntries(model.values));
  assert.equal(again.count("cmi.interactions"), 10_000);
});
