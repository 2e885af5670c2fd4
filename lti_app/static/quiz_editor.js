// @ts-check
// The editors of quizzes and questions: questions are put in order by dragging or by keyboard; what
// is typed is kept in the browser until it is saved, and a page with unsaved changes is not left
// unasked.

import { makeSortable, readOutline } from "./sorting.js";
import { keepUnsaved, tidy } from "./unsaved.js";

const list = document.querySelector("[data-items]");
if (list instanceof HTMLElement) sort(list);
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-keep-unsaved]"))) {
  guard(form);
  keepUnsaved(form, document.querySelector("[data-left-over]"));
}
tidy();
document.documentElement.dataset.ready = "true";

/** @param {HTMLElement} items */
function sort(items) {
  /** One order after the other: each is told in the numbers of the one before. */
  let sending = Promise.resolve();
  makeSortable(items, () => (sending = sending.then(() => save(items)).catch(() => fail())));
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (items.querySelectorAll("[data-without-sorting]"))) each.hidden = true;
}

/** @param {HTMLElement} items */
async function save(items) {
  const order = readOutline(items).map((item) => item.id);
  const body = new URLSearchParams({ csrf_token: field("csrf_token").value, revision: field("revision").value, action: "order", order: order.join(",") });
  items.dataset.saved = "false";
  const response = await fetch(items.dataset.address ?? "", { method: "POST", body, headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`answer ${response.status}`);
  const { revision } = await response.json();
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=revision]"))) input.value = String(revision);
  for (const item of /** @type {HTMLElement[]} */ ([...items.children])) {
    item.dataset.module = String(order.indexOf(item.dataset.module ?? ""));
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (item.querySelectorAll("input[name=at]"))) input.value = item.dataset.module;
  }
  items.dataset.saved = "true";
}

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement} */ (document.querySelector(`input[name=${name}]`));
}

function fail() {
  const notice = document.querySelector("[data-order-failed]");
  if (notice instanceof HTMLElement) notice.hidden = false;
}

/** @param {HTMLFormElement} form */
function guard(form) {
  let isUnsaved = "isUnsaved" in form.dataset;
  form.addEventListener("input", () => (isUnsaved = true));
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLElement && "keeps" in button.dataset)) isUnsaved = false;
  });
  for (const link of form.querySelectorAll("a[data-keeps]")) link.addEventListener("click", () => (isUnsaved = false));
  addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });
}
