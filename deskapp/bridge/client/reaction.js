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
 * @typedef {object} Joint One registration at a component.
 * @property {any} component
 * @property {string} type Event type.
 * @property {string} label
 * @property {number} index Of the connection to renew, or -1 for a joint that delivers events.
 *
 * @typedef {object} Connection
 * @property {string} text The connection string without label.
 * @property {Array<{name: string, stars: number}>} parts
 * @property {string} label
 * @property {boolean} force No warning about an unknown event type.
 * @property {Joint[]} joints
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
  return {text: path, parts, label: label || defaultLabel, force, joints: []};
}

/** @param {Joint} a @param {Joint} b */
function isSameJoint(a, b) {
  return a.component === b.component && a.type === b.type && a.label === b.label;
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
    /** @type {Joint[]} Properties that an auto reaction has read. */
    self._implicit = [];
    self._disposed = false;
    self._running = false;
    /** @type {any[]} Events that came while an async call ran. */
    self._held = [];
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
      connection.joints.map((joint) => `${joint.type}:${joint.label}`),
    ]);
  }

  /** Let go of everything. Events that already wait are still delivered. */
  dispose() {
    this._disposed = true;
    for (const connection of this._connections) {
      const joints = connection.joints;
      connection.joints = [];
      this._leave(joints);
    }
    const implicit = this._implicit;
    this._implicit = [];
    this._leave(implicit);
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
    /** @type {Joint[]} */
    const joints = [];
    this._seek(joints, connection, index, this._component, 0);
    if (joints.length === 0) {
      throw makeError("RuntimeError", `Could not connect ${this} to ${shortText(connection.text)}`);
    }
    this._replace(connection.joints, joints, connection.force, () => {
      connection.joints = joints;
    });
  }

  /**
   * Move from one list of joints to another. Most often both are equal but for a stretch in the middle.
   * @param {Joint[]} before
   * @param {Joint[]} after
   * @param {boolean} force
   * @param {() => void} store Makes `after` the list that holds.
   */
  _replace(before, after, force, store) {
    let start = 0;
    const shortest = Math.min(before.length, after.length);
    while (start < shortest && isSameJoint(before[start], after[start])) {
      start += 1;
    }
    let tail = 0;
    while (tail < shortest - start && isSameJoint(before[before.length - 1 - tail], after[after.length - 1 - tail])) {
      tail += 1;
    }
    store();
    this._leave(before.slice(start, before.length - tail));
    for (let i = start; i < after.length - tail; i++) {
      const {component, type, label, index} = after[i];
      component._register(type, label, this, index, force);
    }
  }

  /**
   * Unregister joints, unless another connection of this reaction holds the same one.
   * @param {Joint[]} joints
   */
  _leave(joints) {
    if (joints.length === 0) {
      return;
    }
    /** @type {Map<any, Joint[]>} */
    const kept = new Map();
    const lists = [this._implicit, ...this._connections.map((/** @type {Connection} */ connection) => connection.joints)];
    for (const list of lists) {
      for (const joint of list) {
        const known = kept.get(joint.component);
        if (known === undefined) {
          kept.set(joint.component, [joint]);
        } else {
          known.push(joint);
        }
      }
    }
    for (const joint of joints) {
      const known = kept.get(joint.component);
      if (known === undefined || !known.some((other) => isSameJoint(other, joint))) {
        joint.component._unregister(joint.type, joint.label, this);
      }
    }
  }

  /**
   * Walk a path and collect what to connect to.
   * @param {Joint[]} joints
   * @param {Connection} connection
   * @param {number} index Of the connection.
   * @param {any} object
   * @param {number} at Position in the path.
   */
  _seek(joints, connection, index, object, at) {
    if (object === null || object === undefined) {
      return;
    }
    const {name, stars} = connection.parts[at];
    const isLast = at === connection.parts.length - 1;
    const isComponent = object._IS_COMPONENT === true;
    if (isLast) {
      if (isComponent) {
        joints.push({component: object, type: name, label: connection.label, index: -1});
      }
      if (stars < 2) {
        return;
      }
    }
    if (isComponent && object._members.properties.has(name)) {
      joints.push({component: object, type: name, label: `reconnect_${index}`, index});
    }
    const value = object[name];
    if (stars === 0) {
      this._seek(joints, connection, index, value, at + 1);
    } else if (Array.isArray(value)) {
      for (const item of value) {
        if (!isLast) {
          this._seek(joints, connection, index, item, at + 1);
        }
        if (stars === 2 && item !== null && item !== undefined && item[name] !== undefined) {
          this._seek(joints, connection, index, item, at);
        }
      }
    } else if (value !== null && value !== undefined && stars === 1) {
      throw makeError(
        "RuntimeError",
        `Invalid connection ${shortText(connection.text)}: ${name} is no list or tuple but ${shortText(value)}`,
      );
    } else if (!isLast) {
      this._seek(joints, connection, index, value, at + 1);
    }
  }

  /**
   * Connect an auto reaction to the properties that it has read, and to no others.
   * @param {Map<any, Set<string>>} accessed
   */
  _update_implicit_connections(accessed) {
    if (this._disposed) {
      return;
    }
    /** @type {Joint[]} */
    const joints = [];
    for (const [component, names] of accessed) {
      for (const type of names) {
        joints.push({component, type, label: this._name, index: -1});
      }
    }
    this._replace(this._implicit, joints, false, () => {
      this._implicit = joints;
    });
  }

  /** Forget a component that is disposed. @param {any} component */
  _forget(component) {
    for (const connection of this._connections) {
      connection.joints = connection.joints.filter((/** @type {Joint} */ joint) => joint.component !== component);
    }
    this._implicit = this._implicit.filter((/** @type {Joint} */ joint) => joint.component !== component);
  }

  /**
   * Keep an event for later if an async call of this reaction has not ended: its calls never overlap.
   * @param {any} event
   * @returns {boolean} Whether it was kept.
   */
  _hold(event) {
    if (!this._running) {
      return false;
    }
    this._held.push(event);
    return true;
  }

  /** Call the function for the loop. @param {any[]} events */
  _run(events) {
    if (events.length > MAX_EVENTS_A_CALL) {
      for (let i = 0; i < events.length; i += MAX_EVENTS_A_CALL) {
        const some = events.slice(i, i + MAX_EVENTS_A_CALL);
        if (this._running) {
          this._held.push(...some);
        } else {
          this._run(some);
        }
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
    this._held = [];
    for (const event of events) {
      loop.add_reaction_event(this, event);
    }
  }
}
