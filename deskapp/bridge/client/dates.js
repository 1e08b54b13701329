/**
 * Python's dates and times as Dates, and back.
 *
 * A Date made from a Python date or datetime carries its text as `iso` and goes back as it came, if it was not changed.
 */

import {CodecError} from "./errors.js";

const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3})(?:\d{3})?)?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/**
 * The moment, in ms since 1970, that a text means; NaN if none. Without an offset it is local time.
 *
 * @param {string} text
 */
function moment(text) {
  const parts = ISO_TIME.exec(text) ?? ISO_DATE.exec(text);
  if (!parts) {
    return NaN;
  }
  const [year, month, day, hour, minute, second, ms] = parts.slice(1, 8).map((part) => Number(part ?? 0));
  const date = new Date(2000, 0, 1);
  const isLocal = !parts[8] && !parts[9];
  if (isLocal) {
    // setFullYear, because the constructor takes the years 0 to 99 for 1900 to 1999.
    date.setFullYear(year, month - 1, day);
    date.setHours(hour || 0, minute || 0, second || 0, ms || 0);
    return date.getTime();
  }
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, ms);
  const offset = (Number(parts[10] ?? 0) * 60 + Number(parts[11] ?? 0)) * 60 + Number(parts[12] ?? 0);
  return date.getTime() - (parts[9] === "-" ? -offset : offset) * 1000;
}

/**
 * Return the Date that Python's text means.
 *
 * @param {string} text
 * @param {string} tag  "d" of a date, "t" of a date and time.
 */
export function parseDate(text, tag) {
  const date = new Date(moment(text));
  if (Number.isNaN(date.getTime()) || ISO_DATE.test(text) !== (tag === "d")) {
    throw new CodecError(`a tagged value cannot be read: ${text.slice(0, 40)}`);
  }
  // Python's dates have microseconds, may lack a time or a zone; the text keeps that for the way back.
  Object.defineProperty(date, "iso", {value: text});
  return date;
}

/**
 * Return the tagged value of a Date.
 *
 * @param {Date & {iso?: string}} date
 */
export function dateTag(date) {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    throw new CodecError("a Date that is invalid, or not of the years 1 to 9999, cannot travel");
  }
  if (typeof date.iso === "string" && moment(date.iso) === date.getTime()) {
    return {$: [ISO_DATE.test(date.iso) ? "d" : "t", date.iso]};
  }
  return {$: ["t", date.toISOString()]};
}
