// @ts-check
/**
 * Does a value fit its data type? The twin of `core/cmi/checks.py`.
 */

/** @import { Rule, Table, TypeRule } from "./table.js" */

/**
 * @typedef {object} Verdict
 * @property {boolean} ok
 * @property {string} value what is stored: the value, or its canonical spelling
 * @property {string} warning why strict would refuse; "" when it would not
 */

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;
const LOOSE_DECIMAL = /^\s*[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?\s*%?\s*$/;

/** @type {Map<string, RegExp>} */
const compiled = new Map();

/**
 * @param {string} pattern
 * @param {string} text
 */
function matches(pattern, text) {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(pattern, "u");
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/**
 * Whether `text` has more than `limit` characters (code points, as Python counts).
 * @param {string} text
 * @param {number} limit
 */
function isLonger(text, limit) {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count > limit;
}

/**
 * The number in `text` as leniently as it is stored; null when there is none.
 * @param {string} text
 * @returns {number | null}
 */
export function parseDecimal(text) {
  if (!LOOSE_DECIMAL.test(text)) return null;
  const number = Number(text.trim().replace(/\s*%$/, "").replace(",", "."));
  return Number.isFinite(number) ? number : null;
}

/**
 * Check `value` for one element of the table.
 * @param {Table} table
 * @param {Rule} element
 * @param {string} value
 * @param {{strict: boolean, siblingType: string}} options siblingType: the interaction's type
 * @returns {Verdict}
 */
export function checkValue(table, element, value, { strict, siblingType }) {
  const rule = { ...table.types[element.type], ...element };
  const verdict = check(table, rule, value, siblingType);
  return verdict.ok && verdict.warning && strict ? { ...verdict, ok: false } : verdict;
}

/**
 * @param {Table} table
 * @param {TypeRule & Rule} rule
 * @param {string} value
 * @param {string} siblingType
 * @returns {Verdict}
 */
function check(table, rule, value, siblingType) {
  const limit = table.limits[rule.limit ?? "text"];
  if (isLonger(value, limit)) return { ok: false, value, warning: `longer than ${limit} characters` };
  switch (rule.check) {
    case "text":
      return checkText(rule, value);
    case "pattern":
      return checkPattern(rule, value);
    case "vocabulary":
      return checkVocabulary(table, rule, value);
    case "feedback":
      return checkFeedback(table, value, siblingType);
    default:
      return checkNumber(rule, value);
  }
}

/**
 * @param {TypeRule} rule
 * @param {string} value
 * @returns {Verdict}
 */
function checkText(rule, value) {
  const spm = rule.spm ?? 0;
  const warning = isLonger(value, spm) ? `longer than the standard's ${spm} characters` : "";
  return { ok: true, value, warning };
}

/**
 * @param {TypeRule} rule
 * @param {string} value
 * @returns {Verdict}
 */
function checkPattern(rule, value) {
  if (matches(rule.strict ?? "", value)) return { ok: true, value, warning: "" };
  const ok = !rule.lenient || matches(rule.lenient, value);
  return { ok, value, warning: `not ${rule.says}` };
}

/**
 * @param {Table} table
 * @param {TypeRule} rule
 * @param {string} value
 * @returns {Verdict}
 */
function checkVocabulary(table, rule, value) {
  const { words, aliases = {} } = table.vocabularies[rule.vocabulary ?? ""];
  if (words.includes(value)) return { ok: true, value, warning: "" };
  const orNumber = rule.or === "CMIDecimal";
  if (orNumber && DECIMAL.test(value)) return { ok: true, value, warning: "" };
  const warning = `not ${rule.says}`;
  const loose = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "").toLowerCase();
  const known = Object.hasOwn(aliases, loose);
  const word = known ? aliases[loose] : loose;
  if (known || (word && words.includes(word))) return { ok: true, value: word, warning };
  return { ok: orNumber && LOOSE_DECIMAL.test(value), value, warning };
}

/**
 * @param {Table} table
 * @param {string} value
 * @param {string} siblingType
 * @returns {Verdict}
 */
function checkFeedback(table, value, siblingType) {
  const pattern = table.feedback[siblingType] ?? "^[\\s\\S]{0,255}$";
  const warning = matches(pattern, value) ? "" : `not in the format of ${siblingType || "any"} interaction`;
  return { ok: true, value, warning };
}

/**
 * @param {TypeRule & Rule} rule
 * @param {string} value
 * @returns {Verdict}
 */
function checkNumber(rule, value) {
  if (value === "" && rule.blank) return { ok: true, value, warning: "" };
  const number = parseDecimal(value);
  if (number === null) return { ok: false, value, warning: `not ${rule.says}` };
  if (!DECIMAL.test(value) || (rule.check === "integer" && value.includes("."))) {
    return { ok: true, value, warning: `not ${rule.says}` };
  }
  const { min = -Infinity, max = Infinity } = rule;
  const inside = number >= min && number <= max;
  return { ok: true, value, warning: inside ? "" : `outside ${min} to ${max}` };
}
