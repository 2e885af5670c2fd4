// @ts-check
/** The shared cases of the data model against the browser's own code (SD-06, PAIN-08, PAIN-35). */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Api12 } from "../../scorm_runtime/static/bridge/api.js";
import { DataModel } from "../../scorm_runtime/static/bridge/model.js";

const folder = new URL("../cases/scorm_1_2/", import.meta.url);
const table = JSON.parse(
  readFileSync(new URL("../../scorm_runtime/core/cmi/elements_1_2.json", import.meta.url), "utf-8"),
);

/** @param {any} value */
const expand = (value) => (typeof value === "object" ? value.repeat.repeat(value.times) : value);

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  for (const example of JSON.parse(readFileSync(new URL(file, folder), "utf-8"))) {
    test(`${file}: ${example.name}`, () => {
      const model = new DataModel(table, example.launch ?? {}, example.values ?? {}, example.strict ?? false);
      const api = new Api12(model, () => "");
      if (example.state !== "not initialized") api.LMSInitialize("");
      for (const [name, args, expected, code, warned] of example.calls) {
        const given = /** @type {any} */ (api)[name](...args.map(expand));
        const where = `${name} ${JSON.stringify(args)}: ${api.last.remark}`;
        assert.deepEqual([given, api.LMSGetLastError()], [expand(expected), code], where);
        if (warned !== undefined) assert.equal(Boolean(api.last.remark), warned, where);
      }
    });
  }
}
