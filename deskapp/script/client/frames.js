/** HTML that is shown as it is, in a frame that has no part in the page around it. */

import {makeNode} from "./dom.js";

/** @type {Record<string, import("./kinds.js").Kind>} */
export const FRAME_KINDS = {
  frame: {
    make: ({html, height}, {document}) => {
      const attributes = {sandbox: "allow-scripts", srcdoc: html, title: "Embedded content", class: "deskapp-frame"};
      return makeNode(document, "iframe", height === null ? attributes : {...attributes, height: String(height)});
    },
  },
};
