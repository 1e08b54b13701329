/**
 * The bytes of binary values and arrays: found in values on their way out, laid under values that arrive. The mirror
 * of bridge/buffers.py.
 */

import {CodecError} from "./errors.js";
import {isCount} from "./messages.js";

/** @typedef {import("./codec.js").Codec} Codec */

const MAX_DIMENSIONS = 32;

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

/**
 * Return the bytes of a binary value or of a typed array.
 *
 * @param {Codec} codec  Which is to send them.
 * @param {any} value
 */
export function bufferOf(codec, value) {
  if (value instanceof ArrayBuffer) {
    return new Buffer(codec, new Uint8Array(value.slice(0)), "", []);
  }
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (value instanceof DataView || (value instanceof Uint8Array && !("shape" in value))) {
    return new Buffer(codec, bytes, "", []);
  }
  const dtype =
    value instanceof Uint8ClampedArray
      ? "uint8"
      : Object.keys(DTYPES).find((name) => value instanceof DTYPES[name]);
  if (!dtype) {
    throw new CodecError(`a ${value.constructor.name} cannot travel`);
  }
  /** @type {number[]} */
  const shape = value.shape ?? [value.length];
  if (!isShape(shape) || product(shape) !== value.length) {
    throw new CodecError(`the shape ${JSON.stringify(shape)} does not fit an array of ${value.length} items`);
  }
  return new Buffer(codec, bytes, dtype, [...shape]);
}

/**
 * Throw unless an array of that kind and shape may arrive.
 *
 * @param {string} dtype
 * @param {any[]} shape
 */
export function checkArray(dtype, shape) {
  if (!Object.hasOwn(DTYPES, dtype) || shape.length > MAX_DIMENSIONS) {
    throw new CodecError(`an array of ${dtype.slice(0, 20)} with ${shape.length} dimensions is unknown here`);
  }
  if (!isShape(shape)) {
    throw new CodecError("the shape of an array is malformed");
  }
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
 * Return the value whose bytes have arrived: a typed array with `shape` and `dtype`, or a plain Uint8Array.
 *
 * @param {Uint8Array} data
 * @param {string} dtype
 * @param {number[]} shape
 */
export function fromBytes(data, dtype, shape) {
  if (!dtype) {
    return data;
  }
  checkSize(data, dtype, shape);
  const array = new DTYPES[dtype](data.buffer, data.byteOffset, data.length / DTYPES[dtype].BYTES_PER_ELEMENT);
  array.shape = shape;
  array.dtype = dtype;
  return array;
}
