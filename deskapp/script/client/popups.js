/** The popup: a dialog above the page, one at a time. */

import {within} from "./basic.js";
import {makeNode} from "./dom.js";
import {moveToasts} from "./toasts.js";

/** What shows the popup of each page. @type {WeakMap<object, HTMLDialogElement>} */
const shown = new WeakMap();

/** @type {Record<string, import("./kinds.js").Kind>} */
export const POPUP_KINDS = {popup: {make: makePopup}};

/** @type {Record<string, (data: any, page: any) => any>} */
export const POPUP_VERBS = {
  popup: ([spec], page) => {
    const dialog = page.make(spec);
    closeShown(page);
    page.frame.append(dialog);
    shown.set(page, dialog);
    dialog.showModal();
    moveToasts(page, dialog);
  },
  close_popup: (_, page) => closeShown(page),
};

/** @param {any} page */
function closeShown(page) {
  const dialog = shown.get(page);
  if (dialog) {
    shown.delete(page);
    moveToasts(page, page.frame);
    dialog.close(); // gives the focus back
    dialog.remove();
    page.forms.take();
  }
}

/** @type {(props: any, page: any) => HTMLElement} */
function makePopup({title, size, light, closes, on, scope, children}, page) {
  const {document} = page;
  const id = page.newId();
  const header = makeNode(document, "header", {}, makeNode(document, "h2", {id}, title));
  const article = makeNode(document, "article", {}, header);
  const dialog = /** @type {HTMLDialogElement} */ (
    makeNode(document, "dialog", {class: `deskapp-popup deskapp-size-${size}`, "aria-labelledby": id}, article)
  );
  within(article, scope, children, page);
  const dismiss = () => {
    if (shown.get(page) === dialog) {
      closeShown(page);
      page.report(on, null);
    }
  };
  if (closes) {
    const button = makeNode(document, "button", {type: "button", class: "deskapp-close", "aria-label": "Close"});
    button.addEventListener("click", dismiss);
    header.append(button);
  } else {
    article.tabIndex = -1;
    article.setAttribute("autofocus", "");
  }
  let isPressed = false; // beside it: who selects text and lets go there does not mean to close it
  dialog.addEventListener("pointerdown", (event) => {
    isPressed = event.target === dialog;
  });
  dialog.addEventListener("click", (event) => {
    if (light && isPressed && event.target === dialog) {
      dismiss();
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault(); // engines close what refuses twice: they are not to decide
      if (light) {
        dismiss();
      }
    }
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target === dialog) {
      event.preventDefault();
      if (light) {
        dismiss();
      }
    }
  });
  return dialog;
}
