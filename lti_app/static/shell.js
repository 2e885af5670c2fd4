// What every page of the portal does a little better with JavaScript; none of it is needed.

/** Radio buttons in the footer choose the theme (applied by theme.js). */
function themeChoice() {
  const group = document.querySelector("[data-theme-choice]");
  if (!(group instanceof HTMLElement)) return;
  let kept = "auto";
  try {
    kept = localStorage.getItem("lectern:theme") || "auto";
  } catch {
    return; // storage refused: a choice could not be kept
  }
  group.hidden = false;
  for (const radio of group.querySelectorAll("input")) {
    radio.checked = radio.value === kept;
    radio.addEventListener("change", () => {
      localStorage.setItem("lectern:theme", radio.value);
      dispatchEvent(new Event("lectern:theme"));
    });
  }
}

/** Times are written in UTC by the server; here they become the reader's own, to the second where
 * the page asks for that (data-seconds). */
function localTimes() {
  const language = document.documentElement.lang;
  const usual = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  for (const time of document.querySelectorAll("time[datetime]")) {
    const moment = new Date(/** @type {HTMLTimeElement} */ (time).dateTime);
    if (Number.isNaN(moment.valueOf()) || time.hasAttribute("title")) continue;
    time.setAttribute("title", time.textContent?.trim() ?? "");
    time.textContent = (time.hasAttribute("data-seconds") ? exact : usual).format(moment);
  }
}

/** Menus made of <details> close on Escape, and when something else is clicked or focused. */
function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  const closeOthers = (/** @type {Event} */ event) => {
    for (const menu of open()) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.removeAttribute("open");
    }
  };
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  });
}

/** Buttons that copy the text of the element named in data-copy, and say that they did. */
function copyButtons() {
  if (!navigator.clipboard) return; // only on secure origins; the text can be selected by hand
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (button instanceof HTMLButtonElement) button.hidden = false;
  }
}

/** @param {Event} event */
async function copy(event) {
  const button = event.target instanceof Element ? event.target.closest("button[data-copy]") : null;
  if (!(button instanceof HTMLButtonElement)) return;
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  const source = document.getElementById(button.dataset.copy ?? "");
  await navigator.clipboard.writeText(source?.textContent?.trim() ?? "");
  label.textContent = button.dataset.copied ?? before;
  setTimeout(() => (label.textContent = before), 2000);
}

/** Forms marked data-confirm ask before they are sent. */
function confirmations() {
  for (const form of document.querySelectorAll("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (!confirm(/** @type {HTMLElement} */ (form).dataset.confirm)) event.preventDefault();
    });
  }
}

themeChoice();
localTimes();
menus();
copyButtons();
document.addEventListener("click", copy);
confirmations();
// A list that grows by itself says so (records.js).
addEventListener("lectern:added", () => (localTimes(), copyButtons()));
