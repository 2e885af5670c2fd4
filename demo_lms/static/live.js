/**
 * Keeps the elements marked `data-live` up to date: asks the gradebook's JSON for its revision and,
 * when that has grown, takes the same elements (by id) from the page as the server draws it now.
 */
const INTERVAL = 2000; // milliseconds

const main = /** @type {HTMLElement} */ (document.querySelector("main[data-live-json]"));
const status = document.getElementById("live-status");
let revision = Number(main.dataset.revision);

async function refresh() {
  const answer = await fetch(main.dataset.liveJson ?? "", { cache: "no-store" });
  if (!answer.ok) return;
  const book = await answer.json();
  if (book.revision === revision) return;
  const page = await fetch(main.dataset.livePage ?? location.pathname, { cache: "no-store" });
  if (!page.ok) return;
  const drawn = new DOMParser().parseFromString(await page.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = drawn.getElementById(old.id);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
  revision = book.revision;
  if (status) status.textContent = status.dataset.text ?? "";
}

async function keepFresh() {
  try {
    if (!document.hidden) await refresh();
  } catch {
    // The server is away for a moment; the next round asks again.
  }
  setTimeout(keepFresh, INTERVAL);
}

setTimeout(keepFresh, INTERVAL);
