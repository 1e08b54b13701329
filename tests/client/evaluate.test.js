import assert from "node:assert/strict";
import {test} from "node:test";

import {Pair} from "./helpers.js";

const {page} = new Pair().session;
const run = (code, args = {}) => page.evaluate(code, args);

test("an expression gives its value", () => {
  assert.equal(run("1 + 2"), 3);
  assert.deepEqual({...run("{a: 1}")}, {a: 1});
  assert.equal(run("1 + 2; "), 3);
  assert.equal(run("1 + 2 // why"), 3);
  assert.equal(run("'</script>'"), "</script>");
  assert.equal(run("this === globalThis"), true);
  assert.equal(run("function () { return 4 }")(), 4);
  assert.equal(run("class A {}").name, "A");
});

test("arguments are variables of this text alone and hide globals", () => {
  assert.equal(run("a + b", {a: 2, b: 3}), 5);
  assert.equal(run("document", {document: "mine"}), "mine");
  assert.equal(run("deskapp", {deskapp: 5}), 5);
  assert.equal(run("typeof a"), "undefined");
  assert.throws(() => run("1", {"not a name": 1}), {name: "ValueError"});
});

test("of statements the last expression gives the value", () => {
  assert.equal(run("var evalOne = 1; evalOne + 2"), 3);
  assert.equal(run("evalOne"), 1);
  assert.equal(run("let x = 'a;b}'\nx + `;${1}`"), "a;b};1");
  assert.equal(run("if (true) { var evalTwo = 2 } evalTwo;"), 2);
  assert.equal(run("function evalF(x) { return x; } evalF(7)"), 7);
});

test("a condition in front of the last line keeps its meaning", async () => {
  assert.equal(await run("if (false)\nglobalThis.evalSeen = true"), undefined);
  assert.equal(globalThis.evalSeen, undefined);
});

test("other text is the body of a function, and of an async one if it waits", async () => {
  assert.equal(await run("for (const i of [1, 2]) { if (i === 2) return i * 10; }"), 20);
  assert.equal(await run("return 5"), 5);
  assert.equal(await run("const x = await Promise.resolve(4); return x + n", {n: 1}), 5);
  assert.equal(await run(""), undefined);
});

test("what a statement throws is thrown, and is no promise that was rejected", async () => {
  assert.throws(() => run("throw new RangeError('evalNine')"), {name: "RangeError", message: "evalNine"});
  assert.throws(() => run("if (true) { null.x }"), {name: "TypeError"});
  assert.throws(() => page.execute("return null.x", {}), {name: "TypeError"});
  await assert.rejects(run("if (true) { return Promise.reject(new RangeError('evalTen')) }"), {message: "evalTen"});
});

test("await works in an expression", async () => {
  assert.equal(await run("await Promise.resolve(6)"), 6);
  assert.equal(await run("(await Promise.resolve(6)) + 1"), 7);
});

test("errors come out as they were thrown, and nothing is left behind", () => {
  assert.throws(() => run("null.x"), TypeError);
  assert.throws(() => run("missing"), ReferenceError);
  assert.throws(() => run("1 +* 2"), SyntaxError);
  assert.equal(page.document.head.childNodes.length, 0);
  assert.equal(page.slots._slot, undefined);
});

test("text may evaluate other text", () => {
  assert.equal(run("deskapp.session.page.evaluate('2 * n', {n: 4}) + n", {n: 1}), 9);
});

test("a page whose policy refuses scripts says so", () => {
  page._nonce = "wrong";
  try {
    assert.throws(() => run("1"), {name: "SecurityError"});
  } finally {
    page._nonce = page.document.nonce;
  }
});

test("the search for the last expression is bounded", async () => {
  const many = "0;".repeat(200) + "var evalThree = 3; evalThree";
  assert.equal(run(many), 3);
  assert.equal(await run(`/*${"x".repeat(9000)}*/ var evalFour = 4; evalFour`), undefined);
});
