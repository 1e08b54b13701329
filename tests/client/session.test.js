import assert from "node:assert/strict";
import {test} from "node:test";

import {PyComponent, StubComponent} from "../../deskapp/bridge/client/app_component.js";
import {logger} from "../../deskapp/bridge/client/errors.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {message, Pair, Ref, until} from "./helpers.js";

const CLOCK = {
  name: "Clock",
  properties: {
    text: {type: "String", default: "", settable: true},
    secret: {type: "Any", settable: true, local: true},
    child: {type: "Component", settable: true},
  },
  actions: {
    shout: function () {
      this._mutate("text", this.text.toUpperCase());
    },
    fail: function () {
      throw new RangeError("no");
    },
    wait: async function () {
      await this.text_of;
    },
    later: async function () {
      await null;
      this._mutate("text", "later");
    },
  },
  emitters: {
    ticked: function (n) {
      return {n};
    },
  },
};

const MODEL = {
  name: "Model",
  kind: "py",
  base: PyComponent,
  properties: {n: {type: "Int", default: 0, settable: true}, items: {type: "List", default: []}},
  actions: {reset: null},
  emitters: {saved: null},
};

function pair(options) {
  const it = new Pair(options);
  it.define(CLOCK);
  it.define(MODEL);
  return it;
}

test("an instance made for Python reports what its construction made of the values", () => {
  const it = pair();
  it.define({
    ...CLOCK,
    methods: {
      init(start) {
        this._mutate("text", `${start}!`);
        this._mutate("secret", "hidden");
        this.ticked(1);
      },
    },
  });
  it.make("Clock_1", "Clock", {args: ["go"], props: {}, types: ["ticked"]});
  assert.deepEqual(it.take(), [
    ["EMIT", "Clock_1", "text", "set", "go!", -1],
    ["EMIT", "Clock_1", "ticked", "", {n: 1}, -1],
  ]);
});

test("a value that Python gave is reported even if it is the default again", () => {
  const it = pair();
  it.define({
    ...CLOCK,
    methods: {
      init() {
        this._mutate("text", "");
      },
    },
  });
  it.make("Clock_1", "Clock", {props: {text: "given"}});
  assert.deepEqual(it.take(), [["EMIT", "Clock_1", "text", "set", "", -1]]);
});

test("changes of an owner reach its proxy, local properties and unwanted events do not", () => {
  const it = pair();
  const clock = it.make("Clock_1", "Clock");
  clock.set_text("a");
  clock.set_secret("s");
  it.settle();
  clock.ticked(1);
  it.settle();
  assert.deepEqual(it.take(), [["EMIT", "Clock_1", "text", "set", "a", -1]]);
  it.send(message("SUBSCRIBE", "Clock_1", ["ticked"]));
  clock.ticked(2);
  it.settle();
  assert.deepEqual(it.take(), [["EMIT", "Clock_1", "ticked", "", {n: 2}, -1]]);
  it.send(message("SUBSCRIBE", "Clock_1", null));
  clock.set_text("b");
  it.settle();
  assert.deepEqual(it.take(), []);
});

test("an invoked action runs before the message behind it, and its changes leave with the same flush", () => {
  const it = pair();
  it.make("Clock_1", "Clock");
  it.send(
    message("INVOKE", "Clock_1", "set_text", ["hi"], 0),
    message("INVOKE", "Clock_1", "shout", [], 7),
    message("CALL", 8, "deskapp.session.instances.get('Clock_1').text", {}),
  );
  assert.deepEqual(it.take(), [
    ["EMIT", "Clock_1", "text", "set", "hi", -1],
    ["EMIT", "Clock_1", "text", "set", "HI", -1],
    ["RESULT", 7, null, null],
    ["RESULT", 8, "HI", null],
  ]);
});

test("an async action is answered when it has ended", async () => {
  const it = pair();
  it.make("Clock_1", "Clock");
  it.send(message("INVOKE", "Clock_1", "later", [], 3));
  assert.deepEqual(it.take(), []);
  await until(() => it.session._is_flush_due);
  it.settle();
  assert.deepEqual(it.take(), [
    ["EMIT", "Clock_1", "text", "set", "later", -1],
    ["RESULT", 3, null, null],
  ]);
});

test("what cannot be obeyed is answered by a FAULT and changes nothing", () => {
  const it = pair();
  it.make("Clock_1", "Clock");
  it.make("Model_1", "Model");
  it.send(
    message("INVOKE", "Nobody_1", "shout", [], 5),
    message("INVOKE", "Clock_1", "init", [], 0),
    message("INVOKE", "Clock_1", "set_text", [3], 0),
    message("INVOKE", "Clock_1", "fail", [], 6),
    message("EMIT", "Clock_1", "text", "set", "x", -1),
    message("EMIT", "Model_1", "n", "set", "many", -1),
    message("INSTANTIATE", "X_1", "m", "Missing", [], {}, [], [], 0),
    message("CALL", 9, "1+1", {}),
  );
  const faults = it.take();
  assert.deepEqual(
    faults.map(([op, id, name, error, , req]) => [op, id, name, error, req]),
    [
      ["FAULT", "Nobody_1", "shout", "KeyError", 5],
      ["FAULT", "Clock_1", "init", "NotDeclared", 0],
      ["FAULT", "Clock_1", "set_text", "TypeError", 0],
      ["FAULT", "Clock_1", "fail", "RangeError", 6],
      ["FAULT", "Clock_1", "text", "NotDeclared", 0],
      ["FAULT", "Model_1", "n", "ValueError", 0],
      ["FAULT", "X_1", "Missing", "KeyError", 0],
      ["RESULT", 9, 2, null, undefined],
    ],
  );
  assert.match(faults[2][4], /Clock_1\.text/);
  assert.equal(it.session.instances.get("Clock_1").text, "");
  assert.equal(it.session.instances.get("Model_1").n, 0);
  assert.equal(it.printed.length, 7);
});

test("a proxy follows its owner and passes actions on", () => {
  const it = pair();
  const model = it.make("Model_1", "Model", {props: {n: 4, items: [1]}});
  assert.equal(model.n, 4);
  const seen = [];
  const note = (...events) => seen.push(...events.map((event) => event.mutation || event.type));
  model.reaction(note, "n", "items", "saved");
  it.send(
    message("EMIT", "Model_1", "n", "set", 5, -1),
    message("EMIT", "Model_1", "items", "insert", [2], 0),
    message("EMIT", "Model_1", "saved", "", {where: "disk"}, -1),
  );
  assert.deepEqual(model.items, [2, 1]);
  assert.deepEqual(seen.slice(-3), ["set", "insert", "saved"]);
  assert.deepEqual(it.take(), [["SUBSCRIBE", "Model_1", ["saved"]]]);
  assert.equal(model.set_n(6).reset(1, "a"), model);
  it.settle();
  assert.equal(model.n, 5);
  assert.deepEqual(it.take(), [
    ["INVOKE", "Model_1", "set_n", [6], 0],
    ["INVOKE", "Model_1", "reset", [1, "a"], 0],
  ]);
  assert.throws(() => model._mutate("n", 7), {name: "RuntimeError"});
  assert.throws(() => model.dispose(), {name: "RuntimeError"});
});

test("a subscription goes ahead of the action that it is for, and again when it changes", () => {
  const it = pair();
  const model = it.make("Model_1", "Model");
  const reaction = model.reaction(() => {}, "saved");
  model.reset();
  it.settle();
  assert.deepEqual(it.take(), [
    ["SUBSCRIBE", "Model_1", ["saved"]],
    ["INVOKE", "Model_1", "reset", [], 0],
  ]);
  reaction.dispose();
  it.settle();
  assert.deepEqual(it.take(), [["SUBSCRIBE", "Model_1", []]]);
});

test("Python hears of a component made here right before the first message that refers to it", () => {
  const it = pair();
  const Clock = it.loader.classOf("m", "Clock");
  const model = it.make("Model_1", "Model");
  it.session.instances.get("Model_1").__enter__();
  const clock = new Clock({flx_args: [], flx_kwargs: {text: "mine"}});
  model.__exit__();
  clock.set_text("changed");
  it.settle();
  assert.deepEqual(it.take(), []);
  model.reset(clock);
  model.reset(clock);
  it.settle();
  assert.equal(clock.id, "Clock_1js");
  assert.deepEqual(it.take(), [
    ["INSTANTIATE", "Clock_1js", "m", "Clock", [], {child: null, text: "changed"}, [], [], 0],
    ["INVOKE", "Model_1", "reset", [new Ref("s1", "Clock_1js")], 0],
    ["INVOKE", "Model_1", "reset", [new Ref("s1", "Clock_1js")], 0],
  ]);
  clock.set_text("again");
  it.settle();
  assert.deepEqual(it.take(), [["EMIT", "Clock_1js", "text", "set", "again", -1]]);
});

test("components that refer to each other are told one after the other", () => {
  const it = pair();
  const Clock = it.loader.classOf("m", "Clock");
  const model = it.make("Model_1", "Model");
  const a = new Clock();
  const b = new Clock({flx_args: [], flx_kwargs: {child: a}});
  a.set_child(b);
  it.settle();
  model.reset(a);
  it.settle();
  assert.deepEqual(
    it.take().map(([op, id, ...rest]) => [op, id, op === "EMIT" ? rest[2].id : ""]),
    [
      ["INSTANTIATE", "Clock_1js", ""],
      ["INSTANTIATE", "Clock_2js", ""],
      ["EMIT", "Clock_2js", "Clock_1js"],
      ["EMIT", "Clock_1js", "Clock_2js"],
      ["INVOKE", "Model_1", ""],
    ],
  );
});

test("components arrive as themselves, strangers as stubs that can be passed on", () => {
  const it = pair();
  const clock = it.make("Clock_1", "Clock");
  const model = it.make("Model_1", "Model");
  it.send(message("INVOKE", "Clock_1", "set_child", [new Ref("s1", "Model_1")], 0));
  assert.equal(clock.child, model);
  it.send(message("INVOKE", "Clock_1", "set_child", [new Ref("other", "Model_9")], 0));
  assert.ok(clock.child instanceof StubComponent);
  assert.equal(clock.child.uid, "other_Model_9");
  it.take();
  model.reset(clock.child);
  it.settle();
  assert.deepEqual(it.take(), [["INVOKE", "Model_1", "reset", [new Ref("other", "Model_9")], 0]]);
});

test("disposing goes both ways and is acknowledged; late messages to the dead are dropped", () => {
  const it = pair();
  const clock = it.make("Clock_1", "Clock");
  const second = it.make("Clock_2", "Clock");
  const model = it.make("Model_1", "Model");
  it.take();
  it.send(message("DISPOSE", "Clock_1"), message("DISPOSE", "Model_1"));
  assert.ok(clock._disposed && model._disposed);
  second.dispose();
  it.settle();
  assert.deepEqual(it.take(), [
    ["DISPOSED", "Clock_1"],
    ["DISPOSED", "Model_1"],
    ["DISPOSE", "Clock_2"],
  ]);
  it.send(message("DISPOSED", "Clock_2"), message("EMIT", "Model_1", "n", "set", 1, -1));
  it.send(message("INVOKE", "Clock_2", "shout", [], 0));
  it.make("Clock_2", "Clock");
  assert.deepEqual(it.take(), []);
  assert.equal(it.session.instances.size, 0);
});

test("a failed construction leaves no instance and is told with its stack", () => {
  const it = pair();
  it.define({
    name: "Bad",
    methods: {
      init() {
        this.node.textContent = "x";
        throw new RangeError("init failed");
      },
    },
  });
  it.make("Bad_1", "Bad");
  const [[op, id, name, error, text]] = it.take();
  assert.deepEqual([op, id, name, error], ["FAULT", "Bad_1", "Bad", "RangeError"]);
  assert.match(text, /init failed[^]*at /);
  assert.equal(it.session.instances.size, 0);
  assert.equal(it.session.root, null);
  assert.equal(it.window.document.getElementById("deskapp-root").childNodes.length, 0);
  assert.deepEqual(loop.get_active_components(), []);
  it.send(message("EMIT", "Bad_1", "text", "set", "x", -1));
  assert.deepEqual(it.take(), []);
});

test("a survivor of a reload keeps the values that Python holds, whatever init does", () => {
  const it = pair({how: "rebuild"});
  it.define({
    ...CLOCK,
    methods: {
      init() {
        this._mutate("text", "fresh");
        const Clock = this.constructor;
        if (this.id === "Clock_1") {
          this._mutate("child", new Clock());
        }
      },
    },
  });
  const clock = it.make("Clock_1", "Clock", {props: {text: "held"}, req: -1});
  assert.equal(clock.text, "held");
  assert.deepEqual(
    it.take().filter(([op]) => op !== "INSTANTIATE"),
    [
      ["EMIT", "Clock_1", "child", "set", new Ref("s1", "Clock_1js"), -1],
      ["EMIT", "Clock_1", "text", "set", "held", -1],
    ],
  );
  it.make("Clock_2", "Clock", {props: {text: "two"}, req: -1});
  it.send(message("EMIT", "Clock_2", "child", "set", new Ref("s1", "Clock_1"), -1), message("READY"));
  assert.equal(it.session.instances.get("Clock_2").child, clock);
  it.take();
  it.send(message("EMIT", "Clock_2", "text", "set", "no more", -1));
  assert.equal(it.take()[0][0], "FAULT");
});

test("contexts of a component are entered while it is made, and nodes follow them", () => {
  const it = pair();
  it.define({name: "Plain"});
  it.define({
    name: "Box",
    methods: {
      _create_dom() {
        const node = this.session.page.document.createElement("section");
        node.id = this.id;
        return node;
      },
    },
  });
  it.define({
    name: "Stack",
    methods: {
      _mount(child) {
        (this.mounted ||= []).push(child.id);
      },
    },
  });
  const document = it.window.document;
  it.make("Model_1", "Model");
  const box = it.make("Box_1", "Box", {active: ["Model_1"]});
  const inner = it.make("Box_2", "Box", {active: ["Model_1", "Box_1"]});
  const plain = it.make("Plain_1", "Plain", {active: ["Box_1"]});
  const stack = it.make("Stack_1", "Stack", {active: ["Box_1"]});
  it.make("Box_3", "Box", {active: ["Box_1", "Stack_1"]});
  assert.equal(box.node.parentNode, document.getElementById("deskapp-root"));
  assert.equal(inner.node.parentNode, box.node);
  assert.deepEqual(stack.mounted, ["Box_3"]);
  assert.equal(plain._node, null);
  assert.equal(plain.node.tagName, "DIV");
  assert.equal(plain.node.parentNode, box.node);
  let clicks = 0;
  inner._addEventListener(box.node, "click", () => {
    clicks += 1;
  });
  box.node.dispatchEvent(new Event("click"));
  inner.dispose();
  box.node.dispatchEvent(new Event("click"));
  assert.equal(clicks, 1);
  assert.equal(inner.node.parentNode, null);
});

test("CALL is always answered", async () => {
  const it = pair();
  it.make("Clock_1", "Clock");
  it.send(
    message("CALL", 1, "a + b", {a: 2, b: 3}),
    message("CALL", 2, "nothing.here", {}),
    message("CALL", 3, "(((", {}),
    message("CALL", 4, "() => 1", {}),
    message("CALL", 5, "Promise.resolve(x)", {x: new Ref("s1", "Clock_1")}),
    message("CALL", 6, "Promise.reject(new RangeError('late'))", {}),
    message("CALL", 7, "undefined", {}),
    message("CALL", 8, "throw 5", {}),
  );
  await until(() => it.session._is_flush_due);
  it.settle();
  const answers = new Map(it.take().map(([, req, value, error]) => [req, error ? error.name : value]));
  assert.deepEqual([...answers].sort((a, b) => a[0] - b[0]), [
    [1, 5],
    [2, "ReferenceError"],
    [3, "SyntaxError"],
    [4, "CodecError"],
    [5, new Ref("s1", "Clock_1")],
    [6, "RangeError"],
    [7, null],
    [8, "Error"],
  ]);
});

test("a question to Python is settled by its RESULT, a FAULT or the end", async () => {
  const it = pair();
  const model = it.make("Model_1", "Model");
  const answered = it.session.ask(model, "reset");
  const refused = it.session.ask(model, "reset");
  const ended = it.session.ask(model, "reset");
  it.settle();
  assert.deepEqual(
    it.take().map(([op, , , , req]) => [op, req]),
    [
      ["INVOKE", 1],
      ["INVOKE", 2],
      ["INVOKE", 3],
    ],
  );
  it.send(message("RESULT", 1, 42, null), message("FAULT", "Model_1", "reset", "NotDeclared", "no", 2));
  it.send(message("CLOSE", 1000, "done"));
  assert.equal(await answered, 42);
  await assert.rejects(refused, {name: "NotDeclared"});
  await assert.rejects(ended, {name: "SessionClosedException"});
});

test("messages behind a script from a URL wait until it has loaded", async () => {
  const it = pair();
  it.send(
    message("DEFINE", "js", "lib", "", "/lib.js"),
    message("INSTANTIATE", "Clock_1", "m", "Clock", [], {}, [], [], 0),
  );
  it.send(message("CALL", 1, "1", {}));
  assert.equal(it.session.instances.size, 0);
  const script = it.window.document.scripts.at(-1);
  assert.deepEqual([script.src, script.nonce], ["/lib.js", "n0nce"]);
  script.onload();
  await until(() => it.session.instances.size === 1);
  assert.deepEqual(it.take(), [["RESULT", 1, 1, null]]);
});

test("a script that cannot be loaded is a fault, and what is behind it goes on", async () => {
  const it = pair();
  it.send(message("DEFINE", "js", "lib", "", "/lib.js"), message("CALL", 1, "1", {}));
  it.window.document.scripts.at(-1).onerror();
  await until(() => it.received.length === 2);
  const [fault, result] = it.take();
  assert.deepEqual(fault.slice(0, 4), ["FAULT", "", "lib", "AssetError"]);
  assert.deepEqual(result, ["RESULT", 1, 1, null]);
});

test("modules and styles are defined by nonced elements, styles replace those of their name", () => {
  const it = pair();
  it.send(
    message("DEFINE", "js", "m2", "deskapp.define('m2', ['m'], ($rt, m) => ({Clock: m.Clock}))", ""),
    message("DEFINE", "css", "m2", "a {}", ""),
    message("DEFINE", "css", "m2", "b {}", ""),
    message("DEFINE", "css", "remote", "", "https://example.com/r.css"),
    message("DEFINE", "js", "bad", "deskapp.define('bad', ['missing'], () => {})", ""),
  );
  assert.equal(it.loader.require("m2").Clock, it.loader.classOf("m", "Clock"));
  const {childNodes} = it.window.document.head;
  const styles = childNodes.map((node) => [node.tagName, node.textContent || node.href, node.nonce]);
  assert.deepEqual(styles, [
    ["STYLE", "b {}", "n0nce"],
    ["LINK", "https://example.com/r.css", "n0nce"],
  ]);
  assert.deepEqual(it.take()[0].slice(0, 4), ["FAULT", "", "bad", "KeyError"]);
});

test("what comes behind a style of the server's waits for it, and goes on without it", async () => {
  for (const outcome of ["onload", "onerror"]) {
    const it = pair();
    it.send(message("DEFINE", "css", "own", "", "/own.css"), message("NOTICE", "title", "styled"));
    const link = it.window.document.head.childNodes.at(-1);
    assert.notEqual(it.window.document.title, "styled");
    link[outcome]();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(it.window.document.title, "styled");
  }
});

test("READY drops the splash, notices change the page, CLOSE says why", () => {
  const it = pair();
  const document = it.window.document;
  it.send(message("NOTICE", "title", "Hello"), message("READY"));
  assert.equal(document.getElementById("deskapp-splash"), null);
  assert.equal(document.title, "Hello");
  const closed = [];
  it.session.onclose = (...args) => closed.push(args);
  it.send(message("CLOSE", 1000, "The app has ended"));
  assert.deepEqual(closed, [[1000, "The app has ended"]]);
  const texts = document.getElementById("deskapp-closed").childNodes.map((node) => node.textContent);
  assert.equal(texts.at(-1), "The app has ended");
});

test("PING is answered while an action awaits something and while messages wait for a script", () => {
  const it = pair();
  const clock = it.make("Clock_1", "Clock");
  let go;
  clock.text_of = new Promise((resolve) => (go = resolve));
  it.send(message("INVOKE", "Clock_1", "wait", [], 3));
  it.python.ping();
  it.send();
  assert.equal(it.python.awaitsPong, false);
  assert.deepEqual(it.take(), []);
  go();
  it.send(message("DEFINE", "js", "far", "", "http://127.0.0.1:2/far.js"), message("READY"));
  assert.equal(it.session.is_ready, false);
  it.python.ping();
  it.send();
  assert.equal(it.python.awaitsPong, false);
  it.window.document.scripts.at(-1).onload();
});

test("cookies are collected one after the other, and one that fails does not keep the next", async (t) => {
  const it = pair();
  const errors = [];
  t.mock.method(console, "error", (...parts) => errors.push(parts.join(" ")));
  const underWay = [];
  it.window.fetch = (url, {cache}) => new Promise((resolve) => underWay.push({url, cache, resolve}));
  it.send(message("NOTICE", "cookie", {url: "/1"}), message("NOTICE", "cookie", {url: "/2"}));
  await until(() => underWay.length > 0);
  assert.deepEqual(underWay.map(({url, cache}) => [url, cache]), [["/1", "no-store"]]);
  underWay[0].resolve({ok: false, status: 404});
  await until(() => underWay.length > 1);
  assert.equal(underWay[1].url, "/2");
  underWay[1].resolve({ok: true, status: 204});
  assert.match(errors[0], /cookie could not be set.*404/);
});

test("a line that Python prints is printed in the page and not said back", (t) => {
  const it = pair();
  const lines = [];
  it.session.printer = Object.fromEntries(
    ["log", "info", "warn", "error"].map((level) => [level, (text) => lines.push([level, text])]),
  );
  it.send(message("NOTICE", "console", {level: "log", text: "hi"}), message("NOTICE", "console", {level: "error", text: "oh"}));
  assert.deepEqual(lines, [["log", "hi"], ["error", "oh"]]);
  assert.deepEqual(it.take(), []);
});

test("an object that Python let go and takes up again reports its values; one that ended says so", () => {
  const it = pair();
  const clock = it.make("Clock_1", "Clock");
  it.take();
  it.send(message("SUBSCRIBE", "Clock_1", null));
  it.send(message("INVOKE", "Clock_1", "set_text", ["unheard"], 0));
  assert.deepEqual(it.take(), []);
  it.send(message("SUBSCRIBE", "Clock_1", []));
  assert.deepEqual(it.take(), [["EMIT", "Clock_1", "text", "set", "unheard", -1]]);
  it.send(message("SUBSCRIBE", "Clock_1", ["ticked"])); // nothing new: no report
  assert.deepEqual(it.take(), []);
  it.send(message("SUBSCRIBE", "Clock_1", null));
  clock.dispose();
  assert.deepEqual(it.take(), []);
  it.send(message("SUBSCRIBE", "Clock_1", []));
  assert.deepEqual(it.take(), [["DISPOSED", "Clock_1"]]);
});

test("an action of a component that has ended in Python is not asked for, and says so", (t) => {
  const it = pair();
  const warning = t.mock.method(logger, "warning", () => {});
  const model = it.make("Model_1", "Model");
  it.send(message("DISPOSE", "Model_1"));
  it.take();
  model.reset();
  model.set_n(3);
  assert.deepEqual(it.take(), []);
  assert.match(warning.mock.calls[0].arguments[0], /Model_1\.reset\(\) does nothing/);
  assert.equal(warning.mock.callCount(), 2);
});

test("two stubs of one component are the same value", () => {
  const it = pair();
  it.make("Clock_1", "Clock");
  const clock = it.session.get_component_instance("Clock_1");
  const seen = [];
  clock.reaction(() => seen.push(clock.child.uid), "child");
  const set = (id) => it.send(message("INVOKE", "Clock_1", "set_child", [new Ref("elsewhere", id)], 0));
  set("A_1");
  set("A_1");
  set("A_2");
  assert.deepEqual(seen, ["elsewhere_A_1", "elsewhere_A_2"]);
  assert.equal(clock.child.session.id, "elsewhere");
  assert.equal(clock.child.root, null);
});

test("a CALL without text is a round trip: it is answered when what came before has settled", () => {
  const it = pair();
  const seen = [];
  const clock = it.make("Clock_1", "Clock");
  clock.reaction(() => seen.push(clock.text), "text");
  it.take();
  it.send(message("INVOKE", "Clock_1", "set_text", ["a"], 0), message("CALL", 7, "", {}));
  assert.deepEqual(seen, ["a"]);
  assert.deepEqual(it.take(), [
    ["EMIT", "Clock_1", "text", "set", "a", -1],
    ["RESULT", 7, null, null],
  ]);
});

test("a CALL that nobody waits for is not answered; its error is printed, and its value if it is asked for", (t) => {
  const it = pair();
  const errors = [];
  const lines = [];
  t.mock.method(console, "error", (...parts) => errors.push(parts.join(" ")));
  t.mock.method(console, "log", (...parts) => lines.push(parts.join(" ")));
  it.send(message("CALL", 0, "1 + 1", {}), message("CALL", -1, "1 + 2", {}), message("CALL", 0, "nope()", {}));
  assert.deepEqual(it.take(), []);
  assert.deepEqual(lines, ["3"]);
  assert.match(errors[0], /nope/);
});

test("a value that cannot travel is reported and stops nothing", (t) => {
  const it = pair();
  const errors = [];
  t.mock.method(console, "error", (...parts) => errors.push(parts.join(" ")));
  it.define({name: "Any", properties: {x: {type: "Any", settable: true}}});
  const any = it.make("Any_1", "Any");
  any.set_x(Symbol("s"));
  any.set_x(3);
  it.settle();
  assert.deepEqual(it.take(), [["EMIT", "Any_1", "x", "set", 3, -1]]);
  assert.match(errors[0], /Any_1\.x/);
});

test("errors of reactions that a frame causes are logged", (t) => {
  const it = pair();
  const errors = [];
  t.mock.method(logger, "exception", (error) => errors.push(error.message));
  const model = it.make("Model_1", "Model");
  model.reaction(() => {
    throw new Error("oops");
  }, "n");
  it.send(message("EMIT", "Model_1", "n", "set", 1, -1));
  assert.deepEqual(errors, ["oops"]);
});
