import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";

import {findFault, sizeText} from "../../deskapp/script/client/rules.js";

const {cases} = JSON.parse(readFileSync(new URL("../vectors/script/rules.json", import.meta.url), "utf-8"));

for (const {type, facts, rules, raws} of cases) {
  test(`values of ${type} ${JSON.stringify(facts)} keep to rules as in Python`, () => {
    for (const [raw, name] of raws) {
      const message = name === null ? null : rules.find(([each]) => each === name)[2];
      assert.equal(findFault(rules, raw), message, JSON.stringify(raw));
    }
  });
}

test("a pattern that JavaScript cannot read is left to Python", () => {
  assert.equal(findFault([["pattern", "(?P<a>x)", "no"]], "y"), null);
  assert.equal(findFault([["pattern", "x", "no"]], "y"), "no");
});

test("sizes are written as people write them", () => {
  const sizes = [0, 1000, 1024, 1536, 20 * 1024, 2 ** 20, 5.26 * 2 ** 30, 2000 * 2 ** 30];
  const texts = ["0 bytes", "1000 bytes", "1 KB", "1.5 KB", "20 KB", "1 MB", "5.3 GB", "2000 GB"];
  assert.deepEqual(sizes.map(sizeText), texts);
});
