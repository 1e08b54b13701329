/** The window around the page, as the page knows it: `session.window`, what it can be asked for and what is told of it. */

import {announceDrop, listenForDrops} from "./drops.js";
import {listenForDrags, listenForEdges} from "./gestures.js";

/** @typedef {import("./session.js").Session} Session */

/**
 * What Python tells by NOTICE "window", and what holds until it does.
 *
 * @type {Record<string, boolean | string>}
 */
const UNTOLD = {
  frameless: false,
  transparent: false,
  resizable: true,
  maximized: false,
  fullscreen: false,
  minimized: false,
  has_focus: false,
  can_drag: false,
  theme: "",
};

/** Attributes of the root element, for style sheets: there while the state holds. @type {Record<string, string>} */
const ATTRIBUTES = {
  frameless: "data-deskapp-frameless",
  transparent: "data-deskapp-transparent",
  maximized: "data-deskapp-maximized",
  fullscreen: "data-deskapp-fullscreen",
  has_focus: "data-deskapp-focused",
};

/**
 * The window of a session's page. Until `install` was called there is none: in exported pages and in notebooks all wishes
 * are without effect.
 */
export class PageWindow {
  /** @param {Session} session */
  constructor(session) {
    this._session = session;
    this._state = {...UNTOLD};
    /** Ends all that was installed. @type {AbortController|null} */
    this._installed = null;
    /** Ends the resizing by edges, while that is possible. @type {(() => void)|null} */
    this._stopEdges = null;
    /** Ends the question before the page is left, while there is one. @type {AbortController|null} */
    this._asking = null;
    this._isFocusTold = false;
  }

  // -- What is known of it -----------------------------------------------------------------------------------------

  /** Whether it has no title bar and no border. */
  get frameless() {
    return this._state.frameless === true;
  }

  /** Whether the user may resize it. */
  get resizable() {
    return this._state.resizable === true;
  }

  get maximized() {
    return this._state.maximized === true;
  }

  get fullscreen() {
    return this._state.fullscreen === true;
  }

  get minimized() {
    return this._state.minimized === true;
  }

  /** Whether it has the keyboard. */
  get has_focus() {
    return this._state.has_focus === true;
  }

  /** Whether `start_drag` and `start_resize` have an effect. */
  get can_drag() {
    return this._state.can_drag === true;
  }

  /** "light" or "dark", as the desktop is; empty if nobody told. */
  get theme() {
    return String(this._state.theme);
  }

  // -- What it can be asked for ------------------------------------------------------------------------------------

  /** Let the pointer, whose button is down, move the window. */
  start_drag() {
    this._gesture("start_drag", null);
  }

  /**
   * Let the pointer, whose button is down, resize the window.
   * @param {string} edge "n", "ne", "e", "se", "s", "sw", "w" or "nw".
   */
  start_resize(edge) {
    this._gesture("start_resize", edge);
  }

  minimize() {
    this._ask("minimize");
  }

  maximize() {
    this._ask("maximize");
  }

  /** Back to normal from maximized, minimized or fullscreen. */
  restore() {
    this._ask("restore");
  }

  /** Maximize, or restore what is maximized. */
  toggle_maximize() {
    this._ask("toggle_maximize");
  }

  /** @param {boolean} on */
  set_fullscreen(on) {
    this._ask("fullscreen", Boolean(on));
  }

  /** Close the window, as its close button does: an application that wants to be asked first is asked. */
  close() {
    this._ask("close");
  }

  /** Bring the window to the front and give it the keyboard. */
  focus() {
    this._ask("focus");
  }

  /** Print the page. It is the one wish that a page without a window grants itself. */
  print() {
    if (this._installed === null) {
      this._session.page.window.print();
    } else {
      this._ask("print");
    }
  }

  /** @param {number} factor 1 is normal. */
  set_zoom(factor) {
    this._ask("zoom", factor);
  }

  /**
   * Show a native menu.
   * @param {string} menu The name under which Python knows it.
   * @param {number} x In CSS pixels of the page.
   * @param {number} y
   */
  popup_menu(menu, x, y) {
    this._ask("popup_menu", {menu, x, y});
  }

  /**
   * Tell Python that files were dropped; a page gets to know their names, but not where they are.
   * @param {string[]} names
   * @param {number} x In CSS pixels of the page.
   * @param {number} y
   */
  tell_drop(names, x, y) {
    this._ask("drop", {names, x, y});
  }

  /**
   * @param {string} verb
   * @param {any} [data]
   */
  _ask(verb, data = null) {
    if (this._installed !== null) {
      this._session.host(verb, data);
    }
  }

  /**
   * Ask for something that has a meaning only now, while the button is down.
   * @param {string} verb
   * @param {any} data
   */
  _gesture(verb, data) {
    if (this._session.protocol.state === "connected") {
      this._ask(verb, data);
      this._session.flush();
    }
  }

  // -- Life --------------------------------------------------------------------------------------------------------

  /**
   * There is a window: begin to listen to the pointer, and to what is dropped.
   * @returns {() => void} Ends it.
   */
  install() {
    if (this._installed === null) {
      const {window, document} = this._session.page;
      this._installed = new AbortController();
      const {signal} = this._installed;
      listenForDrags(this, window, signal);
      listenForDrops(this, window, signal);
      // Where nobody tells who has the keyboard, as in a tab, the page knows of itself.
      const look = () => this._isFocusTold || this._learn({has_focus: document.hasFocus()});
      window.addEventListener("focus", look, {signal});
      window.addEventListener("blur", look, {signal});
      look();
    }
    return () => this._remove();
  }

  _remove() {
    this.stop_asking();
    this._learn(UNTOLD);
    this._installed?.abort();
    this._installed = null;
    this._isFocusTold = false;
  }

  /**
   * Act on a NOTICE, if it is about the window.
   * @param {string} name
   * @param {any} data
   * @returns {boolean} Whether it is.
   */
  notice(name, data) {
    if (this._installed === null) {
      return false;
    }
    if (name === "window") {
      this._isFocusTold ||= "has_focus" in data;
      this._learn(data);
    } else if (name === "dropped") {
      announceDrop(this._session.page, data);
    } else if (name === "confirm_close") {
      this._askBefore(data || "");
    } else {
      return false;
    }
    return true;
  }

  /**
   * Take over what is news, show it to style sheets, and tell it to whoever listens.
   * @param {Record<string, any>} facts
   */
  _learn(facts) {
    /** @type {Record<string, any>} */
    const changed = {};
    for (const name of Object.keys(UNTOLD)) {
      if (name in facts && facts[name] !== this._state[name]) {
        this._state[name] = changed[name] = facts[name];
      }
    }
    if (Object.keys(changed).length === 0) {
      return;
    }
    const {window, document} = this._session.page;
    for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
      if (name in changed) {
        document.documentElement.toggleAttribute(attribute, changed[name] === true);
      }
    }
    this._followEdges(window);
    window.dispatchEvent(new CustomEvent("deskapp-window", {detail: changed}));
  }

  /** @param {any} window */
  _followEdges(window) {
    const isWanted = this.frameless && this.resizable && this.can_drag && !this.maximized && !this.fullscreen;
    if (isWanted && this._stopEdges === null) {
      this._stopEdges = listenForEdges(this, window);
    } else if (!isWanted && this._stopEdges !== null) {
      this._stopEdges();
      this._stopEdges = null;
    }
  }

  /**
   * Have the browser ask before the page is left. There is no listener while nothing is to be asked: one would keep the
   * page out of the cache of pages.
   * @param {string} text Engines of today show one of their own. Empty: do not ask.
   */
  _askBefore(text) {
    this.stop_asking();
    if (text !== "") {
      this._asking = new AbortController();
      const ask = (/** @type {any} */ event) => {
        event.preventDefault();
        event.returnValue = text; // for engines that do not go by preventDefault
      };
      this._session.page.window.addEventListener("beforeunload", ask, {signal: this._asking.signal});
    }
  }

  /** The page may be left without a question. */
  stop_asking() {
    this._asking?.abort();
    this._asking = null;
  }
}
