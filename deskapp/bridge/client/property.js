/**
 * Properties: what values each kind accepts and how it converts them.
 *
 * The kinds and their rules are those of `deskapp/event/_property_types.py`.
 */

import {toColor} from "./color.js";
import {makeError, shortText} from "./errors.js";
import {isComponent, isDict, parseFloating, parseInteger, truth, typeError, valueError} from "./values.js";

/**
 * @typedef {object} PropertySpec
 * @property {string} type Name of the Python class without `Prop`, or "Custom".
 * @property {any} [default] Given to the validator at construction; absent: the default of the kind.
 * @property {boolean} [settable]
 * @property {any} [data] Constants: `[options]` of an Enum, the specs inside Either and Null.
 * @property {boolean} [local] Never leaves this side.
 * @property {Function} [validate] For "Custom": `validate(value, name, data)`.
 */

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
