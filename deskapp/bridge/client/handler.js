/** Handlers of the older API: reactions that get all events of an iteration in one call, and connect anew then. */

import {loop} from "./loop.js";
import {Reaction} from "./reaction.js";

/** A handler; calling it calls the user's function at once. */
export class Handler extends Reaction {
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
