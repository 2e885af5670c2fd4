// @ts-check
/**
 * Does a value fit its data type? The twin of `core/cmi/checks.py`.
 */

/** @import { Verdict } from "./scalars.js" */
/** @import { Rule, Table } from "./table.js" */
import { checkResponse } from "./responses.js";
import { accept, checkNumber, checkPattern, checkText, checkVocabulary, matches } from "./scalars.js";
import { checkLanguage, checkLocalized, checkLongIdentifier } from "./texts.js";

/**
 * Check `value` by a rule of the table.
 * @param {Table} table
 * @param {Rule} rule
 * @param {string} value
 * @param {{strict: boolean, siblingType: string}} options siblingType: the interaction's type
 * @returns {Verdict}
 */
export function checkValue(table, rule, value, { strict, siblingType }) {
  const verdict = check(table, rule, value, siblingType);
  return verdict.warning && strict ? { ...verdict, ok: false } : verdict;
}

/**
 * @param {Table} table
 * @param {Rule} rule
 * @param {string} value
 * @param {string} siblingType
 * @returns {Verdict}
 */
function check(table, rule, value, siblingType) {
  switch (rule.check) {
    case "text":
      return checkText(value, rule.spm);
    case "pattern":
      return checkPattern(rule, value);
    case "vocabulary":
      return checkVocabulary(table, rule, value);
    case "localized":
      return checkLocalized(table, value, rule.spm);
    case "language":
      return checkLanguage(table, value, rule.spm);
    case "identifier":
      return checkLongIdentifier(value, rule.spm);
    case "response":
      return checkResponseOf(table, rule, value, siblingType);
    case "feedback":
      return checkFeedback(table, value, siblingType);
    default:
      return checkNumber(rule, value);
  }
}

/**
 * @param {Table} table
 * @param {Rule} rule
 * @param {string} value
 * @param {string} siblingType
 * @returns {Verdict}
 */
function checkResponseOf(table, rule, value, siblingType) {
  const grammars = table.file[rule.grammar ?? "responses"] ?? {};
  const verdict = checkResponse(table, grammars[siblingType], value);
  return { ...verdict, warning: verdict.warning && `${siblingType}: ${verdict.warning}` };
}

/**
 * @param {Table} table
 * @param {string} value
 * @param {string} siblingType
 * @returns {Verdict}
 */
function checkFeedback(table, value, siblingType) {
  const pattern = table.file.feedback?.[siblingType] ?? "^[\\s\\S]{0,255}$";
  return accept(value, matches(pattern, value) ? "" : `not in the format of ${siblingType || "any"} interaction`);
}
