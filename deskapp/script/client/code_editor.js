/** A field for program text: the editor of the libraries as a control of a field. */

import {makeNode} from "./dom.js";

/** Height of a line, and what is around the lines, in px. */
const LINE_PX = 21;
const AROUND_PX = 12;

/** The editors of each page, as long as anybody else has them. @type {WeakMap<object, Set<WeakRef<any>>>} */
const EDITORS = new WeakMap();

/** @type {(document: any) => boolean} */
function isDark(document) {
  const {theme} = document.documentElement.dataset;
  return theme ? theme === "dark" : document.defaultView.matchMedia("(prefers-color-scheme: dark)").matches;
}

/**
 * Have an editor be dark when the page is.
 * @param {any} page
 * @param {any} editor
 */
function followTheme(page, editor) {
  const {document} = page;
  let editors = EDITORS.get(page);
  if (!editors) {
    const known = (editors = new Set());
    EDITORS.set(page, known);
    const follow = () => {
      for (const each of known) {
        const found = each.deref();
        if (found) {
          found.setDark(isDark(document));
        } else {
          known.delete(each);
        }
      }
    };
    const window = document.defaultView;
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
    const observer = new window.MutationObserver(follow);
    observer.observe(document.documentElement, {attributes: true, attributeFilter: ["data-theme"]});
  }
  editors.add(new WeakRef(editor));
}

/** @type {(spec: any, page: any, hooks: import("./controls.js").Hooks) => import("./controls.js").Control} */
export function makeCodeEditor({code, rows, readonly, label, name}, page, {changed}) {
  const {document} = page;
  const window = document.defaultView;
  const element = makeNode(document, "div", {class: "deskapp-editor"});
  element.style.setProperty("--deskapp-editor-height", `${rows * LINE_PX + AROUND_PX}px`);
  const editor = window.deskapp.libraries.editor({
    parent: element,
    mode: code.mode,
    isDark: isDark(document),
    isReadOnly: readonly,
    nonce: page.page._nonce,
    onChange: () => changed(),
    label: label || name || "Text",
  });
  const content = /** @type {HTMLElement} */ (element.querySelector(".cm-content")) || element;
  followTheme(page, editor);
  return {
    element,
    targets: [content],
    raw: () => editor.text(),
    set: (raw) => editor.setText(raw),
    focus: () => editor.focus(),
    update: ({readonly: isReadOnly}) => editor.setReadOnly(isReadOnly),
    end: () => editor.destroy(),
  };
}
