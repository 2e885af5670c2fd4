// @ts-check
/**
 * The run-time data of one SCO: reading and writing elements by the table, synchronously.
 * The twin of `core/cmi/model.py`.
 */

/** @import { Place, Rule, Table } from "./table.js" */
import { checkValue } from "./checks.js";
import { resolve } from "./table.js";
import { formatTimespan, parseTimespan } from "./timespan.js";

/**
 * @typedef {object} Answer
 * @property {string} code error code, "0" for none
 * @property {string} value the value read, or the value stored
 * @property {string} remark why it was refused, or why strict would have refused it
 */

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
   * @param {Table} table
   * @param {Record<string, string>} launch what the system provides
   * @param {Record<string, string>} values what the content stored earlier
   * @param {boolean} strict
   */
  constructor(table, launch, values, strict = false) {
    this.table = table;
    this.launch = new Map(Object.entries(launch));
    this.values = new Map(Object.entries(values));
    this.strict = strict;
    /** @type {Map<string, number>} */
    this.counts = new Map();
    for (const name of this.values.keys()) this.countIn(resolve(table, name));
  }

  /**
   * @param {string} name
   * @returns {Answer}
   */
  get(name) {
    if (!name) return answer("201", "no element was named");
    const place = resolve(this.table, name);
    const refused = this.refusePlace(place, false);
    if (refused) return refused;
    if (place.keyword) return this.getKeyword(place);
    const rule = this.table.elements[place.template];
    if (rule.access === "wo") return answer("404", `${name} is write only`);
    return answer("0", "", this.values.get(name) ?? this.launch.get(name) ?? rule.default ?? "");
  }

  /**
   * @param {string} name
   * @param {string} value
   * @returns {Answer}
   */
  set(name, value) {
    if (!name) return answer("201", "no element was named");
    const place = resolve(this.table, name);
    if (place.kind === "keyword") return answer("402", `${name} is a keyword`);
    const refused = this.refusePlace(place, true);
    if (refused) return refused;
    const rule = this.table.elements[place.template];
    if (rule.access === "ro") return answer("403", `${name} is read only`);
    const whole = rule.appends ? (this.values.get(name) ?? "") + value : value;
    const siblingType = this.siblingType(place);
    const verdict = checkValue(this.table, rule, whole, { strict: this.strict, siblingType });
    if (!verdict.ok) return answer("405", `${name}: ${verdict.warning}`);
    this.values.set(name, verdict.value);
    this.countIn(place);
    return answer("0", verdict.warning, verdict.value);
  }

  /** A further session of the same launch begins (leniently): what the server will do as well. */
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
   * @param {boolean} writing
   * @returns {Answer | null}
   */
  refusePlace(place, writing) {
    if (place.kind === "unknown") return answer("401", `${place.name} is no element of the data model`);
    if (place.kind === "bad_index") return answer("201", `${place.name} has no valid index`);
    for (const [collection, index] of place.indices) {
      const count = this.counts.get(collection) ?? 0;
      if (index > count || (index === count && !writing)) {
        return answer("201", `${collection} has ${count} items, asked for ${index}`);
      }
      if (index >= this.table.limits.items) return answer("201", `${collection} is full`);
    }
    return place.kind === "container" ? answer("201", `${place.name} has no value of its own`) : null;
  }

  /**
   * @param {Place} place
   * @returns {Answer}
   */
  getKeyword(place) {
    if (place.keyword === "_version") {
      if (place.template === this.table.root) return answer("0", "", this.table.version);
      return answer("401", `${place.name} has no version`);
    }
    if (place.keyword === "_count") {
      if (this.table.collections.includes(place.template)) {
        return answer("0", "", String(this.counts.get(place.name) ?? 0));
      }
      return answer("203", `${place.name} is not a collection`);
    }
    const children = this.table.containers[place.template];
    return children ? answer("0", "", children.join(",")) : answer("202", `${place.name} has no children`);
  }

  /**
   * The type of the interaction that an element belongs to; "" outside of one.
   * @param {Place} place
   */
  siblingType(place) {
    if (!place.indices.length || place.indices[0][0] !== "cmi.interactions") return "";
    const [collection, index] = place.indices[0];
    return this.values.get(`${collection}.${index}.type`) ?? "";
  }

  /** @param {Place} place */
  countIn(place) {
    for (const [collection, index] of place.indices) {
      if (index >= (this.counts.get(collection) ?? 0)) this.counts.set(collection, index + 1);
    }
  }
}
