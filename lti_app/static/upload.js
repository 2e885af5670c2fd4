// Uploading with a progress bar, dropping a file, and errors beside the field.
// Without JavaScript the form is sent as any other.

/**
 * @param {HTMLFormElement} form
 * @param {File} file
 */
function send(form, file) {
  const box = /** @type {HTMLElement} */ (form.querySelector("[data-progress]"));
  const bar = /** @type {HTMLProgressElement} */ (box.querySelector("progress"));
  const said = /** @type {HTMLElement} */ (box.querySelector("[data-said]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const body = new FormData(form);
  body.set("file", file);
  const request = new XMLHttpRequest(); // fetch() says nothing about progress of what it sends
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  box.hidden = false;
  button.disabled = true;
  fail(form, "");

  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    const percent = Math.floor((100 * event.loaded) / event.total);
    const text = (percent < 100 ? said.dataset.sending : said.dataset.arrived) ?? "";
    if (said.textContent !== text.replace("%", `${percent - (percent % 10)} %`)) {
      said.textContent = text.replace("%", `${percent - (percent % 10)} %`); // read aloud: seldom
    }
  });
  request.addEventListener("load", () => {
    if (request.status < 300 && request.response?.location) {
      location.assign(request.response.location);
      return;
    }
    stop(request.response?.error?.message ?? form.dataset.failed);
  });
  request.addEventListener("error", () => stop(form.dataset.failed));
  request.send(body);

  /** @param {string | undefined} message */
  function stop(message) {
    box.hidden = true;
    button.disabled = false;
    fail(form, message ?? "");
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} message
 */
function fail(form, message) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-error]"));
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  place.textContent = message;
  place.hidden = !message;
  input.toggleAttribute("aria-invalid", Boolean(message));
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files?.[0];
    if (!file) return fail(form, form.dataset.missing ?? "");
    if (file.size > Number(form.dataset.maxBytes)) return fail(form, form.dataset.tooLarge ?? "");
    send(form, file);
  });
  const zone = /** @type {HTMLElement} */ (form.querySelector(".dropzone"));
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") input.files = /** @type {DragEvent} */ (event).dataTransfer?.files ?? null;
    });
  }
}
