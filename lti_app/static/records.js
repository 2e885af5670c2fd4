// @ts-check
// Statements: suggestions for the fields of the filter, and following what arrives.

const PAUSE = 2000;
/** Rows that a live list keeps. */
const MOST = 300;

/** @type {(id: string) => HTMLElement | null} */
const byId = (id) => document.getElementById(id);

/**
 * Ask for suggestions a moment after the last key, and put them into the field's list.
 * @param {HTMLFormElement} form
 */
function suggest(form) {
  for (const field of form.querySelectorAll("input[list]")) {
    if (!(field instanceof HTMLInputElement)) continue;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const ask = async () => {
      const address = new URL(form.dataset.suggestions ?? "", location.href);
      address.search = String(new URLSearchParams({ field: field.name, typed: field.value }));
      const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok) return;
      const found = /** @type {{ value: string, label: string }[]} */ (await answer.json());
      field.list?.replaceChildren(...found.map(({ value, label }) => new Option(label, value)));
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 200);
    };
    field.addEventListener("focus", soon, { once: true });
    field.addEventListener("input", soon);
  }
}

/**
 * Put what arrived on top of the list, but for rows that are there already: a tail begins where
 * nothing will come before it any more, which may be behind the newest row.
 * @param {string} rows HTML of our own server
 * @returns {number} how many were new
 */
function add(rows) {
  const list = byId("entries");
  if (!list) return 0;
  const shown = new Set([...list.children].map((row) => row.getAttribute("data-sequence")));
  const made = [...new DOMParser().parseFromString(`<ol>${rows}</ol>`, "text/html").querySelectorAll("li.entry")].filter(
    (row) => !shown.has(row.getAttribute("data-sequence")),
  );
  if (!made.length) return 0;
  list.prepend(...made);
  while (list.children.length > MOST) list.lastElementChild?.remove();
  list.hidden = false;
  byId("none")?.remove();
  dispatchEvent(new Event("lectern:added"));
  return made.length;
}

/** @param {HTMLButtonElement} button */
function follow(button) {
  const label = button.querySelector("span");
  const said = byId("live-said");
  let after = button.dataset.after ?? "0";
  let isOn = false;
  const ask = async () => {
    if (!isOn) return;
    if (!document.hidden) {
      const address = new URL(button.dataset.url ?? "", location.href);
      address.searchParams.set("after", after);
      const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) {
        const { cursor, rows } = await answer.json();
        after = cursor;
        const count = add(rows);
        if (count && said) said.textContent = `${said.dataset.said}${count}`;
      }
    }
    setTimeout(ask, PAUSE);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    isOn = !isOn;
    button.setAttribute("aria-pressed", String(isOn));
    if (label) label.textContent = (isOn ? button.dataset.on : button.dataset.off) ?? "";
    if (isOn) void ask();
  });
}

const form = document.querySelector("form[data-suggestions]");
if (form instanceof HTMLFormElement) suggest(form);
const live = byId("live");
if (live instanceof HTMLButtonElement) follow(live);
