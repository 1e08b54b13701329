/** Fields that stay in the page, by name; and who wants to know when they change. */

import {Field} from "./fields.js";

/** @type {Record<string, import("./kinds.js").Kind>} */
export const PIN_KINDS = {
  pin: {make: ({field}, page) => page.pins.make(field)},
};

export class Pins {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    /** Ids of callbacks, by field. @type {Map<string, string[]>} */
    this._listeners = new Map();
    /** Who waits for a change, by number. @type {Map<number, {names: string[], resolve: (change: any) => void}>} */
    this._waits = new Map();
    /**
     * What fields had in them when a wait for them was last over: who waits again is to learn of a change since then.
     * @type {Map<string, {seen: string, isMissed: boolean}>}
     */
    this._seen = new Map();
    this._isPressed = false;
    /** What waits until the pointer is released. @type {(() => void)[]} */
    this._afterwards = [];
    this._watchPointer();
    /** @type {Record<string, (data: any) => any>} */
    this.verbs = {
      pins: (names) => this._values(names),
      pin_change: ([name, change]) => {
        this.fields.get(name)?.update(change);
        if (this._seen.has(name)) {
          this._see(name); // the program has it as it wants it
        }
      },
      pin_wait: ([number, names]) =>
        this._missed(names) ||
        new Promise((resolve) => {
          this._waits.set(number, {names, resolve});
        }),
      pin_unwait: (number) => this._settle(number, null),
      pin_on: ([name, id, clears, isNow]) => this._listen(name, id, clears, isNow),
    };
  }

  /**
   * The element of a field; one of its name that is there gives the name up.
   * @param {any} spec
   * @returns {HTMLElement}
   */
  make(spec) {
    const hooks = {changed: (/** @type {Field} */ field) => this._changed(field)};
    const field = new Field(spec, this.page, hooks, false);
    this.fields.set(spec.name, field);
    this._seen.delete(spec.name);
    field.element.addEventListener("focusout", () => this._whenReleased(() => this._check(field)));
    return field.element;
  }

  /** @param {Field} field */
  _check(field) {
    const {fault} = field;
    if (fault !== null) {
      field.showFault(fault);
    }
  }

  /**
   * Do something that moves what is below, once it would not move away under a pointer that is pressed.
   * @param {() => void} act
   */
  _whenReleased(act) {
    if (this._isPressed) {
      this._afterwards.push(act);
    } else {
      act();
    }
  }

  _watchPointer() {
    const {document} = this.page;
    const released = () => {
      this._isPressed = false;
      const acts = this._afterwards.splice(0);
      document.defaultView.setTimeout(() => acts.forEach((act) => act()), 0); // the click comes first
    };
    document.addEventListener("pointerdown", () => (this._isPressed = true), true);
    document.addEventListener("pointerup", released, true);
    document.addEventListener("pointercancel", released, true);
  }

  /**
   * A change that came when nobody waited.
   * @param {string[]} names
   * @returns {[name: string, raw: any] | null}
   */
  _missed(names) {
    const name = names.find((each) => this._seen.get(each)?.isMissed && this.fields.get(each)?.element.isConnected);
    if (name === undefined) {
      return null;
    }
    this._see(name);
    return [name, this.fields.get(name)?.raw];
  }

  /**
   * A wait is over.
   * @param {number} number
   * @param {[name: string, raw: any] | null} change
   */
  _settle(number, change) {
    const wait = this._waits.get(number);
    this._waits.delete(number);
    for (const name of wait?.names || []) {
      if (name === change?.[0] || !this._seen.get(name)?.isMissed) {
        this._see(name);
      }
    }
    wait?.resolve(change);
  }

  /** What is in a field is known. @param {string} name */
  _see(name) {
    this._seen.set(name, {seen: JSON.stringify(this.fields.get(name)?.raw), isMissed: false});
  }

  /** Values as they travel, of those that are in the page. @param {string[]} names */
  _values(names) {
    const found = names.flatMap((name) => {
      const field = this.fields.get(name);
      return field?.element.isConnected ? [[name, field.raw]] : [];
    });
    return Object.fromEntries(found);
  }

  /**
   * @param {string} name
   * @param {string} id
   * @param {boolean} clears
   * @param {boolean} isNow
   */
  _listen(name, id, clears, isNow) {
    const earlier = clears ? [] : this._listeners.get(name) || [];
    this._listeners.set(name, id ? [...earlier, id] : earlier);
    const field = this.fields.get(name);
    if (isNow && field) {
      this.page.report(id, [field.raw]);
    }
  }

  /** @param {Field} field */
  _changed(field) {
    const {name, raw} = field;
    if (this.fields.get(name) !== field) {
      return; // another one has its name
    }
    const seen = this._seen.get(name);
    if (seen) {
      seen.isMissed = JSON.stringify(raw) !== seen.seen;
    }
    for (const [number, {names}] of this._waits) {
      if (names.includes(name)) {
        this._settle(number, [name, raw]);
      }
    }
    for (const id of this._listeners.get(name) || []) {
      this.page.report(id, [raw]);
    }
  }
}
