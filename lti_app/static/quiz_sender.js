// @ts-check
/**
 * Sends a quiz's journal: everything not yet acknowledged, one request at a time, again with growing
 * pauses while there is no answer; by keep-alive when the page goes away. "Saved" is only ever said
 * of what the server has acknowledged (PAIN-03).
 */

/** @import { Entry, Journal } from "./quiz_journal.js" */
/** @typedef {"saved" | "saving" | "offline"} State */
/** @typedef {{acknowledged: number, refused: [number, string][], seconds_left: number | null, is_over: boolean}} Answer */
/**
 * @typedef {object} Ports
 * @property {string} address
 * @property {typeof fetch} fetch
 * @property {(state: State) => void} onState
 * @property {(answer: Answer) => void} onAnswer
 * @property {() => void} onGone the address opens nothing any more
 */

export const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];
export const DEBOUNCE = 700;
const MOST = 300;
/** Characters; a keep-alive request has room for 64 KiB together with what else leaves. */
const LEAVING = 50_000;

export class Sender {
  /**
   * @param {Journal} journal
   * @param {Ports} ports
   */
  constructor(journal, ports) {
    this.journal = journal;
    this.ports = ports;
    this.failures = 0;
    this.isSending = false;
    this.isStopped = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {((isSaved: boolean) => void)[]} */
    this.waiting = [];
  }

  /** Something was journalled. */
  changed() {
    if (this.isStopped) return;
    if (this.failures === 0) this.ports.onState("saving");
    if (!this.isSending && this.failures === 0) this.schedule(DEBOUNCE);
  }

  /** @param {number} pause */
  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), pause);
  }

  /** Now, whatever pause was agreed: the network is back, or the learner hands in. */
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
      this.waiting.push((isSaved) => {
        clearTimeout(timer);
        resolve(isSaved);
      });
    });
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
    for (const done of this.waiting.splice(0)) done(this.journal.entries.length === 0);
  }

  async send() {
    const entries = this.journal.entries.slice(0, MOST);
    if (this.isSending || this.isStopped || !entries.length) return;
    this.isSending = true;
    this.journal.sent = Math.max(this.journal.sent, entries[entries.length - 1].n);
    try {
      const response = await this.ports.fetch(this.ports.address, post(this.journal.writer, entries, false));
      this.isSending = false;
      if ([400, 401, 403, 404].includes(response.status)) {
        this.stop();
        this.ports.onGone();
        return;
      }
      if (!response.ok) throw new Error(`answer ${response.status}`);
      this.receive(await response.json());
    } catch {
      this.isSending = false;
      if (this.isStopped) return;
      this.ports.onState("offline");
      this.schedule(PAUSES[Math.min(this.failures, PAUSES.length - 1)]);
      this.failures += 1;
    }
  }

  /** @param {Answer} answer */
  receive(answer) {
    this.failures = 0;
    this.journal.acknowledge(answer.acknowledged);
    this.ports.onAnswer(answer);
    if (this.isStopped) return;
    if (this.journal.entries.length) {
      this.schedule(this.waiting.length ? 0 : DEBOUNCE);
      return;
    }
    this.ports.onState("saved");
    for (const done of this.waiting.splice(0)) done(true);
  }

  /** The page may be going away: what fits leaves by keep-alive; the rest stays for the next visit. */
  leave() {
    if (this.isStopped || !this.journal.entries.length) return;
    let size = 0;
    const entries = this.journal.entries.slice(0, MOST).filter((entry) => (size += JSON.stringify(entry).length) < LEAVING);
    if (!entries.length) return;
    this.journal.sent = Math.max(this.journal.sent, entries[entries.length - 1].n);
    this.ports
      .fetch(this.ports.address, post(this.journal.writer, entries, true))
      .then(async (response) => {
        if (response.ok) this.receive(await response.json());
      })
      .catch(() => {
        // it is in the journal
      });
  }
}

/**
 * @param {number} writer
 * @param {Entry[]} entries
 * @param {boolean} keepalive
 * @returns {RequestInit}
 */
export function post(writer, entries, keepalive) {
  const now = Date.now();
  const rows = entries.map(({ n, kind, slot, value, at }) => [n, kind, slot, value, Math.max(0, now - at)]);
  return { method: "POST", body: JSON.stringify({ writer, entries: rows }), keepalive, cache: "no-store", headers: { "Content-Type": "text/plain" } };
}
