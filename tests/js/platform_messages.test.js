/** What is said to the platform around our frame: to whom, and what happens when nobody answers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Platform, guardLeaving, roomFor } from "../../scorm_runtime/static/player/platform_messages.js";

const SCHOOL = "https://school.instructure.com";
const ALL = [
  "lti.frameResize",
  "lti.fetchWindowSize",
  "lti.showModuleNavigation",
  "lti.setUnloadMessage",
  "lti.removeUnloadMessage",
];

/**
 * A window in a frame of `around`, whose parent keeps what it is told and may answer.
 * @param {{around?: string, answer?: Record<string, any> | null, origins?: string[], token?: string}} [how]
 */
function framed({ around = SCHOOL, answer = null, origins = [SCHOOL], token = "" } = {}) {
  /** @type {[Record<string, any>, string][]} */
  const told = [];
  /** @type {any} */
  const own = new EventTarget();
  own.parent = {
    /** @param {Record<string, any>} message @param {string} origin */
    postMessage(message, origin) {
      told.push([message, origin]);
      if (!answer) return;
      const { subject, message_id } = message;
      const data = { subject: `${subject}.response`, message_id, ...answer };
      own.dispatchEvent(Object.assign(new Event("message"), { data, origin: answer.origin ?? around }));
    },
  };
  own.location = { ancestorOrigins: around ? [around] : undefined };
  return { platform: new Platform({ origins, messages: ALL, token }, own), told };
}

test("a message goes to the registered origin around us, with the platform's token (CANVAS-8)", () => {
  const { platform, told } = framed({ token: "t0ken" });
  assert.equal(platform.tell("lti.frameResize", { height: 700 }), true);
  const [message, origin] = told[0];
  assert.equal(origin, SCHOOL);
  assert.deepEqual({ ...message, message_id: "" }, { subject: "lti.frameResize", message_id: "", token: "t0ken", height: 700 });
});

test("nothing is said to a page that is not the platform's, and never to everybody", () => {
  const { platform, told } = framed({ around: "https://evil.example" });
  assert.equal(platform.tell("lti.frameResize", { height: 1 }), false);
  const nobody = framed({ around: "", origins: [] });
  assert.equal(nobody.platform.tell("lti.frameResize", { height: 1 }), false);
  assert.deepEqual([...told, ...nobody.told], []);
});

test("without ancestorOrigins the likeliest registered origin is meant", () => {
  const { platform, told } = framed({ around: "", origins: [SCHOOL, "https://other.test"] });
  platform.tell("lti.showModuleNavigation", { show: false });
  assert.equal(told[0][1], SCHOOL);
});

test("messages that the product does not know are not sent (CANVAS-7)", () => {
  const { platform, told } = framed();
  assert.equal(platform.tell("lti.hideRightSideWrapper"), false);
  assert.deepEqual(told, []);
});

test("who does not answer within half a second counts as silent (CANVAS-9)", async () => {
  const { platform } = framed();
  const began = Date.now();
  assert.equal(await platform.ask("lti.fetchWindowSize"), null);
  assert.ok(Date.now() - began >= 450);
  assert.equal(await roomFor(platform), 0);
});

test("an answer of another origin is no answer", async () => {
  const { platform } = framed({ answer: { height: 900, origin: "https://evil.example" } });
  assert.equal(await platform.ask("lti.fetchWindowSize", {}, 20), null);
});

test("the room for content is what the window shows below the platform's own bars (CANVAS-7)", async () => {
  const { platform } = framed({ answer: { height: 900, offset: { top: 120 }, footer: 40 } });
  assert.equal(await roomFor(platform), 740);
  const odd = framed({ answer: { height: "?" } });
  assert.equal(await roomFor(odd.platform), 0);
});

test("messages go to the window that opened ours, where there is none around it (CANVAS-6)", () => {
  /** @type {any[]} */
  const told = [];
  /** @type {any} */
  const own = new EventTarget();
  own.parent = own;
  own.opener = { postMessage: (/** @type {any} */ message) => told.push(message) };
  own.location = {};
  const platform = new Platform({ origins: [SCHOOL], messages: ALL, token: "" }, own);
  assert.equal(platform.tell("lti.frameResize", { height: 500 }), true);
  assert.equal(told.length, 1);
});

test("who leaves is asked only while something is not saved (CANVAS-7)", () => {
  const { platform, told } = framed();
  /** @type {any} */
  const save = { dataset: { save: "saved" } };
  /** @type {() => void} */
  let changed = () => {};
  /** @type {any} */ (globalThis).MutationObserver = class {
    /** @param {() => void} follow */
    constructor(follow) {
      changed = follow;
    }
    observe() {}
  };
  const own = /** @type {any} */ (new EventTarget());
  guardLeaving(platform, save, own);
  for (const state of ["saving", "saving", "saved", "offline"]) {
    save.dataset.save = state;
    changed();
  }
  own.dispatchEvent(new Event("pagehide"));
  const said = told.map(([message]) => message.subject);
  assert.deepEqual(said, ["lti.setUnloadMessage", "lti.removeUnloadMessage", "lti.setUnloadMessage", "lti.removeUnloadMessage"]);
});
