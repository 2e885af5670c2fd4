// @ts-check
/** Durations of SCORM 1.2 and ISO 8601; the twin of `core/cmi/timespan.py`. */

const CLOCK = /^([0-9]{1,6}):([0-9]{1,2}):([0-9]{1,2}(?:[.,][0-9]*)?)$/;
const ISO = /^P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:[.,][0-9]+)?)S)?)?$/;
const ISO_SECONDS = [31536000, 2592000, 604800, 86400, 3600, 60, 1];
const LONGEST = 9999 * 3600 + 59 * 60 + 59.99;

/**
 * Seconds in `text`; 0 when it is no duration.
 * @param {string} text
 */
export function parseTimespan(text) {
  const number = (/** @type {string | undefined} */ part) => Number((part ?? "0").replace(",", "."));
  const clock = CLOCK.exec(text);
  if (clock) return number(clock[1]) * 3600 + number(clock[2]) * 60 + number(clock[3]);
  const iso = ISO.exec(text);
  return iso ? ISO_SECONDS.reduce((sum, size, at) => sum + size * number(iso[at + 1]), 0) : 0;
}

/**
 * HHHH:MM:SS.SS
 * @param {number} seconds
 */
export function formatTimespan(seconds) {
  const hundredths = Math.round(Math.min(Math.max(seconds, 0), LONGEST) * 100);
  const pad = (/** @type {number} */ value, width = 2) => String(Math.floor(value)).padStart(width, "0");
  const whole = Math.floor(hundredths / 100);
  return `${pad(whole / 3600, 4)}:${pad((whole / 60) % 60)}:${pad(whole % 60)}.${pad(hundredths % 100)}`;
}
