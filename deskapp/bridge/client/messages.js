/**
 * The messages of the wire, as one table: the mirror of bridge/messages.py, where each is explained.
 *
 * Here a message is a plain object: `op` is its name, its other keys are its fields. On the wire it is an array,
 * `[op, field, …]`.
 *
 * @typedef {{op: string, [field: string]: any}} Message
 * @typedef {{way: string, numbered: boolean, fields: [name: string, type: string, choices?: string[]][]}} MessageSpec
 */

export const PROTOCOL_VERSION = 1;

/** Whole numbers beyond ±2^53 are not exact here; what travels as a whole number is not larger. */
export const MAX_INT = 2 ** 53;

/** @type {Record<string, MessageSpec>} */
export const SPEC = {
  HELLO: {
    way: "c→p",
    numbered: false,
    fields: [
      ["version", "count"],
      ["ticket", "str?"],
      ["key", "str?"],
      ["last_seq", "count"],
      ["navigation", "str"],
      ["page", "str"],
      ["path", "str"],
      ["query", "str"],
    ],
  },
  WELCOME: {
    way: "p→c",
    numbered: false,
    fields: [
      ["version", "count"],
      ["key", "str"],
      ["how", "str", ["new", "replay", "rebuild", "fresh"]],
      ["asset_key", "str"],
      ["session_id", "str"],
      ["app_name", "str"],
      ["last_seq", "count"],
    ],
  },
  DEFINE: {
    way: "p→c",
    numbered: true,
    fields: [
      ["kind", "str", ["js", "css"]],
      ["name", "str"],
      ["text", "str"],
      ["url", "str"],
    ],
  },
  INSTANTIATE: {
    way: "both",
    numbered: true,
    fields: [
      ["id", "str"],
      ["module", "str"],
      ["cls", "str"],
      ["args", "list"],
      ["props", "dict"],
      ["active", "strings"],
      ["types", "strings"],
      ["req", "int"],
    ],
  },
  EMIT: {
    way: "both",
    numbered: true,
    fields: [
      ["id", "str"],
      ["type", "str"],
      ["mutation", "str", ["", "set", "insert", "replace", "remove"]],
      ["value", "any"],
      ["index", "ints"],
    ],
  },
  SUBSCRIBE: {way: "both", numbered: true, fields: [["id", "str"], ["types", "strings?"]]},
  INVOKE: {way: "both", numbered: true, fields: [["id", "str"], ["action", "str"], ["args", "list"], ["req", "int"]]},
  RESULT: {way: "both", numbered: true, fields: [["req", "int"], ["value", "any"], ["error", "errors?"]]},
  DISPOSE: {way: "both", numbered: true, fields: [["id", "str"]]},
  DISPOSED: {way: "both", numbered: true, fields: [["id", "str"]]},
  CALL: {way: "p→c", numbered: true, fields: [["req", "int"], ["code", "str"], ["args", "dict"]]},
  LOG: {way: "c→p", numbered: true, fields: [["level", "str"], ["text", "str"], ["stack", "str"]]},
  READY: {way: "p→c", numbered: true, fields: []},
  NOTICE: {way: "p→c", numbered: true, fields: [["name", "str"], ["data", "any"]]},
  HOST: {way: "c→p", numbered: true, fields: [["verb", "str"], ["data", "any"]]},
  SCRIPT: {way: "p→c", numbered: true, fields: [["verb", "str"], ["data", "any"], ["req", "int"]]},
  SCRIPT_EVENT: {way: "c→p", numbered: true, fields: [["id", "str"], ["data", "any"], ["req", "int"]]},
  BUFFER: {way: "both", numbered: true, fields: [["id", "str"], ["offset", "count"], ["total", "count"]]},
  FAULT: {
    way: "both",
    numbered: true,
    fields: [
      ["id", "str"],
      ["name", "str"],
      ["error", "str"],
      ["text", "str"],
      ["req", "int"],
    ],
  },
  ACK: {way: "both", numbered: false, fields: [["seq", "count"]]},
  PING: {way: "both", numbered: false, fields: [["n", "count"]]},
  PONG: {way: "both", numbered: false, fields: [["n", "count"]]},
  CLOSE: {way: "p→c", numbered: false, fields: [["code", "count"], ["reason", "str"]]},
};

/**
 * Make a message.
 *
 * @param {string} op  Its name.
 * @param {...any} values  Its fields, all of them, in the order of the table.
 * @returns {Message}
 */
export function message(op, ...values) {
  const fields = SPEC[op]?.fields;
  if (!fields || fields.length !== values.length) {
    throw new TypeError(`${op} is no message with ${values.length} fields`);
  }
  /** @type {Message} */
  const made = {op};
  for (let i = 0; i < fields.length; i++) {
    made[fields[i][0]] = values[i];
  }
  return made;
}

/** @param {any} value */
function isString(value) {
  return typeof value === "string";
}

/** @param {any} value */
function isInt(value) {
  return Number.isInteger(value) && Math.abs(value) <= MAX_INT;
}

/** Whether a value is a whole number from 0 that both languages hold. @param {any} value */
export function isCount(value) {
  return isInt(value) && value >= 0;
}

/** @param {any} value */
function isDict(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @type {Record<string, (value: any) => boolean>} */
const TYPES = {
  "any": () => true,
  "int": isInt,
  "count": isCount,
  "ints": (value) => isInt(value) || (Array.isArray(value) && value.every(isInt)),
  "str": isString,
  "str?": (value) => value === null || isString(value),
  "strings": (value) => Array.isArray(value) && value.every(isString),
  "strings?": (value) => value === null || (Array.isArray(value) && value.every(isString)),
  "list": Array.isArray,
  "dict": isDict,
  "errors?": (value) => value === null || (isDict(value) && Object.values(value).every(isString)),
};

/**
 * Say what is wrong with a message's fields; an empty string if nothing is.
 *
 * @param {string} op
 * @param {any[]} values
 */
export function faultOf(op, values) {
  const fields = Object.hasOwn(SPEC, op) ? SPEC[op].fields : null;
  if (!fields) {
    return `there is no message ${String(op).slice(0, 20)}`;
  }
  if (fields.length !== values.length) {
    return `${op} has ${fields.length} fields, not ${values.length}`;
  }
  for (let i = 0; i < fields.length; i++) {
    const [name, type, choices] = fields[i];
    if (!TYPES[type](values[i]) || (choices && !choices.includes(values[i]))) {
      return `${op}.${name} is not of type ${type}${choices ? " or none of its choices" : ""}`;
    }
  }
  return "";
}
