/** Large buffers that travel in pieces, ahead of the message that holds them: the mirror of bridge/transfers.py. */

import {MessageTooLarge, ProtocolError} from "./errors.js";

/** @typedef {import("./buffers.js").Stored} Stored */
/** @typedef {import("./frame.js").Frame} Frame */

/**
 * A large buffer on its way out, or in: `data` is filled up to `done`.
 *
 * @typedef {{id: string, data: Uint8Array, done: number}} Transfer
 */

/** What has come in by BUFFER messages, until a message refers to it. */
export class Transfers {
  /** @param {number} limitBytes  What they may hold together. */
  constructor(limitBytes) {
    this._limitBytes = limitBytes;
    this._bytes = 0;
    /** @type {Map<string, Transfer>} */
    this._coming = new Map();
  }

  /**
   * Take the piece of a buffer that a frame consists of. If it throws, nothing was changed.
   *
   * @param {Frame} frame
   */
  add(frame) {
    const msg = frame.messages[0];
    if (msg.op !== "BUFFER" || frame.messages.length !== 1 || frame.buffers.length !== 1) {
      throw new ProtocolError("a BUFFER is not alone in its frame, with one buffer");
    }
    const chunk = frame.buffers[0];
    let transfer = this._coming.get(msg.id);
    const done = transfer ? transfer.done : 0;
    const total = transfer ? transfer.data.length : msg.total;
    if (msg.offset !== done || msg.total !== total || !chunk.length || done + chunk.length > total) {
      throw new ProtocolError(`a piece of buffer ${msg.id.slice(0, 20)} does not follow the one before`);
    }
    if (!transfer) {
      if (this._bytes + total > this._limitBytes) {
        throw new MessageTooLarge(this._bytes + total, this._limitBytes);
      }
      transfer = {id: msg.id, data: new Uint8Array(total), done: 0};
      this._coming.set(msg.id, transfer);
      this._bytes += total;
    }
    transfer.data.set(chunk, done);
    transfer.done += chunk.length;
  }

  /**
   * Give values of one frame their bytes, which are then theirs alone. If it throws, nothing was changed.
   *
   * @param {Stored[]} waiting
   */
  fill(waiting) {
    /** @type {Map<string, Uint8Array>} */
    const taken = new Map();
    for (const stored of waiting) {
      const transfer = this._coming.get(stored.id);
      if (!transfer || transfer.done < transfer.data.length || taken.has(stored.id)) {
        throw new ProtocolError(`no buffer ${stored.id.slice(0, 20)} was transferred`);
      }
      stored.check(transfer.data);
      taken.set(stored.id, transfer.data);
    }
    for (const stored of waiting) {
      stored.data = taken.get(stored.id) ?? null;
    }
    for (const [id, data] of taken) {
      this._coming.delete(id);
      this._bytes -= data.length;
    }
  }
}
