// @ts-check
// Files of a course go up while the page says how much is there; without script the form is sent as
// any other. What is typed beside it is saved first, so the answer is on top of it.

/** @typedef {() => Promise<boolean>} Ready what must be done before; false: not now */

/** @param {ParentNode} page @param {Ready} [ready] */
export function makeUploads(page, ready = async () => true) {
  for (const form of page.querySelectorAll("form[data-upload]")) {
    if (!(form instanceof HTMLFormElement)) continue;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.ariaBusy === "true" || !(await ready())) return;
      send(form);
    });
  }
}

/** @param {HTMLFormElement} form */
function send(form) {
  const said = /** @type {HTMLElement} */ (form.querySelector("[data-upload-said]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const bar = document.createElement("progress");
  const leaving = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
  const request = new XMLHttpRequest();
  const body = new FormData(form);
  const say = (/** @type {string | undefined} */ text) => {
    said.hidden = false;
    if (said.textContent !== text) said.textContent = text ?? "";
  };
  const stop = () => {
    removeEventListener("beforeunload", leaving);
    form.ariaBusy = null;
    button.disabled = false;
    bar.remove();
  };
  const fail = () => {
    stop();
    say(reasonOf(request) || form.dataset.failed);
  };
  form.ariaBusy = "true";
  button.disabled = true;
  bar.className = "w-100";
  bar.setAttribute("aria-label", button.textContent?.trim() ?? "");
  said.before(bar);
  addEventListener("beforeunload", leaving);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    const percent = Math.floor((100 * event.loaded) / event.total);
    say(form.dataset.sending?.replace("%", `${percent - (percent % 10)} %`)); // read aloud: seldom
  });
  request.addEventListener("load", () => {
    if (request.status !== 200) return fail();
    stop();
    const target = new URL(JSON.parse(request.responseText).location, location.href);
    const isHere = target.pathname + target.search === location.pathname + location.search;
    location.assign(target);
    if (isHere) location.reload();
  });
  request.addEventListener("error", fail);
  request.addEventListener("timeout", fail);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
}

/** What the server says is wrong. @param {XMLHttpRequest} request */
function reasonOf(request) {
  try {
    return String(JSON.parse(request.responseText).error.message ?? "");
  } catch {
    return "";
  }
}
