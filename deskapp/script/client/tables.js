/** Tables. */

import {makeNode} from "./dom.js";
import {watchOverflow} from "./overflow.js";

/** @type {Record<string, import("./kinds.js").Kind>} */
export const TABLE_KINDS = {table: {make: makeTable}};

/** @type {(props: any, page: any) => HTMLElement} */
function makeTable({lengths, spans, children}, page) {
  const {document} = page;
  const spanned = new Map(spans.map((/** @type {number[]} */ [index, rows, columns]) => [index, {rows, columns}]));
  const head = document.createElement("thead");
  const body = document.createElement("tbody");
  let headRows = 1;
  let index = 0;
  lengths.forEach((/** @type {number} */ length, /** @type {number} */ line) => {
    const isHead = line < headRows;
    const row = document.createElement("tr");
    for (let place = 0; place < length; place += 1, index += 1) {
      const cell = document.createElement(isHead ? "th" : "td");
      const content = children[index];
      if (typeof content === "string") {
        cell.textContent = content;
      } else {
        cell.append(page.node(content));
      }
      if (isHead) {
        cell.scope = "col";
      }
      const wide = spanned.get(index);
      if (wide) {
        cell.rowSpan = wide.rows;
        cell.colSpan = wide.columns;
        if (line === 0) {
          headRows = Math.max(headRows, wide.rows); // no cell reaches from the head into the body
        }
      }
      row.append(cell);
    }
    (isHead ? head : body).append(row);
  });
  const table = document.createElement("table");
  table.append(head, body);
  const element = makeNode(document, "div", {class: "deskapp-table deskapp-texts"}, table);
  watchOverflow(element, page);
  return element;
}
