import assert from "node:assert/strict";
import {test} from "node:test";

import {Component} from "../../deskapp/bridge/client/component.js";
import {defineClass} from "../../deskapp/bridge/client/define_class.js";
import {logger} from "../../deskapp/bridge/client/errors.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {Pair, until} from "./helpers.js";

function fresh() {
  loop.reset();
  loop.integrate(() => () => {});
}

const Base = defineClass({
  name: "Base",
  module: "m",
  properties: {x: {type: "Int", settable: true}, fixed: {type: "List", default: [1]}},
  attributes: ["kind"],
  actions: {
    bump(n) {
      this._mutate("x", this.x + n);
    },
    async slow(log, wait) {
      log.push(`start ${this.x}`);
      await wait;
      this.bump(1);
      log.push(`end ${this.x}`);
    },
  },
  emitters: {
    pressed(a) {
      return {a};
    },
  },
  methods: {
    init() {
      this._kind = "base";
    },
    name() {
      return `base ${this.id}`;
    },
    twice(n) {
      return 2 * n;
    },
  },
  constants: {N: 3},
});

const Derived = defineClass({
  name: "Derived",
  base: Base,
  actions: {
    bump(n) {
      Base.prototype.bump.call(this, 10 * n);
    },
    async slow(log, wait) {
      await Base.prototype.slow.call(this, log, wait);
      log.push("derived");
    },
  },
  emitters: {
    pressed(a) {
      return {...Base.prototype.pressed.call(this, a), b: 1};
    },
  },
  methods: {
    name() {
      return `derived ${Base.prototype.name.call(this)}`;
    },
  },
});

test("a class has the lists, names and constants of Python's", () => {
  fresh();
  const ob = new Derived();
  assert.deepEqual(ob.__properties__, ["fixed", "x"]);
  assert.deepEqual(ob.__actions__, ["bump", "set_x", "slow"]);
  assert.deepEqual(ob.__emitters__, ["pressed"]);
  assert.deepEqual(ob.__attributes__, ["id", "kind"]);
  assert.equal(ob.__name__, "Derived");
  assert.equal(Derived.__name__, "Derived");
  assert.equal(Derived.prototype.__name__, "Derived");
  assert.equal(ob.N, 3);
  assert.equal(ob.kind, "base");
  assert.ok(ob instanceof Base && ob instanceof Component && ob._IS_COMPONENT);
});

test("methods are bound to their instance, the same each time, and overridden ones can be called", () => {
  fresh();
  const ob = new Derived();
  const {name, twice, set_x} = ob;
  assert.equal(name(), `derived base ${ob.id}`);
  assert.equal(twice(4), 8);
  assert.equal(ob.name, name);
  assert.equal(set_x(3), ob);
  ob.twice = (n) => 3 * n;
  assert.equal(ob.twice(4), 12);
  assert.equal(new Derived().twice(4), 8);
});

test("super works in actions and emitters", () => {
  fresh();
  const ob = new Derived();
  loop.iter();
  const events = [];
  ob.reaction((...all) => events.push(...all), "pressed");
  ob.bump(1);
  ob.pressed(5);
  loop.iter();
  assert.equal(ob.x, 10);
  assert.deepEqual(
    events.map(({a, b}) => [a, b]),
    [[5, 1]],
  );
});

test("calls of an async action come one after the other, and may mutate until they end", async () => {
  fresh();
  const ob = new Derived();
  const log = [];
  let open;
  const gate = new Promise((resolve) => {
    open = resolve;
  });
  ob.slow(log, gate);
  ob.slow(log, gate);
  loop.iter();
  assert.deepEqual(log, ["start 0"]);
  open();
  await until(() => log.includes("derived"));
  loop.iter();
  await until(() => log.filter((line) => line === "derived").length === 2);
  assert.deepEqual(log, ["start 0", "end 10", "derived", "start 10", "end 20", "derived"]);
  assert.throws(() => ob._mutate("x", 1), {name: "AttributeError"});
});

test("calls of an async action that may overlap do not wait for each other", async () => {
  fresh();
  const Eager = defineClass({
    name: "Eager",
    base: Base,
    actions: {
      async slow(log, wait) {
        log.push("start");
        await wait;
        this.bump(1);
        log.push("end");
      },
    },
    overlapping: ["slow"],
  });
  const ob = new Eager();
  const log = [];
  let open;
  const gate = new Promise((resolve) => {
    open = resolve;
  });
  ob.slow(log, gate);
  ob.slow(log, gate);
  loop.iter();
  assert.deepEqual(log, ["start", "start"]);
  open();
  await until(() => log.length === 4);
  assert.equal(ob.x, 2);
});

test("an async action of a disposed component cannot mutate it any more", async (t) => {
  fresh();
  const ob = new Base();
  const logged = t.mock.method(logger, "exception", () => {});
  const log = [];
  let open;
  const gate = new Promise((resolve) => {
    open = resolve;
  });
  ob.slow(log, gate);
  loop.iter();
  ob.dispose();
  open();
  await until(() => log.length === 2);
  assert.equal(ob.x, 0);
  assert.equal(logged.mock.callCount(), 0);
});

test("who waits for an async action of a component that is disposed is told", () => {
  fresh();
  const ob = new Base();
  const outcomes = [];
  const done = (error, value) => outcomes.push([error && error.message, value]);
  const {body} = ob._members.actions.get("slow");
  ob._perform(body, [[], new Promise(() => {})], done);
  ob._perform(body, [[], null], done); // waits for the first one
  ob._perform(body, [[], null], null);
  ob.dispose();
  const told = [`${ob.id} was disposed`, null];
  assert.deepEqual(outcomes, [told, told]);
});

test("an async action that ends after its component is not told of twice", async () => {
  fresh();
  const ob = new Base();
  const log = [];
  const outcomes = [];
  let open;
  const gate = new Promise((resolve) => {
    open = resolve;
  });
  const {body} = ob._members.actions.get("slow");
  ob._perform(body, [log, gate], (error) => outcomes.push(error.name));
  ob.dispose();
  open();
  await until(() => log.length === 2);
  assert.deepEqual(outcomes, ["RuntimeError"]);
});

test("calls of an async reaction do not overlap; what comes meanwhile is given together", async () => {
  fresh();
  const ob = new Base();
  loop.iter();
  const calls = [];
  let open;
  ob.reaction(async (...events) => {
    calls.push(events.length);
    await new Promise((resolve) => {
      open = resolve;
    });
  }, "x");
  for (const x of [1, 2, 3]) {
    ob.set_x(x);
    loop.iter();
  }
  assert.deepEqual(calls, [1]);
  open();
  await until(() => loop.has_pending());
  loop.iter();
  assert.deepEqual(calls, [1, 2]);
});

test("keywords reach constructor, _mutate, emit and reaction, but not actions", () => {
  fresh();
  const ob = new Base({flx_args: [], flx_kwargs: {x: 4}});
  assert.equal(ob.x, 4);
  ob.__enter__();
  ob._mutate({flx_args: ["fixed", [7]], flx_kwargs: {mutation: "insert", index: 0}});
  ob._mutate_x({flx_args: [9], flx_kwargs: {}});
  ob.__exit__();
  assert.deepEqual(ob.fixed, [7, 1]);
  assert.equal(ob.x, 9);
  assert.equal(ob.emit({flx_args: ["foo"], flx_kwargs: {info: {a: 1}}}).a, 1);
  const greedy = ob.reaction({flx_args: [() => {}, "x"], flx_kwargs: {mode: "greedy"}});
  assert.equal(greedy.get_mode(), "greedy");
  assert.throws(() => ob.set_x({flx_args: [], flx_kwargs: {value: 1}}), {name: "TypeError"});
  assert.throws(() => new Base({flx_args: [], flx_kwargs: {nope: 1}}), {name: "AttributeError", message: /nope/});
});

test("the lists of two instances are not shared, and errors name component, property and value", () => {
  fresh();
  const [a, b] = [new Base(), new Base()];
  a.__enter__();
  a._mutate_fixed([5], "insert", 0);
  a.__exit__();
  assert.deepEqual(b.fixed, [1]);
  assert.throws(() => loop.action_phase(() => a.set_x("many")), {
    name: "ValueError",
    message: new RegExp(`${a.id}\\.x.*"many"`),
  });
  assert.throws(
    () => {
      a.x = 3;
    },
    {name: "AttributeError"},
  );
});

test("a reaction is a function, and tells what it is connected to", () => {
  fresh();
  const ob = new Base();
  const reaction = ob.reaction((...events) => events.length, "x", "pressed:zz");
  assert.equal(reaction(), 0);
  assert.equal(reaction(1, 2), 2);
  assert.deepEqual(
    reaction.get_connection_info().map(([text, types]) => [text, types.map((type) => type.split(":")[0])]),
    [
      ["x", ["x"]],
      ["pressed", ["pressed"]],
    ],
  );
  assert.deepEqual(ob.get_event_handlers("x"), [reaction]);
  ob.disconnect("pressed:other");
  assert.equal(ob.get_event_handlers("pressed").length, 1);
  ob.disconnect("pressed:zz");
  assert.equal(ob.get_event_handlers("pressed").length, 0);
});

test("a hundred thousand events in one iteration reach a reaction", () => {
  fresh();
  const ob = new Base();
  loop.iter();
  let count = 0;
  ob.reaction((...events) => {
    count += events.length;
  }, "x");
  loop.action_phase(() => {
    for (let i = 1; i <= 100000; i++) {
      ob.set_x(i);
    }
  });
  loop.iter();
  assert.equal(count, 100000);
});

test("classes of transpiled code may extend a component", () => {
  fresh();
  function Old(...args) {
    this.__init__(...args);
  }
  Old.prototype = Object.create(Base.prototype);
  Old.prototype.__name__ = "Old";
  assert.equal(new Old().x, 0);
});

test("the keyword style is for the node, unless the class has such a property", () => {
  const it = new Pair();
  it.define({name: "Plain", properties: {n: {type: "Int", default: 0}}});
  it.define({name: "Styled", properties: {style: {type: "String", default: ""}}});
  const proto = Object.getPrototypeOf(it.window.document.createElement("p"));
  Object.defineProperty(proto, "style", {configurable: true, get() { return (this._style ??= {cssText: ""}); }});
  const plain = it.make("Plain_1", "Plain", {props: {style: "height: 3px", n: 4}});
  assert.equal(plain.node.style.cssText, ";height: 3px");
  assert.equal(plain.n, 4);
  const styled = it.make("Styled_1", "Styled", {props: {style: "bold"}});
  assert.equal(styled.style, "bold");
  assert.equal(styled.node.style.cssText, "");
  delete proto.style;
});
