/**
 * Platform storage: where cookies are blocked in frames, the platform's page keeps the secret of a
 * login for us (LTI OIDC Login with LTI Client Side postMessages 0.1). The page says which step:
 * "store" puts the secret away and goes on to the platform, "prove" posts what is found again.
 */

/** @typedef {{subject: string, key?: string, value?: string | null}} Message */
/** @typedef {Window | null | undefined} Target */

export const PATIENCE = 500; // ms; mobile apps never answer
const AGAIN = 100; // ms: the platform's frame may still be loading

/** The window that started us. */
const above = () => (window.parent === window ? window.opener : window.parent);

/** An id for a message; crypto.randomUUID is missing on plain http. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Ask `target` and answer its answer, or null when none comes from `origin` in time.
 * @param {Target} target @param {string} origin @param {Message} message
 * @returns {Promise<any>}
 */
function ask(target, origin, message) {
  if (!target) return Promise.resolve(null);
  const asked = { ...message, message_id: newId() };
  const send = () => target.postMessage(asked, origin);
  return new Promise((resolve) => {
    const again = setInterval(send, AGAIN);
    const end = setTimeout(() => done(null), PATIENCE);
    /** @param {MessageEvent} event */
    function listen({ data, origin: from }) {
      if (origin !== "*" && from !== origin) return;
      if (data?.subject !== `${message.subject}.response`) return;
      if (data.message_id === asked.message_id) done(data.error ? null : data);
    }
    /** @param {unknown} answer */
    function done(answer) {
      clearInterval(again);
      clearTimeout(end);
      removeEventListener("message", listen);
      resolve(answer);
    }
    addEventListener("message", listen);
    send();
  });
}

/**
 * The frame that keeps data: named at login, else by lti.capabilities (Blackboard).
 * @param {string} name @returns {Promise<Target>}
 */
async function findStorage(name) {
  let frame = name;
  if (!frame) {
    const able = await ask(above(), "*", { subject: "lti.capabilities" });
    const known = /** @type {{subject: string, frame?: string}[]} */ (able?.supported_messages);
    const put = Array.isArray(known) && known.find((one) => one?.subject === "lti.put_data");
    if (!put) return null;
    frame = put.frame || "_parent";
  }
  try {
    return frame === "_parent" ? above() : above()?.frames[/** @type {any} */ (frame)];
  } catch {
    return null; // no frame of this name: browsers throw for a stranger's window
  }
}

/** @param {string} url */
async function isCookieKept(url) {
  try {
    return (await (await fetch(url, { cache: "no-store" })).json()).kept === true;
  } catch {
    return false;
  }
}

/** @param {HTMLElement} page */
async function store(page) {
  const { origin = "", key = "", value = "", next = "", probe = "", target = "" } = page.dataset;
  let isKept = await isCookieKept(probe);
  if (!isKept) {
    const message = { subject: "lti.put_data", key, value };
    isKept = (await ask(await findStorage(target), origin, message))?.value === value;
  }
  if (isKept) return location.replace(next);
  document.getElementById("waiting")?.remove();
  const message = document.getElementById("lti-message");
  if (message) message.hidden = false;
}

/** @param {HTMLElement} page */
async function prove(page) {
  const { origin = "", key = "", target = "" } = page.dataset;
  const place = await findStorage(target);
  const found = await ask(place, origin, { subject: "lti.get_data", key });
  // Its work is done; nobody waits for the answer.
  place?.postMessage({ subject: "lti.put_data", key, value: null, message_id: newId() }, origin);
  const form = page.querySelector("form");
  const proof = form?.elements.namedItem("proof");
  if (proof instanceof HTMLInputElement) proof.value = String(found?.value ?? "");
  form?.submit();
}

const page = document.getElementById("storage");
if (page) (page.dataset.step === "prove" ? prove : store)(page);
