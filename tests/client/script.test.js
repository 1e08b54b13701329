import assert from "node:assert/strict";
import {test} from "node:test";

import {message, Pair} from "./helpers.js";

test("a text whose value nobody wants runs as a script, and what it declares is global", () => {
  const it = new Pair();
  it.send(message("CALL", 0, "var scriptVar = a + 1; function scriptFunction() { return scriptVar } a = 5", {a: 1}));
  assert.equal(globalThis.scriptVar, 2);
  assert.equal(globalThis.scriptFunction(), 2);
  assert.equal(globalThis.a, undefined);
  it.send(message("CALL", 0, "if (a) { globalThis.scriptIf = this === globalThis }", {a: 1}));
  assert.equal(globalThis.scriptIf, true);
  assert.deepEqual(it.take(), []);
});

test("a text that is no script may still be the body of a function", async () => {
  const it = new Pair();
  it.send(message("CALL", 0, "if (a) { globalThis.scriptReturned = a; return } never()", {a: 7}));
  it.send(message("CALL", 0, "globalThis.scriptAwaited = await Promise.resolve(a)", {a: 8}));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(globalThis.scriptReturned, 7);
  assert.equal(globalThis.scriptAwaited, 8);
});

test("the answer to a question says whether a promise was rejected", async () => {
  const it = new Pair();
  it.send(
    message("CALL", 1, "Promise.reject(new RangeError('late'))", {}),
    message("CALL", 2, "null.x", {}),
    message("CALL", 3, "() => 1", {}),
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  it.settle();
  const how = new Map(it.take().map(([, req, , error]) => [req, error.how]));
  assert.deepEqual([how.get(1), how.get(2), how.get(3)], ["rejected", undefined, undefined]);
});

test("variables of a text can be changed", () => {
  const it = new Pair();
  assert.equal(it.session.page.evaluate("n += 1; n * 2", {n: 3}), 8);
});

test("the content gets a width, and loses it", () => {
  const it = new Pair();
  const properties = new Map();
  it.session.page.document.documentElement.style = {
    setProperty: (name, value) => properties.set(name, value),
    removeProperty: (name) => properties.delete(name),
  };
  it.send(message("NOTICE", "width", "80%"));
  assert.deepEqual([...properties], [["--deskapp-width", "80%"]]);
  it.send(message("NOTICE", "width", ""));
  assert.deepEqual([...properties], []);
});

test("a download is a link to a blob, clicked once", async () => {
  const it = new Pair();
  const {document} = it.session.page;
  /** @type {any[]} */
  const clicked = [];
  const blobs = new Map();
  it.window.URL = {
    createObjectURL: (blob) => {
      blobs.set(`blob:${blobs.size}`, blob);
      return `blob:${blobs.size - 1}`;
    },
    revokeObjectURL: (url) => blobs.delete(url),
  };
  const make = document.createElement.bind(document);
  document.createElement = (tag) => {
    const node = make(tag);
    node.style = {};
    node.click = () => clicked.push([node.href, node.download, node.parentNode === document.body]);
    return node;
  };
  const {setTimeout: later} = globalThis;
  globalThis.setTimeout = () => 0; // the blob is kept for minutes; this test is not
  try {
    it.send(message("NOTICE", "download", {name: "grüße.txt", content: new Uint8Array([104, 105])}));
  } finally {
    globalThis.setTimeout = later;
  }
  assert.deepEqual(clicked, [["blob:0", "grüße.txt", true]]);
  assert.equal(await blobs.get("blob:0").text(), "hi");
  assert.equal(document.body.childNodes.filter((node) => node.tagName === "A").length, 0);
});

test("a program that has stopped by an error says so, once", () => {
  const it = new Pair();
  it.send(message("NOTICE", "stopped", null), message("NOTICE", "stopped", null));
  const boxes = it.session.page.document.body.childNodes.filter((node) => node.id === "deskapp-stopped");
  assert.equal(boxes.length, 1);
  assert.equal(boxes[0].getAttribute("role"), "status");
  assert.match(boxes[0].childNodes[0].textContent, /stopped by an error/);
});

test("a program that does not go on for another reason says which", () => {
  const it = new Pair();
  it.send(message("NOTICE", "stopped", {text: "It was interrupted.", detail: "Start it again."}));
  const [box] = it.session.page.document.body.childNodes.filter((node) => node.id === "deskapp-stopped");
  assert.deepEqual(box.childNodes.map((node) => node.textContent), ["It was interrupted.", "Start it again."]);
});
