/** Whether the page is dark, for what does not follow its style sheet by itself. */

/**
 * @param {Element} element In the page.
 * @returns {boolean}
 */
export function isDark(element) {
  const window = /** @type {Window} */ (element.ownerDocument.defaultView);
  const schemes = window.getComputedStyle(element).colorScheme.split(" ");
  const may = {dark: schemes.includes("dark"), light: schemes.includes("light")};
  return may.dark && (!may.light || window.matchMedia("(prefers-color-scheme: dark)").matches);
}

/**
 * Call a function when the theme may have changed.
 * @param {Window} window
 * @param {() => void} changed
 * @param {AbortSignal} signal Ends it.
 */
export function watchTheme(window, changed, signal) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed, {signal});
  const observer = new MutationObserver(changed);
  observer.observe(window.document.documentElement, {attributes: true, attributeFilter: ["data-theme"]});
  signal.addEventListener("abort", () => observer.disconnect());
}
