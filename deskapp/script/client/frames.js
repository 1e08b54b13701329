/** HTML with scripts of its own, in frames that have no part in the page. */

import {makeNode} from "./dom.js";
import {whenGone} from "./gone.js";
import {isDark, watchTheme} from "./theme.js";

/** What a frame has before its document says how high that is; and never more, then it scrolls. */
const FIRST_PX = 150;
const MAX_PX = 10000;

/** @type {Record<string, import("./kinds.js").Kind>} */
export const FRAME_KINDS = {frame: {make: makeFrame}};

/** @type {(props: any, page: any) => HTMLElement} */
function makeFrame({url, token, title, height, gone}, page) {
  const {document} = page;
  const window = document.defaultView;
  const dark = isDark(page.frame);
  const frame = /** @type {HTMLIFrameElement} */ (
    makeNode(document, "iframe", {
      src: dark ? `${url}#dark` : url,
      title,
      sandbox: "allow-scripts",
      referrerpolicy: "no-referrer",
    })
  );
  frame.style.height = `${height === null ? FIRST_PX : height}px`;
  const element = makeNode(document, "div", {class: "deskapp-frame"}, frame);
  const stop = new AbortController();
  window.addEventListener(
    "message",
    (/** @type {MessageEvent} */ event) => {
      const wanted = event.data?.height;
      if (event.source !== frame.contentWindow || event.data?.deskapp !== token || !Number.isFinite(wanted)) {
        return;
      }
      if (height === null) {
        frame.style.height = `${Math.min(Math.max(wanted, 1), MAX_PX)}px`;
      }
    },
    {signal: stop.signal},
  );
  const dress = () => frame.contentWindow?.postMessage({deskapp: token, isDark: isDark(frame)}, "*");
  frame.addEventListener("load", dress);
  watchTheme(window, dress, stop.signal);
  whenGone(element, page, () => {
    stop.abort();
    page.report(gone, null);
  });
  return element;
}
