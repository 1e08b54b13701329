/** The values of colour properties; the rules are those of `deskapp/event/_color.py`. */

import {isDict, parseFloating, typeError, valueError} from "./values.js";

/** @type {Record<string, string>} */
const COLOR_NAMES = {
  k: "#000000", black: "#000000",
  w: "#ffffff", white: "#ffffff",
  r: "#ff0000", red: "#ff0000",
  g: "#00ff00", green: "#00ff00", lime: "#00ff00",
  b: "#0000ff", blue: "#0000ff",
  y: "#ffff00", yellow: "#ffff00",
  m: "#ff00ff", magenta: "#ff00ff", fuchsia: "#ff00ff",
  c: "#00ffff", cyan: "#00ffff", aqua: "#00ffff",
  gray: "#808080", grey: "#808080",
};

/** How far a prefix moves a colour, and towards what. @type {Array<[string, number, number]>} */
const COLOR_PREFIXES = [["lighter", 0.66, 1], ["light", 0.33, 1], ["darker", 0.66, 0], ["dark", 0.33, 0]];

/** @param {number} value Rounds as Python's format does: a half goes to the even side. */
function roundHalfEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/**
 * The value of a colour property.
 * @param {any} value
 * @returns {{t: readonly number[], alpha: number, hex: string, css: string}}
 */
export function toColor(value) {
  const parts = colorParts(value).map((part) => Math.min(1, Math.max(0, part)));
  const [r, g, b] = parts;
  const alpha = parts.length > 3 ? parts[3] : 1;
  const hex = [r, g, b].map((part) => Math.trunc(part * 255).toString(16).padStart(2, "0")).join("");
  const css = [r, g, b].map((part) => roundHalfEven(part * 255)).join(",");
  const t = Object.freeze([r, g, b, alpha]);
  return {t, alpha, hex: `#${hex}`, css: `rgba(${css},${Number(alpha.toPrecision(6))})`};
}

/** @param {any} value @returns {number[]} Three or four numbers, not clamped. */
function colorParts(value) {
  if (value === null || value === undefined) {
    return [0, 0, 0, 0];
  }
  if (typeof value === "string") {
    return parseColor(value);
  }
  const parts = Array.isArray(value) ? value : isDict(value) ? value.t : undefined;
  if (!Array.isArray(parts)) {
    throw typeError("a colour: a text, three or four numbers, or a dict with t", value);
  }
  if (parts.length !== 3 && parts.length !== 4) {
    throw valueError("three or four numbers", value);
  }
  if (!parts.every((part) => typeof part === "number")) {
    throw typeError("numbers as the channels of a colour", value);
  }
  return parts;
}

/** @param {string} text @returns {number[]} */
function parseColor(text) {
  const plain = text.trim().toLowerCase();
  if (plain === "") {
    return [0, 0, 0, 0];
  }
  if (/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(plain)) {
    const width = plain.length > 5 ? 2 : 1;
    const parts = [];
    for (let i = 1; i < plain.length; i += width) {
      const digits = plain.slice(i, i + width);
      parts.push(parseInt(width === 1 ? digits + digits : digits, 16) / 255);
    }
    return parts;
  }
  const call = /^rgb(a?)\(([^()]*)\)$/.exec(plain);
  if (call !== null) {
    const items = call[2].split(",");
    if (items.length === (call[1] === "a" ? 4 : 3)) {
      return items.map((item, i) => (i < 3 ? parseFloating(item) / 255 : parseFloating(item)));
    }
  }
  for (const [prefix, amount, target] of COLOR_PREFIXES) {
    const rest = plain.slice(prefix.length);
    if (plain.startsWith(prefix) && Object.prototype.hasOwnProperty.call(COLOR_NAMES, rest)) {
      return parseColor(COLOR_NAMES[rest]).map((part) => part + (target - part) * amount);
    }
  }
  if (Object.prototype.hasOwnProperty.call(COLOR_NAMES, plain)) {
    return parseColor(COLOR_NAMES[plain]);
  }
  throw valueError("a colour", text);
}
