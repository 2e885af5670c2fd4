// @ts-check
/** What is missing for the attempt to be complete, or passed: in the help, and at the end. */

import { byId, texts } from "./screen.js";

/**
 * @typedef {object} Reason of `core/situations.py`
 * @property {string} code
 * @property {string} item title of the part it is about
 * @property {Record<string, string | number>} values
 */

/**
 * A text with its named values in it, as gettext's pages write them: "%(item)s".
 * @param {string} text
 * @param {Reason} reason
 */
export function fillIn(text, { item, values }) {
  /** @type {Record<string, string | number>} */
  const known = { item, ...values };
  return text.replaceAll(/%\((\w+)\)s|%%/g, (found, name) => (found === "%%" ? "%" : String(known[name] ?? "")));
}

/**
 * Ask the server, which knows what it has confirmed, and fill the list; empty where nothing is
 * missing, and where there is no answer.
 * @param {HTMLElement} list
 * @param {URL} base the player's address
 */
export async function showMissing(list, base) {
  const { reasons, more } = await ask(base);
  const lines = reasons.map((reason) => {
    const line = document.createElement("li");
    line.textContent = fillIn(texts[`missing ${reason.code}`] ?? "", reason);
    const advice = texts[`missing_do ${reason.code}`];
    if (advice) line.append(" ", Object.assign(document.createElement("span"), { textContent: fillIn(advice, reason) }));
    return line;
  });
  if (more) lines.push(Object.assign(document.createElement("li"), { textContent: texts.missing_more.replace("{count}", String(more)) }));
  list.replaceChildren(...lines);
}

/**
 * @param {URL} base
 * @returns {Promise<{reasons: Reason[], more: number}>}
 */
async function ask(base) {
  try {
    const response = await fetch(new URL("missing", base), { cache: "no-store", credentials: "omit" });
    if (response.ok) return await response.json();
  } catch {
    // no connection: the save state says so
  }
  return { reasons: [], more: 0 };
}

/**
 * The help tells it each time it is opened.
 * @param {() => URL} base
 */
export function setUpMissing(base) {
  byId("help").addEventListener("click", () => {
    const part = byId("missing");
    part.hidden = true;
    void showMissing(byId("missing-list"), base()).then(() => {
      part.hidden = byId("missing-list").childElementCount === 0;
    });
  });
}
