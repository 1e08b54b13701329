/**
 * The session in the page: which components there are, and what to do with each message from Python.
 *
 * After each received frame its messages are dispatched, the event loop iterates, and what all that had to say is
 * handed to the protocol's frames at once. Changes at other times leave at the end of the loop's next iteration.
 */

import {JsComponent, StubComponent} from "./app_component.js";
import {Codec} from "./codec.js";
import {Dispatch} from "./dispatch.js";
import {makeError} from "./errors.js";
import {loop} from "./loop.js";
import {message} from "./messages.js";
import {Protocol} from "./protocol.js";
import {PageWindow} from "./window.js";

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./loader.js").Loader} Loader */

/** Ids of ended components that are remembered, to tell a late message from a wrong one. */
const MAX_TOMBSTONES = 20000;

/** What happens to Models within this time is told together. */
const TOGETHER_MS = 10;

/** How long a lost connection goes unmentioned. */
const LOST_NOTICE_MS = 1500;

/** @typedef {{resolve: (value: any) => void, reject: (error: Error) => void}} Asked A request without answer yet. */

/** Functions of the console that print here only; the forwarding of the console replaces them. */
const PLAIN_CONSOLE = {
  log: (/** @type {any[]} */ ...parts) => console.log(...parts),
  info: (/** @type {any[]} */ ...parts) => console.info(...parts),
  warn: (/** @type {any[]} */ ...parts) => console.warn(...parts),
  error: (/** @type {any[]} */ ...parts) => console.error(...parts),
};

/** A protocol that tells when its socket is lost. */
class WatchedProtocol extends Protocol {
  /**
   * @param {Codec} codec
   * @param {(isLost: boolean) => void} onlost
   */
  constructor(codec, onlost) {
    super(codec);
    this._onlost = onlost;
  }

  suspend() {
    const wasConnected = this.state === "connected";
    super.suspend();
    if (wasConnected) {
      this._onlost(true);
    }
  }
}

export class Session {
  /**
   * @param {{page: Page, loader: Loader}} parts
   */
  constructor({page, loader}) {
    this.id = "";
    this.app_name = "";
    this.asset_key = "";
    /** Key that opens this session again. @type {string|null} */
    this.key = null;
    this.page = page;
    this.window = new PageWindow(this);
    this.loader = loader;
    this.codec = new Codec([this._makeExtension()]);
    this.protocol = new WatchedProtocol(this.codec, (isLost) => this._onLost(isLost));
    /** Writes frames to the socket. @type {(frames: Array<string | ArrayBuffer>) => void} */
    this.write = () => {};
    /** In an exported page: takes what would be sent, for nobody hears it. @type {((msg: Message) => void)|null} */
    this.unheard = null;
    /** Data that needs no fetching, by its whole address. @type {Map<string, () => ArrayBuffer>} */
    this.blobs = new Map();
    /** Called once when Python has ended the session. @type {(code: number, reason: string) => void} */
    this.onclose = () => {};
    this.printer = PLAIN_CONSOLE;
    /** @type {Map<string, any>} */
    this.instances = new Map();
    /** The component that represents the app: the first one that was registered. @type {any} */
    this.root = null;
    this.is_ready = false;
    this.is_closed = false;
    /** @type {any} */
    this._lost_timer = undefined;
    /** A flush that waits for more to be told. @type {any} */
    this._later = undefined;
    this.is_rebuilding = false;
    /** @type {Set<string>} */
    this.tombstones = new Set();
    this._count = 0;
    /** Components whose set of wanted event types may have changed. @type {Set<any>} */
    this._unsubscribed = new Set();
    /** Components that Python asked to dispose. @type {Set<any>} */
    this.asked_to_end = new Set();
    this._is_flush_due = false;
    this._dispatch = new Dispatch(this);
    /** Set while values are prepared in which components may not stand yet. @type {{found: boolean}|null} */
    this._probe = null;
    /** @type {Map<number, Asked>} */
    this.asked = new Map();
    this._last_req = 0;
  }

  // -- The connection --------------------------------------------------------------------------------------------

  /**
   * The socket is lost. A person is told only if it does not come back at once.
   * @param {boolean} isLost
   */
  _onLost(isLost) {
    clearTimeout(this._lost_timer);
    if (isLost) {
      this._lost_timer = setTimeout(() => {
        if (!this.is_closed) {
          this.page.showLost(true);
        }
      }, LOST_NOTICE_MS);
    } else {
      this.page.showLost(false);
    }
  }

  /**
   * A connection is open.
   * @param {Message} welcome
   */
  opened(welcome) {
    this._onLost(false);
    this.id = welcome.session_id;
    this.app_name = welcome.app_name;
    this.asset_key = welcome.asset_key;
    this.is_rebuilding = welcome.how === "rebuild";
  }

  /**
   * Act on a frame: dispatch, iterate, answer.
   * @param {string | ArrayBuffer} data
   */
  receive(data) {
    this.dispatch(this.protocol.receive(data));
  }

  /**
   * Act on the messages of one frame.
   * @param {Message[]} messages
   */
  dispatch(messages) {
    this.batch(() => this._dispatch.take(messages));
  }

  /**
   * Do something, let the loop run, then hand over what all that had to say.
   * @param {() => void} func
   */
  batch(func) {
    this._is_flush_due = true; // below; no need to ask the loop for it
    loop.batch(func);
    this.flush();
  }

  /** Hand everything that waits to the socket. */
  flush() {
    this._is_flush_due = false;
    clearTimeout(this._later);
    this._later = undefined;
    this._sendSubscriptions();
    const frames = this.protocol.frames();
    if (frames.length > 0) {
      this.write(frames);
    }
  }

  /**
   * Queue a message; its values are prepared.
   * @param {Message} msg
   */
  send(msg) {
    if (this.is_closed) {
      return;
    }
    if (this.unheard !== null) {
      this.unheard(msg);
      return;
    }
    if (this._unsubscribed.size > 0) {
      this._sendSubscriptions(); // before an INVOKE, say, whose events a new reaction wants
    }
    this.protocol.send(msg);
    if (!this._is_flush_due) {
      this._is_flush_due = true;
      loop.call_at_end(() => this.flush());
    }
  }

  /**
   * Tell Python what happened to a Model, together with what else happens to Models within some milliseconds, so that
   * a handler there gets it in one call. The order of messages is that of the calls, whichever function they were.
   * @param {any} model
   * @param {string} type
   * @param {string} mutation
   * @param {any} value
   * @param {any} index
   */
  tellLater(model, type, mutation, value, index) {
    if (this.is_closed || this.unheard !== null) {
      return;
    }
    try {
      const prepared = this.codec.prepare(value, `${model._id}.${type}`);
      this._sendSubscriptions();
      this.protocol.send({op: "EMIT", id: model._id, type, mutation, value: prepared, index});
    } catch (error) {
      console.error(`${model._id}.${type} cannot be sent to Python:`, error);
      return;
    }
    if (this._is_flush_due || this._later !== undefined) {
      return;
    }
    if (this.page.isHidden) {
      this._is_flush_due = true; // timers of hidden pages are slow
      loop.call_at_end(() => this.flush());
    } else {
      this._later = setTimeout(() => this.flush(), TOGETHER_MS);
    }
  }

  /**
   * The session is over: nothing is sent any more, what waits for an answer gets an error.
   * @param {number} code
   * @param {string} reason
   */
  close(code, reason) {
    if (this.is_closed) {
      return;
    }
    this.is_closed = true;
    clearTimeout(this._lost_timer);
    clearTimeout(this._later);
    this.window.stop_asking();
    for (const {reject} of this.asked.values()) {
      reject(makeError("SessionClosedException", reason || "The session is closed"));
    }
    this.asked.clear();
    this.page.showClosed(code, reason);
    this.onclose(code, reason);
  }

  // -- Components ------------------------------------------------------------------------------------------------

  /** @param {string} name Of the class. */
  makeId(name) {
    this._count += 1;
    return `${name}_${this._count}js`;
  }

  /** @param {any} component */
  register(component) {
    this.instances.set(component._id, component);
    if (this.root === null) {
      this.root = component;
    }
  }

  /** A component whose construction failed. @param {any} component */
  forget(component) {
    this.bury(component._id);
    if (this.root === component) {
      this.root = null;
    }
  }

  /** @param {string} id */
  bury(id) {
    const component = this.instances.get(id);
    if (component !== undefined) {
      this.instances.delete(id);
      this._unsubscribed.delete(component);
    }
    this.tombstones.add(id);
    if (this.tombstones.size > MAX_TOMBSTONES) {
      this.tombstones.delete(/** @type {string} */ (this.tombstones.values().next().value));
    }
  }

  /**
   * The component with an id, or null.
   * @param {string} id
   */
  get_component_instance(id) {
    return this.instances.get(id) || null;
  }

  /**
   * A component of this side has ended. @param {any} component
   */
  ended(component) {
    this.bury(component._id);
    if (this.asked_to_end.delete(component)) {
      this.send(message("DISPOSED", component._id));
    } else if (component._has_proxy) {
      this.send(message("DISPOSE", component._id));
    }
    component._has_proxy = false;
  }

  /**
   * Tell Python what happened to a component of this side. Called often.
   * @param {any} component
   * @param {any} event
   */
  publish(component, event) {
    if (this.is_closed) {
      return;
    }
    const id = component._id;
    const type = event.type;
    const prop = component._members.properties.get(type);
    let mutation = "";
    let value;
    let index = -1;
    if (prop !== undefined && event.mutation !== undefined) {
      if (prop.local) {
        return;
      }
      mutation = event.mutation;
      if (mutation === "set") {
        value = event.new_value;
      } else {
        value = event.objects;
        index = event.index;
      }
    } else {
      if (!component._types.has(type)) {
        return;
      }
      const {type: _type, source: _source, ...info} = event;
      value = info;
    }
    try {
      value = this.codec.prepare(value, `${id}.${type}`);
      this.send({op: "EMIT", id, type, mutation, value, index});
    } catch (error) {
      console.error(`${id}.${type} cannot be sent to Python:`, error);
    }
  }

  /**
   * Ask Python to run an action of one of its components.
   * @param {any} component
   * @param {string} action
   * @param {any[]} args
   * @param {number} [req]
   */
  invoke(component, action, args, req = 0) {
    const prepared = this.codec.prepare(args, `${component._id}.${action}()`);
    this.send(message("INVOKE", component._id, action, prepared, req));
  }

  /**
   * Like `invoke`, and wait until the action has ended.
   * @param {any} component
   * @param {string} action
   * @param {...any} args
   * @returns {Promise<any>}
   */
  ask(component, action, ...args) {
    return this._asked((req) => this.invoke(component, action, args, req));
  }

  /**
   * Tell the program what the user did with something that it shows.
   * @param {string} id Who is to hear of it.
   * @param {any} data
   */
  report(id, data) {
    if (!this.is_closed) {
      this.send(message("SCRIPT_EVENT", id, this.codec.prepare(data, "a report"), 0));
    }
  }

  /**
   * Like `report`, and wait for what the program makes of it.
   * @param {string} id
   * @param {any} data
   * @returns {Promise<any>}
   */
  consult(id, data) {
    return this._asked((req) => this.send(message("SCRIPT_EVENT", id, this.codec.prepare(data, "a report"), req)));
  }

  /**
   * @param {(req: number) => void} send
   * @returns {Promise<any>}
   */
  _asked(send) {
    return new Promise((resolve, reject) => {
      if (this.is_closed) {
        throw makeError("SessionClosedException", "The session is closed");
      }
      this._last_req += 1;
      const req = this._last_req;
      this.asked.set(req, {resolve, reject});
      try {
        send(req);
      } catch (error) {
        this.fail(req, /** @type {Error} */ (error)); // a value that cannot travel
      }
    });
  }

  /**
   * A request gets an error for an answer.
   * @param {number} req
   * @param {Error} error
   */
  fail(req, error) {
    const asked = this.asked.get(req);
    this.asked.delete(req);
    asked?.reject(error);
  }

  /**
   * The bytes behind an address that Python gave: of data, or of a shared asset. Works in exported pages as well, also
   * when they were opened from disk.
   * @param {string} url
   * @returns {Promise<ArrayBuffer>}
   */
  async fetch_data(url) {
    const blob = this.blobs.get(this.page.resolve(url));
    if (blob !== undefined) {
      return blob();
    }
    const answer = await this.page.window.fetch(url);
    if (!answer.ok) {
      throw makeError("AssetError", `${url} cannot be fetched: ${answer.status} ${answer.statusText}`);
    }
    return answer.arrayBuffer();
  }

  /** @param {any} component A proxy to which reactions of plain events (dis)connected. */
  subscriptionChanged(component) {
    this._unsubscribed.add(component);
    if (!this._is_flush_due) {
      this._is_flush_due = true;
      loop.call_at_end(() => this.flush());
    }
  }

  _sendSubscriptions() {
    if (this._unsubscribed.size === 0) {
      return;
    }
    const components = [...this._unsubscribed];
    this._unsubscribed.clear();
    for (const component of components) {
      const types = component._wanted_types();
      const wanted = JSON.stringify(types);
      if (wanted !== component._wanted && !component._disposed) {
        component._wanted = wanted;
        this.send(message("SUBSCRIBE", component._id, types));
      }
    }
  }

  /**
   * Send a line of the console.
   * @param {string} level
   * @param {string} text
   * @param {string} stack
   */
  log(level, text, stack) {
    this.send(message("LOG", level, text, stack));
  }

  /**
   * Ask the window around the page for something.
   * @param {string} verb
   * @param {any} [data]
   */
  host(verb, data = null) {
    this.send(message("HOST", verb, this.codec.prepare(data, `host ${verb}`)));
  }

  // -- Components as values --------------------------------------------------------------------------------------

  _makeExtension() {
    return {
      tag: "c",
      test: (/** @type {any} */ value) => value._IS_COMPONENT === true,
      encode: (/** @type {any} */ component) => {
        if (component instanceof StubComponent) {
          return [component._session_id, component._id];
        }
        const session = component._session;
        if (!session) {
          throw makeError("TypeError", `${component} is a component of JavaScript alone: it cannot travel`);
        }
        if (this._probe !== null) {
          this._probe.found = true;
        } else if (session === this && component instanceof JsComponent) {
          this._announce(component);
        }
        return [session.id, component._id];
      },
      decode: (/** @type {any[]} */ [sessionId, id]) => {
        const component = sessionId === this.id ? this.instances.get(id) : undefined;
        return component || new StubComponent(String(sessionId), String(id));
      },
    };
  }

  /**
   * Let Python make its half of a component that was made here, before the first message that refers to it.
   *
   * Values that hold components follow as mutations: components may refer to each other.
   * @param {any} component
   */
  _announce(component) {
    if (component._has_proxy || component._disposed) {
      return;
    }
    component._has_proxy = true;
    /** @type {Record<string, any>} */
    const props = {};
    const later = [];
    for (const [name, prop] of component._members.properties) {
      if (prop.local) {
        continue;
      }
      const value = component[prop.key];
      const probe = {found: false};
      this._probe = probe;
      try {
        const prepared = this.codec.prepare(value, `${component._id}.${name}`);
        if (probe.found) {
          later.push({type: name, new_value: value, mutation: "set"});
        } else {
          props[name] = prepared;
        }
      } catch (error) {
        console.error(`${component._id}.${name} cannot be sent to Python:`, error);
      } finally {
        this._probe = null;
      }
    }
    const module = component.__module__ || "";
    this.send(message("INSTANTIATE", component._id, module, component.__name__, [], props, [], [], 0));
    for (const event of later) {
      this.publish(component, event);
    }
  }
}
