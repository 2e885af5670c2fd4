// @ts-check
/**
 * The frame that content runs in, and the API it finds in this window (RTE 1.2 3.3.1: by its
 * parents, or by the opener of a window it has opened itself).
 */

/** @import { Call } from "../bridge/api.js" */
/** @import { Table } from "../bridge/table.js" */
import { Api12, exposeApi } from "../bridge/api.js";
import { DataModel } from "../bridge/model.js";
import { byId, showState } from "./screen.js";

/**
 * @typedef {object} Delivery
 * @property {number} number
 * @property {string} item
 * @property {string} title
 * @property {"sco" | "asset"} kind
 * @property {string} href
 * @property {Record<string, string>} launch
 * @property {Record<string, string>} values
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
   * @param {Table} table
   * @param {Record<string, string>} learner
   * @param {boolean} strict
   */
  constructor(table, learner, strict) {
    this.table = table;
    this.learner = learner;
    this.strict = strict;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
    /** @type {Api12 | null} */
    this.api = null;
  }

  /**
   * Install a fresh API, then point a fresh frame at the content.
   * @param {Delivery} delivery
   * @param {URL} address
   * @param {(call: Call) => string} record
   */
  deliver(delivery, address, record) {
    this.clear();
    const model = new DataModel(this.table, { ...this.learner, ...delivery.launch }, delivery.values, this.strict);
    this.api = new Api12(model, record);
    /** @type {any} */ (window).API = exposeApi(this.api);
    showState({ state: "running", activity: delivery.item, delivery: delivery.number });
    const frame = document.createElement("iframe");
    frame.title = delivery.title;
    frame.allow = ALLOW.join("; ");
    frame.src = address.href;
    frame.addEventListener("load", () => frame.contentWindow?.focus());
    this.frame = frame;
    byId("hint").hidden = true;
    byId("stage").append(frame);
  }

  /** Take the content away; its unload handlers run before this returns and find the API alive. */
  clear() {
    this.frame?.remove();
    this.frame = null;
  }

  get isFinished() {
    return this.api?.state === "finished";
  }
}
