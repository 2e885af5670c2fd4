// @ts-check
/**
 * One writer per attempt (PAIN-11): the window that opened last writes. Windows of the same
 * browser hear of it at once by BroadcastChannel, others by the heartbeat or a refused commit.
 */

export const HEARTBEAT = 30_000;

export class Fence {
  /**
   * @param {string} attempt
   * @param {number} writer
   * @param {() => void} onTaken another window has taken over
   */
  constructor(attempt, writer, onTaken) {
    this.writer = writer;
    this.onTaken = onTaken;
    this.channel = null;
    try {
      this.channel = new BroadcastChannel(`lectern:${attempt}`);
      this.channel.onmessage = ({ data }) => {
        if (data && data.writer > this.writer) this.taken();
      };
      this.channel.postMessage({ writer });
    } catch {
      // no such channel in this browser or frame: heartbeat and refusal remain
    }
  }

  taken() {
    this.close();
    this.onTaken();
  }

  close() {
    this.channel?.close();
    this.channel = null;
  }
}
