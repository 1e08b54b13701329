import assert from "node:assert/strict";
import {test} from "node:test";

import {logger} from "../../deskapp/bridge/client/errors.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {message, Pair, Ref, until} from "./helpers.js";

const number = (initial) => ({
  validate: function (v) {
    return Math.trunc(v === undefined ? initial : v);
  },
  hasDefault: true,
  isReadonly: false,
});

/** A pair with a class of a Model, whose instances keep in `log` what happens to them. */
function pair(spec = {}) {
  const it = new Pair();
  it.defineModel({
    name: "Foo",
    properties: {
      foo: number(2),
      bar: number(3),
      empty: {validate: (v) => v, hasDefault: false, isReadonly: false},
      fixed: {validate: (v) => (v === undefined ? 1 : v), hasDefault: true, isReadonly: true},
    },
    emitters: {
      pressed: function (n) {
        return n ? {n} : null;
      },
    },
    handlers: {
      note: {
        func: function (...events) {
          (this.log = this.log || []).push(events.map((e) => [e.type, e.old_value, e.new_value]));
        },
        connections: ["foo", "bar", "empty"],
      },
    },
    constants: {BAR: [1, 2, 3]},
    local: ["bar"],
    remote: ["in_python"],
    ...spec,
  });
  return it;
}

/** Write down what is logged as an error while a function runs. */
function logged(func) {
  const texts = [];
  const before = logger.exception;
  logger.exception = (error) => texts.push(`${error.name}: ${error.message}`);
  try {
    func();
  } finally {
    logger.exception = before;
  }
  return texts;
}

const set = (value, mark = [1, -1], type = "foo", id = "Foo_1") => ({op: "EMIT", id, type, mutation: "set", value, index: mark});

test("handlers get initial values, all events of an iteration in one call, and nothing for equal values", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  assert.deepEqual(foo.log, [[["bar", 3, 3], ["foo", 2, 2]]]);
  foo.foo = 5;
  foo.foo = 5;
  foo.foo = "6";
  foo.empty = "x";
  it.settle();
  assert.deepEqual(foo.log[1], [["foo", 2, 5], ["foo", 5, 6], ["empty", "x", "x"]]);
  assert.deepEqual(foo.BAR, [1, 2, 3]);
  assert.equal(foo.empty, "x");
});

test("a Model lists what it has", () => {
  const foo = pair().makeModel("Foo_1", "Foo");
  assert.deepEqual(foo.__properties__, ["bar", "empty", "fixed", "foo", "sync_props"]);
  assert.deepEqual(foo.__local_properties__, ["bar"]);
  assert.deepEqual(foo.__handlers__, ["note"]);
  assert.deepEqual(foo.__emitters__, ["pressed"]);
  assert.deepEqual(foo.get_event_types(), ["bar", "empty", "fixed", "foo", "in_python", "pressed", "sync_props"]);
});

test("properties that both sides have are told, others are not", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  it.take();
  foo.bar = 7;
  foo.foo = 8;
  it.session.flush();
  assert.deepEqual(it.take(), [["EMIT", "Foo_1", "foo", "set", 8, [0, 1]]]);
});

test("readonly properties are set by _set_prop only; unknown ones are refused", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  assert.throws(() => {
    foo.fixed = 2;
  }, {name: "AttributeError", message: /readonly/});
  foo._set_prop("fixed", 2);
  assert.equal(foo.fixed, 2);
  assert.throws(() => foo._set_prop("nothing", 2), {name: "AttributeError", message: /no property/});
});

test("setting a property inside of its own validator does nothing", () => {
  const it = new Pair();
  it.defineModel({
    name: "Foo",
    properties: {
      foo: {
        validate: function (v) {
          this.foo = 100;
          return v === undefined ? 0 : v;
        },
        hasDefault: true,
        isReadonly: false,
      },
    },
  });
  const foo = it.makeModel("Foo_1", "Foo");
  foo.foo = 5;
  assert.equal(foo.foo, 5);
});

test("what happens within ten milliseconds leaves in one frame", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo", {types: ["pressed"]});
  it.take();
  const frames = [];
  const write = it.session.write;
  it.session.write = (some) => {
    frames.push(...some);
    write(some);
  };
  const timers = [];
  const before = globalThis.setTimeout;
  globalThis.setTimeout = (...args) => timers.push(args);
  try {
    foo.foo = 10;
    foo.pressed(1);
    it.settle();
    foo.foo = 11;
  } finally {
    globalThis.setTimeout = before;
  }
  assert.equal(frames.length, 0);
  assert.deepEqual(timers.map(([, ms]) => ms), [10]);
  timers[0][0]();
  assert.equal(frames.length, 1);
  assert.deepEqual(it.take().map((sent) => sent.slice(2, 5)), [
    ["foo", "set", 10],
    ["pressed", "", {n: 1}],
    ["foo", "set", 11],
  ]);
});

test("in a hidden page nothing waits for a timer", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  it.take();
  it.window.document.hidden = true;
  foo.foo = 10;
  it.settle();
  assert.equal(it.take().length, 1);
});

test("what else is said takes the waiting along, in order", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  it.take();
  foo.foo = 10;
  it.session.log("info", "hello", "");
  it.settle();
  assert.deepEqual(it.take().map(([op]) => op), ["EMIT", "LOG"]);
});

test("Python hears of other events only if it listens, and the page tells what it listens to", () => {
  const it = pair({
    handlers: {listen: {func: () => {}, connections: ["in_python", "foo", "!whatever"]}},
  });
  const foo = it.makeModel("Foo_1", "Foo");
  assert.deepEqual(it.take(), [["SUBSCRIBE", "Foo_1", ["in_python", "whatever"]]]);
  foo.pressed(1);
  foo.bar = 9;
  it.session.flush();
  assert.deepEqual(it.take(), []);
  it.send(message("SUBSCRIBE", "Foo_1", ["pressed", "bar"]));
  foo.pressed(2);
  foo.pressed(0);
  foo.bar = 10;
  it.session.flush();
  assert.deepEqual(it.take(), [
    ["EMIT", "Foo_1", "pressed", "", {n: 2}, -1],
    ["EMIT", "Foo_1", "bar", "", {new_value: 10, old_value: 9}, -1],
  ]);
});

test("an event from Python reaches handlers and is not sent back", () => {
  const heard = [];
  const it = pair({handlers: {listen: {func: (...events) => heard.push(...events), connections: ["in_python"]}}});
  const foo = it.makeModel("Foo_1", "Foo", {types: ["in_python"]});
  it.take();
  it.send(message("EMIT", "Foo_1", "in_python", "", {new_value: 4, old_value: 3}, -1));
  assert.deepEqual(heard.map(({type, new_value, source}) => [type, new_value, source]), [["in_python", 4, foo]]);
  it.session.flush();
  assert.deepEqual(it.take(), []);
});

test("without sync_props values stay here, but events that Python handles are told", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  it.take();
  it.send(set(false, [1, -1], "sync_props"));
  foo.foo = 5;
  it.session.flush();
  assert.deepEqual(it.take(), []);
  it.send(message("SUBSCRIBE", "Foo_1", ["foo"]));
  foo.foo = 6;
  it.session.flush();
  assert.deepEqual(it.take(), [["EMIT", "Foo_1", "foo", "", {new_value: 6, old_value: 5}, -1]]);
  foo.sync_props = true;
  it.session.flush();
  assert.deepEqual(it.take(), [["EMIT", "Foo_1", "sync_props", "set", true, [1, 1]]]);
});

test("init runs after values and attributes from Python, and before handlers", () => {
  const it = new Pair();
  const seen = [];
  const methods = {
    init() {
      seen.push([this._id, this.foo, Boolean(this.sub), this.get_event_handlers("foo").length]);
      this.foo += 10;
    },
  };
  const log = {func: (...events) => seen.push(["handler", ...events.map((e) => e.new_value)]), connections: ["foo"]};
  it.defineModel({name: "Foo", properties: {foo: number(2)}, methods, handlers: {log}});
  it.send(
    message("INSTANTIATE", "Foo_1", "m", "Foo", [], {}, [], [], 0),
    set(5),
    message("INSTANTIATE", "Foo_2", "m", "Foo", [], {}, ["Foo_1"], [], 0),
    message("INVOKE", "Foo_2", "$init", [], 0),
    message("INVOKE", "Foo_2", "$handlers", [], 0),
    message("INVOKE", "Foo_1", "$set", ["sub", new Ref("s1", "Foo_2")], 0),
    message("INVOKE", "Foo_1", "$init", [], 0),
    message("INVOKE", "Foo_1", "$handlers", [], 0),
  );
  assert.deepEqual(seen, [
    ["Foo_2", 2, false, 0],
    ["Foo_1", 5, true, 0],
    ["handler", 2, 12], // the inner one first
    ["handler", 2, 5, 15],
  ]);
});

test("components made in init belong to the page, and a Model in whose context they are made may mount them", () => {
  const it = new Pair();
  it.define({name: "Label", properties: {text: {type: "String", default: "", settable: true}}});
  const Label = it.loader.require("m").Label;
  const mounted = [];
  it.defineModel({
    name: "Foo",
    methods: {
      init() {
        this.label = new Label({flx_args: [], flx_kwargs: {text: "x"}});
        this.label.node.className = "label";
      },
      _mount(child) {
        mounted.push(child);
      },
    },
  });
  const foo = it.makeModel("Foo_1", "Foo");
  assert.equal(foo.label.session, it.session);
  assert.deepEqual(mounted, [foo.label]);
  assert.equal(it.session.root, foo);
});

test("a Model is made by Python alone, and ended by Python alone", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  const {Foo} = it.loader.require("m");
  assert.throws(() => new Foo(), {name: "RuntimeError", message: /only be made in Python/});
  assert.throws(() => foo.dispose(), {name: "RuntimeError", message: /only be disposed in Python/});
  it.take();
  it.send(message("DISPOSE", "Foo_1"));
  assert.deepEqual(it.take(), [["DISPOSED", "Foo_1"]]);
  assert.equal(it.session.get_component_instance("Foo_1"), null);
  foo.foo = 9;
  it.settle();
  it.session.flush();
  assert.equal(foo.log.length, 1);
});

test("methods call those of the base by super, and handlers can be overridden", () => {
  const it = pair();
  const Base = it.loader.require("m").Foo;
  it.defineModel({
    name: "Bar",
    base: Base,
    methods: {
      greet() {
        return "bar";
      },
    },
    handlers: {
      note: {
        func: function (...events) {
          Base.prototype.note.call(this, ...events);
          this.log.push("bar");
        },
        connections: ["foo"],
      },
    },
    local: ["bar", "foo"], // Python has another foo
  });
  const bar = it.makeModel("Bar_1", "Bar");
  assert.deepEqual(bar.log, [[["foo", 2, 2]], "bar"]);
  it.take();
  bar.foo = 4;
  it.session.flush();
  assert.deepEqual(it.take(), []);
  const {greet} = bar;
  assert.equal(greet(), "bar");
});

test("handlers connect anew when they are called, and can be called at once", () => {
  const it = new Pair();
  const calls = [];
  it.defineModel({name: "Item", properties: {n: number(0)}});
  it.defineModel({
    name: "List",
    properties: {items: {validate: (v) => v || [], hasDefault: true, isReadonly: false}},
    handlers: {follow: {func: (...events) => calls.push(events.map((e) => e.new_value)), connections: ["items*.n"]}},
  });
  const [one, two] = ["Item_1", "Item_2"].map((id) => it.makeModel(id, "Item"));
  const list = it.makeModel("List_1", "List");
  list.items = [one];
  one.n = 1; // not connected yet
  it.settle();
  assert.deepEqual(calls, []);
  one.n = 2;
  it.settle();
  list.items = [two];
  one.n = 3;
  it.settle();
  two.n = 4;
  list.follow.handle_now();
  it.settle();
  assert.deepEqual(calls, [[2], [3], [4]]);
});

test("functions are connected in two ways, and disconnected", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  const heard = [];
  const first = foo.connect((e) => heard.push(`first ${e.new_value}`), "foo");
  foo.connect("foo:label", (e) => heard.push(`second ${e.new_value}`));
  assert.throws(() => foo.connect("foo"), {name: "TypeError"});
  assert.throws(() => foo.connect(() => {}), {name: "RuntimeError"});
  foo.foo = 5;
  it.settle();
  first.dispose();
  foo.disconnect("foo:label");
  foo.foo = 6;
  it.settle();
  assert.deepEqual(heard.sort(), ["first 5", "second 5"]);
});

test("Python runs a method, or any expression of the object", () => {
  const it = pair({
    methods: {
      grow(a, b) {
        this.grown = [a, b];
      },
    },
  });
  const foo = it.makeModel("Foo_1", "Foo");
  it.send(message("INVOKE", "Foo_1", "$run", ["grow(1, {b: [2]})"], 0));
  assert.deepEqual(foo.grown, [1, {b: [2]}]);
  it.take();
  it.send(message("INVOKE", "Foo_1", "$run", ["nothing()"], 0), message("INVOKE", "Foo_1", "boom", [], 0));
  assert.deepEqual(it.take().map(([op, id, , error]) => [op, id, error]), [
    ["FAULT", "Foo_1", "TypeError"],
    ["FAULT", "Foo_1", "NotDeclared"],
  ]);
});

test("data is fetched, its length checked, and then acknowledged and handed over", async () => {
  const it = pair({
    methods: {
      receive_data(buffer, meta) {
        this.got = [buffer.byteLength, meta];
        this.foo = 77;
      },
    },
  });
  it.window.fetch = async (url) => ({ok: true, arrayBuffer: async () => new ArrayBuffer(url.length)});
  const foo = it.makeModel("Foo_1", "Foo");
  it.take();
  it.send(message("INVOKE", "Foo_1", "$data", ["/12345", {byteLength: 6, a: 1}, "blob1"], 0));
  await until(() => foo.got !== undefined);
  assert.deepEqual(foo.got, [6, {byteLength: 6, a: 1}]);
  it.session.flush();
  assert.deepEqual(it.take(), [
    ["EMIT", "Foo_1", "$received", "", {name: "blob1"}, -1],
    ["EMIT", "Foo_1", "foo", "set", 77, [0, 1]],
  ]);
  await foo.retreive_data("/1", {});
  assert.equal(foo.got[0], 2);
});

for (const [what, fetch, pattern] of [
  ["of another length", async () => ({ok: true, arrayBuffer: async () => new ArrayBuffer(5)}), /has 5 bytes, 6 were/],
  ["that is not there", async () => ({ok: false, status: 404, statusText: "Not Found"}), /could not be retrieved.*404/],
  ["that cannot be had", async () => Promise.reject(new TypeError("network")), /could not be retrieved: network/],
]) {
  test(`data ${what} is a RuntimeError, and is not acknowledged`, async () => {
    const it = pair();
    let asked = 0;
    it.window.fetch = (url) => {
      asked += 1;
      return fetch(url);
    };
    const foo = it.makeModel("Foo_1", "Foo");
    it.take();
    const errors = [];
    const before = logger.exception;
    logger.exception = (error) => errors.push(error);
    await foo.retrieve_data("/x", {byteLength: 6}, "blob1");
    logger.exception = before;
    assert.equal(errors.length, 1);
    assert.equal(errors[0].name, "RuntimeError");
    assert.match(errors[0].message, pattern);
    assert.equal(asked, what === "that cannot be had" ? 2 : 1); // a lost connection is tried once more
    it.session.flush();
    assert.deepEqual(it.take(), []);
  });
}

test("data that nobody handles is mentioned", async () => {
  const it = pair();
  it.window.fetch = async () => ({ok: true, arrayBuffer: async () => new ArrayBuffer(6)});
  const foo = it.makeModel("Foo_1", "Foo");
  const said = [];
  const before = console.warn;
  console.warn = (text) => said.push(text);
  await foo.retrieve_data("/x", {});
  console.warn = before;
  assert.deepEqual(said, ["Foo_1 received data but did not handle it"]);
});

test("a page that is made anew holds what Python holds, whatever init makes of it", () => {
  const it = pair({
    methods: {
      init() {
        this.seen = [this.foo, this.bar];
        this.foo = 1000;
      },
    },
  });
  it.session.is_rebuilding = true;
  const foo = it.makeModel("Foo_1", "Foo", {req: -1, between: [set(41, [7, -1])]});
  assert.deepEqual(foo.seen, [41, 3]);
  assert.equal(foo.foo, 41);
  it.session.flush();
  assert.deepEqual(it.take(), []);
  foo.foo = 42;
  it.session.flush();
  assert.deepEqual(it.take(), [["EMIT", "Foo_1", "foo", "set", 42, [7, 1]]]);
});

test("a value that cannot be stored is refused, and the others go on", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  it.take();
  it.send(set(3, [1, -1], "bar_that_is_not"), message("EMIT", "Foo_1", "foo", "insert", [1], 0), set(9, [2, -1]));
  assert.deepEqual(it.take().map(([op]) => op), ["FAULT", "FAULT"]);
  assert.equal(foo.foo, 9);
});

test("a handler that fails is logged, and the others run", () => {
  const it = pair();
  const foo = it.makeModel("Foo_1", "Foo");
  const heard = [];
  foo.connect(() => {
    throw new RangeError("no");
  }, "foo:a");
  foo.connect(() => heard.push(1), "foo:b");
  foo.foo = 3;
  assert.deepEqual(logged(() => it.settle()), ["RangeError: no"]);
  assert.deepEqual(heard, [1]);
});

test("the loop has the name of the older API for what is called later", () => {
  loop.reset();
  const done = [];
  loop.call_later((a) => done.push(a), 1);
  loop.iter();
  assert.deepEqual(done, [1]);
});
