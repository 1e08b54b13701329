/** Text, code, buttons, scopes. */

import {makeNode} from "./dom.js";

/** Height of a line of code, and what is around the lines, in px. */
const LINE_PX = 20;
const AROUND_PX = 32;

/** @type {Record<string, import("./kinds.js").Kind>} */
export const BASIC_KINDS = {
  text: {
    make: ({text, inline}, {document}) => makeNode(document, inline ? "span" : "p", {class: "deskapp-text"}, text),
  },
  scope: {
    make: ({scope, children}, page) => {
      const element = makeNode(page.document, "div", {class: "deskapp-scope"});
      return within(element, scope, children, page);
    },
  },
  code: {make: makeCode},
  buttons: {make: makeButtons},
};

/**
 * Give an element a scope inside; it has an id of its own as an output.
 * @param {HTMLElement} element
 * @param {string} scope
 * @param {any[]} children
 * @param {any} page
 * @returns {HTMLElement}
 */
export function within(element, scope, children, page) {
  const place = makeNode(page.document, "div", {class: "deskapp-scope", id: `scope-${scope}`});
  place.append(...page.paragraphs(children));
  element.append(place);
  return element;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeCode({text, language, rows}, {document}) {
  const code = makeNode(document, "code", {}, text);
  const element = makeNode(document, "pre", {class: "deskapp-code", tabindex: "0"}, code);
  const {highlighter} = document.defaultView.deskapp.libraries || {};
  if (language && highlighter?.getLanguage(language)) {
    code.className = `language-${language}`;
    highlighter.highlightElement(code);
  }
  if (rows !== null) {
    element.style.maxHeight = `${rows * LINE_PX + AROUND_PX}px`;
  }
  return element;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeButtons({buttons, small, link, outline, group}, page) {
  const {document} = page;
  const element = makeNode(document, "div", {class: group ? "deskapp-buttons deskapp-group" : "deskapp-buttons"});
  for (const {label, color, disabled, on, index} of buttons) {
    const names = ["deskapp-button", `deskapp-${color}`];
    for (const [name, is] of Object.entries({small, link, outline})) {
      if (is) {
        names.push(`deskapp-${name}`);
      }
    }
    const name = label.trim() ? null : `Button ${index + 1}`;
    const attributes = {type: "button", class: names.join(" "), disabled, "aria-label": name};
    const button = makeNode(document, "button", attributes, label);
    button.addEventListener("click", () => page.report(on, index));
    element.append(button);
  }
  return element;
}
