/**
 * The picker, made quicker: search while typing, more without leaving, a running count. All of it
 * also works by the page's own form; what is drawn always comes from the server.
 */
const PAUSE = 250; // milliseconds of quiet before a search

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("pick-form"));
const count = document.getElementById("count");
const goOn = /** @type {HTMLButtonElement | null} */ (document.getElementById("go-on"));
let asked = 0;
/** What is chosen, key to title: also while an answer that does not know it yet is on its way.
 * @type {Map<string, string>} */
const chosen = new Map();

/** @returns {HTMLInputElement[]} */
const marks = () => [...document.querySelectorAll("#pick-form .pick-mark")].map((one) => /** @type {HTMLInputElement} */ (one));

/** @param {HTMLInputElement} mark */
function note(mark) {
  if (mark.type === "radio" && mark.checked) chosen.clear();
  if (mark.checked) chosen.set(mark.value, mark.dataset.title ?? "");
  else chosen.delete(mark.value);
}

function tell() {
  if (!count || !goOn) return;
  const titles = [...chosen.values()];
  const names = titles.length > 2 ? `${titles.length}` : titles.join(" · ");
  count.textContent = titles.length ? `${count.dataset.one} ${names}` : count.dataset.none ?? "";
  goOn.disabled = titles.length === 0;
}

/** The marks as they are chosen; false when something chosen is nowhere to be seen. */
function mark() {
  const shown = marks();
  for (const one of shown) one.checked = chosen.has(one.value);
  const values = new Set(shown.map((one) => one.value));
  return [...chosen.keys()].every((key) => values.has(key));
}

/** What the server shows no more, though it was asked for: somebody has taken it away meanwhile. */
function forgetUnseen() {
  const values = new Set(marks().map((one) => one.value));
  for (const key of [...chosen.keys()]) if (!values.has(key)) chosen.delete(key);
}

/** @param {string} [after] @returns {Promise<Document | null>} the page as the server draws it */
async function load(after) {
  if (!form) return null;
  const number = ++asked;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "item") query.append(name, String(value));
  }
  for (const key of chosen.keys()) query.append("item", key);
  if (after) query.set("after", after);
  const address = `${form.action}?${query}`;
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok || number !== asked) return null;
  if (!after) history.replaceState(null, "", address);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function search(isRepeat = false) {
  const results = document.getElementById("results");
  results?.setAttribute("aria-busy", "true");
  const drawn = await load().catch(() => null);
  const fresh = drawn?.getElementById("results");
  if (fresh && results) results.replaceWith(document.adoptNode(fresh));
  else results?.setAttribute("aria-busy", "false");
  if (fresh && !mark()) {
    if (!isRepeat) await search(true); // chosen while this was on its way
    else forgetUnseen();
  }
  tell();
}

/** @param {HTMLButtonElement} button */
async function more(button) {
  button.disabled = true;
  const list = document.getElementById("list");
  const drawn = await load(button.value).catch(() => null);
  const fresh = drawn?.getElementById("list");
  if (!list || !fresh) {
    button.disabled = false;
    return;
  }
  const first = /** @type {HTMLElement | null} */ (fresh.querySelector(".pick-mark"));
  list.append(...fresh.children);
  const next = drawn?.getElementById("more");
  if (next) document.getElementById("more")?.replaceWith(document.adoptNode(next));
  else document.getElementById("more")?.remove();
  mark();
  first?.focus();
  tell();
}

if (form) {
  let timer = 0;
  for (const one of form.querySelectorAll("[data-search]")) one.setAttribute("hidden", "");
  form.addEventListener("input", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.name === "item") {
      note(field);
      return tell();
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => void search(), field.name === "q" ? PAUSE : 0);
  });
  form.addEventListener("submit", (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (button?.name === "after") {
      event.preventDefault();
      void more(button);
    } else if (!button || button === form.querySelector("[data-search]")) {
      event.preventDefault();
      void search();
    }
  });
  addEventListener("pageshow", () => {
    chosen.clear(); // the browser may have brought marks back
    for (const one of marks()) if (one.checked) note(one);
    tell();
  });
}

/** @param {HTMLInputElement} box */
function showOrHide(box) {
  const part = document.getElementById(box.dataset.shows ?? "");
  if (part) part.hidden = !box.checked;
}

for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (
  document.querySelectorAll("input[data-shows]")
)) {
  showOrHide(box);
  box.addEventListener("change", () => showOrHide(box));
}

/** Times are UTC for the server and the person's own on the page. @param {Date} time */
const asLocal = (time) =>
  new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** @type {HTMLInputElement[]} */
const moments = [...document.querySelectorAll("input[data-utc]")].map((one) =>
  /** @type {HTMLInputElement} */ (one),
);
for (const moment of moments) {
  if (moment.value) moment.value = asLocal(new Date(`${moment.value}Z`));
}
for (const zone of /** @type {NodeListOf<HTMLElement>} */ (
  document.querySelectorAll("[data-zone]")
)) {
  zone.textContent = zone.dataset.zone ?? "";
}
document.getElementById("options-form")?.addEventListener("submit", () => {
  for (const moment of moments) {
    if (moment.value) moment.value = new Date(moment.value).toISOString().slice(0, 16);
  }
});
