import assert from "node:assert/strict";
import {test} from "node:test";

import {Codec} from "../../deskapp/bridge/client/codec.js";
import {CodecError, MessageTooLarge, ProtocolError} from "../../deskapp/bridge/client/errors.js";
import {joinFrame} from "../../deskapp/bridge/client/frame.js";
import {message} from "../../deskapp/bridge/client/messages.js";
import {THING, Thing, build, codecCases, describe, fromHex, toHex} from "./vectors.js";

const codec = new Codec([THING]);

const emit = (value) => message("EMIT", "A_1", "p", "set", value, -1);

function headOf(frame) {
  if (typeof frame === "string") {
    return JSON.parse(frame);
  }
  const size = new DataView(frame).getUint32(0, true);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, size)));
}

/** The value of an EMIT after a way through a frame. */
function sent(value) {
  const [received] = codec.decodeFrame(codec.encodeFrame(1, 0, [emit(codec.prepare(value, "A_1.p"))])).messages;
  return codec.revive(received.value);
}

for (const each of codecCases("values")) {
  if ("value" in each) {
    test(`a value is written as the vectors say: ${each.name}`, () => {
      const frame = codec.encodeFrame(1, 0, [emit(codec.prepare(build(each.value), "A_1.p"))]);
      assert.deepEqual(headOf(frame)[2][0][4], each.wire_js ?? each.wire);
      assert.deepEqual(codec.decodeFrame(frame).buffers.map(toHex), each.buffers ?? []);
    });
  }
  test(`a value arrives as the vectors say: ${each.name}`, () => {
    const text = JSON.stringify(["EMIT", "A_1", "p", "set", each.wire, -1]);
    const frame = codec.decodeFrame(joinFrame(1, 0, [text], (each.buffers ?? []).map(fromHex)));
    const value = codec.revive(frame.messages[0].value);
    assert.deepEqual(describe(value), describe(revivedDate(build(each.back ?? each.value), value)));
  });
}

/** A Date that arrives carries its text; one that the vectors build does not. */
function revivedDate(expected, value) {
  return expected instanceof Date && !("iso" in expected)
    ? Object.defineProperty(expected, "iso", {value: value.iso})
    : expected;
}

for (const each of codecCases("refused")) {
  test(`a value is refused with its place: ${each.name}`, () => {
    assert.throws(
      () => codec.prepare(build(each.value), "A_1.p"),
      (error) => error instanceof CodecError && error.where === each.where && error.message.startsWith(`${each.where}: `),
    );
  });
}

for (const each of codecCases("frames")) {
  test(`a frame is equal to the byte: ${each.name}`, () => {
    const data = each.text ?? fromHex(each.hex).buffer;
    const frame = codec.decodeFrame(data);
    const texts = each.messages.map((array) => JSON.stringify(array));
    const buffers = (each.buffers ?? []).map(fromHex);
    assert.deepEqual([frame.seq, frame.ack], [each.seq, each.ack]);
    assert.deepEqual(joinFrame(each.seq, each.ack, texts, buffers), data);
    assert.deepEqual(frame.buffers.map(toHex), each.buffers ?? []);
    if (!buffers.length) {
      assert.equal(codec.encodeFrame(frame.seq, frame.ack, frame.messages), data);
    }
  });
}

for (const each of codecCases("evil")) {
  test(`a malformed frame is refused with a code: ${each.name}`, () => {
    assert.throws(
      () => codec.decodeFrame(each.text ?? fromHex(each.hex).buffer),
      (error) => error instanceof ProtocolError && error.closeCode === each.code,
    );
  });
}

test("damaged frames are refused or read, never anything else", () => {
  const random = seeded(7);
  const pick = (items) => items[Math.floor(random() * items.length)];
  const value = {a: Float64Array.of(1, 2, 3), b: fromHex("010203"), n: [NaN, new Thing("A")], t: ["x", "x"]};
  const binary = codec.encodeFrame(3, 1, [emit(codec.prepare(value, "A_1.p")), message("READY")]);
  const text = codec.encodeFrame(3, 1, [emit(codec.prepare([NaN, {$: 1}], "A_1.p"))]);
  const sources = [new Uint8Array(binary), new TextEncoder().encode(text)];
  let refused = 0;
  for (let round = 0; round < 4000; round++) {
    const bytes = [...pick(sources)];
    for (let i = 0; i <= random() * 4; i++) {
      const at = Math.floor(random() * bytes.length);
      pick([
        () => (bytes[at] = Math.floor(random() * 256)),
        () => bytes.splice(at, 1 + Math.floor(random() * 9)),
        () => bytes.splice(at, 0, ...new TextEncoder().encode(pick(["[", "]", '"', "{", "9", "-1", ",null"]))),
        () => bytes.splice(at),
      ])();
    }
    const damaged = Uint8Array.from(bytes);
    for (const received of [damaged.buffer, new TextDecoder().decode(damaged)]) {
      try {
        codec.decodeFrame(received);
      } catch (error) {
        assert.ok(error instanceof ProtocolError && [4400, 4413].includes(error.closeCode), String(error));
        refused += 1;
      }
    }
  }
  assert.ok(refused > 1000);
});

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a frame above the limit is refused before it is read", () => {
  assert.throws(() => codec.decodeFrame("x".repeat(101), 100), (error) => error.closeCode === 4413);
  assert.throws(() => codec.decodeFrame(new ArrayBuffer(101), 100), MessageTooLarge);
});

test("later changes do not reach a prepared value", () => {
  const value = {list: [1], array: Int8Array.of(1, 2)};
  const prepared = codec.prepare(value, "A_1.p");
  value.list.push(2);
  value.array[0] = 7;
  const [received] = codec.decodeFrame(codec.encodeFrame(1, 0, [emit(prepared)])).messages;
  const revived = codec.revive(received.value);
  assert.deepEqual([revived.list, Array.from(revived.array)], [[1], [1, 2]]);
});

test("received arrays lie in the received bytes", () => {
  const frame = codec.encodeFrame(1, 0, [emit(codec.prepare(Float64Array.of(1, 2), "A_1.p"))]);
  const [received] = codec.decodeFrame(frame).messages;
  assert.equal(codec.revive(received.value).buffer, frame);
});

test("a part of a buffer travels as that part", () => {
  const part = new Float32Array(Float32Array.of(1, 2, 3, 4).buffer, 4, 2);
  assert.deepEqual(describe(sent(part)), {"@": ["array", "Float32Array", "float32", [2], [2, 3]]});
});

test("a Date that was changed leaves as what it is now", () => {
  const text = "2026-11-21T08:05:00.123456+01:30";
  const [{value: date}] = codec.decodeFrame(joinFrame(1, 0, [JSON.stringify(["NOTICE", "x", {$: ["t", text]}])])).messages
    .map(({data}) => ({value: data}));
  assert.equal(date.toISOString(), "2026-11-21T06:35:00.123Z");
  assert.deepEqual(codec.prepare(date, "x"), {$: ["t", text]});
  date.setTime(0);
  assert.deepEqual(codec.prepare(date, "x"), {$: ["t", "1970-01-01T00:00:00.000Z"]});
});

test("a date is midnight here, whatever the zone", () => {
  const [received] = codec.decodeFrame('[1,0,[["NOTICE","x",{"$":["d","2026-02-28"]}]]]').messages;
  const {data} = received;
  assert.deepEqual([data.getFullYear(), data.getMonth(), data.getDate(), data.getHours()], [2026, 1, 28, 0]);
});

test("values without tags are revived by doing nothing", () => {
  const [first] = codec.decodeFrame('[1,0,[["EMIT","A","p","set",{"a":[1]},-1],["NOTICE","x",{"$":["f","nan"]}]]]').messages;
  assert.equal(codec.revive(first.value), first.value);
});

test("any part of a value can be revived by itself", () => {
  const [invoke] = codec.decodeFrame('[1,0,[["INVOKE","A","x",[1,{"k":[{"$":["c","s1","B"]}]}],0]]]').messages;
  assert.ok(codec.revive(invoke.args[1]).k[0] instanceof Thing);
});

test("an extension that fails concerns its message alone", () => {
  const frame = codec.decodeFrame('[1,0,[["EMIT","A","p","set",{"$":["c","other","B"]},-1],["READY"]]]');
  assert.throws(() => codec.revive(frame.messages[0].value), /no session other/);
  assert.equal(frame.messages[1].op, "READY");
});

test("half characters in the texts of errors are replaced", () => {
  const text = codec.encodeFrame(1, 0, [message("LOG", "error", "bad \ud800 \u{1f600} \\ud800", "")]);
  assert.equal(text, '[1,0,[["LOG","error","bad \ufffd \u{1f600} \\\\ud800",""]]]');
});

test("a message with a field of another type is refused before it is sent", () => {
  assert.throws(() => codec.encodeFrame(1, 0, [message("DISPOSE", 5)]), CodecError);
  assert.throws(() => message("DISPOSE"), TypeError);
  assert.throws(() => message("STEAL", 1), TypeError);
});

test("plain objects of other realms and without a prototype travel", () => {
  assert.deepEqual(sent(Object.assign(Object.create(null), {a: 1})), {a: 1});
});
