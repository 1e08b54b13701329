/** Tells when an element has left the page for good, so that what belongs to it can be dropped. */

/** An element that moves is away for a moment; one that was just made may not be in the page yet. */
const PATIENCE_MS = 2000;

/**
 * Watches one page. @typedef {{watched: Map<Element, () => void>, timer: number, observer: MutationObserver}} Watch
 */

/** @type {WeakMap<object, Watch>} */
const watches = new WeakMap();

/**
 * @param {Element} element
 * @param {any} page The page that shows it.
 * @param {() => void} gone Called once.
 */
export function whenGone(element, page, gone) {
  let watch = watches.get(page);
  if (watch === undefined) {
    watch = {watched: new Map(), timer: 0, observer: new MutationObserver((records) => note(page, records))};
    watches.set(page, watch);
  }
  if (watch.watched.size === 0) {
    watch.observer.observe(page.document.documentElement, {childList: true, subtree: true});
  }
  watch.watched.set(element, gone);
}

/**
 * @param {any} page
 * @param {MutationRecord[]} records
 */
function note(page, records) {
  const watch = /** @type {Watch} */ (watches.get(page));
  if (watch.timer === 0 && records.some((record) => record.removedNodes.length > 0)) {
    watch.timer = page.document.defaultView.setTimeout(() => sweep(watch), PATIENCE_MS);
  }
}

/** @param {Watch} watch */
function sweep(watch) {
  watch.timer = 0;
  for (const [element, gone] of [...watch.watched]) {
    if (!element.isConnected) {
      watch.watched.delete(element);
      gone();
    }
  }
  if (watch.watched.size === 0) {
    watch.observer.disconnect();
  }
}
