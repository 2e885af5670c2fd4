// @ts-check
/**
 * Who has a value that must be unique in its collection (ids of objectives, some patterns); kept
 * beside the values, so that 10,000 of them cost the same each. In Python a part of `model.py`.
 */

/** @import { Place } from "./table.js" */

export class Holders {
  /** @param {{values: Map<string, string>, count: (collection: string) => number}} model */
  constructor(model) {
    this.model = model;
    /** @type {Map<string, Map<string, number>>} index by value, by collection and element */
    this.known = new Map();
  }

  /**
   * The index of another item that has the value; undefined when none has.
   * @param {Place} place
   * @param {string} value
   */
  findOther(place, value) {
    const holder = this.of(place).get(value);
    return holder === place.indices[place.indices.length - 1][1] ? undefined : holder;
  }

  /**
   * An item gives up a value and takes another.
   * @param {Place} place
   * @param {string | undefined} before
   * @param {string} value
   */
  pass(place, before, value) {
    const [, index] = place.indices[place.indices.length - 1];
    const holders = this.of(place);
    if (before !== undefined && holders.get(before) === index) holders.delete(before);
    if (!holders.has(value)) holders.set(value, index);
  }

  /**
   * @param {Place} place
   * @returns {Map<string, number>}
   */
  of(place) {
    const [collection] = place.indices[place.indices.length - 1];
    const element = place.name.slice(place.name.lastIndexOf(".") + 1);
    const key = `${collection}.n.${element}`;
    let holders = this.known.get(key);
    if (!holders) {
      holders = new Map();
      for (let index = this.model.count(collection) - 1; index >= 0; index -= 1) {
        const value = this.model.values.get(`${collection}.${index}.${element}`);
        if (value !== undefined) holders.set(value, index);
      }
      this.known.set(key, holders);
    }
    return holders;
  }
}
