/**
 * Reactions: functions that are called with the events of what they are connected to.
 *
 * A connection string is `["!"] part ("." part)* [":" label]`, where a part is an identifier that may end in `*` (each
 * item of the list) or `**` (each item, and the items of the attribute of that name of each item, and so on). Where the
 * path passes a property, a hidden connection makes the reaction connect anew when that property changes.
 */

import {isThenable, logger, makeError, shortText} from "./errors.js";
import {loop} from "./loop.js";

/** Function calls take their arguments from the stack; more events than this are delivered in several calls. */
const MAX_EVENTS_A_CALL = 30000;

/**
 * @typedef {[component: any, type: string]} Pair What can be listened to.
 *
 * @typedef {object} Connection
 * @property {string} text The connection string without label.
 * @property {Array<{name: string, stars: number}>} parts
 * @property {string} label
 * @property {boolean} force No warning about an unknown event type.
 * @property {Links} targets What it leads to.
 * @property {Links} waypoints The properties on the way: when one changes, it may lead elsewhere.
 */

/**
 * Read a connection string.
 * @param {any} text
 * @param {string} defaultLabel
 * @returns {Connection}
 */
export function parseConnection(text, defaultLabel) {
  if (typeof text !== "string" || text.length === 0) {
    throw makeError("ValueError", `A connection string is a non-empty text, got ${shortText(text)}`);
  }
  const colon = text.indexOf(":");
  const label = colon < 0 ? "" : text.slice(colon + 1);
  let path = colon < 0 ? text : text.slice(0, colon);
  let force = false;
  if (path.startsWith("!")) {
    force = true;
    path = path.slice(1);
  } else if (path.includes("!")) {
    logger.warning(`Connection string ${shortText(text)}: the ! belongs at the start`);
    force = true;
    path = path.replace(/!/g, "");
  }
  if (path.includes(".*")) {
    logger.warning(`Connection string ${shortText(text)}: write "foo*.bar" for "foo.*.bar"`);
    path = path.replace(/\.(\*+)/g, "$1");
  }
  const parts = path.split(".").map((part) => {
    const found = /^([A-Za-z_][A-Za-z0-9_]*)(\*{0,2})$/.exec(part);
    if (found === null) {
      throw makeError("ValueError", `Connection string ${shortText(text)} has the invalid part ${shortText(part)}`);
    }
    return {name: found[1], stars: found[2].length};
  });
  const links = {targets: new Links(), waypoints: new Links()};
  return {text: path, parts, label: label || defaultLabel, force, ...links};
}

/** A set of pairs. */
class Links {
  constructor() {
    /** @type {Map<any, Set<string>>} */
    this._held = new Map();
  }

  /** @returns {Pair[]} */
  pairs() {
    /** @type {Pair[]} */
    const pairs = [];
    for (const [component, types] of this._held) {
      for (const type of types) {
        pairs.push([component, type]);
      }
    }
    return pairs;
  }

  /**
   * @param {any} component
   * @param {string} type
   */
  has(component, type) {
    const types = this._held.get(component);
    return types !== undefined && types.has(type);
  }

  /**
   * @param {any} component
   * @param {string} type
   */
  add(component, type) {
    const types = this._held.get(component);
    if (types === undefined) {
      this._held.set(component, new Set([type]));
    } else {
      types.add(type);
    }
  }

  get size() {
    return this._held.size;
  }

  /**
   * Hold what other links hold.
   * @param {Links} wanted
   * @returns {{dropped: Pair[], added: Pair[]}}
   */
  update(wanted) {
    const dropped = this.pairs().filter(([component, type]) => !wanted.has(component, type));
    const added = wanted.pairs().filter(([component, type]) => !this.has(component, type));
    this._held = wanted._held;
    return {dropped, added};
  }

  /** @param {any} component */
  forget(component) {
    this._held.delete(component);
  }
}

/** The mode of a reaction, in lower case. @param {any} mode */
export function checkedMode(mode) {
  const text = mode === null || mode === undefined ? "normal" : String(mode).toLowerCase();
  if (text !== "normal" && text !== "greedy" && text !== "auto") {
    throw makeError("TypeError", `The mode of a reaction is normal, greedy or auto, got ${shortText(mode)}`);
  }
  return text;
}

let count = 0;

/**
 * A reaction. It is a function: calling it calls the user's function at once, with the arguments given.
 * (`extends Function` is for the prototype alone: the constructor returns a closure, no code is made from text.)
 */
export class Reaction extends Function {
  /**
   * @param {any} component The root of the connection strings.
   * @param {Function} func
   * @param {string} mode "normal", "greedy" or "auto".
   * @param {string[]} strings
   * @param {string} name
   */
  // @ts-ignore: a derived constructor need not call super() if it returns an object
  constructor(component, func, mode, strings, name) {
    /** @type {any} */
    const self = (/** @type {any[]} */ ...events) => func.apply(component, events);
    Object.setPrototypeOf(self, new.target.prototype);
    count += 1;
    self._number = count;
    self._component = component;
    self._func = func;
    self._mode = mode;
    self._name = name;
    /** Properties that an auto reaction has read. */
    self._tracked = new Links();
    self._disposed = false;
    self._running = false;
    /** @type {any[]|null} Events that came while an async call ran. */
    self._held = null;
    self._connections = strings.map((text) => parseConnection(text, name));
    for (let i = 0; i < self._connections.length; i++) {
      self.reconnect(i);
    }
    return self;
  }

  toString() {
    return `reaction ${this._name} of ${this._component._id}`;
  }

  get_mode() {
    return this._mode;
  }

  get_name() {
    return this._name;
  }

  /** What it is connected to: `[[connection string, ["type:label", …]], …]`. */
  get_connection_info() {
    return this._connections.map((/** @type {Connection} */ connection) => [
      connection.text,
      connection.targets.pairs().map(([, type]) => `${type}:${connection.label}`),
    ]);
  }

  /** Let go of everything. Events that already wait are still delivered. */
  dispose() {
    this._disposed = true;
    this._connections.forEach((/** @type {Connection} */ connection, /** @type {number} */ index) => {
      const {targets, waypoints, label, force} = connection;
      this._apply(label, targets.update(new Links()), force);
      for (const [component, type] of waypoints.update(new Links()).dropped) {
        component._remove_waypoint(type, this, index);
      }
    });
    this._apply(this._name, this._tracked.update(new Links()), true);
    this._component._forget_reaction(this);
  }

  /**
   * Resolve a connection string again and connect to what it now leads to; what stays is left alone.
   * @param {number} index
   */
  reconnect(index) {
    if (this._disposed) {
      return;
    }
    /** @type {Connection} */
    const connection = this._connections[index];
    let found;
    try {
      found = this._resolve(connection);
    } catch (error) {
      this._apply(connection.label, connection.targets.update(new Links()), true);
      throw error;
    }
    const {targets, waypoints} = found;
    if (targets.size === 0 && waypoints.size === 0) {
      throw makeError("RuntimeError", `Could not connect ${this} to ${shortText(connection.text)}: nothing is there`);
    }
    this._apply(connection.label, connection.targets.update(targets), connection.force);
    const {dropped, added} = connection.waypoints.update(waypoints);
    for (const [component, type] of dropped) {
      component._remove_waypoint(type, this, index);
    }
    for (const [component, type] of added) {
      component._add_waypoint(type, this, index);
    }
  }

  /**
   * Connect to what was added to a set of links, disconnect from what was dropped. Two connection strings may lead to
   * the same thing; it is connected once per label.
   * @param {string} label
   * @param {{dropped: Pair[], added: Pair[]}} change
   * @param {boolean} force
   */
  _apply(label, {dropped, added}, force) {
    for (const [component, type] of dropped) {
      if (!this._isLinked(component, type, label)) {
        component._remove_reaction(type, this, label);
      }
    }
    for (const [component, type] of added) {
      component._add_reaction(type, this, label, force);
    }
  }

  /**
   * @param {any} component
   * @param {string} type
   * @param {string} label
   */
  _isLinked(component, type, label) {
    return (
      (label === this._name && this._tracked.has(component, type)) ||
      this._connections.some(
        (/** @type {Connection} */ connection) =>
          connection.label === label && connection.targets.has(component, type),
      )
    );
  }

  /**
   * Find what a connection string stands for now.
   * @param {Connection} connection
   */
  _resolve(connection) {
    const {parts, text} = connection;
    const targets = new Links();
    const waypoints = new Links();
    const descended = parts.map(() => new Set());
    const accessed = loop._accessed;
    loop._accessed = null; // an auto reaction may be what makes this one

    const lookUp = (/** @type {any} */ object, /** @type {string} */ name) => {
      if (object._IS_COMPONENT === true && object._members !== undefined && object._members.properties.has(name)) {
        waypoints.add(object, name);
      }
      return object[name];
    };
    const walk = (/** @type {any} */ object, /** @type {number} */ at) => {
      if (object === null || object === undefined) {
        return;
      }
      const {name, stars} = parts[at];
      const isLast = at === parts.length - 1;
      if (isLast && object._IS_COMPONENT === true && object._handlers !== undefined) {
        targets.add(object, name);
      }
      if (stars === 2) {
        descend(object, at);
      } else if (!isLast) {
        const value = lookUp(object, name);
        if (stars === 1 && value !== null && value !== undefined) {
          if (!Array.isArray(value)) {
            const found = shortText(value);
            throw makeError("RuntimeError", `Invalid connection ${shortText(text)}: ${name} is no list but ${found}`);
          }
          value.forEach((item) => walk(item, at + 1));
        } else {
          walk(value, at + 1);
        }
      }
    };
    // Walk on from each item of the list, and from the items of the same name in these.
    const descend = (/** @type {any} */ object, /** @type {number} */ at) => {
      if (descended[at].has(object)) {
        return; // a component that contains itself
      }
      descended[at].add(object);
      const {name} = parts[at];
      const isLast = at === parts.length - 1;
      const value = lookUp(object, name);
      if (!Array.isArray(value)) {
        if (!isLast) {
          walk(value, at + 1);
        }
        return;
      }
      for (const item of value) {
        if (!isLast) {
          walk(item, at + 1);
        }
        if (item !== null && typeof item === "object" && name in item) {
          if (isLast) {
            walk(item, at);
          } else {
            descend(item, at);
          }
        }
      }
    };

    try {
      walk(this._component, 0);
    } finally {
      loop._accessed = accessed;
    }
    return {targets, waypoints};
  }

  /**
   * Connect an auto reaction to the properties that it has read, and to no others.
   * @param {Map<any, Set<string>>|null} accessed
   */
  _follow(accessed) {
    if (this._disposed) {
      return;
    }
    const read = new Links();
    read._held = accessed || new Map();
    this._apply(this._name, this._tracked.update(read), true);
  }

  /** Forget a component that is disposed. @param {any} component */
  _forget(component) {
    this._tracked.forget(component);
    for (const {targets, waypoints} of this._connections) {
      targets.forget(component);
      waypoints.forget(component);
    }
  }

  /** Let nothing wait for the end of an async call. */
  cancel() {
    this._held = null;
  }

  /** Call the function for the loop. Calls of an async one never overlap. @param {any[]} events */
  _run(events) {
    if (this._running) {
      this._held = (this._held || []).concat(events);
      return;
    }
    if (events.length > MAX_EVENTS_A_CALL) {
      for (let i = 0; i < events.length; i += MAX_EVENTS_A_CALL) {
        this._run(events.slice(i, i + MAX_EVENTS_A_CALL));
      }
      return;
    }
    const result = this._func.apply(this._component, events);
    if (isThenable(result)) {
      this._running = true;
      result.then(
        () => this._ended(),
        (/** @type {unknown} */ error) => {
          logger.exception(error, `Error in ${this}:`);
          this._ended();
        },
      );
    }
  }

  _ended() {
    this._running = false;
    const events = this._held;
    this._held = null;
    if (events !== null) {
      loop.add_reaction_call(this, events);
    }
  }
}
