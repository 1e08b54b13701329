/** Makes elements. */

/**
 * @param {Document} document
 * @param {string} tag
 * @param {Record<string, string | boolean | null | undefined>} [attributes] True is an attribute without a value.
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function makeNode(document, tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}
