// @ts-check
/**
 * adl.nav.request_valid.* in the browser: a mirror of what sequencing's look-ahead says is valid
 * (the twin of `core/cmi/nav.py`), and the one place that knows whether it is still true.
 *
 * What is valid can change with every value that content sets, before any commit. So the mirror is
 * stale from a SetValue on until a document arrives that knows it; who reads a stale one makes the
 * window ask the server at once (`ask`), with everything that is not acknowledged yet, nothing of
 * which is stored by the question. A question that fails (no connection, a page that is closing)
 * leaves the last document known.
 */

/**
 * @typedef {object} NavDocument
 * @property {string} [continue]
 * @property {string} [previous]
 * @property {Record<string, string>} [choice]
 * @property {string[]} [jump]
 * @property {Record<string, string>} [why]
 * @property {{continue?: boolean, previous?: boolean, choice?: string[], jump?: string[]}} [valid]
 */

/**
 * @param {NavDocument} nav
 * @param {string} request "continue", "previous", "choice" or "jump"
 * @param {string} target
 * @returns {"true" | "false" | "unknown"}
 */
export function answerValidity(nav, request, target) {
  const valid = /** @type {Record<string, boolean | string[]>} */ (nav.valid ?? {});
  if (Object.hasOwn(valid, request)) {
    const found = valid[request];
    return word(typeof found === "boolean" ? found : found.includes(target));
  }
  const controls = /** @type {Record<string, any>} */ (nav);
  if (!Object.hasOwn(controls, request)) return "unknown";
  const found = controls[request];
  if (request === "jump") return word(found.includes(target));
  const state = request === "choice" ? (Object.hasOwn(found, target) ? found[target] : "") : found;
  if (state === "hidden") return word(!Object.hasOwn(nav.why ?? {}, target || request));
  return word(state === "enabled");
}

/** @param {boolean} valid */
const word = (valid) => (valid ? "true" : "false");

export class NavMirror {
  /**
   * @param {NavDocument | null | undefined} nav as delivered
   * @param {() => NavDocument | null} ask synchronously; null when there is no answer
   */
  constructor(nav, ask = () => null) {
    this.known = nav ?? {};
    this.ask = ask;
    this.isStale = false;
  }

  /** Content has set a value: what is valid may have changed. */
  changed() {
    this.isStale = true;
  }

  /**
   * A document came with an answer of the server.
   * @param {NavDocument} nav
   * @param {boolean} isCurrent it knows every value that content has set so far
   */
  take(nav, isCurrent) {
    this.known = nav;
    if (isCurrent) this.isStale = false;
  }

  /** What is valid now, as far as it can be known. */
  read() {
    if (this.isStale) {
      const answered = this.ask();
      if (answered) this.take(answered, true);
    }
    return this.known;
  }
}

/**
 * Ask the server what is valid, waiting for the answer: POST {writer, entries} to `nav`, answered
 * with a NavDocument (or {nav: NavDocument}).
 * @param {string} address
 * @param {{writer: number, entries: unknown[]}} unsent
 * @returns {NavDocument | null}
 */
export function askNav(address, unsent) {
  try {
    const request = new XMLHttpRequest();
    request.open("POST", address, false);
    request.setRequestHeader("Content-Type", "text/plain");
    request.send(JSON.stringify(unsent));
    if (request.status !== 200) return null;
    const answered = JSON.parse(request.responseText);
    return answered.nav ?? answered;
  } catch {
    return null; // no connection, or the page is closing: browsers refuse to wait then
  }
}
