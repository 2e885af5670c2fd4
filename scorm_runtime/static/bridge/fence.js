// @ts-check
/**
 * One writer per attempt (PAIN-11): the window that opened last writes. Windows of the same
 * browser hear of it at once by BroadcastChannel, others by the heartbeat or a refused commit.
 *
 * A window that is about to open asks the others of its browser to stop first, and waits for what
 * they have not had acknowledged: it delivers that in their place. Otherwise what their content
 * said between the reading of the journal and the news of the new writer would come too late.
 */

/** @import { LeftJournal, Store } from "./journal.js" */

export const HEARTBEAT = 30_000;
/** How long an opening window waits for another one's answer, in milliseconds. */
export const PATIENCE = 1500;

/** @param {string} attempt */
const nameOf = (attempt) => `lectern:${attempt}`;

/**
 * Make windows of this browser that write the attempt stop; answers what they have not had
 * acknowledged. Comes back at once where nobody has left a sign of life.
 * @param {Store | null} store
 * @param {string} attempt
 * @returns {Promise<LeftJournal[]>}
 */
export function askToYield(store, attempt) {
  if (!store || store.getItem(nameOf(attempt)) === null) return Promise.resolve([]);
  return new Promise((resolve) => {
    const done = (/** @type {LeftJournal[]} */ found) => {
      clearTimeout(timer);
      channel?.close();
      resolve(found);
    };
    const timer = setTimeout(() => done([]), PATIENCE);
    /** @type {BroadcastChannel | null} */
    let channel = null;
    try {
      channel = new BroadcastChannel(nameOf(attempt));
      channel.onmessage = ({ data }) => {
        if (data?.yields) done([data.yields]);
      };
      channel.postMessage({ asks: true });
    } catch {
      done([]);
    }
  });
}

export class Fence {
  /**
   * @param {string} attempt
   * @param {number} writer
   * @param {() => void} onTaken another window has taken over, or is about to: write no more
   * @param {() => LeftJournal} [unsent] what is not acknowledged
   */
  constructor(attempt, writer, onTaken, unsent = () => ({ writer, entries: [] })) {
    this.writer = writer;
    this.onTaken = onTaken;
    this.unsent = unsent;
    this.channel = null;
    try {
      this.channel = new BroadcastChannel(nameOf(attempt));
      this.channel.onmessage = ({ data }) => {
        if (data?.asks || data?.writer > this.writer) this.taken(Boolean(data.asks));
      };
      this.channel.postMessage({ writer });
    } catch {
      // no such channel in this browser or frame: heartbeat and refusal remain
    }
  }

  /** @param {boolean} isAsked somebody waits for what is unsent */
  taken(isAsked) {
    const { channel } = this;
    this.channel = null;
    this.onTaken();
    if (isAsked) channel?.postMessage({ yields: this.unsent() });
    channel?.close();
  }

  close() {
    this.channel?.close();
    this.channel = null;
  }
}
