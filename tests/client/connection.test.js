import assert from "node:assert/strict";
import {test} from "node:test";

import {Codec} from "../../deskapp/bridge/client/codec.js";
import {
  CLOSE_MS,
  Connection,
  GREETING_MS,
  RETRY_LONGEST_MS,
  SILENCE_CHECK_MS,
  SILENCE_MS,
} from "../../deskapp/bridge/client/connection.js";
import {MAX_INT, message} from "../../deskapp/bridge/client/messages.js";
import {Protocol} from "../../deskapp/bridge/client/protocol.js";

const codec = new Codec();

/** A page with its own clock, whose sockets do what the test says. */
class Page {
  constructor(options = {}) {
    this.time = 0;
    this.timers = [];
    this.sockets = [];
    this.fetches = [];
    this.isServerThere = true;
    this.isFetchAnswered = true;
    this.refusesSockets = false;
    this.log = [];
    this.window = new EventTarget();
    this.document = Object.assign(new EventTarget(), {hidden: false});
    this.protocol = options.protocol ?? new Protocol(codec);
    this.connection = new Connection({
      url: "ws://127.0.0.1:1/_ws/app",
      protocol: this.protocol,
      hello: () => ({ticket: "T", key: null, navigation: "navigate", page: "P", path: "/app/", query: ""}),
      onopen: (welcome) => this.log.push(["open", welcome.how]),
      onframe: (data) => {
        for (const msg of this.protocol.receive(data)) {
          this.log.push([msg.op]);
          options.onmessage?.(msg);
        }
      },
      onclose: (code, reason) => this.log.push(["close", code, reason]),
      signal: options.signal,
      environment: this.environment(),
    });
  }

  environment() {
    const page = this;
    return {
      WebSocket: class {
        constructor(url) {
          if (page.refusesSockets) {
            throw new Error("SecurityError");
          }
          return new FakeSocket(page, url);
        }
      },
      fetch: (url, {signal}) => page.fetch(url, signal),
      setTimeout: (callback, ms) => {
        const timer = {callback, at: page.time + ms};
        page.timers.push(timer);
        return timer;
      },
      clearTimeout: (timer) => (page.timers = page.timers.filter((each) => each !== timer)),
      now: () => page.time,
      random: () => 1,
      window: page.window,
      document: page.document,
    };
  }

  fetch(url, signal) {
    this.fetches.push([url, this.time]);
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("AbortError")));
      if (this.isFetchAnswered) {
        this.isServerThere ? resolve({ok: true}) : reject(new TypeError("refused"));
      }
    });
  }

  /** The socket that was made last. */
  get socket() {
    return this.sockets.at(-1);
  }

  async advance(ms) {
    const end = this.time + ms;
    for (;;) {
      await turn();
      const next = this.timers.filter(({at}) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) {
        break;
      }
      this.time = Math.max(this.time, next.at);
      this.timers = this.timers.filter((each) => each !== next);
      next.callback();
    }
    this.time = end;
  }

  /** Bring the present socket to the point where it is open. */
  greet(how = "new", lastSeq = 0) {
    this.socket.open();
    this.socket.say(0, 0, message("WELCOME", 1, "k", how, "a", "s", "app", lastSeq));
  }

  start(how) {
    this.connection.start();
    this.greet(how);
    return this;
  }
}

class FakeSocket {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.readyState = 0;
    this.binaryType = "blob";
    this.sent = [];
    this.closedWith = null;
    page.sockets.push(this);
  }

  open() {
    this.readyState = 1;
    this.onopen?.({});
  }

  say(seq, ack, ...messages) {
    this.onmessage?.({data: codec.encodeFrame(seq, ack, messages)});
  }

  /** The connection is lost, or the server closes it. */
  lose(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose?.({code, reason});
  }

  send(data) {
    assert.equal(this.readyState, 1);
    this.sent.push(typeof data === "string" ? JSON.parse(data) : data);
  }

  close(code, reason) {
    this.closedWith ??= [code, reason];
    this.readyState = Math.max(this.readyState, 2);
  }
}

/** Let promises that are settled run. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

const log = (text) => message("LOG", "info", text, "");

test("HELLO is the first that is sent, and WELCOME is read before anything else", () => {
  const page = new Page();
  page.connection.start();
  page.protocol.send(log("early"));
  page.connection.flush();
  assert.equal(page.socket.binaryType, "arraybuffer");
  page.socket.open();
  assert.deepEqual(page.socket.sent, [[0, 0, [["HELLO", 1, "T", null, 0, "navigate", "P", "/app/", ""]]]]);
  page.socket.say(0, 0, message("WELCOME", 1, "k", "new", "a", "s", "app", 0));
  assert.deepEqual(page.log, [["open", "new"]]);
  assert.deepEqual(page.socket.sent.slice(1), [[1, 0, [["LOG", "info", "early", ""]]]]);
  page.socket.say(1, 1, message("READY"));
  assert.deepEqual(page.log, [["open", "new"], ["READY"]]);
});

test("a first message that is no WELCOME ends the connection", () => {
  const page = new Page();
  page.connection.start();
  page.socket.open();
  page.socket.say(1, 0, message("READY"));
  assert.deepEqual(page.log, [["close", 4400, "the first frame must be WELCOME"]]);
  assert.equal(page.socket, page.sockets[0]);
});

test("another version of the protocol ends the connection", () => {
  const page = new Page();
  page.connection.start();
  page.socket.open();
  page.socket.say(0, 0, message("WELCOME", 2, "k", "new", "a", "s", "app", 0));
  assert.equal(page.log[0][1], 4426);
});

test("a lost socket is opened again after a probe, and what was not acknowledged is sent again", async () => {
  const page = new Page().start();
  page.protocol.send(log("a"));
  page.connection.flush();
  page.socket.say(1, 0, message("READY"));
  page.socket.lose();
  page.protocol.send(log("b"));
  assert.equal(page.protocol.state, "suspended");
  assert.equal(page.sockets.length, 1);
  await page.advance(100);
  assert.deepEqual(page.fetches, [["/_ping", 100]]);
  assert.equal(page.sockets.length, 2);
  page.greet("replay", 0);
  assert.deepEqual(page.socket.sent, [
    [0, 0, [["HELLO", 1, "T", null, 1, "navigate", "P", "/app/", ""]]],
    [1, 0, [["LOG", "info", "a", ""]]],
    [2, 1, [["LOG", "info", "b", ""]]],
  ]);
  assert.deepEqual(page.log, [["open", "new"], ["READY"], ["open", "replay"]]);
});

for (const how of ["rebuild", "fresh", "new"]) {
  test(`${how} on a connection that was open begins a new epoch`, async () => {
    const page = new Page().start();
    page.protocol.send(log("a"));
    page.socket.say(1, 0, message("READY"));
    page.socket.lose();
    await page.advance(100);
    page.greet(how, 0);
    assert.equal(page.protocol.lastReceived, 0);
    page.protocol.send(log("b"));
    page.connection.flush();
    assert.deepEqual(page.socket.sent.slice(1), [[1, 0, [["LOG", "info", "b", ""]]]]);
  });
}

test("a replay that reaches beyond what is kept ends the connection", async () => {
  const page = new Page().start();
  page.socket.lose();
  await page.advance(100);
  page.greet("replay", 7);
  assert.equal(page.log.at(-1)[1], 4400);
});

test("a page whose own history was dropped asks for a rebuild", async () => {
  const page = new Page({protocol: new Protocol(codec, {limits: {queueBytes: 50}})}).start();
  page.socket.lose();
  page.protocol.send(log("x".repeat(25)));
  page.protocol.send(log("x".repeat(25)));
  await page.advance(100);
  page.socket.open();
  assert.equal(page.socket.sent[0][2][0][4], MAX_INT);
  page.socket.say(0, 0, message("WELCOME", 1, "k", "rebuild", "a", "s", "app", 0));
  assert.equal(page.protocol.mustRebuild, false);
  assert.equal(page.connection.state, "open");
});

test("waits double up to the longest, with jitter, and begin anew after a success", async () => {
  const page = new Page().start();
  page.isServerThere = false;
  page.socket.lose();
  await page.advance(60000);
  const times = page.fetches.map(([, time]) => time);
  const waits = times.map((time, i) => time - (times[i - 1] ?? 0));
  assert.deepEqual(waits.slice(0, 8), [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  assert.ok(waits.every((wait) => wait <= RETRY_LONGEST_MS));
  assert.equal(page.sockets.length, 1);
  page.isServerThere = true;
  await page.advance(5000);
  page.greet("replay");
  page.connection._env.random = () => 0;
  page.fetches.length = 0;
  page.socket.lose();
  await page.advance(50);
  assert.equal(page.fetches.length, 1);
});

test("a socket that the page may not make is tried again", async () => {
  const page = new Page();
  page.refusesSockets = true;
  page.connection.start();
  assert.equal(page.connection.state, "waiting");
  page.refusesSockets = false;
  await page.advance(100);
  page.greet();
  assert.deepEqual(page.log, [["open", "new"]]);
});

test("a socket that brings no WELCOME is given up and tried again", async () => {
  const page = new Page();
  page.connection.start();
  page.socket.open();
  await page.advance(GREETING_MS + 100);
  assert.equal(page.sockets.length, 2);
  assert.ok(page.sockets[0].closedWith);
  page.sockets[0].say(0, 0, message("WELCOME", 1, "k", "new", "a", "s", "app", 0));
  assert.deepEqual(page.log, []);
});

for (const code of [4401, 4408, 4409, 4450, 4499]) {
  test(`close code ${code} ends the connection`, async () => {
    const page = new Page().start();
    page.socket.lose(code, "why");
    await page.advance(60000);
    assert.deepEqual(page.log.at(-1), ["close", code, "why"]);
    assert.equal(page.sockets.length, 1);
    assert.deepEqual(page.timers, []);
    assert.equal(page.protocol.state, "closed");
  });
}

for (const code of [1000, 1001, 1006, 1012]) {
  test(`close code ${code} does not`, async () => {
    const page = new Page().start();
    page.socket.lose(code);
    await page.advance(100);
    assert.equal(page.sockets.length, 2);
  });
}

test("CLOSE ends the connection with its reason", async () => {
  const page = new Page().start();
  page.socket.say(0, 0, message("CLOSE", 4410, "the window was closed"));
  page.socket.lose(1000);
  await page.advance(60000);
  assert.deepEqual(page.log.slice(1), [["CLOSE"], ["close", 4410, "the window was closed"]]);
  assert.equal(page.sockets.length, 1);
});

test("a frame that breaks a rule closes the socket with its code, for good", async () => {
  const page = new Page().start();
  page.socket.onmessage({data: "nonsense"});
  await page.advance(60000);
  assert.equal(page.socket.closedWith[0], 4400);
  assert.equal(page.log.at(-1)[1], 4400);
  assert.equal(page.sockets.length, 1);
});

test("an error in what takes the messages ends nothing", () => {
  const failures = [new Error("mine"), null];
  const page = new Page({
    onmessage: () => {
      const failure = failures.shift();
      if (failure) {
        throw failure;
      }
      page.protocol.codec.prepare(() => 1, "A.x"); // throws a CodecError, which is no fault of the peer's
    },
  }).start();
  assert.throws(() => page.socket.say(1, 0, message("READY")), /mine/);
  assert.throws(() => page.socket.say(2, 0, message("READY")), /A.x/);
  assert.equal(page.connection.state, "open");
});

test("PING is answered at once", () => {
  const page = new Page().start();
  page.socket.say(0, 0, message("PING", 3));
  assert.deepEqual(page.socket.sent.at(-1), [0, 0, [["PONG", 3]]]);
});

test("PING is answered at once in a hidden page too, and by no timer", () => {
  const page = new Page().start();
  page.document.hidden = true;
  const timers = [...page.timers];
  page.socket.say(0, 0, message("PING", 1));
  assert.deepEqual(page.socket.sent.at(-1), [0, 0, [["PONG", 1]]]);
  assert.deepEqual(page.timers, timers);
});

test("close() gives up after a second if the socket does not", async () => {
  const page = new Page().start();
  page.connection.close(1000, "done");
  page.socket.say(1, 0, message("READY"));
  await page.advance(CLOSE_MS - 1);
  assert.equal(page.log.length, 1);
  await page.advance(1);
  assert.deepEqual(page.log.slice(1), [["close", 1000, "done"]]);
  page.socket.lose();
  page.connection.close();
  await page.advance(60000);
  assert.equal(page.log.length, 2);
});

test("close() is over as soon as the socket is closed", () => {
  const page = new Page().start();
  page.connection.close();
  page.socket.lose(1000);
  assert.deepEqual(page.log.at(-1), ["close", 1000, ""]);
  assert.deepEqual(page.timers, []);
});

test("close() ends a connection that waits for its next socket", async () => {
  const page = new Page().start();
  page.socket.lose();
  page.connection.close();
  await page.advance(60000);
  assert.deepEqual(page.log.at(-1), ["close", 1000, ""]);
  assert.equal(page.sockets.length, 1);
});

test("an AbortSignal ends the connection, also while a probe is out", async () => {
  const owner = new AbortController();
  const page = new Page({signal: owner.signal}).start();
  page.isFetchAnswered = false;
  page.socket.lose();
  await page.advance(100);
  assert.equal(page.connection.state, "probing");
  owner.abort();
  await page.advance(60000);
  assert.deepEqual(page.log.slice(1), [["close", 1000, ""]]);
  assert.equal(page.sockets.length, 1);
  assert.deepEqual(page.timers, []);
});

test("a signal that was aborted before opens nothing", () => {
  const page = new Page({signal: AbortSignal.abort()});
  page.connection.start();
  assert.deepEqual([page.log, page.sockets], [[["close", 1000, ""]], []]);
});

test("sockets that close while the page is being left are ignored", async () => {
  const page = new Page().start();
  page.window.dispatchEvent(new Event("pagehide"));
  page.socket.lose(1001);
  await page.advance(60000);
  assert.equal(page.log.length, 1);
  assert.equal(page.sockets.length, 1);
});

test("what waits for more to be said goes when the page is left", () => {
  const page = new Page().start();
  const before = page.socket.sent.length;
  page.protocol.send(log("last words"));
  page.window.dispatchEvent(new Event("pagehide"));
  assert.equal(page.socket.sent.length, before + 1);
  assert.deepEqual(page.socket.sent.at(-1)[2], [log("last words")].map(({op, ...fields}) => [op, ...Object.values(fields)]));
});

test("a page that comes back from the browser's cache opens a new one", async () => {
  const page = new Page().start();
  page.window.dispatchEvent(new Event("pagehide"));
  page.socket.lose(1001);
  page.window.dispatchEvent(new Event("pageshow"));
  await page.advance(100);
  assert.equal(page.sockets.length, 2);
});

test("a page that is shown again, or online again, does not wait for its timer", async () => {
  for (const wake of [
    (page) => page.document.dispatchEvent(new Event("visibilitychange")),
    (page) => page.window.dispatchEvent(new Event("online")),
  ]) {
    const page = new Page().start();
    page.isServerThere = false;
    page.socket.lose();
    await page.advance(30000);
    page.isServerThere = true;
    wake(page);
    await turn();
    assert.equal(page.sockets.length, 2);
  }
});

test("a minute of silence is no loss", async () => {
  const page = new Page().start();
  for (let n = 1; n < 10; n++) {
    await page.advance(60000);
    page.socket.say(0, 0, message("PING", n));
  }
  assert.deepEqual(page.fetches, []);
  assert.equal(page.sockets.length, 1);
});

test("a socket that a network swallowed is replaced when Python answers by another way", async () => {
  const page = new Page().start();
  await page.advance(SILENCE_MS + SILENCE_CHECK_MS + 100);
  assert.equal(page.sockets.length, 2);
  page.greet("replay");
  assert.deepEqual(page.log, [["open", "new"], ["open", "replay"]]);
});

test("a Python that is busy keeps its socket", async () => {
  const page = new Page().start();
  page.isFetchAnswered = false;
  await page.advance(600000);
  assert.ok(page.fetches.length > 5);
  assert.equal(page.sockets.length, 1);
  page.socket.say(1, 0, message("READY"));
  assert.deepEqual(page.log.at(-1), ["READY"]);
});

test("what is sent while the socket is being lost waits for the next one", async () => {
  const page = new Page().start();
  page.socket.readyState = 2;
  page.protocol.send(log("a"));
  page.connection.flush();
  assert.equal(page.socket.sent.length, 1);
  page.socket.lose();
  await page.advance(100);
  page.greet("replay");
  assert.deepEqual(page.socket.sent.slice(1), [[1, 0, [["LOG", "info", "a", ""]]]]);
});
