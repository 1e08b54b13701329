// Just enough of the page's runtime to run what Python was turned into: define, and classes without events.
"use strict";
const defined = {};
const deskapp = globalThis.deskapp = {
  define(name, deps, factory) {
    defined[name] = factory(runtime, ...deps.map((dep) => defined[dep]));
  },
};
globalThis.window = globalThis;
globalThis.show = (value) => process.stdout.write(JSON.stringify(value === undefined ? null : value) + "\n");

function Component(...args) {
  this.__init__(...args);
}
Component.prototype._IS_COMPONENT = true;
Component.prototype.__init__ = function (...args) {
  const only = args.length === 1 && args[0] && args[0].flx_args ? args[0] : {flx_args: args, flx_kwargs: {}};
  for (const key in this) {
    if (typeof this[key] === "function" && key !== "constructor") {
      this[key] = this[key].bind(this);
    }
  }
  for (const [key, prop] of Object.entries(this._props)) {
    this[key] = prop.default;
  }
  for (const [key, value] of Object.entries(only.flx_kwargs)) {
    this["set_" + key](value);
  }
  this.init(...only.flx_args);
};
Component.prototype.init = function () {};
Component.prototype._props = {};

function defineClass(spec) {
  const cls = function (...args) {
    this.__init__(...args);
  };
  cls.spec = spec;
  cls.prototype = Object.create(spec.base.prototype);
  cls.prototype.__name__ = spec.name;
  cls.prototype._props = {...spec.base.prototype._props, ...spec.properties};
  for (const [key, prop] of Object.entries(spec.properties || {})) {
    cls.prototype["set_" + key] = function (value) {
      this[key] = prop.validate ? prop.validate.call(prop, value, key, prop.data) : value;
    };
  }
  Object.assign(cls.prototype, spec.constants, spec.methods, spec.actions, spec.emitters);
  for (const [key, reaction] of Object.entries(spec.reactions || {})) {
    cls.prototype[key] = reaction.func;
  }
  return cls;
}

const base = (name) => defineClass({name, base: Component});
const runtime = {
  defineClass, Component, JsComponent: base("JsComponent"), PyComponent: base("PyComponent"),
  StubComponent: base("StubComponent"), loop: {call_soon: (func) => func()}, logger: console,
};
