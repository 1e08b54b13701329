/**
 * The layout of a frame: text, or a head of text with buffers behind it. The mirror of bridge/frame.py, which draws it.
 */

import {CodecError} from "./errors.js";
import {SPEC, faultOf, isCount} from "./messages.js";

/** @typedef {import("./buffers.js").Stored} Stored */
/** @typedef {import("./messages.js").Message} Message */

/**
 * A decoded frame. `stored` are the values that wait for the bytes of a transfer.
 *
 * @typedef {{seq: number, ack: number, messages: Message[], buffers: Uint8Array[], stored: Stored[]}} Frame
 */

/**
 * Return the frame of messages that are text already.
 *
 * @param {number} seq
 * @param {number} ack
 * @param {string[]} texts
 * @param {Uint8Array[]} buffers
 * @returns {string | ArrayBuffer}
 */
export function joinFrame(seq, ack, texts, buffers = []) {
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
 * Take a frame apart, and return it with its text; its buffers are laid over `data`, not copied.
 *
 * @param {string | ArrayBuffer} data
 * @returns {[frame: Frame, text: string]}
 */
export function splitFrame(data) {
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
    buffers: typeof data === "string" ? [] : layBuffers(data, end, head[3]),
    stored: [],
  };
  return [frame, text];
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
function layBuffers(data, end, sizes) {
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

/** @param {number} size */
function padded(size) {
  return Math.ceil(size / 8) * 8;
}
