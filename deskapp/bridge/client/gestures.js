/** The pointer moves and resizes a window without a frame: drag regions, and edges. */

/** @typedef {import("./window.js").PageWindow} PageWindow */

/** How far the pointer moves, button down, until that is a drag and no click. In CSS pixels, as all here. */
export const DRAG_PX = 4;

/** Thickness of the edges that resize. */
export const EDGE_PX = 6;

/** Thickness of an edge along which there is a scrollbar, which needs the rest. */
export const BESIDE_SCROLLBAR_PX = 2;

/** How far from a corner an edge resizes both ways. */
export const CORNER_PX = 12;

/** Drags the window, or says that an element in such a region does not. */
const DRAG = "data-deskapp-drag";
const NO_DRAG = "data-deskapp-no-drag";

/** The same for style sheets, which it inherits in: `drag` or `no-drag`. */
const DRAG_STYLE = "--deskapp-drag";

/** The edge that the pointer is on; style sheets choose the cursor by it. */
const EDGE = "data-deskapp-edge";

/** Elements that want the pointer for themselves, also in a drag region. */
const INTERACTIVE = [
  "button, input, select, textarea, label, summary, option, a[href], audio[controls], video[controls]",
  '[contenteditable]:not([contenteditable="false"]), [draggable="true"]',
  ...["button", "checkbox", "link", "menuitem", "slider", "switch", "tab"].map((role) => `[role="${role}"]`),
].join(", ");

/**
 * Move the window by its drag regions, until the signal is aborted.
 * @param {PageWindow} owner
 * @param {any} window
 * @param {AbortSignal} signal
 */
export function listenForDrags(owner, window, signal) {
  /** Follows the pointer while it is down on a drag region. @type {AbortController|null} */
  let press = null;
  const release = () => {
    press?.abort();
    press = null;
  };
  const isOnRegion = (/** @type {any} */ event) =>
    event.button === 0 && !event.defaultPrevented && owner.can_drag && !owner.fullscreen && isDragRegion(event, window);

  const onDown = (/** @type {any} */ down) => {
    release();
    if (!down.isPrimary || !isOnRegion(down)) {
      return;
    }
    press = new AbortController();
    const listen = {signal: press.signal, capture: true, passive: true};
    const onMove = (/** @type {any} */ move) => {
      if (move.pointerId !== down.pointerId) {
        return;
      }
      if ((move.buttons & 1) === 0) {
        release(); // it came up where the page does not see it
      } else if (Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) >= DRAG_PX) {
        release(); // the rest is for the window system, which may keep the end of it to itself
        owner.start_drag();
      }
    };
    window.addEventListener("pointermove", onMove, listen);
    window.addEventListener("pointerup", release, listen);
    window.addEventListener("pointercancel", release, listen);
  };
  // Neither selects text nor takes the keyboard from a field.
  const onMouseDown = (/** @type {any} */ event) => press !== null && event.preventDefault();
  const onDoubleClick = (/** @type {any} */ event) => {
    if (owner.resizable && isOnRegion(event)) {
      owner.toggle_maximize();
    }
  };
  window.addEventListener("pointerdown", onDown, {signal});
  window.addEventListener("mousedown", onMouseDown, {signal});
  window.addEventListener("dblclick", onDoubleClick, {signal});
  signal.addEventListener("abort", release, {once: true});
}

/**
 * Resize the window by its edges.
 * @param {PageWindow} owner
 * @param {any} window
 * @returns {() => void} Ends it.
 */
export function listenForEdges(owner, window) {
  const root = window.document.documentElement;
  const ending = new AbortController();
  const listen = {signal: ending.signal, capture: true};
  let isResizing = false;

  const show = (/** @type {string} */ edge) => {
    if (edge !== (root.getAttribute(EDGE) || "")) {
      if (edge) {
        root.setAttribute(EDGE, edge);
      } else {
        root.removeAttribute(EDGE);
      }
    }
  };
  const onMove = (/** @type {any} */ event) => {
    if (event.buttons === 0 && event.pointerType !== "touch") {
      show(edgeUnder(event, window));
    }
  };
  const onDown = (/** @type {any} */ event) => {
    const edge = event.button === 0 && event.isPrimary ? edgeUnder(event, window) : "";
    isResizing = edge !== "";
    if (isResizing) {
      event.stopImmediatePropagation();
      owner.start_resize(edge);
    }
  };
  // What follows is not for the page either. A click without a number is none of the pointer's.
  const swallow = (/** @type {any} */ event) => {
    if (isResizing && event.detail > 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  window.addEventListener("pointermove", onMove, {...listen, passive: true});
  window.addEventListener("pointerdown", onDown, listen);
  for (const type of ["mousedown", "mouseup", "click", "dblclick"]) {
    window.addEventListener(type, swallow, listen);
  }
  return () => {
    ending.abort();
    show("");
  };
}

/**
 * Whether the pointer is on something that moves the window. Whoever says no, prevails.
 * @param {any} event
 * @param {any} window
 */
function isDragRegion(event, window) {
  const path = elementsOf(event);
  if (path.length === 0) {
    return false;
  }
  let isMarked = false;
  for (const element of path) {
    if (element.hasAttribute(NO_DRAG)) {
      return false;
    }
    isMarked = element.hasAttribute(DRAG);
    if (isMarked) {
      break;
    }
    if (element.matches(INTERACTIVE)) {
      return false;
    }
  }
  const [target] = path;
  const style = window.getComputedStyle(target);
  const wish = style.getPropertyValue(DRAG_STYLE).trim();
  if (wish === "no-drag" || (wish !== "drag" && !isMarked)) {
    return false;
  }
  // Scrollbars that take space lie beyond what `client…` measures.
  const isOnBar =
    (scrollsDown(target, style, false) && event.offsetX >= target.clientWidth) ||
    (scrollsAcross(target, style, false) && event.offsetY >= target.clientHeight);
  return !isOnBar;
}

/**
 * The edge under the pointer, empty if there is none.
 * @param {any} event
 * @param {any} window
 */
function edgeUnder(event, window) {
  const {clientX: x, clientY: y} = event;
  const {innerWidth: width, innerHeight: height} = window;
  if (edgeAt(x, y, width, height) === "") {
    return "";
  }
  return edgeAt(x, y, width, height, scrollbarsUnder(event, window));
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width Of the window.
 * @param {number} height
 * @param {string} scrollbars Sides along which there is a scrollbar.
 * @returns {string} "n", "ne", …; empty inside.
 */
export function edgeAt(x, y, width, height, scrollbars = "") {
  /** @type {Record<string, number>} */
  const distances = {n: y, s: height - 1 - y, w: x, e: width - 1 - x};
  const isOn = Object.entries(distances).some(
    ([side, distance]) => distance < (scrollbars.includes(side) ? BESIDE_SCROLLBAR_PX : EDGE_PX),
  );
  if (!isOn) {
    return "";
  }
  const near = (/** @type {string} */ one, /** @type {string} */ other) => {
    const side = distances[one] <= distances[other] ? one : other;
    return distances[side] < CORNER_PX ? side : "";
  };
  return near("n", "s") + near("w", "e");
}

/**
 * The sides of the window along which what is under the pointer has a scrollbar, be it one that takes no space.
 * @param {any} event
 * @param {any} window
 */
function scrollbarsUnder(event, window) {
  const {innerWidth: width, innerHeight: height} = window;
  const root = window.document.documentElement;
  let sides = "";
  for (const element of elementsOf(event)) {
    const style = window.getComputedStyle(element);
    const isRoot = element === root; // it scrolls the window, whatever its own size is
    const isDown = scrollsDown(element, style, isRoot);
    const isAcross = scrollsAcross(element, style, isRoot);
    if (isDown || isAcross) {
      const box = isRoot ? {left: 0, right: width, bottom: height} : element.getBoundingClientRect();
      const isLeft = style.direction === "rtl";
      if (isDown && (isLeft ? box.left < EDGE_PX : box.right > width - EDGE_PX)) {
        sides += isLeft ? "w" : "e";
      }
      if (isAcross && box.bottom > height - EDGE_PX) {
        sides += "s";
      }
    }
  }
  return sides;
}

/**
 * @param {any} element
 * @param {any} style
 * @param {boolean} isRoot
 */
function scrollsDown(element, style, isRoot) {
  return element.scrollHeight > element.clientHeight && hasScrollbar(style.overflowY, isRoot);
}

/**
 * @param {any} element
 * @param {any} style
 * @param {boolean} isRoot
 */
function scrollsAcross(element, style, isRoot) {
  return element.scrollWidth > element.clientWidth && hasScrollbar(style.overflowX, isRoot);
}

/**
 * @param {string} overflow
 * @param {boolean} isRoot
 */
function hasScrollbar(overflow, isRoot) {
  return overflow === "auto" || overflow === "scroll" || (isRoot && overflow === "visible");
}

/**
 * The elements under an event, innermost first, also those in shadow trees.
 * @param {any} event
 * @returns {any[]}
 */
function elementsOf(event) {
  return event.composedPath().filter((/** @type {any} */ node) => node.nodeType === 1);
}
