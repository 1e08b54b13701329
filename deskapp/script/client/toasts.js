/** Short messages above the page. */

import {makeNode} from "./dom.js";

/** More than this stand in no stack: the oldest go. */
const MAX_TOASTS = 20;

/** The stacks of each page, by their place. @type {WeakMap<object, Map<string, HTMLElement>>} */
const stacks = new WeakMap();

/** @type {Record<string, (data: any, page: any) => any>} */
export const TOAST_VERBS = {toast: showToast};

/**
 * Have the messages stand in another element: what is behind a dialog cannot be used.
 * @param {any} page
 * @param {HTMLElement} around
 */
export function moveToasts(page, around) {
  for (const stack of stacks.get(page)?.values() || []) {
    around.append(stack);
  }
}

/**
 * @param {[text: string, duration: number, position: string, color: string, click: string | null]} data
 * @param {any} page
 */
function showToast([text, duration, position, color, click], page) {
  const {document} = page;
  const toast = makeNode(document, "div", {class: "deskapp-toast", role: color === "error" ? "alert" : "status"});
  if (color.startsWith("#")) {
    toast.style.backgroundColor = color;
    toast.style.color = isLight(color) ? "#000" : "#fff";
  } else {
    toast.classList.add(`deskapp-${color}`);
  }
  const close = makeNode(document, "button", {type: "button", class: "deskapp-close", "aria-label": "Close"});
  if (click === null) {
    toast.append(makeNode(document, "span", {class: "deskapp-text"}, text), close);
  } else {
    const button = makeNode(document, "button", {type: "button", class: "deskapp-text"}, text);
    button.addEventListener("click", () => page.report(click, null));
    toast.append(button, close);
  }
  const {defaultView} = document;
  let timer = 0;
  const stop = () => defaultView.clearTimeout(timer);
  const leave = () => {
    stop();
    toast.remove();
  };
  const start = () => {
    stop();
    if (duration > 0) {
      timer = defaultView.setTimeout(leave, Math.min(duration, 2 ** 31 - 1));
    }
  };
  close.addEventListener("click", leave);
  toast.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      leave();
    }
  });
  // Nobody is to read, or to reach for, what goes at that moment.
  for (const name of ["pointerenter", "focusin"]) {
    toast.addEventListener(name, stop);
  }
  for (const name of ["pointerleave", "focusout"]) {
    toast.addEventListener(name, start);
  }
  const stack = stackAt(position, page);
  stack.append(toast);
  if (stack.children.length > MAX_TOASTS) {
    stack.firstElementChild?.remove();
  }
  start();
}

/**
 * @param {string} position
 * @param {any} page
 * @returns {HTMLElement}
 */
function stackAt(position, page) {
  let found = stacks.get(page);
  if (found === undefined) {
    found = new Map();
    stacks.set(page, found);
  }
  let stack = found.get(position);
  if (stack === undefined) {
    stack = makeNode(page.document, "div", {class: `deskapp-toasts deskapp-${position}`, "aria-live": "polite"});
    (page.frame.querySelector("dialog[open]") || page.frame).append(stack);
    found.set(position, stack);
  }
  return stack;
}

/**
 * Whether black is easier to read on a colour than white.
 * @param {string} color Such as "#fff" or "#102030".
 */
function isLight(color) {
  const digits = color.length === 4 ? [...color.slice(1)].map((digit) => digit + digit) : color.slice(1).match(/../g);
  const [red, green, blue] = (digits || []).map((pair) => {
    const part = parseInt(pair, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; // https://www.w3.org/TR/WCAG22/
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
}
