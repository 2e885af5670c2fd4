// @ts-check
/**
 * The data-model tables in the browser: finding a name as content spells it.
 * The twin of `core/cmi/table.py`; `tests/cases/` holds both to one list.
 */

/**
 * @typedef {object} Judged
 * @property {string} threshold
 * @property {string} measure
 * @property {string} met
 * @property {string} missed
 * @property {string} unmeasured
 */

/**
 * An element with what its type says of it.
 * @typedef {object} Rule
 * @property {string} type
 * @property {"ro" | "rw" | "wo"} access
 * @property {"text" | "pattern" | "integer" | "decimal" | "vocabulary" | "feedback" | "localized" | "language" | "identifier" | "response"} check
 * @property {string} says
 * @property {string} [default]
 * @property {string} [vocabulary]
 * @property {boolean} [appends]
 * @property {number} [min]
 * @property {number} [max]
 * @property {boolean} [bounded]
 * @property {number} [spm]
 * @property {string} [limit]
 * @property {string} [strict]
 * @property {string} [lenient]
 * @property {boolean} [blank]
 * @property {string} [or]
 * @property {"responses" | "patterns"} [grammar]
 * @property {string[]} [needs]
 * @property {boolean} [unique]
 * @property {boolean} [once]
 * @property {boolean} [shared]
 * @property {boolean} [blank_is_unset]
 * @property {string} [navigation]
 * @property {Judged} [judged]
 * @property {{below: number} & Partial<Rule>} [earlier] what differs in editions before that
 */

/**
 * @typedef {object} Grammar
 * @property {string} item
 * @property {string} [separate]
 * @property {number} [most]
 * @property {number} [spm]
 * @property {boolean} [blank]
 * @property {boolean} [distinct]
 * @property {string[]} [delimiters]
 * @property {number} [array]
 * @property {boolean} [only]
 * @property {boolean} [unique]
 */

/** @typedef {"initialize" | "finish" | "get" | "set" | "commit" | "error" | "text" | "diagnostic"} Operation */

/**
 * The file as it is.
 * @typedef {object} TableFile
 * @property {string} standard
 * @property {string} root
 * @property {string} version
 * @property {Record<Operation, string>} functions
 * @property {boolean} relaunch
 * @property {Record<string, Record<string, string>>} states
 * @property {Record<string, string>} failures
 * @property {{get: Record<string, string>, set: Record<string, string>}} codes
 * @property {Record<string, string>} errors
 * @property {string} index_like
 * @property {Record<string, number>} limits
 * @property {Record<string, object>} types
 * @property {Record<string, string>} [feedback]
 * @property {Record<string, Grammar>} [responses]
 * @property {Record<string, Grammar>} [patterns]
 * @property {Record<string, {words: string[], aliases?: Record<string, string>}>} vocabularies
 * @property {string} [languages]
 * @property {Record<string, string[] | null>} containers
 * @property {string[]} collections
 * @property {string[]} [fixed]
 * @property {string[]} [targets]
 * @property {Record<string, number>} [since]
 * @property {Record<string, string>} [primary]
 * @property {Record<string, {type: string, access: string}>} elements
 */

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {string} template the name with every index as "n"
 * @property {"element" | "container" | "keyword" | "bad_index" | "unknown"} kind
 * @property {[string, number][]} indices collection and index, from the outside in
 * @property {string} keyword
 * @property {string} target the activity that "….{target=…}" names
 */

const KEYWORDS = ["_children", "_count", "_version"];
const INDEX = /^(0|[1-9][0-9]{0,8})$/;
const TARGETED = /^([a-z_.]+)\.\{target=([^{}]*)\}$/;

export class Table {
  /** @param {TableFile} file */
  constructor(file) {
    this.file = file;
    this.errors = file.errors;
    this.codes = file.codes;
    this.indexLike = new RegExp(`^(?:${file.index_like})$`);
    this.collections = new Set(file.collections);
    this.fixed = new Set(file.fixed);
    this.targets = new Set(file.targets);
    this.languages = new Set((file.languages ?? "").split(" "));
    this.primary = new Map(Object.entries(file.primary ?? {}));
    this.since = Object.entries(file.since ?? {});
    /** @type {Map<string, Rule>} */
    this.rules = new Map();
    for (const [name, element] of Object.entries(file.elements)) {
      this.rules.set(name, /** @type {Rule} */ ({ ...file.types[element.type], ...element }));
    }
  }

  /**
   * The rule of an element that is known to be in the table.
   * @param {Place} place
   */
  ruleOf(place) {
    return /** @type {Rule} */ (this.rules.get(place.template));
  }

  /**
   * The rule as an edition of SCORM 2004 has it.
   * @param {Rule} rule
   * @param {number} edition
   * @returns {Rule}
   */
  ruleAsOf(rule, edition) {
    return rule.earlier && edition < rule.earlier.below ? { ...rule, ...rule.earlier } : rule;
  }

  /**
   * What there is to say about an element that has come with a later edition than the package's.
   * @param {Place} place
   * @param {number} edition
   */
  noteEdition({ name, template }, edition) {
    const found = this.since.find(([part]) => template === part || template.startsWith(`${part}.`));
    if (!found || edition >= found[1]) return "";
    return `${name} came with edition ${found[1]}, the package is of edition ${edition}`;
  }

  /**
   * Find `name` in the table; never throws.
   * @param {string} name
   * @returns {Place}
   */
  resolve(name) {
    const targeted = TARGETED.exec(name);
    if (targeted && this.targets.has(targeted[1])) {
      return { name, template: `${targeted[1]}.{target}`, kind: "element", indices: [], keyword: "", target: targeted[2] };
    }
    const parts = name.split(".");
    const keyword = KEYWORDS.includes(parts[parts.length - 1]) ? /** @type {string} */ (parts.pop()) : "";
    let template = "";
    let own = "";
    let bad = false;
    /** @type {[string, number][]} */
    const indices = [];
    parts.forEach((part, position) => {
      const dot = position ? "." : "";
      if (this.collections.has(template)) {
        if (INDEX.test(part)) indices.push([own, Number(part)]);
        else if (this.indexLike.test(part)) bad = true;
        else template = "?";
        template += `${dot}n`;
      } else {
        template += dot + part;
      }
      own += dot + part;
    });
    const kind = this.kindOf(template);
    /** @type {Place} */
    const place = { name: own, template, kind, indices, keyword, target: "" };
    if (kind === "unknown") return place;
    if (bad) return { ...place, kind: "bad_index" };
    return keyword ? { ...place, kind: "keyword" } : place;
  }

  /**
   * @param {string} template
   * @returns {"element" | "container" | "unknown"}
   */
  kindOf(template) {
    if (this.rules.has(template)) return "element";
    return Object.hasOwn(this.file.containers, template) ? "container" : "unknown";
  }
}

/**
 * Collection and index of a name that is known to be in the table.
 * @param {string} name
 * @returns {[string, number][]}
 */
export function findIndices(name) {
  return [...name.matchAll(/\.([0-9]+)(?=\.)/g)].map((found) => [name.slice(0, found.index), Number(found[1])]);
}

/** @type {WeakMap<TableFile, Table>} */
const opened = new WeakMap();

/**
 * A table out of its file, once per file.
 * @param {TableFile} file
 */
export function openTable(file) {
  let table = opened.get(file);
  if (!table) {
    table = new Table(file);
    opened.set(file, table);
  }
  return table;
}
