/** One form: its fields, what the user does with them, and what Python says to that. */

import {makeNode} from "./dom.js";
import {Field} from "./fields.js";

/** Kinds of fields that get the focus at first; else the first of another kind. */
const FOCUSED = ["input", "textarea", "select"];

export class Form {
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
    /** Whether it was submitted again before the answer came. */
    this._isAgain = false;
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
    this.alert = makeNode(document, "p", {class: "deskapp-fault", role: "alert"});
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
        const isSeen = !this.element.hidden; // else another form has come, and the user did not leave
        if (isSeen && !this._isPressing && !(to && field.element.contains(to))) {
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
      this._isAgain = true;
      return;
    }
    this._isAgain = false;
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
      if (answer?.errors && !this._isAgain) {
        this._showErrors(answer.errors);
      }
      this._isAgain &&= Boolean(answer?.errors);
    } finally {
      this._setBusy(false);
    }
    if (this._isAgain) {
      this._submit(); // with what is there now
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
