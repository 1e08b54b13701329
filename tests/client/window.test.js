import assert from "node:assert/strict";
import {test} from "node:test";

import {BESIDE_SCROLLBAR_PX, CORNER_PX, DRAG_PX, EDGE_PX, edgeAt} from "../../deskapp/bridge/client/gestures.js";
import {asksToStay, message, Pair} from "./helpers.js";

/** Pairs keep the loop alive for nothing once they are over, so each ends with its test. */
function pair(t) {
  const it = new Pair();
  const {window} = it;
  Object.assign(window, {innerWidth: 400, innerHeight: 300, styles: new Map()});
  const plain = {overflowX: "visible", overflowY: "visible", direction: "ltr", "--deskapp-drag": ""};
  window.getComputedStyle = (node) => {
    const style = {...plain, ...window.styles.get(node)};
    return {...style, getPropertyValue: (name) => style[name]};
  };
  it.remove = it.session.window.install();
  t.after(() => {
    it.remove();
    it.session.is_closed = true;
  });
  return it;
}

/** A pair whose window can be moved; further facts may be told of it. */
function movable(t, facts = {}) {
  const it = pair(t);
  it.send(message("NOTICE", "window", {frameless: true, can_drag: true, ...facts}));
  return it;
}

/** An element of a tag with attributes, at the end of another. */
function add(it, tag, attributes = {}, parent = it.window.document.getElementById("deskapp-root")) {
  const node = it.window.document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  parent.appendChild(node);
  return node;
}

/** What a pointer does on an element, as the window hears it. */
function fire(it, node, type, facts = {}) {
  const event = new Event(type, {bubbles: true, cancelable: true});
  const path = [];
  for (let each = node; each !== null; each = each.parentNode) {
    path.push(each);
  }
  path.push(it.window.document, it.window);
  const usual = {button: 0, buttons: 1, clientX: 100, clientY: 100, pointerId: 1, isPrimary: true, pointerType: "mouse"};
  const detail = type.startsWith("pointer") ? 0 : 1;
  for (const [name, value] of Object.entries({...usual, detail, ...facts})) {
    Object.defineProperty(event, name, {value, writable: true});
  }
  event.composedPath = () => path;
  if (facts.isTaken) {
    event.preventDefault();
  }
  it.window.dispatchEvent(event);
  return event;
}

/** Press on an element, and move the pointer by so much. */
function drag(it, node, by = DRAG_PX, facts = {}) {
  fire(it, node, "pointerdown", facts);
  fire(it, node, "mousedown", facts);
  fire(it, node, "pointermove", {clientX: 100 + by, ...facts});
}

/** What was asked of the window since the last time. */
function asked(it) {
  it.settle();
  return it.take().map(([op, ...fields]) => (op === "HOST" ? fields : [op]));
}

const root = (it) => it.window.document.documentElement;

// -- Commands and state ------------------------------------------------------------------------------------------------

test("each command is a wish to Python, by the name that it has there", (t) => {
  const it = pair(t);
  const {window} = it.session;
  window.minimize();
  window.maximize();
  window.restore();
  window.toggle_maximize();
  window.set_fullscreen(true);
  window.set_fullscreen(false);
  window.close();
  window.focus();
  window.print();
  window.set_zoom(1.5);
  window.popup_menu("edit", 3, 4);
  window.start_drag();
  window.start_resize("se");
  assert.deepEqual(asked(it), [
    ["minimize", null],
    ["maximize", null],
    ["restore", null],
    ["toggle_maximize", null],
    ["fullscreen", true],
    ["fullscreen", false],
    ["close", null],
    ["focus", null],
    ["print", null],
    ["zoom", 1.5],
    ["popup_menu", {menu: "edit", x: 3, y: 4}],
    ["start_drag", null],
    ["start_resize", "se"],
  ]);
});

test("what the button has to be down for is said at once, or not at all while there is no connection", (t) => {
  const it = pair(t);
  it.session.window.start_drag();
  assert.deepEqual(it.take(), [["HOST", "start_drag", null]]); // without an iteration of the loop
  it.session.protocol.suspend();
  it.session.window.start_drag();
  it.session.window.minimize();
  it.python.suspend();
  it.session.protocol.accept(it.python.lastReceived);
  it.python.accept(it.session.protocol.lastReceived);
  it.session.flush();
  assert.deepEqual(it.take(), [["HOST", "minimize", null]]);
  it.session._onLost(false);
});

test("without a window nothing is asked and nothing is listened to, and the page prints itself", (t) => {
  const it = new Pair();
  t.after(() => (it.session.is_closed = true));
  let prints = 0;
  it.window.print = () => (prints += 1);
  it.session.window.minimize();
  it.session.window.print();
  it.send(message("NOTICE", "window", {maximized: true, can_drag: true}));
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  drag(it, bar);
  assert.deepEqual(asked(it), []);
  assert.equal(prints, 1);
  assert.equal(it.session.window.maximized, false);
  assert.equal(root(it).hasAttribute("data-deskapp-maximized"), false);
});

test("what is told of the window is merged, shown to style sheets, and announced if it is news", (t) => {
  const it = pair(t);
  const news = [];
  it.window.addEventListener("deskapp-window", (event) => news.push(event.detail));
  it.send(message("NOTICE", "window", {frameless: true, maximized: true, has_focus: true, theme: "dark"}));
  it.send(message("NOTICE", "window", {maximized: false, fullscreen: true, theme: "dark", unheard_of: 1}));
  it.send(message("NOTICE", "window", {maximized: false}));
  assert.deepEqual(news, [
    {frameless: true, maximized: true, has_focus: true, theme: "dark"},
    {maximized: false, fullscreen: true},
  ]);
  const {frameless, resizable, maximized, fullscreen, minimized, has_focus, theme, can_drag} = it.session.window;
  assert.deepEqual(
    {frameless, resizable, maximized, fullscreen, minimized, has_focus, theme, can_drag},
    {
      frameless: true,
      resizable: true,
      maximized: false,
      fullscreen: true,
      minimized: false,
      has_focus: true,
      theme: "dark",
      can_drag: false,
    },
  );
  const names = ["frameless", "maximized", "fullscreen", "focused"];
  const shown = () => names.filter((name) => root(it).hasAttribute(`data-deskapp-${name}`));
  assert.deepEqual(shown(), ["frameless", "fullscreen", "focused"]);
  it.remove();
  assert.deepEqual(shown(), []);
});

test("who has the keyboard is what Python tells, and else what the page knows", (t) => {
  const it = pair(t);
  it.window.document.isFocused = true;
  it.window.dispatchEvent(new Event("focus"));
  assert.equal(it.session.window.has_focus, true);
  it.send(message("NOTICE", "window", {has_focus: false}));
  it.window.dispatchEvent(new Event("focus"));
  assert.equal(it.session.window.has_focus, false);
});

test("other notices still reach the page", (t) => {
  const it = pair(t);
  it.send(message("NOTICE", "title", "Hello"), message("NOTICE", "theme", "dark"));
  assert.equal(it.window.document.title, "Hello");
  assert.equal(root(it).getAttribute("data-theme"), "dark");
});

// -- Drag regions ------------------------------------------------------------------------------------------------------

test("a drag region moves the window once the pointer has moved far enough, button down", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  const text = add(it, "span", {}, bar);
  drag(it, text, DRAG_PX - 1);
  assert.deepEqual(it.take(), []);
  fire(it, text, "pointermove", {clientX: 100, clientY: 100 + DRAG_PX});
  assert.deepEqual(it.take(), [["HOST", "start_drag", null]]);
  fire(it, text, "pointermove", {clientX: 150});
  assert.deepEqual(it.take(), []);
});

test("no text is selected by a press on a drag region; elsewhere it is", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  fire(it, bar, "pointerdown");
  assert.equal(fire(it, bar, "mousedown").defaultPrevented, true);
  const text = add(it, "p");
  fire(it, text, "pointerdown");
  assert.equal(fire(it, text, "mousedown").defaultPrevented, false);
});

test("a press that is over moves nothing", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  for (const type of ["pointerup", "pointercancel"]) {
    fire(it, bar, "pointerdown");
    fire(it, bar, type);
    fire(it, bar, "pointermove", {clientX: 150});
  }
  fire(it, bar, "pointerdown");
  fire(it, bar, "pointermove", {clientX: 150, buttons: 0}); // it came up outside
  fire(it, bar, "pointermove", {clientX: 150});
  fire(it, bar, "pointerdown");
  fire(it, bar, "pointermove", {clientX: 150, pointerId: 2});
  assert.deepEqual(asked(it), []);
});

test("only the primary button of the first pointer moves the window; a finger and a pen do as well", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  drag(it, bar, 50, {button: 2, buttons: 2});
  drag(it, bar, 50, {isPrimary: false, pointerType: "touch"});
  assert.deepEqual(asked(it), []);
  drag(it, bar, 50, {pointerType: "touch"});
  drag(it, bar, 50, {pointerType: "pen"});
  assert.deepEqual(asked(it), [["start_drag", null], ["start_drag", null]]);
});

test("what wants the pointer for itself does not move the window, nor does what is inside it", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  const wanting = [
    ["button", {}],
    ["input", {}],
    ["select", {}],
    ["textarea", {}],
    ["a", {href: "#"}],
    ["div", {contenteditable: ""}],
    ["div", {contenteditable: "true"}],
    ["div", {role: "button"}],
    ["div", {"data-deskapp-no-drag": ""}],
  ];
  for (const [tag, attributes] of wanting) {
    const node = add(it, tag, attributes, bar);
    drag(it, node);
    drag(it, add(it, "span", {}, node));
    fire(it, node, "dblclick");
    assert.deepEqual(asked(it), [], `${tag} ${JSON.stringify(attributes)}`);
  }
  for (const [tag, attributes] of [["a", {}], ["div", {contenteditable: "false"}], ["b", {}]]) {
    drag(it, add(it, tag, attributes, bar));
    assert.deepEqual(asked(it), [["start_drag", null]], `${tag} ${JSON.stringify(attributes)}`);
  }
  drag(it, add(it, "b", {"data-deskapp-drag": ""}, add(it, "button"))); // it says so itself
  assert.deepEqual(asked(it), [["start_drag", null]]);
});

test("style sheets say what moves the window as well; who says no prevails", (t) => {
  const it = movable(t);
  const text = add(it, "p");
  it.window.styles.set(text, {"--deskapp-drag": " drag"});
  drag(it, text);
  assert.deepEqual(asked(it), [["start_drag", null]]);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  it.window.styles.set(bar, {"--deskapp-drag": "no-drag"});
  drag(it, bar);
  const button = add(it, "button");
  it.window.styles.set(button, {"--deskapp-drag": "drag"});
  drag(it, button);
  assert.deepEqual(asked(it), []);
});

test("the scrollbar of a drag region scrolls", (t) => {
  const it = movable(t);
  const list = add(it, "div", {"data-deskapp-drag": ""});
  Object.assign(list, {clientWidth: 85, clientHeight: 100, scrollWidth: 85, scrollHeight: 300});
  it.window.styles.set(list, {overflowY: "auto"});
  drag(it, list, DRAG_PX, {offsetX: 90, offsetY: 10});
  assert.deepEqual(asked(it), []);
  drag(it, list, DRAG_PX, {offsetX: 80, offsetY: 10});
  assert.deepEqual(asked(it), [["start_drag", null]]);
});

test("a press that the page has taken, a window in fullscreen or one that cannot be moved, is left alone", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  drag(it, bar, DRAG_PX, {isTaken: true});
  fire(it, bar, "dblclick", {isTaken: true});
  for (const facts of [{fullscreen: true}, {fullscreen: false, can_drag: false}]) {
    it.send(message("NOTICE", "window", facts));
    drag(it, bar);
    fire(it, bar, "dblclick");
    assert.equal(fire(it, bar, "mousedown").defaultPrevented, false);
  }
  assert.deepEqual(asked(it), []);
});

test("a double click on a drag region maximizes the window or restores it, if its size may change", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  fire(it, bar, "dblclick");
  fire(it, add(it, "p"), "dblclick");
  fire(it, bar, "dblclick", {button: 1});
  assert.deepEqual(asked(it), [["toggle_maximize", null]]);
  it.send(message("NOTICE", "window", {resizable: false}));
  fire(it, bar, "dblclick");
  assert.deepEqual(asked(it), []);
});

test("what was removed listens to nothing any more, also in the middle of a press", (t) => {
  const it = movable(t);
  const bar = add(it, "div", {"data-deskapp-drag": ""});
  fire(it, bar, "pointerdown");
  it.remove();
  fire(it, bar, "pointermove", {clientX: 150});
  drag(it, bar);
  fire(it, bar, "dblclick");
  assert.equal(fire(it, bar, "drop", {dataTransfer: {types: ["Files"], files: [{name: "a"}]}}).defaultPrevented, false);
  assert.deepEqual(asked(it), []);
});

// -- Edges -------------------------------------------------------------------------------------------------------------

test("edges are thin, corners reach further along them", () => {
  const at = (x, y, scrollbars) => edgeAt(x, y, 400, 300, scrollbars);
  assert.equal(at(200, EDGE_PX), "");
  assert.equal(at(200, EDGE_PX - 1), "n");
  assert.equal(at(200, 299), "s");
  assert.equal(at(0, 150), "w");
  assert.equal(at(399 - EDGE_PX, 150), "");
  assert.equal(at(400 - EDGE_PX, 150), "e");
  assert.equal(at(0, 0), "nw");
  assert.equal(at(CORNER_PX - 1, 0), "nw");
  assert.equal(at(CORNER_PX, 0), "n");
  assert.equal(at(399, CORNER_PX - 1), "ne");
  assert.equal(at(0, 299 - CORNER_PX), "w");
  assert.equal(at(0, 300 - CORNER_PX), "sw");
  assert.equal(at(399, 299), "se");
  assert.equal(at(CORNER_PX - 1, CORNER_PX - 1), ""); // no square: there are buttons
  assert.equal(at(399 - BESIDE_SCROLLBAR_PX, 150, "e"), "");
  assert.equal(at(400 - BESIDE_SCROLLBAR_PX, 150, "e"), "e");
  assert.equal(at(200, 299 - BESIDE_SCROLLBAR_PX, "se"), "");
});

test("the pointer on an edge shows a cursor, and its button resizes; the page hears nothing of that", (t) => {
  const it = movable(t);
  const button = add(it, "button");
  const heard = [];
  for (const type of ["pointerdown", "mousedown", "mouseup", "click"]) {
    it.window.addEventListener(type, () => heard.push(type));
  }
  fire(it, button, "pointermove", {buttons: 0, clientX: 399});
  assert.equal(root(it).getAttribute("data-deskapp-edge"), "e");
  fire(it, button, "pointermove", {buttons: 0, clientX: 399, clientY: 299});
  assert.equal(root(it).getAttribute("data-deskapp-edge"), "se");
  fire(it, button, "pointermove", {buttons: 1}); // a selection, say, that leads across
  assert.equal(root(it).getAttribute("data-deskapp-edge"), "se");
  fire(it, button, "pointermove", {buttons: 0});
  assert.equal(root(it).hasAttribute("data-deskapp-edge"), false);
  fire(it, button, "pointerdown", {clientX: 0});
  assert.deepEqual(it.take(), [["HOST", "start_resize", "w"]]); // at once
  assert.equal(fire(it, button, "mousedown", {clientX: 0}).defaultPrevented, true);
  fire(it, button, "mouseup", {clientX: 0});
  fire(it, button, "click", {clientX: 0});
  assert.deepEqual(heard, []);
  fire(it, button, "click", {detail: 0}); // by the keyboard
  assert.deepEqual(heard, ["click"]);
  heard.length = 0;
  for (const type of ["pointerdown", "mousedown", "mouseup", "click"]) {
    fire(it, button, type);
  }
  assert.deepEqual(heard, ["pointerdown", "mousedown", "mouseup", "click"]);
  fire(it, button, "pointerdown", {clientX: 0, button: 2, buttons: 2});
  assert.deepEqual(asked(it), []);
});

test("edges resize only a window without a frame, of free size, that is neither maximized nor in fullscreen", (t) => {
  const it = movable(t);
  const press = () => {
    fire(it, root(it), "pointermove", {clientX: 0, buttons: 0});
    fire(it, root(it), "pointerdown", {clientX: 0});
    return asked(it).length;
  };
  assert.equal(press(), 1);
  for (const fact of ["maximized", "fullscreen", "frameless", "resizable", "can_drag"]) {
    const isUsual = it.session.window[fact];
    it.send(message("NOTICE", "window", {[fact]: !isUsual}));
    assert.equal(press(), 0, fact);
    assert.equal(root(it).hasAttribute("data-deskapp-edge"), false, fact);
    it.send(message("NOTICE", "window", {[fact]: isUsual}));
    assert.equal(press(), 1, fact);
  }
  it.remove();
  assert.equal(root(it).hasAttribute("data-deskapp-edge"), false);
});

test("a scrollbar along an edge leaves it little: of the page, or of an element that reaches there", (t) => {
  const it = movable(t);
  const edge = (node, facts) => {
    fire(it, node, "pointermove", {buttons: 0, ...facts});
    return root(it).getAttribute("data-deskapp-edge");
  };
  const page = it.window.document.getElementById("deskapp-root");
  const box = (left, right, bottom) => () => ({left, right, bottom});
  const inner = 399 - BESIDE_SCROLLBAR_PX;
  assert.equal(edge(page, {clientX: inner}), "e");
  Object.assign(page, {scrollHeight: 900, clientHeight: 300, getBoundingClientRect: box(0, 400, 300)});
  assert.equal(edge(page, {clientX: inner}), "e"); // it hides what is too much
  it.window.styles.set(page, {overflowY: "auto"});
  assert.equal(edge(page, {clientX: inner}), null);
  assert.equal(edge(page, {clientX: 399}), "e");
  assert.equal(edge(page, {clientX: 1}), "w");
  it.window.styles.set(page, {overflowY: "auto", direction: "rtl"});
  assert.equal(edge(page, {clientX: BESIDE_SCROLLBAR_PX}), null);
  assert.equal(edge(page, {clientX: inner}), "e");
  page.getBoundingClientRect = box(50, 350, 200);
  assert.equal(edge(page, {clientX: BESIDE_SCROLLBAR_PX}), "w");
  Object.assign(page, {scrollWidth: 900, clientWidth: 400, getBoundingClientRect: box(0, 400, 300)});
  it.window.styles.set(page, {overflowX: "scroll"});
  assert.equal(edge(page, {clientY: 299 - BESIDE_SCROLLBAR_PX}), null);
  it.window.styles.delete(page);
  Object.assign(root(it), {scrollHeight: 900, clientHeight: 300});
  assert.equal(edge(page, {clientX: inner}), null); // what overflows the whole page scrolls, whatever the style says
});

// -- Drops -------------------------------------------------------------------------------------------------------------

const FILES = {types: ["Files"], files: [{name: "a.txt"}, {name: "b.png"}]};

test("files that are dropped do not replace the page, and Python hears their names", (t) => {
  const it = pair(t);
  const text = add(it, "p");
  const over = fire(it, text, "dragover", {dataTransfer: {types: ["Files"], dropEffect: "none"}});
  assert.equal(over.defaultPrevented, true);
  assert.equal(over.dataTransfer.dropEffect, "copy");
  const drop = fire(it, text, "drop", {dataTransfer: FILES, clientX: 7, clientY: 8});
  assert.equal(drop.defaultPrevented, true);
  assert.deepEqual(asked(it), [["drop", {names: ["a.txt", "b.png"], x: 7, y: 8}]]);
});

test("a drop that the page takes, or a field for files, is theirs", (t) => {
  const it = pair(t);
  const input = add(it, "input", {type: "file"});
  for (const type of ["dragover", "drop"]) {
    assert.equal(fire(it, input, type, {dataTransfer: FILES}).defaultPrevented, false);
    fire(it, add(it, "p"), type, {dataTransfer: FILES, isTaken: true});
  }
  assert.deepEqual(asked(it), []);
});

test("a link that is dropped leads nowhere, unless it is dropped as text; other things are left alone", (t) => {
  const it = pair(t);
  const link = {types: ["text/uri-list", "text/plain"], files: []};
  const over = fire(it, add(it, "p"), "dragover", {dataTransfer: {...link}});
  assert.equal(over.defaultPrevented, true);
  assert.equal(over.dataTransfer.dropEffect, "none");
  assert.equal(fire(it, add(it, "p"), "drop", {dataTransfer: {...link}}).defaultPrevented, true);
  const field = add(it, "textarea");
  assert.equal(fire(it, field, "dragover", {dataTransfer: {...link}}).defaultPrevented, false);
  assert.equal(fire(it, add(it, "p"), "dragover", {dataTransfer: {types: ["text/plain"]}}).defaultPrevented, false);
  assert.equal(fire(it, add(it, "p"), "dragover", {dataTransfer: null}).defaultPrevented, false);
  assert.deepEqual(asked(it), []);
});

test("paths that Python tells are an event of the element at their place, or of the root", (t) => {
  const it = pair(t);
  const {document} = it.window;
  const list = add(it, "ul");
  const heard = [];
  document.elementFromPoint = (x, y) => (x === 5 && y === 6 ? list : null);
  for (const node of [list, document.getElementById("deskapp-root")]) {
    node.addEventListener("deskapp-drop", ({detail, bubbles}) => heard.push([node.tagName, detail, bubbles]));
  }
  const inside = {paths: ["/tmp/a b.txt"], x: 5, y: 6};
  const outside = {paths: ["/tmp/c"], x: -1, y: 0};
  it.send(message("NOTICE", "dropped", inside), message("NOTICE", "dropped", outside));
  assert.deepEqual(heard, [
    ["UL", inside, true],
    ["DIV", outside, true],
  ]);
});

// -- Leaving the page --------------------------------------------------------------------------------------------------

test("the browser asks before the page is left while there is a text, and never once the session is over", (t) => {
  const it = pair(t);
  const asks = () => asksToStay(it.window);
  assert.equal(asks(), false);
  it.send(message("NOTICE", "confirm_close", "There are changes."));
  assert.equal(asks(), true);
  it.send(message("NOTICE", "confirm_close", ""));
  assert.equal(asks(), false);
  it.send(message("NOTICE", "confirm_close", "one"), message("NOTICE", "confirm_close", "two"));
  it.send(message("NOTICE", "confirm_close", null));
  assert.equal(asks(), false);
  it.send(message("NOTICE", "confirm_close", "There are changes."));
  it.send(message("CLOSE", 1000, "The app has ended"));
  assert.equal(asks(), false);
});
