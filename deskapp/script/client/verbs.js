/** What pages do beside showing outputs: one table of the verbs in the neighbouring files. */

import {POPUP_VERBS} from "./popups.js";
import {TOAST_VERBS} from "./toasts.js";

/** @type {Record<string, (data: any, page: any) => any>} */
export const VERBS = {
  ...POPUP_VERBS,
  ...TOAST_VERBS,
  /** An output goes. */
  drop: ([number], page) => page.find(number)?.remove(),
  splice,
};

/**
 * Put contents in the place of others of a scope.
 * @param {[scope: string, start: number, count: number | null, contents: any[]]} data
 * @param {any} page
 */
function splice([scope, start, count, contents], page) {
  const place = page.document.getElementById(`scope-${scope}`);
  if (!place) {
    return;
  }
  const nodes = page.paragraphs(contents);
  const {children} = place;
  let first = 0;
  let end = children.length;
  if (count !== null) {
    first = start >= 0 ? start : end + start + (count === 0 ? 1 : 0);
    first = Math.min(Math.max(first, 0), end);
    end = Math.min(first + count, end);
  }
  const old = [...children].slice(first, end);
  const next = children[end] || null;
  for (const node of nodes) {
    place.insertBefore(node, next);
  }
  for (const element of old) {
    if (!nodes.includes(element)) {
      element.remove();
    }
  }
}
