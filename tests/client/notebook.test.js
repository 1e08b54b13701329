import assert from "node:assert/strict";
import {test} from "node:test";

import {JsComponent, PyComponent} from "../../deskapp/bridge/client/app_component.js";
import {Codec} from "../../deskapp/bridge/client/codec.js";
import {defineClass} from "../../deskapp/bridge/client/define_class.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {Notebook} from "../../deskapp/bridge/client/notebook.js";
import {Protocol} from "../../deskapp/bridge/client/protocol.js";
import {message, Window} from "./helpers.js";

/** A kernel at the other end of a comm, which two pages may hear. */
class Kernel {
  constructor() {
    this.listeners = {};
    this.said = [];
    this.window = new Window("");
    this.window.crypto = globalThis.crypto;
    loop.reset();
    loop.integrate(() => () => {});
    const model = {
      get: () => "kernel 1",
      send: (content, _callbacks, buffers = []) => this.said.push({...content, buffers}),
      on: (name, callback) => (this.listeners[name] = callback),
    };
    this.notebook = new Notebook(model, this.window);
    this.python = new Protocol(new Codec([]), {side: "python"});
  }

  get session() {
    return this.notebook.session;
  }

  /** What the page has said since the last call. */
  heard() {
    return this.said.splice(0);
  }

  say(content, buffers = [], heap = this.notebook.heap) {
    this.listeners["msg:custom"]({heap, ...content}, buffers);
  }

  frame(frame, heap) {
    this.say({do: "frame", frame}, [], heap);
  }

  welcome(how = "new") {
    if (how !== "replay") {
      this.python.newEpoch();
    }
    const text = message("WELCOME", 1, "key", how, "asset", "s1", "notebook", this.python.lastReceived);
    this.frame(this.python.codec.encodeFrame(0, 0, [text]));
    this.python.accept(how === "replay" ? this.session.protocol.lastReceived : 0);
  }

  frames(...messages) {
    for (const each of messages) {
      this.python.send(each);
    }
    return this.python.frames();
  }

  send(...messages) {
    this.frames(...messages).forEach((frame) => this.frame(frame));
  }

  define(...specs) {
    this.session.loader.define("m", [], () =>
      Object.fromEntries(specs.map((spec) => [spec.name, defineClass({module: "m", kind: "js", base: JsComponent, ...spec})])),
    );
  }

  make(id, cls, {active = []} = {}) {
    this.send(message("INSTANTIATE", id, "m", cls, [], {}, active, [], 0));
    return this.session.instances.get(id);
  }

  cell() {
    return this.window.document.createElement("div");
  }
}

/** A kernel whose page has the classes Label and Main. */
function opened() {
  const kernel = new Kernel();
  kernel.heard();
  kernel.welcome();
  kernel.define(
    {name: "Label", methods: {init() { this.node.textContent = "label"; }}},
    {name: "Main", kind: "py", base: PyComponent},
  );
  return kernel;
}

const notes = (cell) => cell.childNodes[0].childNodes.map((node) => node.textContent.trim());

test("a page greets with its own name, and hears what is for it alone", () => {
  const kernel = new Kernel();
  const [hello] = kernel.heard();
  assert.equal(hello.do, "hello");
  assert.equal(hello.heap, kernel.notebook.heap);
  assert.equal(hello.take, false);
  const [greeting] = kernel.python.codec.decodeFrame(hello.frame).messages;
  assert.equal(greeting.op, "HELLO");
  assert.equal(greeting.page, kernel.notebook.heap);
  kernel.frame(kernel.python.codec.encodeFrame(0, 0, [message("WELCOME", 1, "k", "new", "a", "other", "n", 0)]), "other heap");
  assert.equal(kernel.session.id, "");
  kernel.welcome();
  assert.equal(kernel.session.id, "s1");
});

test("nothing of the document around is touched", () => {
  const kernel = opened();
  const {document} = kernel.window;
  document.title = "Untitled.ipynb";
  kernel.send(message("NOTICE", "title", "mine"), message("NOTICE", "theme", "dark"), message("READY"));
  assert.equal(document.title, "Untitled.ipynb");
  kernel.make("Label_1", "Label").node;
  assert.deepEqual(document.getElementById("deskapp-root").childNodes, []);
  kernel.session.page.define("css", "m.css", ".a {}", "");
  assert.equal(document.head.childNodes.at(-1).getAttribute("data-deskapp"), "kernel 1/m.css");
});

test("scripts know the client of their own kernel", () => {
  const kernel = opened();
  const {window} = kernel;
  window.deskapp = "another's";
  let seen;
  window.document.head.appendChild = () => (seen = window.deskapp);
  kernel.session.page.runScript("");
  assert.equal(seen.session, kernel.session);
  assert.equal(window.deskapp, "another's");
});

test("a component's node goes to the cell that shows it last, and back", () => {
  const kernel = opened();
  const label = kernel.make("Label_1", "Label");
  const [first, second] = [kernel.cell(), kernel.cell()];
  kernel.notebook.places.show("s1_Label_1", first);
  assert.equal(first.firstChild.firstChild, label.node);
  const leave = kernel.notebook.places.show("s1_Label_1", second);
  assert.equal(second.firstChild.firstChild, label.node);
  assert.deepEqual(notes(first), ["This is shown in another cell."]);
  leave();
  assert.equal(first.firstChild.firstChild, label.node);
  assert.deepEqual(second.childNodes, []);
});

test("a cell may wait for its component, and says so if there is none any more", () => {
  const kernel = opened();
  const cell = kernel.cell();
  kernel.notebook.places.show("s1_Label_1", cell);
  assert.deepEqual(cell.firstChild.childNodes, []);
  const label = kernel.make("Label_1", "Label");
  assert.equal(cell.firstChild.firstChild, label.node);
  kernel.send(message("READY"));
  const gone = kernel.cell();
  kernel.notebook.places.show("s1_Label_2", gone);
  assert.deepEqual(notes(gone), ["This component has ended."]);
});

test("a component of Python is shown with what was made in its context", () => {
  const kernel = opened();
  kernel.make("Main_1", "Main");
  kernel.make("Main_2", "Main", {active: ["Main_1"]});
  const outer = kernel.make("Label_1", "Label", {active: ["Main_1"]});
  const inner = kernel.make("Label_2", "Label", {active: ["Main_1", "Main_2"]});
  const cell = kernel.cell();
  kernel.notebook.places.show("s1_Main_1", cell);
  const group = cell.firstChild.firstChild;
  assert.deepEqual(group.childNodes, [outer.node, inner.node.parentNode]);
  const second = kernel.cell();
  kernel.notebook.places.show("s1_Main_2", second);
  assert.deepEqual(second.firstChild.firstChild.childNodes, [inner.node]);
  assert.deepEqual(group.childNodes, [outer.node]);
});

test("what another tab shows can be taken", () => {
  const kernel = opened();
  kernel.send(message("READY"));
  const cell = kernel.cell();
  kernel.notebook.places.show("s0_Label_1", cell);
  assert.deepEqual(notes(cell), ["This is shown in another tab."]);
  kernel.heard();
  cell.firstChild.firstChild.firstChild.dispatchEvent(new Event("click"));
  const [hello] = kernel.heard();
  assert.equal(hello.do, "hello");
  assert.equal(hello.take, true);
});

test("what was taken by another tab says so", () => {
  const kernel = opened();
  kernel.make("Label_1", "Label");
  const cell = kernel.cell();
  kernel.notebook.places.show("s1_Label_1", cell);
  kernel.say({do: "close", code: 1000, reason: "taken"});
  assert.deepEqual(notes(cell), ["This is shown in another tab."]);
});

test("frames that Jupyter dropped are asked for again", () => {
  const kernel = opened();
  kernel.heard();
  const lost = kernel.frames(message("INSTANTIATE", "Label_1", "m", "Label", [], {}, [], [], 0));
  assert.equal(lost.length, 1);
  kernel.send(message("INSTANTIATE", "Label_2", "m", "Label", [], {}, [], [], 0));
  const hello = kernel.heard().at(-1);
  assert.equal(hello.do, "hello");
  assert.equal(kernel.python.codec.decodeFrame(hello.frame).messages[0].last_seq, 0);
  kernel.python.suspend();
  kernel.welcome("replay");
  kernel.python.frames().forEach((frame) => kernel.frame(frame));
  assert.deepEqual([...kernel.session.instances.keys()], ["Label_1", "Label_2"]);
});

test("a session that Python made anew takes the place of what was there", () => {
  const kernel = opened();
  const old = kernel.make("Label_1", "Label");
  const cell = kernel.cell();
  kernel.notebook.places.show("s1_Label_1", cell);
  const {session} = kernel;
  kernel.notebook._greet(false);
  kernel.welcome("rebuild");
  assert.notEqual(kernel.session, session);
  assert.equal(old.node.parentNode, null);
  kernel.define({name: "Label"});
  const label = kernel.make("Label_1", "Label");
  assert.equal(cell.firstChild.firstChild, label.node);
});

test("a kernel that is gone leaves a message", () => {
  const kernel = opened();
  kernel.make("Label_1", "Label");
  const cell = kernel.cell();
  kernel.notebook.places.show("s1_Label_1", cell);
  kernel.listeners.comm_live_update();
  kernel.listeners.comm_live_update();
  assert.deepEqual(notes(cell), ["The kernel was restarted. Run the cells again."]);
  assert.equal(kernel.session.is_closed, true);
});

test("a page that goes says goodbye", () => {
  const kernel = opened();
  kernel.heard();
  kernel.window.dispatchEvent(new Event("pagehide"));
  assert.deepEqual(kernel.heard(), [{heap: kernel.notebook.heap, do: "bye", buffers: []}]);
});

test("data come over the comm, without a copy if they come alone", async () => {
  const kernel = opened();
  kernel.heard();
  const promise = kernel.session.fetch_data("/data/a");
  assert.equal(kernel.heard()[0].url, "/data/a");
  const whole = new Uint8Array([1, 2, 3]).buffer;
  kernel.say({do: "data", url: "/data/a"}, [new DataView(whole)]);
  assert.equal(await promise, whole);
  const part = kernel.session.fetch_data("/data/b");
  kernel.say({do: "data", url: "/data/b"}, [new DataView(whole, 1, 1)]);
  assert.deepEqual(new Uint8Array(await part), new Uint8Array([2]));
  const none = kernel.session.fetch_data("/data/c");
  kernel.say({do: "data", url: "/data/c"});
  await assert.rejects(none, /no data at \/data\/c/);
});
