/**
 * Properties: what values each kind accepts and how it converts them, equality, and mutations in place.
 *
 * The kinds and their rules are those of `deskapp/event/_property_types.py`.
 */

import {makeError, shortText} from "./errors.js";

/**
 * @typedef {object} PropertySpec
 * @property {string} type Name of the Python class without `Prop`, or "Custom".
 * @property {any} [default] Given to the validator at construction; absent: the default of the kind.
 * @property {boolean} [settable]
 * @property {any} [data] Constants: `[options]` of an Enum, the specs inside Either and Null.
 * @property {boolean} [local] Never leaves this side.
 * @property {Function} [validate] For "Custom": `validate(value, name, data)`.
 */

/**
 * @param {string} expected
 * @param {any} value
 */
function typeError(expected, value) {
  return makeError("TypeError", `expected ${expected}, got ${shortText(value)}`);
}

/**
 * @param {string} expected
 * @param {any} value
 */
function valueError(expected, value) {
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
function isComponent(value) {
  return value !== null && value !== undefined && value._IS_COMPONENT === true;
}

/** @param {any} value */
function isTyped(value) {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Truth as Python sees it: empty lists, dicts, texts and buffers are false.
 * @param {any} value
 * @returns {boolean}
 */
function truth(value) {
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

// -- Kinds ---------------------------------------------------------------------------------------------------------

/** Python's `int(text)`. @param {string} text */
function parseInteger(text) {
  if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(text)) {
    throw valueError("the text of an integer", text);
  }
  return Number(text.replace(/_/g, "")) + 0;
}

/** Python's `float(text)`. @param {string} text */
function parseFloating(text) {
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

/** @param {any} value @returns {number} */
function toInteger(value) {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) {
      throw valueError("a finite number", value);
    }
    return Math.trunc(value) + 0;
  }
  if (typeof value === "boolean") {
    return value ? 1 : 0;
  }
  if (typeof value === "string") {
    return parseInteger(value);
  }
  throw typeError("an integer", value);
}

/** @param {any} value @returns {number} */
function toFloating(value) {
  if (typeof value === "number") {
    return value;
  }
  if (typeof value === "boolean") {
    return value ? 1 : 0;
  }
  if (typeof value === "string") {
    return parseFloating(value);
  }
  throw typeError("a number", value);
}

/** @param {any} value @returns {readonly number[]} */
function toPair(value) {
  if (typeof value === "number" || typeof value === "boolean") {
    return Object.freeze([Number(value), Number(value)]);
  }
  if (!Array.isArray(value) || value.length !== 2) {
    throw typeError("a number or two numbers", value);
  }
  for (const item of value) {
    if (typeof item !== "number" && typeof item !== "boolean") {
      throw typeError("two numbers", value);
    }
  }
  return Object.freeze([Number(value[0]), Number(value[1])]);
}

/**
 * @param {any} value
 * @param {any} data `[options]`, upper case or not.
 */
function toOption(value, data) {
  if (typeof value !== "string") {
    throw typeError("one of the options as text", value);
  }
  const options = Array.isArray(data[0]) ? data[0] : data;
  const upper = value.toUpperCase();
  for (const option of options) {
    if (option.toUpperCase() === upper) {
      return upper;
    }
  }
  throw valueError(`one of ${options.join(", ")}`, value);
}

/** @type {Record<string, {default: any, convert: (value: any, data: any, prop: Property) => any}>} */
const KINDS = {
  Any: {default: null, convert: (value) => (value === undefined ? null : value)},
  Bool: {default: false, convert: truth},
  TriState: {default: null, convert: (value) => (value === null || value === undefined ? null : truth(value))},
  Int: {default: 0, convert: toInteger},
  Float: {default: 0, convert: toFloating},
  String: {
    default: "",
    convert(value) {
      if (typeof value !== "string") {
        throw typeError("a text", value);
      }
      return value;
    },
  },
  Tuple: {
    default: [],
    convert(value) {
      if (!Array.isArray(value)) {
        throw typeError("a list or tuple", value);
      }
      return Object.freeze(value.slice());
    },
  },
  List: {
    default: [],
    convert(value) {
      if (!Array.isArray(value)) {
        throw typeError("a list or tuple", value);
      }
      return value.slice();
    },
  },
  Dict: {
    default: {},
    convert(value) {
      if (!isDict(value)) {
        throw typeError("a dict", value);
      }
      return Object.assign({}, value);
    },
  },
  Component: {
    default: null,
    convert(value) {
      if (value === null || value === undefined) {
        return null;
      }
      if (!isComponent(value)) {
        throw typeError("a component or None", value);
      }
      return value;
    },
  },
  FloatPair: {default: [0, 0], convert: toPair},
  Enum: {default: undefined, convert: toOption},
  Color: {default: "#000", convert: (value) => toColor(value)},
  Either: {
    default: undefined,
    convert(value, data, prop) {
      const refusals = [];
      for (const inner of prop.inner) {
        try {
          return inner.convert(value);
        } catch (error) {
          refusals.push(/** @type {Error} */ (error));
        }
      }
      // Any ValueError means that the kind was right somewhere.
      const kind = refusals.some((error) => error.name === "ValueError") ? "ValueError" : "TypeError";
      throw makeError(kind, `nothing accepts it: ${refusals.map((error) => error.message).join("; ")}`);
    },
  },
  Null: {
    default: null,
    convert: (value, data, prop) => (value === null || value === undefined ? null : prop.inner[0].convert(value)),
  },
  Custom: {
    default: null,
    convert: (value, data, prop) => prop.spec.validate.call(prop, value, prop.name, data),
  },
};

/** A property as its class declares it. */
export class Property {
  /**
   * @param {string} name
   * @param {PropertySpec} spec
   */
  constructor(name, spec) {
    const kind = KINDS[spec.type];
    if (kind === undefined) {
      throw makeError("TypeError", `Property ${name} has the unknown type ${shortText(spec.type)}`);
    }
    this.name = name;
    this.type = spec.type;
    this.spec = spec;
    this.settable = spec.settable === true;
    this.local = spec.local === true;
    this.data = spec.data;
    /** Where an instance keeps its value. */
    this.key = `_${name}_value`;
    /** @type {Property[]} What Either and Null choose from. */
    this.inner = [];
    if (spec.type === "Either" || spec.type === "Null") {
      this.inner = (spec.data || []).map((/** @type {PropertySpec} */ item) => new Property(name, item));
    }
    this._convert = kind.convert;
    this.default = spec.default === undefined ? this._kindDefault(kind.default) : spec.default;
  }

  /** @param {any} fallback */
  _kindDefault(fallback) {
    if (this.type === "Enum") {
      const options = Array.isArray(this.data[0]) ? this.data[0] : this.data;
      return options[0];
    }
    return this.type === "Either" ? this.inner[0].default : fallback;
  }

  /**
   * The value to store; raises if it is not acceptable.
   * @param {any} value
   */
  convert(value) {
    return this._convert(value, this.data, this);
  }

  /**
   * Like `convert`, with errors that name component and property.
   * @param {any} value
   * @param {any} component
   */
  validate(value, component) {
    try {
      return this._convert(value, this.data, this);
    } catch (error) {
      const {name, message} = /** @type {Error} */ (error);
      throw makeError(name, `${component._id}.${this.name}: ${message}`, error);
    }
  }
}

// -- Colours -------------------------------------------------------------------------------------------------------

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

// -- Mutations in place --------------------------------------------------------------------------------------------

/**
 * Replay on a list or an array, in place, what an event says was done to another one.
 * @param {any} array
 * @param {{mutation: string, objects?: any, new_value?: any, index?: any}} event
 */
export function mutate_array(array, event) {
  if (event.mutation === "set") {
    const whole = event.new_value === undefined ? event.objects : event.new_value;
    if (isTyped(array)) {
      array.set(whole);
    } else {
      splice(array, 0, array.length, whole);
    }
    return;
  }
  applyToArray(array, event.objects, event.mutation, event.index);
}

/**
 * Replay on a dict, in place, what an event says was done to another one.
 * @param {any} dict
 * @param {{mutation: string, objects?: any, new_value?: any, index?: any}} event
 */
export function mutate_dict(dict, event) {
  if (event.mutation === "set") {
    const whole = Object.assign({}, event.new_value === undefined ? event.objects : event.new_value);
    for (const key of Object.keys(dict)) {
      delete dict[key];
    }
    Object.assign(dict, whole);
    return;
  }
  applyToDict(dict, event.objects, event.mutation, event.index === undefined ? -1 : event.index);
}

/** @param {string} mutation */
function checkMutation(mutation) {
  if (mutation !== "insert" && mutation !== "replace" && mutation !== "remove") {
    throw makeError("NotImplementedError", `there is no mutation ${shortText(mutation)}`);
  }
}

/**
 * Replace `count` items of a list, in place. Spread arguments would overflow the stack for long lists.
 * @param {any[]} array
 * @param {number} index
 * @param {number} count
 * @param {any[]} items
 */
function splice(array, index, count, items) {
  if (items.length < 10000) {
    array.splice(index, count, ...items);
    return;
  }
  const rest = array.splice(index);
  for (const item of items) {
    array.push(item);
  }
  for (let i = count; i < rest.length; i++) {
    array.push(rest[i]);
  }
}

/**
 * Insert, replace or remove in a list or array; everything is checked before anything is changed.
 * @param {any} array
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToArray(array, objects, mutation, index) {
  checkMutation(mutation);
  if (isTyped(array)) {
    applyToTyped(array, objects, mutation, index);
    return;
  }
  if (typeof index !== "number") {
    throw makeError("TypeError", `the index of a mutated list is a number, not ${shortText(index)}`);
  }
  if (index < 0) {
    throw makeError("IndexError", `${mutation} on a list needs an index of 0 or more, not ${index}`);
  }
  if (mutation === "remove") {
    if (typeof objects !== "number") {
      throw makeError("TypeError", `remove on a list takes the number of items, not ${shortText(objects)}`);
    }
    if (objects < 0) {
      throw makeError("ValueError", `remove on a list takes 0 or more items, not ${objects}`);
    }
    array.splice(index, objects);
    return;
  }
  if (!Array.isArray(objects)) {
    throw makeError("TypeError", `${mutation} on a list takes a list of items, not ${shortText(objects)}`);
  }
  splice(array, index, mutation === "replace" ? objects.length : 0, objects); // past the end: appends
}

/**
 * Replace a stretch of an array, or a block of one that has several dimensions.
 * @param {any} array
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToTyped(array, objects, mutation, index) {
  if (mutation !== "replace") {
    throw makeError("NotImplementedError", `arrays cannot change their size: ${mutation} is for lists`);
  }
  const shape = array.shape || [array.length];
  if (!Array.isArray(index)) {
    if (typeof index !== "number" || index < 0 || shape.length !== 1) {
      const text = `an array of ${shape.length} dimensions cannot be replaced at index ${shortText(index)}`;
      throw makeError("IndexError", text);
    }
    array.set(objects, index);
    return;
  }
  const block = shapeOf(objects);
  if (index.length !== shape.length || block.length !== shape.length) {
    throw makeError("IndexError", `an index of ${index.length} numbers does not fit ${shape.length} dimensions`);
  }
  const flat = Array.isArray(objects) ? objects.flat(shape.length) : objects;
  const width = block[block.length - 1];
  const rows = width === 0 ? 0 : flat.length / width;
  const at = new Array(shape.length).fill(0); // position in the block; the last axis stays 0
  for (let row = 0; row < rows; row++) {
    let rest = row;
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      at[axis] = rest % block[axis];
      rest = Math.floor(rest / block[axis]);
    }
    let offset = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      offset = offset * shape[axis] + index[axis] + at[axis];
    }
    array.set(Array.prototype.slice.call(flat, row * width, (row + 1) * width), offset);
  }
}

/** Shape of an array, or of lists in lists. @param {any} objects @returns {number[]} */
function shapeOf(objects) {
  if (isTyped(objects)) {
    return objects.shape || [objects.length];
  }
  const sizes = [];
  for (let level = objects; Array.isArray(level); level = level[0]) {
    sizes.push(level.length);
  }
  return sizes;
}

/**
 * Insert, replace or remove in a dict; everything is checked before anything is changed.
 * @param {any} dict
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToDict(dict, objects, mutation, index) {
  checkMutation(mutation);
  if (index !== -1) {
    throw makeError("IndexError", `a dict has no index: leave it out instead of giving ${shortText(index)}`);
  }
  if (mutation !== "remove") {
    if (!isDict(objects)) {
      throw makeError("TypeError", `${mutation} on a dict takes a dict, not ${shortText(objects)}`);
    }
    Object.assign(dict, objects);
    return;
  }
  if (!Array.isArray(objects)) {
    throw makeError("TypeError", `remove on a dict takes a list of keys, not ${shortText(objects)}`);
  }
  const missing = objects.filter((key) => !Object.prototype.hasOwnProperty.call(dict, key));
  if (missing.length > 0) {
    throw makeError("KeyError", `keys to remove that are not there: ${missing.join(", ")}`);
  }
  for (const key of objects) {
    delete dict[key];
  }
}

/**
 * Apply a mutation other than `set` to the value of a property, in place and unvalidated.
 * @param {any} value
 * @param {string} mutation
 * @param {any} objects
 * @param {any} index
 */
export function mutateInPlace(value, mutation, objects, index) {
  checkMutation(mutation);
  if (isTyped(value) || (Array.isArray(value) && !Object.isFrozen(value))) {
    applyToArray(value, objects, mutation, index);
  } else if (isDict(value)) {
    applyToDict(value, objects, mutation, index);
  } else {
    throw makeError("TypeError", "only lists, dicts and arrays can be mutated in part");
  }
}
