// @ts-check
/**
 * Every call of the content for the call log: what was asked, what was answered, when.
 *
 * Apart from the journal on purpose: what the learner did is never lost, what content merely read
 * is told as long as there is a network. It travels with the next ordinary commit, once; calls
 * beyond MOST until then are only counted.
 */

/** @import { Operation } from "./table.js" */

/** @typedef {[n: number, ago: number, operation: string, element: string, value: string, code: string]} TracedCall */

export const MOST = 400;
export const LONGEST = 255;

export class Trace {
  /**
   * @param {() => number} last number of the newest journal entry
   * @param {() => number} [now] milliseconds
   */
  constructor(last, now = Date.now) {
    this.last = last;
    this.now = now;
    /** @type {TracedCall[]} */
    this.calls = [];
    this.untold = 0;
  }

  /**
   * @param {Operation} operation
   * @param {unknown} argument the element, or the error asked about
   * @param {string} value what was set, or what was answered
   * @param {string} code
   */
  note(operation, argument, value, code) {
    if (this.calls.length >= MOST) {
      this.untold += 1;
      return;
    }
    const element = typeof argument === "string" ? argument.slice(0, LONGEST) : "";
    this.calls.push([this.last(), this.now(), operation, element, value.slice(0, LONGEST), code]);
  }

  /**
   * What was not told yet, times as milliseconds before now; told once.
   * @returns {{calls?: TracedCall[], untold_calls?: number}}
   */
  take() {
    const now = this.now();
    const calls = this.calls.map(([n, at, ...rest]) => /** @type {TracedCall} */ ([n, Math.max(0, now - at), ...rest]));
    const told = { calls, untold_calls: this.untold };
    this.calls = [];
    this.untold = 0;
    return calls.length ? told : {};
  }
}
