// @ts-check
/** The order of a course: moves by pointer and by keyboard come to the same, and can be taken back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { History, applyMove, inverse, isSame, stepModule, stepUnit } from "../../lti_app/static/course_outline.js";

const outline = [
  { id: "A", units: ["a1", "a2"] },
  { id: "B", units: [] },
  { id: "C", units: ["c1"] },
];

/** @param {import("../../lti_app/static/course_outline.js").Outline} of */
const shape = (of) => of.map((module) => `${module.id}:${module.units.join(",")}`).join(" ");
/** @param {any} move */
const after = (move) => shape(applyMove(outline, move));

describe("a move", () => {
  test("within a module counts without the unit that moves", () => {
    assert.equal(after({ op: "move_unit", unit: "a1", module: "A", index: 1 }), "A:a2,a1 B: C:c1");
  });

  test("goes into another module, an empty one too", () => {
    assert.equal(after({ op: "move_unit", unit: "a2", module: "B", index: 0 }), "A:a1 B:a2 C:c1");
  });

  test("beyond the end comes to the end", () => {
    assert.equal(after({ op: "move_unit", unit: "a1", module: "C", index: 99 }), "A:a2 B: C:c1,a1");
    assert.equal(after({ op: "move_module", module: "A", index: -3 }), shape(outline));
  });

  test("of what is not there changes nothing", () => {
    assert.equal(after({ op: "move_unit", unit: "x", module: "A", index: 0 }), shape(outline));
    assert.equal(after({ op: "move_unit", unit: "a1", module: "X", index: 0 }), shape(outline));
  });

  test("of a module takes its units along", () => {
    assert.equal(after({ op: "move_module", module: "A", index: 2 }), "B: C:c1 A:a1,a2");
  });

  test("does not touch the outline it was given", () => {
    applyMove(outline, { op: "move_unit", unit: "a1", module: "C", index: 0 });
    assert.equal(shape(outline), "A:a1,a2 B: C:c1");
  });
});

describe("the keyboard", () => {
  /** @type {[string, any, string][]} */
  const steps = [
    ["a2", "up", "A:a2,a1 B: C:c1"],
    ["a1", "down", "A:a2,a1 B: C:c1"],
    ["a2", "down", "A:a1 B:a2 C:c1"],
    ["c1", "up", "A:a1,a2 B:c1 C:"],
    ["a1", "module-down", "A:a2 B:a1 C:c1"],
    ["c1", "module-up", "A:a1,a2 B:c1 C:"],
  ];
  for (const [unit, step, expected] of steps) {
    test(`${unit} ${step}`, () => assert.equal(after(stepUnit(outline, unit, step)), expected));
  }

  test("stops at both ends", () => {
    assert.equal(stepUnit(outline, "a1", "up"), null);
    assert.equal(stepUnit(outline, "c1", "down"), null);
    assert.equal(stepModule(outline, "A", "up"), null);
    assert.equal(stepModule(outline, "C", "down"), null);
  });

  test("walks a unit through the whole course and back", () => {
    let now = outline;
    let steps = 0;
    for (let move = stepUnit(now, "a1", "down"); move; move = stepUnit(now, "a1", "down")) {
      now = applyMove(now, move);
      steps += 1;
    }
    assert.equal(shape(now), "A:a2 B: C:c1,a1");
    for (let left = steps; left; left -= 1) now = applyMove(now, /** @type {any} */ (stepUnit(now, "a1", "up")));
    assert.ok(isSame(now, outline));
  });
});

describe("taking back", () => {
  test("every move has an inverse", () => {
    for (const unit of ["a1", "a2", "c1"]) {
      for (const module of ["A", "B", "C"]) {
        for (const index of [0, 1, 2]) {
          const move = /** @type {any} */ ({ op: "move_unit", unit, module, index });
          const back = /** @type {any} */ (inverse(outline, move));
          assert.ok(isSame(applyMove(applyMove(outline, move), back), outline), JSON.stringify(move));
        }
      }
    }
  });

  test("goes back and forth; a new move ends the way forth", () => {
    const history = new History();
    const move = /** @type {any} */ ({ op: "move_module", module: "A", index: 1 });
    history.note(outline, move);
    assert.deepEqual(history.undo(), { op: "move_module", module: "A", index: 0 });
    assert.equal(history.canUndo, false);
    assert.deepEqual(history.redo(), move);
    history.undo();
    history.note(outline, move);
    assert.equal(history.redo(), null);
  });

  test("keeps the last ones only", () => {
    const history = new History(2);
    for (const index of [0, 1, 2]) history.note(outline, { op: "move_module", module: "A", index });
    assert.ok(history.undo() && history.undo());
    assert.equal(history.undo(), null);
  });
});
