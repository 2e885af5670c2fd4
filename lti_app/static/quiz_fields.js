// @ts-check
/** Questions as fields: what stands in them, and moving what is to be put in order. */

/**
 * The answer that stands in a question, in the form that the server takes; null for none.
 * @param {HTMLElement} question
 * @returns {any}
 */
export function readAnswer(question) {
  const kind = question.dataset.kind;
  const checked = /** @type {HTMLInputElement[]} */ ([...question.querySelectorAll("input:checked")]).map((field) => field.value);
  if (kind === "choice_one" || kind === "true_false") return checked[0] ?? null;
  if (kind === "choice_many") return checked.length ? checked : null;
  if (kind === "ordering") {
    const list = /** @type {HTMLElement} */ (question.querySelector("[data-order]"));
    return "answered" in list.dataset ? pieces(list).map((piece) => piece.dataset.piece) : null;
  }
  const whole = /** @type {HTMLInputElement | null} */ (question.querySelector("[data-whole]"));
  if (whole) return whole.value.trim() === "" ? null : whole.value;
  /** @type {Record<string, string>} */
  const parts = {};
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (question.querySelectorAll("[data-part]"))) {
    if (field.value.trim() !== "") parts[field.dataset.part ?? ""] = field.value;
  }
  return Object.keys(parts).length ? parts : null;
}

/** @param {Element} list */
function pieces(list) {
  return /** @type {HTMLElement[]} */ ([...list.children]);
}

/**
 * Buttons and dragging for a list that is to be put in order.
 * @param {HTMLElement} list
 * @param {(says: {place: number, count: number} | null) => void} onMoved
 */
export function makeSortable(list, onMoved) {
  const moved = (/** @type {Element | null} */ piece) => {
    list.dataset.answered = "";
    refresh(list);
    onMoved(piece && { place: pieces(list).indexOf(/** @type {HTMLElement} */ (piece)) + 1, count: list.children.length });
  };
  list.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-move]");
    const piece = button?.closest("li");
    if (!(button instanceof HTMLButtonElement) || !piece) return;
    if (button.dataset.move === "-1") piece.previousElementSibling?.before(piece);
    else piece.nextElementSibling?.after(piece);
    moved(piece);
    const other = /** @type {HTMLButtonElement | null} */ (piece.querySelector("[data-move]:not(:disabled)"));
    (button.disabled ? other : button)?.focus();
  });
  /** @type {HTMLElement | null} */
  let dragged = null;
  for (const piece of pieces(list)) piece.draggable = true;
  list.addEventListener("dragstart", (event) => {
    dragged = /** @type {HTMLElement} */ (event.target).closest("li");
    dragged?.classList.add("dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = /** @type {HTMLElement} */ (event.target).closest("li");
    if (!dragged) return;
    event.preventDefault();
    if (!over || over === dragged || over.parentElement !== list) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    if (dragged) moved(dragged);
    dragged = null;
  });
  refresh(list);
}

/** @param {HTMLElement} list */
function refresh(list) {
  pieces(list).forEach((piece, at, all) => {
    const [up, down] = /** @type {NodeListOf<HTMLButtonElement>} */ (piece.querySelectorAll("[data-move]"));
    up.disabled = at === 0;
    down.disabled = at === all.length - 1;
  });
}

/**
 * @param {string} text
 * @returns {number} runs without white space that hold a letter or a digit
 */
export function countWords(text) {
  return text.split(/\s+/u).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;
}

/**
 * @param {number} seconds
 * @returns {string} 1:02:03 or 2:03
 */
export function writeTime(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
