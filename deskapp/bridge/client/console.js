/** Forward the page's console, and errors that nobody caught, to Python; each once, and never without printing here. */

import {errorText, isThenable, shortText} from "./errors.js";

/** Lines that wait while there is no connection; older ones are dropped. */
const MAX_HELD = 200;

/** Characters of a line, or of a stack, that are sent. */
const MAX_TEXT = 10000;

/** What engines say when observers of sizes have changed sizes: nothing has failed, the rest is seen in the next frame. */
const SIZE_NOTICE = /^ResizeObserver loop /;

/** @type {Record<string, string>} Level of the wire for each function of the console. */
const LEVELS = {log: "info", info: "info", warn: "warning", error: "error"};

export class ConsoleForwarder {
  /**
   * @param {any} session
   * @param {any} window
   * @param {{isRunningScript: boolean}} page
   */
  constructor(session, window, page = {isRunningScript: false}) {
    this._page = page;
    this._session = session;
    this._window = window;
    /** @type {Array<[string, string, string]>} */
    this._held = [];
    this._dropped = 0;
    this._isBusy = false;
    /** Errors that were sent: one that is logged and then thrown is one error. @type {WeakSet<object>} */
    this._seen = new WeakSet();
  }

  /**
   * Begin to forward.
   * @returns {() => void} Ends it.
   */
  install() {
    const console = this._window.console;
    const ending = new AbortController();
    /** @type {Record<string, Function>} */
    const originals = {};
    for (const [name, level] of Object.entries(LEVELS)) {
      const original = console[name];
      originals[name] = original;
      console[name] = (/** @type {any[]} */ ...parts) => {
        original.apply(console, parts);
        this._forward(level, parts);
      };
    }
    this._session.printer = {
      log: originals.log.bind(console),
      info: originals.info.bind(console),
      warn: originals.warn.bind(console),
      error: originals.error.bind(console),
    };
    const options = {signal: ending.signal};
    this._window.addEventListener("error", (/** @type {any} */ event) => this._onError(event), options);
    const onRejection = (/** @type {any} */ event) => this._onRejection(event);
    this._window.addEventListener("unhandledrejection", onRejection, options);
    return () => {
      ending.abort();
      Object.assign(console, originals);
      this._session.printer = console;
    };
  }

  /** The connection is there (again): send what waited. */
  resume() {
    const held = this._held;
    this._held = [];
    if (this._dropped > 0) {
      this._send("warning", `${this._dropped} lines of the console were dropped while there was no connection`, "");
      this._dropped = 0;
    }
    for (const line of held) {
      this._send(...line);
    }
  }

  /** @param {any} event */
  _onError(event) {
    // Chromium calls listeners in order of registration here, so this one comes before that of `runScript`.
    if (this._page.isRunningScript || SIZE_NOTICE.test(event.message)) {
      return;
    }
    if (event.error instanceof Error) {
      this._forward("error", ["Uncaught", event.error]);
    } else if (event.message) {
      this._forward("error", [`${event.message} (${event.filename}:${event.lineno})`]);
    }
  }

  /** @param {any} event */
  _onRejection(event) {
    this._forward("error", ["Uncaught, in a promise:", event.reason]);
  }

  /**
   * @param {string} level
   * @param {any[]} parts
   */
  _forward(level, parts) {
    if (this._isBusy || this._session.is_closed) {
      return; // what sending itself logs is not sent
    }
    this._isBusy = true;
    try {
      const error = parts.find((part) => part instanceof Error);
      if (error !== undefined) {
        if (this._seen.has(error)) {
          return;
        }
        this._seen.add(error);
      }
      const text = parts.map(textOf).join(" ").slice(0, MAX_TEXT);
      this._send(level, text, error === undefined ? "" : String(error.stack || "").slice(0, MAX_TEXT));
    } catch {
      // It was printed; a console must never throw.
    } finally {
      this._isBusy = false;
    }
  }

  /**
   * @param {string} level
   * @param {string} text
   * @param {string} stack
   */
  _send(level, text, stack) {
    if (this._session.protocol.state === "connected") {
      this._session.log(level, text, stack);
      return;
    }
    if (this._held.length >= MAX_HELD) {
      this._held.shift();
      this._dropped += 1;
    }
    this._held.push([level, text, stack]);
  }
}

/**
 * A value as a line shows it.
 * @param {any} value
 */
function textOf(value) {
  if (typeof value === "string") {
    return value;
  }
  if (value instanceof Error) {
    return errorText(value);
  }
  if (value !== null && typeof value === "object" && !isThenable(value) && value._IS_COMPONENT !== true) {
    try {
      const text = JSON.stringify(value);
      if (typeof text === "string" && text !== "{}") {
        return text;
      }
    } catch {
      // contains itself, or something that JSON lacks
    }
  }
  return value === undefined ? "undefined" : value === null ? "null" : shortText(value);
}
