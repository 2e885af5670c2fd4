// @ts-check
/**
 * The data-model table in the browser: finding a name as content spells it.
 * The twin of `core/cmi/table.py`; `tests/cases/` holds both to one list.
 */

/**
 * @typedef {object} Rule
 * @property {string} type
 * @property {"ro" | "rw" | "wo"} access
 * @property {string} [default]
 * @property {string} [vocabulary]
 * @property {boolean} [appends]
 * @property {number} [min]
 * @property {number} [max]
 */

/**
 * @typedef {object} TypeRule
 * @property {"text" | "pattern" | "integer" | "decimal" | "vocabulary" | "feedback"} check
 * @property {string} says
 * @property {number} [spm]
 * @property {string} [limit]
 * @property {string} [strict]
 * @property {string} [lenient]
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [blank]
 * @property {string} [or]
 * @property {string} [vocabulary]
 */

/**
 * @typedef {object} Table
 * @property {string} root
 * @property {string} version
 * @property {Record<string, string>} errors
 * @property {Record<string, number>} limits
 * @property {Record<string, TypeRule>} types
 * @property {Record<string, string>} feedback
 * @property {Record<string, {words: string[], aliases?: Record<string, string>}>} vocabularies
 * @property {Record<string, string[] | null>} containers
 * @property {string[]} collections
 * @property {Record<string, Rule>} elements
 */

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {string} template the name with every index as "n"
 * @property {"element" | "container" | "keyword" | "bad_index" | "unknown"} kind
 * @property {[string, number][]} indices collection and index, from the outside in
 * @property {string} keyword
 */

const KEYWORDS = ["_children", "_count", "_version"];
const INDEX = /^(0|[1-9][0-9]{0,8})$/;
const INDEX_LIKE = /^(-?[0-9]+|NaN|undefined|null|-?Infinity|)$/;

/**
 * @param {Table} table
 * @param {string} key
 * @returns {"element" | "container" | "unknown"}
 */
function kindOf(table, key) {
  if (Object.hasOwn(table.elements, key)) return "element";
  return Object.hasOwn(table.containers, key) ? "container" : "unknown";
}

/**
 * Find `name` in the table; never throws.
 * @param {Table} table
 * @param {string} name
 * @returns {Place}
 */
export function resolve(table, name) {
  const parts = name.split(".");
  const keyword = KEYWORDS.includes(parts[parts.length - 1]) ? /** @type {string} */ (parts.pop()) : "";
  let template = "";
  let own = "";
  let bad = false;
  /** @type {[string, number][]} */
  const indices = [];
  parts.forEach((part, position) => {
    const dot = position ? "." : "";
    if (table.collections.includes(template)) {
      if (INDEX.test(part)) indices.push([own, Number(part)]);
      else if (INDEX_LIKE.test(part)) bad = true;
      else template = "?";
      template += `${dot}n`;
    } else {
      template += dot + part;
    }
    own += dot + part;
  });
  const kind = kindOf(table, template);
  /** @type {Place} */
  const place = { name: own, template, kind, indices, keyword: "" };
  if (kind === "unknown") return place;
  if (bad) return { ...place, kind: "bad_index" };
  return keyword ? { ...place, kind: "keyword", keyword } : place;
}
