// @ts-check
/** The page at the end of a visit: what came of it, and the ways on. */

import { showMissing } from "./missing.js";
import { announce, byId, showHint, showNotice, showState, texts } from "./screen.js";
import { leave } from "./stopping.js";

/**
 * @typedef {object} Ending
 * @property {{completion: string, success: string, score: number | null}} standing
 * @property {string} [state] of the attempt: "suspended" waits for the next visit
 * @property {boolean} [again] another attempt may begin
 */

/**
 * @param {Ending} ending
 * @param {import("./main.js").Page} page
 */
export function showEnding(ending, page) {
  const { standing } = ending;
  const waits = ending.state === "suspended" && standing.completion !== "completed";
  const title = waits ? texts.end_waiting_title : texts.end_title;
  const actions = [
    { label: texts.return, run: () => leave(page.exitUrl) },
    { label: waits ? texts.end_resume : texts.end_open, run: () => leave(page.base.pathname) },
  ];
  if (ending.again) actions.push({ label: texts.again, run: () => void startAgain(page) });
  showState({ state: "ended", activity: "" });
  showHint(describe(standing), actions, title);
  if (standing.completion !== "completed" || standing.success === "failed") {
    const list = Object.assign(document.createElement("ul"), { className: "missing" });
    byId("hint-text").after(list);
    void showMissing(list, page.base);
  }
  byId("hint").querySelector("h2")?.focus();
  announce(title);
}

/**
 * This attempt was finished at an earlier visit.
 * @param {import("./main.js").Page} page
 */
export function offerAgain(page) {
  showNotice(texts.finished_before, { label: texts.again, run: () => void startAgain(page) });
}

/**
 * Another attempt in this one's place.
 * @param {import("./main.js").Page} page
 */
async function startAgain(page) {
  try {
    const response = await page.post("again", {});
    if (!response.ok) throw new Error(`answer ${response.status}`);
    leave((await response.json()).address);
  } catch {
    showNotice(texts.failed_text);
  }
}

/** @param {Ending["standing"]} standing */
function describe({ completion, success, score }) {
  const words = [texts[completion]];
  if (success !== "unknown") words.push(texts[success]);
  if (score !== null) words.push(texts.score.replace("{score}", String(Math.round(score * 100))));
  return words.filter(Boolean).join(" · ");
}
