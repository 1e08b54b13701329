/** Bars of progress, and what turns while something lasts. */

import {within} from "./basic.js";
import {makeNode} from "./dom.js";

/** @type {Record<string, import("./kinds.js").Kind>} */
export const PROGRESS_KINDS = {
  progress: {
    make: ({name, state}, {document}) => {
      const bar = makeNode(document, "progress", {max: "1", "aria-label": name});
      const label = makeNode(document, "span", {class: "deskapp-label"});
      const element = makeNode(document, "div", {class: "deskapp-progress"}, bar, label);
      setState(element, state);
      return element;
    },
    change: (element, name, value) => {
      if (name === "state") {
        setState(element, value);
      }
    },
  },
  loading: {
    make: ({shape, color, scope, children}, page) => {
      const names = `deskapp-loading deskapp-${shape} deskapp-tint-${color}`;
      const ring = makeNode(page.document, "span", {class: names, role: "status", "aria-label": "Loading"});
      const element = makeNode(page.document, "div", {class: "deskapp-waiting"}, ring);
      return within(element, scope, children, page);
    },
  },
};

/**
 * @param {HTMLElement} element
 * @param {[number, string]} state
 */
function setState(element, [value, text]) {
  const bar = /** @type {HTMLProgressElement} */ (element.firstElementChild);
  bar.value = value;
  /** @type {Element} */ (element.lastElementChild).textContent = text;
}
