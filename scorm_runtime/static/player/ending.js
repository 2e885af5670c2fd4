// @ts-check
/** The page at the end of a visit: what came of it, and the ways on. */

import { announce, byId, showHint, showState, texts } from "./screen.js";

/**
 * @typedef {object} Ending
 * @property {{completion: string, success: string, score: number | null}} standing
 * @property {string} [state] of the attempt: "suspended" waits for the next visit
 * @property {boolean} [again] another attempt may begin
 */

/**
 * @param {Ending} ending
 * @param {{leave: () => void, resume: () => void, again: () => void}} ways
 */
export function showEnding(ending, ways) {
  const { standing } = ending;
  const waits = ending.state === "suspended" && standing.completion !== "completed";
  const title = waits ? texts.end_waiting_title : texts.end_title;
  const actions = [{ label: texts.return, run: ways.leave }];
  actions.push({ label: waits ? texts.end_resume : texts.end_open, run: ways.resume });
  if (ending.again) actions.push({ label: texts.again, run: ways.again });
  showState({ state: "ended", activity: "" });
  showHint(describe(standing), actions, title);
  byId("hint").querySelector("h2")?.focus();
  announce(title);
}

/** @param {Ending["standing"]} standing */
function describe({ completion, success, score }) {
  const words = [texts[completion]];
  if (success !== "unknown") words.push(texts[success]);
  if (score !== null) words.push(texts.score.replace("{score}", String(Math.round(score * 100))));
  return words.filter(Boolean).join(" · ");
}
