/**
 * `Model`, the older style of objects that live in Python and here, each side with its own code; the mirror of
 * bridge/model.py, where its messages are listed.
 */

import {AppComponent} from "./app_component.js";
import {hasKeywords, MAKING} from "./calling.js";
import {logger, makeError, shortText} from "./errors.js";
import {Handler} from "./handler.js";
import {loop} from "./loop.js";
import {PageEnd} from "./revision.js";
import {isSame} from "./values.js";

/** @typedef {import("./app_component.js").Making} Making */

/**
 * @typedef {object} ModelProperty
 * @property {string} key Where instances keep the value.
 * @property {Function} validate
 * @property {boolean} hasDefault
 * @property {boolean} isReadonly
 */

/** Type of the event by which a blob is acknowledged. */
const RECEIVED = "$received";

/** How often a blob is asked for, if the connection is lost meanwhile. */
const FETCH_ATTEMPTS = 2;

/** @type {ModelProperty} */
const SYNC_PROPS = {
  key: "_sync_props_value",
  validate: (/** @type {any} */ value = true) => Boolean(value),
  hasDefault: true,
  isReadonly: false,
};

/** What every Model declares. */
const MEMBERS = {
  properties: new Map([["sync_props", SYNC_PROPS]]),
  actions: new Map(),
  emitters: new Set(),
  reactions: new Map(),
  attributes: new Set(["id", "root", "session", "uid"]),
  /** Properties that both sides have. */
  shared: new Set(["sync_props"]),
  /** Types of events that Python alone has. */
  remote: new Set(),
};

export class Model extends AppComponent {
  /** @param {...any} args What the session gives; others cannot make one. */
  __init__(...args) {
    /** @type {Making|null} */
    const making = hasKeywords(args) ? args[0][MAKING] || null : null;
    if (making === null) {
      throw makeError("RuntimeError", `${this.__name__} is a Model: it can only be made in Python`);
    }
    this._begin();
    this._session = making.session;
    this._id = making.id;
    /** Types of events that Python listens to. @type {Set<string>} */
    this._types = new Set(making.types);
    /** @type {string} Event types that Python was last asked for. */
    this._wanted = "[]";
    this._is_survivor = making.isSurvivor;
    this._is_telling = false;
    /** @type {Set<string>} */
    this._being_set = new Set();
    /** Properties that have been set. @type {Set<string>} */
    this._ever_set = new Set();
    /** @type {Map<string, PageEnd>} */
    this._ends = new Map();
    this._session.register(this);
    const members = this._members;
    for (const name of [...members.emitters, ...members.properties.keys(), ...members.remote]) {
      this._handlers.set(name, []);
    }
    this._observer = (event) => this._tell(event);
    loop._activate_component(this);
    try {
      this._set_defaults();
    } finally {
      loop._deactivate_component(this);
    }
    this._is_telling = !making.isSurvivor;
  }

  _set_defaults() {
    /** @type {any} */
    const self = this;
    for (const prop of this._members.properties.values()) {
      self[prop.key] = null;
    }
    for (const [name, prop] of this._members.properties) {
      if (prop.hasDefault) {
        this._store(name, this._validate(name, prop, undefined));
      }
    }
  }

  /** @returns {any} Those of this very class are put on its prototype by `defineModel`. */
  get _members() {
    return MEMBERS;
  }

  get __handlers__() {
    return [...this._members.reactions.keys()];
  }

  get __local_properties__() {
    return [...this._members.properties.keys()].filter((name) => !this._members.shared.has(name));
  }

  /** For subclasses: set the object up. Values and attributes are there, handlers are not connected yet. */
  init() {}

  get sync_props() {
    return this._get_prop("sync_props");
  }

  set sync_props(value) {
    this._set_prop("sync_props", value);
  }

  // -- Steps of construction and calls that Python asks for ------------------------------------------------------

  /**
   * @param {string} step
   * @param {any[]} args
   */
  _perform_step(step, args) {
    switch (step) {
      case "$init":
        return this._run_init();
      case "$handlers":
        return this._init_handlers();
      case "$set":
        /** @type {any} */ (this)[args[0]] = args[1];
        return undefined;
      case "$run":
        this._session.page.evaluate(`deskapp_model.${args[0]}`, {deskapp_model: this});
        return undefined;
      case "$data":
        this.retrieve_data(args[0], args[1], args[2]);
        return undefined;
      default:
        throw makeError("NotDeclared", `A Model does not know ${shortText(step)}`);
    }
  }

  _run_init() {
    /** @type {any} */
    const self = this;
    const {properties, shared} = this._members;
    const held = [...shared].map((name) => [name, self[properties.get(name).key]]);
    loop._activate_component(this);
    try {
      this.init();
    } finally {
      loop._deactivate_component(this);
      if (this._is_survivor) {
        // What Python holds counts, whatever init makes of an object that it takes for a new one.
        for (const [name, value] of held) {
          this._store(name, value);
        }
        this._is_survivor = false;
        this._is_telling = true;
      }
    }
  }

  /** The last step: connect the handlers of the class, and let the loop deliver what happened so far. */
  _init_handlers() {
    if (this._pending !== null) {
      this._pending.push(null); // marks the end of construction
      loop.call_soon(() => this._deliver_pending());
    }
    for (const [name, {func, connections}] of this._members.reactions) {
      const handler = new Handler(this, func, connections, name);
      Object.defineProperty(this, name, {value: handler, configurable: true});
    }
  }

  // -- Properties ------------------------------------------------------------------------------------------------

  /** @param {string} name */
  _get_prop(name) {
    /** @type {any} */
    const self = this;
    if (loop._accessed !== null) {
      loop.register_prop_access(this, name);
    }
    return self[this._members.properties.get(name).key];
  }

  /**
   * Validate and store a value, now. Setting a property inside of its own validator does nothing.
   * @param {string} name
   * @param {any} value
   */
  _set_prop(name, value) {
    const prop = this._members.properties.get(name);
    if (prop === undefined) {
      const known = this.__properties__.join(", ") || "none";
      throw makeError("AttributeError", `${this.__name__} has no property ${shortText(name)}; it has ${known}`);
    }
    if (!this._being_set.has(name)) {
      this._store(name, this._validate(name, prop, value));
    }
  }

  /**
   * @param {string} name
   * @param {ModelProperty} prop
   * @param {any} value undefined for the default.
   */
  _validate(name, prop, value) {
    this._being_set.add(name);
    try {
      const result = value === undefined ? prop.validate.call(this) : prop.validate.call(this, value);
      return result === undefined ? null : result;
    } finally {
      this._being_set.delete(name);
    }
  }

  /**
   * Hold a validated value, and say so if it is another one.
   * @param {string} name
   * @param {any} new_value
   */
  _store(name, new_value) {
    /** @type {any} */
    const self = this;
    const {key} = this._members.properties.get(name);
    const is_first = !this._ever_set.has(name);
    const old_value = is_first ? new_value : self[key];
    if (is_first || !isSame(old_value, new_value)) {
      this._ever_set.add(name);
      self[key] = new_value;
      this._publish({type: name, source: this, new_value, old_value});
    }
  }

  /** @param {string} name */
  _end_of(name) {
    let end = this._ends.get(name);
    if (end === undefined) {
      end = new PageEnd();
      this._ends.set(name, end);
    }
    return end;
  }

  // -- What happens here is told to Python -----------------------------------------------------------------------

  /** @param {any} event */
  _tell(event) {
    const {type} = event;
    if (!this._is_telling) {
      return;
    }
    if (this._members.shared.has(type) && "new_value" in event && (this.sync_props || type === "sync_props")) {
      this._tell_value(type, event.new_value);
    } else if (this._types.has(type)) {
      const {type: _type, source: _source, ...info} = event;
      this._session.tellLater(this, type, "", info, -1);
    }
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  _tell_value(name, value) {
    this._session.tellLater(this, name, "set", value, this._end_of(name).setHere());
  }

  /** @param {() => void} func Does what Python knows already. */
  _say_nothing(func) {
    const was_telling = this._is_telling;
    this._is_telling = false;
    try {
      func();
    } finally {
      this._is_telling = was_telling;
    }
  }

  // -- What happens in Python ------------------------------------------------------------------------------------

  /**
   * @param {string} type
   * @param {string} mutation
   * @param {any} value
   * @param {any} index
   */
  _receive(type, mutation, value, index) {
    if (mutation === "") {
      this._say_nothing(() => this.emit(type, value));
      return;
    }
    const prop = this._members.properties.get(type);
    if (prop === undefined || mutation !== "set") {
      throw makeError("AttributeError", `${this.__name__} has no property ${shortText(type)} that Python could set`);
    }
    const verdict = this._end_of(type).receives(index);
    if (verdict === "drop") {
      return;
    }
    if (verdict === "take" || this._is_survivor) {
      this._say_nothing(() => this._store(type, value));
      return;
    }
    const validated = this._validate(type, prop, value);
    this._say_nothing(() => this._store(type, validated));
    if (!isSame(validated, value) && this.sync_props) {
      this._tell_value(type, validated);
    }
  }

  /** Types of events that handlers of this side listen to; properties of this side have events of their own. */
  _wanted_types() {
    return [...this._handlers]
      .filter(([type, entries]) => entries.length > 0 && !this._members.properties.has(type))
      .map(([type]) => type)
      .sort();
  }

  /** @param {string} type */
  _on_connections_changed(type) {
    if (!this._disposed && !this._members.properties.has(type)) {
      this._session.subscriptionChanged(this);
    }
  }

  // -- Handlers --------------------------------------------------------------------------------------------------

  /**
   * Connect a function: `connect(func, "foo", …)` or `connect("foo", …, func)`.
   * @param {...any} args
   * @returns {any} The handler.
   */
  connect(...args) {
    const func = typeof args[0] === "function" ? args[0] : args[args.length - 1];
    const strings = typeof args[0] === "function" ? args.slice(1) : args.slice(0, -1);
    if (typeof func !== "function") {
      throw makeError("TypeError", `connect() connects functions, not ${shortText(func)}`);
    }
    if (strings.length === 0) {
      throw makeError("RuntimeError", "connect() needs one or more connection strings");
    }
    const name = func.__name__ || func.name.replace(/^bound /, "") || "anonymous";
    const handler = new Handler(this, func, strings, name);
    this._anonymous.push(handler);
    return handler;
  }

  // -- Data ------------------------------------------------------------------------------------------------------

  /**
   * Fetch a blob and hand it to `receive_data`.
   * @param {string} url
   * @param {Record<string, any>} meta
   * @param {string} [name] To be acknowledged; a blob that Python has for this object alone.
   * @returns {Promise<void>}
   */
  async retrieve_data(url, meta, name = "") {
    try {
      const buffer = await this._fetch(url, FETCH_ATTEMPTS);
      const {byteLength} = meta;
      if (typeof byteLength === "number" && byteLength !== buffer.byteLength) {
        throw makeError("RuntimeError", `${url} has ${buffer.byteLength} bytes, ${byteLength} were announced`);
      }
      if (name) {
        this._session.tellLater(this, RECEIVED, "", {name}, -1);
      }
      if (!this._disposed) {
        this._session.batch(() => this.receive_data(buffer, meta));
      }
    } catch (error) {
      logger.exception(error, `Data for ${this._id}:`);
    }
  }

  /** The way in which the documents spell it, too. @param {string} url @param {Record<string, any>} meta */
  retreive_data(url, meta) {
    return this.retrieve_data(url, meta);
  }

  /**
   * @param {string} url
   * @param {number} attempts
   * @returns {Promise<ArrayBuffer>}
   */
  async _fetch(url, attempts) {
    try {
      return await this._session.fetch_data(url);
    } catch (error) {
      if (attempts > 1 && error instanceof TypeError) {
        return this._fetch(url, attempts - 1); // the connection was lost; what is not there is another error
      }
      const text = error instanceof Error ? error.message : String(error);
      throw makeError("RuntimeError", `Data for ${this._id} could not be retrieved: ${text}`);
    }
  }

  /**
   * For subclasses: take data that `send_data` sent.
   * @param {ArrayBuffer} _buffer
   * @param {Record<string, any>} _meta
   */
  receive_data(_buffer, _meta) {
    console.warn(`${this._id} received data but did not handle it`);
  }

  // -- The end ---------------------------------------------------------------------------------------------------

  dispose() {
    if (!this._disposed) {
      throw makeError("RuntimeError", `${this._id} is a Model: it can only be disposed in Python`);
    }
  }
}
