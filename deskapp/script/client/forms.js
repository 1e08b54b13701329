/** Forms: what a function asks for. The newest is seen, at the bottom of the window or at the end of the content. */

import {makeNode} from "./dom.js";
import {Field} from "./fields.js";

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

/** Kinds of fields that get the focus at first; else the first of another kind. */
const FOCUSED = ["input", "textarea", "select"];

export class Forms {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.document = page.document;
    /** Open forms, the newest last. @type {Form[]} */
    this.stack = [];
    /** What had the focus before the first form came. @type {Element | null} */
    this._before = null;
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
    if (!this.settings.input_panel_fixed) {
      this.panel.scrollIntoView({block: "nearest", behavior: this.page.behavior});
    }
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

class Form {
  /**
   * @param {any} spec
   * @param {any} page
   * @param {() => void} gone Nobody asks any more.
   */
  constructor(spec, page, gone) {
    this.id = spec.id;
    this.page = page;
    this.document = page.document;
    this._gone = gone;
    /** What has the focus when the form comes back. @type {Element | null} */
    this.focused = null;
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    /** Fields whose new values are on their way, and whether they have changed again since. @type {Map<Field, boolean>} */
    this._changing = new Map();
    this._isPressing = false;
    this._isBusy = false;
    for (const each of spec.fields) {
      const hooks = {
        changed: (/** @type {Field} */ field) => this._changed(field),
        pressed: (/** @type {Field} */ field, /** @type {number} */ index) => this._tell(["press", field.name, index]),
        ended: (/** @type {string} */ type) => (type === "cancel" ? this._cancel() : this._reset()),
        action: (/** @type {Field} */ field) => this._tell(["action", field.name]),
      };
      this.fields.set(each.name, new Field(each, page, hooks, true));
    }
    const {id, label, cancelable} = spec;
    const {document} = this;
    const fields = [...this.fields.values()];
    const last = fields.at(-1);
    const endsItself =
      last?.spec.kind === "actions" && last.spec.buttons.some((/** @type {any} */ each) => each.type === "submit");
    const title = makeNode(document, "p", {class: "deskapp-title", id: `form-${id}-title`}, label);
    title.hidden = label === "";
    const shown = (endsItself ? fields.slice(0, -1) : fields).map(({element}) => element);
    const body = makeNode(document, "div", {class: "deskapp-form-body"}, title, ...shown);
    this.alert = makeNode(document, "p", {class: "deskapp-error", role: "alert"});
    this.footer = makeNode(document, "div", {class: "deskapp-form-end"}, this.alert);
    if (endsItself) {
      this.footer.append(/** @type {Field} */ (last).element);
    } else {
      const buttons = [makeNode(document, "button", {type: "submit", class: "deskapp-button deskapp-primary"}, "Submit")];
      if (cancelable) {
        const cancel = makeNode(document, "button", {type: "button", class: "deskapp-button deskapp-quiet"}, "Cancel");
        cancel.addEventListener("click", () => this._cancel());
        buttons.push(cancel);
      }
      this.footer.append(makeNode(document, "div", {class: "deskapp-buttons"}, ...buttons));
    }
    const name = {"aria-labelledby": label ? title.id : null}; // a single field says itself what it is
    this.element = makeNode(document, "form", {class: "deskapp-form", ...name}, body, this.footer);
    /** @type {HTMLFormElement} */ (this.element).noValidate = true;
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
        event.preventDefault();
        /** @type {any} */ (this.element.querySelector("button[type=submit]:not([disabled])"))?.click();
      }
    });
    this.element.addEventListener("pointerdown", (event) => {
      // What a message would move away from under the pointer is not there when the button comes up.
      this._isPressing = /** @type {Element} */ (event.target).closest("button") !== null;
    });
    for (const field of fields) {
      field.element.addEventListener("focusout", (event) => {
        const to = /** @type {Node | null} */ (/** @type {FocusEvent} */ (event).relatedTarget);
        if (!this._isPressing && !(to && field.element.contains(to))) {
          this._left(field);
        }
        this._isPressing = false;
      });
    }
  }

  focus() {
    const fields = [...this.fields.values()];
    const field =
      fields.find(({spec}) => spec.focus) || fields.find(({spec}) => FOCUSED.includes(spec.kind)) || fields[0];
    field?.focus();
  }

  /**
   * @param {any[]} report
   * @returns {Promise<any>} What Python answers; null if nobody asks any more.
   */
  async _tell(report) {
    try {
      return await this.page.consult(this.id, report);
    } catch (error) {
      console.debug("A form has gone:", error);
      this._gone();
      return null;
    }
  }

  /** @param {Field} field */
  async _changed(field) {
    this.alert.textContent = "";
    if (!field.spec.changes) {
      return;
    }
    if (this._changing.has(field)) {
      this._changing.set(field, true); // the newest value follows
      return;
    }
    do {
      this._changing.set(field, false);
      await this._tell(["change", field.name, field.raw]);
    } while (this._changing.get(field));
    this._changing.delete(field);
  }

  /** @param {Field} field */
  async _left(field) {
    const {raw, fault} = field;
    const isEmpty = raw === null || raw === "" || (Array.isArray(raw) && raw.length === 0);
    if (isEmpty || field.spec.kind === "actions" || field.spec.kind === "file") {
      return; // nobody has been wrong yet
    }
    if (fault !== null || !field.spec.checks) {
      if (fault !== null || !field.element.querySelector(".deskapp-praise")) {
        field.showFault(fault);
      }
      return;
    }
    const answer = await this._tell(["check", field.name, raw]);
    if (answer && JSON.stringify(field.raw) === JSON.stringify(raw)) {
      field.showFault(answer.error);
    }
  }

  async _submit() {
    if (this._isBusy) {
      return;
    }
    this._setBusy(true);
    try {
      const fields = [...this.fields.values()];
      await Promise.all(fields.map((field) => field.control.settled?.()));
      /** @type {Record<string, string>} */
      const errors = {};
      /** @type {Record<string, any>} */
      const raws = {};
      for (const field of fields) {
        const {fault} = field;
        if (fault !== null) {
          errors[field.name] = fault;
        }
        raws[field.name] = field.raw;
      }
      if (Object.keys(errors).length > 0) {
        this._showErrors(errors);
        return;
      }
      const answer = await this._tell(["submit", raws]);
      if (answer?.errors) {
        this._showErrors(answer.errors);
      }
    } finally {
      this._setBusy(false);
    }
  }

  /** @param {Record<string, string>} errors */
  _showErrors(errors) {
    /** @type {Field | null} */
    let first = null;
    for (const [name, field] of this.fields) {
      field.showFault(errors[name] ?? null);
      first ??= Object.hasOwn(errors, name) ? field : null;
      if (field.spec.kind === "actions") {
        field.control.set(null);
      }
    }
    this.alert.textContent = this.fields.has("") ? "" : errors[""] || "";
    this._setBusy(false); // before the focus, which a disabled element does not take
    first?.focus();
    first?.element.scrollIntoView({block: "nearest"});
  }

  /** @param {boolean} isBusy */
  _setBusy(isBusy) {
    this._isBusy = isBusy;
    for (const button of this.footer.querySelectorAll("button[type=submit]")) {
      button.setAttribute("aria-busy", String(isBusy));
    }
  }

  _cancel() {
    this._tell(["cancel"]);
  }

  _reset() {
    for (const field of this.fields.values()) {
      field.reset();
    }
    this.alert.textContent = "";
  }

  end() {
    this.element.remove();
    for (const field of this.fields.values()) {
      field.end();
    }
  }
}
