/**
 * Errors that carry the names of Python's, and the logger that reports those nobody catches.
 *
 * Transpiled code tells errors apart by `err instanceof Error && err.name === "ValueError"`; so does this client.
 */

/**
 * Make an error of one of Python's kinds.
 * @param {string} name Such as "TypeError".
 * @param {string} message One sentence.
 * @param {unknown} [cause] The error that led to this one.
 * @returns {Error}
 */
export function makeError(name, message, cause) {
  const error = new Error(message);
  error.name = name;
  if (cause !== undefined) {
    error.cause = cause;
  }
  return error;
}

/**
 * What an error says, after its name. The messages of transpiled `raise` begin with the name already.
 * @param {Error} error
 * @returns {string}
 */
export function errorText({name, message}) {
  return message.startsWith(`${name}: `) ? message : `${name}: ${message}`;
}

/**
 * A short text that shows a value in a message; never longer than about 80 characters.
 * @param {any} value
 * @returns {string}
 */
export function shortText(value) {
  let text;
  if (value === undefined || value === null) {
    text = "None";
  } else if (typeof value === "string") {
    text = JSON.stringify(value);
  } else if (value._IS_COMPONENT === true) {
    text = `<component ${value._id}>`;
  } else if (typeof value === "function") {
    text = `<function ${value.name}>`;
  } else if (value instanceof Error) {
    text = errorText(value);
  } else if (Array.isArray(value)) {
    text = `array of ${value.length}`;
    if (value.length <= 8) {
      const items = value.map((item) => (item !== null && typeof item === "object" ? "…" : shortText(item)));
      text = `[${items.join(", ")}]`;
    }
  } else if (typeof value === "object") {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    text = tag === "Object" ? `{${Object.keys(value).slice(0, 8).join(", ")}}` : `<${tag}>`;
  } else {
    text = String(value);
  }
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * Whether a function gave back a promise.
 * @param {any} value
 */
export function isThenable(value) {
  return value !== null && typeof value === "object" && typeof value.then === "function";
}

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

/** What the event system and the session report. Everything goes through the console, which the session forwards. */
export const logger = {
  /** @param {...any} parts */
  debug(...parts) {
    console.debug(...parts);
  },
  /** @param {...any} parts */
  info(...parts) {
    console.info(...parts);
  },
  /** @param {...any} parts */
  warning(...parts) {
    console.warn(...parts);
  },
  /** @param {...any} parts */
  error(...parts) {
    console.error(...parts);
  },
  /**
   * Report an error that was caught at a border: a queued call, an action, a reaction, a message.
   * @param {unknown} error
   * @param {string} [where] What was being done.
   */
  exception(error, where) {
    if (where) {
      console.error(where, error);
    } else {
      console.error(error);
    }
  },
};
