import assert from "node:assert/strict";
import {test} from "node:test";

import {Codec} from "../../deskapp/bridge/client/codec.js";
import {start} from "../../deskapp/bridge/client/index.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {message} from "../../deskapp/bridge/client/messages.js";
import {asksToStay, until, Window} from "./helpers.js";

const codec = new Codec();

/** The websockets that the page has opened. */
const sockets = [];

class Socket {
  constructor(url) {
    this.url = url;
    this.readyState = 0;
    this.sent = [];
    sockets.push(this);
  }

  send(frame) {
    this.sent.push(...codec.decodeFrame(frame).messages);
  }

  close() {
    this.readyState = 3;
  }

  accept(how = "new") {
    this.readyState = 1;
    this.onopen?.();
    const welcome = message("WELCOME", 1, "the key", how, "assets", "s1", "app", 0);
    this.onmessage({data: codec.encodeFrame(0, 0, [welcome])});
  }
}

/** A started page. Whatever becomes of the test, its connection ends with it: one that comes back keeps Node alive. */
function page(t, options) {
  loop.reset();
  const window = new Window(options);
  Object.assign(globalThis, {WebSocket: Socket, window, document: window.document});
  window.setTimeout = setTimeout;
  sockets.length = 0;
  const made = start(window, {nonce: window.nonce, dataset: options?.dataset || {}});
  t.after(() => made.connection?.close());
  return {window, ...made};
}

test("the page takes its ticket from the address, greets Python and keeps the key", async (t) => {
  const {window, session, connection} = page(t, {hash: "#k=T1ck_e-t", pathname: "/My/", search: "?a=1"});
  assert.deepEqual(window.history.addresses, ["/My/?a=1"]);
  const [socket] = sockets;
  assert.equal(socket.url, "ws://127.0.0.1:1/_ws/My");
  socket.accept();
  const [hello] = socket.sent;
  const {page: id, ...rest} = hello;
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.deepEqual(rest, {
    op: "HELLO",
    version: 1,
    ticket: "T1ck_e-t",
    key: null,
    last_seq: 0,
    navigation: "reload",
    path: "/My/",
    query: "a=1",
  });
  assert.equal(window.sessionStorage.getItem("deskapp.key"), "the key");
  assert.equal(session.id, "s1");
  assert.deepEqual(Object.keys(window.deskapp).sort(), ["define", "event", "require", "session", "version"]);
});

test("a page that Python makes anew is loaded anew", (t) => {
  const {window, connection, session} = page(t, {});
  sockets[0].accept();
  connection._lose();
  connection._open();
  sockets[1].accept("rebuild");
  assert.equal(window.location.reloads, 1);
  assert.equal(window.document.getElementById("deskapp-closed"), null);
  session.is_closed = true;
});

test("a page that is loaded anew for Python's sake is left without a question", (t) => {
  const {window, connection} = page(t, {});
  sockets[0].accept();
  sockets[0].onmessage({data: codec.encodeFrame(1, 0, [message("NOTICE", "confirm_close", "There are changes.")])});
  const asked = [];
  const leave = () => asked.push(asksToStay(window));
  leave();
  window.location.reload = leave;
  connection._lose();
  connection._open();
  sockets[1].accept("rebuild");
  assert.deepEqual(asked, [true, false]);
});

test("a page without a valid key says where to open it, and forgets the key", async (t) => {
  const {window} = page(t, {});
  window.sessionStorage.setItem("deskapp.key", "old");
  sockets[0].onclose({code: 4401, reason: "no key"});
  assert.equal(window.sessionStorage.getItem("deskapp.key"), null);
  const [line] = window.document.getElementById("deskapp-closed").childNodes;
  assert.match(line.textContent, /open this window from the app/i);
});

test("a lost connection is mentioned if it does not come back at once", async (t) => {
  const {window, connection} = page(t, {});
  sockets[0].accept();
  connection._lose();
  assert.equal(window.document.getElementById("deskapp-lost"), null);
  await until(() => window.document.getElementById("deskapp-lost") !== null, 4000);
  connection._open();
  sockets.at(-1).accept("replay");
  assert.equal(window.document.getElementById("deskapp-lost"), null);
});

test("an exported page opens no connection", (t) => {
  const {window, connection, session} = page(t, {dataset: {connect: "no"}});
  assert.equal(connection, null);
  assert.equal(sockets.length, 0);
  assert.equal(session.window._installed, null);
  globalThis.deskapp = window.deskapp; // in a browser they are one
  session.dispatch([message("DEFINE", "js", "x", "deskapp.define('x', [], ($rt) => ({base: $rt.JsComponent}))", "")]);
  assert.equal(window.deskapp.require("x").base, window.deskapp.event.JsComponent);
});
