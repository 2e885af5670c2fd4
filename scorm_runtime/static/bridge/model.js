// @ts-check
/**
 * The run-time data of one SCO: reading and writing elements by the table, synchronously.
 * The twin of `core/cmi/model.py`.
 */

/** @import { Verdict } from "./scalars.js" */
/** @import { Grammar, Judged, Place, Rule, TableFile } from "./table.js" */
import { checkValue } from "./checks.js";
import { Holders } from "./holders.js";
import { answerValidity, NavMirror } from "./nav.js";
import { isLonger, parseDecimal, refuse } from "./scalars.js";
import { findIndices, openTable, Table } from "./table.js";
import { formatTimespan, parseTimespan } from "./timespan.js";

/**
 * @typedef {object} Answer
 * @property {string} code error code, "0" for none
 * @property {string} value the value read, or the value stored
 * @property {string} remark why it was refused, or why strict would have refused it
 */

/**
 * @typedef {object} Options
 * @property {Record<string, number>} [limits] instead of those of the table
 * @property {NavMirror} [nav] what adl.nav.request_valid is answered from
 */

const PRIMARY = "cmi.objectives._primary";

/**
 * @param {string} [code]
 * @param {string} [remark]
 * @param {string} [value]
 * @returns {Answer}
 */
export function answer(code = "0", remark = "", value = "") {
  return { code, value, remark };
}

export class DataModel {
  /**
   * @param {Table | TableFile} table
   * @param {Record<string, string>} launch what the system provides
   * @param {Record<string, string>} values what the content stored earlier
   * @param {boolean} strict
   * @param {Options} [options]
   */
  constructor(table, launch, values, strict = false, { limits = {}, nav = new NavMirror(null) } = {}) {
    this.table = table instanceof Table ? table : openTable(table);
    this.launch = new Map(Object.entries(launch));
    this.values = new Map(Object.entries(values));
    this.strict = strict;
    this.edition = Number(launch["adl._edition"] ?? 4);
    this.limits = { ...this.table.file.limits, ...limits };
    this.nav = nav;
    /** @type {Map<string, number>} */
    this.counts = new Map();
    this.holders = new Holders(this);
    for (const name of this.launch.keys()) this.countIn(findIndices(name));
    for (const name of this.values.keys()) this.countIn(findIndices(name));
  }

  /** @param {string} collection */
  count(collection) {
    return this.counts.get(collection) ?? 0;
  }

  /**
   * @param {string} name
   * @returns {Answer}
   */
  get(name) {
    const place = this.table.resolve(name);
    const refused = this.refusePlace(place, "get");
    if (refused) return refused;
    if (place.keyword) return this.getKeyword(place);
    const rule = this.table.ruleOf(place);
    if (rule.access === "wo" || this.isDenied(place, rule, "_read")) {
      return this.refuse("get", "hidden", `${name} is write only`);
    }
    if (rule.navigation) return answer("0", "", answerValidity(this.nav.read(), rule.navigation, place.target));
    const own = this.redirect(place);
    const value = this.find(own, this.table.rules.get(own) ?? rule);
    if (value === undefined || (value === "" && rule.blank_is_unset)) {
      const { unset } = this.table.codes.get;
      return answer(unset, unset === "0" ? "" : `${name} has no value yet`);
    }
    return answer("0", "", value);
  }

  /**
   * The value of an element, "" where it has none; access does not matter.
   * @param {string} name
   */
  read(name) {
    const rule = this.table.rules.get(name);
    return (rule ? this.find(name, rule) : (this.values.get(name) ?? this.launch.get(name))) ?? "";
  }

  /**
   * @param {string} name
   * @param {string} value
   * @returns {Answer}
   */
  set(name, value) {
    const place = this.table.resolve(name);
    const refused = this.refusePlace(place, "set") ?? this.refuseWrite(place);
    if (refused) return refused;
    const rule = this.table.ruleOf(place);
    const own = this.redirect(place);
    const whole = rule.appends ? (this.values.get(own) ?? "") + value : value;
    const verdict = this.check(place, rule, whole);
    if (!verdict.ok) {
      const codes = this.table.codes.set;
      return answer(codes[verdict.fault] ?? codes.type, `${name}: ${verdict.warning}`);
    }
    const [conflict, warning] = this.findConflict(place, rule, verdict.value);
    if (conflict) return this.refuse("set", "conflict", `${name}: ${conflict}`);
    this.store(place, own, rule, verdict.value);
    this.nav.changed();
    return answer("0", verdict.warning || warning || this.table.noteEdition(place, this.edition), verdict.value);
  }

  /** SCORM 1.2: a further session of the same launch begins (leniently), as on the server. */
  renew() {
    const [exit, sessionTime] = ["cmi.core.exit", "cmi.core.session_time"];
    const total = parseTimespan(this.launch.get("cmi.core.total_time") ?? "");
    const more = parseTimespan(this.values.get(sessionTime) ?? "");
    this.launch.set("cmi.core.total_time", formatTimespan(total + more));
    this.launch.set("cmi.core.entry", this.values.get(exit) === "suspend" ? "resume" : "");
    this.values.delete(exit);
    this.values.delete(sessionTime);
  }

  /**
   * @param {Place} place
   * @param {Rule} rule
   * @param {string} value
   * @returns {Verdict}
   */
  check(place, rule, value) {
    const limit = this.limits[rule.limit ?? "text"];
    if (isLonger(value, limit)) return refuse(value, `longer than ${limit} characters`);
    const asThen = this.table.ruleAsOf(rule, this.edition);
    return checkValue(this.table, asThen, value, { strict: this.strict, siblingType: this.siblingType(place) });
  }

  /**
   * @param {string} name
   * @param {Rule} rule
   * @returns {string | undefined}
   */
  find(name, rule) {
    if (rule.judged) {
      const threshold = parseDecimal(this.launch.get(rule.judged.threshold) ?? "");
      if (threshold !== null) return this.judge(rule.judged, threshold);
    }
    return this.values.get(name) ?? this.launch.get(name) ?? rule.default;
  }

  /**
   * A status that a threshold decides, whatever the content has set (RTE 2004 4.2.4.1).
   * @param {Judged} judged
   * @param {number} threshold
   */
  judge(judged, threshold) {
    const measure = parseDecimal(this.values.get(judged.measure) ?? "");
    if (measure === null) return judged.unmeasured;
    return measure >= threshold ? judged.met : judged.missed;
  }

  /**
   * The primary objective's elements are the SCO's own (ST-21).
   * @param {Place} place
   */
  redirect(place) {
    const own = this.table.primary.get(place.template);
    const isPrimary = own && String(place.indices[0][1]) === this.launch.get(PRIMARY);
    return own && isPrimary ? own : place.name;
  }

  /**
   * @param {"get" | "set"} operation
   * @param {string} situation
   * @param {string} remark
   */
  refuse(operation, situation, remark) {
    return answer(this.table.codes[operation][situation], remark);
  }

  /**
   * @param {Place} place
   * @param {"get" | "set"} operation
   * @returns {Answer | null}
   */
  refusePlace(place, operation) {
    if (!place.name && !place.keyword) return this.refuse(operation, "unnamed", "no element was named");
    if (place.kind === "unknown") return this.refuse(operation, "unknown", `${place.name} is no element of the data model`);
    const later = this.table.noteEdition(place, this.edition);
    if (later && this.strict) return this.refuse(operation, "unknown", later);
    if (place.kind === "keyword" && operation === "set") return this.refuse("set", "keyword", `${place.keyword} is a keyword`);
    if (place.kind === "bad_index") return this.refuse(operation, "index", `${place.name} has no valid index`);
    for (const [collection, index] of place.indices) {
      const count = this.count(collection);
      if (index > count || (index === count && operation === "get")) {
        return this.refuse(operation, "index", `${collection} has ${count} items, asked for ${index}`);
      }
      if (index >= this.limits.items) return this.refuse(operation, "index", `${collection} is full`);
    }
    if (place.kind !== "container") return null;
    return this.refuse(operation, "container", `${place.name} has no value of its own`);
  }

  /**
   * @param {Place} place
   * @returns {Answer | null}
   */
  refuseWrite(place) {
    const rule = this.table.ruleOf(place);
    if (rule.access === "ro" || this.isDenied(place, rule, "_write")) {
      return this.refuse("set", "fixed", `${place.name} is read only`);
    }
    for (const [collection, index] of place.indices) {
      if (this.table.fixed.has(collection) && index === this.count(collection)) {
        return this.refuse("set", "index", `${collection} has ${index} items`);
      }
    }
    for (const sibling of rule.needs ?? []) {
      const needed = `${place.indices[0].join(".")}.${sibling}`;
      if (!this.values.has(needed)) return this.refuse("set", "dependency", `${place.name} needs ${needed} first`);
    }
    const { only, array = 0 } = this.findGrammar(place);
    if (!only || place.indices[1][1] < array) return null;
    return this.refuse("set", "conflict", "an interaction of this type has one pattern");
  }

  /**
   * Of a correct response by its interaction's type; empty for other elements.
   * @param {Place} place
   * @returns {Partial<Grammar>}
   */
  findGrammar(place) {
    if (this.table.ruleOf(place).grammar !== "patterns") return {};
    return this.table.file.patterns?.[this.siblingType(place)] ?? {};
  }

  /**
   * Why the value cannot stand beside others, and what strict would say about it.
   * @param {Place} place
   * @param {Rule} rule
   * @param {string} value
   * @returns {[string, string]}
   */
  findConflict(place, rule, value) {
    const before = this.values.get(place.name);
    if (rule.once && before !== undefined && before !== value) return [`it is ${before} and cannot change`, ""];
    const { unique, array } = this.findGrammar(place);
    if (rule.unique || unique) {
      const holder = this.holders.findOther(place, value);
      if (holder !== undefined) return [`number ${holder} is the same`, ""];
    }
    if (array === undefined || place.indices[1][1] < array) return ["", ""];
    const remark = `more than the standard's ${array} patterns`;
    return this.strict ? [remark, ""] : ["", remark];
  }

  /**
   * @param {Place} place
   * @param {string} own
   * @param {Rule} rule
   * @param {string} value
   */
  store(place, own, rule, value) {
    if (rule.unique || this.findGrammar(place).unique) this.holders.pass(place, this.values.get(own), value);
    this.values.set(own, value);
    this.countIn(place.indices);
  }

  /**
   * @param {Place} place
   * @param {Rule} rule
   * @param {"_read" | "_write"} flag
   */
  isDenied(place, rule, flag) {
    return Boolean(rule.shared) && this.launch.get(`${place.indices[0].join(".")}.${flag}`) === "false";
  }

  /**
   * @param {Place} place
   * @returns {Answer}
   */
  getKeyword(place) {
    const { root, version, containers } = this.table.file;
    if (place.keyword === "_version") {
      if (place.template === root) return answer("0", "", version);
      return this.refuse("get", "version", `${place.name} has no version`);
    }
    if (place.keyword === "_count") {
      if (this.table.collections.has(place.template)) return answer("0", "", String(this.count(place.name)));
      return this.refuse("get", "count", `${place.name} is not a collection`);
    }
    const children = Object.hasOwn(containers, place.template) ? containers[place.template] : null;
    if (children) return answer("0", "", children.join(","));
    return this.refuse("get", "children", `${place.name} has no children`);
  }

  /**
   * The type of the interaction that an element belongs to; "" outside of one.
   * @param {Place} place
   */
  siblingType(place) {
    if (!place.indices.length || place.indices[0][0] !== "cmi.interactions") return "";
    return this.values.get(`${place.indices[0].join(".")}.type`) ?? "";
  }

  /** @param {Iterable<[string, number]>} indices */
  countIn(indices) {
    for (const [collection, index] of indices) {
      if (index >= this.count(collection)) this.counts.set(collection, index + 1);
    }
  }
}
