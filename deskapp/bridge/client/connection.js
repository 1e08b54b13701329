/**
 * The socket under a `Protocol`: opened, greeted, watched, and opened again when it is lost.
 *
 * It comes back until Python says CLOSE or closes with a code 44xx. Timers of hidden pages tick once a minute, so
 * nothing here is driven by them that a message can drive; Python sends the heartbeat.
 */

import {MAX_INT, PROTOCOL_VERSION, message} from "./messages.js";
import {ProtocolError} from "./errors.js";
import {greeting} from "./protocol.js";

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./protocol.js").Protocol} Protocol */

/** The first wait before a socket is opened again; it doubles up to the longest. */
export const RETRY_FIRST_MS = 100;
export const RETRY_LONGEST_MS = 5000;

/** How long a socket may take until it has brought a WELCOME. */
export const GREETING_MS = 15000;

/** How long a probe may take; Python may be busy. */
export const PROBE_MS = 10000;

/** Python is heard once a minute at least. After this much silence it is asked by another way. */
export const SILENCE_MS = 90000;
export const SILENCE_CHECK_MS = 30000;

/** How long close() waits; engines take up to 40 s if the peer does not answer. */
export const CLOSE_MS = 1000;

/**
 * @typedef {object} Options
 * @property {string} url  Of the websocket.
 * @property {Protocol} protocol
 * @property {() => {ticket: string | null, key: string | null, navigation: string, page: string, path: string,
 *   query: string}} hello  What HELLO says; called for each socket.
 * @property {(welcome: Message) => void} onopen  Python accepted; called before anything is sent or received.
 * @property {(data: string | ArrayBuffer) => void} onframe  Give it to the protocol's `receive`.
 * @property {(code: number, reason: string) => void} onclose  It is over for good; called once.
 * @property {AbortSignal} [signal]  Ends the connection.
 * @property {string} [pingUrl]  Answers any GET while Python is there.
 * @property {Partial<Environment>} [environment]  For tests.
 */

/**
 * What the page gives.
 *
 * @typedef {object} Environment
 * @property {new (url: string) => WebSocket} WebSocket
 * @property {typeof fetch} fetch
 * @property {(callback: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} now
 * @property {() => number} random
 * @property {EventTarget} window
 * @property {EventTarget & {hidden?: boolean}} document
 */

/** A connection to Python that comes back by itself. */
export class Connection {
  /** @param {Options} options */
  constructor(options) {
    const {url, protocol, hello, onopen, onframe, onclose, signal, pingUrl = "/_ping", environment} = options;
    this.url = url;
    this.pingUrl = pingUrl;
    this.protocol = protocol;
    this.hello = hello;
    this.onopen = onopen;
    this.onframe = onframe;
    this.onclose = onclose;
    /** @type {"idle" | "greeting" | "open" | "waiting" | "probing" | "closing" | "closed"} */
    this.state = "idle";
    /** @type {Environment} */
    this._env = {...pageEnvironment(), ...environment};
    /** @type {WebSocket | null} */
    this._socket = null;
    this._attempts = 0;
    this._heard = 0;
    this._isLeaving = false;
    /** @type {any} */
    this._timer = null;
    this._ended = new AbortController();
    this._signal = signal;
  }

  /** Open the first socket. */
  start() {
    if (this.state !== "idle") {
      return;
    }
    const listen = {signal: this._ended.signal};
    const {window, document} = this._env;
    // Firefox closes the sockets of a page that is being left, and says so to it.
    window.addEventListener("pagehide", () => this._onLeave(), listen);
    window.addEventListener("pageshow", () => this._onReturn(), listen);
    window.addEventListener("online", () => this._onWake(), listen);
    document.addEventListener("visibilitychange", () => document.hidden || this._onWake(), listen);
    if (this._signal?.aborted) {
      this.close();
      return;
    }
    this._signal?.addEventListener("abort", () => this.close(), {once: true, signal: this._ended.signal});
    this._open();
  }

  /** The page is being left: what waited for more to be said has to go now. */
  _onLeave() {
    this.flush();
    this._isLeaving = true;
  }

  /** Write what the protocol has to write. */
  flush() {
    this.send(this.protocol.frames());
  }

  /**
   * Write frames of the protocol; if the socket is just being lost, the protocol repeats them on the next one.
   *
   * @param {(string | ArrayBuffer)[]} frames
   */
  send(frames) {
    if (this.state !== "open" || this._socket?.readyState !== 1) {
      return;
    }
    for (const frame of frames) {
      this._socket.send(frame);
    }
  }

  /**
   * End the connection; `onclose` is called within a second.
   *
   * @param {number} code
   * @param {string} reason
   */
  close(code = 1000, reason = "") {
    if (this.state === "closing" || this.state === "closed") {
      return;
    }
    this.state = "closing";
    this._setTimer(() => this._end(code, reason), CLOSE_MS);
    const socket = this._socket;
    if (!socket) {
      this._end(code, reason);
      return;
    }
    socket.onclose = () => this._end(code, reason);
    closeSocket(socket, code, reason);
  }

  // The life of one socket

  _open() {
    /** @type {WebSocket} */
    let socket;
    try {
      socket = new this._env.WebSocket(this.url); // a refusal by policy is thrown in some engines
    } catch {
      this._lose();
      return;
    }
    this.state = "greeting";
    this._socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this._greet(socket);
    socket.onmessage = (event) => this._onMessage(socket, event.data);
    socket.onclose = (event) => this._onSocketClosed(socket, event.code, event.reason);
    this._setTimer(() => this._lose(), GREETING_MS);
  }

  /** @param {WebSocket} socket */
  _greet(socket) {
    if (socket !== this._socket) {
      return;
    }
    const {ticket, key, navigation, page, path, query} = this.hello();
    // A number that Python never gave: it cannot fill the gap, so it begins a new epoch.
    const lastSeq = this.protocol.mustRebuild ? MAX_INT : this.protocol.lastReceived;
    const hello = message("HELLO", PROTOCOL_VERSION, ticket, key, lastSeq, navigation, page, path, query);
    socket.send(this.protocol.codec.encodeFrame(0, 0, [hello]));
  }

  /**
   * @param {WebSocket} socket
   * @param {string | ArrayBuffer} data
   */
  _onMessage(socket, data) {
    if (socket !== this._socket || this.state === "closing") {
      return;
    }
    this._heard = this._env.now();
    try {
      if (this.state === "greeting") {
        this._onWelcome(data);
      } else {
        this.onframe(data);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError) || (this.state === "open" && error !== this.protocol.failure)) {
        throw error;
      }
      this._fail(error.closeCode, error.message);
    } finally {
      this._afterMessage();
    }
  }

  _afterMessage() {
    if (this.protocol.state === "closed" && this.state !== "closed") {
      const {code, reason} = this.protocol.closedWith ?? {code: 1000, reason: ""};
      this.close(code, reason);
    }
    this.flush();
  }

  /** @param {string | ArrayBuffer} data */
  _onWelcome(data) {
    const welcome = this._readWelcome(data);
    const {protocol} = this;
    if (welcome.how !== "replay") {
      if (protocol.state !== "waiting") {
        protocol.newEpoch();
      }
      protocol.accept(0);
    } else if (!protocol.accept(welcome.last_seq)) {
      throw new ProtocolError(`frames since number ${welcome.last_seq} are wanted, which are gone`);
    }
    this._attempts = 0;
    this.state = "open";
    this._setTimer(() => this._checkSilence(), SILENCE_CHECK_MS);
    this.onopen(welcome);
  }

  /** @param {string | ArrayBuffer} data */
  _readWelcome(data) {
    const welcome = greeting(this.protocol.codec.decodeFrame(data), "WELCOME");
    if (welcome.version !== PROTOCOL_VERSION) {
      const what = `protocol version ${welcome.version} was offered, this side speaks ${PROTOCOL_VERSION}`;
      throw new ProtocolError(what, 4426);
    }
    return welcome;
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   * @param {string} reason
   */
  _onSocketClosed(socket, code, reason) {
    if (socket !== this._socket || this._isLeaving) {
      return;
    }
    if (code >= 4400 && code <= 4499) {
      this._end(code, reason);
    } else {
      this._lose();
    }
  }

  // Loss and return

  /** Give the socket up and try again later. */
  _lose() {
    this._drop();
    this.protocol.suspend();
    this.state = "waiting";
    const longest = Math.min(RETRY_FIRST_MS * 2 ** this._attempts, RETRY_LONGEST_MS);
    this._attempts += 1;
    this._setTimer(() => this._retry(), longest * (0.5 + 0.5 * this._env.random()));
  }

  async _retry() {
    // Firefox delays new sockets to a port that refused some, for seconds; a fetch it never delays.
    this.state = "probing";
    const isThere = await this._probe();
    if (this.state !== "probing") {
      return;
    }
    if (isThere) {
      this._open();
    } else {
      this._lose();
    }
  }

  /** Ask whether Python answers at all. */
  async _probe() {
    const patience = new AbortController();
    const timer = this._env.setTimeout(() => patience.abort(), PROBE_MS);
    const giveUp = () => patience.abort();
    this._ended.signal.addEventListener("abort", giveUp);
    try {
      return (await this._env.fetch(this.pingUrl, {cache: "no-store", signal: patience.signal})).ok;
    } catch {
      return false;
    } finally {
      this._env.clearTimeout(timer);
      this._ended.signal.removeEventListener("abort", giveUp);
    }
  }

  /**
   * A network may swallow a socket without a word. But silence is also what a busy Python sounds like, and then the
   * socket is good; so it is given up only if Python answers by another way, yet not by this one.
   */
  async _checkSilence() {
    const socket = this._socket;
    const heard = this._heard;
    if (this._env.now() - heard > SILENCE_MS && (await this._probe())) {
      if (this.state === "open" && socket === this._socket && heard === this._heard) {
        this._lose();
        return;
      }
    }
    if (this.state === "open" && socket === this._socket) {
      this._setTimer(() => this._checkSilence(), SILENCE_CHECK_MS);
    }
  }

  /** The page is shown again, or the network is back: no need to wait for timers. */
  _onWake() {
    if (this.state === "waiting") {
      this._attempts = 0;
      this._setTimer(null, 0);
      this._retry();
    } else if (this.state === "open") {
      this._checkSilence();
    }
  }

  /** The page came back from the browser's cache, perhaps without its socket. */
  _onReturn() {
    this._isLeaving = false;
    if ((this.state === "open" || this.state === "greeting") && (this._socket?.readyState ?? 3) > 1) {
      this._lose();
    }
  }

  // The end

  /**
   * The peer broke a rule.
   *
   * @param {number} code
   * @param {string} reason
   */
  _fail(code, reason) {
    if (this._socket) {
      closeSocket(this._socket, code, reason);
    }
    this._end(code, reason);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  _end(code, reason) {
    if (this.state === "closed") {
      return;
    }
    this._drop();
    this.state = "closed";
    this._ended.abort();
    this.protocol.close();
    this.onclose(code, reason);
  }

  /** Forget the socket; what still comes from it is ignored. */
  _drop() {
    this._setTimer(null, 0);
    const socket = this._socket;
    this._socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      closeSocket(socket, 1000, "");
    }
  }

  /**
   * @param {(() => void) | null} callback
   * @param {number} ms
   */
  _setTimer(callback, ms) {
    if (this._timer !== null) {
      this._env.clearTimeout(this._timer);
      this._timer = null;
    }
    if (callback) {
      const timer = this._env.setTimeout(() => {
        if (this._timer === timer) {
          this._timer = null;
          callback();
        }
      }, ms);
      this._timer = timer;
    }
  }
}

/** @returns {Environment} */
function pageEnvironment() {
  const page = globalThis;
  return {
    WebSocket: page.WebSocket,
    fetch: (input, init) => page.fetch(input, init),
    setTimeout: (callback, ms) => page.setTimeout(callback, ms),
    clearTimeout: (timer) => page.clearTimeout(timer),
    now: () => Date.now(),
    random: () => Math.random(),
    window: page.window,
    document: page.document,
  };
}

/**
 * @param {WebSocket} socket
 * @param {number} code
 * @param {string} reason
 */
function closeSocket(socket, code, reason) {
  try {
    // Pages may use 1000 and 3000 to 4999 only; 120 characters of ASCII fit into a close frame.
    socket.close(code >= 3000 && code <= 4999 ? code : 1000, reason.replace(/[^ -~]/g, "?").slice(0, 120));
  } catch {
    // It was closed already.
  }
}
