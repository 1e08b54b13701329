/** A field for program text: the editor of the libraries as a control of a field. */

import {makeNode} from "./dom.js";

/** Height of a line, and what is around the lines, in px. */
const LINE_PX = 21;
const AROUND_PX = 12;

/** @type {(spec: any, page: any, hooks: import("./controls.js").Hooks) => import("./controls.js").Control} */
export function makeCodeEditor({code, rows, readonly, label, name}, page, {changed}) {
  const {document} = page;
  const window = document.defaultView;
  const element = makeNode(document, "div", {class: "deskapp-editor"});
  element.style.setProperty("--deskapp-editor-height", `${rows * LINE_PX + AROUND_PX}px`);
  const scheme = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const {theme} = document.documentElement.dataset;
    return theme ? theme === "dark" : scheme.matches;
  };
  const editor = window.deskapp.libraries.editor({
    parent: element,
    mode: code.mode,
    isDark: isDark(),
    isReadOnly: readonly,
    nonce: page.page._nonce,
    onChange: () => changed(),
    label: label || name || "Text",
  });
  const content = /** @type {HTMLElement} */ (element.querySelector(".cm-content")) || element;
  const follow = () => editor.setDark(isDark());
  scheme.addEventListener("change", follow);
  const observer = new window.MutationObserver(follow);
  observer.observe(document.documentElement, {attributes: true, attributeFilter: ["data-theme"]});
  return {
    element,
    targets: [content],
    raw: () => editor.text(),
    set: (raw) => editor.setText(raw),
    focus: () => editor.focus(),
    update: ({readonly: isReadOnly}) => editor.setReadOnly(isReadOnly),
    end: () => {
      scheme.removeEventListener("change", follow);
      observer.disconnect();
      editor.destroy();
    },
  };
}
