// @ts-check
/** Ways out of a window that cannot or shall not go on, and questions before something is lost. */

import { cancelOverlayBy, hideOverlay, showOverlay, texts } from "./screen.js";

/** How long leaving waits for the acknowledgement before it asks. */
export const EXIT_PATIENCE = 6000;

/**
 * Leave for where the learner came from.
 * @param {string} address
 */
export const leave = (address) => location.assign(address);

/**
 * Why a window cannot go on: its title and text, and the ways out.
 * @param {"fenced" | "expired" | "gone" | "refused"} reason
 * @param {string} exitUrl
 * @param {boolean} isKept
 */
export function showStopped(reason, exitUrl, isKept) {
  const back = { label: texts.exit, run: () => leave(exitUrl) };
  if (reason === "fenced") {
    const over = { label: texts.take_over, run: () => location.reload() };
    showOverlay(reason, texts.fenced_title, texts.fenced_text, [over, back]);
  } else if (reason === "expired") {
    const text = isKept ? texts.expired_kept : texts.expired_memory;
    showOverlay(reason, texts.expired_title, text, [back]);
  } else {
    showOverlay("gone", texts.gone_title, texts.gone_text, [back]);
  }
}

/**
 * The server has not confirmed everything.
 * @param {boolean} isKept
 * @param {string} exitUrl
 * @param {() => void} again
 */
export function askWhetherToLeave(isKept, exitUrl, again) {
  const text = isKept ? texts.leave_kept : texts.leave_memory;
  const retry = () => {
    hideOverlay();
    again();
  };
  showOverlay("leave", texts.leave_title, text, [
    { label: texts.retry, run: retry },
    { label: texts.leave, run: () => leave(exitUrl) },
  ]);
}

/** @param {string} request */
export const isDiscarding = (request) => request === "abandon" || request === "abandonAll";

/**
 * The learner wants to discard what the part in front has recorded; where that is something, it is
 * asked first. Keeping it is what Escape does, and where the focus is.
 * @param {string} request
 * @param {{isAtStake: boolean, shown: number}} stage
 * @param {() => void} go
 */
export function discard(request, stage, go) {
  if (!stage.isAtStake) return go();
  const { shown } = stage;
  const confirmed = () => {
    hideOverlay();
    if (stage.isAtStake && stage.shown === shown) go();
  };
  const title = request === "abandon" ? texts.discard_part_title : texts.discard_visit_title;
  showOverlay("discard", title, texts.discard_text, [
    { label: texts.keep, run: hideOverlay },
    { label: texts.discard, run: confirmed },
  ]);
  cancelOverlayBy(hideOverlay);
}
