// @ts-check
// Modules and units put in order: dragged by their grips with mouse, pen or finger, or lifted with
// Space and moved by arrow keys. What moves is moved at once in the page; `moved` hears of it when
// it is put down. The order itself is decided in course_outline.js.

import { applyMove, findModule, findUnit, isSame, stepModule, stepUnit } from "./course_outline.js";

/**
 * @typedef {import("./course_outline.js").Outline} Outline
 * @typedef {import("./course_outline.js").Move} Move
 * @typedef {{ item: HTMLElement, grip: HTMLElement, before: Outline }} Lifted
 */

/** Pixels a pointer must go before it drags. */
const SLACK = 5;
/** Pixels from the edge of the window where the page begins to scroll. */
const EDGE = 70;

/** @type {(root: HTMLElement) => Outline} */
export function readOutline(root) {
  return [...root.querySelectorAll("[data-module]")].map((module) => ({
    id: /** @type {HTMLElement} */ (module).dataset.module ?? "",
    units: [...module.querySelectorAll("[data-unit]")].map((unit) => /** @type {HTMLElement} */ (unit).dataset.unit ?? ""),
  }));
}

/** Put the page into the order of `outline`; only what stands elsewhere is touched.
 * @type {(root: HTMLElement, outline: Outline) => void} */
export function showOutline(root, outline) {
  outline.forEach((module, at) => {
    const item = root.querySelector(`[data-module="${CSS.escape(module.id)}"]`);
    if (!item) return;
    if (root.children[at] !== item) root.insertBefore(item, root.children[at] ?? null);
    const list = item.querySelector("[data-units]");
    module.units.forEach((unit, index) => {
      const child = root.querySelector(`[data-unit="${CSS.escape(unit)}"]`);
      if (list && child && list.children[index] !== child) list.insertBefore(child, list.children[index] ?? null);
    });
  });
}

/**
 * @param {HTMLElement} root the list of modules, with its texts in data-… attributes
 * @param {(before: Outline, move: Move) => void} moved
 */
export function makeSortable(root, moved) {
  const said = root.parentElement?.querySelector("[data-said]");
  /** @type {Lifted | null} */
  let lifted = null;
  let isPlacing = false; // the browser takes the focus from what is moved; that is no leaving
  let hasDragged = false;

  const say = (/** @type {string} */ name, /** @type {Record<string, unknown>} */ values = {}) => {
    if (said) said.textContent = fill(root.dataset[name] ?? "", values);
  };
  const place = (/** @type {Outline} */ outline) => {
    isPlacing = true;
    showOutline(root, outline);
    isPlacing = false;
  };
  const lift = (/** @type {HTMLElement} */ grip) => {
    const item = /** @type {HTMLElement} */ (grip.closest("[data-unit], [data-module]"));
    lifted = { item, grip, before: readOutline(root) };
    item.classList.add("lifted");
    root.classList.toggle("sorting-modules", "module" in item.dataset);
    grip.setAttribute("aria-pressed", "true");
  };
  const drop = () => {
    if (!lifted) return;
    const { item, grip, before } = lifted;
    lifted = null;
    item.classList.remove("lifted");
    root.classList.remove("sorting-modules");
    grip.removeAttribute("aria-pressed");
    const after = readOutline(root);
    if (!isSame(before, after)) moved(before, moveOf(item, after));
  };
  const putBack = () => {
    if (!lifted) return;
    place(lifted.before);
    drop();
    say("putBack");
  };
  const step = (/** @type {string} */ key) => {
    if (!lifted) return;
    const next = keyMove(lifted.item, readOutline(root), key);
    if (!next) return say("noFurther");
    place(applyMove(readOutline(root), next));
    lifted.grip.focus();
    lifted.item.scrollIntoView({ block: "nearest" });
    say("at", where(root, lifted.item));
  };

  root.addEventListener("click", (event) => {
    const grip = gripOf(event);
    if (!grip || hasDragged) return void (hasDragged = false);
    if (lifted) {
      const item = lifted.item;
      drop();
      return say("dropped", where(root, item));
    }
    lift(grip);
    say("lifted");
  });
  root.addEventListener("keydown", (event) => {
    const grip = gripOf(event);
    if (!grip) return;
    if (event.key === "Escape" && lifted) return void (event.preventDefault(), putBack());
    if (!event.key.startsWith("Arrow")) return;
    if (!lifted && !event.altKey) return;
    event.preventDefault();
    const isBrief = !lifted; // Alt and an arrow: one step, without lifting
    if (isBrief) lift(grip);
    step(event.key);
    if (isBrief) drop();
  });
  root.addEventListener("focusout", () => {
    if (!isPlacing) drop();
  });
  root.addEventListener("pointerdown", (event) => {
    const grip = gripOf(event);
    if (!grip || event.button !== 0) return;
    drop();
    hasDragged = false;
    follow(root, event, grip, { lift, drop, putBack, place, dragged: () => (hasDragged = true), held: () => lifted });
  });
  for (const grip of root.querySelectorAll("[data-grip]")) /** @type {HTMLElement} */ (grip).hidden = false;
}

/**
 * One drag, from the press to its end.
 * @param {HTMLElement} root
 * @param {PointerEvent} press
 * @param {HTMLElement} grip
 * @param {{ lift: (grip: HTMLElement) => void, drop: () => void, putBack: () => void, dragged: () => void,
 *   place: (outline: Outline) => void, held: () => Lifted | null }} hand
 */
function follow(root, press, grip, hand) {
  let y = press.clientY;
  let isDragging = false;
  const ending = new AbortController();
  const { signal } = ending;
  const draw = () => {
    const held = hand.held();
    if (signal.aborted || !held) return;
    const speed = y < EDGE ? y - EDGE : y > innerHeight - EDGE ? y - innerHeight + EDGE : 0;
    if (speed) scrollBy(0, speed / 4);
    const now = readOutline(root);
    const next = applyMove(now, pointedMove(root, held.item, y));
    if (!isSame(now, next)) hand.place(next);
    requestAnimationFrame(draw);
  };
  const end = (/** @type {() => void} */ what) => {
    ending.abort();
    if (isDragging) what();
  };
  document.addEventListener("pointermove", (event) => {
    y = event.clientY;
    if (isDragging || Math.abs(y - press.clientY) < SLACK) return;
    isDragging = true;
    hand.dragged();
    hand.lift(grip);
    draw();
  }, { signal });
  document.addEventListener("pointerup", () => end(hand.drop), { signal });
  document.addEventListener("pointercancel", () => end(hand.putBack), { signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(hand.putBack), { signal });
}

/** Where a pointer at the height `y` would put the item.
 * @type {(root: HTMLElement, item: HTMLElement, y: number) => Move} */
function pointedMove(root, item, y) {
  const above = (/** @type {Element} */ each) => {
    const { top, height } = each.getBoundingClientRect();
    return top + height / 2 < y;
  };
  const modules = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-module]")]);
  if (item.dataset.module) {
    const index = modules.filter((each) => each !== item && above(each)).length;
    return { op: "move_module", module: item.dataset.module, index };
  }
  const into = modules.filter((each) => each.getBoundingClientRect().top < y).at(-1) ?? modules[0];
  const others = [...into.querySelectorAll("[data-unit]")].filter((each) => each !== item);
  return { op: "move_unit", unit: item.dataset.unit ?? "", module: into.dataset.module ?? "", index: others.filter(above).length };
}

/** @type {(item: HTMLElement, outline: Outline, key: string) => Move | null} */
function keyMove(item, outline, key) {
  const way = key === "ArrowUp" ? "up" : key === "ArrowDown" ? "down" : null;
  if (item.dataset.module) return way && stepModule(outline, item.dataset.module, way);
  const isBack = key === "ArrowLeft" ? document.dir !== "rtl" : document.dir === "rtl";
  return stepUnit(outline, item.dataset.unit ?? "", way ?? (isBack ? "module-up" : "module-down"));
}

/** The move that brought the item where it is. @type {(item: HTMLElement, after: Outline) => Move} */
function moveOf(item, after) {
  const { unit, module } = item.dataset;
  if (module) return { op: "move_module", module, index: findModule(after, module)?.index ?? 0 };
  const place = findUnit(after, unit ?? "");
  return { op: "move_unit", unit: unit ?? "", module: place?.module ?? "", index: place?.index ?? 0 };
}

/** What is said about a place: its number, of how many, in which module.
 * @type {(root: HTMLElement, item: HTMLElement) => Record<string, unknown>} */
function where(root, item) {
  const outline = readOutline(root);
  if (item.dataset.module) {
    return { position: (findModule(outline, item.dataset.module)?.index ?? 0) + 1, total: outline.length, module: root.dataset.course };
  }
  const place = findUnit(outline, item.dataset.unit ?? "");
  const module = item.closest("[data-module]");
  const title = module?.querySelector("[data-title]")?.textContent?.trim();
  const total = outline.find((each) => each.id === place?.module)?.units.length;
  return { position: (place?.index ?? 0) + 1, total, module: title };
}

/** @type {(event: Event) => HTMLElement | null} */
function gripOf(event) {
  return event.target instanceof Element ? event.target.closest("[data-grip]") : null;
}

/** "{position} of {total}" with its values. @type {(text: string, values: Record<string, unknown>) => string} */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}
