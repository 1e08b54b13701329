/**
 * Messages that wait for their turn to be written: fewer of them while the peer is behind, then in batches. The mirror
 * of bridge/outbox.py.
 */

import {MessageTooLarge} from "./errors.js";

/** @typedef {import("./codec.js").Codec} Codec */
/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./transfers.js").Transfer} Transfer */

/**
 * A message that waits; its large buffers, the transfers, go ahead of it.
 *
 * @typedef {{message: Message, text: string, refs: (number | string)[], inline: Uint8Array[],
 *   transfers: {id: string, data: Uint8Array}[], ownBytes: number, totalBytes: number}} Entry
 */

/** The numbered messages of one epoch that are not in a frame yet, in order. */
export class Outbox {
  /**
   * @param {Codec} codec  Writes them.
   * @param {typeof import("./limits.js").LIMITS} limits
   */
  constructor(codec, limits) {
    this._codec = codec;
    this._limits = limits;
    this.waitingBytes = 0;
    /** @type {Map<number, Entry>} */
    this._entries = new Map();
    this._serial = 0;
    /** Where `_first` stands in the entries. @type {IterableIterator<number> | null} */
    this._serials = null;
    this._firstSerial = 0;
    /** Per property, the queued mutations that its next `set` may replace. @type {Map<string, number[]>} */
    this._replaceable = new Map();
    /** The entry whose transfers have begun. @type {Entry | null} */
    this._head = null;
    /** @type {Transfer[]} */
    this._transfers = [];
    this._nextTransfer = 1;
  }

  get isEmpty() {
    return !(this._transfers.length || this._head || this._entries.size);
  }

  // In

  /**
   * Write a message, without queueing it.
   *
   * @param {Message} msg
   * @returns {Entry}
   */
  makeEntry(msg) {
    /** @type {Entry} */
    const entry = {message: msg, text: "", refs: [], inline: [], transfers: [], ownBytes: 0, totalBytes: 0};
    let inlineBytes = 0;
    let transferBytes = 0;
    entry.text = this._codec.encodeMessage(msg, ({data}) => {
      /** @type {number | string} */
      let ref = entry.inline.length;
      if (inlineBytes + data.length <= this._limits.chunkBytes) {
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
    if (framed > this._limits.frameBytes) {
      throw new MessageTooLarge(framed, this._limits.frameBytes);
    }
    return entry;
  }

  /**
   * Return the queued mutations whose place a message may take.
   *
   * @param {Message} msg
   */
  replacedBy(msg) {
    if (msg.op !== "EMIT" || msg.mutation !== "set") {
      return [];
    }
    return (this._replaceable.get(keyOf(msg)) ?? []).filter((serial) => this._entries.has(serial));
  }

  /**
   * Return how much would wait after `put`.
   *
   * @param {Entry} entry
   * @param {number[]} replaced
   */
  bytesWith(entry, replaced) {
    let waiting = this.waitingBytes + entry.totalBytes;
    for (const serial of replaced) {
      waiting -= /** @type {Entry} */ (this._entries.get(serial)).totalBytes;
    }
    return waiting;
  }

  /**
   * Queue an entry, in place of the mutations that `replacedBy` found.
   *
   * @param {Entry} entry
   * @param {number[]} replaced
   */
  put(entry, replaced) {
    this.waitingBytes = this.bytesWith(entry, replaced);
    for (const serial of replaced) {
      this._entries.delete(serial);
    }
    this._serial += 1;
    this._entries.set(this._serial, entry);
    this._remember(entry.message, this._serial, replaced.length > 0);
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

  // Out

  /**
   * Return what the next frame consists of: texts of messages and their buffers. There must be something.
   *
   * @returns {[texts: string[], buffers: Uint8Array[]]}
   */
  take() {
    const batch = this._transfers.length ? null : this._takeBatch();
    return batch ?? this._takeChunk();
  }

  /** @returns {[texts: string[], buffers: Uint8Array[]]} */
  _takeChunk() {
    const transfer = this._transfers[0];
    const start = transfer.done;
    transfer.done = Math.min(start + this._limits.chunkBytes, transfer.data.length);
    const chunk = transfer.data.subarray(start, transfer.done);
    if (transfer.done === transfer.data.length) {
      this._transfers.shift();
    }
    this.waitingBytes -= chunk.length;
    const text = JSON.stringify(["BUFFER", transfer.id, start, transfer.data.length]);
    return [[text], [chunk]];
  }

  /** The entry that has waited longest. One iterator is kept: a new one would walk over all that was deleted before. */
  _first() {
    if (!this._entries.has(this._firstSerial)) {
      this._serials ??= this._entries.keys();
      this._firstSerial = /** @type {number} */ (this._serials.next().value);
    }
    return this._firstSerial;
  }

  /**
   * Take as many messages as go together; null if the next one's transfers have to go first.
   *
   * @returns {[texts: string[], buffers: Uint8Array[]] | null}
   */
  _takeBatch() {
    /** @type {string[]} */
    const texts = [];
    /** @type {Uint8Array[]} */
    const buffers = [];
    let size = 0;
    while (this._head || this._entries.size) {
      let entry = this._head;
      if (entry === null) {
        const serial = this._first();
        entry = /** @type {Entry} */ (this._entries.get(serial));
        if (texts.length && (entry.transfers.length || size + entry.ownBytes > this._limits.batchBytes)) {
          break;
        }
        this._entries.delete(serial);
        if (entry.transfers.length) {
          this._head = entry;
          this._transfers.push(...entry.transfers.map(({id, data}) => ({id, data, done: 0})));
          return null;
        }
      }
      this._head = null;
      texts.push(this._textAt(entry, buffers.length));
      buffers.push(...entry.inline);
      size += entry.ownBytes;
      this.waitingBytes -= entry.ownBytes;
    }
    if (!this._entries.size) {
      this._replaceable.clear();
      this._serials = null; // else it would stop here for good, and hold what it has passed
    }
    return [texts, buffers];
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
    return this._codec.encodeMessage(entry.message, () => {
      const ref = entry.refs[i++];
      return typeof ref === "number" ? ref + first : ref;
    });
  }
}

/** @param {Message} msg */
function keyOf(msg) {
  return `${msg.id}\0${msg.type}`;
}
