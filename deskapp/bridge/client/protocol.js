/**
 * The connection without its socket: order, repetition after a loss, back-pressure, large buffers in pieces. The
 * mirror of bridge/protocol.py, which explains it; tests/vectors/protocol holds both to the same behaviour.
 */

import {Codec} from "./codec.js";
import {MessageTooLarge, ProtocolError} from "./errors.js";
import {joinFrame} from "./frame.js";
import {LIMITS} from "./limits.js";
import {SPEC, message} from "./messages.js";
import {Outbox} from "./outbox.js";
import {Transfers} from "./transfers.js";

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./outbox.js").Entry} Entry */

/** One end of a session's connection. */
export class Protocol {
  // Outward, for this epoch

  _seq = 0;
  /** @type {{seq: number, data: string | ArrayBuffer}[]} */
  _sent = [];
  _sentBytes = 0;
  _overflowed = false;

  // Inward, for this epoch

  lastReceived = 0;

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
    this._outbox = new Outbox(this.codec, this.limits);
    this._transfers = new Transfers(this.limits.transferBytes);
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
    this._outbox = new Outbox(this.codec, this.limits);
    this._seq = 0;
    this._sent = [];
    this._sentBytes = 0;
    this._overflowed = false;
    this.lastReceived = 0;
    this._transfers = new Transfers(this.limits.transferBytes);
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
    return this._outbox.waitingBytes;
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
    return this._outbox.isEmpty && !this._sent.length && !this._owedFrames;
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
    const entry = this._outbox.makeEntry(msg);
    const replaced = this.isBehind ? this._outbox.replacedBy(msg) : [];
    const size = this._outbox.bytesWith(entry, replaced) + this._sentBytes;
    if (size > this.limits.queueBytes) {
      this._overflow(entry, size);
      return;
    }
    this._outbox.put(entry, replaced);
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
    while (!this._outbox.isEmpty && this._hasRoom()) {
      const [texts, buffers] = this._outbox.take();
      out.push(this._number(texts, buffers));
    }
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

  /**
   * @param {string[]} texts
   * @param {Uint8Array[]} buffers
   */
  _number(texts, buffers) {
    this._seq += 1;
    const data = joinFrame(this._seq, this.lastReceived, texts, buffers);
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
      this._transfers.add(frame);
      return [];
    }
    this._transfers.fill(frame.stored);
    return frame.messages;
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

/** @param {string | ArrayBuffer} data */
function sizeOf(data) {
  return typeof data === "string" ? data.length : data.byteLength;
}
