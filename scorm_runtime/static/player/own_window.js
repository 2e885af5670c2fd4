// @ts-check
/**
 * A window of its own for packages that need one: opened on a click, because browsers block every
 * other one; this page stays as its opener and holds the API (PAIN-12).
 */

import { announce, showHint, texts } from "./screen.js";

const LOOK = 400;
/** How long the goodbye of a window that is being closed may take. */
const GOODBYE = 1500;

export class OwnWindow {
  /**
   * @param {{width: number, height: number}} size CSS pixels, 0 for as large as the screen
   * @param {() => void} openAgain the window was closed and the learner wants it back
   * @param {() => void} leave
   */
  constructor(size, openAgain, leave) {
    this.size = size;
    this.openAgain = openAgain;
    this.leave = leave;
    /** @type {Window | null} */
    this.window = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  get isOpen() {
    return this.window !== null && !this.window.closed;
  }

  /**
   * Ask for the click.
   * @param {string} title
   * @param {URL} address
   * @param {string} [text]
   */
  offer(title, address, text = texts.window_offer) {
    const open = { label: texts.window_open, run: () => this.open(title, address) };
    showHint(text, [open, this.back()], title);
  }

  /**
   * @param {string} title
   * @param {URL} address
   */
  open(title, address) {
    const width = this.size.width || screen.availWidth;
    const height = this.size.height || screen.availHeight;
    const left = Math.max(0, (screen.availWidth - width) / 2);
    this.window = window.open(address.href, "_blank", `popup,width=${width},height=${height},left=${left},top=0`);
    if (!this.window) {
      this.offer(title, address, texts.window_blocked);
      announce(texts.window_blocked);
      return;
    }
    showHint(texts.window_there, [{ label: texts.window_show, run: () => this.window?.focus() }, this.back()], title);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.look(title), LOOK);
  }

  /** @param {string} title */
  look(title) {
    if (this.isOpen) return;
    clearInterval(this.timer);
    showHint(texts.window_closed, [{ label: texts.window_again, run: this.openAgain }, this.back()], title);
    announce(texts.window_closed);
  }

  back() {
    return { label: texts.exit, run: this.leave };
  }

  /** Close it and wait for its goodbye. */
  async close() {
    clearInterval(this.timer);
    this.window?.close();
    const end = performance.now() + GOODBYE;
    while (this.isOpen && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 50));
    this.window = null;
  }
}
