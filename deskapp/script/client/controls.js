/** The part of a field that the user works with: one table of the kinds of fields. */

import {makeCodeEditor} from "./code_editor.js";
import {makeNode} from "./dom.js";
import {makeFileControl} from "./files.js";

/**
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {HTMLElement[]} targets What gets the focus, and is told whether its value is right.
 * @property {() => any} raw The value as it travels.
 * @property {(raw: any) => void} set Show another value.
 * @property {() => Promise<void>} [settled] Resolves when nothing is on its way any more.
 * @property {() => void} [focus]
 * @property {(spec: any) => void} [update] Take another specification without being made anew.
 * @property {() => void} [end]
 *
 * @typedef {object} Hooks
 * @property {string} id For ids of elements.
 * @property {(keepsFault?: boolean) => void} changed The user has changed the value.
 * @property {(index: number) => void} pressed A button of type "callback".
 * @property {(type: string, index: number) => void} ended A button that ends or resets a form.
 * @property {boolean} isInForm
 * @property {(text: string | null) => void} fault Something about the value is wrong before it is one.
 */

/** @type {Record<string, (spec: any, page: any, hooks: Hooks) => Control>} */
export const CONTROLS = {
  input: makeInput,
  textarea: (spec, page, hooks) =>
    spec.code && page.document.defaultView.deskapp.libraries?.editor
      ? makeCodeEditor(spec, page, hooks)
      : makeTextarea(spec, page, hooks),
  select: makeSelect,
  checkbox: makeOptions,
  radio: makeOptions,
  slider: makeSlider,
  actions: makeActions,
  file: makeFileControl,
};

/** Kinds whose label is a legend: they have several elements to work with. */
export const GROUPS = new Set(["checkbox", "radio", "actions"]);

/** What a type is in HTML, where that has another name. @type {Record<string, string>} */
const HTML_TYPES = {float: "number"};

/** @type {(spec: any, page: any, hooks: Hooks) => Control} */
function makeInput(spec, {document}, {id, changed}) {
  const {type, attrs, placeholder, readonly, datalist} = spec;
  const own = {
    ...(type === "float" ? {step: "any", inputmode: "decimal"} : {}),
    ...attrs,
    type: HTML_TYPES[type] || type,
    placeholder: placeholder || null,
    readonly,
    list: datalist ? `${id}-list` : null,
  };
  const input = /** @type {HTMLInputElement} */ (makeNode(document, "input", own));
  input.addEventListener("input", () => changed());
  const parts = [input];
  if (datalist) {
    const choices = datalist.map((/** @type {string} */ value) => makeNode(document, "option", {value}));
    parts.push(/** @type {any} */ (makeNode(document, "datalist", {id: `${id}-list`}, ...choices)));
  }
  return {
    element: makeNode(document, "div", {class: "deskapp-control"}, ...parts),
    targets: [input],
    raw: () => (input.validity?.badInput ? "?" : input.value),
    set: (raw) => {
      input.value = raw;
    },
  };
}

/** @type {(spec: any, page: any, hooks: Hooks) => Control} */
function makeTextarea({attrs, placeholder, readonly, rows}, {document}, {changed}) {
  const own = {...attrs, rows: String(rows), placeholder: placeholder || null, readonly};
  const element = /** @type {HTMLTextAreaElement} */ (makeNode(document, "textarea", own));
  element.addEventListener("input", () => changed());
  return {
    element,
    targets: [element],
    raw: () => element.value,
    set: (raw) => {
      element.value = raw;
    },
  };
}

/** Rows of a list of which several can be chosen, at most. */
const LIST_ROWS = 8;

/** @type {(spec: any, page: any, hooks: Hooks) => Control} */
function makeSelect({attrs, options, multiple}, {document}, {changed}) {
  const size = multiple ? String(Math.max(2, Math.min(options.length, LIST_ROWS))) : null;
  const element = /** @type {HTMLSelectElement} */ (makeNode(document, "select", {size, ...attrs, multiple}));
  for (const [label, disabled] of options) {
    element.append(makeNode(document, "option", {disabled}, label));
  }
  element.addEventListener("change", () => changed());
  const all = () => [...element.options];
  return {
    element,
    targets: [element],
    raw: () =>
      multiple
        ? all().flatMap((option, index) => (option.selected && !option.disabled ? [index] : []))
        : element.selectedIndex < 0
          ? null
          : element.selectedIndex,
    set: (raw) => {
      const chosen = raw === null ? [] : [raw].flat();
      all().forEach((option, index) => {
        option.selected = chosen.includes(index);
      });
      if (chosen.length === 0 && !multiple) {
        element.selectedIndex = -1;
      }
    },
  };
}

/** @type {(spec: any, page: any, hooks: Hooks) => Control} */
function makeOptions({kind, attrs, options, inline, readonly}, {document}, {id, changed}) {
  const element = makeNode(document, "div", {class: inline ? "deskapp-options deskapp-inline" : "deskapp-options"});
  const inputs = options.map((/** @type {[string, boolean]} */ [label, disabled]) => {
    const own = {...attrs, type: kind, name: `${id}-option`, disabled: disabled || readonly};
    const input = /** @type {HTMLInputElement} */ (makeNode(document, "input", own));
    input.addEventListener("change", () => changed());
    element.append(makeNode(document, "label", {}, input, makeNode(document, "span", {}, label)));
    return input;
  });
  const chosen = () => inputs.flatMap((/** @type {HTMLInputElement} */ input, /** @type {number} */ index) => (input.checked && !options[index][1] ? [index] : []));
  return {
    element,
    targets: inputs,
    raw: () => (kind === "checkbox" ? chosen() : chosen()[0] ?? null),
    set: (raw) => {
      const wanted = raw === null ? [] : [raw].flat();
      inputs.forEach((/** @type {HTMLInputElement} */ input, /** @type {number} */ index) => {
        input.checked = wanted.includes(index);
      });
    },
  };
}

/** @type {(spec: any, page: any, hooks: Hooks) => Control} */
function makeSlider({attrs, readonly}, {document}, {changed}) {
  const input = /** @type {HTMLInputElement} */ (
    makeNode(document, "input", {...attrs, type: "range", disabled: readonly})
  );
  const shown = makeNode(document, "output", {class: "deskapp-number"});
  const show = () => {
    shown.textContent = input.value;
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  return {
    element: makeNode(document, "div", {class: "deskapp-slider"}, input, shown),
    targets: [input],
    raw: () => input.value,
    set: (raw) => {
      input.value = raw;
      show();
    },
  };
}

/** @type {(spec: any, page: any, hooks: Hooks) => Control} */
function makeActions({buttons}, {document}, hooks) {
  /** @type {number | null} */
  let chosen = null;
  const nodes = buttons.map((/** @type {any} */ {label, type, color, disabled}, /** @type {number} */ index) => {
    const names = `deskapp-button deskapp-${color}`;
    const isSubmit = type === "submit" && hooks.isInForm;
    const button = makeNode(document, "button", {type: isSubmit ? "submit" : "button", class: names, disabled}, label);
    button.addEventListener("click", () => {
      if (type === "callback") {
        hooks.pressed(index);
      } else if (!hooks.isInForm) {
        chosen = index;
        hooks.changed();
      } else if (type === "submit") {
        chosen = index; // the form's own event comes next
      } else {
        hooks.ended(type, index);
      }
    });
    return button;
  });
  return {
    element: makeNode(document, "div", {class: "deskapp-buttons"}, ...nodes),
    targets: nodes,
    raw: () => chosen,
    set: (raw) => {
      chosen = raw;
    },
  };
}
