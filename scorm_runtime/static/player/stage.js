// @ts-check
/**
 * Where content runs: a frame in this window, or a window of its own opened on a click; and the API
 * it finds (RTE 1.2 3.3.1, RTE 2004 3.3.6: by its parents, or by the opener of its window).
 */

/** @import { Call } from "../bridge/api.js" */
/** @import { Trace } from "../bridge/trace.js" */
/** @import { NavDocument } from "./navigation.js" */
import { OwnWindow } from "./own_window.js";
import { announceArrival, byId, hideHint, showState } from "./screen.js";

/**
 * @typedef {object} Delivery
 * @property {number} number
 * @property {string} item
 * @property {string} title
 * @property {"sco" | "asset"} kind
 * @property {string} href
 * @property {Record<string, string>} launch
 * @property {Record<string, string>} values
 * @property {NavDocument} nav
 */

/** @import { Api } from "../bridge/api.js" */

/**
 * @typedef {object} Bridge how this standard's API is made and found
 * @property {string} name under which content finds it
 * @property {(delivery: Delivery, record: (call: Call) => string) => Api} make
 * @property {(api: any) => object} expose
 * @property {(api: any) => boolean} asks whether the content has asked for navigation
 */

const ALLOW = [
  "accelerometer",
  "autoplay",
  "camera",
  "clipboard-read",
  "clipboard-write",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "microphone",
  "midi",
  "picture-in-picture",
  "unload",
];

export class Stage {
  /**
   * @param {Bridge} bridge
   * @param {OwnWindow | null} ownWindow where the package wants one
   */
  constructor(bridge, ownWindow) {
    this.bridge = bridge;
    this.ownWindow = ownWindow;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
    /** @type {Api | null} */
    this.api = null;
    /** @type {Trace | null} where the calls of each delivery are noted */
    this.trace = null;
    /** Number of the delivery shown, 0 for none yet. */
    this.shown = 0;
    /** There is something that discarding this part would lose. */
    this.isAtStake = false;
  }

  /**
   * Install a fresh API, then point a fresh frame or window at the content.
   * @param {Delivery} delivery
   * @param {URL} address
   * @param {(call: Call) => string} record
   */
  deliver(delivery, address, record) {
    void this.clear();
    this.api = this.bridge.make(delivery, record);
    this.api.trace = this.trace;
    /** @type {any} */ (window)[this.bridge.name] = this.bridge.expose(this.api);
    this.shown = delivery.number;
    this.isAtStake = delivery.launch["cmi.entry"] === "resume";
    announceArrival(delivery.title);
    if (this.ownWindow) this.ownWindow.offer(delivery.title, address);
    else this.showFrame(delivery.title, address);
    showState({ state: "running", activity: delivery.item, delivery: delivery.number });
  }

  /**
   * @param {string} title
   * @param {URL} address
   */
  showFrame(title, address) {
    const frame = document.createElement("iframe");
    frame.title = title;
    frame.allow = ALLOW.join("; ");
    frame.src = address.href;
    frame.addEventListener("load", () => frame.contentWindow?.focus());
    this.frame = frame;
    hideHint();
    byId("stage").append(frame);
  }

  /**
   * Take the content away. A frame's unload handlers run before this returns and find the API
   * alive; a window's before the promise resolves.
   * @returns {Promise<void> | null} what to wait for
   */
  clear() {
    this.isAtStake = false;
    this.frame?.remove();
    this.frame = null;
    return this.ownWindow?.isOpen ? this.ownWindow.close() : null;
  }

  get isFinished() {
    return this.api?.state === "finished";
  }

  /**
   * The server has said what is valid; content may ask.
   * @param {NavDocument} nav
   * @param {boolean} isCurrent it knows every value the content has set
   */
  takeNav(nav, isCurrent) {
    this.api?.model.nav.take(nav, isCurrent);
  }

  /** A call of the content that changes something. @param {Call} call */
  note(call) {
    if (call[0] === "set") this.isAtStake = true;
  }

  /** The content wants to go somewhere else, or out. */
  get asksForMore() {
    return this.api !== null && this.bridge.asks(this.api);
  }
}
