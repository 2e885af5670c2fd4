// @ts-check
// The editor of a course. Everything on its page works by forms; here the forms save themselves,
// things are dragged instead of sent up and down, and what two people do at once is noticed.

import { History, applyMove } from "./course_outline.js";
import { makeUploads } from "./course_uploads.js";
import { csrfToken, insertMedia, makeMarkdownField } from "./markdown_field.js";
import { SaveQueue } from "./save_queue.js";
import { fill, makeSortable, readOutline, showOutline } from "./sorting.js";

/** @type {<T extends HTMLElement>(selector: string, from?: ParentNode) => T | null} */
const find = (selector, from = document) => from.querySelector(selector);

const editor = find("[data-editor]");
if (editor) start(editor);
const settings = find("form[data-guarded]");
if (settings instanceof HTMLFormElement) {
  guard(settings);
  makeUploads(document);
  for (const box of settings.querySelectorAll("[data-markdown]")) makeMarkdownField(/** @type {HTMLElement} */ (box));
}

/** @param {HTMLElement} page */
function start(page) {
  const keep = `lectern:draft:${page.dataset.course}`;
  const queue = new SaveQueue(Number(page.dataset.revision), sender(page), (now) => {
    show(page, now);
    remember(keep, now.unsaved);
  });
  const history = new History();
  for (const field of page.querySelectorAll("input[data-utc]")) localMoment(/** @type {HTMLInputElement} */ (field));
  for (const picker of page.querySelectorAll("[data-picker]")) makePicker(/** @type {HTMLElement} */ (picker));
  const outline = find("[data-outline]", page);
  if (outline) sorting(page, outline, queue, history);
  for (const form of page.querySelectorAll("form[data-autosave]")) {
    if (form instanceof HTMLFormElement) autosave(form, queue);
  }
  for (const box of page.querySelectorAll("[data-markdown]")) makeMarkdownField(/** @type {HTMLElement} */ (box));
  page.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-insert]") : null;
    const box = find("[data-markdown]", page);
    if (button instanceof HTMLElement && box) insertMedia(box, button.dataset.insert ?? "");
  });
  for (const each of page.querySelectorAll("[data-insert]")) /** @type {HTMLElement} */ (each).hidden = false;
  decisions(page, queue);
  leaving(page, queue);
  offerUnsaved(page, queue, keep);
  makeUploads(page, async () => {
    await queue.flush();
    return !queue.isDirty;
  });
  addEventListener("online", () => queue.retry());
  page.dataset.ready = "true";
}

/** How changes get to the server. @type {(page: HTMLElement) => import("./save_queue.js").Send} */
function sender(page) {
  return async (changes, revision, leaving) => {
    const answer = await fetch(page.dataset.changes ?? "", {
      method: "POST",
      keepalive: leaving,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken(page) },
      body: JSON.stringify({ revision, changes }),
    });
    const body = await answer.json().catch(() => null);
    if (answer.ok && body) return { kind: "saved", revision: body.data.revision };
    if (answer.status === 409 && body) return { kind: "conflict", ...body.error.details[0] };
    if (answer.status === 401) return { kind: "refused", message: page.dataset.signedOut ?? "" };
    if (answer.status < 500 && answer.status !== 429) return { kind: "refused", message: body?.error?.message ?? answer.statusText };
    return { kind: "away" };
  };
}

/** Tell the state of saving: in a word, and where a person has to do something, loudly.
 * @type {(page: HTMLElement, queue: SaveQueue) => void} */
function show(page, queue) {
  const state = find("[data-save-state]", page);
  if (state) {
    state.dataset.saveState = queue.state;
    const text = find("[data-text]", state);
    if (text) text.textContent = state.getAttribute(`data-${queue.state}`) ?? "";
  }
  const problem = find("[data-notice=problem]", page);
  if (problem) {
    const isLoud = queue.state === "refused" || queue.state === "offline";
    problem.hidden = !isLoud;
    const text = find("[data-text]", problem);
    if (text && isLoud) text.textContent = queue.problem || (problem.dataset.offline ?? "");
  }
  const conflict = find("[data-notice=conflict]", page);
  if (!conflict) return;
  conflict.hidden = queue.state !== "conflict";
  const text = find("[data-text]", conflict);
  if (text && queue.conflict) {
    const { by, at } = queue.conflict;
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    text.textContent = fill(conflict.dataset.said ?? "", { by, time });
  }
}

/** @type {(page: HTMLElement, outline: HTMLElement, queue: SaveQueue, history: History) => void} */
function sorting(page, outline, queue, history) {
  const undo = find("[data-undo]", page);
  const redo = find("[data-redo]", page);
  const refresh = () => {
    if (undo instanceof HTMLButtonElement) undo.disabled = !history.canUndo;
    if (redo instanceof HTMLButtonElement) redo.disabled = !history.canRedo;
    number(outline);
  };
  const take = (/** @type {import("./course_outline.js").Move | null} */ move) => {
    if (!move) return;
    showOutline(outline, applyMove(readOutline(outline), move));
    queue.add(move, { soon: true });
    refresh();
  };
  makeSortable(outline, (before, move) => {
    history.note(before, move);
    queue.add(move, { soon: true });
    refresh();
  });
  undo?.addEventListener("click", () => take(history.undo()));
  redo?.addEventListener("click", () => take(history.redo()));
  document.addEventListener("keydown", (event) => {
    const isText = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (isText || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    take(event.shiftKey ? history.redo() : history.undo());
  });
  for (const each of page.querySelectorAll("[data-with-sorting]")) /** @type {HTMLElement} */ (each).hidden = false;
  refresh();
}

/** Modules are counted anew after a move. @param {HTMLElement} outline */
function number(outline) {
  outline.querySelectorAll("[data-number]").forEach((each, at) => (each.textContent = String(at + 1)));
}

/** A form that saves itself a moment after the last key; its button is for pages without script.
 * @type {(form: HTMLFormElement, queue: SaveQueue) => void} */
function autosave(form, queue) {
  for (const button of form.querySelectorAll("[data-without-script]")) /** @type {HTMLElement} */ (button).hidden = true;
  const { autosave: op = "", target = "" } = form.dataset;
  const save = (/** @type {boolean} */ soon) => {
    const fields = fieldsOf(form);
    queue.add({ op, id: target, fields }, { key: `${op}:${target}`, soon });
    const title = fields.title;
    if (typeof title === "string" && title.trim()) retitle(target, title);
  };
  form.addEventListener("input", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-not-saved], [type=file]")) return;
    save(false);
  });
  form.addEventListener("change", (event) => {
    if (event.target instanceof Element && event.target.matches("select, [type=checkbox], [type=radio]")) save(true);
  });
  form.addEventListener("submit", (event) => {
    const button = /** @type {SubmitEvent} */ (event).submitter;
    if (button && !button.hasAttribute("data-without-script")) return; // a button of its own
    event.preventDefault();
    save(true);
  });
  showDependants(form);
}

/** Fields that only count with others are there when these say so: <div data-when="name=a|b">.
 * @param {HTMLFormElement} form */
function showDependants(form) {
  const show = () => {
    for (const part of form.querySelectorAll("[data-when]")) {
      const [name, values] = (/** @type {HTMLElement} */ (part).dataset.when ?? "").split("=");
      const now = new FormData(form).get(name);
      /** @type {HTMLElement} */ (part).hidden = !values.split("|").includes(String(now ?? ""));
    }
  };
  form.addEventListener("change", show);
  show();
}

/** A form that is saved by its button: what was typed is not left behind unasked.
 * @param {HTMLFormElement} form */
function guard(form) {
  let isDirty = false;
  form.addEventListener("input", () => (isDirty = true));
  form.addEventListener("submit", () => (isDirty = false));
  addEventListener("beforeunload", (event) => isDirty && event.preventDefault());
  showDependants(form);
}

/** Packages and quizzes are searched while somebody types. @param {HTMLElement} picker */
function makePicker(picker) {
  const list = find("[data-choices]", picker);
  const search = find("input[type=search]", picker);
  if (!(search instanceof HTMLInputElement) || !list) return;
  for (const each of picker.querySelectorAll("[data-with-script]")) /** @type {HTMLElement} */ (each).hidden = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const ask = async () => {
    const picked = picker.querySelector("input[type=radio]:checked");
    const address = new URL(picker.dataset.picker ?? "", location.href);
    address.search = String(new URLSearchParams({ q: search.value, picked: picked instanceof HTMLInputElement ? picked.value : "" }));
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...made.body.childNodes);
  };
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 250);
  });
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  addEventListener("focus", () => {
    if (!list.contains(document.activeElement)) void ask(); // made in another window meanwhile
  });
}

/** Moments are UTC on the server and the reader's own here. @param {HTMLInputElement} field */
function localMoment(field) {
  const shift = (/** @type {string} */ value, /** @type {number} */ way) => {
    const moment = new Date(`${value}Z`);
    if (Number.isNaN(moment.valueOf())) return value;
    const offset = new Date(value).getTimezoneOffset() * 60_000;
    return new Date(moment.valueOf() + way * offset).toISOString().slice(0, 16);
  };
  if (field.value) field.value = shift(field.value, -1);
  const note = field.closest(".field")?.querySelector("[data-utc-note]");
  if (note instanceof HTMLElement) note.hidden = true;
}

/** @type {(form: HTMLFormElement) => Record<string, unknown>} */
function fieldsOf(form) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "csrf_token" || name === "revision" || typeof value !== "string") continue;
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.hasAttribute("data-utc") && value) {
      fields[name] = new Date(value).toISOString(); // as it stands in the reader's own time
      continue;
    }
    fields[name] = name in fields ? [fields[name], value].flat() : value;
  }
  return fields;
}

/** The new title, wherever the old one stands. @type {(target: string, title: string) => void} */
function retitle(target, title) {
  for (const each of document.querySelectorAll(`[data-title-of="${CSS.escape(target)}"]`)) each.textContent = title;
  for (const each of document.querySelectorAll(`[data-label-of="${CSS.escape(target)}"]`)) {
    each.textContent = fill(/** @type {HTMLElement} */ (each).dataset.label ?? "", { title });
  }
}

/** The buttons of the notices. @type {(page: HTMLElement, queue: SaveQueue) => void} */
function decisions(page, queue) {
  find("[data-retry]", page)?.addEventListener("click", () => queue.retry());
  find("[data-mine]", page)?.addEventListener("click", () => queue.overwrite());
  find("[data-theirs]", page)?.addEventListener("click", () => {
    queue.discard();
    location.reload();
  });
}

/** Nobody leaves with something unsaved: links and forms wait for it, and closing the tab sends it.
 * @type {(page: HTMLElement, queue: SaveQueue) => void} */
function leaving(page, queue) {
  let isLeaving = false;
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!(link instanceof HTMLAnchorElement) || link.target || !isPlain || !queue.isDirty || isLeaving) return;
    event.preventDefault();
    await queue.flush();
    if (!queue.isDirty) location.assign(link.href);
    else if (confirm(page.dataset.leave)) (isLeaving = true), location.assign(link.href);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (queue.isDirty && !isLeaving) {
      event.preventDefault();
      await queue.flush();
      if (queue.isDirty) return;
      isLeaving = true;
    }
    const revision = form.elements.namedItem("revision");
    if (revision instanceof HTMLInputElement) revision.value = String(queue.revision);
    if (event.defaultPrevented) form.requestSubmit(/** @type {SubmitEvent} */ (event).submitter);
  });
  addEventListener("beforeunload", (event) => {
    if (queue.isDirty && !isLeaving && queue.state !== "saving") event.preventDefault();
  });
  addEventListener("pagehide", () => queue.leave());
}

/** @type {(key: string, unsaved: unknown[]) => void} */
function remember(key, unsaved) {
  try {
    if (unsaved.length) localStorage.setItem(key, JSON.stringify({ unsaved, at: new Date().toISOString() }));
    else localStorage.removeItem(key);
  } catch {
    // no storage: the open page still has it
  }
}

/** What a tab that died could not save is offered once more.
 * @type {(page: HTMLElement, queue: SaveQueue, key: string) => void} */
function offerUnsaved(page, queue, key) {
  const offer = find("[data-notice=left-over]", page);
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return;
  }
  if (!offer || !kept?.unsaved?.length) return;
  offer.hidden = false;
  const text = find("[data-text]", offer);
  const time = new Date(kept.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  if (text) text.textContent = fill(offer.dataset.said ?? "", { time });
  find("[data-save-left-over]", offer)?.addEventListener("click", async () => {
    for (const change of kept.unsaved) queue.add(change, { soon: true });
    await queue.flush();
    if (!queue.isDirty) location.reload();
  });
  find("[data-drop-left-over]", offer)?.addEventListener("click", () => {
    localStorage.removeItem(key);
    offer.hidden = true;
  });
}
