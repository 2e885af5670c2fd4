// @ts-check
/**
 * The API that content finds as `window.API` (SCORM 1.2) or `window.API_1484_11` (SCORM 2004):
 * eight functions, strings in, strings out. Names, states and codes are the table's.
 *
 * Answers come at once from the local model; every call that changes something is written to the
 * journal before it returns. Nothing here ever throws into content, whatever it passes, whenever
 * it calls (RTE 1.2 3.3.2, RTE 2004 3.1; the twin of `core/cmi/api.py`).
 */

/** @import { Answer, DataModel } from "./model.js" */
/** @import { Operation } from "./table.js" */
import { answer } from "./model.js";

/** @typedef {["initialize"] | ["set", string, string] | ["commit"] | ["finish"] | ["refused", string, string, string]} Call */

/** @import { Trace } from "./trace.js" */

/** How many refused calls of a session go to the call log; the rest repeat themselves. */
const REFUSED_KEPT = 100;
const REFUSED_LENGTH = 255;
/** Of what GetErrorString and GetDiagnostic answer. */
const LONGEST_TEXT = 255;

/** @param {unknown} value */
function text(value) {
  try {
    return value === undefined || value === null ? "" : String(value);
  } catch {
    return "";
  }
}

export class Api {
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
    /** @type {Trace | null} where every call is noted for the call log */
    this.trace = null;
  }

  /** @param {unknown} [argument] */
  initialize(argument) {
    if (text(argument)) return this.done(answer("201", "the argument must be an empty string"));
    const again = this.state === "finished" && this.model.table.file.relaunch && !this.model.strict;
    if (this.state !== "not initialized" && !again) return this.done(this.refuseState("initialize"));
    if (again) this.model.renew();
    this.state = "running";
    return this.done(this.keep("initialize", ["initialize"]));
  }

  /** @param {unknown} [argument] */
  finish(argument) {
    const refused = this.refuseCall("finish", argument);
    if (refused) return this.done(refused);
    this.state = "finished";
    return this.done(this.keep("finish", ["finish"]));
  }

  /** @param {unknown} [argument] */
  commit(argument) {
    return this.done(this.refuseCall("commit", argument) ?? this.keep("commit", ["commit"]));
  }

  /** @param {unknown} [name] */
  get(name) {
    this.last = this.refuseCall("get") ?? this.model.get(text(name));
    return this.last.code === "0" ? this.last.value : "";
  }

  /**
   * @param {unknown} [name]
   * @param {unknown} [value]
   */
  set(name, value) {
    const [element, content] = [text(name), text(value)];
    const given = this.refuseCall("set") ?? this.model.set(element, content);
    if (given.code !== "0") {
      this.keepRefused(element, content, given.code);
      return this.done(given);
    }
    const kept = this.keep("set", ["set", element, content]);
    return this.done(kept.code === "0" ? given : kept);
  }

  error() {
    return this.last.code;
  }

  /** @param {unknown} [code] */
  text(code) {
    const { errors } = this.model.table;
    return Object.hasOwn(errors, text(code)) ? errors[text(code)] : "";
  }

  /** @param {unknown} [code] */
  diagnostic(code) {
    const asked = text(code);
    if (asked && asked !== this.last.code) return this.text(asked);
    return Array.from((this.last.remark || this.text(this.last.code)).slice(0, 2 * LONGEST_TEXT)).slice(0, LONGEST_TEXT).join("");
  }

  /** @param {Operation} operation */
  refuseState(operation) {
    return answer(this.model.table.file.states[operation][this.state], `the session is ${this.state}`);
  }

  /**
   * @param {Operation} operation
   * @param {unknown} [argument]
   * @returns {Answer | null}
   */
  refuseCall(operation, argument) {
    if (this.state !== "running") return this.refuseState(operation);
    return text(argument) ? answer("201", "the argument must be an empty string") : null;
  }

  /**
   * @param {Operation} operation
   * @param {Call} call
   * @returns {Answer}
   */
  keep(operation, call) {
    const refusal = this.record(call);
    return refusal ? answer(this.model.table.file.failures[operation], refusal) : answer();
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

/** SCORM 1.2: `window.API`. */
export class Api12 extends Api {}

/** SCORM 2004: `window.API_1484_11`. */
export class Api2004 extends Api {}

/**
 * The object content sees: the eight functions and nothing else, and none that throws.
 * @param {Api} api
 */
export function exposeApi(api) {
  const { functions, failures } = api.model.table.file;
  const exposed = /** @type {[Operation, string][]} */ (Object.entries(functions)).map(([operation, name]) => [
    name,
    (/** @type {unknown[]} */ ...args) => {
      try {
        const answered = api[operation](args[0], args[1]);
        const isSet = operation === "set" && typeof args[1] === "string";
        api.trace?.note(operation, args[0], isSet ? String(args[1]) : answered, api.last.code);
        return answered;
      } catch (error) {
        console.error("lectern: a call of the content failed", name, error);
        api.last = answer(failures[operation] ?? "101", `${name} failed`);
        return /Get/.test(name) ? "" : "false";
      }
    },
  ]);
  return Object.freeze(Object.fromEntries(exposed));
}
