// A unit's page: counts the time somebody is really there, and what they see of a video, and tells
// the server. A report is kept in the browser until the server has acknowledged it; what was left
// by an earlier page is sent by the next one. Without JavaScript the lesson is read all the same.

import { watch } from "./film.js";

const EVERY = 15_000;
const IDLE = 300_000;
const KEPT = "lectern:visit:";
const OLDEST = 7 * 24 * 3600_000;

/**
 * @typedef {object} Report
 * @property {string} visit
 * @property {number} seconds
 * @property {[number, number][]} watched
 * @property {number} [video_seconds]
 * @property {number} [position]
 */

const unit = document.querySelector("[data-visit][data-report]");
if (unit instanceof HTMLElement) begin(unit);
drawers();
keepTexts();

/** @param {HTMLElement} page */
function begin(page) {
  const visit = page.dataset.visit ?? "";
  const address = page.dataset.report ?? "";
  /** @type {Report} */
  const report = { visit, seconds: 0, watched: [] };
  let lastSeen = performance.now();
  let lastTouched = performance.now();
  let told = "";

  for (const kind of ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"]) {
    addEventListener(kind, () => (lastTouched = performance.now()), { passive: true, capture: true });
  }
  const video = page.querySelector("video[data-video]");
  const film = video instanceof HTMLVideoElement ? watch(video, report) : null;

  const count = () => {
    const now = performance.now();
    const isThere = !document.hidden && (now - lastTouched < IDLE || Boolean(film?.isPlaying()));
    if (isThere) report.seconds += Math.min(now - lastSeen, 5000) / 1000;
    lastSeen = now;
  };
  const tell = (/** @type {boolean} */ leaving) => {
    film?.note();
    const body = JSON.stringify({ ...report, seconds: Math.round(report.seconds * 10) / 10 });
    if (body === told) return;
    keep(visit, address, body);
    void send(page, address, body, leaving).then((done) => {
      if (done) told = body;
    });
  };
  setInterval(count, 1000);
  setInterval(() => tell(false), EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      count();
      tell(true);
    } else lastSeen = performance.now();
  });
  addEventListener("pagehide", () => {
    count();
    tell(true);
  });
  addEventListener("online", () => tell(false));
  film?.video.addEventListener("ended", () => tell(false));
  film?.video.addEventListener("pause", () => tell(false));
  void sendLeftovers(page, visit);
  page.dataset.ready = "true";
}

/**
 * Send one report; true when the server has it for good. What it will never take is forgotten.
 * @param {HTMLElement} page
 * @param {string} address
 * @param {string} body
 * @param {boolean} leaving
 */
async function send(page, address, body, leaving) {
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json" };
  if (page.dataset.csrf) headers["X-CSRFToken"] = page.dataset.csrf;
  const visit = JSON.parse(body).visit;
  try {
    const answer = await fetch(address, { method: "POST", headers, body, keepalive: leaving });
    if (answer.ok) {
      forget(visit, body);
      const state = await answer.json();
      if (visit === page.dataset.visit) show(page, state);
      return true;
    }
    if (answer.status === 404 || answer.status === 413) forget(visit, body);
    say(page, page.dataset.waiting ?? "");
  } catch {
    if (!leaving) say(page, page.dataset.waiting ?? "");
  }
  return false;
}

/**
 * @param {HTMLElement} page
 * @param {{complete: boolean, watched: number, why: string[], done: number, wanted: number, percent: number}} state
 */
function show(page, state) {
  say(page, page.dataset.saved ?? "");
  const seen = page.querySelector("[data-watched]");
  if (seen instanceof HTMLElement) {
    seen.textContent = (seen.dataset.text ?? "").replace("{percent}", String(state.watched));
  }
  const bar = document.querySelector("[data-course-bar] progress");
  if (bar instanceof HTMLProgressElement) bar.value = state.percent;
  const count = document.querySelector("[data-course-count]");
  if (count && state.wanted) {
    count.textContent = (page.dataset.count ?? "")
      .replace("{done}", String(state.done))
      .replace("{wanted}", String(state.wanted));
  }
  const why = page.querySelector("[data-why]");
  if (why instanceof HTMLElement) {
    why.hidden = state.why.length === 0;
    const texts = why.querySelectorAll("li p");
    state.why.forEach((sentence, index) => {
      const line = texts[index];
      if (line) line.textContent = sentence;
    });
  }
  const chips = page.querySelector("[data-unit-state]");
  if (state.complete && chips && !chips.querySelector(".chip-good")) {
    const chip = document.createElement("span");
    chip.className = "chip chip-good";
    chip.textContent = page.dataset.done ?? "";
    chips.prepend(chip);
    document.querySelector(".learn-contents [data-here] .unit-mark")?.classList.add("is-done");
  }
}

/**
 * @param {HTMLElement} page
 * @param {string} text
 */
function say(page, text) {
  const place = document.querySelector("[data-save-state]");
  if (!(place instanceof HTMLElement) || place.textContent === text) return;
  place.hidden = false;
  place.textContent = text;
}

/**
 * @param {string} visit
 * @param {string} address
 * @param {string} body
 */
function keep(visit, address, body) {
  try {
    localStorage.setItem(KEPT + visit, JSON.stringify({ address, body, at: Date.now() }));
  } catch {
    // No storage: the page itself still has it, until it closes.
  }
}

/**
 * @param {string} visit
 * @param {string} body
 */
function forget(visit, body) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT + visit) ?? "null");
    if (kept?.body === body) localStorage.removeItem(KEPT + visit);
  } catch {
    // as above
  }
}

/**
 * What pages before this one could not deliver.
 * @param {HTMLElement} page
 * @param {string} own
 */
async function sendLeftovers(page, own) {
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(KEPT) || name === KEPT + own) continue;
      const kept = JSON.parse(localStorage.getItem(name) ?? "null");
      if (!kept || Date.now() - kept.at > OLDEST) localStorage.removeItem(name);
      else if (Date.now() - kept.at > 20_000) await send(page, kept.address, kept.body, false);
    }
  } catch {
    // as above
  }
}

/** The contents: open beside the text on a desk, closed above it on a phone. */
function drawers() {
  const drawer = document.querySelector("[data-drawer]");
  if (!(drawer instanceof HTMLDetailsElement)) return;
  const wide = matchMedia("(min-width: 60rem)");
  const follow = () => {
    drawer.open = wide.matches;
  };
  follow();
  wide.addEventListener("change", follow);
}

/** What is being written for an assignment survives a closed tab. */
function keepTexts() {
  for (const field of document.querySelectorAll("textarea[data-keep]")) {
    if (!(field instanceof HTMLTextAreaElement)) continue;
    const name = `lectern:text:${field.dataset.keep}`;
    try {
      if (!field.value) field.value = localStorage.getItem(name) ?? "";
      field.addEventListener("input", () => localStorage.setItem(name, field.value));
      field.form?.addEventListener("submit", () => localStorage.removeItem(name));
    } catch {
      // No storage: as every page without.
    }
  }
}
