// @ts-check
/** adl.nav.request_valid in the browser: answered at once, and right also while values wait. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, describe, mock, test } from "node:test";

import { Api2004, exposeApi } from "../../scorm_runtime/static/bridge/api.js";
import { DataModel } from "../../scorm_runtime/static/bridge/model.js";
import { NavMirror, askNav } from "../../scorm_runtime/static/bridge/nav.js";

const file = new URL("../../scorm_runtime/core/cmi/elements_2004.json", import.meta.url);
const table = JSON.parse(readFileSync(file, "utf-8"));
const CONTINUE = "adl.nav.request_valid.continue";

/** @param {any[]} answers what the server says, one after the other; null for no answer */
function start(...answers) {
  const ask = mock.fn(() => answers.shift() ?? null);
  const mirror = new NavMirror({ continue: "disabled" }, ask);
  const api = /** @type {any} */ (exposeApi(new Api2004(new DataModel(table, {}, {}, false, { nav: mirror }), () => "")));
  api.Initialize("");
  return { api, ask, mirror };
}

describe("request_valid", () => {
  test("is answered from the delivery's document without asking", () => {
    const { api, ask } = start();
    assert.equal(api.GetValue(CONTINUE), "false");
    assert.equal(ask.mock.callCount(), 0);
  });

  test("right after SetValue asks the server, once", () => {
    const { api, ask } = start({ continue: "enabled" });
    api.SetValue("cmi.completion_status", "completed");
    assert.deepEqual([api.GetValue(CONTINUE), api.GetValue(CONTINUE)], ["true", "true"]);
    assert.equal(ask.mock.callCount(), 1);
  });

  test("asks again after the next SetValue", () => {
    const { api } = start({ continue: "enabled" }, { continue: "disabled" });
    api.SetValue("cmi.completion_status", "completed");
    assert.equal(api.GetValue(CONTINUE), "true");
    api.SetValue("cmi.completion_status", "incomplete");
    assert.equal(api.GetValue(CONTINUE), "false");
  });

  test("a refused SetValue changes nothing", () => {
    const { api, ask } = start();
    api.SetValue("cmi.completion_status", "nonsense");
    api.GetValue(CONTINUE);
    assert.equal(ask.mock.callCount(), 0);
  });

  test("without an answer the last one known counts, and the next read asks again", () => {
    const { api, ask } = start(null, { continue: "enabled" });
    api.SetValue("cmi.location", "1");
    assert.equal(api.GetValue(CONTINUE), "false");
    assert.equal(api.GetValue(CONTINUE), "true");
    assert.equal(ask.mock.callCount(), 2);
  });

  test("a document that knows every value makes asking needless", () => {
    const { api, ask, mirror } = start();
    api.SetValue("cmi.location", "1");
    mirror.take({ continue: "enabled" }, true);
    assert.equal(api.GetValue(CONTINUE), "true");
    assert.equal(ask.mock.callCount(), 0);
  });

  test("an older document is known, but asked beyond", () => {
    const { api, ask, mirror } = start();
    api.SetValue("cmi.location", "1");
    mirror.take({ continue: "enabled" }, false);
    assert.equal(api.GetValue(CONTINUE), "true");
    assert.equal(ask.mock.callCount(), 1);
  });
});

describe("asking the server", () => {
  afterEach(() => {
    delete (/** @type {any} */ (globalThis).XMLHttpRequest);
  });

  /** @param {(body: string) => {status: number, responseText: string}} serve */
  function fake(serve) {
    /** @type {any} */ (globalThis).XMLHttpRequest = class {
      open(/** @type {any[]} */ ...how) {
        this.how = how;
      }
      setRequestHeader() {}
      send(/** @type {string} */ body) {
        assert.deepEqual(this.how, ["POST", "http://x/nav", false]);
        Object.assign(this, serve(body));
      }
    };
  }

  const unsent = { writer: 3, entries: [[4, "set", "cmi.location", "1"]] };

  test("sends what is not acknowledged and takes the document", () => {
    fake((body) => ({ status: 200, responseText: JSON.stringify({ nav: { sent: JSON.parse(body) } }) }));
    assert.deepEqual(askNav("http://x/nav", unsent), { sent: unsent });
  });

  test("an error, an odd answer, no connection: no answer", () => {
    fake(() => ({ status: 401, responseText: "{}" }));
    assert.equal(askNav("http://x/nav", unsent), null);
    fake(() => ({ status: 200, responseText: "<html>" }));
    assert.equal(askNav("http://x/nav", unsent), null);
    fake(() => {
      throw new Error("NetworkError");
    });
    assert.equal(askNav("http://x/nav", unsent), null);
  });
});
