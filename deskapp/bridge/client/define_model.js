/** Model classes, made of what Python says about them. */

import {addEmitter, addMethod, makeClass, sorted} from "./define_class.js";
import {makeError} from "./errors.js";
import {Model} from "./model.js";

/**
 * @typedef {object} ModelSpec
 * @property {string} name
 * @property {string} [module]
 * @property {any} [base]
 * @property {Record<string, {validate: Function, hasDefault: boolean, isReadonly: boolean}>} [properties]
 * @property {Record<string, Function>} [emitters]
 * @property {Record<string, {func: Function, connections: string[]}>} [handlers]
 * @property {Record<string, Function>} [methods]
 * @property {Record<string, any>} [constants]
 * @property {string[]} [local] All properties, inherited ones too, that Python does not have.
 * @property {string[]} [remote] Types of events that only Python has.
 */

/** Methods of the handwritten base that instances have bound to them. */
const PUBLIC_METHODS = [
  "_set_prop",
  "connect",
  "disconnect",
  "dispose",
  "emit",
  "get_event_handlers",
  "get_event_types",
  "receive_data",
  "retrieve_data",
];

/**
 * @param {any} proto
 * @param {string} name
 * @param {boolean} isReadonly
 */
function addProperty(proto, name, isReadonly) {
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      return this._get_prop(name);
    },
    set(value) {
      if (isReadonly) {
        throw makeError("AttributeError", `${this._id}.${name} is readonly: only _set_prop() sets it`);
      }
      this._set_prop(name, value);
    },
  });
}

/**
 * Make a Model class.
 * @param {ModelSpec} spec
 * @returns {any}
 */
export function defineModel(spec) {
  const Base = spec.base || Model;
  const {properties = {}, emitters = {}, handlers = {}, methods = {}, constants = {}} = spec;
  const inherited = Base.prototype._members;
  const {cls, proto} = makeClass(spec.name, spec.module || "", Base, PUBLIC_METHODS);
  for (const [key, value] of Object.entries(constants)) {
    Object.defineProperty(proto, key, {value, configurable: true, writable: true, enumerable: true});
  }
  for (const [key, func] of Object.entries(methods)) {
    addMethod(proto, key, func);
  }
  for (const [key, func] of Object.entries(emitters)) {
    addEmitter(proto, key, func);
  }
  const props = new Map(inherited.properties);
  for (const [key, {validate, hasDefault, isReadonly}] of Object.entries(properties)) {
    props.set(key, {key: `_${key}_value`, validate, hasDefault, isReadonly});
    addProperty(proto, key, isReadonly);
  }
  const reacts = new Map(inherited.reactions);
  for (const [key, {func, connections}] of Object.entries(handlers)) {
    reacts.set(key, {func, connections, mode: "greedy"});
    Object.defineProperty(proto, key, {value: func, configurable: true, writable: true});
  }
  const local = new Set(spec.local || []);
  const members = {
    properties: sorted(props),
    actions: new Map(),
    emitters: new Set([...inherited.emitters, ...Object.keys(emitters)].sort()),
    reactions: sorted(reacts),
    attributes: inherited.attributes,
    shared: new Set([...props.keys()].filter((key) => !local.has(key)).sort()),
    remote: new Set(spec.remote || []),
  };
  Object.defineProperty(proto, "_members", {value: members});
  return cls;
}
