// @ts-check
/**
 * Values of one part: texts, patterns, words of a vocabulary, numbers; and the verdict on them.
 * The twin of `core/cmi/scalars.py`.
 */

/** @import { Rule, Table } from "./table.js" */

/**
 * @typedef {object} Verdict
 * @property {boolean} ok
 * @property {string} value what is stored: the value, or its canonical spelling
 * @property {string} warning why strict would refuse; "" when it would not
 * @property {"type" | "range"} fault what is wrong with it, for the error code
 */

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const LOOSE_DECIMAL = /^[ \t\r\n]*[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?[ \t\r\n]*%?[ \t\r\n]*$/;

/** @type {Map<string, RegExp>} */
const compiled = new Map();

/**
 * Whether the whole of `value` fits a pattern of the table.
 * @param {string} pattern
 * @param {string} value
 */
export function matches(pattern, value) {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(pattern, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(value);
}

/**
 * Whether `text` has more than `limit` characters (code points, as Python counts).
 * @param {string} text
 * @param {number} limit
 */
export function isLonger(text, limit) {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count > limit;
}

/**
 * @param {string} value
 * @param {string} [warning]
 * @returns {Verdict}
 */
export function accept(value, warning = "") {
  return { ok: true, value, warning, fault: "type" };
}

/**
 * Not taken, neither strictly nor leniently.
 * @param {string} value
 * @param {string} warning
 * @returns {Verdict}
 */
export function refuse(value, warning) {
  return { ok: false, value, warning, fault: "type" };
}

/**
 * The verdict on a value of several parts: the first refusal, else the first remark.
 * @param {string} value
 * @param {Verdict[]} verdicts
 * @returns {Verdict}
 */
export function join(value, verdicts) {
  const worst = verdicts.find((one) => !one.ok) ?? verdicts.find((one) => one.warning) ?? accept(value);
  return { ...worst, value };
}

/**
 * The number in `text` as leniently as it is stored; null when there is none.
 * @param {string} text
 * @returns {number | null}
 */
export function parseDecimal(text) {
  if (!LOOSE_DECIMAL.test(text)) return null;
  const number = Number(text.replace(/[ \t\r\n%]/g, "").replace(",", "."));
  return Number.isFinite(number) ? number : null;
}

/**
 * A text; `spm` is the smallest permitted maximum of its length.
 * @param {string} value
 * @param {number | undefined} spm
 * @returns {Verdict}
 */
export function checkText(value, spm) {
  if (spm === undefined || !isLonger(value, spm)) return accept(value);
  return accept(value, `longer than the standard's ${spm} characters`);
}

/**
 * `strict` as the standard has it; "" or a pattern as `lenient`, or none: no leniency.
 * @param {Rule} rule
 * @param {string} value
 * @returns {Verdict}
 */
export function checkPattern(rule, value) {
  if (matches(rule.strict ?? "", value)) return accept(value);
  const { lenient } = rule;
  const ok = lenient !== undefined && (!lenient || matches(lenient, value));
  return { ok, value, warning: `not ${rule.says}`, fault: "type" };
}

/**
 * A word, leniently in any case and by its aliases; `or` allows a number as well.
 * @param {Table} table
 * @param {{vocabulary?: string, says: string, or?: string}} rule
 * @param {string} value
 * @returns {Verdict}
 */
export function checkVocabulary(table, rule, value) {
  const { words, aliases = {} } = table.file.vocabularies[rule.vocabulary ?? ""];
  if (words.includes(value)) return accept(value);
  if (rule.or && DECIMAL.test(value)) return accept(value);
  const warning = `not ${rule.says}`;
  const loose = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").toLowerCase();
  if (Object.hasOwn(aliases, loose)) return accept(aliases[loose], warning);
  const found = words.find((word) => word && word.toLowerCase() === loose);
  if (found !== undefined) return accept(found, warning);
  const ok = Boolean(rule.or) && parseDecimal(value) !== null;
  return { ok, value, warning, fault: "type" };
}

/**
 * A number; `bounded` refuses what lies outside of min and max, else that is a remark.
 * @param {Pick<Rule, "check" | "says" | "min" | "max" | "blank" | "bounded">} rule
 * @param {string} value
 * @returns {Verdict}
 */
export function checkNumber(rule, value) {
  if (value === "" && rule.blank) return accept(value);
  const number = parseDecimal(value);
  if (number === null) return refuse(value, `not ${rule.says}`);
  const { min = -Infinity, max = Infinity } = rule;
  if (number < min || number > max) {
    return { ok: !rule.bounded, value, warning: number < min ? `below ${min}` : `above ${max}`, fault: "range" };
  }
  const exact = DECIMAL.test(value) && !(rule.check === "integer" && value.includes("."));
  return accept(value, exact ? "" : `not ${rule.says}`);
}
