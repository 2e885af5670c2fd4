// @ts-check
// What was typed into a form and not sent yet: kept in this browser, offered again when the form is
// opened the next time. What was sent goes when a page of ours tells that it arrived.

/**
 * @typedef {[string, string][]} Fields
 * @typedef {{ address: string, fields: Fields, base: string, at: number, isSent: boolean }} Draft
 *   `base`: what the server had shown when somebody began to type
 */

const PREFIX = "lectern:unsaved:";
/** Milliseconds after which nobody comes back for it. */
const OLDEST = 30 * 24 * 3600 * 1000;
/** Fields that are not typed. */
const OURS = new Set(["csrf_token", "revision"]);

/** @returns {string} of the page, without what is after the # */
const here = () => location.pathname + location.search;

/**
 * @param {HTMLFormElement} form
 * @returns {Fields}
 */
export function readFields(form) {
  return /** @type {Fields} */ ([...new FormData(form)].filter(([name, value]) => !OURS.has(name) && typeof value === "string"));
}

/**
 * Put the fields of a draft into the form; what the form does not have any more is left out.
 * @param {HTMLFormElement} form
 * @param {Fields} fields
 */
export function writeFields(form, fields) {
  /** @type {Map<string, string[]>} */
  const waiting = new Map();
  for (const [name, value] of fields) waiting.set(name, [...(waiting.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) continue;
    if (!field.name || OURS.has(field.name)) continue;
    const values = waiting.get(field.name) ?? [];
    if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = /** @type {string} */ (values.shift());
  }
}

/**
 * What becomes of a draft when its form is opened again.
 * @param {Draft} draft
 * @param {Fields} shown
 * @returns {"forget" | "offer" | "offer changed"} changed: somebody has saved since it was begun
 */
export function judge(draft, shown) {
  const base = JSON.stringify(shown);
  if (JSON.stringify(draft.fields) === base) return "forget";
  if (draft.base === base) return "offer";
  return draft.isSent ? "forget" : "offer changed";
}

/**
 * Keep what is typed into `form`, and offer what was left the last time.
 * @param {HTMLFormElement} form with data-keep-unsaved (whose it is) and data-is-unsaved where the
 *   server has refused it
 * @param {HTMLElement | null} offer with [data-text], [data-take-up] and [data-drop]
 */
export function keepUnsaved(form, offer) {
  const key = `${PREFIX}${form.dataset.keepUnsaved}:${here()}`;
  const shown = readFields(form);
  const left = read(key);
  let base = JSON.stringify(shown);
  let isTyped = false;
  const keep = () => write(key, { address: here(), fields: readFields(form), base, at: Date.now(), isSent: false });
  if ("isUnsaved" in form.dataset) {
    base = left?.base ?? base;
    keep();
  } else if (left && offer) {
    const judged = judge(left, shown);
    if (judged === "forget") forget(key);
    else ask(offer, left, judged === "offer changed", () => (writeFields(form, left.fields), form.dispatchEvent(new Event("input"))), () => forget(key));
  }
  const typed = () => {
    isTyped = true;
    if (offer) offer.hidden = true;
    keep();
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", () => isTyped && keep());
  form.addEventListener("submit", (event) => {
    if (event.submitter instanceof HTMLElement && "keeps" in event.submitter.dataset) return;
    const draft = read(key);
    if (draft) write(key, { ...draft, fields: readFields(form), isSent: true });
  });
  for (const link of form.querySelectorAll("a[data-keeps]")) link.addEventListener("click", () => forget(key));
}

/** Drop what was sent from the page that led here, as this page is the answer to it; and what is old.
 * @param {string} [referrer] */
export function tidy(referrer = document.referrer) {
  const from = referrer.startsWith(location.origin + "/") ? referrer.slice(location.origin.length) : "";
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > OLDEST || (draft.isSent && draft.address === from && from !== here())) forget(key);
  }
}

/** @type {(offer: HTMLElement, left: Draft, isChanged: boolean, takeUp: () => void, drop: () => void) => void} */
function ask(offer, left, isChanged, takeUp, drop) {
  const time = new Date(left.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const text = offer.querySelector("[data-text]");
  if (text) text.textContent = ((isChanged ? offer.dataset.saidChanged : offer.dataset.said) ?? "").replace("{time}", time);
  offer.hidden = false;
  for (const [name, act] of /** @type {const} */ ([["[data-take-up]", takeUp], ["[data-drop]", drop]])) {
    offer.querySelector(name)?.addEventListener("click", () => {
      act();
      offer.hidden = true;
    });
  }
}

/** @returns {string[]} */
function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    return Array.isArray(found?.fields) ? found : null;
  } catch {
    return null;
  }
}

/** @param {string} key @param {Draft} draft */
function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // no storage, or a full one: the page still asks before it is left
  }
}

/** @param {string} key */
function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // there was none
  }
}
