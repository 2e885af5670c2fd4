// @ts-check
/**
 * Sends the journal: numbered commits with everything the server has not acknowledged.
 *
 * How nothing is lost and nothing counted twice (the other ends: journal.js here,
 * services/commits.py on the server):
 *
 * 1. A call returns when its entry is in the journal, so what the content was told is kept, is
 *    kept. Entries are numbered 1, 2, 3 … within a writer, one window of one attempt.
 * 2. A commit carries entries in order, from the first that was not acknowledged. The server keeps
 *    `applied_entry`: it applies what is above it, once, and never after a gap. So a request may
 *    be lost, come twice or come late: sending all that waits again is always right, and it is the
 *    only repair there is.
 * 3. An entry leaves the journal only when an answer has acknowledged its number, and the server
 *    says so only once it is in the database. "Saved" is only ever said of that (PAIN-03).
 * 4. Only the newest writer's commits are applied: opening takes the next number, an older window
 *    hears 409 and stops. Two tabs cannot mix their entries.
 * 5. Ordinary commits leave one at a time: two seconds after a change, at once after LMSCommit and
 *    LMSFinish, with growing pauses while there is no answer. No call waits for the network.
 * 6. When the page goes away, what fits leaves by keep-alive requests, which share 64 KiB; whether
 *    they arrived need not be known. What is left waits in the journal for the next visit, whose
 *    `/open` brings it along; it is applied if nobody has written in between.
 */

/** @import { Entry, Journal } from "./journal.js" */

/** @typedef {"saved" | "saving" | "offline"} SaveState */
/** @typedef {{acknowledged: number, token?: string, [name: string]: any}} CommitAnswer */

/**
 * @typedef {object} Ports
 * @property {() => string} address where commits go; changes when the token is renewed
 * @property {() => object} [context] what every commit says besides, as the window is now
 * @property {() => object} [trace] what the call log is told besides, with ordinary commits
 * @property {typeof fetch} fetch
 * @property {(state: SaveState) => void} onState
 * @property {(answer: CommitAnswer) => void} onAnswer
 * @property {(reason: "fenced" | "expired" | "gone" | "refused", details: any) => void} onStopped
 */

export const DEBOUNCE = 2000;
export const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];
/** Characters of one ordinary commit; more waits for the next one. */
export const LARGEST = 1_500_000;
/** Entries of one commit. */
const MOST = 5000;
/** Bytes that keep-alive requests may hold together (Fetch standard), less what headers cost. */
const KEEPALIVE = 60_000;
const REASONS = /** @type {const} */ ({ 401: "expired", 404: "gone", 409: "fenced", 403: "refused", 400: "refused", 413: "refused" });

export class Sender {
  /**
   * @param {Journal} journal
   * @param {Ports} ports
   */
  constructor(journal, ports) {
    this.journal = journal;
    this.ports = ports;
    this.number = 0;
    this.failures = 0;
    this.isSending = false;
    this.isStopped = false;
    this.isLeaving = false;
    this.isUrgent = false;
    this.leavingBytes = 0;
    this.leavingSent = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  /**
   * Something was journalled.
   * @param {boolean} urgent send it now rather than in two seconds
   */
  changed(urgent) {
    if (this.isStopped) return;
    if (this.isLeaving) {
      queueMicrotask(() => this.leave());
      return;
    }
    if (this.failures === 0) this.ports.onState("saving");
    if (this.isSending) {
      this.isUrgent ||= urgent;
    } else if (urgent) {
      this.schedule(0);
    } else if (this.timer === undefined) {
      this.schedule(DEBOUNCE);
    }
  }

  /** Send now, whatever pause was agreed: the network is back, or the learner asks. */
  hurry() {
    if (!this.isSending && !this.isStopped && this.journal.entries.length) this.schedule(0);
  }

  /**
   * Resolves true when everything is acknowledged, false when that did not happen in time.
   * @param {number} milliseconds
   * @returns {Promise<boolean>}
   */
  settle(milliseconds) {
    if (!this.journal.entries.length) return Promise.resolve(true);
    this.hurry();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), milliseconds);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve(this.journal.entries.length === 0);
      });
    });
  }

  /** Nothing more may or can be sent. */
  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.release();
  }

  /** @param {number} pause milliseconds */
  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, pause);
  }

  async send() {
    if (this.isSending || this.isStopped || !this.journal.entries.length) return;
    this.isSending = true;
    this.isUrgent = false;
    if (this.failures === 0) this.ports.onState("saving");
    const body = this.compose(takeUpTo(this.journal.entries, LARGEST), this.ports.trace?.());
    try {
      const response = await this.ports.fetch(this.ports.address(), post(body, false));
      await this.receive(response);
    } catch {
      this.failed();
    }
  }

  /** @param {Response} response */
  async receive(response) {
    const reason = REASONS[/** @type {keyof typeof REASONS} */ (response.status)];
    if (reason) {
      const details = await response.json().catch(() => ({}));
      this.isSending = false;
      this.stop();
      this.ports.onStopped(reason, details);
      return;
    }
    if (!response.ok) throw new Error(`answer ${response.status}`);
    /** @type {CommitAnswer} */
    const answer = await response.json();
    this.isSending = false;
    this.failures = 0;
    this.journal.acknowledge(answer.acknowledged);
    this.ports.onAnswer(answer);
    if (this.journal.entries.length) {
      this.schedule(this.isUrgent || this.waiting.length ? 0 : DEBOUNCE);
      return;
    }
    this.ports.onState("saved");
    this.release();
  }

  failed() {
    this.isSending = false;
    if (this.isStopped) return;
    this.ports.onState("offline");
    this.schedule(PAUSES[Math.min(this.failures, PAUSES.length - 1)]);
    this.failures += 1;
  }

  release() {
    for (const done of this.waiting.splice(0)) done();
  }

  /** The page may be going away: what fits leaves by keep-alive. */
  leave() {
    if (this.isStopped || !this.journal.entries.length) return;
    const newest = this.journal.last;
    if (this.leavingSent >= newest) return;
    const entries = this.chooseLeaving();
    if (!entries.length) return;
    const body = this.compose(entries);
    const size = byteLength(body);
    this.leavingBytes += size;
    this.leavingSent = entries[entries.length - 1][0];
    this.ports
      .fetch(this.ports.address(), post(body, true))
      .then(async (response) => {
        if (!response.ok) return;
        const answer = await response.json();
        this.journal.acknowledge(answer.acknowledged);
        this.ports.onAnswer(answer);
        if (this.journal.entries.length) return;
        this.ports.onState("saved");
        this.release();
      })
      .catch(() => {
        this.leavingSent = 0;
      })
      .finally(() => {
        this.leavingBytes -= size;
      });
  }

  /**
   * All that waits where it fits, else only what no keep-alive request carries yet, else its
   * beginning: the server takes entries in order and never after a gap.
   * @returns {Entry[]}
   */
  chooseLeaving() {
    const room = KEEPALIVE - this.leavingBytes;
    const { entries } = this.journal;
    const all = takeUpTo(entries, room, byteLength);
    if (all.length === entries.length) return all;
    const rest = entries.filter(([n]) => n > this.leavingSent);
    return takeUpTo(this.leavingSent ? rest : entries, room, byteLength);
  }

  /** The page is seen again: ordinary sending goes on. */
  stay() {
    this.isLeaving = false;
    this.leavingSent = 0;
    if (this.journal.entries.length) this.changed(true);
  }

  /**
   * @param {Entry[]} entries
   * @param {object} [told]
   */
  compose(entries, told) {
    this.number += 1;
    return JSON.stringify({ ...told, ...this.ports.context?.(), writer: this.journal.writer, number: this.number, entries });
  }
}

/**
 * The first entries that fit into `room` together; always at least one where sizes are characters.
 * @param {Entry[]} entries
 * @param {number} room
 * @param {(text: string) => number} [measure]
 */
export function takeUpTo(entries, room, measure) {
  let size = 100;
  let count = 0;
  for (const entry of entries) {
    const length = measure ? measure(JSON.stringify(entry)) : entry.join('","').length;
    size += length + 1;
    if (count >= MOST || (size > room && (measure || count))) break;
    count += 1;
  }
  return entries.slice(0, count);
}

/** @param {string} text */
function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * @param {string} body
 * @param {boolean} keepalive
 * @returns {RequestInit}
 */
function post(body, keepalive) {
  return { method: "POST", body, keepalive, credentials: "omit", cache: "no-store", headers: { "Content-Type": "text/plain" } };
}
