/**
 * Component classes, made of what Python says about them.
 *
 * The classes are set up through `__init__`, so that transpiled code may extend them.
 */

import {hasKeywords, positional} from "./calling.js";
import {Component, mayOverlap, setterName} from "./component.js";
import {isThenable, logger, makeError} from "./errors.js";
import {loop} from "./loop.js";
import {Property} from "./property.js";
import {checkedMode} from "./reaction.js";

/**
 * @typedef {object} ClassSpec
 * @property {string} name
 * @property {string} [module]
 * @property {"js"|"py"} [kind] Where its instances live; absent for plain components.
 * @property {any} [base]
 * @property {Record<string, import("./property.js").PropertySpec>} [properties]
 * @property {string[]} [attributes]
 * @property {Record<string, Function|null>} [actions] null: asked for over the wire.
 * @property {string[]} [overlapping] Actions of which calls may run at the same time.
 * @property {Record<string, Function|null>} [emitters] null: cannot be used on this side.
 * @property {Record<string, {func: Function, mode?: string, connections?: string[]}>} [reactions]
 * @property {Record<string, Function>} [methods]
 * @property {Record<string, any>} [constants]
 */

/**
 * Add a method that instances have bound to them, as in Python, but only once it is asked for.
 * On a prototype it is the plain function, which `Base.prototype.name.call(this)` needs.
 * @param {any} proto
 * @param {string} name
 * @param {Function} func
 * @param {Function} [inherited] What the prototype gives instead, for calls of the overridden method.
 */
export function addMethod(proto, name, func, inherited = func) {
  if (name.startsWith("__")) {
    Object.defineProperty(proto, name, {value: func, configurable: true, writable: true});
    return;
  }
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      if (!this._made) {
        return inherited;
      }
      const bound = func.bind(this);
      bound.__name__ = name;
      Object.defineProperty(this, name, {value: bound, configurable: true, writable: true});
      return bound;
    },
    set(value) {
      Object.defineProperty(this, name, {value, configurable: true, writable: true});
    },
  });
}

/** Methods of the handwritten bases that are bound too. */
const PUBLIC_METHODS = [
  "dispose",
  "emit",
  "reaction",
  "disconnect",
  "get_event_types",
  "get_event_handlers",
  "_mutate",
  "_addEventListener",
];

/**
 * @param {any} proto
 * @param {string} name
 * @param {Property} prop
 */
function addProperty(proto, name, prop) {
  const key = prop.key;
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      if (loop._accessed !== null) {
        loop.register_prop_access(this, name);
      }
      return this[key];
    },
    set() {
      throw makeError("AttributeError", `${this._id}.${name} is a property: only actions can mutate it`);
    },
  });
  const mutate = `_mutate_${name}`;
  addMethod(proto, mutate, function (/** @type {any[]} */ ...args) {
    const [value, mutation = "set", index = -1] = positional(args, ["value", "mutation", "index"]);
    // @ts-ignore: this is the component
    return this._mutate(name, value, mutation, index);
  });
}

/**
 * @param {any} proto
 * @param {string} name
 */
function addAttribute(proto, name) {
  const key = `_${name}`;
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      return this[key];
    },
    set() {
      throw makeError("AttributeError", `Cannot set attribute ${this._id}.${name}`);
    },
  });
}

/**
 * @param {any} proto
 * @param {string} name
 * @param {Function|null} body null: ask the owner, by `_invoke`.
 */
function addAction(proto, name, body) {
  const call = function (/** @type {any} */ self, /** @type {any[]} */ args, /** @type {boolean} */ isInherited) {
    if (args.length === 1 && hasKeywords(args)) {
      throw makeError("TypeError", `Action ${self._id}.${name}() takes positional arguments only`);
    }
    if (body === null) {
      self._invoke(name, args);
    } else if (!loop.can_mutate(self)) {
      loop.add_action_invokation(self, body, args);
    } else if (isInherited) {
      const result = body.apply(self, args);
      return isThenable(result) ? result : self; // for `await super().action()`, inside of the action
    } else {
      self._perform(body, args);
    }
    return self;
  };
  addMethod(
    proto,
    name,
    function (/** @type {any[]} */ ...args) {
      // @ts-ignore: this is the component
      return call(this, args, false);
    },
    function (/** @type {any[]} */ ...args) {
      // @ts-ignore: this is the component
      return call(this, args, true);
    },
  );
}

/**
 * Inside of an emitter, the base's emitter gives what its function returns; only the outermost emits.
 * @param {any} proto
 * @param {string} name
 * @param {Function|null} func
 */
export function addEmitter(proto, name, func) {
  addMethod(proto, name, function (/** @type {any[]} */ ...args) {
    // @ts-ignore: this is the component
    const self = this;
    if (func === null) {
      logger.error(`Emitter ${self._id}.${name}() can only be used in Python`);
      return null;
    }
    const outer = self._emitting;
    if (outer === name) {
      return func.apply(self, args);
    }
    self._emitting = name;
    let info;
    try {
      info = func.apply(self, args);
    } finally {
      self._emitting = outer;
    }
    if (info !== null && info !== undefined) {
      self.emit(name, info);
    }
    return null;
  });
}

/**
 * A map sorted by key.
 * @template T
 * @param {Map<string, T>} map
 * @returns {Map<string, T>}
 */
export function sorted(map) {
  return new Map([...map].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

/**
 * Make an empty class.
 * @param {string} name
 * @param {string} module
 * @param {any} Base
 * @param {string[]} publicMethods Methods of the handwritten base that instances have bound to them.
 * @returns {{cls: any, proto: any}}
 */
export function makeClass(name, module, Base, publicMethods) {
  // Transpiled classes are set up by __init__, so a plain function does; the wrapper object gives it its name.
  const cls = {
    [name]: function (/** @type {any[]} */ ...args) {
      // @ts-ignore: this is the component
      this.__init__(...args);
    },
  }[name];
  Object.setPrototypeOf(cls, Base);
  const proto = Object.create(Base.prototype, {
    constructor: {value: cls, configurable: true, writable: true},
    __name__: {value: name, writable: true},
    __module__: {value: module, writable: true},
    _base_class: {value: Base.prototype, writable: true},
  });
  cls.prototype = proto;
  Object.defineProperty(cls, "__name__", {value: name});
  if (!Object.prototype.hasOwnProperty.call(Base.prototype, "_base_class")) {
    for (const method of publicMethods) {
      if (typeof Base.prototype[method] === "function") {
        addMethod(proto, method, Base.prototype[method]);
      }
    }
  }
  return {cls, proto};
}

/**
 * Make a component class.
 * @param {ClassSpec} spec
 * @returns {any}
 */
export function defineClass(spec) {
  const Base = spec.base || Component;
  const {properties = {}, attributes = [], actions = {}, emitters = {}, reactions = {}} = spec;
  const {methods = {}, constants = {}, overlapping = [], name} = spec;
  const inherited = Base.prototype._members;
  const {cls, proto} = makeClass(name, spec.module || "", Base, PUBLIC_METHODS);
  const props = new Map(inherited.properties);
  const acts = new Map(inherited.actions);
  const reacts = new Map(inherited.reactions);
  for (const [key, value] of Object.entries(constants)) {
    Object.defineProperty(proto, key, {value, configurable: true, writable: true, enumerable: true});
  }
  for (const key of attributes) {
    if (key !== "id") {
      addAttribute(proto, key);
    }
  }
  for (const [key, func] of Object.entries(methods)) {
    addMethod(proto, key, func);
  }
  for (const [key, func] of Object.entries(emitters)) {
    addEmitter(proto, key, func);
  }
  for (const [key, body] of Object.entries(actions)) {
    acts.set(key, {isAutogenerated: false, body});
    addAction(proto, key, body);
  }
  for (const key of overlapping) {
    mayOverlap.add(actions[key]);
  }
  for (const [key, propSpec] of Object.entries(properties)) {
    const prop = new Property(key, propSpec);
    props.set(key, prop);
    addProperty(proto, key, prop);
    const setter = setterName(key);
    if (prop.settable && !(setter in proto)) {
      const body = spec.kind === "py" ? null : makeSetter(key);
      acts.set(setter, {isAutogenerated: true, body});
      addAction(proto, setter, body);
    }
  }
  for (const [key, reaction] of Object.entries(reactions)) {
    const connections = reaction.connections || [];
    const mode = checkedMode(reaction.mode || (connections.length > 0 ? "normal" : "auto"));
    reacts.set(key, {func: reaction.func, mode, connections});
    Object.defineProperty(proto, key, {value: reaction.func, configurable: true, writable: true});
  }
  const members = {
    properties: sorted(props),
    actions: sorted(acts),
    emitters: new Set([...inherited.emitters, ...Object.keys(emitters)].sort()),
    reactions: sorted(reacts),
    attributes: new Set([...inherited.attributes, ...attributes].sort()),
  };
  Object.defineProperty(proto, "_members", {value: members});
  return cls;
}

/** @param {string} name */
function makeSetter(name) {
  return function (/** @type {any[]} */ ...values) {
    // @ts-ignore: this is the component
    const self = this;
    if (values.length === 0) {
      throw makeError("TypeError", `${self._id}.${setterName(name)}() needs a value`);
    }
    self._mutate(name, values.length === 1 ? values[0] : values);
  };
}
