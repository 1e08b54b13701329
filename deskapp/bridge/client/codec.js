/**
 * Messages to frames and back: the mirror of bridge/codec.py, which draws the format.
 *
 * Stated changes: `undefined` arrives as None; 1.0 is 1. A whole number beyond ±2^53 and -0 travel as text, so that
 * they arrive as floats. A Date made from a Python date or datetime carries its text as `iso` and goes back as it
 * came, if it was not changed.
 */

import {MAX_INT, SPEC, faultOf} from "./messages.js";

/** @typedef {import("./messages.js").Message} Message */

export const MAX_FRAME_BYTES = 64 * 2 ** 20;

/** Levels of arrays and objects inside each other; deeper is taken for a value that contains itself. */
export const MAX_DEPTH = 100;

const MAX_DIMENSIONS = 32;

const MARK = '{"$":';

const LONE_SURROGATE = /[\ud800-\udfff]/u;
const LONE_SURROGATES = /[\ud800-\udfff]/gu;

/** @type {Record<string, any>} */
const DTYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** @type {Record<string, [name: string, type: string, choices?: string[]][]>} */
const VALUE_FIELDS = Object.fromEntries(
  Object.entries(SPEC).map(([op, row]) => [
    op,
    row.fields.filter(([, type]) => type === "any" || type === "list" || type === "dict"),
  ]),
);

/** The peer, or a value, broke the rules of the wire; a connection ends with `closeCode`. */
export class ProtocolError extends Error {
  /**
   * @param {string} what
   * @param {number} closeCode
   */
  constructor(what, closeCode = 4400) {
    super(what);
    this.name = "ProtocolError";
    this.closeCode = closeCode;
  }
}

/** A value that cannot travel, or a frame that cannot be read. */
export class CodecError extends ProtocolError {
  /**
   * @param {string} what
   * @param {string} where  Component, property and path inside the value.
   */
  constructor(what, where = "") {
    super(where ? `${where}: ${what}` : what);
    this.name = "CodecError";
    this.where = where;
  }
}

/** A message, or a queue of them, passed its bound. */
export class MessageTooLarge extends ProtocolError {
  /**
   * @param {number} size
   * @param {number} limit
   */
  constructor(size, limit) {
    super(`${size} bytes, the limit is ${limit} bytes`, 4413);
    this.name = "MessageTooLarge";
  }
}

/**
 * A kind of value of its own. `encode` gives the array of JSON values that follow the tag, `decode` takes it.
 *
 * @typedef {{tag: string, test: (value: any) => boolean, encode: (value: any) => any[],
 *   decode: (body: any[]) => any}} Extension
 */

/** The bytes of a value on its way out; they no longer change. */
export class Buffer {
  /**
   * @param {Codec} codec
   * @param {Uint8Array} data
   * @param {string} dtype  Empty for plain bytes.
   * @param {number[]} shape
   */
  constructor(codec, data, dtype, shape) {
    this.codec = codec;
    this.data = data;
    this.dtype = dtype;
    this.shape = shape;
  }

  /** Called by JSON.stringify. */
  toJSON() {
    const ref = this.codec.place(this);
    return {$: this.dtype ? ["a", ref, this.dtype, this.shape] : ["b", ref]};
  }
}

/** An incoming value whose bytes came in an earlier transfer; the protocol fills in `data`. */
export class Stored {
  /**
   * @param {string} id
   * @param {string} dtype
   * @param {number[]} shape
   */
  constructor(id, dtype, shape) {
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    /** @type {Uint8Array | null} */
    this.data = null;
  }

  /**
   * Throw if `data` cannot be this value's bytes.
   *
   * @param {Uint8Array} data
   */
  check(data) {
    checkSize(data, this.dtype, this.shape);
  }
}

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

/**
 * A decoded frame. `stored` are the values that wait for the bytes of a transfer.
 *
 * @typedef {{seq: number, ack: number, messages: Message[], buffers: Uint8Array[], stored: Stored[]}} Frame
 */

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
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      return this._buffer(value, where, path);
    }
    if (value instanceof Date) {
      return dateTag(value, where, path);
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

  /**
   * @param {any} value
   * @param {string} where
   * @param {Path} path
   */
  _buffer(value, where, path) {
    if (value instanceof ArrayBuffer) {
      return new Buffer(this, new Uint8Array(value.slice(0)), "", []);
    }
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
    if (value instanceof DataView || (value instanceof Uint8Array && !("shape" in value))) {
      return new Buffer(this, bytes, "", []);
    }
    const dtype =
      value instanceof Uint8ClampedArray
        ? "uint8"
        : Object.keys(DTYPES).find((name) => value instanceof DTYPES[name]);
    if (!dtype) {
      return refuse(`a ${value.constructor.name} cannot travel`, where, path);
    }
    /** @type {number[]} */
    const shape = value.shape ?? [value.length];
    if (!isShape(shape) || product(shape) !== value.length) {
      refuse(`the shape ${JSON.stringify(shape)} does not fit an array of ${value.length} items`, where, path);
    }
    return new Buffer(this, bytes, dtype, [...shape]);
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
    if (tag === "a" && body.length === 3 && typeof dtype === "string" && Object.hasOwn(DTYPES, dtype) && isShape(shape)) {
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
    return this.joinFrame(seq, ack, texts, buffers);
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
   * Return the frame of messages that are text already.
   *
   * @param {number} seq
   * @param {number} ack
   * @param {string[]} texts
   * @param {Uint8Array[]} buffers
   * @returns {string | ArrayBuffer}
   */
  joinFrame(seq, ack, texts, buffers = []) {
    const start = `[${seq},${ack},[${texts.join(",")}]`;
    if (!buffers.length) {
      return start + "]";
    }
    const head = new TextEncoder().encode(`${start},[${buffers.map((data) => data.length).join(",")}]]`);
    let size = padded(4 + head.length);
    for (const data of buffers) {
      size += padded(data.length);
    }
    const frame = new Uint8Array(size);
    new DataView(frame.buffer).setUint32(0, head.length, true);
    frame.set(head, 4);
    let offset = padded(4 + head.length);
    for (const data of buffers) {
      frame.set(data, offset);
      offset += padded(data.length);
    }
    return frame.buffer;
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
    const [text, end] = typeof data === "string" ? [data, 0] : headOf(data);
    /** @type {any} */
    let head;
    try {
      head = JSON.parse(text);
    } catch (error) {
      throw new CodecError(`a frame cannot be read: ${error}`);
    }
    const isHead = Array.isArray(head) && head.length === (typeof data === "string" ? 3 : 4);
    if (!isHead || !isCount(head[0]) || !isCount(head[1]) || !Array.isArray(head[2])) {
      throw new CodecError("a frame cannot be read: its head is malformed");
    }
    /** @type {Frame} */
    const frame = {
      seq: head[0],
      ack: head[1],
      messages: head[2].map(toMessage),
      buffers: typeof data === "string" ? [] : split(data, end, head[3]),
      stored: [],
    };
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
 * @returns {never}
 */
function refuse(what, where, path) {
  let keys = "";
  for (; path; path = path.path) {
    keys = `[${JSON.stringify(path.key)}]${keys}`;
  }
  throw new CodecError(what, where + keys);
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
 * @param {string} text
 * @param {string} tag
 */
function parseDate(text, tag) {
  const date = new Date(moment(text));
  if (Number.isNaN(date.getTime()) || ISO_DATE.test(text) !== (tag === "d")) {
    throw new CodecError(`a tagged value cannot be read: ${text.slice(0, 40)}`);
  }
  // Python's dates have microseconds, may lack a time or a zone; the text keeps that for the way back.
  Object.defineProperty(date, "iso", {value: text});
  return date;
}

/**
 * @param {Date & {iso?: string}} date
 * @param {string} where
 * @param {Path} path
 */
function dateTag(date, where, path) {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    return refuse("a Date that is invalid, or not of the years 1 to 9999, cannot travel", where, path);
  }
  if (typeof date.iso === "string" && moment(date.iso) === date.getTime()) {
    return {$: [ISO_DATE.test(date.iso) ? "d" : "t", date.iso]};
  }
  return {$: ["t", date.toISOString()]};
}

/** @param {number} size */
function padded(size) {
  return Math.ceil(size / 8) * 8;
}

/** @param {any} value */
function isDict(value) {
  const prototype = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype;
}

/** @param {any} value */
function isCount(value) {
  return Number.isInteger(value) && value >= 0 && value <= MAX_INT;
}

/** @param {any} shape */
function isShape(shape) {
  return Array.isArray(shape) && shape.length <= MAX_DIMENSIONS && shape.every(isCount);
}

/** @param {number[]} shape */
function product(shape) {
  return shape.reduce((size, n) => size * n, 1);
}

/**
 * @param {Uint8Array} data
 * @param {string} dtype
 * @param {number[]} shape
 */
function checkSize(data, dtype, shape) {
  if (dtype && product(shape) * DTYPES[dtype].BYTES_PER_ELEMENT !== data.length) {
    throw new CodecError(`an array of ${dtype} ${JSON.stringify(shape)} does not fill ${data.length} bytes`);
  }
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

/**
 * @param {Uint8Array} data
 * @param {string} dtype
 * @param {number[]} shape
 */
function fromBytes(data, dtype, shape) {
  if (!dtype) {
    return data;
  }
  checkSize(data, dtype, shape);
  const array = new DTYPES[dtype](data.buffer, data.byteOffset, data.length / DTYPES[dtype].BYTES_PER_ELEMENT);
  array.shape = shape;
  array.dtype = dtype;
  return array;
}

/**
 * @param {any} item
 * @returns {Message}
 */
function toMessage(item) {
  const fault = Array.isArray(item) ? faultOf(item[0], item.slice(1)) : "a message is no array";
  if (fault) {
    throw new CodecError(`a frame cannot be read: ${fault}`);
  }
  /** @type {Message} */
  const message = {op: item[0]};
  SPEC[item[0]].fields.forEach(([name], i) => {
    message[name] = item[i + 1];
  });
  return message;
}

/**
 * Return the text of a binary frame's head, and where the head ends.
 *
 * @param {ArrayBuffer} data
 * @returns {[text: string, end: number]}
 */
function headOf(data) {
  const end = data.byteLength < 4 ? Infinity : 4 + new DataView(data).getUint32(0, true);
  if (end > data.byteLength) {
    throw new CodecError("a binary frame ends inside its head");
  }
  try {
    return [new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(new Uint8Array(data, 4, end - 4)), end];
  } catch {
    throw new CodecError("a frame cannot be read: its head is not UTF-8");
  }
}

/**
 * Lay buffers over a binary frame.
 *
 * @param {ArrayBuffer} data
 * @param {number} end  Where its head ends.
 * @param {any} sizes
 */
function split(data, end, sizes) {
  if (!Array.isArray(sizes) || !sizes.every(isCount)) {
    throw new CodecError("a frame cannot be read: its sizes are malformed");
  }
  const buffers = [];
  for (const size of sizes) {
    const start = padded(end);
    end = start + size;
    if (end > data.byteLength) {
      throw new CodecError("a binary frame ends inside a buffer");
    }
    buffers.push(new Uint8Array(data, start, size));
  }
  if (padded(end) !== data.byteLength) {
    throw new CodecError("a binary frame has bytes behind its last buffer");
  }
  return buffers;
}
