// @ts-check
// A Markdown field with buttons above it, and beside it what learners will see. The server makes
// the preview: one renderer, one rule of what is allowed in it.

import { continueList, placeBlock, useTool } from "./markdown_tools.js";

/** Milliseconds after the last key before a new preview is asked for. */
const PAUSE = 350;

/** @type {(area: HTMLTextAreaElement) => import("./markdown_tools.js").Field} */
const fieldOf = (area) => ({ text: area.value, start: area.selectionStart, end: area.selectionEnd });

/** Put an edit into the field so that Ctrl+Z takes it back and autosave hears of it.
 * @type {(area: HTMLTextAreaElement, edit: import("./markdown_tools.js").Edit | null) => boolean} */
function apply(area, edit) {
  if (!edit) return false;
  area.focus();
  area.setSelectionRange(edit.from, edit.to);
  // The only way that keeps the field's own undo; marked as old, yet without a successor.
  const command = edit.insert ? "insertText" : "delete";
  if (edit.from === edit.to && !edit.insert) return true;
  if (!document.execCommand(command, false, edit.insert)) {
    area.setRangeText(edit.insert, edit.from, edit.to);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(edit.start, edit.end);
  return true;
}

/** @param {HTMLElement} box with a textarea, buttons data-tool, and a place data-preview */
export function makeMarkdownField(box) {
  const area = box.querySelector("textarea");
  if (!area) return;
  for (const bar of box.querySelectorAll("[data-with-script]")) /** @type {HTMLElement} */ (bar).hidden = false;
  box.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-tool]") : null;
    if (button instanceof HTMLElement) apply(area, useTool(button.dataset.tool ?? "", fieldOf(area), button.dataset.word));
  });
  area.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      const tool = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
      if (tool && apply(area, useTool(tool, fieldOf(area), box.querySelector(`[data-tool="${tool}"]`)?.getAttribute("data-word") ?? ""))) event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      if (apply(area, continueList(fieldOf(area)))) event.preventDefault();
    }
  });
  const preview = box.querySelector("[data-preview]");
  if (preview instanceof HTMLElement) followPreview(box, area, preview);
  switchViews(box);
}

/** A picture, video or file that was just uploaded, at the cursor.
 * @type {(box: Element, markdown: string) => void} */
export function insertMedia(box, markdown) {
  const area = box.querySelector("textarea");
  if (area) apply(area, placeBlock(fieldOf(area), markdown));
}

/** @type {(box: HTMLElement, area: HTMLTextAreaElement, preview: HTMLElement) => void} */
function followPreview(box, area, preview) {
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const ask = async () => {
    const turn = (asked += 1);
    const body = new URLSearchParams({ text: area.value, csrf_token: csrfToken(box) });
    const answer = await fetch(preview.dataset.preview ?? "", { method: "POST", body }).catch(() => null);
    if (!answer?.ok || turn !== asked) return; // a newer one is on its way
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    preview.replaceChildren(...made.body.childNodes);
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

/** On a narrow screen: either the text or the preview. @param {HTMLElement} box */
function switchViews(box) {
  for (const button of box.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => {
      box.dataset.shows = /** @type {HTMLElement} */ (button).dataset.view;
      for (const each of box.querySelectorAll("[data-view]")) each.setAttribute("aria-pressed", String(each === button));
    });
  }
}

/** @type {(from: Element) => string} */
export function csrfToken(from) {
  const field = from.closest("form")?.querySelector("[name=csrf_token]") ?? document.querySelector("[name=csrf_token]");
  return field instanceof HTMLInputElement ? field.value : "";
}
