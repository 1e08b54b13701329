/** Markdown, HTML, pictures, links, messages in boxes. */

import {within} from "./basic.js";
import {makeNode} from "./dom.js";
import {whenGone} from "./gone.js";
import {watchOverflow} from "./overflow.js";

/** Ids that the page gives to elements of its own: no others may have them. */
const OWN_ID = /^(scope|output|deskapp)-/;

/** What text of others has no use for: styles would reach all of the page, forms lead out of it. */
const SANITIZING = {FORBID_TAGS: ["style", "form"], RETURN_DOM_FRAGMENT: true};

/** @type {Record<string, import("./kinds.js").Kind>} */
export const RICH_KINDS = {
  markdown: {make: makeMarkdown},
  html: {make: ({html}, page) => showing(sanitized(html, page), "deskapp-html", page)},
  image: {make: makeImage},
  link: {make: makeLink},
  alert: {make: makeAlert},
};

/**
 * The libraries that are in the page.
 * @param {any} page
 */
function libraries(page) {
  return page.document.defaultView.deskapp.libraries;
}

/**
 * @param {string} html
 * @param {any} page
 * @returns {DocumentFragment}
 */
function sanitized(html, page) {
  const fragment = libraries(page).sanitizer.sanitize(html, SANITIZING);
  for (const element of fragment.querySelectorAll("[id], [name]")) {
    for (const name of ["id", "name"]) {
      if (OWN_ID.test(element.getAttribute(name) || "")) {
        element.removeAttribute(name);
      }
    }
  }
  return fragment;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeMarkdown({text, sanitize, options}, page) {
  const {Marked} = libraries(page).markdown;
  const html = new Marked(options).parse(text, {async: false});
  const template = page.document.createElement("template");
  if (!sanitize) {
    template.innerHTML = html;
  }
  const fragment = sanitize ? sanitized(html, page) : template.content;
  for (const block of fragment.children) {
    if (!block.matches("pre, [dir]")) {
      block.setAttribute("dir", "auto"); // it runs the way of its own language
    }
  }
  return showing(fragment, "deskapp-markdown", page);
}

/**
 * An element of HTML whose links, code and tables are as all others.
 * @param {DocumentFragment} fragment
 * @param {string} name
 * @param {any} page
 */
function showing(fragment, name, page) {
  const {document} = page;
  const {highlighter} = libraries(page);
  for (const code of fragment.querySelectorAll("pre > code")) {
    const language = /(?:^|\s)language-([\w+#-]+)/.exec(code.className)?.[1];
    if (highlighter && language && highlighter.getLanguage(language)) {
      highlighter.highlightElement(code);
    }
    const block = /** @type {HTMLElement} */ (code.parentElement);
    block.classList.add("deskapp-code");
    watchOverflow(block, page);
  }
  for (const table of fragment.querySelectorAll("table")) {
    const around = makeNode(document, "div", {class: "deskapp-table"});
    table.replaceWith(around);
    around.append(table);
    watchOverflow(around, page);
  }
  for (const box of fragment.querySelectorAll("li > input[type=checkbox], li > p > input[type=checkbox]")) {
    box.setAttribute("aria-label", (box.closest("li")?.textContent || "").trim());
  }
  for (const image of fragment.querySelectorAll("img:not([alt])")) {
    image.setAttribute("alt", ""); // else readers say its address
  }
  const element = makeNode(document, "div", {class: name}, fragment);
  for (const link of element.querySelectorAll("a[href], area[href]")) {
    const address = link.getAttribute("href") || "";
    if (address.startsWith("#")) {
      link.addEventListener("click", (event) => jump(event, address.slice(1), element));
    } else {
      link.setAttribute("target", "_blank"); // the page and what it shows stay
      link.setAttribute("rel", "noopener noreferrer");
    }
  }
  return element;
}

/**
 * Scroll to a place in the same text; the address of the page does not change.
 * @param {Event} event
 * @param {string} name
 * @param {HTMLElement} element
 */
function jump(event, name, element) {
  event.preventDefault();
  let wanted = name;
  try {
    wanted = decodeURIComponent(name);
  } catch {
    // it is as it stands there
  }
  const places = [...element.querySelectorAll("[id], a[name]")];
  places.find((place) => place.id === wanted || place.getAttribute("name") === wanted)?.scrollIntoView();
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeImage({url, content, type, title, width, height}, page) {
  const element = /** @type {HTMLImageElement} */ (makeNode(page.document, "img", {class: "deskapp-image", alt: title}));
  if (title) {
    element.title = title;
  }
  if (width !== null) {
    element.style.width = width;
  }
  if (height !== null) {
    element.style.height = height;
  }
  if (url !== undefined) {
    element.src = url;
    return element;
  }
  const made = URL.createObjectURL(new Blob([content], {type}));
  whenGone(element, page, () => URL.revokeObjectURL(made));
  element.src = made;
  return element;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeLink({text, url, on, window: isNew}, page) {
  if (url !== null) {
    const attributes = isNew ? {href: url, target: "_blank", rel: "noopener noreferrer"} : {href: url};
    return makeNode(page.document, "a", {class: "deskapp-hyperlink", ...attributes}, text);
  }
  const element = makeNode(page.document, "a", {class: "deskapp-hyperlink", role: "link", tabindex: "0"}, text);
  element.addEventListener("click", () => page.report(on, null));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      page.report(on, null);
    }
  });
  return element;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeAlert({color, on, scope, children}, page) {
  const role = color === "danger" || color === "warning" ? "alert" : "status";
  const element = makeNode(page.document, "div", {class: `deskapp-alert deskapp-${color}`, role});
  within(element, scope, children, page);
  if (on !== null) {
    const button = makeNode(page.document, "button", {type: "button", class: "deskapp-close", "aria-label": "Close"});
    button.addEventListener("click", () => {
      element.remove();
      page.report(on, null);
    });
    element.append(button);
  }
  return element;
}
