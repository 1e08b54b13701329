import assert from "node:assert/strict";
import {test} from "node:test";
import {inspect} from "node:util";

import {Codec} from "../../deskapp/bridge/client/codec.js";
import {MessageTooLarge, ProtocolError} from "../../deskapp/bridge/client/errors.js";
import {SPEC, message} from "../../deskapp/bridge/client/messages.js";
import {Protocol, greeting} from "../../deskapp/bridge/client/protocol.js";
import {build, describe, frameOf, protocolScripts} from "./vectors.js";

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

const toArray = (codec, msg) => [msg.op, ...SPEC[msg.op].fields.map(([name]) => codec.revive(msg[name]))];

function toMessage(codec, [op, ...values]) {
  return message(op, ...values.map((value) => codec.prepare(build(value), op)));
}

function look(protocol, name) {
  const value = protocol[camel(name)];
  return value?.op ? toArray(protocol.codec, value) : value;
}

const STEPS = {
  send: (protocol, msg) => protocol.send(toMessage(protocol.codec, msg)),
  too_large: (protocol, msg) => assert.throws(() => protocol.send(toMessage(protocol.codec, msg)), MessageTooLarge),
  frames: (protocol, expected) =>
    assert.deepEqual(
      protocol.frames(),
      expected.map((frame) => frameOf(frame)),
    ),
  receive: (protocol, frame, expected) =>
    assert.deepEqual(
      describe(protocol.receive(frameOf(frame)).map((msg) => toArray(protocol.codec, msg))),
      describe(build(expected)),
    ),
  refused: (protocol, frame, code) => {
    const before = stateOf(protocol);
    assert.throws(
      () => protocol.receive(frameOf(frame)),
      (error) => error instanceof ProtocolError && error.closeCode === code && error === protocol.failure,
    );
    assert.equal(stateOf(protocol), before);
  },
  accept: (protocol, lastSeq, expected) => assert.equal(protocol.accept(lastSeq), expected),
  ping: (protocol, n) => assert.equal(protocol.ping(), n),
  check: (protocol, expected) => {
    const found = Object.fromEntries(Object.keys(expected).map((name) => [name, look(protocol, name)]));
    assert.deepEqual(found, expected);
  },
  suspend: (protocol) => protocol.suspend(),
  new_epoch: (protocol) => protocol.newEpoch(),
  close: (protocol) => protocol.close(),
};

/** All that a protocol remembers, in its outbox and transfers too, as text. */
function stateOf(protocol) {
  const kept = Object.entries(protocol).filter(([name]) => name !== "codec" && name !== "failure");
  return inspect(kept, {depth: null, maxArrayLength: null, maxStringLength: null});
}

for (const {file, title, side, limits, steps} of protocolScripts()) {
  test(`${file}: ${title}`, () => {
    const named = Object.fromEntries(Object.entries(limits).map(([name, value]) => [camel(name), value]));
    const protocol = new Protocol(new Codec(), {side, limits: named});
    steps.forEach(([name, ...args], number) => {
      try {
        STEPS[name](protocol, ...args);
      } catch (error) {
        error.message = `step ${number} ${JSON.stringify([name, ...args]).slice(0, 300)}: ${error.message}`;
        throw error;
      }
    });
  });
}

test("the greeting is read apart and must be alone", () => {
  const codec = new Codec();
  const welcome = message("WELCOME", 1, "k", "new", "a", "s", "app", 0);
  const decode = (seq, messages) => codec.decodeFrame(codec.encodeFrame(seq, 0, messages));
  assert.deepEqual(greeting(decode(0, [welcome]), "WELCOME"), welcome);
  for (const [seq, messages] of [[1, [welcome]], [0, [welcome, welcome]], [0, []], [0, [message("PING", 1)]]]) {
    assert.throws(() => greeting(decode(seq, messages), "WELCOME"), ProtocolError);
  }
});

test("a message for the other direction is a mistake of ours", () => {
  assert.throws(() => new Protocol().send(message("DEFINE", "js", "m", "", "")), /DEFINE/);
});

test("a large array is never joined into one frame", () => {
  const protocol = new Protocol();
  protocol.accept(0);
  protocol.send(message("HOST", "x", protocol.codec.prepare(new Uint8Array(5 * 2 ** 20), "x")));
  const frames = protocol.frames();
  assert.equal(frames.length, 6);
  assert.ok(frames.every((frame) => typeof frame === "string" || frame.byteLength < 2 ** 20 + 1024));
});

test("received pieces become one array over one buffer", () => {
  const page = new Protocol();
  const python = new Protocol(new Codec(), {side: "python", limits: {chunkBytes: 8}});
  page.accept(0);
  python.accept(0);
  python.send(message("NOTICE", "x", python.codec.prepare(Float64Array.of(1, 2, 3), "x")));
  const messages = python.frames().flatMap((frame) => page.receive(frame));
  assert.deepEqual(describe(page.codec.revive(messages[0].data)), {"@": ["array", "Float64Array", "float64", [3], [1, 2, 3]]});
});
