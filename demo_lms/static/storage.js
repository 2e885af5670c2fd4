/**
 * Platform Storage (LTI Client Side postMessages 1.0, postMessage Storage 0.1): small texts kept
 * for a tool whose frame has no cookies. What an origin has put only that origin can get.
 *
 * `data-storage` of the page's <main> names the frame that answers lti.put_data and lti.get_data:
 * "_parent" is this window itself, another name a frame of this page, nothing switches all off.
 */
const LONGEST = 4096; // characters of one value
const MOST = 500; // values of one origin

const frame = document.querySelector("main")?.dataset.storage ?? "";
const answersHere = frame === "_parent";

/** @typedef {{subject: string, message_id: string, key?: string, value?: string | null}} Asked */
/** @typedef {(asked: Asked, origin: string) => Record<string, unknown>} Answer */

/** @param {string} origin @param {string} key */
const place = (origin, key) => `lti ${origin} ${key}`;

/** @type {Record<string, Answer>} */
const ANSWERS = {
  "lti.capabilities": () => ({
    supported_messages: [
      { subject: "lti.capabilities" },
      { subject: "lti.put_data", frame },
      { subject: "lti.get_data", frame },
    ],
  }),
};

/** @type {Record<string, Answer>} */
const STORAGE = {
  "lti.put_data": ({ key, value }, origin) => {
    const name = place(origin, String(key));
    if (value === null || value === undefined) {
      sessionStorage.removeItem(name);
      return { key, value };
    }
    const mine = Object.keys(sessionStorage).filter((one) => one.startsWith(place(origin, "")));
    if (String(value).length > LONGEST || (mine.length >= MOST && !mine.includes(name))) {
      return { key, error: { code: "storage_exhaustion", message: "There is no room for it." } };
    }
    sessionStorage.setItem(name, String(value));
    return { key, value };
  },
  "lti.get_data": ({ key }, origin) => ({
    key,
    value: sessionStorage.getItem(place(origin, String(key))),
  }),
};

addEventListener("message", (event) => {
  const asked = /** @type {Asked} */ (event.data);
  if (!frame || typeof asked !== "object" || asked === null || event.origin === "null") return;
  const answer = ANSWERS[asked.subject] ?? (answersHere ? STORAGE[asked.subject] : undefined);
  if (!answer || typeof asked.message_id !== "string") return;
  /** @type {Window} */ (event.source).postMessage(
    {
      subject: `${asked.subject}.response`,
      message_id: asked.message_id,
      ...answer(asked, event.origin),
    },
    event.origin,
  );
});
