// Runs the shared vectors of the event system (tests/vectors/events/*.json) through the client's event core.
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {test} from "node:test";

import {Component} from "../../deskapp/bridge/client/component.js";
import {defineClass} from "../../deskapp/bridge/client/define_class.js";
import {logger, makeError} from "../../deskapp/bridge/client/errors.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {mutate_array, mutate_dict} from "../../deskapp/bridge/client/mutation.js";
import {isDict} from "../../deskapp/bridge/client/values.js";

const VECTORS = new URL("../vectors/events/", import.meta.url);

/** One case of a vector file: its variables, its classes and its log. */
class Case {
  constructor(classes) {
    this.log = [];
    this.variables = {};
    this.names = new Map(); // component -> variable
    this.naming = []; // variables of the components that are being made
    this.classes = {Component};
    for (const [name, spec] of Object.entries(classes)) {
      this.classes[name] = this.makeClass(name, spec);
    }
  }

  makeClass(name, spec) {
    const self = this;
    const body = (steps) =>
      function (...args) {
        self.run(steps, {self: this, args});
      };
    const map = (object, func) => Object.fromEntries(Object.entries(object || {}).map(([k, v]) => [k, func(v)]));
    return defineClass({
      name,
      base: this.classes[spec.base || "Component"],
      attributes: spec.attributes || [],
      properties: map(spec.properties, propertySpec),
      actions: map(spec.actions, body),
      emitters: map(spec.emitters, (info) =>
        function (...args) {
          return self.value(info, {self: this, args});
        }),
      reactions: map(spec.reactions, ({mode, connections, do: steps}) => ({
        mode,
        connections,
        func(...events) {
          self.run(steps, {self: this, events});
        },
      })),
      methods: {
        init(...args) {
          self.nameComponent(this);
          self.run(spec.init || [], {self: this, args});
        },
      },
    });
  }

  nameComponent(component) {
    if (this.naming.length > 0 && !this.names.has(component)) {
      const variable = this.naming[this.naming.length - 1];
      if (variable !== null) {
        this.names.set(component, variable);
        this.variables[variable] = component;
        this.naming[this.naming.length - 1] = null;
      }
    }
  }

  run(steps, scope) {
    for (const step of steps) {
      this.step(step, scope);
    }
  }

  step([what, ...rest], scope) {
    const value = (expr) => this.value(expr, scope);
    const at = (path) => this.lookup(path, scope);
    switch (what) {
      case "new": {
        const [variable, cls, args = [], kw = {}] = rest;
        this.naming.push(variable);
        const call = {flx_args: args.map(value), flx_kwargs: {}};
        for (const [key, expr] of Object.entries(kw)) {
          call.flx_kwargs[key] = value(expr);
        }
        try {
          const component = new this.classes[cls](call);
          this.nameComponent(component);
        } finally {
          this.naming.pop();
        }
        break;
      }
      case "call": {
        const [path, name, ...args] = rest;
        const target = at(path);
        if (typeof target[name] !== "function") {
          throw makeError("AttributeError", `${path} has no ${name}()`); // JavaScript itself says TypeError
        }
        target[name](...args.map(value));
        break;
      }
      case "mutate": {
        const [path, prop, ...args] = rest;
        at(path)._mutate(prop, ...args.map(value));
        break;
      }
      case "emit":
        at(rest[0]).emit(rest[1], ...rest.slice(2).map(value));
        break;
      case "let":
        this.variables[rest[0]] = value(rest[1]);
        break;
      case "attr":
        at(rest[0])[rest[1]] = value(rest[2]);
        break;
      case "connect": {
        const [variable, path, connections, steps, options] = rest;
        const func = (...events) => this.run(steps, {...scope, events, args: []});
        func.__name__ = variable;
        const args = [func, ...connections];
        const owner = at(path);
        const reaction = options ? owner.reaction({flx_args: args, flx_kwargs: options}) : owner.reaction(...args);
        this.variables[variable] = reaction;
        break;
      }
      case "disconnect":
        at(rest[0]).disconnect(rest[1], rest[2] === undefined ? null : at(rest[2]));
        break;
      case "dispose":
        at(rest[0]).dispose();
        break;
      case "with": {
        const component = at(rest[0]);
        component.__enter__();
        try {
          this.run(rest[1], scope);
        } finally {
          component.__exit__(null, null, null);
        }
        break;
      }
      case "call_soon":
        loop.call_soon(() => this.run(rest[0], scope));
        break;
      case "iter":
        for (let i = 0; i < (rest[0] || 1); i++) {
          loop.iter();
        }
        break;
      case "settle":
        for (let i = 0; loop.has_pending(); i++) {
          assert.ok(i < 50, "the loop settles");
          loop.iter();
        }
        break;
      case "if":
        this.run(value(rest[0]) ? rest[1] : rest[2] || [], scope);
        break;
      case "log":
        this.log.push(rest.map((expr) => this.text(value(expr))).join(" "));
        break;
      case "log_events":
        this.log.push([rest[0], ...(scope.events || []).map((event) => this.eventText(event))].join(" "));
        break;
      case "mutate_array":
        mutate_array(this.variables[rest[0]], value(rest[1]));
        break;
      case "mutate_dict":
        mutate_dict(this.variables[rest[0]], value(rest[1]));
        break;
      case "raises":
        assert.throws(
          () => this.step(rest[1], scope),
          (error) => {
            assert.equal(error.name, rest[0], `${JSON.stringify(rest[1])} raised ${error.stack}`);
            return true;
          },
          `${JSON.stringify(rest[1])} raises`,
        );
        break;
      case "raise":
        throw makeError(rest[0], rest[1]);
      default:
        assert.fail(`unknown step ${what}`);
    }
  }

  lookup(path, scope) {
    const [first, ...parts] = path.split(".");
    let value = first === "self" ? scope.self : this.variables[first];
    for (const part of parts) {
      value = value[part];
    }
    return value;
  }

  value(expr, scope) {
    if (expr === null || typeof expr !== "object") {
      return expr;
    }
    const value = (item) => this.value(item, scope);
    if (Array.isArray(expr)) {
      return expr.map(value);
    }
    const keys = Object.keys(expr);
    if (keys.length !== 1 || !keys[0].startsWith("$")) {
      return Object.fromEntries(keys.map((key) => [key, value(expr[key])]));
    }
    const arg = expr[keys[0]];
    switch (keys[0]) {
      case "$get":
        return this.lookup(arg, scope);
      case "$arg":
        return scope.args[arg];
      case "$args":
        return scope.args;
      case "$event":
        return Array.isArray(arg) ? scope.events[arg[0]][arg[1]] : scope.events[arg];
      case "$count":
        return scope.events.length;
      case "$item":
        return value(arg[0])[value(arg[1])];
      case "$len": {
        const sized = value(arg);
        return isDict(sized) ? Object.keys(sized).length : sized.length;
      }
      case "$add":
        return arg.map(value).reduce((a, b) => a + b);
      case "$mul":
        return arg.map(value).reduce((a, b) => a * b);
      case "$eq":
        return this.text(value(arg[0])) === this.text(value(arg[1]));
      case "$lt":
        return value(arg[0]) < value(arg[1]);
      case "$tuple":
        return Object.freeze(arg.map(value));
      case "$nan":
        return NaN;
      case "$inf":
        return arg * Infinity;
      case "$same":
        return value(arg[0]) === value(arg[1]);
      case "$pending":
        return loop.has_pending();
      case "$can_mutate":
        return loop.can_mutate(arg === null ? null : this.lookup(arg, scope));
      case "$types":
        return this.lookup(arg, scope).get_event_types();
      case "$handlers":
        return this.lookup(arg[0], scope).get_event_handlers(arg[1]).map((reaction) => reaction.get_name());
      case "$func":
        return () => value(arg);
      default:
        return assert.fail(`unknown expression ${keys[0]}`);
    }
  }

  text(value, isInside = false) {
    if (value === null || value === undefined) {
      return "null";
    }
    if (typeof value === "string") {
      return isInside ? JSON.stringify(value) : value;
    }
    if (typeof value === "number") {
      return Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf");
    }
    if (typeof value !== "object") {
      return String(value);
    }
    if (value._IS_COMPONENT) {
      this.nameComponent(value);
      return this.names.get(value) || `(${value.id})`;
    }
    if (Array.isArray(value)) {
      return `[${value.map((item) => this.text(item, true)).join(", ")}]`;
    }
    if (value.type !== undefined && value.source !== undefined) {
      return this.eventText(value);
    }
    if (value.hex !== undefined && value.css !== undefined) {
      return `${value.hex}/${this.text(value.alpha)}`;
    }
    const items = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${this.text(item, true)}`);
    return `{${items.join(", ")}}`;
  }

  eventText(event) {
    const {type, source, ...info} = event;
    const start = `${this.text(source)}.${type}`;
    if (event.mutation === "set") {
      return `${start}:${this.text(event.old_value)}->${this.text(event.new_value)}`;
    }
    if (event.mutation !== undefined) {
      return `${start}:${event.mutation}@${this.text(event.index)}=${this.text(event.objects)}`;
    }
    return start + this.text(info);
  }
}

function propertySpec({type, args = [], settable = false, default: value}) {
  if (type === "Enum") {
    return {type, settable, data: args[0].map((option) => option.toUpperCase()), default: args[1]};
  }
  if (type === "Either" || type === "Null") {
    return {type, settable, data: args.map(propertySpec), default: value};
  }
  return {type, settable, default: args[0]};
}

for (const file of readdirSync(VECTORS).filter((name) => name.endsWith(".json")).sort()) {
  const {title, classes = {}, cases} = JSON.parse(readFileSync(new URL(file, VECTORS), "utf8"));
  test(title, async (t) => {
    for (const one of cases) {
      await t.test(one.title, () => {
        loop.reset();
        loop.integrate(() => () => {});
        const run = new Case({...classes, ...one.classes});
        t.mock.method(logger, "warning", () => run.log.push("warning"));
        t.mock.method(logger, "exception", (error) => run.log.push(`error ${error.name}`));
        try {
          run.run(one.steps, {});
        } finally {
          t.mock.restoreAll();
          loop.reset();
        }
        assert.deepEqual(run.log, one.expect);
      });
    }
  });
}
