/**
 * Components that live on both sides of the wire: `JsComponent` lives here, `PyComponent` is the proxy of one that
 * lives in Python, `StubComponent` stands for one that is neither.
 */

import {MAKING} from "./calling.js";
import {Component} from "./component.js";
import {logger, makeError} from "./errors.js";
import {loop} from "./loop.js";
import {isSame} from "./values.js";

/**
 * @typedef {object} Making What the session gives to the constructor of a component that Python asked for.
 * @property {any} session
 * @property {string} id
 * @property {Set<string>} types Plain event types that Python listens to.
 * @property {boolean} isSurvivor Made again for a page that was loaded anew, with the values that Python holds.
 */

/** The session that components without a context belong to; one page has one. @type {{session: any}} */
const page = {session: null};

/** @param {any} session */
export function setPageSession(session) {
  page.session = session;
}

/** What both kinds share. `session`, `root` and `uid` are read-only. */
export class AppComponent extends Component {
  get session() {
    return this._session;
  }

  /** The component that represents the app. */
  get root() {
    return this._session.root;
  }

  /** Unique among all sessions. */
  get uid() {
    return `${this._session.id}_${this._id}`;
  }

  /**
   * @param {Making|null} making
   * @returns {any} The session it belongs to.
   */
  _find_session(making) {
    if (making !== null) {
      return making.session;
    }
    const around = loop.get_active_components().reverse().find((component) => component._session);
    const session = around ? around._session : page.session;
    if (!session) {
      throw makeError("RuntimeError", `${this.__name__} needs a session`);
    }
    return session;
  }
}

/** A component that lives in JavaScript. It may have a node in the page. */
export class JsComponent extends AppComponent {
  /** @param {Making|null} making */
  _init_identity(making) {
    this._session = this._find_session(making);
    this._id = making === null ? this._session.makeId(this.__name__) : making.id;
    /** Whether Python has its half, which wants to know what happens here. */
    this._has_proxy = making !== null;
    /** @type {Set<string>} */
    this._types = making === null ? new Set() : making.types;
    /** @type {any} */
    this._node = null;
    /** @type {any[]|null} The contexts it was made in; until its node is mounted. */
    this._around = loop.get_active_components();
    /** @type {AbortController|null} */
    this._listening = null;
    this._session.register(this);
  }

  /** @param {...any} args */
  __init__(...args) {
    const call = args.length === 1 && args[0] !== null && typeof args[0] === "object" ? args[0] : {};
    /** @type {Making|null} */
    const making = call[MAKING] || null;
    const given = call.flx_kwargs || {};
    /** What the keyword `style` says, unless the class has a property of that name. */
    this._node_style = "";
    if (typeof given.style === "string" && !this._members.properties.has("style")) {
      this._node_style = given.style;
      delete given.style;
    }
    try {
      super.__init__(...args);
    } catch (error) {
      if (this._session) {
        this._session.forget(this);
        this._removeNode();
      }
      throw error;
    }
    if (making !== null) {
      if (making.isSurvivor) {
        for (const [name, value] of Object.entries(call.flx_kwargs)) {
          this._apply_mutation(name, value);
        }
      }
      this._report(call.flx_kwargs);
    }
    this._observe();
  }

  _before_init() {
    if (this._has_proxy) {
      /** @type {any[]} Plain events of init: Python gets them after the values. */
      this._early = [];
      this._observer = (event) => {
        if (event.mutation === undefined) {
          this._early.push(event);
        }
      };
    }
    if (this._create_dom !== JsComponent.prototype._create_dom) {
      this._makeNode();
    }
  }

  /**
   * Tell Python what construction made of the values: it holds the defaults, or what it gave.
   * @param {Record<string, any>} given
   */
  _report(given) {
    /** @type {any} */
    const self = this;
    for (const [name, prop] of this._members.properties) {
      const value = self[prop.key];
      if (!prop.local && (name in given || !isSame(value, prop.convert(prop.default)))) {
        this._session.publish(this, {type: name, source: this, new_value: value, mutation: "set"});
      }
    }
    for (const event of this._early || []) {
      this._session.publish(this, event);
    }
    this._early = undefined;
  }

  _observe() {
    this._observer = (event) => {
      if (this._has_proxy) {
        this._session.publish(this, event);
      }
    };
  }

  // -- The node --------------------------------------------------------------------------------------------------

  /** The element of this component; made, as a `<div>`, when it is first asked for. */
  get node() {
    if (this._node === null) {
      this._makeNode();
    }
    return this._node;
  }

  /** For subclasses: make the element. Overriding it makes the node exist before `init`. */
  _create_dom() {
    return this._session.page.document.createElement("div");
  }

  /**
   * For subclasses: put the node of a component that was made in this one's context into the page.
   * @param {any} child
   */
  _mount(child) {
    this.node.appendChild(child.node);
  }

  _makeNode() {
    this._node = this._create_dom();
    if (this._node_style) {
      this._node.style.cssText += `;${this._node_style}`;
    }
    const around = this._around || [];
    this._around = null;
    for (let i = around.length - 1; i >= 0; i--) {
      const parent = around[i];
      if (parent !== this && !parent._disposed && (parent instanceof JsComponent || mountsItself(parent))) {
        parent._mount(this);
        return;
      }
    }
    this._session.page.mount(this, around);
  }

  _removeNode() {
    if (this._listening !== null) {
      this._listening.abort();
    }
    if (this._node !== null) {
      this._node.remove();
    }
  }

  /**
   * Listen to events of an element until this component is disposed.
   * @param {EventTarget} node
   * @param {string} type
   * @param {(event: any) => void} callback
   * @param {boolean} [capture]
   */
  _addEventListener(node, type, callback, capture = false) {
    if (this._listening === null) {
      this._listening = new AbortController();
    }
    node.addEventListener(type, callback, {capture, signal: this._listening.signal});
  }

  _dispose() {
    if (this._disposed) {
      return;
    }
    super._dispose();
    this._removeNode();
    this._session.ended(this);
  }
}

/** @param {any} component */
function mountsItself(component) {
  return typeof component._mount === "function" && component._mount !== JsComponent.prototype._mount;
}

/** The proxy of a component that lives in Python: its properties follow, its actions are asked for over the wire. */
export class PyComponent extends AppComponent {
  /** @param {Making|null} making */
  _init_identity(making) {
    if (making === null) {
      throw makeError("RuntimeError", `${this.__name__} is a PyComponent: it can only be made in Python`);
    }
    this._session = making.session;
    this._id = making.id;
    /** @type {string} Event types that Python was last asked for. */
    this._wanted = "[]";
    this._session.register(this);
  }

  /** The values come from the owner, who has called the setters. @param {Array<[string, any]>} values */
  _apply_values(values) {
    this._apply_initial(values);
  }

  /** @param {...any} _args Python's init has them. */
  init(..._args) {}

  /**
   * @param {string} name
   * @returns {boolean}
   */
  _mutate(name) {
    throw makeError("RuntimeError", `${this._id}.${name} belongs to Python: call an action of ${this._id}`);
  }

  /**
   * @param {string} action
   * @param {any[]} args
   */
  _invoke(action, args) {
    if (this._disposed) {
      logger.warning(`${this._id}.${action}() does nothing: ${this._id} has ended in Python`);
      return;
    }
    this._session.invoke(this, action, args);
  }

  /** Plain event types that reactions of this side listen to. */
  _wanted_types() {
    const {properties} = this._members;
    return [...this._handlers]
      .filter(([type, entries]) => entries.length > 0 && !properties.has(type))
      .map(([type]) => type)
      .sort();
  }

  /** @param {string} type */
  _on_connections_changed(type) {
    if (!this._disposed && !this._members.properties.has(type)) {
      this._session.subscriptionChanged(this);
    }
  }

  dispose() {
    if (!this._disposed) {
      throw makeError("RuntimeError", `${this._id} belongs to Python: it can only be disposed there`);
    }
  }
}

/** Stands for a component of another session, or one that is gone. It can be passed around, nothing else. */
export class StubComponent {
  /**
   * @param {string} sessionId
   * @param {string} id
   */
  constructor(sessionId, id) {
    this._session_id = sessionId;
    this._id = id;
    this._disposed = false;
  }

  get _IS_COMPONENT() {
    return true;
  }

  get id() {
    return this._id;
  }

  get uid() {
    return `${this._session_id}_${this._id}`;
  }

  get session() {
    return {id: this._session_id};
  }

  get root() {
    return null;
  }

  toString() {
    return `<StubComponent ${this.uid}>`;
  }
}
