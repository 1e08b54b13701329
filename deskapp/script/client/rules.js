/** What a field's value must be like: checks the rules that Python makes. The mirror of `deskapp/script/rules.py`. */

/**
 * @typedef {[name: string, argument: any, message: string]} Rule
 */

/**
 * The message of the first rule that a raw value breaks; null if it breaks none.
 * @param {Rule[]} rules
 * @param {any} raw
 * @returns {string | null}
 */
export function findFault(rules, raw) {
  const isEmpty = raw === null || raw === undefined || raw === "" || (Array.isArray(raw) && raw.length === 0);
  for (const [name, argument, message] of rules) {
    if (isEmpty ? name === "required" : !CHECKS[name](raw, argument)) {
      return message;
    }
  }
  return null;
}

/**
 * A size as people write it, in powers of 1024.
 * @param {number} bytes
 * @returns {string}
 */
export function sizeText(bytes) {
  let size = bytes;
  let unit = "bytes";
  for (const next of ["KB", "MB", "GB"]) {
    if (size < 1024) {
      break;
    }
    size /= 1024;
    unit = next;
  }
  return `${unit === "bytes" || size >= 10 || Number.isInteger(size) ? size.toFixed(0) : size.toFixed(1)} ${unit}`;
}

/** @type {(raw: string) => boolean} */
function isDay(raw) {
  const [year, month, day] = raw.slice(0, 10).split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** @type {(raw: string, argument: [number, number]) => boolean} */
function isOnStep(raw, [step, base]) {
  const steps = (Number(raw) - base) / step;
  return Number.isFinite(steps) && Math.abs(steps - Math.round(steps)) <= 1e-9 * Math.max(1, Math.abs(steps));
}

/** A time as text that sorts by time: seconds are written. @type {(text: string) => string} */
function moment(text) {
  const written = text.replace(" ", "T");
  return [5, 16].includes(written.length) && written.at(-3) === ":" ? `${written}:00` : written;
}

/** Code points are compared, as in Python. @type {(first: string, second: string) => boolean} */
const isBefore = (first, second) => moment(first) < moment(second);

/** @type {(raw: any, argument: [number, number[], boolean]) => boolean} */
function isOption(raw, [count, disabled, isMultiple]) {
  if (Array.isArray(raw) !== isMultiple) {
    return false;
  }
  const chosen = isMultiple ? raw : [raw];
  return (
    chosen.every((/** @type {any} */ each) => Number.isInteger(each) && each >= 0 && each < count) &&
    !chosen.some((/** @type {number} */ each) => disabled.includes(each)) &&
    new Set(chosen).size === chosen.length
  );
}

/** @type {(file: any, kind: string) => boolean} */
function fits(file, kind) {
  const mimeType = file.mime_type.toLowerCase();
  if (kind.startsWith(".")) {
    return file.filename.toLowerCase().endsWith(kind);
  }
  return kind.endsWith("/*") ? mimeType.startsWith(kind.slice(0, -1)) : kind === mimeType || kind === "*";
}

/**
 * The patterns of programs are written for Python: what JavaScript cannot read is left to Python's own check.
 * @type {(pattern: string, raw: string) => boolean}
 */
function matches(pattern, raw) {
  let expression;
  try {
    expression = new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return true;
  }
  return expression.test(raw);
}

/** @type {Record<string, (raw: any, argument: any) => boolean>} */
const CHECKS = {
  required: () => true,
  format: (raw, pattern) => matches(pattern, raw),
  calendar: isDay,
  finite: (raw) => Number.isFinite(Number(raw)),
  whole: (raw) => Number.isInteger(Number(raw)),
  min: (raw, limit) => Number(raw) >= limit,
  max: (raw, limit) => Number(raw) <= limit,
  from: (raw, limit) => !isBefore(raw, limit),
  to: (raw, limit) => !isBefore(limit, raw),
  step: isOnStep,
  minlength: (raw, limit) => raw.length >= limit,
  maxlength: (raw, limit) => raw.length <= limit,
  pattern: (raw, pattern) => matches(pattern, raw),
  options: isOption,
  count: (raw, limit) => raw.length <= limit,
  accept: (raw, kinds) =>
    raw.every((/** @type {any} */ file) => kinds.some((/** @type {string} */ kind) => fits(file, kind.toLowerCase()))),
  max_size: (raw, limit) => raw.every((/** @type {any} */ file) => file.size <= limit),
  max_total_size: (raw, limit) =>
    raw.reduce((/** @type {number} */ sum, /** @type {any} */ file) => sum + file.size, 0) <= limit,
};
