// @ts-check
/** What a quiz's page tells: words as they are counted on the server, and time. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { countWords, readAnswer, writeTime } from "../../lti_app/static/quiz_fields.js";

describe("words", () => {
  for (const [text, count] of /** @type {[string, number][]} */ ([
    ["", 0],
    ["  \n ", 0],
    ["one", 1],
    ["one - two", 2],
    ["don't  stop\nnow", 3],
    ["vor 100 Jahren …", 3],
    ["كلمة أخرى", 2],
  ])) {
    test(`${JSON.stringify(text)} has ${count}`, () => assert.equal(countWords(text), count));
  }
});

describe("time", () => {
  for (const [seconds, text] of /** @type {[number, string][]} */ ([
    [-3, "0:00"],
    [0, "0:00"],
    [0.2, "0:01"],
    [59.5, "1:00"],
    [61, "1:01"],
    [3600, "1:00:00"],
    [7384, "2:03:04"],
  ])) {
    test(`${seconds} s is ${text}`, () => assert.equal(writeTime(seconds), text));
  }
});

/**
 * A question's element, as far as it is asked.
 * @param {string} kind
 * @param {Record<string, any>} found by selector
 */
const question = (kind, found) =>
  /** @type {any} */ ({
    dataset: { kind },
    querySelector: (/** @type {string} */ selector) => found[selector] ?? null,
    querySelectorAll: (/** @type {string} */ selector) => found[selector] ?? [],
  });

describe("an answer", () => {
  for (const [name, element, answer] of /** @type {[string, any, any][]} */ ([
    ["one choice", question("choice_one", { "input:checked": [{ value: "p1" }] }), "p1"],
    ["no choice", question("choice_one", {}), null],
    ["several choices", question("choice_many", { "input:checked": [{ value: "p1" }, { value: "p2" }] }), ["p1", "p2"]],
    ["none of several", question("choice_many", {}), null],
    ["a text of its own", question("essay", { "[data-whole]": { value: " a text " } }), " a text "],
    ["white space", question("essay", { "[data-whole]": { value: " \n" } }), null],
    ["some blanks", question("fill_in", { "[data-part]": [{ dataset: { part: "p1" }, value: "Paris" }, { dataset: { part: "p2" }, value: " " }] }), { p1: "Paris" }],
    ["no blank", question("fill_in", { "[data-part]": [{ dataset: { part: "p1" }, value: "" }] }), null],
    ["an order that nobody chose", question("ordering", { "[data-order]": { dataset: {}, children: [{ dataset: { piece: "p1" } }] } }), null],
    ["an order", question("ordering", { "[data-order]": { dataset: { answered: "" }, children: [{ dataset: { piece: "p2" } }, { dataset: { piece: "p1" } }] } }), ["p2", "p1"]],
  ])) {
    test(`of ${name}`, () => assert.deepEqual(readAnswer(element), answer));
  }
});
