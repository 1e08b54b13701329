/** What a function shows: elements in scopes. Python says what; here is where and how. */

import {makeNode} from "./dom.js";
import {Forms} from "./forms.js";
import {KINDS} from "./kinds.js";
import {VERBS} from "./verbs.js";
import {Pins} from "./pins.js";

/** Of more things than this that appear at once, none is faded in. */
const MAX_FADING = 40;

/**
 * @typedef {[number: number, kind: string, props: Record<string, any>]} Spec
 * @typedef {string | number | Spec} Content A text, an element that is there, or one to make.
 */

export class ScriptPage {
  /** @param {any} session The page's session. */
  constructor(session) {
    this.session = session;
    this.page = session.page;
    this.document = session.page.document;
    /**
     * What each element was made of, and the style that it has by itself.
     * @type {WeakMap<Element, {kind: string, props: Record<string, any>, style: string}>}
     */
    this._made = new WeakMap();
    /** Elements that have just come. @type {Element[]} */
    this._fresh = [];
    this._ids = 0;
    this._fades = true;
    this._scrolls = false;
    /** @type {Record<string, (data: any) => any>} */
    this.verbs = {
      put: (data) => this._put(data),
      change: (data) => this._change(data),
      clear: (name) => this._scope(name)?.replaceChildren(),
      remove: (name) => this._scope(name)?.remove(),
      scroll: ([name, position]) => this._scrollTo(name, position),
      fault: () => this.showFault(),
    };
    this._build();
    this.forms = new Forms(this);
    this.pins = new Pins(this);
    Object.assign(this.verbs, this.forms.verbs, this.pins.verbs);
  }

  /** Settings of the page, as `set_env` set them. @returns {Record<string, any>} */
  get environment() {
    return this.page.slots.environment || {};
  }

  _build() {
    const root = this.page.root;
    this.frame = makeNode(this.document, "div", {class: "pico deskapp-script"});
    this.main = makeNode(this.document, "main", {id: "scope-ROOT", class: "deskapp-scope deskapp-content"});
    this.frame.append(this.main);
    root.classList.add("deskapp-shows");
    root.append(this.frame);
  }

  /**
   * Do what Python says.
   * @param {string} verb
   * @param {any} data
   * @returns {any} The answer, or its promise.
   */
  take(verb, data) {
    const act = this.verbs[verb];
    if (act !== undefined) {
      return act(data);
    }
    if (VERBS[verb] === undefined) {
      throw new Error(`This page does not know how to ${verb}`);
    }
    return VERBS[verb](data, this);
  }

  /**
   * Tell Python what the user did.
   * @param {string} id
   * @param {any} data
   */
  report(id, data) {
    this.session.report(id, data);
  }

  /**
   * Like `report`, with an answer.
   * @param {string} id
   * @param {any} data
   * @returns {Promise<any>}
   */
  consult(id, data) {
    return this.session.consult(id, data);
  }

  // -- Elements --------------------------------------------------------------------------------------------------

  /** @param {[Spec, string, number]} data */
  _put([spec, scope, position]) {
    const place = this._scope(scope);
    if (!place) {
      return; // it went while this was on its way
    }
    const element = this.make(spec);
    const {children} = place;
    const before = position >= 0 ? children[position] : children[children.length + position + 1];
    place.insertBefore(element, before || null);
    this._appeared(element, place === this.main);
  }

  /**
   * An element of what Python says.
   * @param {Spec} spec
   * @returns {HTMLElement}
   */
  make([number, kind, props]) {
    const maker = KINDS[kind];
    if (maker === undefined) {
      throw new Error(`This page does not know how to show ${kind}`);
    }
    const element = maker.make(props, this);
    element.id = `output-${number}`;
    const style = element.getAttribute("style") || "";
    this._made.set(element, {kind, props, style});
    if (props.style) {
      element.setAttribute("style", `${style};${props.style}`);
    }
    if (props.click) {
      this._setClick(element, props.click);
    }
    return element;
  }

  /**
   * A node for content of any kind; one that is in the page already moves.
   * @param {Content} content
   * @returns {Node}
   */
  node(content) {
    if (typeof content === "string") {
      return makeNode(this.document, "span", {class: "deskapp-text"}, content);
    }
    if (typeof content === "number") {
      return this.find(content) || this.document.createTextNode("");
    }
    return this.make(content);
  }

  /**
   * Nodes for contents.
   * @param {Content[]} contents
   * @returns {Node[]}
   */
  nodes(contents) {
    return contents.map((content) => this.node(content));
  }

  /**
   * Nodes for contents that stand below each other: texts are paragraphs.
   * @param {Content[]} contents
   * @returns {Node[]}
   */
  paragraphs(contents) {
    return contents.map((content) =>
      typeof content === "string" ? makeNode(this.document, "p", {class: "deskapp-text"}, content) : this.node(content),
    );
  }

  /** A text for an id that no other element has. @returns {string} */
  newId() {
    this._ids += 1;
    return `deskapp-${this._ids}`;
  }

  /** The element with a number; null if it has gone. @param {number} number @returns {HTMLElement | null} */
  find(number) {
    return this.document.getElementById(`output-${number}`);
  }

  /** @param {[number, string, any]} data */
  _change([number, name, value]) {
    const element = this.find(number);
    const made = element && this._made.get(element);
    if (!element || !made) {
      return;
    }
    made.props[name] = value;
    if (name === "style") {
      element.setAttribute("style", `${made.style};${value}`);
    } else if (name === "click") {
      this._setClick(element, value);
    } else {
      KINDS[made.kind].change?.(element, name, value, this, made.props);
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {string} id
   */
  _setClick(element, id) {
    const isNew = !element.dataset.click;
    element.dataset.click = id;
    if (!isNew) {
      return;
    }
    const click = () => this.report(element.dataset.click || "", null);
    element.addEventListener("click", click);
    if (!element.matches("button, a, input")) {
      element.classList.add("deskapp-clickable");
      element.tabIndex = 0;
      element.setAttribute("role", "button");
      element.addEventListener("keydown", (event) => {
        if (event.target === element && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
          click();
        }
      });
    }
  }

  // -- Scopes ----------------------------------------------------------------------------------------------------

  /** @param {string} name @returns {HTMLElement | null} */
  _scope(name) {
    return name === "ROOT" ? this.main : this.document.getElementById(`scope-${name}`);
  }

  /**
   * @param {string} name
   * @param {string} position
   */
  _scrollTo(name, position) {
    const block = {top: "start", middle: "center", bottom: "end"}[position];
    this._scope(name)?.scrollIntoView({block: /** @type {any} */ (block), behavior: this.behavior});
  }

  /** How scrolling moves. @returns {"auto" | "smooth"} */
  get behavior() {
    return this.environment.output_animation === false ? "auto" : "smooth";
  }

  /**
   * @param {Element} element
   * @param {boolean} isInRoot
   */
  _appeared(element, isInRoot) {
    if (this._fresh.length === 0) {
      queueMicrotask(() => this._showFresh());
    }
    this._fresh.push(element);
    this._fades = this.environment.output_animation !== false; // as it is now, though it may change until they are seen
    this._scrolls ||= isInRoot && this.environment.auto_scroll_bottom === true;
  }

  _showFresh() {
    const fresh = this._fresh;
    this._fresh = [];
    if (fresh.length <= MAX_FADING && this._fades) {
      for (const element of fresh) {
        element.classList.add("deskapp-appears");
      }
    }
    if (this._scrolls) {
      this._scrolls = false;
      this.scrollToEnd();
    }
  }

  /** Scroll the page to its end. */
  scrollToEnd() {
    const root = this.page.root;
    root.scrollTo({top: root.scrollHeight, behavior: this.behavior});
  }

  /** The program made a mistake, which its log tells about. */
  showFault() {
    this.page.notice("failed", null);
  }
}
