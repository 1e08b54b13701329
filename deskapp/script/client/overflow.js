/** Lets the keyboard scroll what is too large for its place. */

/** One observer for each page. @type {WeakMap<object, ResizeObserver>} */
const observers = new WeakMap();

/**
 * Have an element take the focus while it is smaller than its content.
 * @param {HTMLElement} element
 * @param {any} page The page that shows it.
 */
export function watchOverflow(element, page) {
  let observer = observers.get(page);
  if (observer === undefined) {
    observer = new ResizeObserver((entries) => {
      for (const {target} of entries) {
        if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) {
          target.setAttribute("tabindex", "0");
        } else {
          target.removeAttribute("tabindex");
        }
      }
    });
    observers.set(page, observer);
  }
  observer.observe(element);
}
