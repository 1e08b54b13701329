/** Rows, columns, grids, tabs, what opens and what scrolls. */

import {within} from "./basic.js";
import {makeNode} from "./dom.js";

/** Not farther from its end than this, something that scrolls is at its end, in px. */
const NEAR_PX = 8;

/** @type {Record<string, import("./kinds.js").Kind>} */
export const LAYOUT_KINDS = {
  grid: {make: makeGrid},
  tabs: {make: makeTabs},
  collapse: {make: makeCollapse},
  scrollable: {make: makeScrollable},
};

/** @type {(props: any, page: any) => HTMLElement} */
function makeGrid({flow, columns, rows, gaps, spans, scope, children}, page) {
  const {document} = page;
  const nodes = page.paragraphs(children);
  for (const index of gaps) {
    nodes[index] = makeNode(document, "div", {"aria-hidden": "true"});
  }
  for (const [index, height, width] of spans) {
    const cell = makeNode(document, "div", {}, nodes[index]);
    cell.style.gridRow = `span ${height}`;
    cell.style.gridColumn = `span ${width}`;
    nodes[index] = cell;
  }
  const place = makeNode(document, "div", {class: "deskapp-scope", id: `scope-${scope}`}, ...nodes);
  const element = makeNode(document, "div", {class: "deskapp-grid"}, place);
  element.style.gridAutoFlow = flow;
  element.style.gridTemplateColumns = columns;
  element.style.gridTemplateRows = rows;
  return element;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeTabs({titles, counts, children}, page) {
  const {document} = page;
  const list = makeNode(document, "div", {role: "tablist"});
  const element = makeNode(document, "div", {class: "deskapp-tabs"}, list);
  /** @type {HTMLElement[]} */
  const tabs = [];
  /** @type {HTMLElement[]} */
  const panels = [];
  const nodes = page.paragraphs(children);
  let begun = 0;
  titles.forEach((/** @type {string} */ title, /** @type {number} */ index) => {
    const id = page.newId();
    const names = {type: "button", role: "tab", id: `${id}-tab`, "aria-controls": id};
    const tab = makeNode(document, "button", names, title);
    const panel = makeNode(document, "div", {role: "tabpanel", id, "aria-labelledby": `${id}-tab`, tabindex: "0"});
    panel.append(...nodes.slice(begun, begun + counts[index]));
    begun += counts[index];
    tab.addEventListener("click", () => choose(index));
    tabs.push(tab);
    panels.push(panel);
  });
  const choose = (/** @type {number} */ chosen) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
  };
  list.append(...tabs);
  list.addEventListener("keydown", (event) => {
    const present = tabs.indexOf(/** @type {HTMLElement} */ (event.target));
    const last = tabs.length - 1;
    /** @type {Record<string, number>} */
    const targets = {
      ArrowRight: present === last ? 0 : present + 1,
      ArrowLeft: present === 0 ? last : present - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (present >= 0 && target !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(target);
      tabs[target].focus();
    }
  });
  choose(0);
  element.append(...panels);
  return element;
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeCollapse({title, open, scope, children}, page) {
  const summary = makeNode(page.document, "summary", {}, title);
  const element = makeNode(page.document, "details", {class: "deskapp-collapse", open}, summary);
  return within(element, scope, children, page);
}

/** @type {(props: any, page: any) => HTMLElement} */
function makeScrollable({least, most, follows, border, scope, children}, page) {
  const names = border ? "deskapp-scrollable deskapp-bordered" : "deskapp-scrollable";
  const element = makeNode(page.document, "div", {class: names, tabindex: "0"});
  within(element, scope, children, page);
  if (least !== null) {
    element.style.minHeight = `${least}px`;
  }
  if (most !== null) {
    element.style.maxHeight = `${most}px`;
  }
  if (follows) {
    let isAtEnd = true;
    element.addEventListener("scroll", () => {
      isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_PX;
    });
    const observer = new ResizeObserver(() => {
      if (isAtEnd) {
        element.scrollTop = element.scrollHeight;
      }
    });
    observer.observe(/** @type {Element} */ (element.firstElementChild));
    observer.observe(element);
  }
  return element;
}
