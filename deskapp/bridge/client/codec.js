/**
 * Messages to frames and back: the mirror of bridge/codec.py, which draws the format.
 *
 * Stated changes: `undefined` arrives as None; 1.0 is 1. A whole number beyond ±2^53 and -0 travel as text, so that
 * they arrive as floats. dates.js says what becomes of dates.
 */

import {Stored, bufferOf, checkArray, fromBytes} from "./buffers.js";
import {dateTag, parseDate} from "./dates.js";
import {CodecError, MessageTooLarge} from "./errors.js";
import {joinFrame, splitFrame} from "./frame.js";
import {MAX_INT, SPEC, faultOf, isCount} from "./messages.js";

/** @typedef {import("./buffers.js").Buffer} Buffer */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./messages.js").Message} Message */

export const MAX_FRAME_BYTES = 64 * 2 ** 20;

/** Levels of arrays and objects inside each other; deeper is taken for a value that contains itself. */
export const MAX_DEPTH = 100;

const MARK = '{"$":';

const LONE_SURROGATE = /[\ud800-\udfff]/u;
const LONE_SURROGATES = /[\ud800-\udfff]/gu;

/** @type {Record<string, [name: string, type: string, choices?: string[]][]>} */
const VALUE_FIELDS = Object.fromEntries(
  Object.entries(SPEC).map(([op, row]) => [
    op,
    row.fields.filter(([, type]) => type === "any" || type === "list" || type === "dict"),
  ]),
);

/**
 * A kind of value of its own. `encode` gives the array of JSON values that follow the tag, `decode` takes it.
 *
 * @typedef {{tag: string, test: (value: any) => boolean, encode: (value: any) => any[],
 *   decode: (body: any[]) => any}} Extension
 */

/** An incoming value that an extension decodes when its message's turn comes. */
class Extended {
  /**
   * @param {Extension} extension
   * @param {any[]} body
   */
  constructor(extension, body) {
    this.extension = extension;
    this.body = body;
  }
}

/** Turns messages into frames and frames into messages. */
export class Codec {
  /** @param {Extension[]} extensions */
  constructor(extensions = []) {
    /** @type {Map<string, Extension>} */
    this._extensions = new Map(extensions.map((extension) => [extension.tag, extension]));
    /** Arrays and objects that hold something to revive, somewhere inside. @type {WeakSet<object>} */
    this._unrevived = new WeakSet();
    /** How the text refers to a buffer; set while a message is encoded. @type {(buffer: Buffer) => number | string} */
    this.place = refuseBuffer;
  }

  // Values, outward

  /**
   * Return a copy of a value that is safe to send, and that later changes do not reach.
   *
   * @param {any} value
   * @param {string} where  What the value is, for the error's text; for example "Clock_1.text".
   */
  prepare(value, where) {
    return this._walk(value, where, null, 0);
  }

  /**
   * @param {any} value
   * @param {string} where
   * @param {Path} path
   * @param {number} depth
   * @returns {any}
   */
  _walk(value, where, path, depth) {
    switch (typeof value) {
      case "string":
        if (LONE_SURROGATE.test(value)) {
          refuse("the text holds half a character (a lone surrogate)", where, path);
        }
        return value;
      case "number":
        return sendable(value);
      case "boolean":
        return value;
      case "undefined":
        return null;
      case "object":
        return value === null ? null : this._walkObject(value, where, path, depth);
      case "bigint":
        return refuse("a BigInt cannot travel", where, path);
      default:
        return refuse(`a ${typeof value} cannot travel`, where, path);
    }
  }

  /**
   * @param {any} value
   * @param {string} where
   * @param {Path} path
   * @param {number} depth
   */
  _walkObject(value, where, path, depth) {
    if (Array.isArray(value)) {
      checkDepth(depth, where, path);
      const copy = new Array(value.length);
      for (let i = 0; i < value.length; i++) {
        const item = value[i];
        copy[i] = typeof item === "number" ? sendable(item) : this._walk(item, where, {path, key: i}, depth + 1);
      }
      return copy;
    }
    for (const extension of this._extensions.values()) {
      if (extension.test(value)) {
        return {$: [extension.tag, ...extension.encode(value)]};
      }
    }
    try {
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
        return bufferOf(this, value);
      }
      if (value instanceof Date) {
        return dateTag(value);
      }
    } catch (error) {
      throw error instanceof CodecError ? refusal(error.message, where, path) : error;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      refuse(`a ${value.constructor?.name || "value of an unknown class"} cannot travel`, where, path);
    }
    checkDepth(depth, where, path);
    const entries = Object.entries(value);
    for (const entry of entries) {
      if (LONE_SURROGATE.test(entry[0])) {
        refuse("the text holds half a character (a lone surrogate)", where, path);
      }
      entry[1] = this._walk(entry[1], where, {path, key: entry[0]}, depth + 1);
    }
    const copy = Object.fromEntries(entries); // by definition, so that a key "__proto__" is a key
    return Object.hasOwn(copy, "$") ? {$: ["o", copy]} : copy;
  }

  // Values, inward

  /**
   * Return a value of a decoded message with its extensions and buffers in place.
   *
   * @param {any} value
   * @returns {any}
   */
  revive(value) {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (value instanceof Stored) {
      return fromBytes(/** @type {Uint8Array} */ (value.data), value.dtype, value.shape);
    }
    if (value instanceof Extended) {
      return value.extension.decode(value.body.map((item) => this.revive(item)));
    }
    if (!this._unrevived.has(value)) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.revive(item));
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.revive(item)]));
  }

  /** @param {any} value */
  _isUnrevived(value) {
    return (
      typeof value === "object" &&
      value !== null &&
      (value instanceof Stored || value instanceof Extended || this._unrevived.has(value))
    );
  }

  /**
   * Replace what is tagged inside a value, as far as this frame alone allows.
   *
   * @param {any} value
   * @param {Frame} frame
   * @param {number} depth
   * @returns {any}
   */
  _resolve(value, frame, depth) {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (depth > 2 * MAX_DEPTH) {
      throw new CodecError(`a value is nested deeper than ${2 * MAX_DEPTH} levels`);
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => this._resolve(item, frame, depth + 1));
      if (items.some((item) => this._isUnrevived(item))) {
        this._unrevived.add(items);
      }
      return items;
    }
    if (Object.hasOwn(value, "$")) {
      const body = value.$;
      if (Object.keys(value).length !== 1 || !Array.isArray(body) || typeof body[0] !== "string") {
        throw new CodecError("a tagged value is malformed");
      }
      return this._resolveTag(body[0], body.slice(1), frame, depth + 1);
    }
    return this._resolveDict(value, frame, depth);
  }

  /**
   * @param {any} value
   * @param {Frame} frame
   * @param {number} depth
   */
  _resolveDict(value, frame, depth) {
    const entries = Object.entries(value).map(([key, item]) => [key, this._resolve(item, frame, depth + 1)]);
    const copy = Object.fromEntries(entries);
    if (entries.some(([, item]) => this._isUnrevived(item))) {
      this._unrevived.add(copy);
    }
    return copy;
  }

  /**
   * @param {string} tag
   * @param {any[]} body
   * @param {Frame} frame
   * @param {number} depth
   */
  _resolveTag(tag, body, frame, depth) {
    const extension = this._extensions.get(tag);
    if (extension) {
      return new Extended(
        extension,
        body.map((item) => this._resolve(item, frame, depth)),
      );
    }
    const [first, dtype, shape] = body;
    const isText = body.length === 1 && typeof first === "string";
    if (tag === "f" && isText) {
      return parseNumber(first);
    }
    if ((tag === "t" || tag === "d") && isText) {
      return parseDate(first, tag);
    }
    if (tag === "o" && body.length === 1 && typeof first === "object" && first !== null && !Array.isArray(first)) {
      return this._resolveDict(first, frame, depth);
    }
    if (tag === "b" && body.length === 1) {
      return resolveBuffer(first, "", [], frame);
    }
    if (tag === "a" && body.length === 3 && typeof dtype === "string" && Array.isArray(shape)) {
      checkArray(dtype, shape);
      return resolveBuffer(first, dtype, shape, frame);
    }
    throw new CodecError(`a value with the tag ${tag.slice(0, 20)} is unknown or malformed`);
  }

  // Frames

  /**
   * Return one frame with all of the messages, whose values are prepared; all buffers lie in it.
   *
   * @param {number} seq
   * @param {number} ack
   * @param {Message[]} messages
   */
  encodeFrame(seq, ack, messages) {
    /** @type {Uint8Array[]} */
    const buffers = [];
    const texts = messages.map((message) =>
      this.encodeMessage(message, (buffer) => buffers.push(buffer.data) - 1),
    );
    return joinFrame(seq, ack, texts, buffers);
  }

  /**
   * Return the JSON text of one message.
   *
   * @param {Message} message  Its values are prepared.
   * @param {(buffer: Buffer) => number | string} place  Called with each buffer, in order; returns its name.
   */
  encodeMessage(message, place) {
    const fields = SPEC[message.op]?.fields ?? [];
    const values = fields.map(([name]) => message[name]);
    const fault = faultOf(message.op, values);
    if (fault) {
      throw new CodecError(fault);
    }
    this.place = place;
    const text = JSON.stringify([message.op, ...values]);
    if (!text.includes("\\ud")) {
      return text;
    }
    // Prepared values were checked; names and texts of errors are not worth a refusal.
    return JSON.stringify(JSON.parse(text), (_, value) =>
      typeof value === "string" ? value.replace(LONE_SURROGATES, "\ufffd") : value,
    );
  }

  /**
   * Return the frame in `data`, validated; its buffers are laid over `data`, not copied.
   *
   * @param {string | ArrayBuffer} data
   * @param {number} limit  Bytes (characters of a text frame) that are allowed.
   * @returns {Frame}
   */
  decodeFrame(data, limit = MAX_FRAME_BYTES) {
    const size = typeof data === "string" ? data.length : data.byteLength;
    if (size > limit) {
      throw new MessageTooLarge(size, limit);
    }
    const [frame, text] = splitFrame(data);
    if (text.includes(MARK)) {
      for (const message of frame.messages) {
        for (const [name, type] of VALUE_FIELDS[message.op]) {
          const value = this._resolve(message[name], frame, 0);
          if (type === "dict" && !isDict(value)) {
            throw new CodecError(`${message.op}.${name} is no dict`);
          }
          message[name] = value;
        }
      }
    }
    return frame;
  }
}

/** @typedef {{path: Path, key: string | number} | null} Path */

/**
 * @param {string} what
 * @param {string} where
 * @param {Path} path
 */
function refusal(what, where, path) {
  let keys = "";
  for (; path; path = path.path) {
    keys = `[${JSON.stringify(path.key)}]${keys}`;
  }
  return new CodecError(what, where + keys);
}

/**
 * @param {string} what
 * @param {string} where
 * @param {Path} path
 * @returns {never}
 */
function refuse(what, where, path) {
  throw refusal(what, where, path);
}

/**
 * @param {number} depth
 * @param {string} where
 * @param {Path} path
 */
function checkDepth(depth, where, path) {
  if (depth >= MAX_DEPTH) {
    refuse(`nested deeper than ${MAX_DEPTH} levels, or contains itself`, where, path);
  }
}

/**
 * @param {Buffer} buffer
 * @returns {never}
 */
function refuseBuffer(buffer) {
  throw new CodecError(`no place for ${buffer.data.length} bytes here`);
}

/** @param {number} value */
function sendable(value) {
  if (Number.isNaN(value)) {
    return {$: ["f", "nan"]};
  }
  if (value === Infinity || value === -Infinity) {
    return {$: ["f", value > 0 ? "inf" : "-inf"]};
  }
  if (Object.is(value, -0)) {
    return {$: ["f", "-0"]};
  }
  return Number.isInteger(value) && Math.abs(value) > MAX_INT ? {$: ["f", String(value)]} : value;
}

/** @param {string} text */
function parseNumber(text) {
  if (text === "nan") {
    return NaN;
  }
  if (text === "inf" || text === "-inf") {
    return text === "inf" ? Infinity : -Infinity;
  }
  const number = Number(text);
  if (Number.isNaN(number) || !text.trim()) {
    throw new CodecError(`a tagged value cannot be read: ${text.slice(0, 40)}`);
  }
  return number;
}

/** @param {any} value */
function isDict(value) {
  const prototype = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype;
}

/**
 * @param {any} ref
 * @param {string} dtype
 * @param {number[]} shape
 * @param {Frame} frame
 */
function resolveBuffer(ref, dtype, shape, frame) {
  if (typeof ref === "string") {
    const stored = new Stored(ref, dtype, shape);
    frame.stored.push(stored);
    return stored;
  }
  if (isCount(ref) && ref < frame.buffers.length) {
    return fromBytes(frame.buffers[ref], dtype, shape);
  }
  throw new CodecError(`buffer ${String(ref).slice(0, 20)} is not in this frame`);
}
