// @ts-check
/** Buttons above a Markdown field: text and selection in, text and selection out. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { continueList, placeBlock, useTool } from "../../lti_app/static/markdown_tools.js";

/** "a[b]c": the selection stands in brackets; "a|b": the cursor.
 * @param {string} drawn */
function read(drawn) {
  const start = drawn.search(/[[|]/);
  const text = drawn.replace(/[[\]|]/g, "");
  return { text, start, end: drawn.includes("|") ? start : drawn.indexOf("]") - 1 };
}

/** @param {{ text: string }} field @param {any} edit */
function draw({ text }, edit) {
  if (!edit) return null;
  const after = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
  const { start, end } = edit;
  if (start === end) return `${after.slice(0, start)}|${after.slice(start)}`;
  return `${after.slice(0, start)}[${after.slice(start, end)}]${after.slice(end)}`;
}

/** @type {[string, string, string][]} */
const CASES = [
  ["bold", "a [b] c", "a **[b]** c"],
  ["bold", "a **[b]** c", "a [b] c"],
  ["italic", "|", "*[italic]*"],
  ["heading", "one\ntw|o", "one\n## two|"],
  ["heading", "## tw|o", "two|"],
  ["list", "[a\nb]", "[- a\n- b]"],
  ["list", "[- a\n- b]", "[a\nb]"],
  ["numbered", "[a\nb]", "[1. a\n2. b]"],
  ["quote", "a|", "> a|"],
];

describe("tools", () => {
  for (const [tool, before, expected] of CASES) {
    test(`${tool}: ${JSON.stringify(before)}`, () => {
      const field = read(before);
      assert.equal(draw(field, useTool(tool, field)), expected);
    });
  }

  test("a link to the word that is chosen, with its address to be typed", () => {
    const field = { text: "see here", start: 4, end: 8 };
    const edit = /** @type {any} */ (useTool("link", field));
    assert.equal(edit.insert, "[here](https://)");
    assert.equal("see ".length + edit.insert.length - 1, edit.end);
  });

  test("a link of an address that is chosen, with its word to be typed", () => {
    const field = { text: "https://a.test", start: 0, end: 14 };
    assert.equal(useTool("link", field, "words")?.insert, "[words](https://a.test)");
  });

  test("an unknown tool does nothing", () => assert.equal(useTool("fly", read("a|")), null));
});

describe("a picture", () => {
  test("stands on a line of its own", () => {
    const field = read("a| b");
    assert.equal(draw(field, placeBlock(field, "X")), "a\n\nX\n\n|b");
  });
  test("needs no empty line at the beginning", () => {
    const field = read("|");
    assert.equal(draw(field, placeBlock(field, "X")), "X\n|");
  });
});

describe("Enter", () => {
  test("goes on with a list", () => {
    const field = read("- a|");
    assert.equal(draw(field, continueList(field)), "- a\n- |");
  });
  test("counts on", () => {
    const field = read("  9. a|");
    assert.equal(draw(field, continueList(field)), "  9. a\n  10. |");
  });
  test("on an empty entry ends the list", () => {
    const field = read("- a\n- |");
    assert.equal(draw(field, continueList(field)), "- a\n|");
  });
  test("elsewhere is an ordinary Enter", () => assert.equal(continueList(read("a|")), null));
});
