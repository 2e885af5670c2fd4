// Answers calls as the browser's API does, for tests/scorm_runtime/core/test_twins.py:
// node answer_calls.mjs <table file> <batch file>; a batch is [{strict, launch, values, nav, calls: [[name, …arguments]…]}…],
// the answer on stdout [[[answer, code, remark]…]…].
import { readFileSync } from "node:fs";

import { Api, exposeApi } from "../../scorm_runtime/static/bridge/api.js";
import { DataModel } from "../../scorm_runtime/static/bridge/model.js";
import { NavMirror } from "../../scorm_runtime/static/bridge/nav.js";

const [table, batch] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, "utf-8")));

function answerCalls({ strict, launch, values, nav, calls }) {
  const model = new DataModel(table, launch, values, strict, { nav: new NavMirror(nav) });
  const api = new Api(model, () => "");
  const functions = exposeApi(api);
  return calls.map(([name, ...args]) => [functions[name](...args), api.last.code, api.last.remark]);
}

process.stdout.write(JSON.stringify(batch.map(answerCalls)));
