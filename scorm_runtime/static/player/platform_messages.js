// @ts-check
/**
 * Messages to the platform around our frame, or the window that opened ours (LTI Client Side
 * postMessages 1.0 and what Canvas adds, CANVAS-6 to CANVAS-9).
 *
 * What is known of the platform stands in `<meta name="lti-platform">` as JSON: its origins, which
 * messages it takes, its token. Nothing is sent to an origin that is not registered, and never to
 * "*". Who does not answer within half a second (mobile apps) counts as silent; nobody waits.
 */

const PATIENCE = 500; // milliseconds

/**
 * @typedef {object} Known
 * @property {string[]} origins of the platform's pages, the likeliest first
 * @property {string[]} messages subjects that it understands
 * @property {string} token of messages, or ""
 */

/** @typedef {{subject: string, message_id: string} & Record<string, unknown>} Answer */

export class Platform {
  /**
   * @param {Known} known
   * @param {Window} own
   */
  constructor(known, own = window) {
    this.known = known;
    this.own = own;
    this.count = 0;
    /** Where messages go: the window around ours, else the one that opened it. */
    this.target = own.parent !== own ? own.parent : /** @type {Window | null} */ (own.opener);
  }

  /** @param {string} subject */
  takes(subject) {
    return this.target !== null && this.known.messages.includes(subject);
  }

  /** The one origin to speak to; "" when the page around us is none that we know. */
  get origin() {
    const around = this.own.location.ancestorOrigins?.[0];
    if (around) return this.known.origins.includes(around) ? around : "";
    return this.known.origins[0] ?? "";
  }

  /**
   * Say something, without waiting.
   * @param {string} subject @param {Record<string, unknown>} [data]
   * @returns {boolean} whether it was sent
   */
  tell(subject, data = {}) {
    const { origin, target } = this;
    if (!this.takes(subject) || !origin || !target) return false;
    const token = this.known.token ? { token: this.known.token } : {};
    target.postMessage({ subject, message_id: this.newId(), ...token, ...data }, origin);
    return true;
  }

  /**
   * Ask something; null when there is nobody to ask, or no answer in time.
   * @param {string} subject @param {Record<string, unknown>} [data]
   * @returns {Promise<Answer | null>}
   */
  ask(subject, data = {}, patience = PATIENCE) {
    const { origin, target, own } = this;
    const id = this.newId();
    if (!this.takes(subject) || !origin || !target) return Promise.resolve(null);
    return new Promise((resolve) => {
      /** @param {Answer | null} answer */
      const end = (answer) => {
        own.removeEventListener("message", listen);
        clearTimeout(timer);
        resolve(answer);
      };
      /** @param {MessageEvent} event */
      const listen = (event) => {
        const said = typeof event.data === "object" && event.data ? event.data : {};
        const isAnswer = said.subject === `${subject}.response` && event.origin === origin;
        if (isAnswer && (said.message_id === undefined || said.message_id === id)) end(said);
      };
      const timer = setTimeout(() => end(null), patience);
      own.addEventListener("message", listen);
      const token = this.known.token ? { token: this.known.token } : {};
      target.postMessage({ subject, message_id: id, ...token, ...data }, origin);
    });
  }

  newId() {
    return `lectern-${++this.count}-${Math.random().toString(36).slice(2, 10)}`;
  }
}

/** What the page says about its platform; null outside of one. @returns {Platform | null} */
export function findPlatform() {
  const said = document.querySelector('meta[name="lti-platform"]')?.getAttribute("content");
  return said ? new Platform(JSON.parse(said)) : null;
}

/**
 * Keep the frame as high as the page, for pages that grow and shrink.
 * @param {Platform} platform @param {HTMLElement} content whose height counts
 */
export function followHeight(platform, content) {
  if (!platform.takes("lti.frameResize")) return;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(content.getBoundingClientRect().height);
    if (Math.abs(height - told) < 8) return;
    told = height;
    platform.tell("lti.frameResize", { height });
  };
  new ResizeObserver(tell).observe(content);
  tell();
}

/**
 * While something is not saved yet, the platform asks whoever leaves its page whether they mean it.
 * @param {Platform} platform @param {HTMLElement} save whose data-save says how it stands
 * @param {Window} own
 */
export function guardLeaving(platform, save, own = window) {
  let guards = false;
  /** @param {boolean} wanted */
  const guard = (wanted) => {
    if (wanted !== guards) platform.tell(wanted ? "lti.setUnloadMessage" : "lti.removeUnloadMessage");
    guards = wanted;
  };
  const follow = () => guard(!["saved", "read_only"].includes(save.dataset.save ?? ""));
  new MutationObserver(follow).observe(save, { attributeFilter: ["data-save"] });
  own.addEventListener("pagehide", () => guard(false));
  follow();
}

/**
 * The height that content may have in the window that is really to be seen; 0 when it is not known.
 * @param {Platform} platform
 */
export async function roomFor(platform) {
  const said = await platform.ask("lti.fetchWindowSize");
  if (!said) return 0;
  const offset = /** @type {{top?: unknown}} */ (said.offset ?? {});
  const room = Number(said.height) - Number(offset.top ?? 0) - Number(said.footer ?? 0);
  return Number.isFinite(room) && room > 0 ? Math.floor(room) : 0;
}
