// A page without a Python: exported.js, and the session's fetch_data.
import assert from "node:assert/strict";
import {test} from "node:test";

import {Codec} from "../../deskapp/bridge/client/codec.js";
import {start} from "../../deskapp/bridge/client/index.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {message} from "../../deskapp/bridge/client/messages.js";
import {Window} from "./helpers.js";

const codec = new Codec();

/** An exported page; `messages` is what Python said. */
function page(messages = [], {data = {}} = {}) {
  loop.reset();
  loop.integrate(() => () => {});
  const window = new Window();
  window.document.baseURI = "file:///home/me/export/app.html";
  const {session, connection} = start(window, {nonce: "", dataset: {connect: "no"}});
  globalThis.deskapp = window.deskapp;
  const printed = [];
  session.printer = {warn: (...parts) => printed.push(parts.join(" ")), error: (...parts) => printed.push(parts.join(" "))};
  const written = [];
  session.write = (frames) => written.push(...frames);
  window.deskapp.define("m", [], ($rt) => ({
    Label: $rt.defineClass({
      module: "m",
      kind: "js",
      base: $rt.JsComponent,
      name: "Label",
      properties: {text: {type: "String", default: "", settable: true}},
    }),
    Main: $rt.defineClass({
      module: "m",
      kind: "py",
      base: $rt.PyComponent,
      name: "Main",
      properties: {count: {type: "Int", default: 0}, blob: {type: "Any"}},
      actions: {add: null},
    }),
  }));
  const frames = messages.map((batch, n) => codec.encodeFrame(n + 1, 0, batch));
  const record = {session_id: "tree", app_name: "Tree", data};
  record.frames = frames.map((frame) =>
    typeof frame === "string" ? frame : {base64: Buffer.from(frame).toString("base64")},
  );
  const replay = () => window.deskapp.replay(record);
  const settle = () => {
    for (let i = 0; i < 20 && loop.has_pending(); i++) {
      loop.iter();
    }
  };
  return {window, session, connection, printed, written, replay, settle};
}

const MAIN = message("INSTANTIATE", "Main_1", "m", "Main", [], {count: 3}, [], [], 0);
const LABEL = message("INSTANTIATE", "Label_2", "m", "Label", [], {text: "hi"}, [], [], 0);

test("an exported page connects to nothing", () => {
  const {connection, window, session} = page();
  assert.equal(connection, null);
  assert.deepEqual(window.console.lines, []);
  assert.equal(session.is_ready, false);
});

test("what Python said is said again, in order", () => {
  const more = [
    message("EMIT", "Main_1", "count", "set", 4, -1),
    message("INVOKE", "Label_2", "set_text", ["later"], 0),
    message("READY"),
  ];
  const {session, window, replay, settle} = page([[MAIN], [LABEL, ...more]]);
  replay();
  settle();
  assert.deepEqual([session.id, session.app_name], ["tree", "Tree"]);
  assert.equal(session.root.id, "Main_1");
  assert.equal(session.root.count, 4);
  assert.equal(session.instances.get("Label_2").text, "later");
  assert.equal(session.is_ready, true);
  assert.equal(window.document.getElementById("deskapp-splash"), null);
});

test("binary values come in frames of their own", () => {
  const blob = codec.prepare(new Uint8Array([1, 2, 255]), "x");
  const main = message("INSTANTIATE", "Main_1", "m", "Main", [], {blob}, [], [], 0);
  const {session, replay} = page([[main, message("READY")]]);
  replay();
  assert.deepEqual([...session.root.blob], [1, 2, 255]);
});

test("components of the page live, and nothing is sent", () => {
  const {session, written, replay, settle, printed} = page([[MAIN, LABEL, message("READY")]]);
  replay();
  const label = session.instances.get("Label_2");
  label.set_text("again");
  settle();
  assert.equal(label.text, "again");
  label.dispose();
  session.log("info", "a line", "");
  session.host("print");
  session.tellLater({_id: "Model_3"}, "level", "set", 1, -1);
  settle();
  assert.deepEqual(written, []);
  assert.equal(session.protocol.waitingBytes, 0);
  assert.deepEqual(printed, []);
});

test("an action of Python's warns once and does nothing", () => {
  const {session, replay, settle, printed, written} = page([[MAIN]]);
  replay();
  session.root.add(1);
  session.root.add(2);
  settle();
  assert.deepEqual(printed, ["Main_1.add() does nothing: it needs Python, and this page was exported without it."]);
  assert.equal(session.root.count, 3);
  assert.deepEqual(written, []);
});

test("who waits for an action of Python's gets an error", async () => {
  const {session, replay} = page([[MAIN]]);
  replay();
  await assert.rejects(session.ask(session.root, "add", 1), {name: "SessionClosedException", message: /needs Python/});
  await assert.rejects(session.ask(session.root, "add", () => 1), {name: "CodecError"});
  assert.equal(session.asked.size, 0);
});

test("data that came with the page needs no fetching, however its address is written", async () => {
  const {session, window, replay} = page([], {data: {"deskapp/data/tree/a%20b": "AQL/"}});
  replay();
  for (const url of ["deskapp/data/tree/a%20b", "./deskapp/data/tree/a b", "file:///home/me/export/deskapp/data/tree/a%20b"]) {
    assert.deepEqual([...new Uint8Array(await session.fetch_data(url))], [1, 2, 255]);
  }
  assert.deepEqual(window.fetched, []);
});

test("each fetch gives bytes of its own", async () => {
  const {session, replay} = page([], {data: {x: "AQL/"}});
  replay();
  new Uint8Array(await session.fetch_data("x"))[0] = 9;
  assert.deepEqual([...new Uint8Array(await session.fetch_data("x"))], [1, 2, 255]);
});

test("other data is fetched, and an error says what was wanted", async () => {
  const {session, window} = page();
  window.fetch = async (url) => {
    window.fetched.push(url);
    return {ok: url !== "none", status: 404, statusText: "Not Found", arrayBuffer: async () => new ArrayBuffer(2)};
  };
  assert.equal((await session.fetch_data("some")).byteLength, 2);
  await assert.rejects(session.fetch_data("none"), {name: "AssetError", message: /none cannot be fetched: 404 Not Found/});
  assert.deepEqual(window.fetched, ["some", "none"]);
});
