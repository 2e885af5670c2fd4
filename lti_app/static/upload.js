// The form for a package: drop a file, watch it go, pause it, go on after whatever happens.
// Without JavaScript the form is sent as any other.

import { PartUpload, Refused } from "./upload_parts.js";

/**
 * @template {HTMLElement} T
 * @param {HTMLFormElement} form
 * @param {string} selector
 */
const find = (form, selector) => /** @type {T} */ (form.querySelector(selector));

/**
 * @param {HTMLFormElement} form
 * @param {File} file
 */
async function send(form, file) {
  const box = find(form, "[data-progress]");
  const bar = /** @type {HTMLProgressElement} */ (find(form, "progress"));
  const said = find(form, "[data-said]");
  const pause = /** @type {HTMLButtonElement} */ (find(form, "[data-pause]"));
  const upload = new PartUpload(
    file,
    {
      url: form.dataset.parts ?? "",
      token: /** @type {HTMLInputElement} */ (find(form, "[name=csrf_token]")).value,
      packageId: form.querySelector("[name=package]")?.getAttribute("value") ?? "",
    },
    { progress, waiting: () => say(said.dataset.waiting) },
  );
  const leaving = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
  const controls = new AbortController();
  const once = { signal: controls.signal };
  find(form, "[data-discard]").addEventListener("click", () => upload.discard(), once);
  pause.addEventListener("click", () => setPaused(!upload.paused), once);
  addEventListener("beforeunload", leaving, once);
  setRunning(true);
  fail(form, "");
  try {
    const location = await upload.run();
    controls.abort();
    say(said.dataset.arrived);
    globalThis.location.assign(location);
  } catch (error) {
    controls.abort();
    setRunning(false);
    if (!(error instanceof Refused)) throw error;
    fail(form, error.message || (upload.discarded ? "" : (form.dataset.failed ?? "")));
  }

  /** @param {number} received @param {number} size */
  function progress(received, size) {
    bar.max = size;
    bar.value = received;
    const percent = Math.floor((100 * received) / size);
    const text = upload.paused ? said.dataset.paused : said.dataset.sending;
    say(text?.replace("%", `${percent - (percent % 10)} %`)); // read aloud: seldom
  }

  /** @param {string | undefined} text */
  function say(text) {
    if (said.textContent !== text) said.textContent = text ?? "";
  }

  /** @param {boolean} paused */
  function setPaused(paused) {
    if (paused) upload.pause();
    else upload.resume();
    pause.textContent = (paused ? pause.dataset.resume : pause.dataset.pause) ?? "";
    if (upload.state) progress(upload.state.received, upload.state.size);
  }

  /** @param {boolean} running */
  function setRunning(running) {
    box.hidden = !running;
    find(form, "[data-before]").hidden = running;
    /** @type {HTMLInputElement} */ (find(form, "input[type=file]")).disabled = running;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} message
 */
function fail(form, message) {
  const place = find(form, "[data-error]");
  place.textContent = message;
  place.hidden = !message;
  find(form, "input[type=file]").toggleAttribute("aria-invalid", Boolean(message));
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const input = /** @type {HTMLInputElement} */ (find(form, "input[type=file]"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files?.[0];
    if (!file) return fail(form, form.dataset.missing ?? "");
    if (file.size > Number(form.dataset.maxBytes)) return fail(form, form.dataset.tooLarge ?? "");
    send(form, file);
  });
  const zone = find(form, ".dropzone");
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") input.files = /** @type {DragEvent} */ (event).dataTransfer?.files ?? null;
    });
  }
}
