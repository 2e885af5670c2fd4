// @ts-check
/** The shared cases of the data models against the browser's own code (SD-06, PAIN-08, PAIN-35). */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Api, exposeApi } from "../../scorm_runtime/static/bridge/api.js";
import { DataModel } from "../../scorm_runtime/static/bridge/model.js";
import { NavMirror } from "../../scorm_runtime/static/bridge/nav.js";

/**
 * @param {any} value
 * @returns {string}
 */
function expand(value) {
  if (Array.isArray(value)) return value.map(expand).join("");
  return typeof value === "object" ? value.repeat.repeat(value.times) : value;
}

for (const standard of ["1_2", "2004"]) {
  const folder = new URL(`../cases/scorm_${standard}/`, import.meta.url);
  const file = new URL(`../../scorm_runtime/core/cmi/elements_${standard}.json`, import.meta.url);
  const table = JSON.parse(readFileSync(file, "utf-8"));
  for (const name of readdirSync(folder).filter((found) => found.endsWith(".json"))) {
    for (const example of JSON.parse(readFileSync(new URL(name, folder), "utf-8"))) {
      test(`${standard} ${name}: ${example.name}`, () => run(table, example));
    }
  }
}

/**
 * @param {any} table
 * @param {any} example
 */
function run(table, example) {
  const nav = new NavMirror(example.nav);
  const model = new DataModel(table, example.launch ?? {}, example.values ?? {}, example.strict ?? false, { nav });
  const api = new Api(model, () => "");
  const functions = /** @type {any} */ (exposeApi(api));
  if (example.state !== "not initialized") functions[table.functions.initialize]("");
  for (const [name, args, expected, code, warned] of example.calls) {
    const given = functions[name](...args.map(expand));
    const where = `${name} ${JSON.stringify(args).slice(0, 300)}: ${api.last.remark}`;
    assert.deepEqual([given, functions[table.functions.error]()], [expand(expected), code], where);
    if (warned !== undefined) assert.equal(Boolean(api.last.remark), warned, where);
  }
}
