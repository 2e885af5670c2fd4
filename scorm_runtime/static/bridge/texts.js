// @ts-check
/**
 * SCORM 2004's texts with a grammar: languages, localized strings, identifiers (RTE 4.1.1).
 * The twin of `core/cmi/texts.py`.
 */

/** @import { Verdict } from "./scalars.js" */
/** @import { Table } from "./table.js" */
import { accept, checkText, refuse } from "./scalars.js";

const LANGUAGE = /^([A-Za-z]{2,3}|[ix](?=-)|[IX](?=-))(-[A-Za-z0-9]{1,8})*$/;
const LOCAL_USE = /^q[a-t][a-z]$/;
const LOCALIZED = /^\{lang=([^}]*)\}/;
const URI = /^[A-Za-z0-9;/?:@&=+$,_.!~*'()%#-]+$/;
const URN = /^[uU][rR][nN]:[A-Za-z0-9][A-Za-z0-9-]{0,31}:[^ \t\r\n]+$/;
const RESERVED = /[{}[\]]/;
const BLANK = /^[ \t\r\n]*$/;

/**
 * A language of ISO 639-1 or 639-2 with subtags, or one of IANA's (i-…, x-…).
 * @param {Table} table
 * @param {string} value
 */
export function isLanguage(table, value) {
  if (!LANGUAGE.test(value)) return false;
  const code = value.split("-")[0].toLowerCase();
  return code === "i" || code === "x" || table.languages.has(code) || LOCAL_USE.test(code);
}

/**
 * language_type; empty stands for none.
 * @param {Table} table
 * @param {string} value
 * @param {number | undefined} spm
 * @returns {Verdict}
 */
export function checkLanguage(table, value, spm) {
  if (value && !isLanguage(table, value)) return refuse(value, "not a language as in RFC 1766");
  return checkText(value, spm);
}

/**
 * localized_string_type: "{lang=…}" may stand first and does not count as length.
 * @param {Table} table
 * @param {string} value
 * @param {number | undefined} spm
 * @returns {Verdict}
 */
export function checkLocalized(table, value, spm) {
  const found = LOCALIZED.exec(value);
  if (!found) return checkText(value, spm);
  if (!isLanguage(table, found[1])) return refuse(value, `${found[0]} names no language`);
  return { ...checkText(value.slice(found[0].length), spm), value };
}

/**
 * long_identifier_type: a URI; a URN must be one, other spellings only leniently.
 * @param {string} value
 * @param {number | undefined} spm
 * @returns {Verdict}
 */
export function checkLongIdentifier(value, spm) {
  if (BLANK.test(value)) return refuse(value, "an identifier cannot be empty");
  if (value.slice(0, 4).toLowerCase() === "urn:" && !URN.test(value)) {
    return refuse(value, "not a URN: urn:<namespace>:<name>");
  }
  return checkCharacters(value, spm);
}

/**
 * short_identifier_type: at most 250 characters, without those that delimit.
 * @param {string} value
 * @returns {Verdict}
 */
export function checkShortIdentifier(value) {
  if (BLANK.test(value) || RESERVED.test(value)) {
    return refuse(value, "not a short identifier: empty, or with { } [ ]");
  }
  return checkCharacters(value, 250);
}

/**
 * @param {string} value
 * @param {number | undefined} spm
 */
function checkCharacters(value, spm) {
  return URI.test(value) ? checkText(value, spm) : accept(value, "characters that a URI cannot have");
}
