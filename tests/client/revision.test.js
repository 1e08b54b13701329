// Runs the page's steps of tests/vectors/model/revision.json with real Models.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";

import {Pair} from "./helpers.js";

const CASES = JSON.parse(readFileSync(new URL("../vectors/model/revision.json", import.meta.url), "utf-8"));

const VALIDATORS = {
  "plus one": (v) => Math.trunc(v) + 1,
  "at most 100": (v) => Math.min(v, 100),
  "in Python at most 100": (v) => v,
  "in Python no odd numbers": (v) => v,
};

for (const {name, validator, start, steps} of CASES) {
  test(name, () => {
    const pair = new Pair();
    let isStarted = false;
    const validate = (v) => (isStarted ? VALIDATORS[validator](v) : v);
    pair.defineModel({name: "Holder", properties: {shared: {validate, hasDefault: false, isReadonly: false}}});
    const holder = pair.makeModel("Holder_1", "Holder");
    holder._say_nothing(() => holder._store("shared", start));
    isStarted = true;
    pair.session.flush();
    pair.take();
    for (const [step, given, held, sent] of steps) {
      if (step === "page") {
        holder.shared = given;
        pair.session.flush();
      } else if (step === "to page") {
        pair.send({op: "EMIT", id: "Holder_1", type: "shared", mutation: "set", value: given[0], index: given[1]});
      } else {
        continue;
      }
      const said = pair.take().map(([, , , , value, mark]) => [value, mark]);
      assert.deepEqual(said, sent, step);
      assert.equal(holder.shared, held, step);
    }
  });
}
