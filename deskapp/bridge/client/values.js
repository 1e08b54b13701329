/**
 * Values as Python sees them: which are dicts, arrays and components, what is true, what is equal, numbers from text.
 */

import {makeError, shortText} from "./errors.js";

/**
 * @param {string} expected
 * @param {any} value
 */
export function typeError(expected, value) {
  return makeError("TypeError", `expected ${expected}, got ${shortText(value)}`);
}

/**
 * @param {string} expected
 * @param {any} value
 */
export function valueError(expected, value) {
  return makeError("ValueError", `expected ${expected}, got ${shortText(value)}`);
}

/**
 * Whether a value is what Python calls a dict: an object made by `{}`, of whatever realm.
 * @param {any} value
 */
export function isDict(value) {
  if (value === null || typeof value !== "object") {
    return false;
  }
  const proto = Object.getPrototypeOf(value);
  return proto === null || proto === Object.prototype || Object.getPrototypeOf(proto) === null;
}

/** @param {any} value */
export function isComponent(value) {
  return value !== null && value !== undefined && value._IS_COMPONENT === true;
}

/** @param {any} value */
export function isTyped(value) {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Truth as Python sees it: empty lists, dicts, texts and buffers are false.
 * @param {any} value
 * @returns {boolean}
 */
export function truth(value) {
  if (Array.isArray(value) || isTyped(value)) {
    return value.length > 0;
  }
  if (isDict(value)) {
    return Object.keys(value).length > 0;
  }
  return typeof value === "number" ? value !== 0 : Boolean(value);
}

/**
 * Equality as Python has it for the values of properties: by content for lists, dicts and arrays, else by identity.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function isSame(a, b) {
  if (a === b) {
    return true;
  }
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") {
    return false;
  }
  if (a._session_id !== undefined && b._session_id !== undefined) {
    return a._session_id === b._session_id && a._id === b._id; // two stubs of one component
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  if (isTyped(a)) {
    if (!isTyped(b) || a.constructor !== b.constructor || a.length !== b.length || !isSame(a.shape, b.shape)) {
      return false;
    }
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i]) {
        return false;
      }
    }
    return true;
  }
  if (a instanceof Date) {
    return b instanceof Date && a.getTime() === b.getTime();
  }
  if (isDict(a) && isDict(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.prototype.hasOwnProperty.call(b, key) && isSame(a[key], b[key]))
    );
  }
  return false;
}

/** Python's `int(text)`. @param {string} text */
export function parseInteger(text) {
  if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(text)) {
    throw valueError("the text of an integer", text);
  }
  return Number(text.replace(/_/g, "")) + 0;
}

/** Python's `float(text)`. @param {string} text */
export function parseFloating(text) {
  const plain = text.trim().toLowerCase().replace(/(\d)_(?=\d)/g, "$1");
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain)) {
    return Number(plain);
  }
  const special = /^([+-]?)(nan|inf|infinity)$/.exec(plain);
  if (special === null) {
    throw valueError("the text of a number", text);
  }
  return special[2] === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
}
