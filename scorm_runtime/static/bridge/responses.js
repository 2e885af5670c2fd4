// @ts-check
/**
 * Responses and correct responses of SCORM 2004's ten types of interaction (RTE 4.2.9).
 * The twin of `core/cmi/responses.py`.
 */

/** @import { Verdict } from "./scalars.js" */
/** @import { Grammar, Table } from "./table.js" */
import { accept, checkNumber, checkText, checkVocabulary, join, parseDecimal, refuse } from "./scalars.js";
import { checkLocalized, checkShortIdentifier, isLanguage } from "./texts.js";

const DELIMITER = /\{(case_matters|order_matters|lang)=([^}]*)\}/y;
const WORD = { vocabulary: "word", says: "true or false" };
const NUMBER = /** @type {const} */ ({ check: "decimal", says: "a number" });

/**
 * Check a response by the grammar of its interaction's type.
 * @param {Table} table
 * @param {Grammar} grammar
 * @param {string} value
 * @returns {Verdict}
 */
export function checkResponse(table, grammar, value) {
  const [at, wrong] = takeDelimiters(table, grammar.delimiters ?? [], value);
  if (wrong) return refuse(value, wrong);
  const rest = value.slice(at);
  if (rest === "") return grammar.blank ? accept(value) : refuse(value, "empty");
  const items = grammar.separate ? rest.split(grammar.separate) : [rest];
  if (grammar.distinct && new Set(items).size < items.length) {
    return refuse(value, "an identifier stands twice in a set");
  }
  const verdicts = items.map((item) => checkItem(table, grammar, item));
  if (grammar.most !== undefined && items.length > grammar.most) {
    verdicts.push(accept(value, `more than the standard's ${grammar.most} items`));
  }
  return join(grammar.separate ? value : value.slice(0, at) + verdicts[0].value, verdicts);
}

/**
 * Where the delimiters at the beginning end, and what is wrong with them.
 * @param {Table} table
 * @param {string[]} names
 * @param {string} value
 * @returns {[number, string]}
 */
function takeDelimiters(table, names, value) {
  let at = 0;
  for (;;) {
    DELIMITER.lastIndex = at;
    const found = DELIMITER.exec(value);
    if (!found || !names.includes(found[1])) return [at, ""];
    const right = found[1] === "lang" ? isLanguage(table, found[2]) : found[2] === "true" || found[2] === "false";
    if (!right) return [0, `${found[0]} is no delimiter`];
    at += found[0].length;
  }
}

/**
 * @param {Table} table
 * @param {Grammar} grammar
 * @param {string} item
 * @returns {Verdict}
 */
function checkItem(table, grammar, item) {
  switch (grammar.item) {
    case "word":
      return checkVocabulary(table, WORD, item);
    case "short_identifier":
      return checkShortIdentifier(item);
    case "localized":
      return checkLocalized(table, item, grammar.spm);
    case "pair":
      return checkPair(item);
    case "step":
      return checkStep(item);
    case "number":
      return checkNumber(NUMBER, item);
    case "range":
      return checkRange(item);
    default:
      return checkText(item, grammar.spm);
  }
}

/** @param {string} item */
function checkPair(item) {
  const sides = item.split("[.]");
  if (sides.length !== 2) return refuse(item, "not a pair <source>[.]<target>");
  return join(item, sides.map(checkShortIdentifier));
}

/** @param {string} item */
function checkStep(item) {
  const sides = item.split("[.]");
  if (sides.length !== 2 || !(sides[0] || sides[1])) return refuse(item, "not a step <name>[.]<answer>");
  const [name, response] = sides;
  const named = name ? checkShortIdentifier(name) : accept(name);
  const answered = response.includes("[:]") ? checkRange(response) : checkText(response, 250);
  return join(item, [named, answered]);
}

/**
 * <min>[:]<max>, each of them a number or absent; leniently a single number.
 * @param {string} item
 * @returns {Verdict}
 */
function checkRange(item) {
  const sides = item.split("[:]");
  if (sides.length === 1) {
    const single = checkNumber(NUMBER, item);
    return { ...single, warning: single.warning || "not a range <min>[:]<max>" };
  }
  if (sides.length !== 2) return refuse(item, "not a range <min>[:]<max>");
  const [low, high] = sides.map(parseDecimal);
  if (low !== null && high !== null && low > high) return refuse(item, "the minimum is above the maximum");
  return join(item, sides.filter(Boolean).map((side) => checkNumber(NUMBER, side)));
}
