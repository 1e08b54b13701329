import assert from "node:assert/strict";
import {test} from "node:test";

import {Component} from "../../deskapp/bridge/client/component.js";
import {defineClass} from "../../deskapp/bridge/client/define_class.js";
import {logger} from "../../deskapp/bridge/client/errors.js";
import {Loop, loop} from "../../deskapp/bridge/client/loop.js";
import {until} from "./helpers.js";

test("a loop wakes itself, once for all that is queued", async () => {
  const own = new Loop();
  const calls = [];
  own.call_soon(() => calls.push(1));
  own.call_soon((...args) => calls.push(...args), 2, 3);
  own.call_at_end(() => calls.push("end"));
  assert.deepEqual(calls, []);
  await until(() => calls.length === 4);
  assert.deepEqual(calls, [1, 2, 3, "end"]);
});

test("a call queued by a call comes in the next iteration, after the end of this one", () => {
  const own = new Loop();
  const wakes = [];
  own.integrate(() => () => wakes.push(1));
  const calls = [];
  own.call_soon(() => {
    calls.push("first");
    own.call_soon(() => calls.push("second"));
    own.call_at_end(() => calls.push("end"));
  });
  own.iter();
  assert.deepEqual(calls, ["first", "end"]);
  own.iter();
  assert.deepEqual(calls, ["first", "end", "second"]);
});

test("loops that keep each other busy let the page breathe", async () => {
  const own = new Loop();
  let count = 0;
  let hasTicked = false;
  const again = () => {
    count += 1;
    if (!hasTicked || count < 3) {
      own.call_soon(again);
    }
  };
  again();
  setTimeout(() => {
    hasTicked = true; // never, if microtasks were used
  }, 1);
  await until(() => hasTicked && count >= 3);
});

test("a loop does not iterate inside of itself", () => {
  const own = new Loop();
  own.integrate(() => () => {});
  const errors = [];
  const exception = logger.exception;
  logger.exception = (error) => errors.push(error.name);
  try {
    own.call_soon(() => own.iter());
    own.iter();
  } finally {
    logger.exception = exception;
  }
  assert.deepEqual(errors, ["RuntimeError"]);
});

test("an action phase lets code mutate, but not inside of contexts", () => {
  loop.reset();
  loop.integrate(() => () => {});
  const Foo = defineClass({name: "Foo", properties: {x: {type: "Int", settable: true}}});
  const foo = new Foo();
  const other = new Component();
  foo.set_x(1);
  assert.equal(foo.x, 0);
  loop.action_phase(() => {
    foo.set_x(2);
    assert.equal(foo.x, 2);
    other.__enter__();
    foo.set_x(3);
    other.__exit__();
  });
  assert.equal(foo.x, 2);
  assert.equal(loop.can_mutate(foo), false);
  loop.iter();
  assert.equal(foo.x, 3);
  assert.throws(() => other.__exit__(), {name: "RuntimeError"});
});
