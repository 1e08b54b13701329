/** A field: its label, what the user works with, what helps, and what is wrong with its value. */

import {CONTROLS, GROUPS} from "./controls.js";
import {makeNode} from "./dom.js";
import {findFileFault} from "./files.js";
import {findFault} from "./rules.js";

/** What of a specification shows in the control, so that it is made anew when this changes. */
const OF_CONTROL = ["type", "attrs", "placeholder", "readonly", "datalist", "options", "rows", "code", "inline"];

let made = 0;

export class Field {
  /**
   * @param {any} spec As Python makes it.
   * @param {any} page
   * @param {{changed: (field: Field) => void, pressed?: (field: Field, index: number) => void,
   *   ended?: (type: string) => void, action?: (field: Field) => void}} hooks What the user did.
   * @param {boolean} isInForm
   */
  constructor(spec, page, hooks, isInForm) {
    made += 1;
    this.id = `field-${made}`;
    this.spec = spec;
    this.page = page;
    this.document = page.document;
    this.isInForm = isInForm;
    this._hooks = hooks;
    this._isGroup = GROUPS.has(spec.kind);
    this._isPraise = false;
    const {document, id} = this;
    this.label = makeNode(document, this._isGroup ? "legend" : "label", {id: `${id}-label`});
    this.line = makeNode(document, "div", {class: "deskapp-line"});
    this.help = makeNode(document, "small", {id: `${id}-help`, class: "deskapp-help"});
    this.error = makeNode(document, "small", {id: `${id}-error`, class: "deskapp-fault", "aria-live": "polite"});
    const parts = [this.label, this.line, this.help, this.error];
    const names = `deskapp-field deskapp-field-${spec.kind}`;
    this.element = makeNode(document, this._isGroup ? "fieldset" : "div", {class: names}, ...parts);
    this.control = this._newControl();
    this.line.append(this.control.element);
    this._nameControl();
    if (spec.action) {
      const button = makeNode(document, "button", {type: "button", class: "deskapp-button deskapp-quiet"}, spec.action);
      button.addEventListener("click", () => this._hooks.action?.(this));
      this.line.append(button);
    }
    this.control.set(spec.value);
    this.show();
  }

  get name() {
    return this.spec.name;
  }

  /** @returns {import("./controls.js").Control} */
  _newControl() {
    return CONTROLS[this.spec.kind](this.spec, this.page, {
      id: this.id,
      isInForm: this.isInForm,
      changed: (keepsFault) => this._changed(keepsFault),
      pressed: (index) => this._hooks.pressed?.(this, index),
      ended: (type) => this._hooks.ended?.(type),
      fault: (text) => this.showFault(text),
    });
  }

  _nameControl() {
    if (!this._isGroup) {
      const [target] = this.control.targets;
      target.id = this.id;
      /** @type {HTMLLabelElement} */ (this.label).htmlFor = this.id;
    }
  }

  /** Show what of the specification is no part of the control. */
  show() {
    const {document, spec} = this;
    this.label.replaceChildren(spec.label);
    this.label.hidden = spec.label === "";
    if (spec.required && spec.label) {
      this.label.append(makeNode(document, "span", {class: "deskapp-required", "aria-hidden": "true"}, " *"));
    }
    this.help.textContent = spec.help;
    this.help.hidden = spec.help === "";
    this._describe();
  }

  _describe() {
    const {spec, control} = this;
    const isFaulty = this.error.textContent !== "" && !this._isPraise;
    const about = [spec.help && this.help.id, this.error.textContent && this.error.id].filter(Boolean).join(" ");
    const unnamed = spec.label === "" && !this._isGroup && spec.kind !== "file";
    for (const target of control.targets) {
      set(target, "aria-invalid", isFaulty && target.tagName !== "BUTTON" ? "true" : null);
      set(target, "aria-describedby", this._isGroup ? null : about);
      if (unnamed) {
        set(target, "aria-label", spec.placeholder || spec.name || "Answer");
      }
      const knowsRequired = target.matches("input:not([type=checkbox], [type=range], [type=color]), select, textarea");
      set(target, "aria-required", spec.required && knowsRequired && spec.kind !== "radio" ? "true" : null);
    }
    if (spec.kind === "file" && spec.label) {
      set(control.targets[0], "aria-labelledby", `${this.label.id} ${this.id}`);
    }
    if (this._isGroup) {
      set(this.element, "role", spec.kind === "radio" ? "radiogroup" : null);
      set(this.element, "aria-required", spec.kind === "radio" && spec.required ? "true" : null);
      set(this.element, "aria-describedby", about);
      set(this.element, "aria-label", spec.label === "" ? spec.name || "Answer" : null);
      set(this.element, "aria-invalid", spec.kind === "radio" && isFaulty ? "true" : null);
    }
    this.element.classList.toggle("deskapp-faulty", isFaulty);
  }

  _changed(keepsFault = false) {
    if (!keepsFault) {
      this.showFault(null); // what was wrong is not what is there now
    }
    this._hooks.changed(this);
  }

  /** The value as it travels. */
  get raw() {
    return this.control.raw();
  }

  /** The message of the first rule that the value breaks. @returns {string | null} */
  get fault() {
    const {rules, kind} = this.spec;
    return kind === "file" ? findFileFault(this.control, rules) : findFault(rules, this.raw);
  }

  /**
   * Say what is wrong with the value; null: nothing is.
   * @param {string | null} text
   * @param {boolean} [isPraise] It is right, and the program has something to say about that.
   */
  showFault(text, isPraise = false) {
    this._isPraise = isPraise;
    this.error.textContent = text || "";
    this.error.classList.toggle("deskapp-praise", isPraise);
    this._describe();
    if (this.element.contains(this.document.activeElement)) {
      this._revealFault();
    }
  }

  _revealFault() {
    if (this.error.textContent) {
      this.error.scrollIntoView({block: "nearest"});
    }
  }

  focus() {
    const target = this.control.targets.find((each) => !(/** @type {any} */ (each).disabled));
    const checked = this.control.targets.find((each) => /** @type {any} */ (each).checked);
    if (this.control.focus) {
      this.control.focus();
    } else {
      (checked || target)?.focus();
    }
    this._revealFault();
  }

  /** Be as at first. */
  reset() {
    this.control.set(this.spec.value);
    this.showFault(null);
  }

  /**
   * Python changes it.
   * @param {{field: any, sets: boolean, status?: [boolean | null, string | null, string | null]}} change
   */
  update({field, sets, status}) {
    const earlier = this.spec;
    const raw = sets ? field.value : this.raw;
    this.spec = {...field, value: sets ? field.value : earlier.value, upload: earlier.upload};
    const isOther = OF_CONTROL.some((key) => JSON.stringify(field[key]) !== JSON.stringify(earlier[key]));
    if (isOther && this.control.update) {
      this.control.update(this.spec);
    } else if (isOther) {
      const {activeElement} = this.document;
      const place = this.control.targets.indexOf(/** @type {any} */ (activeElement));
      const {element, end} = this.control;
      this.control = this._newControl();
      element.replaceWith(this.control.element);
      end?.();
      this._nameControl();
      this.control.set(raw);
      this.control.targets[Math.min(place, this.control.targets.length - 1)]?.focus();
    }
    if (sets) {
      this.control.set(raw);
      this.showFault(null);
    }
    this.show();
    if (status) {
      const [isRight, good, bad] = status;
      this.showFault(isRight === false ? bad || "This is not right." : isRight ? good || "" : null, isRight === true);
    }
  }

  /** It goes. */
  end() {
    this.control.end?.();
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null | undefined} value
 */
function set(element, name, value) {
  if (value) {
    element.setAttribute(name, value);
  } else {
    element.removeAttribute(name);
  }
}
