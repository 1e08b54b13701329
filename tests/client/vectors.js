/** What the tests of the wire share: reading vectors, and the values that JSON cannot say. */

import {readFileSync, readdirSync} from "node:fs";

import {joinFrame} from "../../deskapp/bridge/client/frame.js";

const ROOT = new URL("../vectors/", import.meta.url);

/** The cases of a file of codec vectors, without those for Python alone. */
export function codecCases(name) {
  const {cases} = JSON.parse(readFileSync(new URL(`codec/${name}.json`, ROOT), "utf-8"));
  return cases.filter((each) => each.only !== "python");
}

/** All scripts for the protocol, each with the name of its file. */
export function protocolScripts() {
  const folder = new URL("protocol/", ROOT);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.flatMap((file) =>
    JSON.parse(readFileSync(new URL(file, folder), "utf-8")).scripts.map((script) => ({file, ...script})),
  );
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Thing {
  constructor(id) {
    this.id = id;
  }
}

/** The extension that the vectors use for components. */
export const THING = {
  tag: "c",
  test: (value) => value instanceof Thing,
  encode: (thing) => ["s1", thing.id],
  decode: ([session, id]) => {
    if (session !== "s1") {
      throw new Error(`no session ${session}`);
    }
    return new Thing(id);
  },
};

const ARRAYS = {
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

function typedArray(dtype, shape, items) {
  const array = ARRAYS[dtype].from(items.map((item) => (dtype.endsWith("64") && dtype[0] !== "f" ? BigInt(item) : item)));
  return Object.assign(array, {shape, dtype});
}

function cycle() {
  const list = [];
  list.push(list);
  return list;
}

const KINDS = {
  "float": (text) => ({nan: NaN, inf: Infinity, "-inf": -Infinity})[text] ?? Number(text),
  "bytes": fromHex,
  "arraybuffer": (text) => fromHex(text).buffer,
  "dataview": (text) => new DataView(fromHex(text).buffer),
  "array": typedArray,
  "badshape": () => typedArray("int8", [2, 2], [1, 2, 3]),
  "datetime": (text) => Object.defineProperty(new Date(text), "iso", {value: text}),
  "date": (text) => Object.defineProperty(new Date(`${text}T00:00:00`), "iso", {value: text}),
  "jsdate": (ms) => new Date(Number(ms)),
  "thing": (id) => new Thing(id),
  "undefined": () => undefined,
  "bigint": (text) => BigInt(text),
  "set": () => new Set(),
  "map": () => new Map(),
  "object": () => new (class Odd {})(),
  "function": () => () => 1,
  "surrogate": () => "a\ud800",
  "surrogate key": () => ({"a\ud800": 1}),
  "cycle": cycle,
};

/** Make the value that an expression stands for; {"@": [kind, …]} is one beyond JSON. */
export function build(expr) {
  if (Array.isArray(expr)) {
    return expr.map(build);
  }
  if (typeof expr !== "object" || expr === null) {
    return expr;
  }
  if (Object.hasOwn(expr, "@")) {
    const [kind, ...args] = expr["@"];
    return KINDS[kind](...args);
  }
  return Object.fromEntries(Object.entries(expr).map(([key, item]) => [key, build(item)]));
}

/** Return the expression for a value, with kinds that deepEqual would not tell apart. */
export function describe(value) {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return {"@": ["float", Object.is(value, -0) ? "-0" : String(value)]};
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(describe);
  }
  if (value instanceof Thing) {
    return {"@": ["thing", value.id]};
  }
  if (value instanceof Date) {
    return {"@": ["date", value.getTime(), value.iso ?? ""]};
  }
  if (ArrayBuffer.isView(value)) {
    return value.dtype
      ? {"@": ["array", value.constructor.name, value.dtype, value.shape, Array.from(value, Number)]}
      : {"@": ["bytes", value.constructor.name, toHex(value)]};
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describe(item)]));
}

/** A frame of the vectors as it is received. */
export function frameOf(expr) {
  if (Array.isArray(expr)) {
    return JSON.stringify(expr);
  }
  if ("text" in expr) {
    return expr.text;
  }
  if ("hex" in expr) {
    return fromHex(expr.hex).buffer;
  }
  const [seq, ack, messages] = expr.head;
  return joinFrame(
    seq,
    ack,
    messages.map((each) => JSON.stringify(each)),
    expr.buffers.map(fromHex),
  );
}
