/**
 * The event loop of the page: queued calls, actions and reactions, and what may be mutated when.
 *
 * One iteration drains the three queues in that order. Each queue is swapped for an empty one as its phase starts, so
 * what is queued in a phase for the same or an earlier phase waits for the next iteration. Names and meaning are those
 * of the Python mirror, `deskapp/event/_loop.py`; the vectors in `tests/vectors/events/` are run by both.
 */

import {logger, makeError} from "./errors.js";

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

export class Loop {
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
export const loop = new Loop();
