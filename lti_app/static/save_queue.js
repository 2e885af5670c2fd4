// @ts-check
// Saving by itself: changes wait in order, go out together, one request at a time, each on top of
// the revision that the server last told. Pure but for the clock and the sending, which are given.

/**
 * @typedef {{ op: string } & Record<string, unknown>} Change
 * @typedef {"saved" | "waiting" | "saving" | "offline" | "refused" | "conflict"} State
 * @typedef {{ kind: "saved", revision: number }
 *   | { kind: "conflict", revision: number, by: string, at: string }
 *   | { kind: "refused", message: string }
 *   | { kind: "away" }} Answer  away: no server, or one that is ill; it is asked again
 * @typedef {(changes: Change[], revision: number, leaving: boolean) => Promise<Answer>} Send
 * @typedef {{ pause?: number, backOff?: number[], now?: () => number,
 *   later?: (what: () => void, ms: number) => unknown, stop?: (timer: any) => void }} Options
 */

/** Milliseconds after the last key before a change is sent. */
const PAUSE = 800;
/** Milliseconds before each further try while the server is away; the last one repeats. */
const BACK_OFF = [1000, 2000, 5000, 10_000, 30_000];

export class SaveQueue {
  /** @type {{ key: string, change: Change }[]} */
  #waiting = [];
  /** @type {{ key: string, change: Change }[]} */
  #sent = [];
  #tries = 0;
  /** @type {unknown} */
  #timer = null;
  /** @type {Promise<void> | null} */
  #running = null;
  /** @type {State} */
  state = "saved";
  /** @type {Extract<Answer, { kind: "conflict" }> | null} */
  conflict = null;
  /** What the server said about a change it cannot take. */
  problem = "";

  /**
   * @param {number} revision of the draft that the page shows
   * @param {Send} send
   * @param {(queue: SaveQueue) => void} changed called whenever the state changes
   * @param {Options} [options]
   */
  constructor(revision, send, changed, options = {}) {
    this.revision = revision;
    this.send = send;
    this.changed = changed;
    this.pause = options.pause ?? PAUSE;
    this.backOff = options.backOff ?? BACK_OFF;
    this.later = options.later ?? ((what, ms) => setTimeout(what, ms));
    this.stop = options.stop ?? ((timer) => clearTimeout(timer));
  }

  /** Whether something is not yet on the server. */
  get isDirty() {
    return this.#waiting.length + this.#sent.length > 0;
  }

  /** What is not yet on the server, in order. */
  get unsaved() {
    return [...this.#sent, ...this.#waiting].map((each) => each.change);
  }

  /**
   * Take a change. One that waits under the same key is replaced: only the last text counts.
   * @param {Change} change
   * @param {{ key?: string, soon?: boolean }} [how] soon: without waiting for further keys
   */
  add(change, { key = "", soon = false } = {}) {
    if (key) this.#waiting = this.#waiting.filter((each) => each.key !== key);
    this.#waiting.push({ key, change });
    this.problem = "";
    if (this.state === "conflict") return this.changed(this); // a person decides first
    if (this.state !== "offline") this.#become(this.#running ? "saving" : "waiting");
    if (this.state === "waiting") this.#plan(soon ? 0 : this.pause);
  }

  /** Send what waits now; resolves when everything is answered, or cannot be for now. */
  async flush() {
    this.#unplan();
    while (this.#waiting.length && this.state !== "conflict") {
      await (this.#running ?? this.#go());
      if (this.state === "offline" || this.state === "refused") return;
    }
    await this.#running;
  }

  /** The page is being left: send everything once more with a request that outlives it. */
  leave() {
    const all = this.unsaved;
    if (all.length && this.state !== "conflict") void this.send(all, this.revision, true).catch(() => null);
  }

  /** The connection is back: try at once. */
  retry() {
    if (this.state !== "offline" && this.state !== "refused") return;
    this.#tries = 0;
    void this.flush();
  }

  /** In a conflict: put the own changes on top of what the other person saved. */
  overwrite() {
    if (!this.conflict) return;
    this.revision = this.conflict.revision;
    this.conflict = null;
    this.#become("waiting");
    void this.flush();
  }

  /** Give up what is not saved: the page is about to show what the server has. */
  discard() {
    this.#unplan();
    this.#waiting = [];
    this.#sent = [];
    this.conflict = null;
    this.#become("saved");
  }

  #go() {
    this.#sent = this.#waiting;
    this.#waiting = [];
    this.#become("saving");
    const changes = this.#sent.map((each) => each.change);
    this.#running = this.send(changes, this.revision, false)
      .catch(() => /** @type {Answer} */ ({ kind: "away" }))
      .then((answer) => this.#take(answer))
      .finally(() => (this.#running = null));
    return this.#running;
  }

  /** @param {Answer} answer */
  #take(answer) {
    if (answer.kind === "saved") {
      this.revision = answer.revision;
      this.#sent = [];
      this.#tries = 0;
      this.#become(this.#waiting.length ? "waiting" : "saved");
      if (this.#waiting.length) this.#plan(this.pause);
      return;
    }
    this.#giveBack();
    if (answer.kind === "conflict") {
      this.conflict = answer;
      this.#become("conflict");
    } else if (answer.kind === "refused") {
      // Trying again would be refused again: it waits for another change, or for `retry`.
      this.problem = answer.message;
      this.#become("refused");
    } else {
      const wait = this.backOff[Math.min(this.#tries++, this.backOff.length - 1)];
      this.#become("offline");
      this.#plan(wait);
    }
  }

  /** What was not taken waits again, before what came after it; later texts still replace it. */
  #giveBack() {
    const later = new Set(this.#waiting.map((each) => each.key).filter(Boolean));
    this.#waiting = [...this.#sent.filter((each) => !later.has(each.key)), ...this.#waiting];
    this.#sent = [];
  }

  /** @param {number} wait milliseconds */
  #plan(wait) {
    this.#unplan();
    this.#timer = this.later(() => {
      this.#timer = null;
      if (!this.#running && this.#waiting.length && this.state !== "conflict") void this.#go();
    }, wait);
  }

  #unplan() {
    if (this.#timer !== null) this.stop(this.#timer);
    this.#timer = null;
  }

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.changed(this);
  }
}
