// "Back" on a page that was opened from another in the same frame; without JavaScript it stays hidden.

for (const button of document.querySelectorAll("button[data-back]")) {
  if (!(button instanceof HTMLButtonElement) || history.length < 2) continue;
  button.hidden = false;
  button.addEventListener("click", () => history.back());
}
