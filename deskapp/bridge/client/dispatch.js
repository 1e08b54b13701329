/**
 * What the session does with each message from Python: one row of a table for each kind. The mirror of
 * session/_dispatch.py.
 */

import {JsComponent, PyComponent} from "./app_component.js";
import {MAKING} from "./calling.js";
import {isThenable, makeError, shortText} from "./errors.js";
import {loop} from "./loop.js";
import {message} from "./messages.js";
import {Model} from "./model.js";

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./session.js").Session} Session */

/** Iterations of the loop before a text is evaluated. */
const MAX_SETTLING = 10;

/** The `req` of a CALL whose value nobody wants. */
const SILENT = 0;

/** The `req` of a CALL whose value is printed, since nobody waits for it. */
const ECHO = -1;

/** Acts on messages in their order, each in an action phase; what cannot be obeyed is answered by a FAULT. */
export class Dispatch {
  /** @param {Session} session */
  constructor(session) {
    this._session = session;
    /** Messages that wait for a script to load, in order. @type {Message[]} */
    this._inbox = [];
    this._is_waiting = false;
    /** What shows and asks for a function; comes with the first that does. @type {any} */
    this._script = null;
    /** @type {Record<string, (msg: any) => void | Promise<void>>} */
    this._table = {
      DEFINE: (msg) => this._session.page.define(msg.kind, msg.name, msg.text, msg.url),
      INSTANTIATE: (msg) => this._onInstantiate(msg),
      EMIT: (msg) => this._onEmit(msg),
      SUBSCRIBE: (msg) => this._onSubscribe(msg),
      INVOKE: (msg) => this._onInvoke(msg),
      RESULT: (msg) => this._onResult(msg),
      DISPOSE: (msg) => this._onDispose(msg),
      DISPOSED: (msg) => this._session.bury(msg.id),
      CALL: (msg) => this._onCall(msg),
      READY: () => this._onReady(),
      NOTICE: (msg) => this._onNotice(msg),
      SCRIPT: (msg) => this._onScript(msg),
      FAULT: (msg) => this._onFault(msg),
      CLOSE: (msg) => this._session.close(msg.code, msg.reason),
    };
  }

  /**
   * Act on the messages of one frame, or remember them while others wait for a script.
   * @param {Message[]} messages
   */
  take(messages) {
    if (this._is_waiting) {
      this._inbox.push(...messages);
    } else {
      this._run(messages);
    }
  }

  /** @param {Message[]} messages */
  _run(messages) {
    for (let i = 0; i < messages.length && !this._session.is_closed; i++) {
      /** @type {void | Promise<void>} */
      let promise;
      if (messages[i].op === "CALL") {
        this._settle(); // the text is to see what the messages before it have caused
        promise = this._dispatchOne(messages[i]);
      } else {
        loop.action_phase(() => {
          promise = this._dispatchOne(messages[i]);
        });
      }
      if (promise) {
        this._is_waiting = true;
        this._inbox = messages.slice(i + 1);
        promise.then(() => {
          const rest = this._inbox;
          this._inbox = [];
          this._is_waiting = false;
          this._session.batch(() => this._run(rest));
        });
        return;
      }
    }
  }

  /**
   * @param {Message} msg
   * @returns {void | Promise<void>} A promise if the messages behind this one have to wait.
   */
  _dispatchOne(msg) {
    const handler = this._table[msg.op];
    try {
      if (handler === undefined) {
        throw makeError("ProtocolError", `${msg.op} is not for the page`);
      }
      const promise = handler(msg);
      return promise ? promise.catch((error) => this._refuse(msg, error)) : undefined;
    } catch (error) {
      this._refuse(msg, error);
      return undefined;
    }
  }

  /** Iterate until nothing is pending, but not for ever. */
  _settle() {
    for (let i = 0; i < MAX_SETTLING && loop.has_pending() && !loop.is_processing; i++) {
      loop.iter();
    }
  }

  /**
   * The component that a message is about; undefined if it ended, which is nobody's fault.
   * @param {{id: string}} msg
   */
  _find({id}) {
    const component = this._session.instances.get(id);
    if (component === undefined && !this._session.tombstones.has(id)) {
      throw makeError("KeyError", `There is no component ${shortText(id)}`);
    }
    return component;
  }

  /**
   * Answer a message that could not be obeyed. It is printed here only: Python logs the answer.
   * @param {Message} msg
   * @param {unknown} reason
   */
  _refuse(msg, reason) {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    this._session.printer.error(`${msg.op} ${msg.id || msg.name || ""} was refused:`, error);
    const name = msg.action || msg.type || msg.cls || msg.name || msg.op;
    const ranUserCode = msg.op === "DEFINE" || msg.op === "INSTANTIATE" || msg.op === "INVOKE";
    const isRefusal = error.name === "KeyError" || error.name === "NotDeclared";
    const stack = ranUserCode && !isRefusal ? `\n${error.stack || ""}` : "";
    this._session.send(message("FAULT", msg.id || "", name, error.name, `${error.message}${stack}`, msg.req > 0 ? msg.req : 0));
  }

  /** @param {any} msg */
  _onInstantiate({id, module, cls, args, props, active, types, req}) {
    if (this._session.instances.has(id) || this._session.tombstones.has(id)) {
      return;
    }
    /** @type {any[]} */
    const entered = [];
    try {
      const Class = this._session.loader.classOf(module, cls);
      const call = {
        flx_args: this._session.codec.revive(args),
        flx_kwargs: this._session.codec.revive(props),
        [MAKING]: {session: this._session, id, types: new Set(types), isSurvivor: req === -1},
      };
      for (const contextId of active) {
        const context = this._session.instances.get(contextId);
        if (context !== undefined && !context._disposed) {
          context.__enter__();
          entered.push(context);
        }
      }
      new Class(call);
    } catch (error) {
      this._session.bury(id);
      throw error;
    } finally {
      for (const context of entered.reverse()) {
        context.__exit__(null, null, null);
      }
    }
    if (req > 0) {
      this._session.send(message("RESULT", req, null, null));
    }
  }

  /** @param {any} msg */
  _onEmit({id, type, mutation, value, index}) {
    const component = this._find({id});
    if (component === undefined) {
      return;
    }
    const isProxy = component instanceof PyComponent;
    if (!isProxy && component instanceof Model) {
      component._receive(type, mutation, this._session.codec.revive(value), index);
      return;
    }
    if (!isProxy && !(this._session.is_rebuilding && mutation === "set")) {
      throw makeError("NotDeclared", `${id} belongs to JavaScript: Python cannot change or emit its ${type}`);
    }
    const revived = this._session.codec.revive(value);
    if (mutation === "") {
      component.emit(type, revived);
    } else if (isProxy || revived !== null) {
      // A page that was loaded anew gets the components that Python held; init may have made what it did not hold.
      component._apply_mutation(type, revived, mutation, index);
    }
  }

  /** @param {any} msg */
  _onSubscribe({id, types}) {
    const component = this._find({id});
    if (component === undefined) {
      if (types !== null) {
        this._session.send(message("DISPOSED", id)); // it ended after Python had let it go, which nobody told
      }
      return;
    }
    const isComponent = component instanceof JsComponent;
    if (!isComponent && !(component instanceof Model)) {
      throw makeError("NotDeclared", `${id} belongs to Python: there is nothing to subscribe to`);
    }
    const isNew = isComponent && types !== null && !component._has_proxy;
    component._has_proxy = types !== null;
    component._types = new Set(types || []);
    if (isNew) {
      component._report({}); // Python had let it go, and has made its half again with defaults
    }
  }

  /** It runs at once, since dispatching is an action phase: messages take effect in their order. @param {any} msg */
  _onInvoke({id, action, args, req}) {
    const component = this._find({id});
    if (component === undefined) {
      if (req > 0) {
        this._session.send(message("RESULT", req, null, describe(makeError("RuntimeError", `${id} was disposed`))));
      }
      return;
    }
    if (component instanceof Model) {
      component._perform_step(action, this._session.codec.revive(args));
      return;
    }
    if (!(component instanceof JsComponent) || !component._members.actions.has(action)) {
      throw makeError("NotDeclared", `${component.__name__} has no action ${shortText(action)} here`);
    }
    const done = (/** @type {unknown} */ error, /** @type {any} */ value) => this._answer(req, error, value);
    const {body} = component._members.actions.get(action);
    component._perform(body, this._session.codec.revive(args), req > 0 ? done : null);
  }

  /**
   * @param {number} req If it is no number of a question, the console is all that hears of the outcome.
   * @param {unknown} error
   * @param {any} value
   * @param {string} [how] "rejected" for a promise that was.
   */
  _answer(req, error, value, how = "") {
    if (req <= 0) {
      if (error !== null) {
        console.error("Code from Python failed:", error);
      } else if (req === ECHO && value !== undefined) {
        console.log(value);
      }
      return;
    }
    let failure = error;
    let prepared = null;
    if (failure === null) {
      try {
        prepared = this._session.codec.prepare(value, "the result");
      } catch (refusal) {
        failure = refusal;
      }
    }
    const described = failure === null ? null : describe(failure);
    if (described !== null && how) {
      described.how = how;
    }
    this._session.send(message("RESULT", req, prepared, described));
  }

  /** @param {any} msg */
  _onResult({req, value, error}) {
    const asked = this._session.asked.get(req);
    if (asked === undefined) {
      return;
    }
    this._session.asked.delete(req);
    if (error === null) {
      asked.resolve(this._session.codec.revive(value));
    } else {
      asked.reject(makeError(error.name || "Error", error.text || ""));
    }
  }

  /** @param {any} msg */
  _onDispose({id}) {
    const component = this._session.instances.get(id);
    if (component === undefined) {
      this._session.send(message("DISPOSED", id)); // ended meanwhile, or never came to be
    } else if (component instanceof PyComponent || component instanceof Model) {
      component._dispose();
      this._session.bury(id);
      this._session.send(message("DISPOSED", id));
    } else {
      this._session.asked_to_end.add(component);
      component.dispose();
      this._session.asked_to_end.delete(component);
    }
  }

  /** @param {any} msg */
  _onCall({req, code, args}) {
    if (code === "") {
      this._answer(req, null, null); // a round trip: all before it was handled
      return;
    }
    /** @type {any} */
    let result;
    try {
      if (req === SILENT) {
        this._session.page.execute(code, this._session.codec.revive(args));
        return;
      }
      result = this._session.page.evaluate(code, this._session.codec.revive(args));
    } catch (error) {
      this._answer(req, error || new Error(String(error)), null);
      return;
    }
    if (isThenable(result)) {
      result.then(
        (/** @type {any} */ value) => this._answer(req, null, value),
        (/** @type {unknown} */ error) => this._answer(req, error || new Error(String(error)), null, "rejected"),
      );
    } else {
      this._answer(req, null, result);
    }
  }

  /** @param {any} msg */
  _onScript({verb, data, req}) {
    this._script ??= this._session.page.slots.openScript(this._session);
    /** @type {any} */
    let result;
    try {
      result = this._script.take(verb, this._session.codec.revive(data));
    } catch (error) {
      if (req <= 0) {
        throw error;
      }
      this._answer(req, error, null);
      return;
    }
    if (isThenable(result)) {
      result.then(
        (/** @type {any} */ value) => this._answer(req, null, value),
        (/** @type {unknown} */ error) => this._answer(req, error || new Error(String(error)), null),
      );
    } else {
      this._answer(req, null, result);
    }
  }

  /** @param {any} msg */
  _onNotice({name, data}) {
    const revived = this._session.codec.revive(data);
    if (name === "console") {
      this._session.printer[revived.level](revived.text); // printed here only: Python knows what it said
    } else if (!this._session.window.notice(name, revived)) {
      this._session.page.notice(name, revived);
    }
  }

  _onReady() {
    this._session.is_ready = true;
    this._session.is_rebuilding = false;
    this._session.page.showReady();
  }

  /** @param {any} msg */
  _onFault({id, name, error, text, req}) {
    this._session.printer.warn(`Python refused ${id ? `${id}.` : ""}${name}: ${error}: ${text}`);
    const asked = this._session.asked.get(req);
    if (req > 0 && asked !== undefined) {
      this._session.asked.delete(req);
      asked.reject(makeError(error, text));
    }
  }
}

/**
 * An error as RESULT carries it.
 * @param {unknown} error
 * @returns {Record<string, string>}
 */
function describe(error) {
  if (error instanceof Error || (typeof error === "object" && error !== null && "message" in error)) {
    const {name, message: text, stack} = /** @type {Error} */ (error);
    return {name: String(name || "Error"), text: String(text), stack: String(stack || "")};
  }
  return {name: "Error", text: String(error), stack: ""};
}
