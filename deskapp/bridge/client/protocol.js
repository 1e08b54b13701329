/**
 * The connection without its socket: order, repetition after a loss, back-pressure, large buffers in pieces. The
 * mirror of bridge/protocol.py, which explains it; tests/vectors/protocol holds both to the same behaviour.
 */

import {SPEC, message} from "./messages.js";
import {Codec, MessageTooLarge, ProtocolError} from "./codec.js";

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./codec.js").Buffer} Buffer */
/** @typedef {import("./codec.js").Frame} Frame */

const MIB = 2 ** 20;

/** The bounds of a connection; bridge/protocol.py says what each means. */
export const LIMITS = {
  frameBytes: 64 * MIB,
  queueBytes: 128 * MIB,
  transferBytes: 128 * MIB,
  chunkBytes: 1 * MIB,
  batchBytes: 1 * MIB,
  inFlightBytes: 8 * MIB,
  inFlightFrames: 256,
  ackBytes: 256 * 1024,
  ackFrames: 16,
};

/**
 * A message that waits; its large buffers, the transfers, go ahead of it.
 *
 * @typedef {{message: Message, text: string, refs: (number | string)[], inline: Uint8Array[],
 *   transfers: {id: string, data: Uint8Array}[], ownBytes: number, totalBytes: number}} Entry
 *
 * A large buffer on its way out, or in: `data` is filled up to `done`.
 * @typedef {{id: string, data: Uint8Array, done: number}} Transfer
 */

/** One end of a session's connection. */
export class Protocol {
  // Outward, for this epoch

  /** @type {Map<number, Entry>} */
  _outbox = new Map();
  /** Where `_first` stands in the outbox while `frames` runs. @type {IterableIterator<[number, Entry]> | null} */
  _walk = null;
  /** @type {[number, Entry] | null} */
  _found = null;
  _serial = 0;
  /** Per property, the queued mutations that its next `set` may replace. @type {Map<string, number[]>} */
  _replaceable = new Map();
  /** The entry whose transfers have begun. @type {Entry | null} */
  _head = null;
  /** @type {Transfer[]} */
  _outward = [];
  _nextTransfer = 1;
  _waitingBytes = 0;
  _seq = 0;
  /** @type {{seq: number, data: string | ArrayBuffer}[]} */
  _sent = [];
  _sentBytes = 0;
  _overflowed = false;

  // Inward, for this epoch

  lastReceived = 0;
  /** @type {Map<string, Transfer>} */
  _inward = new Map();
  _inwardBytes = 0;

  // For this socket

  /** @type {Message[]} */
  _control = [];
  /** @type {Message | null} */
  _close = null;
  /** @type {number | null} */
  _pong = null;
  lastPing = 0;
  lastPong = 0;
  _resend = false;
  _owedFrames = 0;
  _owedBytes = 0;

  /**
   * @param {Codec} codec
   * @param {{side?: "client" | "python", limits?: Partial<typeof LIMITS>}} options
   */
  constructor(codec = new Codec(), {side = "client", limits = {}} = {}) {
    this.codec = codec;
    this.limits = {...LIMITS, ...limits};
    /**
     * Waiting: no peer in this epoch yet. Suspended: the socket is lost, the peer may come back.
     * @type {"waiting" | "connected" | "suspended" | "closed"}
     */
    this.state = "waiting";
    /** The CLOSE that ended it. @type {Message | null} */
    this.closedWith = null;
    /** What `receive` threw last, so that it can be told from what the taker of messages throws. @type {unknown} */
    this.failure = null;
    const [outward, inward] = side === "python" ? ["p→c", "c→p"] : ["c→p", "p→c"];
    const handshake = ["HELLO", "WELCOME"]; // they are over before frames get here
    const names = Object.keys(SPEC);
    this._outgoing = new Set(names.filter((op) => SPEC[op].way === outward || SPEC[op].way === "both"));
    this._incoming = new Set(
      names.filter((op) => (SPEC[op].way === inward || SPEC[op].way === "both") && !handshake.includes(op)),
    );
  }

  _reset() {
    this._outbox = new Map();
    this._walk = this._found = null;
    this._serial = 0;
    this._replaceable = new Map();
    this._head = null;
    this._outward = [];
    this._nextTransfer = 1;
    this._waitingBytes = 0;
    this._seq = 0;
    this._sent = [];
    this._sentBytes = 0;
    this._overflowed = false;
    this.lastReceived = 0;
    this._inward = new Map();
    this._inwardBytes = 0;
    this._resetSocket();
  }

  /** Forget what concerns one socket alone. */
  _resetSocket() {
    this._control = [];
    this._close = null;
    this._pong = null;
    this.lastPing = 0;
    this.lastPong = 0;
    this._resend = false;
    this._owedFrames = 0;
    this._owedBytes = 0;
  }

  // What others may ask

  /** Bytes that were given to `send` and are not in a frame yet. */
  get waitingBytes() {
    return this._waitingBytes;
  }

  /** Bytes of the frames that the peer has not acknowledged. */
  get inFlightBytes() {
    return this._sentBytes;
  }

  /** Whether what is sent now would wait for the peer. */
  get isBehind() {
    return this.state !== "connected" || !this._hasRoom();
  }

  /** Whether nothing waits and neither side owes the other an acknowledgement. */
  get isSettled() {
    return !(this._sent.length || this._outbox.size || this._head || this._owedFrames);
  }

  /** Whether history was dropped because it grew beyond its bound; only a new epoch helps. */
  get mustRebuild() {
    return this._overflowed;
  }

  /** Whether a PING on this socket was not answered yet. */
  get awaitsPong() {
    return this.lastPong < this.lastPing;
  }

  // Life

  /**
   * Begin with a new socket, whose peer has received everything up to frame `lastSeq`.
   *
   * @param {number} lastSeq
   * @returns {boolean}  False: the peer's gaps cannot be filled, and nothing was changed; begin a new epoch.
   */
  accept(lastSeq) {
    const acknowledged = this._seq - this._sent.length;
    if (this.state === "closed" || this._overflowed || !(acknowledged <= lastSeq && lastSeq <= this._seq)) {
      return false;
    }
    this._resetSocket();
    this._trim(lastSeq);
    this._resend = this._sent.length > 0;
    this.state = "connected";
    return true;
  }

  /** The socket is lost: keep what the peer may need when it comes back. */
  suspend() {
    if (this.state === "connected") {
      this._resetSocket();
      this.state = "suspended";
    }
  }

  /** Drop everything that waits or could be repeated, and count from 1 again. */
  newEpoch() {
    if (this.state !== "closed") {
      this._reset();
      this.state = "waiting";
    }
  }

  /** End for good; whatever is sent or received from now on is dropped. */
  close() {
    this._reset();
    this.state = "closed";
  }

  // Outward

  /**
   * Queue a message; its values are prepared by the codec.
   *
   * While the peer is behind, a `set` takes the place of earlier mutations of the same property, unless something
   * else than a `set` was queued after them. Messages that are not numbered are dropped without a socket.
   *
   * @param {Message} msg
   */
  send(msg) {
    if (this.state === "closed" || this._overflowed) {
      return;
    }
    if (!this._outgoing.has(msg.op)) {
      throw new ProtocolError(`a ${msg.op} is not for this side to send`);
    }
    if (!SPEC[msg.op].numbered) {
      if (this.state === "connected") {
        this._sendControl(msg);
      }
      return;
    }
    const entry = this._makeEntry(msg);
    const replaced = this.isBehind ? this._replacedBy(msg) : [];
    let waiting = this._waitingBytes + entry.totalBytes;
    for (const serial of replaced) {
      waiting -= /** @type {Entry} */ (this._outbox.get(serial)).totalBytes;
    }
    if (waiting + this._sentBytes > this.limits.queueBytes) {
      this._overflow(entry, waiting + this._sentBytes);
      return;
    }
    for (const serial of replaced) {
      this._outbox.delete(serial);
    }
    this._waitingBytes = waiting;
    this._serial += 1;
    this._outbox.set(this._serial, entry);
    this._remember(msg, this._serial, replaced.length > 0);
  }

  /** Queue a PING and return its number. */
  ping() {
    const n = this.lastPing + 1;
    this.send(message("PING", n));
    return n;
  }

  /** @param {Message} msg */
  _sendControl(msg) {
    if (msg.op === "CLOSE") {
      this._close = msg;
      return;
    }
    if (msg.op === "PING") {
      this.lastPing = Math.max(this.lastPing, msg.n);
    }
    this._control.push(msg);
  }

  /**
   * @param {Message} msg
   * @returns {Entry}
   */
  _makeEntry(msg) {
    /** @type {Entry} */
    const entry = {message: msg, text: "", refs: [], inline: [], transfers: [], ownBytes: 0, totalBytes: 0};
    let inlineBytes = 0;
    let transferBytes = 0;
    entry.text = this.codec.encodeMessage(msg, ({data}) => {
      /** @type {number | string} */
      let ref = entry.inline.length;
      if (inlineBytes + data.length <= this.limits.chunkBytes) {
        inlineBytes += data.length;
        entry.inline.push(data);
      } else {
        ref = `b${this._nextTransfer++}`;
        transferBytes += data.length;
        entry.transfers.push({id: ref, data});
      }
      entry.refs.push(ref);
      return ref;
    });
    entry.ownBytes = entry.text.length + inlineBytes;
    entry.totalBytes = entry.ownBytes + transferBytes;
    // The frame adds its numbers and sizes; 64 bytes, and 32 for each buffer, are more than enough.
    const framed = entry.ownBytes + 64 + 32 * entry.inline.length;
    if (framed > this.limits.frameBytes) {
      throw new MessageTooLarge(framed, this.limits.frameBytes);
    }
    return entry;
  }

  /** @param {Message} msg */
  _replacedBy(msg) {
    if (msg.op !== "EMIT" || msg.mutation !== "set") {
      return [];
    }
    return (this._replaceable.get(keyOf(msg)) ?? []).filter((serial) => this._outbox.has(serial));
  }

  /**
   * Keep `_replaceable`: per property, the queued mutations that its next `set` may replace.
   *
   * @param {Message} msg
   * @param {number} serial
   * @param {boolean} hasReplaced
   */
  _remember(msg, serial, hasReplaced) {
    if (msg.op !== "EMIT" || !msg.mutation) {
      this._replaceable.clear();
      return;
    }
    const key = keyOf(msg);
    const serials = hasReplaced ? [] : (this._replaceable.get(key) ?? []);
    if (msg.mutation !== "set") {
      // A partial mutation bars the way to every other property's, not to those of its own.
      this._replaceable.clear();
    }
    serials.push(serial);
    this._replaceable.set(key, serials);
  }

  /**
   * @param {Entry} entry
   * @param {number} size
   */
  _overflow(entry, size) {
    // Somebody is there to be told, unless the peer is away: then its history is worth less than the memory.
    if (this.state !== "suspended" || entry.totalBytes > this.limits.queueBytes) {
      throw new MessageTooLarge(size, this.limits.queueBytes);
    }
    const lastReceived = this.lastReceived;
    this._reset();
    this.lastReceived = lastReceived;
    this._overflowed = true;
  }

  /**
   * Return what is to be written to the socket now, in order; each frame is returned once per socket.
   *
   * @returns {(string | ArrayBuffer)[]}
   */
  frames() {
    if (this.state !== "connected") {
      return [];
    }
    /** @type {(string | ArrayBuffer)[]} */
    const out = [];
    if (this._pong !== null) {
      this._control.push(message("PONG", this._pong));
      this._pong = null;
    }
    if (this._control.length) {
      out.push(this.codec.encodeFrame(0, this.lastReceived, this._control));
      this._control = [];
    }
    if (this._resend) {
      out.push(...this._sent.map((sent) => sent.data));
      this._resend = false;
    }
    while (this._hasRoom() && (this._outward.length || this._head || this._outbox.size)) {
      const frame = this._outward.length ? this._nextChunk() : this._nextBatch();
      if (frame !== null) {
        out.push(frame);
      }
    }
    this._walk = this._found = null;
    if (this._close !== null) {
      out.push(this.codec.encodeFrame(0, this.lastReceived, [this._close]));
      this._close = null;
    }
    const isAckDue = this._owedFrames >= this.limits.ackFrames || this._owedBytes >= this.limits.ackBytes;
    if (!out.length && isAckDue) {
      out.push(this.codec.encodeFrame(0, this.lastReceived, [message("ACK", this.lastReceived)]));
    }
    if (out.length) {
      this._owedFrames = this._owedBytes = 0;
    }
    return out;
  }

  _hasRoom() {
    return this._sentBytes < this.limits.inFlightBytes && this._sent.length < this.limits.inFlightFrames;
  }

  _nextChunk() {
    const transfer = this._outward[0];
    const start = transfer.done;
    transfer.done = Math.min(start + this.limits.chunkBytes, transfer.data.length);
    const chunk = transfer.data.subarray(start, transfer.done);
    if (transfer.done === transfer.data.length) {
      this._outward.shift();
    }
    this._waitingBytes -= chunk.length;
    const text = JSON.stringify(["BUFFER", transfer.id, start, transfer.data.length]);
    return this._number([text], [chunk]);
  }

  /**
   * The entry that has waited longest. One iterator is kept: a new one would walk over all that was deleted before.
   *
   * @returns {[number, Entry]}
   */
  _first() {
    if (this._found === null || !this._outbox.has(this._found[0])) {
      this._walk ??= this._outbox.entries();
      this._found = /** @type {[number, Entry]} */ (this._walk.next().value);
    }
    return this._found;
  }

  /** Frame as many messages as go together; null if the next one's transfers have to go first. */
  _nextBatch() {
    /** @type {string[]} */
    const texts = [];
    /** @type {Uint8Array[]} */
    const buffers = [];
    let size = 0;
    while (this._head || this._outbox.size) {
      let entry = this._head;
      if (entry === null) {
        const [serial, first] = this._first();
        entry = first;
        if (texts.length && (entry.transfers.length || size + entry.ownBytes > this.limits.batchBytes)) {
          break;
        }
        this._outbox.delete(serial);
        if (entry.transfers.length) {
          this._head = entry;
          this._outward.push(...entry.transfers.map(({id, data}) => ({id, data, done: 0})));
          return null;
        }
      }
      this._head = null;
      texts.push(this._textAt(entry, buffers.length));
      buffers.push(...entry.inline);
      size += entry.ownBytes;
      this._waitingBytes -= entry.ownBytes;
    }
    if (!this._outbox.size) {
      this._replaceable.clear();
    }
    return this._number(texts, buffers);
  }

  /**
   * Return the entry's text with its inline buffers counted from `first`.
   *
   * @param {Entry} entry
   * @param {number} first
   */
  _textAt(entry, first) {
    if (!first || !entry.inline.length) {
      return entry.text;
    }
    let i = 0;
    return this.codec.encodeMessage(entry.message, () => {
      const ref = entry.refs[i++];
      return typeof ref === "number" ? ref + first : ref;
    });
  }

  /**
   * @param {string[]} texts
   * @param {Uint8Array[]} buffers
   */
  _number(texts, buffers) {
    this._seq += 1;
    const data = this.codec.joinFrame(this._seq, this.lastReceived, texts, buffers);
    this._sent.push({seq: this._seq, data});
    this._sentBytes += sizeOf(data);
    return data;
  }

  /** @param {number} ack */
  _trim(ack) {
    let count = 0;
    while (count < this._sent.length && this._sent[count].seq <= ack) {
      this._sentBytes -= sizeOf(this._sent[count].data);
      count += 1;
    }
    this._sent.splice(0, count);
  }

  // Inward

  /**
   * Take one frame from the socket and return the messages to act on, in order.
   *
   * Repeated frames give nothing; acknowledgements, pieces of buffers, PING and PONG are consumed. Values that
   * belong to extensions are still to be revived by the codec, message by message. Throws a ProtocolError if the
   * frame breaks a rule; nothing was changed by it then.
   *
   * @param {string | ArrayBuffer} data
   * @returns {Message[]}
   */
  receive(data) {
    if (this.state === "closed") {
      return [];
    }
    try {
      return this._receive(data);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** @param {string | ArrayBuffer} data */
  _receive(data) {
    if (this.state !== "connected") {
      throw new ProtocolError("a frame came before the greeting was over");
    }
    const frame = this.codec.decodeFrame(data, this.limits.frameBytes);
    this._check(frame);
    /** @type {Message[]} */
    let messages = [];
    if (frame.seq === 0) {
      messages = this._receiveControl(frame);
    } else if (frame.seq === this.lastReceived + 1) {
      messages = this._receiveNumbered(frame);
      this.lastReceived = frame.seq;
    } else if (frame.seq > this.lastReceived) {
      throw new ProtocolError(`frame ${frame.seq} came after frame ${this.lastReceived}`);
    }
    if (frame.seq) {
      this._owedFrames += 1;
      this._owedBytes += sizeOf(data);
    }
    this._trim(frame.ack);
    return messages;
  }

  /** @param {Frame} frame */
  _check(frame) {
    if (frame.ack > this._seq) {
      throw new ProtocolError(`frame ${frame.ack} was acknowledged, but ${this._seq} was the last one`);
    }
    if (!frame.messages.length) {
      throw new ProtocolError("a frame holds no message");
    }
    for (const {op} of frame.messages) {
      if (!this._incoming.has(op)) {
        throw new ProtocolError(`a ${op} may not come from this side at this time`);
      }
      if (SPEC[op].numbered !== frame.seq > 0) {
        throw new ProtocolError(`a ${op} came in a frame with number ${frame.seq}`);
      }
    }
  }

  /** @param {Frame} frame */
  _receiveControl(frame) {
    for (const msg of frame.messages) {
      if (msg.op === "ACK" && msg.seq > this._seq) {
        throw new ProtocolError(`frame ${msg.seq} was acknowledged, but ${this._seq} was the last one`);
      }
      if (msg.op === "PONG" && msg.n > this.lastPing) {
        throw new ProtocolError(`PONG ${msg.n} answers a PING that was never sent`);
      }
    }
    for (const msg of frame.messages) {
      if (msg.op === "ACK") {
        this._trim(msg.seq);
      } else if (msg.op === "PING") {
        this._pong = Math.max(this._pong ?? 0, msg.n);
      } else if (msg.op === "PONG") {
        this.lastPong = Math.max(this.lastPong, msg.n);
      } else if (msg.op === "CLOSE") {
        this.close();
        this.closedWith = msg;
        return [msg];
      }
    }
    return [];
  }

  /** @param {Frame} frame */
  _receiveNumbered(frame) {
    if (frame.messages.some(({op}) => op === "BUFFER")) {
      this._receiveChunk(frame);
      return [];
    }
    /** @type {Map<string, Uint8Array>} */
    const taken = new Map();
    for (const stored of frame.stored) {
      const transfer = this._inward.get(stored.id);
      if (!transfer || transfer.done < transfer.data.length || taken.has(stored.id)) {
        throw new ProtocolError(`no buffer ${stored.id.slice(0, 20)} was transferred`);
      }
      stored.check(transfer.data);
      taken.set(stored.id, transfer.data);
    }
    for (const stored of frame.stored) {
      stored.data = taken.get(stored.id) ?? null;
    }
    for (const [id, data] of taken) {
      this._inward.delete(id);
      this._inwardBytes -= data.length;
    }
    return frame.messages;
  }

  /** @param {Frame} frame */
  _receiveChunk(frame) {
    const msg = frame.messages[0];
    if (msg.op !== "BUFFER" || frame.messages.length !== 1 || frame.buffers.length !== 1) {
      throw new ProtocolError("a BUFFER is not alone in its frame, with one buffer");
    }
    const chunk = frame.buffers[0];
    let transfer = this._inward.get(msg.id);
    const done = transfer ? transfer.done : 0;
    const total = transfer ? transfer.data.length : msg.total;
    if (msg.offset !== done || msg.total !== total || !chunk.length || done + chunk.length > total) {
      throw new ProtocolError(`a piece of buffer ${msg.id.slice(0, 20)} does not follow the one before`);
    }
    if (!transfer) {
      if (this._inwardBytes + total > this.limits.transferBytes) {
        throw new MessageTooLarge(this._inwardBytes + total, this.limits.transferBytes);
      }
      transfer = {id: msg.id, data: new Uint8Array(total), done: 0};
      this._inward.set(msg.id, transfer);
      this._inwardBytes += total;
    }
    transfer.data.set(chunk, done);
    transfer.done += chunk.length;
  }
}

/**
 * Return the HELLO or WELCOME that a frame must consist of.
 *
 * @param {Frame} frame
 * @param {string} op
 */
export function greeting(frame, op) {
  if (frame.seq || frame.messages.length !== 1 || frame.messages[0].op !== op) {
    throw new ProtocolError(`the first frame must be ${op}`);
  }
  return frame.messages[0];
}

/** @param {Message} msg */
function keyOf(msg) {
  return `${msg.id}\0${msg.type}`;
}

/** @param {string | ArrayBuffer} data */
function sizeOf(data) {
  return typeof data === "string" ? data.length : data.byteLength;
}
