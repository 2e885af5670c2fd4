// @ts-check
/**
 * The controls of the player page contract, as the server says what is valid now: enabled,
 * disabled with a reason, or hidden. A control that would fail is never offered.
 */

import { announce, byId, texts } from "./screen.js";

/** @typedef {"enabled" | "disabled" | "hidden"} ControlState */
/** @typedef {{choice?: Record<string, ControlState>, jump?: string[], why?: Record<string, string>, [control: string]: any}} NavDocument */

export const CONTROLS = /** @type {const} */ (["previous", "continue", "suspendAll", "exitAll", "exit", "abandon", "abandonAll"]);
const IN_CONTENTS = ["exit", "abandon", "abandonAll"];

export class Nav {
  /** @param {(request: string) => void} ask a control was used that is enabled */
  constructor(ask) {
    /** @type {NavDocument} */
    this.document = {};
    for (const request of CONTROLS) {
      byId(request).onclick = () => {
        if (this.state(request) === "enabled") ask(request);
        else announce(this.reason(request));
      };
    }
  }

  /** @param {NavDocument | undefined} document */
  show(document) {
    if (!document) return;
    this.document = document;
    for (const request of CONTROLS) this.showControl(request);
    byId("more").hidden = IN_CONTENTS.every((request) => byId(request).hidden);
  }

  /** Nothing may be asked for until the server has answered, but leaving. */
  hold() {
    for (const request of CONTROLS) if (request !== "exitAll") byId(request).setAttribute("aria-disabled", "true");
  }

  /** @param {string} request */
  showControl(request) {
    const button = byId(request);
    const state = this.state(request);
    button.hidden = state === "hidden";
    button.dataset.title ??= button.title;
    const why = state === "disabled" ? this.reason(request) : "";
    button.title = why ? `${button.dataset.title}: ${why}` : button.dataset.title;
    if (why) {
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-description", why);
    } else {
      button.removeAttribute("aria-disabled");
      button.removeAttribute("aria-description");
    }
  }

  /**
   * @param {string} request
   * @returns {ControlState}
   */
  state(request) {
    return this.document[request] ?? "hidden";
  }

  /**
   * @param {string} item
   * @returns {ControlState}
   */
  choiceState(item) {
    return this.document.choice?.[item] ?? "hidden";
  }

  /**
   * Why a control or an item is disabled, in words.
   * @param {string} name
   */
  reason(name) {
    const code = this.document.why?.[name] ?? "";
    return texts[`why ${code}`] ?? (code ? texts.why_code.replace("{code}", code) : texts.why);
  }
}
