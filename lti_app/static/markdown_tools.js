// @ts-check
// What the buttons above a Markdown field do to its text. Pure: a text with a selection in, the
// part to replace, its new text and the new selection out, so that the browser's own undo works.

/**
 * @typedef {{ text: string, start: number, end: number }} Field  the selection is [start, end)
 * @typedef {{ from: number, to: number, insert: string, start: number, end: number }} Edit
 */

/** @type {Record<string, { mark: string, word: string }>} */
const AROUND = {
  bold: { mark: "**", word: "bold" },
  italic: { mark: "*", word: "italic" },
  code: { mark: "`", word: "code" },
};
/** @type {Record<string, { put: (number: number) => string, found: RegExp }>} */
const BEFORE = {
  heading: { put: () => "## ", found: /^#{1,6} / },
  quote: { put: () => "> ", found: /^> ?/ },
  list: { put: () => "- ", found: /^[-*] / },
  numbered: { put: (number) => `${number}. `, found: /^\d+\. / },
};

/**
 * @param {string} tool a name of the tables above, or "link"
 * @param {Field} field
 * @param {string} [word] what stands there where nothing is selected
 * @returns {Edit | null}
 */
export function useTool(tool, field, word = "") {
  if (tool in AROUND) return around(field, AROUND[tool].mark, word || AROUND[tool].word);
  if (tool in BEFORE) return before(field, BEFORE[tool]);
  return tool === "link" ? link(field, word || "text") : null;
}

/** @type {(field: Field, mark: string, word: string) => Edit} */
function around({ text, start, end }, mark, word) {
  const long = mark.length;
  const isInside = text.slice(start - long, start) === mark && text.slice(end, end + long) === mark;
  if (start >= long && isInside) {
    const insert = text.slice(start, end);
    return { from: start - long, to: end + long, insert, start: start - long, end: end - long };
  }
  const inner = text.slice(start, end) || word;
  return { from: start, to: end, insert: mark + inner + mark, start: start + long, end: start + long + inner.length };
}

/** Each line of the selection gets its mark, or loses it where all have it.
 * @type {(field: Field, kind: { put: (number: number) => string, found: RegExp }) => Edit} */
function before({ text, start, end }, { put, found }) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const all = lines.every((line) => found.test(line));
  const insert = lines.map((line, at) => (all ? line.replace(found, "") : put(at + 1) + line)).join("\n");
  const one = lines.length === 1;
  return { from, to, insert, start: one ? from + insert.length : from, end: from + insert.length };
}

/** @type {(field: Field, word: string) => Edit} */
function link({ text, start, end }, word) {
  const inner = text.slice(start, end) || word;
  if (/^https?:\/\/\S+$/.test(inner)) {
    return { from: start, to: end, insert: `[${word}](${inner})`, start: start + 1, end: start + 1 + word.length };
  }
  const at = start + inner.length + 3;
  return { from: start, to: end, insert: `[${inner}](https://)`, start: at, end: at + 8 };
}

/** Something on lines of its own, like a picture: with one empty line before and after.
 * @type {(field: Field, block: string) => Edit} */
export function placeBlock({ text, start, end }, block) {
  const head = text.slice(0, start).trimEnd();
  const tail = text.slice(end).trimStart();
  const insert = `${head ? "\n\n" : ""}${block}\n${tail ? "\n" : ""}`;
  const at = head.length + insert.length;
  return { from: head.length, to: text.length - tail.length, insert, start: at, end: at };
}

/** Enter in a list goes on with it; on an empty entry it ends it. Null: an ordinary Enter.
 * @type {(field: Field) => Edit | null} */
export function continueList({ text, start, end }) {
  if (start !== end) return null;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(from, start);
  const found = /^(\s*)(?:([-*]) |(\d+)\. )(.*)$/.exec(line);
  if (!found) return null;
  const [, indent, bullet, number, rest] = found;
  if (!rest.trim()) return { from, to: start, insert: "", start: from, end: from };
  const insert = `\n${indent}${bullet ? `${bullet} ` : `${Number(number) + 1}. `}`;
  return { from: start, to: start, insert, start: start + insert.length, end: start + insert.length };
}
