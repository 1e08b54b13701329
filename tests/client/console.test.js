import assert from "node:assert/strict";
import {test} from "node:test";

import {ConsoleForwarder} from "../../deskapp/bridge/client/console.js";
import {message, Pair} from "./helpers.js";

function forwarded() {
  const it = new Pair();
  const forwarder = new ConsoleForwarder(it.session, it.window);
  const end = forwarder.install();
  const lines = () => {
    it.settle();
    return it.take().map(([op, ...rest]) => (assert.equal(op, "LOG"), rest));
  };
  return {it, forwarder, end, lines, console: it.window.console};
}

function errorEvent(type, fields) {
  return Object.assign(new Event(type), fields);
}

test("lines of the console are printed here and sent, with their level", () => {
  const {lines, console, end} = forwarded();
  console.log("a", 1, {b: [2]}, null);
  console.info("i");
  console.warn("w");
  console.error("e", undefined);
  assert.deepEqual(lines(), [
    ["info", 'a 1 {"b":[2]} null', ""],
    ["info", "i", ""],
    ["warning", "w", ""],
    ["error", "e undefined", ""],
  ]);
  assert.equal(console.lines.length, 4);
  end();
  console.log("not any more");
  assert.deepEqual(lines(), []);
});

test("an error is sent with its stack, once, though it is logged and then thrown", () => {
  const {it, lines, console} = forwarded();
  const error = new RangeError("oops");
  console.error("Failed:", error);
  it.window.dispatchEvent(errorEvent("error", {error, message: "oops"}));
  it.window.dispatchEvent(errorEvent("unhandledrejection", {reason: error}));
  const sent = lines();
  assert.equal(sent.length, 1);
  assert.equal(sent[0][1], "Failed: RangeError: oops");
  assert.match(sent[0][2], /console\.test/);
});

test("errors that nobody caught are sent", () => {
  const {it, lines} = forwarded();
  it.window.dispatchEvent(errorEvent("error", {error: new TypeError("one"), message: "one"}));
  it.window.dispatchEvent(errorEvent("error", {error: null, message: "Script error.", filename: "f.js", lineno: 3}));
  it.window.dispatchEvent(errorEvent("unhandledrejection", {reason: "two"}));
  assert.deepEqual(
    lines().map(([level, text]) => [level, text]),
    [
      ["error", "Uncaught TypeError: one"],
      ["error", "Script error. (f.js:3)"],
      ["error", "Uncaught, in a promise: two"],
    ],
  );
});

test("without a connection lines wait, and the oldest are dropped", () => {
  const {it, forwarder, lines, console} = forwarded();
  it.session.protocol.suspend();
  for (let i = 0; i < 205; i++) {
    console.log(`line ${i}`);
  }
  assert.equal(it.session.protocol.waitingBytes, 0);
  it.session.protocol.accept(0);
  it.python.suspend();
  it.python.accept(0);
  forwarder.resume();
  const sent = lines();
  assert.equal(sent.length, 201);
  assert.match(sent[0][1], /^5 lines/);
  assert.equal(sent[1][1], "line 5");
});

test("what Python refused is printed here and not sent back", () => {
  const {it, lines, console} = forwarded();
  it.send(message("FAULT", "A_1", "x", "ValueError", "no", 0));
  assert.deepEqual(lines(), []);
  assert.match(console.lines[0][1], /A_1\.x: ValueError: no/);
});

test("an error whose message begins with its name is named once", () => {
  const {lines, console} = forwarded();
  const raised = new Error("ValueError: no");
  raised.name = "ValueError";
  console.log(raised, new TypeError("one"));
  assert.equal(lines()[0][1], "ValueError: no TypeError: one");
});

test("values that cannot be shown as JSON do no harm", () => {
  const {lines, console} = forwarded();
  const circle = {};
  circle.me = circle;
  console.log(circle, new Map([[1, 2]]), () => 1, 10n, "x".repeat(20000));
  assert.equal(lines()[0][1].length, 10000);
});
