// @ts-check
/**
 * The window's life: hidden, asleep, restored, closed; whether it still writes; what became of the
 * grade. Asks the server quietly and hands over what it hears.
 */

import { HEARTBEAT } from "../bridge/fence.js";

/** @typedef {{text: string, tone: string, final: boolean} | null | undefined} Chip */

/**
 * @typedef {object} Ears
 * @property {() => Promise<Response>} status asks the server
 * @property {(answer: any) => void} onStatus
 * @property {() => void} onExpired
 * @property {() => void} onSeen the window is seen again, or its network is back
 * @property {(isClosing: boolean) => void} onHidden what is unsent should leave now
 * @property {() => void} onRestored the page came out of the back/forward cache
 */

const CHIP_PAUSES = [2000, 3000, 5000, 8000, 13000, 21000, 34000];

export class Presence {
  /** @param {Ears} ears */
  constructor(ears) {
    this.ears = ears;
    this.isOver = false;
    this.chipTries = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.chipTimer = undefined;
  }

  listen() {
    setInterval(() => {
      if (document.visibilityState === "visible") void this.ask();
    }, HEARTBEAT);
    window.addEventListener("online", () => this.ears.onSeen());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        this.ears.onSeen();
        void this.ask();
      } else {
        this.ears.onHidden(false);
      }
    });
    window.addEventListener("pagehide", () => this.ears.onHidden(true));
    window.addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.ears.onSeen();
      void this.ask().then(() => this.ears.onRestored());
    });
  }

  /** Heartbeat: are we still the writer, and what became of the grade? */
  async ask() {
    if (this.isOver) return;
    try {
      const response = await this.ears.status();
      if (response.status === 401) this.ears.onExpired();
      if (!response.ok) return;
      const answer = await response.json();
      this.pollChip(answer.chip);
      this.ears.onStatus(answer);
    } catch {
      // no connection; the sender says so when there is something to send
    }
  }

  /**
   * A grade on its way: ask again until it has arrived.
   * @param {Chip} chip
   * @param {boolean} [isNew] something was saved since
   */
  pollChip(chip, isNew = false) {
    clearTimeout(this.chipTimer);
    if (isNew) this.chipTries = 0;
    if (this.isOver || !chip || chip.final || this.chipTries >= CHIP_PAUSES.length) return;
    this.chipTimer = setTimeout(() => void this.ask(), CHIP_PAUSES[this.chipTries]);
    this.chipTries += 1;
  }

  stop() {
    this.isOver = true;
    clearTimeout(this.chipTimer);
  }
}
