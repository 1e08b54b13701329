/**
 * A cell that shows a component: a module that Jupyter loads for each displayed component. It stands alone; the client
 * comes with another widget, of which a page has one for each kernel.
 */

/** See notebook.js. */
const REGISTRY = Symbol.for("deskapp.notebooks");

/** How long a cell waits for the client before it says that there is none. */
const PATIENCE_MS = 10000;

/**
 * The client of a kernel in this page.
 * @param {string} kernel
 * @returns {Promise<any>}
 */
function clientOf(kernel) {
  /** @type {any} */
  const scope = window;
  /** @type {Map<string, any>} */
  const notebooks = (scope[REGISTRY] ??= new Map());
  const entry = notebooks.get(kernel) ?? {notebook: null, waiting: []};
  notebooks.set(kernel, entry);
  return entry.notebook ? Promise.resolve(entry.notebook) : new Promise((resolve) => entry.waiting.push(resolve));
}

/**
 * Called by anywidget for each cell that shows the component.
 * @param {{model: any, el: HTMLElement}} given
 * @returns {Promise<() => void>} Called when the cell shows something else.
 */
async function render({model, el}) {
  // Some front ends make the widgets that cells show, and others only when they are asked for.
  model.widget_manager?.get_model?.(model.get("channel"))?.catch?.(() => {});
  const timer = setTimeout(() => {
    el.textContent = "This component needs its kernel. Run the cells again.";
  }, PATIENCE_MS);
  const notebook = await clientOf(model.get("kernel"));
  clearTimeout(timer);
  el.replaceChildren();
  return notebook.places.show(model.get("component"), el);
}
