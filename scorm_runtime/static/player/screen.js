// @ts-check
/** What the learner sees around the content: bar, notice, overlay. No rules here. */

/** @import { SaveState } from "../bridge/sender.js" */

/** @type {Record<string, string>} */
export const texts = JSON.parse(byId("player-texts").textContent ?? "{}");

/** @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * The body's attributes of the player page contract.
 * @param {{state?: "starting" | "idle" | "running" | "ended", activity?: string, delivery?: number}} facts
 */
export function showState({ state, activity, delivery }) {
  const { dataset } = document.body;
  if (state !== undefined) dataset.state = state;
  if (activity !== undefined) dataset.activity = activity;
  if (delivery !== undefined) dataset.delivery = String(delivery);
}

/**
 * @param {SaveState | "read_only" | "not_kept"} state
 * @param {boolean} isKept whether what waits would survive this window
 */
export function showSave(state, isKept) {
  let name = /** @type {string} */ (state);
  if (state === "offline") name = isKept ? "offline_kept" : "offline_memory";
  const save = byId("save");
  const text = byId("save-text");
  const before = save.dataset.save;
  save.dataset.save = state;
  if (text.textContent !== texts[name]) text.textContent = texts[name];
  // "Saving…" and "Saved" alternate at every step; only what breaks the rhythm is worth saying
  const isRoutine = ["saved", "saving"].includes(state) && ["saved", "saving"].includes(before ?? "");
  if (!isRoutine) announce(texts[name]);
}

/** @param {string} text */
export function announce(text) {
  byId("announce").textContent = text;
}

/**
 * What came to the front, for those who do not see it.
 * @param {string} title
 */
export function announceArrival(title) {
  byId("arrived").textContent = texts.arrived.replace("{title}", title);
}

/** @param {{text: string, tone: string, final: boolean} | null | undefined} chip */
export function showChip(chip) {
  const element = byId("chip");
  element.hidden = !chip;
  if (!chip) return;
  element.dataset.tone = chip.tone;
  if (element.textContent === chip.text) return;
  element.textContent = chip.text;
  element.title = chip.text;
}

/**
 * A line below the bar that covers no content.
 * @param {string} text
 * @param {{label: string, run: () => void}} [action]
 */
export function showNotice(text, action) {
  byId("notice-text").textContent = text;
  const button = byId("notice-action");
  button.hidden = !action;
  if (action) {
    button.textContent = action.label;
    button.onclick = action.run;
  }
  byId("notice-close").onclick = hideNotice;
  byId("notice").hidden = false;
}

export function hideNotice() {
  byId("notice").hidden = true;
}

/**
 * @typedef {object} Action
 * @property {string} label
 * @property {() => void} run
 */

/**
 * Fill a row of buttons; the first action is the suggested one.
 * @param {HTMLElement} row
 * @param {Action[]} actions
 */
function showActions(row, actions) {
  const buttons = actions.map(({ label, run }, at) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, onclick: run });
    button.className = at === 0 ? "button primary" : "button";
    return button;
  });
  row.replaceChildren(...buttons);
  row.hidden = actions.length === 0;
}

/**
 * What stands where the content would be.
 * @param {string} text
 * @param {Action[]} [actions]
 * @param {string} [title]
 */
export function showHint(text, actions = [], title = "") {
  const hint = byId("hint");
  hint.classList.toggle("panel", actions.length > 0);
  for (const old of hint.querySelectorAll("h2, .missing")) old.remove();
  if (title) hint.prepend(Object.assign(document.createElement("h2"), { textContent: title, tabIndex: -1 }));
  byId("hint-text").textContent = text;
  showActions(byId("hint-actions"), actions);
  hint.hidden = false;
}

export function hideHint() {
  byId("hint").hidden = true;
}

/**
 * A panel above everything that must be answered.
 * @param {string} name found again as data-overlay
 * @param {string} title
 * @param {string} text
 * @param {Action[]} actions the first is the suggested one
 */
export function showOverlay(name, title, text, actions) {
  const overlay = /** @type {HTMLDialogElement} */ (byId("overlay"));
  overlay.dataset.overlay = name;
  byId("overlay-title").textContent = title;
  byId("overlay-text").textContent = text;
  showActions(byId("overlay-actions"), actions);
  overlay.oncancel = (event) => event.preventDefault();
  if (!overlay.open) overlay.showModal();
}

/**
 * What Escape does, where not answering is an answer; after `showOverlay`.
 * @param {() => void} run
 */
export function cancelOverlayBy(run) {
  byId("overlay").oncancel = run;
}

export function hideOverlay() {
  const overlay = /** @type {HTMLDialogElement} */ (byId("overlay"));
  delete overlay.dataset.overlay;
  if (overlay.open) overlay.close();
}

/** What the buttons mean, and the number to tell support. */
export function setUpHelp() {
  const panel = /** @type {HTMLDialogElement} */ (byId("help-panel"));
  byId("help").onclick = () => panel.showModal();
  byId("help-close").onclick = () => panel.close();
  byId("trace-copy").onclick = () => {
    void navigator.clipboard?.writeText(document.body.dataset.trace ?? "").then(
      () => (byId("trace-copy").textContent = texts.copied),
      () => getSelection()?.selectAllChildren(byId("trace")),
    );
  };
}

/** Fill the screen: the browser's way where there is one, else by our own styles (iPhone). */
export function setUpFullScreen() {
  const button = byId("full");
  const root = document.documentElement;
  const show = () => {
    const isFull = Boolean(document.fullscreenElement) || document.body.classList.contains("full");
    button.setAttribute("aria-pressed", String(isFull));
  };
  button.onclick = async () => {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else if (document.fullscreenEnabled && !document.body.classList.contains("full")) {
      await root.requestFullscreen().catch(() => document.body.classList.add("full"));
    } else {
      document.body.classList.toggle("full");
    }
    show();
  };
  document.addEventListener("fullscreenchange", show);
}
