import assert from "node:assert/strict";
import {test} from "node:test";

import {mutate_array, mutate_dict, mutateInPlace} from "../../deskapp/bridge/client/mutation.js";
import {Property} from "../../deskapp/bridge/client/property.js";
import {isSame} from "../../deskapp/bridge/client/values.js";

test("a custom property validates with the user's function, which gets name and data", () => {
  const validate = function (value, name, data) {
    if (value > data.max) {
      throw Object.assign(new Error("ValueError: too much"), {name: "ValueError"});
    }
    return `${name}${value}`;
  };
  const prop = new Property("p", {type: "Custom", default: 1, data: {max: 5}, validate});
  assert.equal(prop.convert(5), "p5");
  assert.throws(() => prop.validate(6, {_id: "A_1"}), {name: "ValueError", message: /A_1\.p/});
  assert.throws(() => new Property("p", {type: "Nope"}), {name: "TypeError"});
});

test("equality looks into lists, dicts and arrays", () => {
  assert.ok(isSame([1, {a: [2]}], [1, {a: [2]}]));
  assert.ok(!isSame([1, 2], [1]));
  assert.ok(!isSame({a: 1}, {b: 1}));
  assert.ok(isSame(new Float64Array([1, 2]), new Float64Array([1, 2])));
  assert.ok(!isSame(new Float64Array([1]), new Float32Array([1])));
  assert.ok(isSame(new Date(5), new Date(5)));
  assert.ok(!isSame(NaN, NaN));
  assert.ok(!isSame({}, []));
  assert.ok(!isSame({}, null));
});

test("arrays of several dimensions are replaced in blocks", () => {
  const array = Object.assign(new Int32Array(12), {shape: [3, 4]});
  const block = Object.assign(new Int32Array([1, 2, 3, 4]), {shape: [2, 2]});
  mutateInPlace(array, "replace", block, [1, 2]);
  assert.deepEqual([...array], [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4]);
  mutateInPlace(array, "replace", [[9, 8]], [0, 1]);
  assert.deepEqual([...array.slice(0, 4)], [0, 9, 8, 0]);
  assert.throws(() => mutateInPlace(array, "replace", [1], 0), {name: "IndexError"});
  assert.throws(() => mutateInPlace(array, "insert", [1], 0), {name: "NotImplementedError"});
  const flat = new Uint8Array(4);
  mutateInPlace(flat, "replace", [5, 6], 2);
  assert.deepEqual([...flat], [0, 0, 5, 6]);
});

test("long lists are spliced without overflowing the stack", () => {
  const list = [1, 2, 3];
  const many = new Array(300000).fill(7);
  mutate_array(list, {mutation: "replace", objects: many, index: 1});
  assert.equal(list.length, 300001);
  assert.equal(list[0], 1);
  mutate_array(list, {mutation: "set", new_value: [1, 2, 3]});
  mutate_array(list, {mutation: "insert", objects: many, index: 1});
  assert.deepEqual(list.slice(-3), [7, 2, 3]);
});

test("events of every mutation can be replayed", () => {
  const dict = {a: 1};
  mutate_dict(dict, {mutation: "insert", objects: {b: 2}});
  mutate_dict(dict, {mutation: "remove", objects: ["a"]});
  assert.deepEqual(dict, {b: 2});
  mutate_dict(dict, {mutation: "set", new_value: {c: 3}});
  assert.deepEqual(dict, {c: 3});
  assert.throws(() => mutate_dict(dict, {mutation: "remove", objects: ["c", "x"]}), {name: "KeyError"});
  assert.deepEqual(dict, {c: 3});
});
