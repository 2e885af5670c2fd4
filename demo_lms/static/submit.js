/**
 * Sends forms marked `data-submit` by themselves. With `data-probe` the address is tried first, from
 * here and not from the server, because it is this browser that must reach the tool: a frame that
 * cannot load tells its page nothing.
 */

/** @param {string} address @returns {Promise<boolean>} whether anything answers there */
async function answers(address) {
  try {
    await fetch(address, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(8000) });
    return true;
  } catch {
    return false;
  }
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (
  document.querySelectorAll("form[data-submit]")
)) {
  if (!form.dataset.probe || (await answers(form.dataset.probe))) {
    form.submit();
  } else {
    const notice = document.getElementById("unreachable");
    if (notice) notice.hidden = false;
    document.querySelector(".tool-frame")?.setAttribute("hidden", "");
  }
}
