/** Forms: what a function asks for. The newest is seen, at the bottom of the window or at the end of the content. */

import {makeNode} from "./dom.js";
import {Form} from "./form.js";

/** How much of the window forms may take, and how far an arrow key moves their edge, in px. */
const MOST = 0.85;
const STEP_PX = 24;

/** Settings that a program has not set. */
const DEFAULTS = {
  input_panel_fixed: true,
  input_panel_min_height: 300,
  input_panel_init_height: 300,
  input_auto_focus: true,
};

export class Forms {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.document = page.document;
    /** Open forms, the newest last. @type {Form[]} */
    this.stack = [];
    /** What had the focus before the first form came. @type {Element | null} */
    this._before = null;
    /** The form that a popup keeps from the focus. @type {Form | null} */
    this._kept = null;
    /** The height that the user gave it. @type {number | null} */
    this._height = null;
    this.handle = makeNode(this.document, "div", {
      class: "deskapp-handle",
      role: "separator",
      tabindex: "0",
      "aria-orientation": "horizontal",
      "aria-label": "Height of the form",
    });
    this.panel = makeNode(this.document, "section", {class: "deskapp-panel", "aria-label": "Questions", hidden: true});
    this.panel.append(this.handle);
    page.frame.append(this.panel);
    this._listen();
    const {slots} = page.page;
    const earlier = slots.onenvironment;
    slots.onenvironment = () => {
      earlier?.();
      this.arrange();
    };
    /** @type {Record<string, (data: any) => any>} */
    this.verbs = {
      form: (spec) => this._open(spec),
      form_change: ([id, name, change]) => this._find(id)?.fields.get(name)?.update(change),
      form_end: (id) => this._end(id),
    };
  }

  /** @returns {typeof DEFAULTS} */
  get settings() {
    return {...DEFAULTS, ...this.page.environment};
  }

  /** @param {string} id */
  _find(id) {
    return this.stack.find((form) => form.id === id);
  }

  /** @param {any} spec */
  _open(spec) {
    const {activeElement} = this.document;
    if (this.stack.length === 0) {
      this._before = activeElement;
    } else {
      /** @type {Form} */ (this.stack.at(-1)).focused = activeElement;
    }
    const form = new Form(spec, this.page, () => this._end(spec.id));
    this.stack.push(form);
    this.panel.append(form.element);
    this._show();
    if (this.settings.input_auto_focus) {
      form.focus();
    }
    this._kept = this.page.frame.querySelector("dialog[open]") ? form : null;
    if (!this.settings.input_panel_fixed) {
      this.panel.scrollIntoView({block: "nearest", behavior: this.page.behavior});
    }
  }

  /** The popup has gone: have the focus, if the newest form came while that was there. */
  take() {
    const form = this.stack.at(-1);
    if (form && form === this._kept && this.settings.input_auto_focus) {
      form.focus();
    }
    this._kept = null;
  }

  /** @param {string} id */
  _end(id) {
    const form = this._find(id);
    if (!form) {
      return;
    }
    const hadFocus = form.element.contains(this.document.activeElement);
    this.stack = this.stack.filter((each) => each !== form);
    form.end();
    this._show();
    const next = this.stack.at(-1);
    if (hadFocus || (next && this.document.activeElement === this.document.body)) {
      const back = /** @type {any} */ (next ? next.focused : this._before);
      if (back?.isConnected && back !== this.document.body) {
        back.focus();
      } else if (this.settings.input_auto_focus) {
        next?.focus();
      }
    }
  }

  _show() {
    const newest = this.stack.at(-1);
    for (const form of this.stack) {
      form.element.hidden = form !== newest;
    }
    this.panel.hidden = newest === undefined;
    this.arrange();
  }

  // -- Its place -------------------------------------------------------------------------------------------------

  /** Follow the settings. */
  arrange() {
    const {input_panel_fixed: isFixed} = this.settings;
    this.panel.classList.toggle("deskapp-fixed", isFixed);
    this.page.frame.classList.toggle("deskapp-flows", !isFixed);
    this.handle.hidden = !isFixed;
    this.panel.style.maxHeight = isFixed ? `${this.height}px` : "";
    this.handle.setAttribute("aria-valuemin", String(this.least));
    this.handle.setAttribute("aria-valuemax", String(this.most));
    this.handle.setAttribute("aria-valuenow", String(this.height));
  }

  get most() {
    return Math.round(MOST * this.document.defaultView.innerHeight);
  }

  get least() {
    return Math.min(this.settings.input_panel_min_height, this.most);
  }

  get height() {
    const wanted = this._height ?? this.settings.input_panel_init_height;
    return Math.max(this.least, Math.min(wanted, this.most));
  }

  /** @param {number} height */
  _resize(height) {
    this._height = Math.round(Math.max(this.least, Math.min(height, this.most)));
    this.arrange();
  }

  _listen() {
    const {handle, panel} = this;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      const offset = event.clientY + panel.getBoundingClientRect().height;
      const move = (/** @type {PointerEvent} */ moved) => this._resize(offset - moved.clientY);
      handle.addEventListener("pointermove", move);
      handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", move), {once: true});
    });
    handle.addEventListener("keydown", (event) => {
      const {height, least, most} = this;
      const shown = Math.min(height, panel.getBoundingClientRect().height);
      const wanted = {ArrowUp: height + STEP_PX, ArrowDown: shown - STEP_PX, Home: least, End: most}[event.key];
      if (wanted !== undefined) {
        event.preventDefault();
        this._resize(wanted);
      }
    });
    this.document.defaultView.addEventListener("resize", () => this.arrange());
  }
}
