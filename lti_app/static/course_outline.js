// @ts-check
// The order of a course: modules, and units in them. Pure: values in, values out, no document.
// The page applies what comes back to its list and sends it to the server as one change.

/**
 * @typedef {{ id: string, units: string[] }} Module
 * @typedef {Module[]} Outline
 * @typedef {{ module: string, index: number }} UnitPlace  the module's id, the place in it from 0
 * @typedef {{ index: number }} ModulePlace
 * @typedef {{ op: "move_unit", unit: string, module: string, index: number }
 *   | { op: "move_module", module: string, index: number }} Move
 */

/** @type {(outline: Outline, unit: string) => UnitPlace | null} */
export function findUnit(outline, unit) {
  for (const module of outline) {
    const index = module.units.indexOf(unit);
    if (index >= 0) return { module: module.id, index };
  }
  return null;
}

/** @type {(outline: Outline, module: string) => ModulePlace | null} */
export function findModule(outline, module) {
  const index = outline.findIndex((each) => each.id === module);
  return index < 0 ? null : { index };
}

/**
 * The outline after a move; the index counts without the thing that moves. What is unknown, or
 * lies outside, is brought to the nearest place there is.
 * @param {Outline} outline
 * @param {Move} move
 * @returns {Outline}
 */
export function applyMove(outline, move) {
  if (move.op === "move_module") {
    const moved = outline.find((each) => each.id === move.module);
    if (!moved) return outline;
    return insert(outline.filter((each) => each !== moved), moved, move.index);
  }
  if (!findUnit(outline, move.unit) || !findModule(outline, move.module)) return outline;
  return outline.map((module) => {
    const units = module.units.filter((unit) => unit !== move.unit);
    return { ...module, units: module.id === move.module ? insert(units, move.unit, move.index) : units };
  });
}

/**
 * What takes a move back, seen from the outline before it; null where it moved nothing.
 * @param {Outline} before
 * @param {Move} move
 * @returns {Move | null}
 */
export function inverse(before, move) {
  if (move.op === "move_module") {
    const place = findModule(before, move.module);
    return place && { op: "move_module", module: move.module, index: place.index };
  }
  const place = findUnit(before, move.unit);
  return place && { op: "move_unit", unit: move.unit, ...place };
}

/**
 * One step of the keyboard: a unit goes on into the next module at the end of its own, and back
 * into the one before at its beginning. Null where there is nowhere to go.
 * @param {Outline} outline
 * @param {string} unit
 * @param {"up" | "down" | "module-up" | "module-down"} step
 * @returns {Move | null}
 */
export function stepUnit(outline, unit, step) {
  const place = findUnit(outline, unit);
  if (!place) return null;
  const at = outline.findIndex((each) => each.id === place.module);
  const target = (/** @type {string} */ module, /** @type {number} */ index) =>
    /** @type {Move} */ ({ op: "move_unit", unit, module, index });
  if (step === "up" && place.index > 0) return target(place.module, place.index - 1);
  if (step === "down" && place.index < outline[at].units.length - 1) return target(place.module, place.index + 1);
  const neighbour = outline[at + (step.endsWith("up") ? -1 : 1)];
  if (!neighbour) return null;
  return target(neighbour.id, step === "up" ? neighbour.units.length : 0);
}

/** @type {(outline: Outline, module: string, step: "up" | "down") => Move | null} */
export function stepModule(outline, module, step) {
  const place = findModule(outline, module);
  if (!place) return null;
  const index = place.index + (step === "up" ? -1 : 1);
  return index < 0 || index >= outline.length ? null : { op: "move_module", module, index };
}

/** @type {(one: Outline, other: Outline) => boolean} */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * @template T
 * @param {T[]} list
 * @param {T} item
 * @param {number} index
 */
function insert(list, item, index) {
  const at = Math.max(0, Math.min(index, list.length));
  return [...list.slice(0, at), item, ...list.slice(at)];
}

/** Moves that can be taken back, and taken again. */
export class History {
  /** @type {{ done: Move, back: Move }[]} */
  #past = [];
  /** @type {{ done: Move, back: Move }[]} */
  #future = [];

  /** @param {number} [most] how many are kept */
  constructor(most = 50) {
    this.most = most;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** @type {(before: Outline, move: Move) => void} */
  note(before, move) {
    const back = inverse(before, move);
    if (!back) return;
    this.#past = [...this.#past, { done: move, back }].slice(-this.most);
    this.#future = [];
  }

  /** The move that takes the last one back, or null. */
  undo() {
    const last = this.#past.pop();
    if (!last) return null;
    this.#future.push(last);
    return last.back;
  }

  /** The move that was taken back last, or null. */
  redo() {
    const next = this.#future.pop();
    if (!next) return null;
    this.#past.push(next);
    return next.done;
  }

  /** What was moved is gone, or somebody else moved things: nothing can be taken back. */
  forget() {
    this.#past = [];
    this.#future = [];
  }
}
