// @ts-check
/** The page of an attempt: journals each answer, says what is saved, keeps the time, hands in. */

import { openDisk } from "/quizzes/disk.js";
import { countWords, makeSortable, readAnswer, writeTime } from "./quiz_fields.js";
import { Journal, findLeft, forget, openStore } from "./quiz_journal.js";
import { Sender, post } from "./quiz_sender.js";

const root = /** @type {HTMLElement} */ (document.getElementById("quiz"));
const told = root.dataset;
const attempt = told.attempt ?? "";
const address = told.entries ?? "";
const questions = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-slot]")]);
const form = /** @type {HTMLFormElement} */ (root.querySelector("[data-submit]"));
/** Milliseconds: the page is used meanwhile, so the disk may take its time. */
const UNHURRIED = 60_000;
const store = openStore();
const journal = new Journal(store, attempt, Number(told.writer));
const sender = new Sender(journal, { address, fetch: fetch.bind(window), onState: showState, onAnswer: hear, onGone: () => location.reload() });
/** @type {number | null} by performance.now(), which no clock on the wall changes */
let endsAt = null;
let current = 0;

/** @param {string} selector */
const find = (selector) => /** @type {HTMLElement} */ (root.querySelector(selector));
/** @param {HTMLElement} question */
const slotOf = (question) => Number(question.dataset.slot);
/** @param {HTMLElement} question */
const isFlagged = (question) => question.querySelector("[data-flag]")?.getAttribute("aria-pressed") === "true";

/** @param {import("./quiz_sender.js").State} state */
function showState(state) {
  const text = { saved: told.textSaved, saving: told.textSaving, offline: journal.isKept ? told.textOffline : told.textMemory }[state];
  find(".quiz-state").dataset.state = state;
  find("[data-state-text]").textContent = text ?? "";
  root.dataset.saved = String(state === "saved");
}

/** @param {import("./quiz_sender.js").Answer} answer */
function hear(answer) {
  if (answer.is_over) {
    sender.stop();
    location.reload();
    return;
  }
  setTimer(answer.seconds_left);
}

/** @param {HTMLElement} question */
function answered(question) {
  journal.append("answer", slotOf(question), readAnswer(question));
  sender.changed();
  showPlace(question);
}

/** @param {HTMLElement} question */
function showPlace(question) {
  const has = readAnswer(question) !== null;
  const link = find(`[data-goto="${slotOf(question)}"]`);
  const says = /** @type {HTMLElement} */ (link.querySelector("[data-map-says]"));
  link.classList.toggle("answered", has);
  link.classList.toggle("flagged", isFlagged(question));
  says.textContent = [has && says.dataset.answered, isFlagged(question) && says.dataset.flagged].filter(Boolean).map((word) => `, ${word}`).join("");
  const clear = question.querySelector("[data-clear]");
  if (clear instanceof HTMLElement) clear.hidden = !has;
  const words = question.querySelector("[data-words]");
  if (words) words.textContent = String(countWords(readAnswer(question) ?? ""));
  summarise();
}

function summarise() {
  const open = questions.filter((question) => readAnswer(question) === null).map(slotOf);
  const flagged = questions.filter(isFlagged).map(slotOf);
  for (const box of root.querySelectorAll("[data-summary], [data-confirm-summary]")) {
    box.replaceChildren();
    if (!open.length) box.append(line(told.textAll ?? "", []));
    if (open.length) box.append(line(told.textUnanswered ?? "", open));
    if (flagged.length) box.append(line(told.textFlagged ?? "", flagged));
  }
}

/**
 * @param {string} text
 * @param {number[]} slots
 */
function line(text, slots) {
  const made = document.createElement("p");
  made.append(text);
  for (const slot of slots) {
    const link = document.createElement("a");
    link.href = `#q${slot}`;
    link.dataset.goto = String(slot);
    link.textContent = String(slot);
    made.append(" ", link);
  }
  return made;
}

/**
 * @param {number} at
 * @param {boolean} focus
 */
function show(at, focus) {
  current = Math.min(Math.max(at, 0), questions.length - 1);
  if (told.layout === "one") {
    questions.forEach((question, place) => (question.hidden = place !== current));
    for (const link of root.querySelectorAll(".quiz-map [data-goto]")) {
      if (Number(/** @type {HTMLElement} */ (link).dataset.goto) === slotOf(questions[current])) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const [back, next] = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll("[data-step]"));
    back.disabled = current === 0;
    next.disabled = current === questions.length - 1;
  }
  if (focus) {
    questions[current].focus({ preventScroll: true });
    questions[current].scrollIntoView({ block: "start" });
  }
}

/** @param {number | null} seconds */
function setTimer(seconds) {
  endsAt = seconds === null ? null : performance.now() + seconds * 1000;
}

let warned = Infinity;
function tick() {
  const timer = root.querySelector("[data-timer]");
  if (endsAt === null || !timer) return;
  const left = (endsAt - performance.now()) / 1000;
  timer.textContent = (told.textLeft ?? "").replace("{time}", writeTime(left));
  timer.classList.toggle("short", left < 60);
  for (const minutes of [10, 5, 1]) {
    if (left <= minutes * 60 && warned > minutes && left > minutes * 60 - 5) {
      warned = minutes;
      find("[data-timer-says]").textContent = (told.textMinutes ?? "").replace("{count}", String(minutes));
    }
  }
  if (left <= 0) {
    endsAt = null;
    timer.textContent = told.textOver ?? "";
    void sender.settle(8000).then(() => form.submit());
  }
}

/** Bring what earlier windows left behind to the server, then show the page anew with it. */
async function replay() {
  const disk = await openDisk(attempt, UNHURRIED);
  journal.useDisk(disk);
  const left = findLeft(store, attempt, await disk?.findLeft());
  left.delete(journal.writer);
  const drop = (/** @type {number} */ writer, /** @type {number} */ upTo) => {
    forget(store, attempt, writer, upTo);
    disk?.forget(writer, upTo);
  };
  let delivered = 0;
  for (const [writer, entries] of left) {
    const response = await fetch(address, post(writer, entries, false)).catch(() => null);
    if (response?.status === 404) drop(writer, Infinity);
    if (!response?.ok) continue;
    const answer = await response.json();
    drop(writer, answer.is_over ? Infinity : answer.acknowledged);
    delivered += entries.filter((entry) => entry.n <= answer.acknowledged).length;
    if (answer.is_over) delivered += 1;
  }
  if (delivered) location.reload();
}

root.addEventListener("input", (event) => {
  const question = /** @type {HTMLElement} */ (event.target).closest("[data-slot]");
  if (question instanceof HTMLElement) answered(question);
});
root.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const question = /** @type {HTMLElement | null} */ (target.closest("[data-slot]"));
  const flag = target.closest("[data-flag]");
  if (flag && question) {
    flag.setAttribute("aria-pressed", String(!isFlagged(question)));
    journal.append("flag", slotOf(question), isFlagged(question));
    sender.changed();
    showPlace(question);
  }
  if (target.closest("[data-clear]") && question) {
    for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (question.querySelectorAll("input"))) field.checked = false;
    answered(question);
    /** @type {HTMLElement | null} */ (question.querySelector("input"))?.focus();
  }
  if (target.closest("[data-keep]") && question) {
    find(`#q${slotOf(question)} [data-order]`).dataset.answered = "";
    /** @type {HTMLElement} */ (target.closest("[data-keep]")).hidden = true;
    answered(question);
  }
  const goto = /** @type {HTMLElement | null} */ (target.closest("[data-goto]"));
  if (goto) {
    event.preventDefault();
    /** @type {HTMLDialogElement} */ (find("[data-confirm-dialog]")).close();
    show(questions.findIndex((one) => slotOf(one) === Number(goto.dataset.goto)), true);
  }
  const step = /** @type {HTMLElement | null} */ (target.closest("[data-step]"));
  if (step) show(current + Number(step.dataset.step), true);
});
for (const list of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-order]"))) {
  const question = /** @type {HTMLElement} */ (list.closest("[data-slot]"));
  makeSortable(list, (says) => {
    const keep = question.querySelector("[data-keep]");
    if (keep instanceof HTMLElement) keep.hidden = true;
    if (says) find("[data-says]").textContent = (told.textPlace ?? "").replace("{place}", String(says.place)).replace("{count}", String(says.count));
    answered(question);
  });
}

/** Enter in a field: everything is saved as it is typed. */
find("[data-answers]").addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  summarise();
  /** @type {HTMLDialogElement} */ (find("[data-confirm-dialog]")).showModal();
});
find("[data-confirm-no]").addEventListener("click", () => /** @type {HTMLDialogElement} */ (find("[data-confirm-dialog]")).close());
find("[data-confirm-yes]").addEventListener("click", async () => {
  const isSaved = await sender.settle(8000);
  if (isSaved) {
    sender.stop();
    form.submit();
    return;
  }
  /** @type {HTMLDialogElement} */ (find("[data-confirm-dialog]")).close();
  find("[data-submit-says]").textContent = told.textUnsent ?? "";
  find("[data-submit-says]").classList.remove("visually-hidden");
});
addEventListener("storage", (event) => {
  if (event.newValue !== null) return;
  journal.removed(event.key);
  sender.changed();
});
addEventListener("online", () => sender.hurry());
addEventListener("pagehide", () => sender.leave());
document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? sender.leave() : sender.hurry()));
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if ("secondsLeft" in told) setTimer(Number(told.secondsLeft));
find("[data-steps]").hidden = told.layout !== "one";
questions.forEach(showPlace);
show(0, false);
tick();
setInterval(tick, 500);
showState("saved");
void replay();
root.dataset.ready = "true";
