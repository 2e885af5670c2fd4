// @ts-check
/**
 * The SCORM 1.2 API that content finds as `window.API`: eight functions, strings in, strings out.
 *
 * Answers come at once from the local model; every call that changes something is written to the
 * journal before it returns. Nothing here ever throws into content, whatever it passes, whenever
 * it calls (RTE 1.2 3.3.2; the twin of `core/cmi/api.py`).
 */

/** @import { Answer, DataModel } from "./model.js" */
import { answer } from "./model.js";

/** @typedef {["initialize"] | ["set", string, string] | ["commit"] | ["finish"] | ["refused", string, string, string]} Call */

/** How many refused calls of a session go to the call log; the rest repeat themselves. */
const REFUSED_KEPT = 100;
const REFUSED_LENGTH = 255;

/** @param {unknown} value */
function text(value) {
  try {
    return value === undefined || value === null ? "" : String(value);
  } catch {
    return "";
  }
}

export class Api12 {
  /**
   * @param {DataModel} model
   * @param {(call: Call) => string} record writes to the journal; answers "" or why it cannot
   */
  constructor(model, record) {
    this.model = model;
    this.record = record;
    /** @type {"not initialized" | "running" | "finished"} */
    this.state = "not initialized";
    this.last = answer();
    this.refusedCount = 0;
  }

  /** @param {unknown} [argument] */
  LMSInitialize(argument) {
    if (text(argument)) return this.done(answer("201", "the argument must be an empty string"));
    if (this.state === "running" || (this.state === "finished" && this.model.strict)) {
      return this.done(answer("101", `the session is already ${this.state}`));
    }
    if (this.state === "finished") this.model.renew();
    this.state = "running";
    return this.done(this.keep(["initialize"]));
  }

  /** @param {unknown} [argument] */
  LMSFinish(argument) {
    const refused = this.refuseCall(argument);
    if (refused) return this.done(refused);
    this.state = "finished";
    return this.done(this.keep(["finish"]));
  }

  /** @param {unknown} [argument] */
  LMSCommit(argument) {
    return this.done(this.refuseCall(argument) ?? this.keep(["commit"]));
  }

  /** @param {unknown} [name] */
  LMSGetValue(name) {
    this.last = this.refuseCall("") ?? this.model.get(text(name));
    return this.last.code === "0" ? this.last.value : "";
  }

  /**
   * @param {unknown} [name]
   * @param {unknown} [value]
   */
  LMSSetValue(name, value) {
    const [element, content] = [text(name), text(value)];
    const given = this.refuseCall("") ?? this.model.set(element, content);
    if (given.code !== "0") {
      this.keepRefused(element, content, given.code);
      return this.done(given);
    }
    const kept = this.keep(["set", element, content]);
    return this.done(kept.code === "0" ? given : kept);
  }

  LMSGetLastError() {
    return this.last.code;
  }

  /** @param {unknown} [code] */
  LMSGetErrorString(code) {
    const { errors } = this.model.table;
    return Object.hasOwn(errors, text(code)) ? errors[text(code)] : "";
  }

  /** @param {unknown} [code] */
  LMSGetDiagnostic(code) {
    const asked = text(code);
    if (asked && asked !== this.last.code) return this.LMSGetErrorString(asked);
    return this.last.remark || this.LMSGetErrorString(this.last.code);
  }

  /**
   * @param {unknown} argument
   * @returns {Answer | null}
   */
  refuseCall(argument) {
    if (this.state !== "running") return answer("301", `the session is ${this.state}`);
    return text(argument) ? answer("201", "the argument must be an empty string") : null;
  }

  /**
   * @param {Call} call
   * @returns {Answer}
   */
  keep(call) {
    const refusal = this.record(call);
    return refusal ? answer("101", refusal) : answer();
  }

  /**
   * @param {string} element
   * @param {string} value
   * @param {string} code
   */
  keepRefused(element, value, code) {
    if (this.refusedCount >= REFUSED_KEPT) return;
    this.refusedCount += 1;
    this.record(["refused", element.slice(0, REFUSED_LENGTH), value.slice(0, REFUSED_LENGTH), code]);
  }

  /** @param {Answer} given */
  done(given) {
    this.last = given;
    return given.code === "0" ? "true" : "false";
  }
}

/** @type {("LMSInitialize" | "LMSFinish" | "LMSGetValue" | "LMSSetValue" | "LMSCommit" | "LMSGetLastError" | "LMSGetErrorString" | "LMSGetDiagnostic")[]} */
export const API_FUNCTIONS = [
  "LMSInitialize",
  "LMSFinish",
  "LMSGetValue",
  "LMSSetValue",
  "LMSCommit",
  "LMSGetLastError",
  "LMSGetErrorString",
  "LMSGetDiagnostic",
];

/**
 * The object content sees: the eight functions and nothing else, and none that throws.
 * @param {Api12} api
 */
export function exposeApi(api) {
  const functions = API_FUNCTIONS.map((name) => [
    name,
    (/** @type {unknown[]} */ ...args) => {
      try {
        return api[name](args[0], args[1]);
      } catch (error) {
        console.error("lectern: a call of the content failed", name, error);
        api.last = answer("101", `${name} failed`);
        return /Get/.test(name) ? "" : "false";
      }
    },
  ]);
  return Object.freeze(Object.fromEntries(functions));
}
