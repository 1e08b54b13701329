(function () {
"use strict";
const modules = {};
modules["./errors.js"] = (function () {
/**
 * Errors that carry the names of Python's, and the logger that reports those nobody catches.
 *
 * Transpiled code tells errors apart by `err instanceof Error && err.name === "ValueError"`; so does this client.
 */

/**
 * Make an error of one of Python's kinds.
 * @param {string} name Such as "TypeError".
 * @param {string} message One sentence.
 * @param {unknown} [cause] The error that led to this one.
 * @returns {Error}
 */
function makeError(name, message, cause) {
  const error = new Error(message);
  error.name = name;
  if (cause !== undefined) {
    error.cause = cause;
  }
  return error;
}

/**
 * What an error says, after its name. The messages of transpiled `raise` begin with the name already.
 * @param {Error} error
 * @returns {string}
 */
function errorText({name, message}) {
  return message.startsWith(`${name}: `) ? message : `${name}: ${message}`;
}

/**
 * A short text that shows a value in a message; never longer than about 80 characters.
 * @param {any} value
 * @returns {string}
 */
function shortText(value) {
  let text;
  if (value === undefined || value === null) {
    text = "None";
  } else if (typeof value === "string") {
    text = JSON.stringify(value);
  } else if (value._IS_COMPONENT === true) {
    text = `<component ${value._id}>`;
  } else if (typeof value === "function") {
    text = `<function ${value.name}>`;
  } else if (value instanceof Error) {
    text = errorText(value);
  } else if (Array.isArray(value)) {
    text = `array of ${value.length}`;
    if (value.length <= 8) {
      const items = value.map((item) => (item !== null && typeof item === "object" ? "…" : shortText(item)));
      text = `[${items.join(", ")}]`;
    }
  } else if (typeof value === "object") {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    text = tag === "Object" ? `{${Object.keys(value).slice(0, 8).join(", ")}}` : `<${tag}>`;
  } else {
    text = String(value);
  }
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * Whether a function gave back a promise.
 * @param {any} value
 */
function isThenable(value) {
  return value !== null && typeof value === "object" && typeof value.then === "function";
}

/** The peer, or a value, broke the rules of the wire; a connection ends with `closeCode`. */
class ProtocolError extends Error {
  /**
   * @param {string} what
   * @param {number} closeCode
   */
  constructor(what, closeCode = 4400) {
    super(what);
    this.name = "ProtocolError";
    this.closeCode = closeCode;
  }
}

/** A value that cannot travel, or a frame that cannot be read. */
class CodecError extends ProtocolError {
  /**
   * @param {string} what
   * @param {string} where  Component, property and path inside the value.
   */
  constructor(what, where = "") {
    super(where ? `${where}: ${what}` : what);
    this.name = "CodecError";
    this.where = where;
  }
}

/** A message, or a queue of them, passed its bound. */
class MessageTooLarge extends ProtocolError {
  /**
   * @param {number} size
   * @param {number} limit
   */
  constructor(size, limit) {
    super(`${size} bytes, the limit is ${limit} bytes`, 4413);
    this.name = "MessageTooLarge";
  }
}

/** What the event system and the session report. Everything goes through the console, which the session forwards. */
const logger = {
  /** @param {...any} parts */
  debug(...parts) {
    console.debug(...parts);
  },
  /** @param {...any} parts */
  info(...parts) {
    console.info(...parts);
  },
  /** @param {...any} parts */
  warning(...parts) {
    console.warn(...parts);
  },
  /** @param {...any} parts */
  error(...parts) {
    console.error(...parts);
  },
  /**
   * Report an error that was caught at a border: a queued call, an action, a reaction, a message.
   * @param {unknown} error
   * @param {string} [where] What was being done.
   */
  exception(error, where) {
    if (where) {
      console.error(where, error);
    } else {
      console.error(error);
    }
  },
};
return {makeError, errorText, shortText, isThenable, ProtocolError, CodecError, MessageTooLarge, logger};
})();
modules["./calling.js"] = (function () {
/** How transpiled code passes keyword arguments: as one object `{flx_args, flx_kwargs}`. */

const {makeError, shortText} = modules["./errors.js"];

/** Key of what the session hands to a constructor besides arguments: the identity of the new instance. */
const MAKING = Symbol("making");

/**
 * Whether an argument is how transpiled code passes keyword arguments.
 * @param {any[]} args
 */
function hasKeywords(args) {
  const only = args.length === 1 ? args[0] : null;
  return only !== null && typeof only === "object" && Array.isArray(only.flx_args) && "flx_kwargs" in only;
}

/**
 * Positional arguments of a call that may have keywords.
 * @param {any[]} args
 * @param {string[]} names Of the parameters.
 * @returns {any[]}
 */
function positional(args, names) {
  if (!hasKeywords(args)) {
    return args;
  }
  const values = args[0].flx_args.slice();
  for (const [name, value] of Object.entries(args[0].flx_kwargs)) {
    const index = names.indexOf(name);
    if (index < 0) {
      throw makeError("TypeError", `unexpected keyword argument ${shortText(name)}`);
    }
    values[index] = value;
  }
  return values;
}
return {MAKING, hasKeywords, positional};
})();
modules["./loop.js"] = (function () {
/**
 * The event loop of the page: queued calls, actions and reactions, and what may be mutated when.
 *
 * One iteration drains the three queues in that order. Each queue is swapped for an empty one as its phase starts, so
 * what is queued in a phase for the same or an earlier phase waits for the next iteration. Names and meaning are those
 * of the Python mirror, `deskapp/event/_loop.py`; the vectors in `tests/vectors/events/` are run by both.
 */

const {logger, makeError} = modules["./errors.js"];

/**
 * @typedef {object} ReactionItem A call of a reaction that waits in the queue.
 * @property {any} reaction
 * @property {any} source Source of all its events, or null once they differ.
 * @property {string|null} type Type of all its events, or null once they differ.
 * @property {any[]} events
 */

/** How often a batch iterates before others get their turn. */
const MAX_ITERATIONS = 10;

/**
 * Make a function that lets `callback` run soon, outside the present call.
 *
 * A message port is used in pages: unlike a timer it is neither clamped to 4 ms nor slowed down in hidden pages, and
 * unlike a microtask it lets the page paint when reactions keep each other busy.
 * @param {() => void} callback
 * @returns {() => void}
 */
function makeWaker(callback) {
  if (typeof setImmediate === "function") {
    return () => setImmediate(callback); // node: a port would keep the process alive
  }
  if (typeof MessageChannel === "function") {
    const channel = new MessageChannel();
    channel.port1.onmessage = callback;
    return () => channel.port2.postMessage(null);
  }
  return () => queueMicrotask(callback);
}

class Loop {
  constructor() {
    /** @type {((() => void) | null)} Made at the first wake-up, so that making a loop does nothing. */
    this._waker = null;
    this._scheduled = false;
    this.is_processing = false;
    this.reset();
  }

  /** Forget all that is queued and active. For tests. */
  reset() {
    /** @type {Array<{func: Function, args: any[]}>} */
    this._calls = [];
    /** @type {Array<{component: any, action: any, args: any[], done: Function|null}>} */
    this._actions = [];
    /** @type {ReactionItem[]} */
    this._reactions = [];
    /** @type {Map<any, ReactionItem>} Queued items of reactions that are called once an iteration. */
    this._once = new Map();
    /** @type {Array<() => void>} */
    this._at_end = [];
    /** @type {any[]} */
    this._active = [];
    /** @type {any} Not null while an action runs that was queued, or an action phase. */
    this._acting = null;
    /** @type {Map<any, Set<string>>|null} Properties read by the auto reaction that runs. */
    this._accessed = null;
  }

  /**
   * Replace the way in which the loop gets itself called; for tests and for other hosts.
   * @param {(run: () => void) => (() => void)} make Gets the function to call, returns the function that asks for it.
   */
  integrate(make) {
    this._waker = make(() => this._run_scheduled());
    this._scheduled = false;
    if (this.has_pending()) {
      this._schedule();
    }
  }

  /** Whether an iteration would do anything. */
  has_pending() {
    return (
      this._calls.length > 0 || this._actions.length > 0 || this._reactions.length > 0 || this._at_end.length > 0
    );
  }

  /**
   * Call a function in the next iteration.
   * @param {Function} func
   * @param {...any} args
   */
  call_soon(func, ...args) {
    this._calls.push({func, args});
    this._schedule();
  }

  /**
   * As `call_soon`: its name in the older API.
   * @param {Function} func
   * @param {...any} args
   */
  call_later(func, ...args) {
    this.call_soon(func, ...args);
  }

  /**
   * Call a function once, at the end of this or the next iteration.
   * @param {() => void} func
   */
  call_at_end(func) {
    this._at_end.push(func);
    this._schedule();
  }

  /**
   * Queue a call of an action.
   * @param {any} component
   * @param {Function} action The body, called with `this` being the component.
   * @param {any[]} args
   * @param {((error: unknown, value?: unknown) => void)|null} done Called when the action has ended.
   */
  add_action_invokation(component, action, args, done = null) {
    this._actions.push({component, action, args, done});
    this._schedule();
  }

  /**
   * Queue a call of a reaction with an event, merged into one that waits where that reorders nothing.
   *
   * Events of a normal reaction are merged only past calls that wait for the very same kind of event. Greedy and auto
   * reactions have at most one call waiting.
   * @param {any} reaction
   * @param {any} event null for the first call of an auto reaction, which has none.
   */
  add_reaction_event(reaction, event) {
    const queue = this._reactions;
    const source = event === null ? null : event.source;
    const type = event === null ? null : event.type;
    if (reaction._mode === "normal") {
      for (let i = queue.length - 1; i >= 0; i--) {
        const item = queue[i];
        if (item.reaction === reaction) {
          item.events.push(event);
          if (item.source !== source || item.type !== type) {
            item.source = null;
            item.type = null;
          }
          return;
        }
        if (item.source !== source || item.type !== type) {
          break;
        }
      }
      queue.push({reaction, source, type, events: [event]});
    } else {
      let item = this._once.get(reaction);
      if (item === undefined) {
        item = {reaction, source, type, events: []};
        queue.push(item);
        this._once.set(reaction, item);
      } else if (item.source !== source || item.type !== type) {
        item.source = null;
        item.type = null;
      }
      if (event !== null && reaction._connections.length > 0) {
        item.events.push(event);
      }
    }
    if (!this._scheduled) {
      this._schedule();
    }
  }

  /**
   * Queue a call of a reaction with the events that came while an async call of it ran.
   * @param {any} reaction
   * @param {any[]} events
   */
  add_reaction_call(reaction, events) {
    this._reactions.push({reaction, source: null, type: null, events});
    this._schedule();
  }

  /**
   * Take the events that wait for a reaction out of the queue.
   * @param {any} reaction
   * @returns {any[]}
   */
  take_events(reaction) {
    const taken = this._reactions.filter((item) => item.reaction === reaction).flatMap((item) => item.events);
    this._reactions = this._reactions.filter((item) => item.reaction !== reaction);
    this._once.delete(reaction);
    return taken;
  }

  /**
   * Whether properties may be mutated now.
   * @param {any} [component]
   */
  can_mutate(component = null) {
    const active = this._active;
    if (active.length > 0) {
      return active.includes(component);
    }
    return this._acting !== null || (component !== null && component._tasks !== null && component._tasks.size > 0);
  }

  /** The innermost component whose context is entered, or null. */
  get_active_component() {
    return this._active.length > 0 ? this._active[this._active.length - 1] : null;
  }

  /** All components whose contexts are entered, outermost first. */
  get_active_components() {
    return this._active.slice();
  }

  /** @param {any} component */
  _activate_component(component) {
    this._active.push(component);
  }

  /** @param {any} component */
  _deactivate_component(component) {
    const top = this._active.pop();
    if (top !== component) {
      if (top !== undefined) {
        this._active.push(top);
      }
      throw makeError("RuntimeError", `The context of ${component._id} is left, but it is not the innermost one`);
    }
  }

  /** Drain calls, actions and reactions, then run what asked for the end of the iteration. */
  iter() {
    if (this.is_processing) {
      throw makeError("RuntimeError", "The event loop cannot be iterated while it is processing events");
    }
    this._iterate_up_to(1);
  }

  /**
   * Call a function, then iterate until nothing is left to do. Nothing that it queues has to wake the loop.
   * @param {() => void} func
   */
  batch(func) {
    if (this.is_processing) {
      func();
      return;
    }
    const was_scheduled = this._scheduled;
    this._scheduled = true;
    try {
      func();
    } finally {
      this._scheduled = was_scheduled;
      this._iterate_up_to(MAX_ITERATIONS);
    }
  }

  /**
   * Iterate, and again while that leaves something to do; what is left after `count` times wakes the loop.
   * @param {number} count
   */
  _iterate_up_to(count) {
    this.is_processing = true;
    // Contexts are of the code that entered them: what the loop runs starts without any.
    const active = this._active;
    const acting = this._acting;
    this._active = [];
    this._acting = null;
    try {
      if (active.length > 0) {
        const text = `The event loop processes events while ${active[active.length - 1]._id} is active`;
        logger.exception(makeError("RuntimeError", text));
      }
      for (let i = 0; i === 0 || (i < count && this.has_pending()); i++) {
        this._process_calls();
        this._process_actions();
        this._process_reactions();
        this._process_at_end();
      }
    } finally {
      this._active = active;
      this._acting = acting;
      this.is_processing = false;
      if (this.has_pending()) {
        this._schedule();
      }
    }
  }

  /**
   * Call a function that may mutate any component, as an action may; for what the other side asks for.
   * @param {() => void} func
   */
  action_phase(func) {
    const active = this._active;
    const acting = this._acting;
    this._active = [];
    this._acting = this;
    try {
      func();
    } finally {
      this._active = active;
      this._acting = acting;
    }
  }

  __enter__() {
    return this;
  }

  __exit__() {
    this.iter();
  }

  _process_calls() {
    const calls = this._calls;
    if (calls.length === 0) {
      return;
    }
    this._calls = [];
    for (const {func, args} of calls) {
      try {
        func(...args);
      } catch (error) {
        logger.exception(error);
      }
    }
  }

  _process_actions() {
    const actions = this._actions;
    if (actions.length === 0) {
      return;
    }
    this._actions = [];
    for (const item of actions) {
      this._acting = item.component;
      try {
        item.component._perform(item.action, item.args, item.done);
      } catch (error) {
        logger.exception(error, `Error in an action of ${item.component._id}:`);
        if (item.done !== null) {
          item.done(error);
        }
      } finally {
        this._acting = null;
      }
    }
  }

  _process_reactions() {
    const items = this._reactions;
    if (items.length === 0) {
      return;
    }
    this._reactions = [];
    this._once.clear();
    for (const {reaction, events} of items) {
      const is_auto = reaction._mode === "auto";
      if (is_auto) {
        this._accessed = new Map();
      }
      try {
        reaction._run(events);
      } catch (error) {
        logger.exception(error, `Error in ${reaction}:`);
      }
      if (is_auto) {
        const accessed = this._accessed;
        this._accessed = null;
        reaction._follow(accessed);
      }
    }
  }

  _process_at_end() {
    const funcs = this._at_end;
    if (funcs.length === 0) {
      return;
    }
    this._at_end = [];
    for (const func of funcs) {
      try {
        func();
      } catch (error) {
        logger.exception(error);
      }
    }
  }

  /**
   * Remember that the auto reaction that runs has read a property.
   * @param {any} component
   * @param {string} name
   */
  register_prop_access(component, name) {
    if (this._accessed === null) {
      return;
    }
    const names = this._accessed.get(component);
    if (names === undefined) {
      this._accessed.set(component, new Set([name]));
    } else {
      names.add(name);
    }
  }

  _schedule() {
    // What is queued while the loop runs is seen at the end of the iteration.
    if (!this._scheduled && !this.is_processing) {
      this._scheduled = true;
      if (this._waker === null) {
        this._waker = makeWaker(() => this._run_scheduled());
      }
      this._waker();
    }
  }

  _run_scheduled() {
    this._scheduled = false;
    if (!this.is_processing && this.has_pending()) {
      this.iter();
    }
  }
}

/** The loop of the page. */
const loop = new Loop();
return {Loop, loop};
})();
modules["./values.js"] = (function () {
/**
 * Values as Python sees them: which are dicts, arrays and components, what is true, what is equal, numbers from text.
 */

const {makeError, shortText} = modules["./errors.js"];

/**
 * @param {string} expected
 * @param {any} value
 */
function typeError(expected, value) {
  return makeError("TypeError", `expected ${expected}, got ${shortText(value)}`);
}

/**
 * @param {string} expected
 * @param {any} value
 */
function valueError(expected, value) {
  return makeError("ValueError", `expected ${expected}, got ${shortText(value)}`);
}

/**
 * Whether a value is what Python calls a dict: an object made by `{}`, of whatever realm.
 * @param {any} value
 */
function isDict(value) {
  if (value === null || typeof value !== "object") {
    return false;
  }
  const proto = Object.getPrototypeOf(value);
  return proto === null || proto === Object.prototype || Object.getPrototypeOf(proto) === null;
}

/** @param {any} value */
function isComponent(value) {
  return value !== null && value !== undefined && value._IS_COMPONENT === true;
}

/** @param {any} value */
function isTyped(value) {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Truth as Python sees it: empty lists, dicts, texts and buffers are false.
 * @param {any} value
 * @returns {boolean}
 */
function truth(value) {
  if (Array.isArray(value) || isTyped(value)) {
    return value.length > 0;
  }
  if (isDict(value)) {
    return Object.keys(value).length > 0;
  }
  return typeof value === "number" ? value !== 0 : Boolean(value);
}

/**
 * Equality as Python has it for the values of properties: by content for lists, dicts and arrays, else by identity.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
function isSame(a, b) {
  if (a === b) {
    return true;
  }
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") {
    return false;
  }
  if (a._session_id !== undefined && b._session_id !== undefined) {
    return a._session_id === b._session_id && a._id === b._id; // two stubs of one component
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  if (isTyped(a)) {
    if (!isTyped(b) || a.constructor !== b.constructor || a.length !== b.length || !isSame(a.shape, b.shape)) {
      return false;
    }
    for (let i = 0; i < a.length; i++) {
      if (a[i] !== b[i]) {
        return false;
      }
    }
    return true;
  }
  if (a instanceof Date) {
    return b instanceof Date && a.getTime() === b.getTime();
  }
  if (isDict(a) && isDict(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.prototype.hasOwnProperty.call(b, key) && isSame(a[key], b[key]))
    );
  }
  return false;
}

/** Python's `int(text)`. @param {string} text */
function parseInteger(text) {
  if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(text)) {
    throw valueError("the text of an integer", text);
  }
  return Number(text.replace(/_/g, "")) + 0;
}

/** Python's `float(text)`. @param {string} text */
function parseFloating(text) {
  const plain = text.trim().toLowerCase().replace(/(\d)_(?=\d)/g, "$1");
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain)) {
    return Number(plain);
  }
  const special = /^([+-]?)(nan|inf|infinity)$/.exec(plain);
  if (special === null) {
    throw valueError("the text of a number", text);
  }
  return special[2] === "nan" ? NaN : special[1] === "-" ? -Infinity : Infinity;
}
return {typeError, valueError, isDict, isComponent, isTyped, truth, isSame, parseInteger, parseFloating};
})();
modules["./mutation.js"] = (function () {
/**
 * Mutations of lists, dicts and arrays in place; also for replaying events. The mirror of
 * `deskapp/event/_mutation.py`.
 */

const {makeError, shortText} = modules["./errors.js"];
const {isDict, isTyped} = modules["./values.js"];

/**
 * Replay on a list or an array, in place, what an event says was done to another one.
 * @param {any} array
 * @param {{mutation: string, objects?: any, new_value?: any, index?: any}} event
 */
function mutate_array(array, event) {
  if (event.mutation === "set") {
    const whole = event.new_value === undefined ? event.objects : event.new_value;
    if (isTyped(array)) {
      array.set(whole);
    } else {
      splice(array, 0, array.length, whole);
    }
    return;
  }
  applyToArray(array, event.objects, event.mutation, event.index);
}

/**
 * Replay on a dict, in place, what an event says was done to another one.
 * @param {any} dict
 * @param {{mutation: string, objects?: any, new_value?: any, index?: any}} event
 */
function mutate_dict(dict, event) {
  if (event.mutation === "set") {
    const whole = Object.assign({}, event.new_value === undefined ? event.objects : event.new_value);
    for (const key of Object.keys(dict)) {
      delete dict[key];
    }
    Object.assign(dict, whole);
    return;
  }
  applyToDict(dict, event.objects, event.mutation, event.index === undefined ? -1 : event.index);
}

/** @param {string} mutation */
function checkMutation(mutation) {
  if (mutation !== "insert" && mutation !== "replace" && mutation !== "remove") {
    throw makeError("NotImplementedError", `there is no mutation ${shortText(mutation)}`);
  }
}

/**
 * Replace `count` items of a list, in place. Spread arguments would overflow the stack for long lists.
 * @param {any[]} array
 * @param {number} index
 * @param {number} count
 * @param {any[]} items
 */
function splice(array, index, count, items) {
  if (items.length < 10000) {
    array.splice(index, count, ...items);
    return;
  }
  const rest = array.splice(index);
  for (const item of items) {
    array.push(item);
  }
  for (let i = count; i < rest.length; i++) {
    array.push(rest[i]);
  }
}

/**
 * Insert, replace or remove in a list or array; everything is checked before anything is changed.
 * @param {any} array
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToArray(array, objects, mutation, index) {
  checkMutation(mutation);
  if (isTyped(array)) {
    applyToTyped(array, objects, mutation, index);
    return;
  }
  if (typeof index !== "number") {
    throw makeError("TypeError", `the index of a mutated list is a number, not ${shortText(index)}`);
  }
  if (index < 0) {
    throw makeError("IndexError", `${mutation} on a list needs an index of 0 or more, not ${index}`);
  }
  if (mutation === "remove") {
    if (typeof objects !== "number") {
      throw makeError("TypeError", `remove on a list takes the number of items, not ${shortText(objects)}`);
    }
    if (objects < 0) {
      throw makeError("ValueError", `remove on a list takes 0 or more items, not ${objects}`);
    }
    array.splice(index, objects);
    return;
  }
  if (!Array.isArray(objects)) {
    throw makeError("TypeError", `${mutation} on a list takes a list of items, not ${shortText(objects)}`);
  }
  splice(array, index, mutation === "replace" ? objects.length : 0, objects); // past the end: appends
}

/**
 * Replace a stretch of an array, or a block of one that has several dimensions.
 * @param {any} array
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToTyped(array, objects, mutation, index) {
  if (mutation !== "replace") {
    throw makeError("NotImplementedError", `arrays cannot change their size: ${mutation} is for lists`);
  }
  const shape = array.shape || [array.length];
  if (!Array.isArray(index)) {
    if (typeof index !== "number" || index < 0 || shape.length !== 1) {
      const text = `an array of ${shape.length} dimensions cannot be replaced at index ${shortText(index)}`;
      throw makeError("IndexError", text);
    }
    array.set(objects, index);
    return;
  }
  const block = shapeOf(objects);
  if (index.length !== shape.length || block.length !== shape.length) {
    throw makeError("IndexError", `an index of ${index.length} numbers does not fit ${shape.length} dimensions`);
  }
  const flat = Array.isArray(objects) ? objects.flat(shape.length) : objects;
  const width = block[block.length - 1];
  const rows = width === 0 ? 0 : flat.length / width;
  const at = new Array(shape.length).fill(0); // position in the block; the last axis stays 0
  for (let row = 0; row < rows; row++) {
    let rest = row;
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      at[axis] = rest % block[axis];
      rest = Math.floor(rest / block[axis]);
    }
    let offset = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      offset = offset * shape[axis] + index[axis] + at[axis];
    }
    array.set(Array.prototype.slice.call(flat, row * width, (row + 1) * width), offset);
  }
}

/** Shape of an array, or of lists in lists. @param {any} objects @returns {number[]} */
function shapeOf(objects) {
  if (isTyped(objects)) {
    return objects.shape || [objects.length];
  }
  const sizes = [];
  for (let level = objects; Array.isArray(level); level = level[0]) {
    sizes.push(level.length);
  }
  return sizes;
}

/**
 * Insert, replace or remove in a dict; everything is checked before anything is changed.
 * @param {any} dict
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToDict(dict, objects, mutation, index) {
  checkMutation(mutation);
  if (index !== -1) {
    throw makeError("IndexError", `a dict has no index: leave it out instead of giving ${shortText(index)}`);
  }
  if (mutation !== "remove") {
    if (!isDict(objects)) {
      throw makeError("TypeError", `${mutation} on a dict takes a dict, not ${shortText(objects)}`);
    }
    Object.assign(dict, objects);
    return;
  }
  if (!Array.isArray(objects)) {
    throw makeError("TypeError", `remove on a dict takes a list of keys, not ${shortText(objects)}`);
  }
  const missing = objects.filter((key) => !Object.prototype.hasOwnProperty.call(dict, key));
  if (missing.length > 0) {
    throw makeError("KeyError", `keys to remove that are not there: ${missing.join(", ")}`);
  }
  for (const key of objects) {
    delete dict[key];
  }
}

/**
 * Apply a mutation other than `set` to the value of a property, in place and unvalidated.
 * @param {any} value
 * @param {string} mutation
 * @param {any} objects
 * @param {any} index
 */
function mutateInPlace(value, mutation, objects, index) {
  checkMutation(mutation);
  if (isTyped(value) || (Array.isArray(value) && !Object.isFrozen(value))) {
    applyToArray(value, objects, mutation, index);
  } else if (isDict(value)) {
    applyToDict(value, objects, mutation, index);
  } else {
    throw makeError("TypeError", "only lists, dicts and arrays can be mutated in part");
  }
}
return {mutate_array, mutate_dict, mutateInPlace};
})();
modules["./reaction.js"] = (function () {
/**
 * Reactions: functions that are called with the events of what they are connected to.
 *
 * A connection string is `["!"] part ("." part)* [":" label]`, where a part is an identifier that may end in `*` (each
 * item of the list) or `**` (each item, and the items of the attribute of that name of each item, and so on). Where the
 * path passes a property, a hidden connection makes the reaction connect anew when that property changes.
 */

const {isThenable, logger, makeError, shortText} = modules["./errors.js"];
const {loop} = modules["./loop.js"];

/** Function calls take their arguments from the stack; more events than this are delivered in several calls. */
const MAX_EVENTS_A_CALL = 30000;

/**
 * @typedef {[component: any, type: string]} Pair What can be listened to.
 *
 * @typedef {object} Connection
 * @property {string} text The connection string without label.
 * @property {Array<{name: string, stars: number}>} parts
 * @property {string} label
 * @property {boolean} force No warning about an unknown event type.
 * @property {Links} targets What it leads to.
 * @property {Links} waypoints The properties on the way: when one changes, it may lead elsewhere.
 */

/**
 * Read a connection string.
 * @param {any} text
 * @param {string} defaultLabel
 * @returns {Connection}
 */
function parseConnection(text, defaultLabel) {
  if (typeof text !== "string" || text.length === 0) {
    throw makeError("ValueError", `A connection string is a non-empty text, got ${shortText(text)}`);
  }
  const colon = text.indexOf(":");
  const label = colon < 0 ? "" : text.slice(colon + 1);
  let path = colon < 0 ? text : text.slice(0, colon);
  let force = false;
  if (path.startsWith("!")) {
    force = true;
    path = path.slice(1);
  } else if (path.includes("!")) {
    logger.warning(`Connection string ${shortText(text)}: the ! belongs at the start`);
    force = true;
    path = path.replace(/!/g, "");
  }
  if (path.includes(".*")) {
    logger.warning(`Connection string ${shortText(text)}: write "foo*.bar" for "foo.*.bar"`);
    path = path.replace(/\.(\*+)/g, "$1");
  }
  const parts = path.split(".").map((part) => {
    const found = /^([A-Za-z_][A-Za-z0-9_]*)(\*{0,2})$/.exec(part);
    if (found === null) {
      throw makeError("ValueError", `Connection string ${shortText(text)} has the invalid part ${shortText(part)}`);
    }
    return {name: found[1], stars: found[2].length};
  });
  const links = {targets: new Links(), waypoints: new Links()};
  return {text: path, parts, label: label || defaultLabel, force, ...links};
}

/** A set of pairs. */
class Links {
  constructor() {
    /** @type {Map<any, Set<string>>} */
    this._held = new Map();
  }

  /** @returns {Pair[]} */
  pairs() {
    /** @type {Pair[]} */
    const pairs = [];
    for (const [component, types] of this._held) {
      for (const type of types) {
        pairs.push([component, type]);
      }
    }
    return pairs;
  }

  /**
   * @param {any} component
   * @param {string} type
   */
  has(component, type) {
    const types = this._held.get(component);
    return types !== undefined && types.has(type);
  }

  /**
   * @param {any} component
   * @param {string} type
   */
  add(component, type) {
    const types = this._held.get(component);
    if (types === undefined) {
      this._held.set(component, new Set([type]));
    } else {
      types.add(type);
    }
  }

  get size() {
    return this._held.size;
  }

  /**
   * Hold what other links hold.
   * @param {Links} wanted
   * @returns {{dropped: Pair[], added: Pair[]}}
   */
  update(wanted) {
    const dropped = this.pairs().filter(([component, type]) => !wanted.has(component, type));
    const added = wanted.pairs().filter(([component, type]) => !this.has(component, type));
    this._held = wanted._held;
    return {dropped, added};
  }

  /** @param {any} component */
  forget(component) {
    this._held.delete(component);
  }
}

/** The mode of a reaction, in lower case. @param {any} mode */
function checkedMode(mode) {
  const text = mode === null || mode === undefined ? "normal" : String(mode).toLowerCase();
  if (text !== "normal" && text !== "greedy" && text !== "auto") {
    throw makeError("TypeError", `The mode of a reaction is normal, greedy or auto, got ${shortText(mode)}`);
  }
  return text;
}

let count = 0;

/**
 * A reaction. It is a function: calling it calls the user's function at once, with the arguments given.
 * (`extends Function` is for the prototype alone: the constructor returns a closure, no code is made from text.)
 */
class Reaction extends Function {
  /**
   * @param {any} component The root of the connection strings.
   * @param {Function} func
   * @param {string} mode "normal", "greedy" or "auto".
   * @param {string[]} strings
   * @param {string} name
   */
  // @ts-ignore: a derived constructor need not call super() if it returns an object
  constructor(component, func, mode, strings, name) {
    /** @type {any} */
    const self = (/** @type {any[]} */ ...events) => func.apply(component, events);
    Object.setPrototypeOf(self, new.target.prototype);
    count += 1;
    self._number = count;
    self._component = component;
    self._func = func;
    self._mode = mode;
    self._name = name;
    /** Properties that an auto reaction has read. */
    self._tracked = new Links();
    self._disposed = false;
    self._running = false;
    /** @type {any[]|null} Events that came while an async call ran. */
    self._held = null;
    self._connections = strings.map((text) => parseConnection(text, name));
    for (let i = 0; i < self._connections.length; i++) {
      self.reconnect(i);
    }
    return self;
  }

  toString() {
    return `reaction ${this._name} of ${this._component._id}`;
  }

  get_mode() {
    return this._mode;
  }

  get_name() {
    return this._name;
  }

  /** What it is connected to: `[[connection string, ["type:label", …]], …]`. */
  get_connection_info() {
    return this._connections.map((/** @type {Connection} */ connection) => [
      connection.text,
      connection.targets.pairs().map(([, type]) => `${type}:${connection.label}`),
    ]);
  }

  /** Let go of everything. Events that already wait are still delivered. */
  dispose() {
    this._disposed = true;
    this._connections.forEach((/** @type {Connection} */ connection, /** @type {number} */ index) => {
      const {targets, waypoints, label, force} = connection;
      this._apply(label, targets.update(new Links()), force);
      for (const [component, type] of waypoints.update(new Links()).dropped) {
        component._remove_waypoint(type, this, index);
      }
    });
    this._apply(this._name, this._tracked.update(new Links()), true);
    this._component._forget_reaction(this);
  }

  /**
   * Resolve a connection string again and connect to what it now leads to; what stays is left alone.
   * @param {number} index
   */
  reconnect(index) {
    if (this._disposed) {
      return;
    }
    /** @type {Connection} */
    const connection = this._connections[index];
    let found;
    try {
      found = this._resolve(connection);
    } catch (error) {
      this._apply(connection.label, connection.targets.update(new Links()), true);
      throw error;
    }
    const {targets, waypoints} = found;
    if (targets.size === 0 && waypoints.size === 0) {
      throw makeError("RuntimeError", `Could not connect ${this} to ${shortText(connection.text)}: nothing is there`);
    }
    this._apply(connection.label, connection.targets.update(targets), connection.force);
    const {dropped, added} = connection.waypoints.update(waypoints);
    for (const [component, type] of dropped) {
      component._remove_waypoint(type, this, index);
    }
    for (const [component, type] of added) {
      component._add_waypoint(type, this, index);
    }
  }

  /**
   * Connect to what was added to a set of links, disconnect from what was dropped. Two connection strings may lead to
   * the same thing; it is connected once per label.
   * @param {string} label
   * @param {{dropped: Pair[], added: Pair[]}} change
   * @param {boolean} force
   */
  _apply(label, {dropped, added}, force) {
    for (const [component, type] of dropped) {
      if (!this._isLinked(component, type, label)) {
        component._remove_reaction(type, this, label);
      }
    }
    for (const [component, type] of added) {
      component._add_reaction(type, this, label, force);
    }
  }

  /**
   * @param {any} component
   * @param {string} type
   * @param {string} label
   */
  _isLinked(component, type, label) {
    return (
      (label === this._name && this._tracked.has(component, type)) ||
      this._connections.some(
        (/** @type {Connection} */ connection) =>
          connection.label === label && connection.targets.has(component, type),
      )
    );
  }

  /**
   * Find what a connection string stands for now.
   * @param {Connection} connection
   */
  _resolve(connection) {
    const {parts, text} = connection;
    const targets = new Links();
    const waypoints = new Links();
    const descended = parts.map(() => new Set());
    const accessed = loop._accessed;
    loop._accessed = null; // an auto reaction may be what makes this one

    const lookUp = (/** @type {any} */ object, /** @type {string} */ name) => {
      if (object._IS_COMPONENT === true && object._members !== undefined && object._members.properties.has(name)) {
        waypoints.add(object, name);
      }
      return object[name];
    };
    const walk = (/** @type {any} */ object, /** @type {number} */ at) => {
      if (object === null || object === undefined) {
        return;
      }
      const {name, stars} = parts[at];
      const isLast = at === parts.length - 1;
      if (isLast && object._IS_COMPONENT === true && object._handlers !== undefined) {
        targets.add(object, name);
      }
      if (stars === 2) {
        descend(object, at);
      } else if (!isLast) {
        const value = lookUp(object, name);
        if (stars === 1 && value !== null && value !== undefined) {
          if (!Array.isArray(value)) {
            const found = shortText(value);
            throw makeError("RuntimeError", `Invalid connection ${shortText(text)}: ${name} is no list but ${found}`);
          }
          value.forEach((item) => walk(item, at + 1));
        } else {
          walk(value, at + 1);
        }
      }
    };
    // Walk on from each item of the list, and from the items of the same name in these.
    const descend = (/** @type {any} */ object, /** @type {number} */ at) => {
      if (descended[at].has(object)) {
        return; // a component that contains itself
      }
      descended[at].add(object);
      const {name} = parts[at];
      const isLast = at === parts.length - 1;
      const value = lookUp(object, name);
      if (!Array.isArray(value)) {
        if (!isLast) {
          walk(value, at + 1);
        }
        return;
      }
      for (const item of value) {
        if (!isLast) {
          walk(item, at + 1);
        }
        if (item !== null && typeof item === "object" && name in item) {
          if (isLast) {
            walk(item, at);
          } else {
            descend(item, at);
          }
        }
      }
    };

    try {
      walk(this._component, 0);
    } finally {
      loop._accessed = accessed;
    }
    return {targets, waypoints};
  }

  /**
   * Connect an auto reaction to the properties that it has read, and to no others.
   * @param {Map<any, Set<string>>|null} accessed
   */
  _follow(accessed) {
    if (this._disposed) {
      return;
    }
    const read = new Links();
    read._held = accessed || new Map();
    this._apply(this._name, this._tracked.update(read), true);
  }

  /** Forget a component that is disposed. @param {any} component */
  _forget(component) {
    this._tracked.forget(component);
    for (const {targets, waypoints} of this._connections) {
      targets.forget(component);
      waypoints.forget(component);
    }
  }

  /** Let nothing wait for the end of an async call. */
  cancel() {
    this._held = null;
  }

  /** Call the function for the loop. Calls of an async one never overlap. @param {any[]} events */
  _run(events) {
    if (this._running) {
      this._held = (this._held || []).concat(events);
      return;
    }
    if (events.length > MAX_EVENTS_A_CALL) {
      for (let i = 0; i < events.length; i += MAX_EVENTS_A_CALL) {
        this._run(events.slice(i, i + MAX_EVENTS_A_CALL));
      }
      return;
    }
    const result = this._func.apply(this._component, events);
    if (isThenable(result)) {
      this._running = true;
      result.then(
        () => this._ended(),
        (/** @type {unknown} */ error) => {
          logger.exception(error, `Error in ${this}:`);
          this._ended();
        },
      );
    }
  }

  _ended() {
    this._running = false;
    const events = this._held;
    this._held = null;
    if (events !== null) {
      loop.add_reaction_call(this, events);
    }
  }
}
return {parseConnection, checkedMode, Reaction};
})();
modules["./component.js"] = (function () {
/**
 * The base of all components: properties, which actions mutate; mutations and emitters make events, which reactions
 * get. Its classes are made by `defineClass`.
 */

const {hasKeywords, MAKING, positional} = modules["./calling.js"];
const {isThenable, logger, makeError, shortText} = modules["./errors.js"];
const {loop} = modules["./loop.js"];
const {mutateInPlace} = modules["./mutation.js"];
const {isDict, isSame} = modules["./values.js"];
const {checkedMode, Reaction} = modules["./reaction.js"];

/**
 * @typedef {object} Members What a class and its bases declare; each map is sorted by name.
 * @property {Map<string, import("./property.js").Property>} properties
 * @property {Map<string, {isAutogenerated: boolean, body: Function|null}>} actions
 * @property {Set<string>} emitters
 * @property {Map<string, {func: Function, mode: string, connections: string[]}>} reactions
 * @property {Set<string>} attributes
 *
 * @typedef {object} Entry A reaction that is connected to an event type.
 * @property {string} label
 * @property {any} reaction
 *
 * @typedef {object} Task An async action that runs.
 * @property {Function|null} done Gets (error, value) at its end; null when nobody waits.
 * @property {Array<{args: any[], done: Function|null}>} waiting Calls that come after it.
 *
 * @typedef {object} Waypoint A reaction that connects anew when the property changes.
 * @property {any} reaction
 * @property {number} index Of the connection.
 */

/** @type {Members} */
const NO_MEMBERS = {
  properties: new Map(),
  actions: new Map(),
  emitters: new Set(),
  reactions: new Map(),
  attributes: new Set(["id"]),
};

/** @param {string} name Of a property. */
function setterName(name) {
  return name.startsWith("_") ? `_set${name}` : `set_${name}`;
}

let count = 0;

/** Bodies of async actions whose calls need not wait for each other. @type {WeakSet<any>} */
const mayOverlap = new WeakSet();

class Component {
  /** @param {...any} args See `__init__`. */
  constructor(...args) {
    this.__init__(...args);
  }

  /**
   * Make an instance: identity, values, `init`, reactions, in this order.
   * @param {...any} args Arguments of `init`, or one `{flx_args, flx_kwargs}` with property values as keywords.
   */
  __init__(...args) {
    let initArgs = args;
    /** @type {Record<string, any>} */
    let values = {};
    /** @type {any} */
    let making = null;
    if (hasKeywords(args)) {
      initArgs = args[0].flx_args;
      values = args[0].flx_kwargs;
      making = args[0][MAKING] || null;
    }
    this._begin();
    /** @type {Array<[string, Function]>} Property values that are functions. */
    this._setting_functions = [];

    this._init_identity(making);
    const members = this._members;
    for (const name of members.emitters) {
      this._handlers.set(name, []);
    }
    for (const name of members.properties.keys()) {
      this._handlers.set(name, []);
    }
    loop._activate_component(this);
    try {
      this._apply_values(this._init_defaults(values));
      this._before_init();
      this.init(...initArgs);
    } finally {
      loop._deactivate_component(this);
    }
    this._init_reactions();
  }

  /** Be an object to which nothing has happened yet. */
  _begin() {
    this._made = true;
    this._disposed = false;
    /** @type {Map<string, readonly Entry[]>} Replaced, never changed, so that an emission may iterate them. */
    this._handlers = new Map();
    /** @type {Map<string, readonly Waypoint[]>} */
    this._waypoints = new Map();
    /** @type {string|null} The emitter that runs. */
    this._emitting = null;
    /** @type {any[]|null} Events since construction; null once the loop has delivered them. */
    this._pending = [];
    /** @type {Map<Function|Promise<any>, Array<{args: any[], done: Function|null}>>|null} Async actions that run; what waits. */
    this._tasks = null;
    /** @type {((event: any) => void)|null} Called with every event, as it happens. */
    this._observer = null;
    this._is_initial = false;
    /** @type {any[]} Reactions that the class does not name. */
    this._anonymous = [];
  }

  /** For subclasses: what to do after the properties have their values. It may mutate them. @param {...any} args */
  init(...args) {
    if (args.length > 0) {
      throw makeError("TypeError", `${this.__name__} takes no positional arguments, got ${args.length}`);
    }
  }

  /** Step 1 of construction: `_id`. @param {any} _making What the session handed over, or null. */
  _init_identity(_making) {
    count += 1;
    this._id = `${this.__name__}${count}`;
  }

  /**
   * Step 2: raw defaults, and the list of values to apply: defaults by name, then the given ones in their order.
   * @param {Record<string, any>} values
   * @returns {Array<[string, any]>}
   */
  _init_defaults(values) {
    /** @type {any} */
    const self = this;
    /** @type {Array<[string, any]>} */
    const collected = [];
    const {properties, attributes} = this._members;
    for (const [name, prop] of properties) {
      self[prop.key] = prop.default;
      if (!Object.prototype.hasOwnProperty.call(values, name) || typeof values[name] === "function") {
        collected.push([name, prop.default]);
      }
    }
    for (const [name, value] of Object.entries(values)) {
      const prop = properties.get(name);
      if (prop === undefined) {
        const what = attributes.has(name)
          ? `${this.__name__}.${name} is an attribute, not a property`
          : `${this.__name__} has no property ${shortText(name)}; it has ${this.__properties__.join(", ") || "none"}`;
        throw makeError("AttributeError", what);
      }
      if (typeof value !== "function") {
        collected.push([name, value]);
      } else if (typeof self[setterName(name)] === "function") {
        this._setting_functions.push([name, value]);
      } else {
        const setter = setterName(name);
        throw makeError("TypeError", `${this.__name__}.${name} cannot follow a function: there is no ${setter}()`);
      }
    }
    return collected;
  }

  /**
   * Step 3: mutate, then call the setters that the user wrote.
   * @param {Array<[string, any]>} values
   */
  _apply_values(values) {
    /** @type {any} */
    const self = this;
    this._apply_initial(values);
    const actions = this._members.actions;
    for (const [name, value] of values) {
      const setter = setterName(name);
      const action = actions.get(setter);
      if (action !== undefined && !action.isAutogenerated) {
        self[setter](value);
      }
    }
  }

  /** The first values are no changes. @param {Array<[string, any]>} values */
  _apply_initial(values) {
    this._is_initial = true;
    try {
      for (const [name, value] of values) {
        this._apply_mutation(name, value);
      }
    } finally {
      this._is_initial = false;
    }
  }

  /** Step 4, for the bridge. */
  _before_init() {}

  /** Step 6: connect, and let the loop deliver what happened so far. */
  _init_reactions() {
    if (this._pending !== null) {
      this._pending.push(null); // marks the end of init
      loop.call_soon(() => this._deliver_pending());
    }
    for (const [name, {func, mode, connections}] of this._members.reactions) {
      const reaction = new Reaction(this, func, mode, connections, name);
      Object.defineProperty(this, name, {value: reaction, configurable: true});
      this._start_reaction(reaction);
    }
    for (const [name, func] of this._setting_functions) {
      /** @type {any} */
      const self = this;
      const follow = () => {
        self[setterName(name)](func());
      };
      this._add_anonymous(new Reaction(this, follow, "auto", [], `function given for ${name}`));
    }
    this._setting_functions = [];
  }

  /** @param {any} reaction */
  _add_anonymous(reaction) {
    this._anonymous.push(reaction);
    this._start_reaction(reaction);
    return reaction;
  }

  /** @param {any} reaction */
  _start_reaction(reaction) {
    if (reaction._mode === "auto") {
      loop.add_reaction_event(reaction, null);
    }
  }

  /** Events of the construction reach reactions late, so that those connected meanwhile get the initial values. */
  _deliver_pending() {
    const events = this._pending;
    this._pending = null;
    let mayReconnect = false; // nothing has changed for a reaction that connected after init
    for (const event of events || []) {
      if (event === null) {
        mayReconnect = true;
      } else {
        this._dispatch(event, mayReconnect);
      }
    }
  }

  // -- What a component is ---------------------------------------------------------------------------------------

  get _IS_COMPONENT() {
    return true;
  }

  /** @returns {Members} */
  get _members() {
    return NO_MEMBERS;
  }

  get __name__() {
    return this.constructor.name;
  }

  get __attributes__() {
    return [...this._members.attributes].sort();
  }

  get __properties__() {
    return [...this._members.properties.keys()];
  }

  get __actions__() {
    return [...this._members.actions.keys()];
  }

  get __emitters__() {
    return [...this._members.emitters];
  }

  get __reactions__() {
    return [...this._members.reactions.keys()];
  }

  get id() {
    return this._id;
  }

  set id(_value) {
    throw makeError("AttributeError", `Cannot set attribute ${this._id}.id`);
  }

  toString() {
    return `<Component ${this._id}>`;
  }

  __repr__() {
    return this.toString();
  }

  /** Make this the active component: properties may be mutated, and components made belong to it. */
  __enter__() {
    loop._activate_component(this);
    return this;
  }

  __exit__() {
    loop._deactivate_component(this);
  }

  // -- Mutation --------------------------------------------------------------------------------------------------

  /**
   * Mutate a property. Allowed in actions, in `init` and in the component's context.
   * @param {string} name
   * @param {any} value The new value, or the objects of another mutation than "set".
   * @param {string} [mutation] "set", "insert", "replace" or "remove".
   * @param {any} [index]
   * @returns {boolean} Whether the value changed.
   */
  _mutate(name, value, mutation = "set", index = -1) {
    if (typeof name !== "string") {
      if (hasKeywords([name])) {
        const [a, b, c = "set", d = -1] = positional([name], ["prop_name", "value", "mutation", "index"]);
        return this._mutate(a, b, c, d);
      }
      throw makeError("TypeError", `The name of a property is a text, got ${shortText(name)}`);
    }
    if (!this._members.properties.has(name)) {
      throw makeError("AttributeError", `${this._id} has no property ${shortText(name)}`);
    }
    if (!loop.can_mutate(this)) {
      const text = `Property ${this._id}.${name} can only be mutated by an action or in its component's context`;
      throw makeError("AttributeError", text);
    }
    return this._apply_mutation(name, value, mutation, index);
  }

  /**
   * Mutate a property without asking whether it is allowed now. A `set` is validated.
   * @param {string} name
   * @param {any} value
   * @param {string} [mutation]
   * @param {any} [index]
   * @returns {boolean}
   */
  _apply_mutation(name, value, mutation = "set", index = -1) {
    /** @type {any} */
    const self = this;
    const prop = this._members.properties.get(name);
    if (prop === undefined) {
      throw makeError("AttributeError", `${this._id} has no property ${shortText(name)}`);
    }
    if (mutation === "set") {
      const new_value = prop.validate(value, this);
      let old_value = self[prop.key];
      if (this._is_initial) {
        old_value = new_value;
      } else if (isSame(old_value, new_value)) {
        return false;
      }
      self[prop.key] = new_value;
      if (this._is_heard(name)) {
        this._publish({type: name, source: this, new_value, old_value, mutation});
      }
    } else {
      try {
        mutateInPlace(self[prop.key], mutation, value, index);
      } catch (error) {
        const {name: kind, message} = /** @type {Error} */ (error);
        throw makeError(kind, `${this._id}.${name}: ${message}`, error);
      }
      const objects = Array.isArray(value) ? value.slice() : isDict(value) ? Object.assign({}, value) : value;
      this._publish({type: name, source: this, objects, mutation, index});
    }
    return true;
  }

  /**
   * Run the body of an action. Calls of one async action run one after the other, unless they may overlap.
   * @param {Function} body
   * @param {any[]} args
   * @param {Function|null} done Gets (error, value) at the end.
   */
  _perform(body, args, done = null) {
    const task = this._tasks === null ? undefined : this._tasks.get(body);
    if (task !== undefined) {
      task.waiting.push({args, done});
      return;
    }
    const result = body.apply(this, args);
    if (isThenable(result)) {
      this._follow(body, result, done);
      return;
    }
    if (result !== undefined && result !== null) {
      logger.warning(`An action of ${this._id} should not return a value, got ${shortText(result)}`);
    }
    if (done !== null) {
      done(null, null);
    }
  }

  /**
   * Until an async action ends it may mutate its own component.
   * @param {Function} body
   * @param {Promise<any>} promise
   * @param {Function|null} done
   */
  _follow(body, promise, done) {
    if (this._tasks === null) {
      this._tasks = new Map();
    }
    const tasks = this._tasks;
    /** @type {Task} */
    const task = {done, waiting: []};
    const key = mayOverlap.has(body) ? promise : body; // what nobody looks for, nobody waits for
    tasks.set(key, task);
    const settle = (/** @type {unknown} */ error, /** @type {any} */ value) => {
      if (this._tasks === tasks) {
        tasks.delete(key);
        if (error !== null) {
          logger.exception(error, `Error in an action of ${this._id}:`);
        }
        for (const call of task.waiting) {
          loop.add_action_invokation(this, body, call.args, call.done);
        }
      }
      if (task.done !== null) {
        task.done(error, value);
      }
    };
    promise.then((value) => settle(null, value), (error) => settle(error, null));
  }

  // -- Events ----------------------------------------------------------------------------------------------------

  /**
   * Emit an event.
   * @param {string} type
   * @param {Record<string, any>|null} [info] Its further fields.
   * @returns {any} The event.
   */
  emit(type, info = null) {
    if (typeof type !== "string") {
      if (hasKeywords([type])) {
        const [a, b = null] = positional([type], ["type", "info"]);
        return this.emit(a, b);
      }
      throw makeError("TypeError", `The type of an event is a text, got ${shortText(type)}`);
    }
    if (type.includes(":")) {
      throw makeError("ValueError", `The type of an event has no label, got ${shortText(type)}`);
    }
    if (info !== null && info !== undefined && !isDict(info)) {
      throw makeError("TypeError", `The info of an event is a dict, got ${shortText(info)}`);
    }
    const event = Object.assign({}, info, {type, source: this});
    this._publish(event);
    return event;
  }

  /**
   * Whether anything would come of an event; if not, none need be made.
   * @param {string} type
   */
  _is_heard(type) {
    if (this._observer !== null || this._pending !== null || this._waypoints.has(type)) {
      return true;
    }
    const entries = this._handlers.get(type);
    return entries !== undefined && entries.length > 0;
  }

  /** @param {any} event */
  _publish(event) {
    if (this._observer !== null) {
      this._observer(event);
    }
    if (this._pending !== null) {
      this._pending.push(event);
    } else {
      this._dispatch(event, true);
    }
  }

  /**
   * @param {any} event
   * @param {boolean} mayReconnect
   */
  _dispatch(event, mayReconnect) {
    const waypoints = mayReconnect ? this._waypoints.get(event.type) : undefined;
    if (waypoints !== undefined) {
      for (const {reaction, index} of waypoints) {
        try {
          reaction.reconnect(index);
        } catch (error) {
          logger.exception(error); // its trouble; the value is set, and others wait for the event
        }
      }
    }
    const entries = this._handlers.get(event.type);
    if (entries !== undefined) {
      for (let i = 0; i < entries.length; i++) {
        loop.add_reaction_event(entries[i].reaction, event);
      }
    }
  }

  /**
   * Connect a function: `reaction(func, "foo", …)` or `reaction("foo", …, func)`; keyword `mode`.
   * @param {...any} args
   * @returns {any} The reaction.
   */
  reaction(...args) {
    let mode = "normal";
    let items = args;
    if (hasKeywords(args)) {
      items = args[0].flx_args;
      const {mode: given, ...others} = args[0].flx_kwargs;
      positional([{flx_args: [], flx_kwargs: others}], []);
      mode = checkedMode(given === undefined ? "normal" : given);
    }
    const func = typeof items[0] === "function" ? items[0] : items[items.length - 1];
    const strings = typeof items[0] === "function" ? items.slice(1) : items.slice(0, -1);
    if (typeof func !== "function") {
      throw makeError("TypeError", `A reaction needs a function, got ${shortText(func)}`);
    }
    if (strings.length === 0) {
      throw makeError("RuntimeError", "A reaction needs one or more connection strings");
    }
    const name = func.__name__ || func.name.replace(/^bound /, "") || "anonymous";
    return this._add_anonymous(new Reaction(this, func, mode, strings, name));
  }

  /**
   * Disconnect reactions from an event type.
   * @param {string} type May end in `:label`.
   * @param {any} [reaction] Only this one.
   */
  disconnect(type, reaction = null) {
    const colon = type.indexOf(":");
    const label = colon < 0 ? "" : type.slice(colon + 1);
    const name = colon < 0 ? type : type.slice(0, colon);
    const entries = this._handlers.get(name);
    if (entries === undefined) {
      return;
    }
    const kept = entries.filter(
      (entry) => (colon >= 0 && label !== entry.label) || (reaction !== null && reaction !== entry.reaction),
    );
    if (kept.length < entries.length) {
      this._handlers.set(name, kept);
      this._on_connections_changed(name);
    }
  }

  /** All event types that are known: properties, emitters, and what something was connected to. */
  get_event_types() {
    return [...this._handlers.keys()].sort();
  }

  /**
   * The reactions connected to a type, in the order in which they are called.
   * @param {string} type
   */
  get_event_handlers(type) {
    if (typeof type !== "string" || type.includes(":")) {
      throw makeError("ValueError", `The type of an event has no label, got ${shortText(type)}`);
    }
    return (this._handlers.get(type) || []).map((entry) => entry.reaction);
  }

  /**
   * Called by a reaction that connects.
   * @param {string} type
   * @param {any} reaction
   * @param {string} label
   * @param {boolean} force
   */
  _add_reaction(type, reaction, label, force) {
    let entries = this._handlers.get(type);
    if (entries === undefined) {
      if (!force) {
        const hint = type.startsWith("mouse_") ? `; there may be ${type.replace("mouse_", "pointer_")}` : "";
        logger.warning(`${this._id} has no event type ${shortText(type)}${hint}; a leading "!" says that it will`);
      }
      entries = [];
    }
    let at = entries.length;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      if (entry.reaction === reaction && entry.label === label) {
        return;
      }
      if (entry.label > label || (entry.label === label && entry.reaction._number > reaction._number)) {
        at = i;
      }
    }
    this._handlers.set(type, [...entries.slice(0, at), {label, reaction}, ...entries.slice(at)]);
    this._on_connections_changed(type);
  }

  /**
   * Called by a reaction that lets go.
   * @param {string} type
   * @param {any} reaction
   * @param {string} label
   */
  _remove_reaction(type, reaction, label) {
    const entries = this._handlers.get(type) || [];
    const kept = entries.filter((entry) => entry.reaction !== reaction || entry.label !== label);
    if (kept.length < entries.length) {
      this._handlers.set(type, kept);
      this._on_connections_changed(type);
    }
  }

  /**
   * @param {string} type
   * @param {any} reaction
   * @param {number} index
   */
  _add_waypoint(type, reaction, index) {
    this._waypoints.set(type, [...(this._waypoints.get(type) || []), {reaction, index}]);
  }

  /**
   * @param {string} type
   * @param {any} reaction
   * @param {number} index
   */
  _remove_waypoint(type, reaction, index) {
    const before = this._waypoints.get(type) || [];
    const kept = before.filter((waypoint) => waypoint.reaction !== reaction || waypoint.index !== index);
    if (kept.length > 0) {
      this._waypoints.set(type, kept);
    } else {
      this._waypoints.delete(type);
    }
  }

  /** @param {any} reaction */
  _forget_reaction(reaction) {
    this._anonymous = this._anonymous.filter((other) => other !== reaction);
  }

  /** For the bridge: reactions (dis)connected. @param {string} _type */
  _on_connections_changed(_type) {}

  /** End this component: reactions forget it, and its own reactions end. */
  dispose() {
    this._dispose();
  }

  _dispose() {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    const tasks = this._tasks;
    this._tasks = null; // what async actions still do to this component is refused
    for (const task of tasks === null ? [] : tasks.values()) {
      const ended = makeError("RuntimeError", `${this._id} was disposed`);
      for (const done of [task.done, ...task.waiting.map((call) => call.done)]) {
        if (done !== null) {
          done(ended, null);
        }
      }
      task.done = null;
    }
    const changed = [];
    for (const [type, entries] of this._handlers) {
      this._handlers.set(type, []);
      for (const {reaction} of entries) {
        reaction._forget(this);
      }
      if (entries.length > 0) {
        changed.push(type);
      }
    }
    for (const waypoints of this._waypoints.values()) {
      for (const {reaction} of waypoints) {
        reaction._forget(this);
      }
    }
    this._waypoints.clear();
    const reactions = this._anonymous.slice();
    for (const name of this._members.reactions.keys()) {
      const found = Object.getOwnPropertyDescriptor(this, name);
      if (found !== undefined) {
        reactions.push(found.value);
      }
    }
    for (const reaction of reactions) {
      reaction.dispose();
      reaction.cancel();
    }
    for (const type of changed) {
      this._on_connections_changed(type);
    }
  }
}
return {setterName, mayOverlap, Component};
})();
modules["./app_component.js"] = (function () {
/**
 * Components that live on both sides of the wire: `JsComponent` lives here, `PyComponent` is the proxy of one that
 * lives in Python, `StubComponent` stands for one that is neither.
 */

const {MAKING} = modules["./calling.js"];
const {Component} = modules["./component.js"];
const {logger, makeError} = modules["./errors.js"];
const {loop} = modules["./loop.js"];
const {isSame} = modules["./values.js"];

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
function setPageSession(session) {
  page.session = session;
}

/** What both kinds share. `session`, `root` and `uid` are read-only. */
class AppComponent extends Component {
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
class JsComponent extends AppComponent {
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
class PyComponent extends AppComponent {
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
class StubComponent {
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
return {setPageSession, AppComponent, JsComponent, PyComponent, StubComponent};
})();
modules["./messages.js"] = (function () {
/**
 * The messages of the wire, as one table: the mirror of bridge/messages.py, where each is explained.
 *
 * Here a message is a plain object: `op` is its name, its other keys are its fields. On the wire it is an array,
 * `[op, field, …]`.
 *
 * @typedef {{op: string, [field: string]: any}} Message
 * @typedef {{way: string, numbered: boolean, fields: [name: string, type: string, choices?: string[]][]}} MessageSpec
 */

const PROTOCOL_VERSION = 1;

/** Whole numbers beyond ±2^53 are not exact here; what travels as a whole number is not larger. */
const MAX_INT = 2 ** 53;

/** @type {Record<string, MessageSpec>} */
const SPEC = {
  HELLO: {
    way: "c→p",
    numbered: false,
    fields: [
      ["version", "count"],
      ["ticket", "str?"],
      ["key", "str?"],
      ["last_seq", "count"],
      ["navigation", "str"],
      ["page", "str"],
      ["path", "str"],
      ["query", "str"],
    ],
  },
  WELCOME: {
    way: "p→c",
    numbered: false,
    fields: [
      ["version", "count"],
      ["key", "str"],
      ["how", "str", ["new", "replay", "rebuild", "fresh"]],
      ["asset_key", "str"],
      ["session_id", "str"],
      ["app_name", "str"],
      ["last_seq", "count"],
    ],
  },
  DEFINE: {
    way: "p→c",
    numbered: true,
    fields: [
      ["kind", "str", ["js", "css"]],
      ["name", "str"],
      ["text", "str"],
      ["url", "str"],
    ],
  },
  INSTANTIATE: {
    way: "both",
    numbered: true,
    fields: [
      ["id", "str"],
      ["module", "str"],
      ["cls", "str"],
      ["args", "list"],
      ["props", "dict"],
      ["active", "strings"],
      ["types", "strings"],
      ["req", "int"],
    ],
  },
  EMIT: {
    way: "both",
    numbered: true,
    fields: [
      ["id", "str"],
      ["type", "str"],
      ["mutation", "str", ["", "set", "insert", "replace", "remove"]],
      ["value", "any"],
      ["index", "ints"],
    ],
  },
  SUBSCRIBE: {way: "both", numbered: true, fields: [["id", "str"], ["types", "strings?"]]},
  INVOKE: {way: "both", numbered: true, fields: [["id", "str"], ["action", "str"], ["args", "list"], ["req", "int"]]},
  RESULT: {way: "both", numbered: true, fields: [["req", "int"], ["value", "any"], ["error", "errors?"]]},
  DISPOSE: {way: "both", numbered: true, fields: [["id", "str"]]},
  DISPOSED: {way: "both", numbered: true, fields: [["id", "str"]]},
  CALL: {way: "p→c", numbered: true, fields: [["req", "int"], ["code", "str"], ["args", "dict"]]},
  LOG: {way: "c→p", numbered: true, fields: [["level", "str"], ["text", "str"], ["stack", "str"]]},
  READY: {way: "p→c", numbered: true, fields: []},
  NOTICE: {way: "p→c", numbered: true, fields: [["name", "str"], ["data", "any"]]},
  HOST: {way: "c→p", numbered: true, fields: [["verb", "str"], ["data", "any"]]},
  BUFFER: {way: "both", numbered: true, fields: [["id", "str"], ["offset", "count"], ["total", "count"]]},
  FAULT: {
    way: "both",
    numbered: true,
    fields: [
      ["id", "str"],
      ["name", "str"],
      ["error", "str"],
      ["text", "str"],
      ["req", "int"],
    ],
  },
  ACK: {way: "both", numbered: false, fields: [["seq", "count"]]},
  PING: {way: "both", numbered: false, fields: [["n", "count"]]},
  PONG: {way: "both", numbered: false, fields: [["n", "count"]]},
  CLOSE: {way: "p→c", numbered: false, fields: [["code", "count"], ["reason", "str"]]},
};

/**
 * Make a message.
 *
 * @param {string} op  Its name.
 * @param {...any} values  Its fields, all of them, in the order of the table.
 * @returns {Message}
 */
function message(op, ...values) {
  const fields = SPEC[op]?.fields;
  if (!fields || fields.length !== values.length) {
    throw new TypeError(`${op} is no message with ${values.length} fields`);
  }
  /** @type {Message} */
  const made = {op};
  for (let i = 0; i < fields.length; i++) {
    made[fields[i][0]] = values[i];
  }
  return made;
}

/** @param {any} value */
function isString(value) {
  return typeof value === "string";
}

/** @param {any} value */
function isInt(value) {
  return Number.isInteger(value) && Math.abs(value) <= MAX_INT;
}

/** Whether a value is a whole number from 0 that both languages hold. @param {any} value */
function isCount(value) {
  return isInt(value) && value >= 0;
}

/** @param {any} value */
function isDict(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @type {Record<string, (value: any) => boolean>} */
const TYPES = {
  "any": () => true,
  "int": isInt,
  "count": isCount,
  "ints": (value) => isInt(value) || (Array.isArray(value) && value.every(isInt)),
  "str": isString,
  "str?": (value) => value === null || isString(value),
  "strings": (value) => Array.isArray(value) && value.every(isString),
  "strings?": (value) => value === null || (Array.isArray(value) && value.every(isString)),
  "list": Array.isArray,
  "dict": isDict,
  "errors?": (value) => value === null || (isDict(value) && Object.values(value).every(isString)),
};

/**
 * Say what is wrong with a message's fields; an empty string if nothing is.
 *
 * @param {string} op
 * @param {any[]} values
 */
function faultOf(op, values) {
  const fields = Object.hasOwn(SPEC, op) ? SPEC[op].fields : null;
  if (!fields) {
    return `there is no message ${String(op).slice(0, 20)}`;
  }
  if (fields.length !== values.length) {
    return `${op} has ${fields.length} fields, not ${values.length}`;
  }
  for (let i = 0; i < fields.length; i++) {
    const [name, type, choices] = fields[i];
    if (!TYPES[type](values[i]) || (choices && !choices.includes(values[i]))) {
      return `${op}.${name} is not of type ${type}${choices ? " or none of its choices" : ""}`;
    }
  }
  return "";
}
return {PROTOCOL_VERSION, MAX_INT, SPEC, message, isCount, faultOf};
})();
modules["./buffers.js"] = (function () {
/**
 * The bytes of binary values and arrays: found in values on their way out, laid under values that arrive. The mirror
 * of bridge/buffers.py.
 */

const {CodecError} = modules["./errors.js"];
const {isCount} = modules["./messages.js"];

/** @typedef {import("./codec.js").Codec} Codec */

const MAX_DIMENSIONS = 32;

/** @type {Record<string, any>} */
const DTYPES = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The bytes of a value on its way out; they no longer change. */
class Buffer {
  /**
   * @param {Codec} codec
   * @param {Uint8Array} data
   * @param {string} dtype  Empty for plain bytes.
   * @param {number[]} shape
   */
  constructor(codec, data, dtype, shape) {
    this.codec = codec;
    this.data = data;
    this.dtype = dtype;
    this.shape = shape;
  }

  /** Called by JSON.stringify. */
  toJSON() {
    const ref = this.codec.place(this);
    return {$: this.dtype ? ["a", ref, this.dtype, this.shape] : ["b", ref]};
  }
}

/** An incoming value whose bytes came in an earlier transfer; the protocol fills in `data`. */
class Stored {
  /**
   * @param {string} id
   * @param {string} dtype
   * @param {number[]} shape
   */
  constructor(id, dtype, shape) {
    this.id = id;
    this.dtype = dtype;
    this.shape = shape;
    /** @type {Uint8Array | null} */
    this.data = null;
  }

  /**
   * Throw if `data` cannot be this value's bytes.
   *
   * @param {Uint8Array} data
   */
  check(data) {
    checkSize(data, this.dtype, this.shape);
  }
}

/**
 * Return the bytes of a binary value or of a typed array.
 *
 * @param {Codec} codec  Which is to send them.
 * @param {any} value
 */
function bufferOf(codec, value) {
  if (value instanceof ArrayBuffer) {
    return new Buffer(codec, new Uint8Array(value.slice(0)), "", []);
  }
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (value instanceof DataView || (value instanceof Uint8Array && !("shape" in value))) {
    return new Buffer(codec, bytes, "", []);
  }
  const dtype =
    value instanceof Uint8ClampedArray
      ? "uint8"
      : Object.keys(DTYPES).find((name) => value instanceof DTYPES[name]);
  if (!dtype) {
    throw new CodecError(`a ${value.constructor.name} cannot travel`);
  }
  /** @type {number[]} */
  const shape = value.shape ?? [value.length];
  if (!isShape(shape) || product(shape) !== value.length) {
    throw new CodecError(`the shape ${JSON.stringify(shape)} does not fit an array of ${value.length} items`);
  }
  return new Buffer(codec, bytes, dtype, [...shape]);
}

/**
 * Throw unless an array of that kind and shape may arrive.
 *
 * @param {string} dtype
 * @param {any[]} shape
 */
function checkArray(dtype, shape) {
  if (!Object.hasOwn(DTYPES, dtype) || shape.length > MAX_DIMENSIONS) {
    throw new CodecError(`an array of ${dtype.slice(0, 20)} with ${shape.length} dimensions is unknown here`);
  }
  if (!isShape(shape)) {
    throw new CodecError("the shape of an array is malformed");
  }
}

/** @param {any} shape */
function isShape(shape) {
  return Array.isArray(shape) && shape.length <= MAX_DIMENSIONS && shape.every(isCount);
}

/** @param {number[]} shape */
function product(shape) {
  return shape.reduce((size, n) => size * n, 1);
}

/**
 * @param {Uint8Array} data
 * @param {string} dtype
 * @param {number[]} shape
 */
function checkSize(data, dtype, shape) {
  if (dtype && product(shape) * DTYPES[dtype].BYTES_PER_ELEMENT !== data.length) {
    throw new CodecError(`an array of ${dtype} ${JSON.stringify(shape)} does not fill ${data.length} bytes`);
  }
}

/**
 * Return the value whose bytes have arrived: a typed array with `shape` and `dtype`, or a plain Uint8Array.
 *
 * @param {Uint8Array} data
 * @param {string} dtype
 * @param {number[]} shape
 */
function fromBytes(data, dtype, shape) {
  if (!dtype) {
    return data;
  }
  checkSize(data, dtype, shape);
  const array = new DTYPES[dtype](data.buffer, data.byteOffset, data.length / DTYPES[dtype].BYTES_PER_ELEMENT);
  array.shape = shape;
  array.dtype = dtype;
  return array;
}
return {Buffer, Stored, bufferOf, checkArray, fromBytes};
})();
modules["./dates.js"] = (function () {
/**
 * Python's dates and times as Dates, and back.
 *
 * A Date made from a Python date or datetime carries its text as `iso` and goes back as it came, if it was not changed.
 */

const {CodecError} = modules["./errors.js"];

const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3})(?:\d{3})?)?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/**
 * The moment, in ms since 1970, that a text means; NaN if none. Without an offset it is local time.
 *
 * @param {string} text
 */
function moment(text) {
  const parts = ISO_TIME.exec(text) ?? ISO_DATE.exec(text);
  if (!parts) {
    return NaN;
  }
  const [year, month, day, hour, minute, second, ms] = parts.slice(1, 8).map((part) => Number(part ?? 0));
  const date = new Date(2000, 0, 1);
  const isLocal = !parts[8] && !parts[9];
  if (isLocal) {
    // setFullYear, because the constructor takes the years 0 to 99 for 1900 to 1999.
    date.setFullYear(year, month - 1, day);
    date.setHours(hour || 0, minute || 0, second || 0, ms || 0);
    return date.getTime();
  }
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, ms);
  const offset = (Number(parts[10] ?? 0) * 60 + Number(parts[11] ?? 0)) * 60 + Number(parts[12] ?? 0);
  return date.getTime() - (parts[9] === "-" ? -offset : offset) * 1000;
}

/**
 * Return the Date that Python's text means.
 *
 * @param {string} text
 * @param {string} tag  "d" of a date, "t" of a date and time.
 */
function parseDate(text, tag) {
  const date = new Date(moment(text));
  if (Number.isNaN(date.getTime()) || ISO_DATE.test(text) !== (tag === "d")) {
    throw new CodecError(`a tagged value cannot be read: ${text.slice(0, 40)}`);
  }
  // Python's dates have microseconds, may lack a time or a zone; the text keeps that for the way back.
  Object.defineProperty(date, "iso", {value: text});
  return date;
}

/**
 * Return the tagged value of a Date.
 *
 * @param {Date & {iso?: string}} date
 */
function dateTag(date) {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    throw new CodecError("a Date that is invalid, or not of the years 1 to 9999, cannot travel");
  }
  if (typeof date.iso === "string" && moment(date.iso) === date.getTime()) {
    return {$: [ISO_DATE.test(date.iso) ? "d" : "t", date.iso]};
  }
  return {$: ["t", date.toISOString()]};
}
return {parseDate, dateTag};
})();
modules["./frame.js"] = (function () {
/**
 * The layout of a frame: text, or a head of text with buffers behind it. The mirror of bridge/frame.py, which draws it.
 */

const {CodecError} = modules["./errors.js"];
const {SPEC, faultOf, isCount} = modules["./messages.js"];

/** @typedef {import("./buffers.js").Stored} Stored */
/** @typedef {import("./messages.js").Message} Message */

/**
 * A decoded frame. `stored` are the values that wait for the bytes of a transfer.
 *
 * @typedef {{seq: number, ack: number, messages: Message[], buffers: Uint8Array[], stored: Stored[]}} Frame
 */

/**
 * Return the frame of messages that are text already.
 *
 * @param {number} seq
 * @param {number} ack
 * @param {string[]} texts
 * @param {Uint8Array[]} buffers
 * @returns {string | ArrayBuffer}
 */
function joinFrame(seq, ack, texts, buffers = []) {
  const start = `[${seq},${ack},[${texts.join(",")}]`;
  if (!buffers.length) {
    return start + "]";
  }
  const head = new TextEncoder().encode(`${start},[${buffers.map((data) => data.length).join(",")}]]`);
  let size = padded(4 + head.length);
  for (const data of buffers) {
    size += padded(data.length);
  }
  const frame = new Uint8Array(size);
  new DataView(frame.buffer).setUint32(0, head.length, true);
  frame.set(head, 4);
  let offset = padded(4 + head.length);
  for (const data of buffers) {
    frame.set(data, offset);
    offset += padded(data.length);
  }
  return frame.buffer;
}

/**
 * Take a frame apart, and return it with its text; its buffers are laid over `data`, not copied.
 *
 * @param {string | ArrayBuffer} data
 * @returns {[frame: Frame, text: string]}
 */
function splitFrame(data) {
  const [text, end] = typeof data === "string" ? [data, 0] : headOf(data);
  /** @type {any} */
  let head;
  try {
    head = JSON.parse(text);
  } catch (error) {
    throw new CodecError(`a frame cannot be read: ${error}`);
  }
  const isHead = Array.isArray(head) && head.length === (typeof data === "string" ? 3 : 4);
  if (!isHead || !isCount(head[0]) || !isCount(head[1]) || !Array.isArray(head[2])) {
    throw new CodecError("a frame cannot be read: its head is malformed");
  }
  /** @type {Frame} */
  const frame = {
    seq: head[0],
    ack: head[1],
    messages: head[2].map(toMessage),
    buffers: typeof data === "string" ? [] : layBuffers(data, end, head[3]),
    stored: [],
  };
  return [frame, text];
}

/**
 * @param {any} item
 * @returns {Message}
 */
function toMessage(item) {
  const fault = Array.isArray(item) ? faultOf(item[0], item.slice(1)) : "a message is no array";
  if (fault) {
    throw new CodecError(`a frame cannot be read: ${fault}`);
  }
  /** @type {Message} */
  const message = {op: item[0]};
  SPEC[item[0]].fields.forEach(([name], i) => {
    message[name] = item[i + 1];
  });
  return message;
}

/**
 * Return the text of a binary frame's head, and where the head ends.
 *
 * @param {ArrayBuffer} data
 * @returns {[text: string, end: number]}
 */
function headOf(data) {
  const end = data.byteLength < 4 ? Infinity : 4 + new DataView(data).getUint32(0, true);
  if (end > data.byteLength) {
    throw new CodecError("a binary frame ends inside its head");
  }
  try {
    return [new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(new Uint8Array(data, 4, end - 4)), end];
  } catch {
    throw new CodecError("a frame cannot be read: its head is not UTF-8");
  }
}

/**
 * Lay buffers over a binary frame.
 *
 * @param {ArrayBuffer} data
 * @param {number} end  Where its head ends.
 * @param {any} sizes
 */
function layBuffers(data, end, sizes) {
  if (!Array.isArray(sizes) || !sizes.every(isCount)) {
    throw new CodecError("a frame cannot be read: its sizes are malformed");
  }
  const buffers = [];
  for (const size of sizes) {
    const start = padded(end);
    end = start + size;
    if (end > data.byteLength) {
      throw new CodecError("a binary frame ends inside a buffer");
    }
    buffers.push(new Uint8Array(data, start, size));
  }
  if (padded(end) !== data.byteLength) {
    throw new CodecError("a binary frame has bytes behind its last buffer");
  }
  return buffers;
}

/** @param {number} size */
function padded(size) {
  return Math.ceil(size / 8) * 8;
}
return {joinFrame, splitFrame};
})();
modules["./codec.js"] = (function () {
/**
 * Messages to frames and back: the mirror of bridge/codec.py, which draws the format.
 *
 * Stated changes: `undefined` arrives as None; 1.0 is 1. A whole number beyond ±2^53 and -0 travel as text, so that
 * they arrive as floats. dates.js says what becomes of dates.
 */

const {Stored, bufferOf, checkArray, fromBytes} = modules["./buffers.js"];
const {dateTag, parseDate} = modules["./dates.js"];
const {CodecError, MessageTooLarge} = modules["./errors.js"];
const {joinFrame, splitFrame} = modules["./frame.js"];
const {MAX_INT, SPEC, faultOf, isCount} = modules["./messages.js"];

/** @typedef {import("./buffers.js").Buffer} Buffer */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./messages.js").Message} Message */

const MAX_FRAME_BYTES = 64 * 2 ** 20;

/** Levels of arrays and objects inside each other; deeper is taken for a value that contains itself. */
const MAX_DEPTH = 100;

const MARK = '{"$":';

const LONE_SURROGATE = /[\ud800-\udfff]/u;
const LONE_SURROGATES = /[\ud800-\udfff]/gu;

/** @type {Record<string, [name: string, type: string, choices?: string[]][]>} */
const VALUE_FIELDS = Object.fromEntries(
  Object.entries(SPEC).map(([op, row]) => [
    op,
    row.fields.filter(([, type]) => type === "any" || type === "list" || type === "dict"),
  ]),
);

/**
 * A kind of value of its own. `encode` gives the array of JSON values that follow the tag, `decode` takes it.
 *
 * @typedef {{tag: string, test: (value: any) => boolean, encode: (value: any) => any[],
 *   decode: (body: any[]) => any}} Extension
 */

/** An incoming value that an extension decodes when its message's turn comes. */
class Extended {
  /**
   * @param {Extension} extension
   * @param {any[]} body
   */
  constructor(extension, body) {
    this.extension = extension;
    this.body = body;
  }
}

/** Turns messages into frames and frames into messages. */
class Codec {
  /** @param {Extension[]} extensions */
  constructor(extensions = []) {
    /** @type {Map<string, Extension>} */
    this._extensions = new Map(extensions.map((extension) => [extension.tag, extension]));
    /** Arrays and objects that hold something to revive, somewhere inside. @type {WeakSet<object>} */
    this._unrevived = new WeakSet();
    /** How the text refers to a buffer; set while a message is encoded. @type {(buffer: Buffer) => number | string} */
    this.place = refuseBuffer;
  }

  // Values, outward

  /**
   * Return a copy of a value that is safe to send, and that later changes do not reach.
   *
   * @param {any} value
   * @param {string} where  What the value is, for the error's text; for example "Clock_1.text".
   */
  prepare(value, where) {
    return this._walk(value, where, null, 0);
  }

  /**
   * @param {any} value
   * @param {string} where
   * @param {Path} path
   * @param {number} depth
   * @returns {any}
   */
  _walk(value, where, path, depth) {
    switch (typeof value) {
      case "string":
        if (LONE_SURROGATE.test(value)) {
          refuse("the text holds half a character (a lone surrogate)", where, path);
        }
        return value;
      case "number":
        return sendable(value);
      case "boolean":
        return value;
      case "undefined":
        return null;
      case "object":
        return value === null ? null : this._walkObject(value, where, path, depth);
      case "bigint":
        return refuse("a BigInt cannot travel", where, path);
      default:
        return refuse(`a ${typeof value} cannot travel`, where, path);
    }
  }

  /**
   * @param {any} value
   * @param {string} where
   * @param {Path} path
   * @param {number} depth
   */
  _walkObject(value, where, path, depth) {
    if (Array.isArray(value)) {
      checkDepth(depth, where, path);
      const copy = new Array(value.length);
      for (let i = 0; i < value.length; i++) {
        const item = value[i];
        copy[i] = typeof item === "number" ? sendable(item) : this._walk(item, where, {path, key: i}, depth + 1);
      }
      return copy;
    }
    for (const extension of this._extensions.values()) {
      if (extension.test(value)) {
        return {$: [extension.tag, ...extension.encode(value)]};
      }
    }
    try {
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
        return bufferOf(this, value);
      }
      if (value instanceof Date) {
        return dateTag(value);
      }
    } catch (error) {
      throw error instanceof CodecError ? refusal(error.message, where, path) : error;
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      refuse(`a ${value.constructor?.name || "value of an unknown class"} cannot travel`, where, path);
    }
    checkDepth(depth, where, path);
    const entries = Object.entries(value);
    for (const entry of entries) {
      if (LONE_SURROGATE.test(entry[0])) {
        refuse("the text holds half a character (a lone surrogate)", where, path);
      }
      entry[1] = this._walk(entry[1], where, {path, key: entry[0]}, depth + 1);
    }
    const copy = Object.fromEntries(entries); // by definition, so that a key "__proto__" is a key
    return Object.hasOwn(copy, "$") ? {$: ["o", copy]} : copy;
  }

  // Values, inward

  /**
   * Return a value of a decoded message with its extensions and buffers in place.
   *
   * @param {any} value
   * @returns {any}
   */
  revive(value) {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (value instanceof Stored) {
      return fromBytes(/** @type {Uint8Array} */ (value.data), value.dtype, value.shape);
    }
    if (value instanceof Extended) {
      return value.extension.decode(value.body.map((item) => this.revive(item)));
    }
    if (!this._unrevived.has(value)) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.revive(item));
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.revive(item)]));
  }

  /** @param {any} value */
  _isUnrevived(value) {
    return (
      typeof value === "object" &&
      value !== null &&
      (value instanceof Stored || value instanceof Extended || this._unrevived.has(value))
    );
  }

  /**
   * Replace what is tagged inside a value, as far as this frame alone allows.
   *
   * @param {any} value
   * @param {Frame} frame
   * @param {number} depth
   * @returns {any}
   */
  _resolve(value, frame, depth) {
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (depth > 2 * MAX_DEPTH) {
      throw new CodecError(`a value is nested deeper than ${2 * MAX_DEPTH} levels`);
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => this._resolve(item, frame, depth + 1));
      if (items.some((item) => this._isUnrevived(item))) {
        this._unrevived.add(items);
      }
      return items;
    }
    if (Object.hasOwn(value, "$")) {
      const body = value.$;
      if (Object.keys(value).length !== 1 || !Array.isArray(body) || typeof body[0] !== "string") {
        throw new CodecError("a tagged value is malformed");
      }
      return this._resolveTag(body[0], body.slice(1), frame, depth + 1);
    }
    return this._resolveDict(value, frame, depth);
  }

  /**
   * @param {any} value
   * @param {Frame} frame
   * @param {number} depth
   */
  _resolveDict(value, frame, depth) {
    const entries = Object.entries(value).map(([key, item]) => [key, this._resolve(item, frame, depth + 1)]);
    const copy = Object.fromEntries(entries);
    if (entries.some(([, item]) => this._isUnrevived(item))) {
      this._unrevived.add(copy);
    }
    return copy;
  }

  /**
   * @param {string} tag
   * @param {any[]} body
   * @param {Frame} frame
   * @param {number} depth
   */
  _resolveTag(tag, body, frame, depth) {
    const extension = this._extensions.get(tag);
    if (extension) {
      return new Extended(
        extension,
        body.map((item) => this._resolve(item, frame, depth)),
      );
    }
    const [first, dtype, shape] = body;
    const isText = body.length === 1 && typeof first === "string";
    if (tag === "f" && isText) {
      return parseNumber(first);
    }
    if ((tag === "t" || tag === "d") && isText) {
      return parseDate(first, tag);
    }
    if (tag === "o" && body.length === 1 && typeof first === "object" && first !== null && !Array.isArray(first)) {
      return this._resolveDict(first, frame, depth);
    }
    if (tag === "b" && body.length === 1) {
      return resolveBuffer(first, "", [], frame);
    }
    if (tag === "a" && body.length === 3 && typeof dtype === "string" && Array.isArray(shape)) {
      checkArray(dtype, shape);
      return resolveBuffer(first, dtype, shape, frame);
    }
    throw new CodecError(`a value with the tag ${tag.slice(0, 20)} is unknown or malformed`);
  }

  // Frames

  /**
   * Return one frame with all of the messages, whose values are prepared; all buffers lie in it.
   *
   * @param {number} seq
   * @param {number} ack
   * @param {Message[]} messages
   */
  encodeFrame(seq, ack, messages) {
    /** @type {Uint8Array[]} */
    const buffers = [];
    const texts = messages.map((message) =>
      this.encodeMessage(message, (buffer) => buffers.push(buffer.data) - 1),
    );
    return joinFrame(seq, ack, texts, buffers);
  }

  /**
   * Return the JSON text of one message.
   *
   * @param {Message} message  Its values are prepared.
   * @param {(buffer: Buffer) => number | string} place  Called with each buffer, in order; returns its name.
   */
  encodeMessage(message, place) {
    const fields = SPEC[message.op]?.fields ?? [];
    const values = fields.map(([name]) => message[name]);
    const fault = faultOf(message.op, values);
    if (fault) {
      throw new CodecError(fault);
    }
    this.place = place;
    const text = JSON.stringify([message.op, ...values]);
    if (!text.includes("\\ud")) {
      return text;
    }
    // Prepared values were checked; names and texts of errors are not worth a refusal.
    return JSON.stringify(JSON.parse(text), (_, value) =>
      typeof value === "string" ? value.replace(LONE_SURROGATES, "\ufffd") : value,
    );
  }

  /**
   * Return the frame in `data`, validated; its buffers are laid over `data`, not copied.
   *
   * @param {string | ArrayBuffer} data
   * @param {number} limit  Bytes (characters of a text frame) that are allowed.
   * @returns {Frame}
   */
  decodeFrame(data, limit = MAX_FRAME_BYTES) {
    const size = typeof data === "string" ? data.length : data.byteLength;
    if (size > limit) {
      throw new MessageTooLarge(size, limit);
    }
    const [frame, text] = splitFrame(data);
    if (text.includes(MARK)) {
      for (const message of frame.messages) {
        for (const [name, type] of VALUE_FIELDS[message.op]) {
          const value = this._resolve(message[name], frame, 0);
          if (type === "dict" && !isDict(value)) {
            throw new CodecError(`${message.op}.${name} is no dict`);
          }
          message[name] = value;
        }
      }
    }
    return frame;
  }
}

/** @typedef {{path: Path, key: string | number} | null} Path */

/**
 * @param {string} what
 * @param {string} where
 * @param {Path} path
 */
function refusal(what, where, path) {
  let keys = "";
  for (; path; path = path.path) {
    keys = `[${JSON.stringify(path.key)}]${keys}`;
  }
  return new CodecError(what, where + keys);
}

/**
 * @param {string} what
 * @param {string} where
 * @param {Path} path
 * @returns {never}
 */
function refuse(what, where, path) {
  throw refusal(what, where, path);
}

/**
 * @param {number} depth
 * @param {string} where
 * @param {Path} path
 */
function checkDepth(depth, where, path) {
  if (depth >= MAX_DEPTH) {
    refuse(`nested deeper than ${MAX_DEPTH} levels, or contains itself`, where, path);
  }
}

/**
 * @param {Buffer} buffer
 * @returns {never}
 */
function refuseBuffer(buffer) {
  throw new CodecError(`no place for ${buffer.data.length} bytes here`);
}

/** @param {number} value */
function sendable(value) {
  if (Number.isNaN(value)) {
    return {$: ["f", "nan"]};
  }
  if (value === Infinity || value === -Infinity) {
    return {$: ["f", value > 0 ? "inf" : "-inf"]};
  }
  if (Object.is(value, -0)) {
    return {$: ["f", "-0"]};
  }
  return Number.isInteger(value) && Math.abs(value) > MAX_INT ? {$: ["f", String(value)]} : value;
}

/** @param {string} text */
function parseNumber(text) {
  if (text === "nan") {
    return NaN;
  }
  if (text === "inf" || text === "-inf") {
    return text === "inf" ? Infinity : -Infinity;
  }
  const number = Number(text);
  if (Number.isNaN(number) || !text.trim()) {
    throw new CodecError(`a tagged value cannot be read: ${text.slice(0, 40)}`);
  }
  return number;
}

/** @param {any} value */
function isDict(value) {
  const prototype = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  return prototype === Object.prototype;
}

/**
 * @param {any} ref
 * @param {string} dtype
 * @param {number[]} shape
 * @param {Frame} frame
 */
function resolveBuffer(ref, dtype, shape, frame) {
  if (typeof ref === "string") {
    const stored = new Stored(ref, dtype, shape);
    frame.stored.push(stored);
    return stored;
  }
  if (isCount(ref) && ref < frame.buffers.length) {
    return fromBytes(frame.buffers[ref], dtype, shape);
  }
  throw new CodecError(`buffer ${String(ref).slice(0, 20)} is not in this frame`);
}
return {MAX_FRAME_BYTES, MAX_DEPTH, Codec};
})();
modules["./limits.js"] = (function () {
/** The bounds of a connection, in bytes and frames: the mirror of bridge/limits.py. */

const MIB = 2 ** 20;

/** The bounds of a connection; bridge/limits.py says what each means. */
const LIMITS = {
  frameBytes: 64 * MIB,
  queueBytes: 128 * MIB,
  transferBytes: 128 * MIB,
  chunkBytes: 1 * MIB,
  batchBytes: 1 * MIB,
  inFlightBytes: 8 * MIB,
  inFlightFrames: 256,
  ackBytes: 256 * 1024,
  ackFrames: 16,
};
return {LIMITS};
})();
modules["./outbox.js"] = (function () {
/**
 * Messages that wait for their turn to be written: fewer of them while the peer is behind, then in batches. The mirror
 * of bridge/outbox.py.
 */

const {MessageTooLarge} = modules["./errors.js"];

/** @typedef {import("./codec.js").Codec} Codec */
/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./transfers.js").Transfer} Transfer */

/**
 * A message that waits; its large buffers, the transfers, go ahead of it.
 *
 * @typedef {{message: Message, text: string, refs: (number | string)[], inline: Uint8Array[],
 *   transfers: {id: string, data: Uint8Array}[], ownBytes: number, totalBytes: number}} Entry
 */

/** The numbered messages of one epoch that are not in a frame yet, in order. */
class Outbox {
  /**
   * @param {Codec} codec  Writes them.
   * @param {typeof import("./limits.js").LIMITS} limits
   */
  constructor(codec, limits) {
    this._codec = codec;
    this._limits = limits;
    this.waitingBytes = 0;
    /** @type {Map<number, Entry>} */
    this._entries = new Map();
    this._serial = 0;
    /** Where `_first` stands in the entries. @type {IterableIterator<number> | null} */
    this._serials = null;
    this._firstSerial = 0;
    /** Per property, the queued mutations that its next `set` may replace. @type {Map<string, number[]>} */
    this._replaceable = new Map();
    /** The entry whose transfers have begun. @type {Entry | null} */
    this._head = null;
    /** @type {Transfer[]} */
    this._transfers = [];
    this._nextTransfer = 1;
  }

  get isEmpty() {
    return !(this._transfers.length || this._head || this._entries.size);
  }

  // In

  /**
   * Write a message, without queueing it.
   *
   * @param {Message} msg
   * @returns {Entry}
   */
  makeEntry(msg) {
    /** @type {Entry} */
    const entry = {message: msg, text: "", refs: [], inline: [], transfers: [], ownBytes: 0, totalBytes: 0};
    let inlineBytes = 0;
    let transferBytes = 0;
    entry.text = this._codec.encodeMessage(msg, ({data}) => {
      /** @type {number | string} */
      let ref = entry.inline.length;
      if (inlineBytes + data.length <= this._limits.chunkBytes) {
        inlineBytes += data.length;
        entry.inline.push(data);
      } else {
        ref = `b${this._nextTransfer++}`;
        transferBytes += data.length;
        entry.transfers.push({id: ref, data});
      }
      entry.refs.push(ref);
      return ref;
    });
    entry.ownBytes = entry.text.length + inlineBytes;
    entry.totalBytes = entry.ownBytes + transferBytes;
    // The frame adds its numbers and sizes; 64 bytes, and 32 for each buffer, are more than enough.
    const framed = entry.ownBytes + 64 + 32 * entry.inline.length;
    if (framed > this._limits.frameBytes) {
      throw new MessageTooLarge(framed, this._limits.frameBytes);
    }
    return entry;
  }

  /**
   * Return the queued mutations whose place a message may take.
   *
   * @param {Message} msg
   */
  replacedBy(msg) {
    if (msg.op !== "EMIT" || msg.mutation !== "set") {
      return [];
    }
    return (this._replaceable.get(keyOf(msg)) ?? []).filter((serial) => this._entries.has(serial));
  }

  /**
   * Return how much would wait after `put`.
   *
   * @param {Entry} entry
   * @param {number[]} replaced
   */
  bytesWith(entry, replaced) {
    let waiting = this.waitingBytes + entry.totalBytes;
    for (const serial of replaced) {
      waiting -= /** @type {Entry} */ (this._entries.get(serial)).totalBytes;
    }
    return waiting;
  }

  /**
   * Queue an entry, in place of the mutations that `replacedBy` found.
   *
   * @param {Entry} entry
   * @param {number[]} replaced
   */
  put(entry, replaced) {
    this.waitingBytes = this.bytesWith(entry, replaced);
    for (const serial of replaced) {
      this._entries.delete(serial);
    }
    this._serial += 1;
    this._entries.set(this._serial, entry);
    this._remember(entry.message, this._serial, replaced.length > 0);
  }

  /**
   * Keep `_replaceable`: per property, the queued mutations that its next `set` may replace.
   *
   * @param {Message} msg
   * @param {number} serial
   * @param {boolean} hasReplaced
   */
  _remember(msg, serial, hasReplaced) {
    if (msg.op !== "EMIT" || !msg.mutation) {
      this._replaceable.clear();
      return;
    }
    const key = keyOf(msg);
    const serials = hasReplaced ? [] : (this._replaceable.get(key) ?? []);
    if (msg.mutation !== "set") {
      // A partial mutation bars the way to every other property's, not to those of its own.
      this._replaceable.clear();
    }
    serials.push(serial);
    this._replaceable.set(key, serials);
  }

  // Out

  /**
   * Return what the next frame consists of: texts of messages and their buffers. There must be something.
   *
   * @returns {[texts: string[], buffers: Uint8Array[]]}
   */
  take() {
    const batch = this._transfers.length ? null : this._takeBatch();
    return batch ?? this._takeChunk();
  }

  /** @returns {[texts: string[], buffers: Uint8Array[]]} */
  _takeChunk() {
    const transfer = this._transfers[0];
    const start = transfer.done;
    transfer.done = Math.min(start + this._limits.chunkBytes, transfer.data.length);
    const chunk = transfer.data.subarray(start, transfer.done);
    if (transfer.done === transfer.data.length) {
      this._transfers.shift();
    }
    this.waitingBytes -= chunk.length;
    const text = JSON.stringify(["BUFFER", transfer.id, start, transfer.data.length]);
    return [[text], [chunk]];
  }

  /** The entry that has waited longest. One iterator is kept: a new one would walk over all that was deleted before. */
  _first() {
    if (!this._entries.has(this._firstSerial)) {
      this._serials ??= this._entries.keys();
      this._firstSerial = /** @type {number} */ (this._serials.next().value);
    }
    return this._firstSerial;
  }

  /**
   * Take as many messages as go together; null if the next one's transfers have to go first.
   *
   * @returns {[texts: string[], buffers: Uint8Array[]] | null}
   */
  _takeBatch() {
    /** @type {string[]} */
    const texts = [];
    /** @type {Uint8Array[]} */
    const buffers = [];
    let size = 0;
    while (this._head || this._entries.size) {
      let entry = this._head;
      if (entry === null) {
        const serial = this._first();
        entry = /** @type {Entry} */ (this._entries.get(serial));
        if (texts.length && (entry.transfers.length || size + entry.ownBytes > this._limits.batchBytes)) {
          break;
        }
        this._entries.delete(serial);
        if (entry.transfers.length) {
          this._head = entry;
          this._transfers.push(...entry.transfers.map(({id, data}) => ({id, data, done: 0})));
          return null;
        }
      }
      this._head = null;
      texts.push(this._textAt(entry, buffers.length));
      buffers.push(...entry.inline);
      size += entry.ownBytes;
      this.waitingBytes -= entry.ownBytes;
    }
    if (!this._entries.size) {
      this._replaceable.clear();
      this._serials = null; // else it would stop here for good, and hold what it has passed
    }
    return [texts, buffers];
  }

  /**
   * Return the entry's text with its inline buffers counted from `first`.
   *
   * @param {Entry} entry
   * @param {number} first
   */
  _textAt(entry, first) {
    if (!first || !entry.inline.length) {
      return entry.text;
    }
    let i = 0;
    return this._codec.encodeMessage(entry.message, () => {
      const ref = entry.refs[i++];
      return typeof ref === "number" ? ref + first : ref;
    });
  }
}

/** @param {Message} msg */
function keyOf(msg) {
  return `${msg.id}\0${msg.type}`;
}
return {Outbox};
})();
modules["./transfers.js"] = (function () {
/** Large buffers that travel in pieces, ahead of the message that holds them: the mirror of bridge/transfers.py. */

const {MessageTooLarge, ProtocolError} = modules["./errors.js"];

/** @typedef {import("./buffers.js").Stored} Stored */
/** @typedef {import("./frame.js").Frame} Frame */

/**
 * A large buffer on its way out, or in: `data` is filled up to `done`.
 *
 * @typedef {{id: string, data: Uint8Array, done: number}} Transfer
 */

/** What has come in by BUFFER messages, until a message refers to it. */
class Transfers {
  /** @param {number} limitBytes  What they may hold together. */
  constructor(limitBytes) {
    this._limitBytes = limitBytes;
    this._bytes = 0;
    /** @type {Map<string, Transfer>} */
    this._coming = new Map();
  }

  /**
   * Take the piece of a buffer that a frame consists of. If it throws, nothing was changed.
   *
   * @param {Frame} frame
   */
  add(frame) {
    const msg = frame.messages[0];
    if (msg.op !== "BUFFER" || frame.messages.length !== 1 || frame.buffers.length !== 1) {
      throw new ProtocolError("a BUFFER is not alone in its frame, with one buffer");
    }
    const chunk = frame.buffers[0];
    let transfer = this._coming.get(msg.id);
    const done = transfer ? transfer.done : 0;
    const total = transfer ? transfer.data.length : msg.total;
    if (msg.offset !== done || msg.total !== total || !chunk.length || done + chunk.length > total) {
      throw new ProtocolError(`a piece of buffer ${msg.id.slice(0, 20)} does not follow the one before`);
    }
    if (!transfer) {
      if (this._bytes + total > this._limitBytes) {
        throw new MessageTooLarge(this._bytes + total, this._limitBytes);
      }
      transfer = {id: msg.id, data: new Uint8Array(total), done: 0};
      this._coming.set(msg.id, transfer);
      this._bytes += total;
    }
    transfer.data.set(chunk, done);
    transfer.done += chunk.length;
  }

  /**
   * Give values of one frame their bytes, which are then theirs alone. If it throws, nothing was changed.
   *
   * @param {Stored[]} waiting
   */
  fill(waiting) {
    /** @type {Map<string, Uint8Array>} */
    const taken = new Map();
    for (const stored of waiting) {
      const transfer = this._coming.get(stored.id);
      if (!transfer || transfer.done < transfer.data.length || taken.has(stored.id)) {
        throw new ProtocolError(`no buffer ${stored.id.slice(0, 20)} was transferred`);
      }
      stored.check(transfer.data);
      taken.set(stored.id, transfer.data);
    }
    for (const stored of waiting) {
      stored.data = taken.get(stored.id) ?? null;
    }
    for (const [id, data] of taken) {
      this._coming.delete(id);
      this._bytes -= data.length;
    }
  }
}
return {Transfers};
})();
modules["./protocol.js"] = (function () {
/**
 * The connection without its socket: order, repetition after a loss, back-pressure, large buffers in pieces. The
 * mirror of bridge/protocol.py, which explains it; tests/vectors/protocol holds both to the same behaviour.
 */

const {Codec} = modules["./codec.js"];
const {MessageTooLarge, ProtocolError} = modules["./errors.js"];
const {joinFrame} = modules["./frame.js"];
const {LIMITS} = modules["./limits.js"];
const {SPEC, message} = modules["./messages.js"];
const {Outbox} = modules["./outbox.js"];
const {Transfers} = modules["./transfers.js"];

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("./outbox.js").Entry} Entry */

/** One end of a session's connection. */
class Protocol {
  // Outward, for this epoch

  _seq = 0;
  /** @type {{seq: number, data: string | ArrayBuffer}[]} */
  _sent = [];
  _sentBytes = 0;
  _overflowed = false;

  // Inward, for this epoch

  lastReceived = 0;

  // For this socket

  /** @type {Message[]} */
  _control = [];
  /** @type {Message | null} */
  _close = null;
  /** @type {number | null} */
  _pong = null;
  lastPing = 0;
  lastPong = 0;
  _resend = false;
  _owedFrames = 0;
  _owedBytes = 0;

  /**
   * @param {Codec} codec
   * @param {{side?: "client" | "python", limits?: Partial<typeof LIMITS>}} options
   */
  constructor(codec = new Codec(), {side = "client", limits = {}} = {}) {
    this.codec = codec;
    this.limits = {...LIMITS, ...limits};
    this._outbox = new Outbox(this.codec, this.limits);
    this._transfers = new Transfers(this.limits.transferBytes);
    /**
     * Waiting: no peer in this epoch yet. Suspended: the socket is lost, the peer may come back.
     * @type {"waiting" | "connected" | "suspended" | "closed"}
     */
    this.state = "waiting";
    /** The CLOSE that ended it. @type {Message | null} */
    this.closedWith = null;
    /** What `receive` threw last, so that it can be told from what the taker of messages throws. @type {unknown} */
    this.failure = null;
    const [outward, inward] = side === "python" ? ["p→c", "c→p"] : ["c→p", "p→c"];
    const handshake = ["HELLO", "WELCOME"]; // they are over before frames get here
    const names = Object.keys(SPEC);
    this._outgoing = new Set(names.filter((op) => SPEC[op].way === outward || SPEC[op].way === "both"));
    this._incoming = new Set(
      names.filter((op) => (SPEC[op].way === inward || SPEC[op].way === "both") && !handshake.includes(op)),
    );
  }

  _reset() {
    this._outbox = new Outbox(this.codec, this.limits);
    this._seq = 0;
    this._sent = [];
    this._sentBytes = 0;
    this._overflowed = false;
    this.lastReceived = 0;
    this._transfers = new Transfers(this.limits.transferBytes);
    this._resetSocket();
  }

  /** Forget what concerns one socket alone. */
  _resetSocket() {
    this._control = [];
    this._close = null;
    this._pong = null;
    this.lastPing = 0;
    this.lastPong = 0;
    this._resend = false;
    this._owedFrames = 0;
    this._owedBytes = 0;
  }

  // What others may ask

  /** Bytes that were given to `send` and are not in a frame yet. */
  get waitingBytes() {
    return this._outbox.waitingBytes;
  }

  /** Bytes of the frames that the peer has not acknowledged. */
  get inFlightBytes() {
    return this._sentBytes;
  }

  /** Whether what is sent now would wait for the peer. */
  get isBehind() {
    return this.state !== "connected" || !this._hasRoom();
  }

  /** Whether nothing waits and neither side owes the other an acknowledgement. */
  get isSettled() {
    return this._outbox.isEmpty && !this._sent.length && !this._owedFrames;
  }

  /** Whether history was dropped because it grew beyond its bound; only a new epoch helps. */
  get mustRebuild() {
    return this._overflowed;
  }

  /** Whether a PING on this socket was not answered yet. */
  get awaitsPong() {
    return this.lastPong < this.lastPing;
  }

  // Life

  /**
   * Begin with a new socket, whose peer has received everything up to frame `lastSeq`.
   *
   * @param {number} lastSeq
   * @returns {boolean}  False: the peer's gaps cannot be filled, and nothing was changed; begin a new epoch.
   */
  accept(lastSeq) {
    const acknowledged = this._seq - this._sent.length;
    if (this.state === "closed" || this._overflowed || !(acknowledged <= lastSeq && lastSeq <= this._seq)) {
      return false;
    }
    this._resetSocket();
    this._trim(lastSeq);
    this._resend = this._sent.length > 0;
    this.state = "connected";
    return true;
  }

  /** The socket is lost: keep what the peer may need when it comes back. */
  suspend() {
    if (this.state === "connected") {
      this._resetSocket();
      this.state = "suspended";
    }
  }

  /** Drop everything that waits or could be repeated, and count from 1 again. */
  newEpoch() {
    if (this.state !== "closed") {
      this._reset();
      this.state = "waiting";
    }
  }

  /** End for good; whatever is sent or received from now on is dropped. */
  close() {
    this._reset();
    this.state = "closed";
  }

  // Outward

  /**
   * Queue a message; its values are prepared by the codec.
   *
   * While the peer is behind, a `set` takes the place of earlier mutations of the same property, unless something
   * else than a `set` was queued after them. Messages that are not numbered are dropped without a socket.
   *
   * @param {Message} msg
   */
  send(msg) {
    if (this.state === "closed" || this._overflowed) {
      return;
    }
    if (!this._outgoing.has(msg.op)) {
      throw new ProtocolError(`a ${msg.op} is not for this side to send`);
    }
    if (!SPEC[msg.op].numbered) {
      if (this.state === "connected") {
        this._sendControl(msg);
      }
      return;
    }
    const entry = this._outbox.makeEntry(msg);
    const replaced = this.isBehind ? this._outbox.replacedBy(msg) : [];
    const size = this._outbox.bytesWith(entry, replaced) + this._sentBytes;
    if (size > this.limits.queueBytes) {
      this._overflow(entry, size);
      return;
    }
    this._outbox.put(entry, replaced);
  }

  /** Queue a PING and return its number. */
  ping() {
    const n = this.lastPing + 1;
    this.send(message("PING", n));
    return n;
  }

  /** @param {Message} msg */
  _sendControl(msg) {
    if (msg.op === "CLOSE") {
      this._close = msg;
      return;
    }
    if (msg.op === "PING") {
      this.lastPing = Math.max(this.lastPing, msg.n);
    }
    this._control.push(msg);
  }

  /**
   * @param {Entry} entry
   * @param {number} size
   */
  _overflow(entry, size) {
    // Somebody is there to be told, unless the peer is away: then its history is worth less than the memory.
    if (this.state !== "suspended" || entry.totalBytes > this.limits.queueBytes) {
      throw new MessageTooLarge(size, this.limits.queueBytes);
    }
    const lastReceived = this.lastReceived;
    this._reset();
    this.lastReceived = lastReceived;
    this._overflowed = true;
  }

  /**
   * Return what is to be written to the socket now, in order; each frame is returned once per socket.
   *
   * @returns {(string | ArrayBuffer)[]}
   */
  frames() {
    if (this.state !== "connected") {
      return [];
    }
    /** @type {(string | ArrayBuffer)[]} */
    const out = [];
    if (this._pong !== null) {
      this._control.push(message("PONG", this._pong));
      this._pong = null;
    }
    if (this._control.length) {
      out.push(this.codec.encodeFrame(0, this.lastReceived, this._control));
      this._control = [];
    }
    if (this._resend) {
      out.push(...this._sent.map((sent) => sent.data));
      this._resend = false;
    }
    while (!this._outbox.isEmpty && this._hasRoom()) {
      const [texts, buffers] = this._outbox.take();
      out.push(this._number(texts, buffers));
    }
    if (this._close !== null) {
      out.push(this.codec.encodeFrame(0, this.lastReceived, [this._close]));
      this._close = null;
    }
    const isAckDue = this._owedFrames >= this.limits.ackFrames || this._owedBytes >= this.limits.ackBytes;
    if (!out.length && isAckDue) {
      out.push(this.codec.encodeFrame(0, this.lastReceived, [message("ACK", this.lastReceived)]));
    }
    if (out.length) {
      this._owedFrames = this._owedBytes = 0;
    }
    return out;
  }

  _hasRoom() {
    return this._sentBytes < this.limits.inFlightBytes && this._sent.length < this.limits.inFlightFrames;
  }

  /**
   * @param {string[]} texts
   * @param {Uint8Array[]} buffers
   */
  _number(texts, buffers) {
    this._seq += 1;
    const data = joinFrame(this._seq, this.lastReceived, texts, buffers);
    this._sent.push({seq: this._seq, data});
    this._sentBytes += sizeOf(data);
    return data;
  }

  /** @param {number} ack */
  _trim(ack) {
    let count = 0;
    while (count < this._sent.length && this._sent[count].seq <= ack) {
      this._sentBytes -= sizeOf(this._sent[count].data);
      count += 1;
    }
    this._sent.splice(0, count);
  }

  // Inward

  /**
   * Take one frame from the socket and return the messages to act on, in order.
   *
   * Repeated frames give nothing; acknowledgements, pieces of buffers, PING and PONG are consumed. Values that
   * belong to extensions are still to be revived by the codec, message by message. Throws a ProtocolError if the
   * frame breaks a rule; nothing was changed by it then.
   *
   * @param {string | ArrayBuffer} data
   * @returns {Message[]}
   */
  receive(data) {
    if (this.state === "closed") {
      return [];
    }
    try {
      return this._receive(data);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** @param {string | ArrayBuffer} data */
  _receive(data) {
    if (this.state !== "connected") {
      throw new ProtocolError("a frame came before the greeting was over");
    }
    const frame = this.codec.decodeFrame(data, this.limits.frameBytes);
    this._check(frame);
    /** @type {Message[]} */
    let messages = [];
    if (frame.seq === 0) {
      messages = this._receiveControl(frame);
    } else if (frame.seq === this.lastReceived + 1) {
      messages = this._receiveNumbered(frame);
      this.lastReceived = frame.seq;
    } else if (frame.seq > this.lastReceived) {
      throw new ProtocolError(`frame ${frame.seq} came after frame ${this.lastReceived}`);
    }
    if (frame.seq) {
      this._owedFrames += 1;
      this._owedBytes += sizeOf(data);
    }
    this._trim(frame.ack);
    return messages;
  }

  /** @param {Frame} frame */
  _check(frame) {
    if (frame.ack > this._seq) {
      throw new ProtocolError(`frame ${frame.ack} was acknowledged, but ${this._seq} was the last one`);
    }
    if (!frame.messages.length) {
      throw new ProtocolError("a frame holds no message");
    }
    for (const {op} of frame.messages) {
      if (!this._incoming.has(op)) {
        throw new ProtocolError(`a ${op} may not come from this side at this time`);
      }
      if (SPEC[op].numbered !== frame.seq > 0) {
        throw new ProtocolError(`a ${op} came in a frame with number ${frame.seq}`);
      }
    }
  }

  /** @param {Frame} frame */
  _receiveControl(frame) {
    for (const msg of frame.messages) {
      if (msg.op === "ACK" && msg.seq > this._seq) {
        throw new ProtocolError(`frame ${msg.seq} was acknowledged, but ${this._seq} was the last one`);
      }
      if (msg.op === "PONG" && msg.n > this.lastPing) {
        throw new ProtocolError(`PONG ${msg.n} answers a PING that was never sent`);
      }
    }
    for (const msg of frame.messages) {
      if (msg.op === "ACK") {
        this._trim(msg.seq);
      } else if (msg.op === "PING") {
        this._pong = Math.max(this._pong ?? 0, msg.n);
      } else if (msg.op === "PONG") {
        this.lastPong = Math.max(this.lastPong, msg.n);
      } else if (msg.op === "CLOSE") {
        this.close();
        this.closedWith = msg;
        return [msg];
      }
    }
    return [];
  }

  /** @param {Frame} frame */
  _receiveNumbered(frame) {
    if (frame.messages.some(({op}) => op === "BUFFER")) {
      this._transfers.add(frame);
      return [];
    }
    this._transfers.fill(frame.stored);
    return frame.messages;
  }
}

/**
 * Return the HELLO or WELCOME that a frame must consist of.
 *
 * @param {Frame} frame
 * @param {string} op
 */
function greeting(frame, op) {
  if (frame.seq || frame.messages.length !== 1 || frame.messages[0].op !== op) {
    throw new ProtocolError(`the first frame must be ${op}`);
  }
  return frame.messages[0];
}

/** @param {string | ArrayBuffer} data */
function sizeOf(data) {
  return typeof data === "string" ? data.length : data.byteLength;
}
return {Protocol, greeting};
})();
modules["./connection.js"] = (function () {
/**
 * The socket under a `Protocol`: opened, greeted, watched, and opened again when it is lost.
 *
 * It comes back until Python says CLOSE or closes with a code 44xx. Timers of hidden pages tick once a minute, so
 * nothing here is driven by them that a message can drive; Python sends the heartbeat.
 */

const {MAX_INT, PROTOCOL_VERSION, message} = modules["./messages.js"];
const {ProtocolError} = modules["./errors.js"];
const {greeting} = modules["./protocol.js"];

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./protocol.js").Protocol} Protocol */

/** The first wait before a socket is opened again; it doubles up to the longest. */
const RETRY_FIRST_MS = 100;
const RETRY_LONGEST_MS = 5000;

/** How long a socket may take until it has brought a WELCOME. */
const GREETING_MS = 15000;

/** How long a probe may take; Python may be busy. */
const PROBE_MS = 10000;

/** Python is heard once a minute at least. After this much silence it is asked by another way. */
const SILENCE_MS = 90000;
const SILENCE_CHECK_MS = 30000;

/** How long close() waits; engines take up to 40 s if the peer does not answer. */
const CLOSE_MS = 1000;

/**
 * @typedef {object} Options
 * @property {string} url  Of the websocket.
 * @property {Protocol} protocol
 * @property {() => {ticket: string | null, key: string | null, navigation: string, page: string, path: string,
 *   query: string}} hello  What HELLO says; called for each socket.
 * @property {(welcome: Message) => void} onopen  Python accepted; called before anything is sent or received.
 * @property {(data: string | ArrayBuffer) => void} onframe  Give it to the protocol's `receive`.
 * @property {(code: number, reason: string) => void} onclose  It is over for good; called once.
 * @property {AbortSignal} [signal]  Ends the connection.
 * @property {string} [pingUrl]  Answers any GET while Python is there.
 * @property {Partial<Environment>} [environment]  For tests.
 */

/**
 * What the page gives.
 *
 * @typedef {object} Environment
 * @property {new (url: string) => WebSocket} WebSocket
 * @property {typeof fetch} fetch
 * @property {(callback: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} now
 * @property {() => number} random
 * @property {EventTarget} window
 * @property {EventTarget & {hidden?: boolean}} document
 */

/** A connection to Python that comes back by itself. */
class Connection {
  /** @param {Options} options */
  constructor(options) {
    const {url, protocol, hello, onopen, onframe, onclose, signal, pingUrl = "/_ping", environment} = options;
    this.url = url;
    this.pingUrl = pingUrl;
    this.protocol = protocol;
    this.hello = hello;
    this.onopen = onopen;
    this.onframe = onframe;
    this.onclose = onclose;
    /** @type {"idle" | "greeting" | "open" | "waiting" | "probing" | "closing" | "closed"} */
    this.state = "idle";
    /** @type {Environment} */
    this._env = {...pageEnvironment(), ...environment};
    /** @type {WebSocket | null} */
    this._socket = null;
    this._attempts = 0;
    this._heard = 0;
    this._isLeaving = false;
    /** @type {any} */
    this._timer = null;
    this._ended = new AbortController();
    this._signal = signal;
  }

  /** Open the first socket. */
  start() {
    if (this.state !== "idle") {
      return;
    }
    const listen = {signal: this._ended.signal};
    const {window, document} = this._env;
    // Firefox closes the sockets of a page that is being left, and says so to it.
    window.addEventListener("pagehide", () => (this._isLeaving = true), listen);
    window.addEventListener("pageshow", () => this._onReturn(), listen);
    window.addEventListener("online", () => this._onWake(), listen);
    document.addEventListener("visibilitychange", () => document.hidden || this._onWake(), listen);
    if (this._signal?.aborted) {
      this.close();
      return;
    }
    this._signal?.addEventListener("abort", () => this.close(), {once: true, signal: this._ended.signal});
    this._open();
  }

  /** Write what the protocol has to write. */
  flush() {
    this.send(this.protocol.frames());
  }

  /**
   * Write frames of the protocol; if the socket is just being lost, the protocol repeats them on the next one.
   *
   * @param {(string | ArrayBuffer)[]} frames
   */
  send(frames) {
    if (this.state !== "open" || this._socket?.readyState !== 1) {
      return;
    }
    for (const frame of frames) {
      this._socket.send(frame);
    }
  }

  /**
   * End the connection; `onclose` is called within a second.
   *
   * @param {number} code
   * @param {string} reason
   */
  close(code = 1000, reason = "") {
    if (this.state === "closing" || this.state === "closed") {
      return;
    }
    this.state = "closing";
    this._setTimer(() => this._end(code, reason), CLOSE_MS);
    const socket = this._socket;
    if (!socket) {
      this._end(code, reason);
      return;
    }
    socket.onclose = () => this._end(code, reason);
    closeSocket(socket, code, reason);
  }

  // The life of one socket

  _open() {
    /** @type {WebSocket} */
    let socket;
    try {
      socket = new this._env.WebSocket(this.url); // a refusal by policy is thrown in some engines
    } catch {
      this._lose();
      return;
    }
    this.state = "greeting";
    this._socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this._greet(socket);
    socket.onmessage = (event) => this._onMessage(socket, event.data);
    socket.onclose = (event) => this._onSocketClosed(socket, event.code, event.reason);
    this._setTimer(() => this._lose(), GREETING_MS);
  }

  /** @param {WebSocket} socket */
  _greet(socket) {
    if (socket !== this._socket) {
      return;
    }
    const {ticket, key, navigation, page, path, query} = this.hello();
    // A number that Python never gave: it cannot fill the gap, so it begins a new epoch.
    const lastSeq = this.protocol.mustRebuild ? MAX_INT : this.protocol.lastReceived;
    const hello = message("HELLO", PROTOCOL_VERSION, ticket, key, lastSeq, navigation, page, path, query);
    socket.send(this.protocol.codec.encodeFrame(0, 0, [hello]));
  }

  /**
   * @param {WebSocket} socket
   * @param {string | ArrayBuffer} data
   */
  _onMessage(socket, data) {
    if (socket !== this._socket || this.state === "closing") {
      return;
    }
    this._heard = this._env.now();
    try {
      if (this.state === "greeting") {
        this._onWelcome(data);
      } else {
        this.onframe(data);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError) || (this.state === "open" && error !== this.protocol.failure)) {
        throw error;
      }
      this._fail(error.closeCode, error.message);
    } finally {
      this._afterMessage();
    }
  }

  _afterMessage() {
    if (this.protocol.state === "closed" && this.state !== "closed") {
      const {code, reason} = this.protocol.closedWith ?? {code: 1000, reason: ""};
      this.close(code, reason);
    }
    this.flush();
  }

  /** @param {string | ArrayBuffer} data */
  _onWelcome(data) {
    const welcome = this._readWelcome(data);
    const {protocol} = this;
    if (welcome.how !== "replay") {
      if (protocol.state !== "waiting") {
        protocol.newEpoch();
      }
      protocol.accept(0);
    } else if (!protocol.accept(welcome.last_seq)) {
      throw new ProtocolError(`frames since number ${welcome.last_seq} are wanted, which are gone`);
    }
    this._attempts = 0;
    this.state = "open";
    this._setTimer(() => this._checkSilence(), SILENCE_CHECK_MS);
    this.onopen(welcome);
  }

  /** @param {string | ArrayBuffer} data */
  _readWelcome(data) {
    const welcome = greeting(this.protocol.codec.decodeFrame(data), "WELCOME");
    if (welcome.version !== PROTOCOL_VERSION) {
      const what = `protocol version ${welcome.version} was offered, this side speaks ${PROTOCOL_VERSION}`;
      throw new ProtocolError(what, 4426);
    }
    return welcome;
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   * @param {string} reason
   */
  _onSocketClosed(socket, code, reason) {
    if (socket !== this._socket || this._isLeaving) {
      return;
    }
    if (code >= 4400 && code <= 4499) {
      this._end(code, reason);
    } else {
      this._lose();
    }
  }

  // Loss and return

  /** Give the socket up and try again later. */
  _lose() {
    this._drop();
    this.protocol.suspend();
    this.state = "waiting";
    const longest = Math.min(RETRY_FIRST_MS * 2 ** this._attempts, RETRY_LONGEST_MS);
    this._attempts += 1;
    this._setTimer(() => this._retry(), longest * (0.5 + 0.5 * this._env.random()));
  }

  async _retry() {
    // Firefox delays new sockets to a port that refused some, for seconds; a fetch it never delays.
    this.state = "probing";
    const isThere = await this._probe();
    if (this.state !== "probing") {
      return;
    }
    if (isThere) {
      this._open();
    } else {
      this._lose();
    }
  }

  /** Ask whether Python answers at all. */
  async _probe() {
    const patience = new AbortController();
    const timer = this._env.setTimeout(() => patience.abort(), PROBE_MS);
    const giveUp = () => patience.abort();
    this._ended.signal.addEventListener("abort", giveUp);
    try {
      return (await this._env.fetch(this.pingUrl, {cache: "no-store", signal: patience.signal})).ok;
    } catch {
      return false;
    } finally {
      this._env.clearTimeout(timer);
      this._ended.signal.removeEventListener("abort", giveUp);
    }
  }

  /**
   * A network may swallow a socket without a word. But silence is also what a busy Python sounds like, and then the
   * socket is good; so it is given up only if Python answers by another way, yet not by this one.
   */
  async _checkSilence() {
    const socket = this._socket;
    const heard = this._heard;
    if (this._env.now() - heard > SILENCE_MS && (await this._probe())) {
      if (this.state === "open" && socket === this._socket && heard === this._heard) {
        this._lose();
        return;
      }
    }
    if (this.state === "open" && socket === this._socket) {
      this._setTimer(() => this._checkSilence(), SILENCE_CHECK_MS);
    }
  }

  /** The page is shown again, or the network is back: no need to wait for timers. */
  _onWake() {
    if (this.state === "waiting") {
      this._attempts = 0;
      this._setTimer(null, 0);
      this._retry();
    } else if (this.state === "open") {
      this._checkSilence();
    }
  }

  /** The page came back from the browser's cache, perhaps without its socket. */
  _onReturn() {
    this._isLeaving = false;
    if ((this.state === "open" || this.state === "greeting") && (this._socket?.readyState ?? 3) > 1) {
      this._lose();
    }
  }

  // The end

  /**
   * The peer broke a rule.
   *
   * @param {number} code
   * @param {string} reason
   */
  _fail(code, reason) {
    if (this._socket) {
      closeSocket(this._socket, code, reason);
    }
    this._end(code, reason);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  _end(code, reason) {
    if (this.state === "closed") {
      return;
    }
    this._drop();
    this.state = "closed";
    this._ended.abort();
    this.protocol.close();
    this.onclose(code, reason);
  }

  /** Forget the socket; what still comes from it is ignored. */
  _drop() {
    this._setTimer(null, 0);
    const socket = this._socket;
    this._socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      closeSocket(socket, 1000, "");
    }
  }

  /**
   * @param {(() => void) | null} callback
   * @param {number} ms
   */
  _setTimer(callback, ms) {
    if (this._timer !== null) {
      this._env.clearTimeout(this._timer);
      this._timer = null;
    }
    if (callback) {
      const timer = this._env.setTimeout(() => {
        if (this._timer === timer) {
          this._timer = null;
          callback();
        }
      }, ms);
      this._timer = timer;
    }
  }
}

/** @returns {Environment} */
function pageEnvironment() {
  const page = globalThis;
  return {
    WebSocket: page.WebSocket,
    fetch: (input, init) => page.fetch(input, init),
    setTimeout: (callback, ms) => page.setTimeout(callback, ms),
    clearTimeout: (timer) => page.clearTimeout(timer),
    now: () => Date.now(),
    random: () => Math.random(),
    window: page.window,
    document: page.document,
  };
}

/**
 * @param {WebSocket} socket
 * @param {number} code
 * @param {string} reason
 */
function closeSocket(socket, code, reason) {
  try {
    // Pages may use 1000 and 3000 to 4999 only; 120 characters of ASCII fit into a close frame.
    socket.close(code >= 3000 && code <= 4999 ? code : 1000, reason.replace(/[^ -~]/g, "?").slice(0, 120));
  } catch {
    // It was closed already.
  }
}
return {RETRY_FIRST_MS, RETRY_LONGEST_MS, GREETING_MS, PROBE_MS, SILENCE_MS, SILENCE_CHECK_MS, CLOSE_MS, Connection};
})();
modules["./console.js"] = (function () {
/** Forward the page's console, and errors that nobody caught, to Python; each once, and never without printing here. */

const {errorText, isThenable, shortText} = modules["./errors.js"];

/** Lines that wait while there is no connection; older ones are dropped. */
const MAX_HELD = 200;

/** Characters of a line, or of a stack, that are sent. */
const MAX_TEXT = 10000;

/** @type {Record<string, string>} Level of the wire for each function of the console. */
const LEVELS = {log: "info", info: "info", warn: "warning", error: "error"};

class ConsoleForwarder {
  /**
   * @param {any} session
   * @param {any} window
   * @param {{isRunningScript: boolean}} page
   */
  constructor(session, window, page = {isRunningScript: false}) {
    this._page = page;
    this._session = session;
    this._window = window;
    /** @type {Array<[string, string, string]>} */
    this._held = [];
    this._dropped = 0;
    this._isBusy = false;
    /** Errors that were sent: one that is logged and then thrown is one error. @type {WeakSet<object>} */
    this._seen = new WeakSet();
  }

  /**
   * Begin to forward.
   * @returns {() => void} Ends it.
   */
  install() {
    const console = this._window.console;
    const ending = new AbortController();
    /** @type {Record<string, Function>} */
    const originals = {};
    for (const [name, level] of Object.entries(LEVELS)) {
      const original = console[name];
      originals[name] = original;
      console[name] = (/** @type {any[]} */ ...parts) => {
        original.apply(console, parts);
        this._forward(level, parts);
      };
    }
    this._session.printer = {
      log: originals.log.bind(console),
      info: originals.info.bind(console),
      warn: originals.warn.bind(console),
      error: originals.error.bind(console),
    };
    const options = {signal: ending.signal};
    this._window.addEventListener("error", (/** @type {any} */ event) => this._onError(event), options);
    const onRejection = (/** @type {any} */ event) => this._onRejection(event);
    this._window.addEventListener("unhandledrejection", onRejection, options);
    return () => {
      ending.abort();
      Object.assign(console, originals);
      this._session.printer = console;
    };
  }

  /** The connection is there (again): send what waited. */
  resume() {
    const held = this._held;
    this._held = [];
    if (this._dropped > 0) {
      this._send("warning", `${this._dropped} lines of the console were dropped while there was no connection`, "");
      this._dropped = 0;
    }
    for (const line of held) {
      this._send(...line);
    }
  }

  /** @param {any} event */
  _onError(event) {
    // Chromium calls listeners in order of registration here, so this one comes before that of `runScript`.
    if (this._page.isRunningScript) {
      return;
    }
    if (event.error instanceof Error) {
      this._forward("error", ["Uncaught", event.error]);
    } else if (event.message) {
      this._forward("error", [`${event.message} (${event.filename}:${event.lineno})`]);
    }
  }

  /** @param {any} event */
  _onRejection(event) {
    this._forward("error", ["Uncaught, in a promise:", event.reason]);
  }

  /**
   * @param {string} level
   * @param {any[]} parts
   */
  _forward(level, parts) {
    if (this._isBusy || this._session.is_closed) {
      return; // what sending itself logs is not sent
    }
    this._isBusy = true;
    try {
      const error = parts.find((part) => part instanceof Error);
      if (error !== undefined) {
        if (this._seen.has(error)) {
          return;
        }
        this._seen.add(error);
      }
      const text = parts.map(textOf).join(" ").slice(0, MAX_TEXT);
      this._send(level, text, error === undefined ? "" : String(error.stack || "").slice(0, MAX_TEXT));
    } catch {
      // It was printed; a console must never throw.
    } finally {
      this._isBusy = false;
    }
  }

  /**
   * @param {string} level
   * @param {string} text
   * @param {string} stack
   */
  _send(level, text, stack) {
    if (this._session.protocol.state === "connected") {
      this._session.log(level, text, stack);
      return;
    }
    if (this._held.length >= MAX_HELD) {
      this._held.shift();
      this._dropped += 1;
    }
    this._held.push([level, text, stack]);
  }
}

/**
 * A value as a line shows it.
 * @param {any} value
 */
function textOf(value) {
  if (typeof value === "string") {
    return value;
  }
  if (value instanceof Error) {
    return errorText(value);
  }
  if (value !== null && typeof value === "object" && !isThenable(value) && value._IS_COMPONENT !== true) {
    try {
      const text = JSON.stringify(value);
      if (typeof text === "string" && text !== "{}") {
        return text;
      }
    } catch {
      // contains itself, or something that JSON lacks
    }
  }
  return value === undefined ? "undefined" : value === null ? "null" : shortText(value);
}
return {ConsoleForwarder};
})();
modules["./color.js"] = (function () {
/** The values of colour properties; the rules are those of `deskapp/event/_color.py`. */

const {isDict, parseFloating, typeError, valueError} = modules["./values.js"];

/** @type {Record<string, string>} */
const COLOR_NAMES = {
  k: "#000000", black: "#000000",
  w: "#ffffff", white: "#ffffff",
  r: "#ff0000", red: "#ff0000",
  g: "#00ff00", green: "#00ff00", lime: "#00ff00",
  b: "#0000ff", blue: "#0000ff",
  y: "#ffff00", yellow: "#ffff00",
  m: "#ff00ff", magenta: "#ff00ff", fuchsia: "#ff00ff",
  c: "#00ffff", cyan: "#00ffff", aqua: "#00ffff",
  gray: "#808080", grey: "#808080",
};

/** How far a prefix moves a colour, and towards what. @type {Array<[string, number, number]>} */
const COLOR_PREFIXES = [["lighter", 0.66, 1], ["light", 0.33, 1], ["darker", 0.66, 0], ["dark", 0.33, 0]];

/** @param {number} value Rounds as Python's format does: a half goes to the even side. */
function roundHalfEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/**
 * The value of a colour property.
 * @param {any} value
 * @returns {{t: readonly number[], alpha: number, hex: string, css: string}}
 */
function toColor(value) {
  const parts = colorParts(value).map((part) => Math.min(1, Math.max(0, part)));
  const [r, g, b] = parts;
  const alpha = parts.length > 3 ? parts[3] : 1;
  const hex = [r, g, b].map((part) => Math.trunc(part * 255).toString(16).padStart(2, "0")).join("");
  const css = [r, g, b].map((part) => roundHalfEven(part * 255)).join(",");
  const t = Object.freeze([r, g, b, alpha]);
  return {t, alpha, hex: `#${hex}`, css: `rgba(${css},${Number(alpha.toPrecision(6))})`};
}

/** @param {any} value @returns {number[]} Three or four numbers, not clamped. */
function colorParts(value) {
  if (value === null || value === undefined) {
    return [0, 0, 0, 0];
  }
  if (typeof value === "string") {
    return parseColor(value);
  }
  const parts = Array.isArray(value) ? value : isDict(value) ? value.t : undefined;
  if (!Array.isArray(parts)) {
    throw typeError("a colour: a text, three or four numbers, or a dict with t", value);
  }
  if (parts.length !== 3 && parts.length !== 4) {
    throw valueError("three or four numbers", value);
  }
  if (!parts.every((part) => typeof part === "number")) {
    throw typeError("numbers as the channels of a colour", value);
  }
  return parts;
}

/** @param {string} text @returns {number[]} */
function parseColor(text) {
  const plain = text.trim().toLowerCase();
  if (plain === "") {
    return [0, 0, 0, 0];
  }
  if (/^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(plain)) {
    const width = plain.length > 5 ? 2 : 1;
    const parts = [];
    for (let i = 1; i < plain.length; i += width) {
      const digits = plain.slice(i, i + width);
      parts.push(parseInt(width === 1 ? digits + digits : digits, 16) / 255);
    }
    return parts;
  }
  const call = /^rgb(a?)\(([^()]*)\)$/.exec(plain);
  if (call !== null) {
    const items = call[2].split(",");
    if (items.length === (call[1] === "a" ? 4 : 3)) {
      return items.map((item, i) => (i < 3 ? parseFloating(item) / 255 : parseFloating(item)));
    }
  }
  for (const [prefix, amount, target] of COLOR_PREFIXES) {
    const rest = plain.slice(prefix.length);
    if (plain.startsWith(prefix) && Object.prototype.hasOwnProperty.call(COLOR_NAMES, rest)) {
      return parseColor(COLOR_NAMES[rest]).map((part) => part + (target - part) * amount);
    }
  }
  if (Object.prototype.hasOwnProperty.call(COLOR_NAMES, plain)) {
    return parseColor(COLOR_NAMES[plain]);
  }
  throw valueError("a colour", text);
}
return {toColor};
})();
modules["./property.js"] = (function () {
/**
 * Properties: what values each kind accepts and how it converts them.
 *
 * The kinds and their rules are those of `deskapp/event/_property_types.py`.
 */

const {toColor} = modules["./color.js"];
const {makeError, shortText} = modules["./errors.js"];
const {isComponent, isDict, parseFloating, parseInteger, truth, typeError, valueError} = modules["./values.js"];

/**
 * @typedef {object} PropertySpec
 * @property {string} type Name of the Python class without `Prop`, or "Custom".
 * @property {any} [default] Given to the validator at construction; absent: the default of the kind.
 * @property {boolean} [settable]
 * @property {any} [data] Constants: `[options]` of an Enum, the specs inside Either and Null.
 * @property {boolean} [local] Never leaves this side.
 * @property {Function} [validate] For "Custom": `validate(value, name, data)`.
 */

/** @param {any} value @returns {number} */
function toInteger(value) {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) {
      throw valueError("a finite number", value);
    }
    return Math.trunc(value) + 0;
  }
  if (typeof value === "boolean") {
    return value ? 1 : 0;
  }
  if (typeof value === "string") {
    return parseInteger(value);
  }
  throw typeError("an integer", value);
}

/** @param {any} value @returns {number} */
function toFloating(value) {
  if (typeof value === "number") {
    return value;
  }
  if (typeof value === "boolean") {
    return value ? 1 : 0;
  }
  if (typeof value === "string") {
    return parseFloating(value);
  }
  throw typeError("a number", value);
}

/** @param {any} value @returns {readonly number[]} */
function toPair(value) {
  if (typeof value === "number" || typeof value === "boolean") {
    return Object.freeze([Number(value), Number(value)]);
  }
  if (!Array.isArray(value) || value.length !== 2) {
    throw typeError("a number or two numbers", value);
  }
  for (const item of value) {
    if (typeof item !== "number" && typeof item !== "boolean") {
      throw typeError("two numbers", value);
    }
  }
  return Object.freeze([Number(value[0]), Number(value[1])]);
}

/**
 * @param {any} value
 * @param {any} data `[options]`, upper case or not.
 */
function toOption(value, data) {
  if (typeof value !== "string") {
    throw typeError("one of the options as text", value);
  }
  const options = Array.isArray(data[0]) ? data[0] : data;
  const upper = value.toUpperCase();
  for (const option of options) {
    if (option.toUpperCase() === upper) {
      return upper;
    }
  }
  throw valueError(`one of ${options.join(", ")}`, value);
}

/** @type {Record<string, {default: any, convert: (value: any, data: any, prop: Property) => any}>} */
const KINDS = {
  Any: {default: null, convert: (value) => (value === undefined ? null : value)},
  Bool: {default: false, convert: truth},
  TriState: {default: null, convert: (value) => (value === null || value === undefined ? null : truth(value))},
  Int: {default: 0, convert: toInteger},
  Float: {default: 0, convert: toFloating},
  String: {
    default: "",
    convert(value) {
      if (typeof value !== "string") {
        throw typeError("a text", value);
      }
      return value;
    },
  },
  Tuple: {
    default: [],
    convert(value) {
      if (!Array.isArray(value)) {
        throw typeError("a list or tuple", value);
      }
      return Object.freeze(value.slice());
    },
  },
  List: {
    default: [],
    convert(value) {
      if (!Array.isArray(value)) {
        throw typeError("a list or tuple", value);
      }
      return value.slice();
    },
  },
  Dict: {
    default: {},
    convert(value) {
      if (!isDict(value)) {
        throw typeError("a dict", value);
      }
      return Object.assign({}, value);
    },
  },
  Component: {
    default: null,
    convert(value) {
      if (value === null || value === undefined) {
        return null;
      }
      if (!isComponent(value)) {
        throw typeError("a component or None", value);
      }
      return value;
    },
  },
  FloatPair: {default: [0, 0], convert: toPair},
  Enum: {default: undefined, convert: toOption},
  Color: {default: "#000", convert: (value) => toColor(value)},
  Either: {
    default: undefined,
    convert(value, data, prop) {
      const refusals = [];
      for (const inner of prop.inner) {
        try {
          return inner.convert(value);
        } catch (error) {
          refusals.push(/** @type {Error} */ (error));
        }
      }
      // Any ValueError means that the kind was right somewhere.
      const kind = refusals.some((error) => error.name === "ValueError") ? "ValueError" : "TypeError";
      throw makeError(kind, `nothing accepts it: ${refusals.map((error) => error.message).join("; ")}`);
    },
  },
  Null: {
    default: null,
    convert: (value, data, prop) => (value === null || value === undefined ? null : prop.inner[0].convert(value)),
  },
  Custom: {
    default: null,
    convert: (value, data, prop) => prop.spec.validate.call(prop, value, prop.name, data),
  },
};

/** A property as its class declares it. */
class Property {
  /**
   * @param {string} name
   * @param {PropertySpec} spec
   */
  constructor(name, spec) {
    const kind = KINDS[spec.type];
    if (kind === undefined) {
      throw makeError("TypeError", `Property ${name} has the unknown type ${shortText(spec.type)}`);
    }
    this.name = name;
    this.type = spec.type;
    this.spec = spec;
    this.settable = spec.settable === true;
    this.local = spec.local === true;
    this.data = spec.data;
    /** Where an instance keeps its value. */
    this.key = `_${name}_value`;
    /** @type {Property[]} What Either and Null choose from. */
    this.inner = [];
    if (spec.type === "Either" || spec.type === "Null") {
      this.inner = (spec.data || []).map((/** @type {PropertySpec} */ item) => new Property(name, item));
    }
    this._convert = kind.convert;
    this.default = spec.default === undefined ? this._kindDefault(kind.default) : spec.default;
  }

  /** @param {any} fallback */
  _kindDefault(fallback) {
    if (this.type === "Enum") {
      const options = Array.isArray(this.data[0]) ? this.data[0] : this.data;
      return options[0];
    }
    return this.type === "Either" ? this.inner[0].default : fallback;
  }

  /**
   * The value to store; raises if it is not acceptable.
   * @param {any} value
   */
  convert(value) {
    return this._convert(value, this.data, this);
  }

  /**
   * Like `convert`, with errors that name component and property.
   * @param {any} value
   * @param {any} component
   */
  validate(value, component) {
    try {
      return this._convert(value, this.data, this);
    } catch (error) {
      const {name, message} = /** @type {Error} */ (error);
      throw makeError(name, `${component._id}.${this.name}: ${message}`, error);
    }
  }
}
return {Property};
})();
modules["./define_class.js"] = (function () {
/**
 * Component classes, made of what Python says about them.
 *
 * The classes are set up through `__init__`, so that transpiled code may extend them.
 */

const {hasKeywords, positional} = modules["./calling.js"];
const {Component, mayOverlap, setterName} = modules["./component.js"];
const {isThenable, logger, makeError} = modules["./errors.js"];
const {loop} = modules["./loop.js"];
const {Property} = modules["./property.js"];
const {checkedMode} = modules["./reaction.js"];

/**
 * @typedef {object} ClassSpec
 * @property {string} name
 * @property {string} [module]
 * @property {"js"|"py"} [kind] Where its instances live; absent for plain components.
 * @property {any} [base]
 * @property {Record<string, import("./property.js").PropertySpec>} [properties]
 * @property {string[]} [attributes]
 * @property {Record<string, Function|null>} [actions] null: asked for over the wire.
 * @property {string[]} [overlapping] Actions of which calls may run at the same time.
 * @property {Record<string, Function|null>} [emitters] null: cannot be used on this side.
 * @property {Record<string, {func: Function, mode?: string, connections?: string[]}>} [reactions]
 * @property {Record<string, Function>} [methods]
 * @property {Record<string, any>} [constants]
 */

/**
 * Add a method that instances have bound to them, as in Python, but only once it is asked for.
 * On a prototype it is the plain function, which `Base.prototype.name.call(this)` needs.
 * @param {any} proto
 * @param {string} name
 * @param {Function} func
 * @param {Function} [inherited] What the prototype gives instead, for calls of the overridden method.
 */
function addMethod(proto, name, func, inherited = func) {
  if (name.startsWith("__")) {
    Object.defineProperty(proto, name, {value: func, configurable: true, writable: true});
    return;
  }
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      if (!this._made) {
        return inherited;
      }
      const bound = func.bind(this);
      bound.__name__ = name;
      Object.defineProperty(this, name, {value: bound, configurable: true, writable: true});
      return bound;
    },
    set(value) {
      Object.defineProperty(this, name, {value, configurable: true, writable: true});
    },
  });
}

/** Methods of the handwritten bases that are bound too. */
const PUBLIC_METHODS = [
  "dispose",
  "emit",
  "reaction",
  "disconnect",
  "get_event_types",
  "get_event_handlers",
  "_mutate",
  "_addEventListener",
];

/**
 * @param {any} proto
 * @param {string} name
 * @param {Property} prop
 */
function addProperty(proto, name, prop) {
  const key = prop.key;
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      if (loop._accessed !== null) {
        loop.register_prop_access(this, name);
      }
      return this[key];
    },
    set() {
      throw makeError("AttributeError", `${this._id}.${name} is a property: only actions can mutate it`);
    },
  });
  const mutate = `_mutate_${name}`;
  addMethod(proto, mutate, function (/** @type {any[]} */ ...args) {
    const [value, mutation = "set", index = -1] = positional(args, ["value", "mutation", "index"]);
    // @ts-ignore: this is the component
    return this._mutate(name, value, mutation, index);
  });
}

/**
 * @param {any} proto
 * @param {string} name
 */
function addAttribute(proto, name) {
  const key = `_${name}`;
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      return this[key];
    },
    set() {
      throw makeError("AttributeError", `Cannot set attribute ${this._id}.${name}`);
    },
  });
}

/**
 * @param {any} proto
 * @param {string} name
 * @param {Function|null} body null: ask the owner, by `_invoke`.
 */
function addAction(proto, name, body) {
  const call = function (/** @type {any} */ self, /** @type {any[]} */ args, /** @type {boolean} */ isInherited) {
    if (args.length === 1 && hasKeywords(args)) {
      throw makeError("TypeError", `Action ${self._id}.${name}() takes positional arguments only`);
    }
    if (body === null) {
      self._invoke(name, args);
    } else if (!loop.can_mutate(self)) {
      loop.add_action_invokation(self, body, args);
    } else if (isInherited) {
      const result = body.apply(self, args);
      return isThenable(result) ? result : self; // for `await super().action()`, inside of the action
    } else {
      self._perform(body, args);
    }
    return self;
  };
  addMethod(
    proto,
    name,
    function (/** @type {any[]} */ ...args) {
      // @ts-ignore: this is the component
      return call(this, args, false);
    },
    function (/** @type {any[]} */ ...args) {
      // @ts-ignore: this is the component
      return call(this, args, true);
    },
  );
}

/**
 * Inside of an emitter, the base's emitter gives what its function returns; only the outermost emits.
 * @param {any} proto
 * @param {string} name
 * @param {Function|null} func
 */
function addEmitter(proto, name, func) {
  addMethod(proto, name, function (/** @type {any[]} */ ...args) {
    // @ts-ignore: this is the component
    const self = this;
    if (func === null) {
      logger.error(`Emitter ${self._id}.${name}() can only be used in Python`);
      return null;
    }
    const outer = self._emitting;
    if (outer === name) {
      return func.apply(self, args);
    }
    self._emitting = name;
    let info;
    try {
      info = func.apply(self, args);
    } finally {
      self._emitting = outer;
    }
    if (info !== null && info !== undefined) {
      self.emit(name, info);
    }
    return null;
  });
}

/**
 * A map sorted by key.
 * @template T
 * @param {Map<string, T>} map
 * @returns {Map<string, T>}
 */
function sorted(map) {
  return new Map([...map].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
}

/**
 * Make an empty class.
 * @param {string} name
 * @param {string} module
 * @param {any} Base
 * @param {string[]} publicMethods Methods of the handwritten base that instances have bound to them.
 * @returns {{cls: any, proto: any}}
 */
function makeClass(name, module, Base, publicMethods) {
  // Transpiled classes are set up by __init__, so a plain function does; the wrapper object gives it its name.
  const cls = {
    [name]: function (/** @type {any[]} */ ...args) {
      // @ts-ignore: this is the component
      this.__init__(...args);
    },
  }[name];
  Object.setPrototypeOf(cls, Base);
  const proto = Object.create(Base.prototype, {
    constructor: {value: cls, configurable: true, writable: true},
    __name__: {value: name, writable: true},
    __module__: {value: module, writable: true},
    _base_class: {value: Base.prototype, writable: true},
  });
  cls.prototype = proto;
  Object.defineProperty(cls, "__name__", {value: name});
  if (!Object.prototype.hasOwnProperty.call(Base.prototype, "_base_class")) {
    for (const method of publicMethods) {
      if (typeof Base.prototype[method] === "function") {
        addMethod(proto, method, Base.prototype[method]);
      }
    }
  }
  return {cls, proto};
}

/**
 * Make a component class.
 * @param {ClassSpec} spec
 * @returns {any}
 */
function defineClass(spec) {
  const Base = spec.base || Component;
  const {properties = {}, attributes = [], actions = {}, emitters = {}, reactions = {}} = spec;
  const {methods = {}, constants = {}, overlapping = [], name} = spec;
  const inherited = Base.prototype._members;
  const {cls, proto} = makeClass(name, spec.module || "", Base, PUBLIC_METHODS);
  const props = new Map(inherited.properties);
  const acts = new Map(inherited.actions);
  const reacts = new Map(inherited.reactions);
  for (const [key, value] of Object.entries(constants)) {
    Object.defineProperty(proto, key, {value, configurable: true, writable: true, enumerable: true});
  }
  for (const key of attributes) {
    if (key !== "id") {
      addAttribute(proto, key);
    }
  }
  for (const [key, func] of Object.entries(methods)) {
    addMethod(proto, key, func);
  }
  for (const [key, func] of Object.entries(emitters)) {
    addEmitter(proto, key, func);
  }
  for (const [key, body] of Object.entries(actions)) {
    acts.set(key, {isAutogenerated: false, body});
    addAction(proto, key, body);
  }
  for (const key of overlapping) {
    mayOverlap.add(actions[key]);
  }
  for (const [key, propSpec] of Object.entries(properties)) {
    const prop = new Property(key, propSpec);
    props.set(key, prop);
    addProperty(proto, key, prop);
    const setter = setterName(key);
    if (prop.settable && !(setter in proto)) {
      const body = spec.kind === "py" ? null : makeSetter(key);
      acts.set(setter, {isAutogenerated: true, body});
      addAction(proto, setter, body);
    }
  }
  for (const [key, reaction] of Object.entries(reactions)) {
    const connections = reaction.connections || [];
    const mode = checkedMode(reaction.mode || (connections.length > 0 ? "normal" : "auto"));
    reacts.set(key, {func: reaction.func, mode, connections});
    Object.defineProperty(proto, key, {value: reaction.func, configurable: true, writable: true});
  }
  const members = {
    properties: sorted(props),
    actions: sorted(acts),
    emitters: new Set([...inherited.emitters, ...Object.keys(emitters)].sort()),
    reactions: sorted(reacts),
    attributes: new Set([...inherited.attributes, ...attributes].sort()),
  };
  Object.defineProperty(proto, "_members", {value: members});
  return cls;
}

/** @param {string} name */
function makeSetter(name) {
  return function (/** @type {any[]} */ ...values) {
    // @ts-ignore: this is the component
    const self = this;
    if (values.length === 0) {
      throw makeError("TypeError", `${self._id}.${setterName(name)}() needs a value`);
    }
    self._mutate(name, values.length === 1 ? values[0] : values);
  };
}
return {addMethod, addEmitter, sorted, makeClass, defineClass};
})();
modules["./handler.js"] = (function () {
/** Handlers of the older API: reactions that get all events of an iteration in one call, and connect anew then. */

const {loop} = modules["./loop.js"];
const {Reaction} = modules["./reaction.js"];

/** A handler; calling it calls the user's function at once. */
class Handler extends Reaction {
  /**
   * @param {any} component
   * @param {Function} func
   * @param {string[]} strings
   * @param {string} name
   */
  constructor(component, func, strings, name) {
    /** @type {any} */
    const self = super(component, func, "greedy", strings, name);
    /** Connections that are to be resolved again before the next call. @type {Set<number>|undefined} */
    self._stale = new Set();
    return self;
  }

  toString() {
    return `handler ${this._name} of ${this._component._id}`;
  }

  /**
   * Connect anew when the handler is called next, to what a connection string then leads to.
   * @param {number} index
   */
  reconnect(index) {
    if (this._stale === undefined) {
      super.reconnect(index); // it is being made
    } else if (!this._disposed) {
      this._stale.add(index);
      loop.add_reaction_event(this, null);
    }
  }

  /** @param {any[]} events */
  _run(events) {
    const stale = [...(this._stale || [])].sort((a, b) => a - b);
    this._stale = undefined;
    try {
      stale.forEach((index) => super.reconnect(index));
    } finally {
      this._stale = new Set();
      if (events.length > 0) {
        super._run(events);
      }
    }
  }

  /** Call the function now with the events that wait for it, if there are any. */
  handle_now() {
    this._run(loop.take_events(this));
  }
}
return {Handler};
})();
modules["./revision.js"] = (function () {
/**
 * Whose value counts when both sides set one property of a Model: Python is the end point. The rule is explained in
 * bridge/revision.py; this is the page's end of it.
 */

/** @typedef {[rev: number, turn: number]} Mark As it travels; the turn is -1 if the message answers nothing. */

const NO_TURN = -1;

/** What the page knows of one property of one object. */
class PageEnd {
  constructor() {
    this.seen = 0;
    this.turn = 0;
  }

  /**
   * The page has set the property, or its validation has changed the value.
   * @returns {Mark} The mark of the message that tells.
   */
  setHere() {
    this.turn += 1;
    return [this.seen, this.turn];
  }

  /**
   * What is to be done with a value from Python.
   * @param {Mark} mark
   * @returns {"drop"|"take"|"validate"}
   */
  receives([rev, turn]) {
    if (turn === NO_TURN) {
      this.seen = rev;
      return "validate";
    }
    return turn === this.turn ? "take" : "drop";
  }
}
return {PageEnd};
})();
modules["./model.js"] = (function () {
/**
 * `Model`, the older style of objects that live in Python and here, each side with its own code; the mirror of
 * bridge/model.py, where its messages are listed.
 */

const {AppComponent} = modules["./app_component.js"];
const {hasKeywords, MAKING} = modules["./calling.js"];
const {logger, makeError, shortText} = modules["./errors.js"];
const {Handler} = modules["./handler.js"];
const {loop} = modules["./loop.js"];
const {PageEnd} = modules["./revision.js"];
const {isSame} = modules["./values.js"];

/** @typedef {import("./app_component.js").Making} Making */

/**
 * @typedef {object} ModelProperty
 * @property {string} key Where instances keep the value.
 * @property {Function} validate
 * @property {boolean} hasDefault
 * @property {boolean} isReadonly
 */

/** Type of the event by which a blob is acknowledged. */
const RECEIVED = "$received";

/** How often a blob is asked for, if the connection is lost meanwhile. */
const FETCH_ATTEMPTS = 2;

/** @type {ModelProperty} */
const SYNC_PROPS = {
  key: "_sync_props_value",
  validate: (/** @type {any} */ value = true) => Boolean(value),
  hasDefault: true,
  isReadonly: false,
};

/** What every Model declares. */
const MEMBERS = {
  properties: new Map([["sync_props", SYNC_PROPS]]),
  actions: new Map(),
  emitters: new Set(),
  reactions: new Map(),
  attributes: new Set(["id", "root", "session", "uid"]),
  /** Properties that both sides have. */
  shared: new Set(["sync_props"]),
  /** Types of events that Python alone has. */
  remote: new Set(),
};

class Model extends AppComponent {
  /** @param {...any} args What the session gives; others cannot make one. */
  __init__(...args) {
    /** @type {Making|null} */
    const making = hasKeywords(args) ? args[0][MAKING] || null : null;
    if (making === null) {
      throw makeError("RuntimeError", `${this.__name__} is a Model: it can only be made in Python`);
    }
    this._begin();
    this._session = making.session;
    this._id = making.id;
    /** Types of events that Python listens to. @type {Set<string>} */
    this._types = new Set(making.types);
    /** @type {string} Event types that Python was last asked for. */
    this._wanted = "[]";
    this._is_survivor = making.isSurvivor;
    this._is_telling = false;
    /** @type {Set<string>} */
    this._being_set = new Set();
    /** Properties that have been set. @type {Set<string>} */
    this._ever_set = new Set();
    /** @type {Map<string, PageEnd>} */
    this._ends = new Map();
    this._session.register(this);
    const members = this._members;
    for (const name of [...members.emitters, ...members.properties.keys(), ...members.remote]) {
      this._handlers.set(name, []);
    }
    this._observer = (event) => this._tell(event);
    loop._activate_component(this);
    try {
      this._set_defaults();
    } finally {
      loop._deactivate_component(this);
    }
    this._is_telling = !making.isSurvivor;
  }

  _set_defaults() {
    /** @type {any} */
    const self = this;
    for (const prop of this._members.properties.values()) {
      self[prop.key] = null;
    }
    for (const [name, prop] of this._members.properties) {
      if (prop.hasDefault) {
        this._store(name, this._validate(name, prop, undefined));
      }
    }
  }

  /** @returns {any} Those of this very class are put on its prototype by `defineModel`. */
  get _members() {
    return MEMBERS;
  }

  get __handlers__() {
    return [...this._members.reactions.keys()];
  }

  get __local_properties__() {
    return [...this._members.properties.keys()].filter((name) => !this._members.shared.has(name));
  }

  /** For subclasses: set the object up. Values and attributes are there, handlers are not connected yet. */
  init() {}

  get sync_props() {
    return this._get_prop("sync_props");
  }

  set sync_props(value) {
    this._set_prop("sync_props", value);
  }

  // -- Steps of construction and calls that Python asks for ------------------------------------------------------

  /**
   * @param {string} step
   * @param {any[]} args
   */
  _perform_step(step, args) {
    switch (step) {
      case "$init":
        return this._run_init();
      case "$handlers":
        return this._init_handlers();
      case "$set":
        /** @type {any} */ (this)[args[0]] = args[1];
        return undefined;
      case "$run":
        this._session.page.evaluate(`deskapp_model.${args[0]}`, {deskapp_model: this});
        return undefined;
      case "$data":
        this.retrieve_data(args[0], args[1], args[2]);
        return undefined;
      default:
        throw makeError("NotDeclared", `A Model does not know ${shortText(step)}`);
    }
  }

  _run_init() {
    /** @type {any} */
    const self = this;
    const {properties, shared} = this._members;
    const held = [...shared].map((name) => [name, self[properties.get(name).key]]);
    loop._activate_component(this);
    try {
      this.init();
    } finally {
      loop._deactivate_component(this);
      if (this._is_survivor) {
        // What Python holds counts, whatever init makes of an object that it takes for a new one.
        for (const [name, value] of held) {
          this._store(name, value);
        }
        this._is_survivor = false;
        this._is_telling = true;
      }
    }
  }

  /** The last step: connect the handlers of the class, and let the loop deliver what happened so far. */
  _init_handlers() {
    if (this._pending !== null) {
      this._pending.push(null); // marks the end of construction
      loop.call_soon(() => this._deliver_pending());
    }
    for (const [name, {func, connections}] of this._members.reactions) {
      const handler = new Handler(this, func, connections, name);
      Object.defineProperty(this, name, {value: handler, configurable: true});
    }
  }

  // -- Properties ------------------------------------------------------------------------------------------------

  /** @param {string} name */
  _get_prop(name) {
    /** @type {any} */
    const self = this;
    if (loop._accessed !== null) {
      loop.register_prop_access(this, name);
    }
    return self[this._members.properties.get(name).key];
  }

  /**
   * Validate and store a value, now. Setting a property inside of its own validator does nothing.
   * @param {string} name
   * @param {any} value
   */
  _set_prop(name, value) {
    const prop = this._members.properties.get(name);
    if (prop === undefined) {
      const known = this.__properties__.join(", ") || "none";
      throw makeError("AttributeError", `${this.__name__} has no property ${shortText(name)}; it has ${known}`);
    }
    if (!this._being_set.has(name)) {
      this._store(name, this._validate(name, prop, value));
    }
  }

  /**
   * @param {string} name
   * @param {ModelProperty} prop
   * @param {any} value undefined for the default.
   */
  _validate(name, prop, value) {
    this._being_set.add(name);
    try {
      const result = value === undefined ? prop.validate.call(this) : prop.validate.call(this, value);
      return result === undefined ? null : result;
    } finally {
      this._being_set.delete(name);
    }
  }

  /**
   * Hold a validated value, and say so if it is another one.
   * @param {string} name
   * @param {any} new_value
   */
  _store(name, new_value) {
    /** @type {any} */
    const self = this;
    const {key} = this._members.properties.get(name);
    const is_first = !this._ever_set.has(name);
    const old_value = is_first ? new_value : self[key];
    if (is_first || !isSame(old_value, new_value)) {
      this._ever_set.add(name);
      self[key] = new_value;
      this._publish({type: name, source: this, new_value, old_value});
    }
  }

  /** @param {string} name */
  _end_of(name) {
    let end = this._ends.get(name);
    if (end === undefined) {
      end = new PageEnd();
      this._ends.set(name, end);
    }
    return end;
  }

  // -- What happens here is told to Python -----------------------------------------------------------------------

  /** @param {any} event */
  _tell(event) {
    const {type} = event;
    if (!this._is_telling) {
      return;
    }
    if (this._members.shared.has(type) && "new_value" in event && (this.sync_props || type === "sync_props")) {
      this._tell_value(type, event.new_value);
    } else if (this._types.has(type)) {
      const {type: _type, source: _source, ...info} = event;
      this._session.tellLater(this, type, "", info, -1);
    }
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  _tell_value(name, value) {
    this._session.tellLater(this, name, "set", value, this._end_of(name).setHere());
  }

  /** @param {() => void} func Does what Python knows already. */
  _say_nothing(func) {
    const was_telling = this._is_telling;
    this._is_telling = false;
    try {
      func();
    } finally {
      this._is_telling = was_telling;
    }
  }

  // -- What happens in Python ------------------------------------------------------------------------------------

  /**
   * @param {string} type
   * @param {string} mutation
   * @param {any} value
   * @param {any} index
   */
  _receive(type, mutation, value, index) {
    if (mutation === "") {
      this._say_nothing(() => this.emit(type, value));
      return;
    }
    const prop = this._members.properties.get(type);
    if (prop === undefined || mutation !== "set") {
      throw makeError("AttributeError", `${this.__name__} has no property ${shortText(type)} that Python could set`);
    }
    const verdict = this._end_of(type).receives(index);
    if (verdict === "drop") {
      return;
    }
    if (verdict === "take" || this._is_survivor) {
      this._say_nothing(() => this._store(type, value));
      return;
    }
    const validated = this._validate(type, prop, value);
    this._say_nothing(() => this._store(type, validated));
    if (!isSame(validated, value) && this.sync_props) {
      this._tell_value(type, validated);
    }
  }

  /** Types of events that handlers of this side listen to, and that Python does not tell anyway. */
  _wanted_types() {
    return [...this._handlers]
      .filter(([type, entries]) => entries.length > 0 && !this._members.shared.has(type))
      .map(([type]) => type)
      .sort();
  }

  /** @param {string} type */
  _on_connections_changed(type) {
    if (!this._disposed && !this._members.shared.has(type)) {
      this._session.subscriptionChanged(this);
    }
  }

  // -- Handlers --------------------------------------------------------------------------------------------------

  /**
   * Connect a function: `connect(func, "foo", …)` or `connect("foo", …, func)`.
   * @param {...any} args
   * @returns {any} The handler.
   */
  connect(...args) {
    const func = typeof args[0] === "function" ? args[0] : args[args.length - 1];
    const strings = typeof args[0] === "function" ? args.slice(1) : args.slice(0, -1);
    if (typeof func !== "function") {
      throw makeError("TypeError", `connect() connects functions, not ${shortText(func)}`);
    }
    if (strings.length === 0) {
      throw makeError("RuntimeError", "connect() needs one or more connection strings");
    }
    const name = func.__name__ || func.name.replace(/^bound /, "") || "anonymous";
    const handler = new Handler(this, func, strings, name);
    this._anonymous.push(handler);
    return handler;
  }

  // -- Data ------------------------------------------------------------------------------------------------------

  /**
   * Fetch a blob and hand it to `receive_data`.
   * @param {string} url
   * @param {Record<string, any>} meta
   * @param {string} [name] To be acknowledged; a blob that Python has for this object alone.
   * @returns {Promise<void>}
   */
  async retrieve_data(url, meta, name = "") {
    try {
      const buffer = await this._fetch(url, FETCH_ATTEMPTS);
      const {byteLength} = meta;
      if (typeof byteLength === "number" && byteLength !== buffer.byteLength) {
        throw makeError("RuntimeError", `${url} has ${buffer.byteLength} bytes, ${byteLength} were announced`);
      }
      if (name) {
        this._session.tellLater(this, RECEIVED, "", {name}, -1);
      }
      if (!this._disposed) {
        this._session.batch(() => this.receive_data(buffer, meta));
      }
    } catch (error) {
      logger.exception(error, `Data for ${this._id}:`);
    }
  }

  /** The way in which the documents spell it, too. @param {string} url @param {Record<string, any>} meta */
  retreive_data(url, meta) {
    return this.retrieve_data(url, meta);
  }

  /**
   * @param {string} url
   * @param {number} attempts
   * @returns {Promise<ArrayBuffer>}
   */
  async _fetch(url, attempts) {
    try {
      return await this._session.fetch_data(url);
    } catch (error) {
      if (attempts > 1 && error instanceof TypeError) {
        return this._fetch(url, attempts - 1); // the connection was lost; what is not there is another error
      }
      const text = error instanceof Error ? error.message : String(error);
      throw makeError("RuntimeError", `Data for ${this._id} could not be retrieved: ${text}`);
    }
  }

  /**
   * For subclasses: take data that `send_data` sent.
   * @param {ArrayBuffer} _buffer
   * @param {Record<string, any>} _meta
   */
  receive_data(_buffer, _meta) {
    console.warn(`${this._id} received data but did not handle it`);
  }

  // -- The end ---------------------------------------------------------------------------------------------------

  dispose() {
    if (!this._disposed) {
      throw makeError("RuntimeError", `${this._id} is a Model: it can only be disposed in Python`);
    }
  }
}
return {Model};
})();
modules["./define_model.js"] = (function () {
/** Model classes, made of what Python says about them. */

const {addEmitter, addMethod, makeClass, sorted} = modules["./define_class.js"];
const {makeError} = modules["./errors.js"];
const {Model} = modules["./model.js"];

/**
 * @typedef {object} ModelSpec
 * @property {string} name
 * @property {string} [module]
 * @property {any} [base]
 * @property {Record<string, {validate: Function, hasDefault: boolean, isReadonly: boolean}>} [properties]
 * @property {Record<string, Function>} [emitters]
 * @property {Record<string, {func: Function, connections: string[]}>} [handlers]
 * @property {Record<string, Function>} [methods]
 * @property {Record<string, any>} [constants]
 * @property {string[]} [local] All properties, inherited ones too, that Python does not have.
 * @property {string[]} [remote] Types of events that only Python has.
 */

/** Methods of the handwritten base that instances have bound to them. */
const PUBLIC_METHODS = [
  "_set_prop",
  "connect",
  "disconnect",
  "dispose",
  "emit",
  "get_event_handlers",
  "get_event_types",
  "receive_data",
  "retrieve_data",
];

/**
 * @param {any} proto
 * @param {string} name
 * @param {boolean} isReadonly
 */
function addProperty(proto, name, isReadonly) {
  Object.defineProperty(proto, name, {
    configurable: true,
    get() {
      return this._get_prop(name);
    },
    set(value) {
      if (isReadonly) {
        throw makeError("AttributeError", `${this._id}.${name} is readonly: only _set_prop() sets it`);
      }
      this._set_prop(name, value);
    },
  });
}

/**
 * Make a Model class.
 * @param {ModelSpec} spec
 * @returns {any}
 */
function defineModel(spec) {
  const Base = spec.base || Model;
  const {properties = {}, emitters = {}, handlers = {}, methods = {}, constants = {}} = spec;
  const inherited = Base.prototype._members;
  const {cls, proto} = makeClass(spec.name, spec.module || "", Base, PUBLIC_METHODS);
  for (const [key, value] of Object.entries(constants)) {
    Object.defineProperty(proto, key, {value, configurable: true, writable: true, enumerable: true});
  }
  for (const [key, func] of Object.entries(methods)) {
    addMethod(proto, key, func);
  }
  for (const [key, func] of Object.entries(emitters)) {
    addEmitter(proto, key, func);
  }
  const props = new Map(inherited.properties);
  for (const [key, {validate, hasDefault, isReadonly}] of Object.entries(properties)) {
    props.set(key, {key: `_${key}_value`, validate, hasDefault, isReadonly});
    addProperty(proto, key, isReadonly);
  }
  const reacts = new Map(inherited.reactions);
  for (const [key, {func, connections}] of Object.entries(handlers)) {
    reacts.set(key, {func, connections, mode: "greedy"});
    Object.defineProperty(proto, key, {value: func, configurable: true, writable: true});
  }
  const local = new Set(spec.local || []);
  const members = {
    properties: sorted(props),
    actions: new Map(),
    emitters: new Set([...inherited.emitters, ...Object.keys(emitters)].sort()),
    reactions: sorted(reacts),
    attributes: inherited.attributes,
    shared: new Set([...props.keys()].filter((key) => !local.has(key)).sort()),
    remote: new Set(spec.remote || []),
  };
  Object.defineProperty(proto, "_members", {value: members});
  return cls;
}
return {defineModel};
})();
modules["./exported.js"] = (function () {
/**
 * Pages without a Python: what Python said when the page was exported is said again, and what the page would say to
 * Python goes nowhere. Python's components show the values that they had.
 */

const {makeError} = modules["./errors.js"];
const {message} = modules["./messages.js"];

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./session.js").Session} Session */

/**
 * @typedef {object} Record What Python said, and data that code of the page fetches.
 * @property {string} session_id
 * @property {string} app_name
 * @property {Array<string | {base64: string}>} frames
 * @property {Record<string, string>} data By address, as base64.
 */

/** @param {string} text Base64. @returns {ArrayBuffer} */
function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes.buffer;
}

/**
 * Say to a session what Python said.
 * @param {Session} session
 * @param {Record} record
 */
function replay(session, {session_id: id, app_name: name, frames, data}) {
  let hasWarned = false;
  session.unheard = (msg) => {
    if (msg.op !== "INVOKE") {
      return;
    }
    const what = `${msg.id}.${msg.action}()`;
    if (!hasWarned) {
      hasWarned = true;
      session.printer.warn(`${what} does nothing: it needs Python, and this page was exported without it.`);
    }
    if (msg.req > 0) {
      session.fail(msg.req, makeError("SessionClosedException", `${what} needs Python; this page was exported without it`));
    }
  };
  for (const [url, text] of Object.entries(data)) {
    session.blobs.set(session.page.resolve(url), () => bytesOf(text));
  }
  session.opened(message("WELCOME", 0, "", "new", "", id, name, 0));
  session.protocol.accept(0);
  for (const frame of frames) {
    session.receive(typeof frame === "string" ? frame : bytesOf(frame.base64));
  }
}
return {replay};
})();
modules["./loader.js"] = (function () {
/** Modules that Python defines: each a function of the client's runtime object and of the modules it needs. */

const {makeError, shortText} = modules["./errors.js"];

class Loader {
  /** @param {any} runtime The first argument of every module's function. */
  constructor(runtime) {
    this._runtime = runtime;
    /** @type {Map<string, any>} */
    this._modules = new Map();
  }

  /**
   * Define a module, or define it anew.
   * @param {string} name
   * @param {string[]} deps Names of modules that are defined already.
   * @param {(runtime: any, ...deps: any[]) => any} factory Called at once; returns what the module exports.
   */
  define(name, deps, factory) {
    const exported = factory(this._runtime, ...deps.map((dep) => this.require(dep)));
    this._modules.set(name, exported || {});
  }

  /**
   * What a module exports.
   * @param {string} name
   */
  require(name) {
    const exported = this._modules.get(name);
    if (exported === undefined) {
      throw makeError("KeyError", `There is no module ${shortText(name)}`);
    }
    return exported;
  }

  /** @param {string} name */
  has(name) {
    return this._modules.has(name);
  }

  /**
   * A class by the names that INSTANTIATE has for it.
   * @param {string} module
   * @param {string} name
   */
  classOf(module, name) {
    const exported = this._modules.get(module);
    const cls = exported !== undefined ? exported[name] : this._runtime[name]; // the roots are in no module
    if (typeof cls !== "function") {
      throw makeError("KeyError", `There is no class ${shortText(name)} in module ${shortText(module)}`);
    }
    return cls;
  }
}
return {Loader};
})();
modules["./evaluate.js"] = (function () {
/**
 * Evaluate JavaScript text without `eval`, which the page's security policy forbids: as a nonced script element.
 *
 * A text is an expression; else statements whose last one is an expression (found by a bounded search for the place
 * to cut); else the body of an async function, which may `return`. An expression with `await` is one too.
 */

const {makeError, shortText} = modules["./errors.js"];

/** The search for the last expression is quadratic: it is for short texts only. */
const MAX_CUT_TEXT = 8192;
const MAX_CUTS = 32;

/**
 * @typedef {object} Slot Where the script finds its arguments and leaves its outcome.
 * @property {Record<string, any>} args
 * @property {boolean} ran
 * @property {boolean} failed
 * @property {any} value
 * @property {any} error
 */

/**
 * Evaluate a text.
 * @param {string} code
 * @param {Record<string, any>} args Constants that the text may use.
 * @param {{slots: any, runScript: (text: string) => void}} host Holds the slot as `deskapp._slot`; runs a script, and
 *   throws the error if its syntax is wrong.
 * @returns {any} The value, often a promise. Throws what the text throws, or a SyntaxError.
 */
function evaluate(code, args, host) {
  const text = code.replace(/[\s;]+$/, "");
  const start = `{const __slot=deskapp._slot;__slot.ran=true;{const {${argumentNames(args)}}=__slot.args;`;
  const wrap = (/** @type {string} */ head, /** @type {string} */ tail) =>
    `${start}try{${head}__slot.value=(${tail}\n)}catch(e){__slot.failed=true;__slot.error=e}}}`;

  /** @type {Error|null} */
  let refusal = null;
  /** @type {(script: string) => Slot|null} */
  const run = (script) => {
    /** @type {Slot} */
    const slot = {args, ran: false, failed: false, value: undefined, error: undefined};
    const outer = host.slots._slot;
    host.slots._slot = slot; // a text may evaluate another one meanwhile
    try {
      host.runScript(script);
    } catch (error) {
      refusal = /** @type {Error} */ (error);
      return null;
    } finally {
      host.slots._slot = outer;
    }
    if (!slot.ran) {
      throw makeError("SecurityError", "The page's security policy does not let scripts run");
    }
    return slot;
  };

  const hasAwait = /\bawait\b/.test(text);
  let slot = null;
  if (hasAwait) {
    slot = run(wrap("", `(async function(){return(${text}\n)}).call(this)`));
  }
  if (slot === null && !hasAwait) {
    slot = run(wrap("", text)) || runCut(text, wrap, run);
  }
  if (slot === null) {
    slot = run(wrap("", `(async function(){${code}\n}).call(this)`));
  }
  if (slot === null) {
    throw refusal;
  }
  if (slot.failed) {
    throw slot.error;
  }
  return slot.value;
}

/**
 * Find the first place where the text falls into statements and one expression, and run it so.
 * @param {string} text
 * @param {(head: string, tail: string) => string} wrap
 * @param {(script: string) => Slot|null} run
 * @returns {Slot|null}
 */
function runCut(text, wrap, run) {
  if (text.length > MAX_CUT_TEXT) {
    return null;
  }
  const cuts = [];
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === ";" || text[i] === "}" || text[i] === "\n") {
      cuts.push(i + 1);
    }
  }
  for (const cut of cuts.slice(-MAX_CUTS)) {
    const head = text.slice(0, cut);
    // Alone, the head must be whole statements: "if (x)\n" is not, though it is with what we put behind it.
    if (run(`deskapp._slot.ran=true;(function(){${head}\n})`) !== null) {
      const slot = run(wrap(`${head};`, text.slice(cut)));
      if (slot !== null) {
        return slot;
      }
    }
  }
  return null;
}

/** @param {Record<string, any>} args */
function argumentNames(args) {
  const names = Object.keys(args);
  for (const name of names) {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw makeError("ValueError", `${shortText(name)} cannot be the name of a variable`);
    }
  }
  return names.join(",");
}
return {evaluate};
})();
modules["./page.js"] = (function () {
/** The document: scripts and styles that Python sends, the root element, splash and notices. */

const {evaluate} = modules["./evaluate.js"];
const {makeError} = modules["./errors.js"];

/** How long messages wait for a script from a URL, in ms. */
const SCRIPT_TIMEOUT_MS = 20000;

/** What a person reads when a session ends; other codes show Python's reason alone. @type {Record<number, string>} */
const CLOSE_TEXTS = {
  4401: "Please open this window from the app.",
  4409: "This session is open in another window.",
  4429: "As many people use this app as it admits. Please try again later.",
  4450: "This app could not start.",
};

class Page {
  /**
   * @param {any} window
   * @param {string} nonce Lets script and style elements run under the page's security policy.
   * @param {any} slots The object that scripts know as `deskapp`.
   */
  constructor(window, nonce, slots) {
    this.window = window;
    this.document = window.document;
    this._nonce = nonce;
    this.slots = slots;
    /** Whether `runScript` runs: it throws the errors of its script, so nobody else is to report them. */
    this.isRunningScript = false;
    /** Settles when the cookies so far are set. @type {Promise<void>} */
    this._cookies = Promise.resolve();
  }

  /** The element that the app fills. */
  get root() {
    const found = this.document.getElementById("deskapp-root");
    if (found !== null || !this.document.body) {
      return found;
    }
    const root = this.document.createElement("div");
    root.id = "deskapp-root";
    this.document.body.appendChild(root);
    return root;
  }

  /**
   * A component has a node, and no parent that takes it in.
   * @param {any} component
   * @param {any[]} _around The contexts that it was made in, outermost first.
   */
  mount(component, _around) {
    this.root?.appendChild(component._node);
  }

  /**
   * The whole of an address that is relative to the page.
   * @param {string} url
   * @returns {string}
   */
  resolve(url) {
    return new URL(url, this.document.baseURI).href;
  }

  /**
   * Run a script at once. An error that nothing in it catches, of its syntax say, is thrown here and reported nowhere.
   * @param {string} text
   */
  runScript(text) {
    /** @type {any} */
    let failure = null;
    const listen = (/** @type {any} */ event) => {
      failure = event.error || makeError("SyntaxError", `${event.message} (line ${event.lineno})`);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const script = this.document.createElement("script");
    script.nonce = this._nonce;
    script.textContent = text;
    this.window.addEventListener("error", listen, {capture: true});
    const wasRunning = this.isRunningScript;
    this.isRunningScript = true;
    try {
      this.document.head.appendChild(script);
    } finally {
      this.isRunningScript = wasRunning;
      this.window.removeEventListener("error", listen, {capture: true});
      script.remove();
    }
    if (failure !== null) {
      throw failure;
    }
  }

  /** Whether nobody can see it: a tab in the background, a window that is minimised. */
  get isHidden() {
    return this.document.hidden === true;
  }

  /**
   * Evaluate text from Python: see `evaluate`.
   * @param {string} code
   * @param {Record<string, any>} args
   */
  evaluate(code, args) {
    return evaluate(code, args, this);
  }

  /**
   * Load JavaScript or CSS.
   * @param {string} kind "js" or "css".
   * @param {string} name
   * @param {string} text
   * @param {string} url Used if there is no text.
   * @returns {void | Promise<void>} A promise for a script that has to be fetched.
   */
  define(kind, name, text, url) {
    if (kind === "js") {
      if (url) {
        return this._loadScript(url);
      }
      this.runScript(`${text}\n//# sourceURL=deskapp/${encodeURI(name)}`);
      return undefined;
    }
    const element = this.document.createElement(url ? "link" : "style");
    element.nonce = this._nonce;
    element.setAttribute("data-deskapp", name);
    if (url) {
      element.rel = "stylesheet";
      element.href = url;
    } else {
      element.textContent = text;
    }
    for (const old of [...this.document.head.querySelectorAll("[data-deskapp]")]) {
      if (old.getAttribute("data-deskapp") === name) {
        old.remove(); // defined anew
      }
    }
    this.document.head.appendChild(element);
    return undefined;
  }

  /**
   * @param {string} url
   * @returns {Promise<void>}
   */
  _loadScript(url) {
    return new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ why) => reject(makeError("AssetError", `The script ${url} ${why}`));
      const timer = setTimeout(() => fail(`did not load in ${SCRIPT_TIMEOUT_MS / 1000} s`), SCRIPT_TIMEOUT_MS);
      const script = this.document.createElement("script");
      script.nonce = this._nonce;
      script.async = false;
      script.onload = () => {
        clearTimeout(timer);
        resolve();
      };
      script.onerror = () => {
        clearTimeout(timer);
        fail("could not be loaded");
      };
      script.src = url;
      this.document.head.appendChild(script);
    });
  }

  /**
   * Something about the page itself.
   * @param {string} name "title", "cookie" or "theme".
   * @param {any} data
   */
  notice(name, data) {
    if (name === "title") {
      this.document.title = String(data);
    } else if (name === "cookie") {
      // The answer sets the cookie; the URL is good for one time. One after the other: the last one of a name counts.
      this._cookies = this._cookies.then(() => this._fetchCookie(data.url));
    } else if (name === "theme") {
      const theme = data === "dark" || data === "light" ? data : "";
      this.document.documentElement.setAttribute("data-theme", theme);
    }
  }

  /** @param {string} url */
  async _fetchCookie(url) {
    try {
      const answer = await this.window.fetch(url, {cache: "no-store"});
      if (!answer.ok) {
        throw makeError("RuntimeError", `the answer was ${answer.status}`);
      }
    } catch (error) {
      console.error("A cookie could not be set:", error);
    }
  }

  /** The app's first content is complete. */
  showReady() {
    const splash = this.document.getElementById("deskapp-splash");
    if (splash !== null) {
      splash.remove();
    }
  }

  /**
   * The connection is lost, or is back.
   * @param {boolean} isLost
   */
  showLost(isLost) {
    if (isLost) {
      this._showNotice("deskapp-lost", "Connecting to the app again…", "");
    } else {
      this._removeNotice("deskapp-lost");
    }
  }

  /**
   * The session is over.
   * @param {number} code
   * @param {string} reason
   */
  showClosed(code, reason) {
    this.showReady();
    this._removeNotice("deskapp-lost");
    const known = CLOSE_TEXTS[code];
    this._showNotice("deskapp-closed", known || "This window is no longer connected to its app.", known ? "" : reason);
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {string} detail
   */
  _showNotice(id, text, detail) {
    const body = this.document.body;
    if (!body || this.document.getElementById(id) !== null) {
      return;
    }
    const box = this.document.createElement("div");
    box.id = id;
    box.className = "deskapp-notice";
    box.setAttribute("role", "status");
    for (const line of [text, detail]) {
      if (line) {
        const paragraph = this.document.createElement("p");
        paragraph.textContent = line;
        box.appendChild(paragraph);
      }
    }
    body.appendChild(box);
  }

  /** @param {string} id */
  _removeNotice(id) {
    const box = this.document.getElementById(id);
    if (box !== null) {
      box.remove();
    }
  }
}
return {Page};
})();
modules["./dispatch.js"] = (function () {
/**
 * What the session does with each message from Python: one row of a table for each kind. The mirror of
 * session/_dispatch.py.
 */

const {JsComponent, PyComponent} = modules["./app_component.js"];
const {MAKING} = modules["./calling.js"];
const {isThenable, makeError, shortText} = modules["./errors.js"];
const {loop} = modules["./loop.js"];
const {message} = modules["./messages.js"];
const {Model} = modules["./model.js"];

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./session.js").Session} Session */

/** Iterations of the loop before a text is evaluated. */
const MAX_SETTLING = 10;

/** The `req` of a CALL whose value is printed, since nobody waits for it. */
const ECHO = -1;

/** Acts on messages in their order, each in an action phase; what cannot be obeyed is answered by a FAULT. */
class Dispatch {
  /** @param {Session} session */
  constructor(session) {
    this._session = session;
    /** Messages that wait for a script to load, in order. @type {Message[]} */
    this._inbox = [];
    this._is_waiting = false;
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
    if (component instanceof Model) {
      component._receive(type, mutation, this._session.codec.revive(value), index);
      return;
    }
    const isProxy = component instanceof PyComponent;
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
   */
  _answer(req, error, value) {
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
    this._session.send(message("RESULT", req, prepared, failure === null ? null : describe(failure)));
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
      result = this._session.page.evaluate(code, this._session.codec.revive(args));
    } catch (error) {
      this._answer(req, error || new Error(String(error)), null);
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
    } else {
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
 */
function describe(error) {
  if (error instanceof Error || (typeof error === "object" && error !== null && "message" in error)) {
    const {name, message: text, stack} = /** @type {Error} */ (error);
    return {name: String(name || "Error"), text: String(text), stack: String(stack || "")};
  }
  return {name: "Error", text: String(error), stack: ""};
}
return {Dispatch};
})();
modules["./session.js"] = (function () {
/**
 * The session in the page: which components there are, and what to do with each message from Python.
 *
 * After each received frame its messages are dispatched, the event loop iterates, and what all that had to say is
 * handed to the protocol's frames at once. Changes at other times leave at the end of the loop's next iteration.
 */

const {JsComponent, StubComponent} = modules["./app_component.js"];
const {Codec} = modules["./codec.js"];
const {Dispatch} = modules["./dispatch.js"];
const {makeError} = modules["./errors.js"];
const {loop} = modules["./loop.js"];
const {message} = modules["./messages.js"];
const {Protocol} = modules["./protocol.js"];

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

class Session {
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
    if (this.is_closed) {
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
    return new Promise((resolve, reject) => {
      if (this.is_closed) {
        throw makeError("SessionClosedException", "The session is closed");
      }
      this._last_req += 1;
      const req = this._last_req;
      this.asked.set(req, {resolve, reject});
      try {
        this.invoke(component, action, args, req);
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
return {Session};
})();
modules["./index.js"] = (function () {
/**
 * The entry of the client: makes `window.deskapp`, the session and its connection.
 *
 * Everything here happens once, while the client's script runs; only then is `document.currentScript`, which has the
 * nonce under which scripts may run, this script.
 */

const {JsComponent, PyComponent, setPageSession, StubComponent} = modules["./app_component.js"];
const {Component} = modules["./component.js"];
const {Connection} = modules["./connection.js"];
const {ConsoleForwarder} = modules["./console.js"];
const {defineClass} = modules["./define_class.js"];
const {defineModel} = modules["./define_model.js"];
const {logger} = modules["./errors.js"];
const {replay} = modules["./exported.js"];
const {Loader} = modules["./loader.js"];
const {loop} = modules["./loop.js"];
const {PROTOCOL_VERSION} = modules["./messages.js"];
const {Model} = modules["./model.js"];
const {Page} = modules["./page.js"];
const {mutate_array, mutate_dict} = modules["./mutation.js"];
const {Session} = modules["./session.js"];

/** Where a tab keeps the key of its session, for reloads. */
const KEY_NAME = "deskapp.key";

/** Python does not know this tab's key (any more). */
const CODE_NO_KEY = 4401;

/**
 * What the page's own storage holds, or null; some engines have none in private mode.
 * @param {any} window
 * @returns {string|null}
 */
function readKey(window) {
  try {
    return window.sessionStorage.getItem(KEY_NAME);
  } catch {
    return null;
  }
}

/**
 * @param {any} window
 * @param {string|null} key
 */
function storeKey(window, key) {
  try {
    if (key === null) {
      window.sessionStorage.removeItem(KEY_NAME);
    } else {
      window.sessionStorage.setItem(KEY_NAME, key);
    }
  } catch {
    // Without storage a reload needs a new ticket.
  }
}

/**
 * Take the one-time ticket out of the address, and clean the address.
 * @param {any} window
 * @returns {string|null}
 */
function takeTicket(window) {
  const {hash, pathname, search} = window.location;
  const found = /^#k=([A-Za-z0-9_-]+)$/.exec(hash);
  if (found === null) {
    return null;
  }
  window.history.replaceState(window.history.state, "", pathname + search);
  return found[1];
}

/** @param {any} window @returns {string} 128 random bits. */
function randomId(window) {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {any} window How the page was reached. */
function navigationType(window) {
  const [entry] = window.performance.getEntriesByType("navigation");
  const type = entry ? entry.type : "navigate";
  return type === "reload" || type === "back_forward" ? type : "navigate";
}

/**
 * Make the client of a page; it connects unless the script says `data-connect="no"`, as exported pages do.
 * @param {any} window
 * @param {{nonce: string, dataset: Record<string, string>}} script The element of this very script.
 * @returns {{session: Session, connection: Connection|null}}
 */
function start(window, script) {
  const event = {Component, JsComponent, Model, PyComponent, StubComponent, loop, logger, mutate_array, mutate_dict};
  const loader = new Loader({...event, defineClass, defineModel});
  /** @type {any} */
  const deskapp = {
    define: loader.define.bind(loader),
    require: loader.require.bind(loader),
    event,
    version: PROTOCOL_VERSION,
  };
  const page = new Page(window, script.nonce, deskapp);
  const session = new Session({page, loader});
  deskapp.session = session;
  setPageSession(session);
  window.deskapp = deskapp;
  if (script.dataset.connect === "no") {
    deskapp.replay = (/** @type {any} */ record) => replay(session, record);
    return {session, connection: null};
  }
  const forwarder = new ConsoleForwarder(session, window, page);
  forwarder.install();
  return {session, connection: connect(window, session, forwarder)};
}

/**
 * @param {any} window
 * @param {Session} session
 * @param {ConsoleForwarder} forwarder
 */
function connect(window, session, forwarder) {
  const {location} = window;
  const ticket = takeTicket(window);
  const pageId = randomId(window);
  const navigation = navigationType(window);
  const name = /^\/([^/]*)/.exec(location.pathname);
  let wasOpen = false;
  const connection = new Connection({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/_ws/${name ? name[1] : ""}`,
    protocol: session.protocol,
    hello: () => ({
      ticket: wasOpen ? null : ticket, // good for one time
      key: readKey(window) || session.key,
      navigation,
      page: pageId,
      path: location.pathname,
      query: location.search.slice(1),
    }),
    onopen(welcome) {
      session.key = welcome.key;
      storeKey(window, welcome.key);
      if (wasOpen && welcome.how !== "replay") {
        // Python cannot fill in what this page has missed: let it be made anew, from nothing.
        session.is_closed = true;
        location.reload();
        return;
      }
      wasOpen = true;
      session.opened(welcome);
      forwarder.resume();
    },
    onframe: (data) => session.receive(data),
    onclose(code, reason) {
      if (code === CODE_NO_KEY) {
        storeKey(window, null);
      }
      session.close(code, reason);
    },
  });
  session.write = (frames) => connection.send(frames);
  connection.start();
  return connection;
}

if (typeof document !== "undefined" && document.currentScript) {
  // @ts-ignore: it is a script element of HTML
  start(window, document.currentScript);
}
return {start};
})();
})();
