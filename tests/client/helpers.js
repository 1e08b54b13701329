// Stand-ins for the tests of the client: a small document, and a Python at the other end of the wire.
import vm from "node:vm";

import {Codec} from "../../deskapp/bridge/client/codec.js";
import {JsComponent, PyComponent, setPageSession, StubComponent} from "../../deskapp/bridge/client/app_component.js";
import {Component} from "../../deskapp/bridge/client/component.js";
import {defineClass} from "../../deskapp/bridge/client/define_class.js";
import {defineModel} from "../../deskapp/bridge/client/define_model.js";
import {logger} from "../../deskapp/bridge/client/errors.js";
import {Loader} from "../../deskapp/bridge/client/loader.js";
import {loop} from "../../deskapp/bridge/client/loop.js";
import {message} from "../../deskapp/bridge/client/messages.js";
import {Model} from "../../deskapp/bridge/client/model.js";
import {Page} from "../../deskapp/bridge/client/page.js";
import {Protocol} from "../../deskapp/bridge/client/protocol.js";
import {Session} from "../../deskapp/bridge/client/session.js";

export {message};

/** An element: a tree, attributes, text. */
class Node extends EventTarget {
  constructor(document, tag) {
    super();
    this.document = document;
    this.nodeType = 1;
    this.tagName = tag.toUpperCase();
    this.attributes = new Map();
    this.childNodes = [];
    this.parentNode = null;
    this.textContent = "";
    this.id = "";
  }

  appendChild(child) {
    child.remove();
    child.parentNode = this;
    this.childNodes.push(child);
    this.document.appended(child);
    return child;
  }

  append(...items) {
    for (const item of items) {
      if (typeof item === "string") {
        this.textContent += item;
      } else {
        this.appendChild(item);
      }
    }
  }

  replaceChildren(...nodes) {
    for (const child of [...this.childNodes]) {
      child.remove();
    }
    this.append(...nodes);
  }

  get firstChild() {
    return this.childNodes[0] || null;
  }

  remove() {
    if (this.parentNode !== null) {
      this.parentNode.childNodes = this.parentNode.childNodes.filter((node) => node !== this);
      this.parentNode = null;
    }
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.has(name) ? this.attributes.get(name) : null;
  }

  hasAttribute(name) {
    return this.attributes.has(name);
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  toggleAttribute(name, on) {
    if (on) {
      this.attributes.set(name, "");
    } else {
      this.attributes.delete(name);
    }
  }

  /** Alternatives of the form `tag[name="value"]:not([name="value"])`, each part optional. */
  matches(selectors) {
    const has = (text) =>
      [...text.matchAll(/\[([\w-]+)(?:="([^"]*)")?\]/g)].every(
        ([, name, value]) => this.attributes.has(name) && (value === undefined || this.attributes.get(name) === value),
      );
    return selectors.split(",").some((selector) => {
      const [, tag, plain, not] = /^\s*([\w-]*)((?:\[[^\]]*\])*)(?::not\((.*)\))?\s*$/.exec(selector);
      return (tag === "" || tag.toUpperCase() === this.tagName) && has(plain) && !(not && has(not));
    });
  }

  closest(selectors) {
    for (let node = this; node !== null; node = node.parentNode) {
      if (node.matches(selectors)) {
        return node;
      }
    }
    return null;
  }

  *descendants() {
    for (const child of this.childNodes) {
      yield child;
      yield* child.descendants();
    }
  }

  querySelectorAll(selector) {
    const name = /^\[([\w-]+)\]$/.exec(selector)[1];
    return [...this.descendants()].filter((node) => node.attributes.has(name));
  }
}

/** A document that runs scripts with the right nonce, as a browser under a security policy does. */
class Document extends EventTarget {
  constructor(window, nonce) {
    super();
    this.window = window;
    this.nonce = nonce;
    this.scripts = [];
    this.documentElement = this.createElement("html");
    this.head = this.createElement("head");
    this.body = this.createElement("body");
    this.documentElement.appendChild(this.head);
    this.documentElement.appendChild(this.body);
    for (const id of ["deskapp-splash", "deskapp-root"]) {
      const node = this.createElement("div");
      node.id = id;
      this.body.appendChild(node);
    }
    this.title = "";
    this.isFocused = false;
    this.baseURI = "http://127.0.0.1:1/app/";
  }

  createElement(tag) {
    return new Node(this, tag);
  }

  hasFocus() {
    return this.isFocused;
  }

  getElementById(id) {
    return [...this.documentElement.descendants()].find((node) => node.id === id) || null;
  }

  appended(node) {
    if (node.tagName !== "SCRIPT") {
      return;
    }
    this.scripts.push(node);
    if (node.src || node.nonce !== this.nonce) {
      return;
    }
    try {
      vm.runInThisContext(node.textContent);
    } catch (error) {
      const event = new Event("error", {cancelable: true});
      event.error = error;
      event.message = error.message;
      event.lineno = 1;
      this.window.dispatchEvent(event);
    }
  }
}

/** The window of a page; its scripts run in this very process and see `deskapp`. */
export class Window extends EventTarget {
  constructor({nonce = "n0nce", hash = "", pathname = "/app/", search = ""} = {}) {
    super();
    this.document = new Document(this, nonce);
    this.nonce = nonce;
    this.console = {lines: []};
    for (const name of ["log", "info", "warn", "error"]) {
      this.console[name] = (...parts) => this.console.lines.push([name, ...parts]);
    }
    this.location = {
      hash,
      pathname,
      search,
      host: "127.0.0.1:1",
      protocol: "http:",
      reloads: 0,
      reload() {
        this.reloads += 1;
      },
    };
    this.history = {state: null, addresses: [], replaceState: (state, title, url) => this.history.addresses.push(url)};
    const stored = new Map();
    this.sessionStorage = {
      getItem: (name) => (stored.has(name) ? stored.get(name) : null),
      setItem: (name, value) => stored.set(name, value),
      removeItem: (name) => stored.delete(name),
    };
    this.crypto = globalThis.crypto;
    this.performance = {getEntriesByType: () => [{type: "reload"}]};
    this.fetched = [];
    this.fetch = async (url) => {
      this.fetched.push(url);
      return {ok: true};
    };
  }
}

/** A component as the Python at the other end sees it. */
export class Ref {
  constructor(session, id) {
    this.session = session;
    this.id = id;
  }
}

/** A session in a page, and the protocol of the Python that it talks to. */
export class Pair {
  constructor({window = new Window(), how = "new"} = {}) {
    loop.reset();
    loop.integrate(() => () => {});
    this.window = window;
    const slots = {event: {loop, logger}};
    globalThis.deskapp = slots;
    const page = new Page(window, window.nonce, slots);
    const parts = {Component, JsComponent, Model, PyComponent, StubComponent};
    const runtime = {...parts, defineClass, defineModel, loop, logger};
    this.loader = new Loader(runtime);
    slots.define = (...args) => this.loader.define(...args);
    this.session = new Session({page, loader: this.loader});
    const print = (...parts) => this.printed.push(parts);
    this.session.printer = {warn: print, error: print};
    slots.session = this.session;
    setPageSession(this.session);
    this.printed = [];
    this.received = [];
    const extension = {
      tag: "c",
      test: (value) => value instanceof Ref,
      encode: ({session, id}) => [session, id],
      decode: ([session, id]) => new Ref(session, id),
    };
    this.python = new Protocol(new Codec([extension]), {side: "python"});
    this.python.accept(0);
    this.session.protocol.accept(0);
    this.session.write = (frames) => {
      for (const frame of frames) {
        for (const msg of this.python.receive(frame)) {
          this.received.push(this.revive(msg));
        }
      }
    };
    this.session.opened({session_id: "s1", app_name: "app", asset_key: "a", key: "k", how});
  }

  revive(msg) {
    return Object.fromEntries(Object.entries(msg).map(([key, value]) => [key, this.python.codec.revive(value)]));
  }

  /** Send messages in one frame, and let the page act on them; values are prepared here. */
  send(...messages) {
    for (const msg of messages) {
      const prepared = Object.entries(msg).map(([key, value]) => [key, this.python.codec.prepare(value, key)]);
      this.python.send(Object.fromEntries(prepared));
    }
    for (const frame of this.python.frames()) {
      this.session.receive(frame);
    }
  }

  /** Define a class that INSTANTIATE finds. */
  define(spec) {
    let cls;
    this.loader.define(spec.module || "m", [], ($rt) => {
      cls = $rt.defineClass({module: "m", kind: "js", base: $rt.JsComponent, ...spec});
      return {...(this.loader.has("m") ? this.loader.require("m") : {}), [spec.name]: cls};
    });
    return cls;
  }

  /** Define a Model class that `makeModel` finds. */
  defineModel(spec) {
    let cls;
    this.loader.define("m", [], ($rt) => {
      cls = $rt.defineModel({module: "m", base: $rt.Model, ...spec});
      return {...(this.loader.has("m") ? this.loader.require("m") : {}), [spec.name]: cls};
    });
    return cls;
  }

  /** Make a Model in the steps in which Python does; `between` are messages before its init. */
  makeModel(id, cls, {between = [], types = [], active = [], req = 0} = {}) {
    this.send(
      message("INSTANTIATE", id, "m", cls, [], {}, active, types, req),
      ...between,
      message("INVOKE", id, "$init", [], 0),
      message("INVOKE", id, "$handlers", [], 0),
    );
    return this.session.instances.get(id);
  }

  make(id, cls, {args = [], props = {}, active = [], types = [], req = 0} = {}) {
    this.send(message("INSTANTIATE", id, "m", cls, args, props, active, types, req));
    return this.session.instances.get(id);
  }

  /** Iterate until nothing is pending; what the page sent meanwhile is returned. */
  settle() {
    const before = this.received.length;
    for (let i = 0; i < 50 && loop.has_pending(); i++) {
      loop.iter();
    }
    return this.received.slice(before);
  }

  /** What the page has sent since the last call, as arrays. */
  take() {
    const taken = this.received.map(({op, ...fields}) => [op, ...Object.values(fields)]);
    this.received = [];
    return taken;
  }
}

/** Wait for a condition. */
export async function until(condition, ms = 2000) {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error("what was waited for did not happen");
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Whether the browser would ask before the page is left. */
export function asksToStay(window) {
  const event = Object.defineProperty(new Event("beforeunload", {cancelable: true}), "returnValue", {writable: true});
  window.dispatchEvent(event);
  return event.defaultPrevented;
}
