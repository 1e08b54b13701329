/** What is dropped on the page: it never navigates away, and files become an event of the element under them. */

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./window.js").PageWindow} PageWindow */

const EDITABLE = 'input, textarea, [contenteditable]:not([contenteditable="false"])';

/**
 * Take drops that nobody else takes, until the signal is aborted.
 * @param {PageWindow} owner
 * @param {any} window
 * @param {AbortSignal} signal
 */
export function listenForDrops(owner, window, signal) {
  const onOver = (/** @type {any} */ event) => {
    const kind = kindOf(event);
    if (kind !== "") {
      event.preventDefault();
      event.dataTransfer.dropEffect = kind === "files" ? "copy" : "none";
    }
  };
  const onDrop = (/** @type {any} */ event) => {
    const kind = kindOf(event);
    if (kind !== "") {
      event.preventDefault();
    }
    if (kind === "files") {
      const names = Array.from(event.dataTransfer.files, (/** @type {any} */ file) => String(file.name));
      owner.tell_drop(names, event.clientX, event.clientY);
    }
  };
  // At the end of their way: all others have had their chance.
  window.addEventListener("dragover", onOver, {signal});
  window.addEventListener("drop", onDrop, {signal});
}

/**
 * What the page would otherwise navigate to.
 * @param {any} event
 * @returns {string} "files", "link", or empty if it is none, or the page or the engine knows what to do with it.
 */
function kindOf(event) {
  const [target] = event.composedPath();
  const has = (/** @type {string} */ selector) => target.nodeType === 1 && target.closest(selector) !== null;
  if (event.defaultPrevented || !event.dataTransfer) {
    return "";
  }
  const types = Array.from(event.dataTransfer.types);
  if (types.includes("Files")) {
    return has('input[type="file"]') ? "" : "files";
  }
  return types.includes("text/uri-list") && !has(EDITABLE) ? "link" : "";
}

/**
 * Tell the element at a place that files were dropped on it, by an event `deskapp-drop` that bubbles.
 * @param {Page} page
 * @param {{paths: string[], x: number, y: number}} detail
 */
export function announceDrop(page, detail) {
  const target = page.document.elementFromPoint(detail.x, detail.y) || page.root;
  target?.dispatchEvent(new CustomEvent("deskapp-drop", {detail, bubbles: true, composed: true}));
}
