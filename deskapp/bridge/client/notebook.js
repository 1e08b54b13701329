/**
 * The client inside a notebook: the entry of a module that Jupyter loads once for each kernel and page.
 *
 * The comm of a widget carries our frames. It is heard by every page that shows the notebook, so each message names the
 * page (the heap of JavaScript) that it is for. Nodes go to the cells that display their components: see `places.js`.
 */

import {setPageSession} from "./app_component.js";
import {ProtocolError} from "./errors.js";
import {PROTOCOL_VERSION, message} from "./messages.js";
import {NotebookPage} from "./notebook_page.js";
import {Places} from "./places.js";
import {greeting} from "./protocol.js";
import {makeRuntime} from "./runtime.js";
import {Session} from "./session.js";

/** Where the cells of all kernels of a page find their client; a page may show several notebooks. */
const REGISTRY = Symbol.for("deskapp.notebooks");

/** Close code for a kernel that is not there any more. */
const KERNEL_GONE = 4510;

/**
 * @typedef {object} Model What anywidget gives of the widget: see https://anywidget.dev/en/afm/.
 * @property {(name: string) => any} get
 * @property {(content: any, callbacks?: any, buffers?: ArrayBuffer[]) => void} send
 * @property {(name: string, callback: (...args: any[]) => void) => void} on
 */

/** The client of one kernel in this page. */
export class Notebook {
  /**
   * @param {Model} model
   * @param {any} window
   */
  constructor(model, window) {
    this._model = model;
    this._window = window;
    this.heap = Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    this.places = new Places(window.document, () => this._take());
    /** @type {"greeting" | "open" | "closed"} */
    this._state = "greeting";
    /** @type {Map<string, {resolve: (data: ArrayBuffer) => void, reject: (error: Error) => void}>} */
    this._asked = new Map();
    model.on("msg:custom", (content, buffers) => this._onMessage(content, buffers));
    model.on("comm_live_update", () => this._onLife());
    window.addEventListener("pagehide", () => this._say({do: "bye"}));
    this._begin();
    this._greet(false);
  }

  /** Make page and session anew, from nothing. */
  _begin() {
    if (this.session) {
      this.session.is_closed = true;
      for (const component of [...this.session.instances.values()]) {
        component._node?.remove();
      }
    }
    const {loader, deskapp} = makeRuntime();
    const page = new NotebookPage(this._window, deskapp, this.places, this._model.get("kernel"));
    const session = new Session({page, loader});
    session.write = (frames) => frames.forEach((frame) => this._sendFrame(frame));
    session.onclose = (code, reason) => this._onClosed(code, reason);
    session.fetch_data = (url) => this._fetch(url);
    deskapp.session = session;
    setPageSession(session);
    this._window.deskapp = deskapp;
    this.session = session;
    this.places.begin(session);
  }

  // -- The line ------------------------------------------------------------------------------------------------------

  /**
   * @param {any} content
   * @param {ArrayBuffer[]} [buffers]
   */
  _say(content, buffers = []) {
    try {
      this._model.send({heap: this.heap, ...content}, undefined, buffers);
    } catch {
      this._onLife(); // the kernel is gone, and the comm with it
    }
  }

  /** @param {string | ArrayBuffer} frame */
  _sendFrame(frame) {
    if (typeof frame === "string") {
      this._say({do: "frame", frame});
    } else {
      this._say({do: "frame"}, [frame]);
    }
  }

  /** @param {boolean} isTaking Whether everything is to be shown here that another page shows. */
  _greet(isTaking) {
    const {protocol} = this.session;
    const hello = message(
      "HELLO", PROTOCOL_VERSION, null, this.session.key, protocol.lastReceived, "navigate", this.heap, "/", "",
    );
    this._state = "greeting";
    this._say({do: "hello", frame: protocol.codec.encodeFrame(0, 0, [hello]), take: isTaking});
  }

  _take() {
    this._begin();
    this._greet(true);
  }

  /**
   * @param {any} content
   * @param {DataView[]} [buffers]
   */
  _onMessage(content, buffers = []) {
    if (content.heap !== this.heap) {
      return; // for another page that shows this notebook
    }
    if (content.do === "frame") {
      this._onFrame(buffers.length > 0 ? bytesOf(buffers[0]) : content.frame);
    } else if (content.do === "data") {
      const asked = this._asked.get(content.url);
      this._asked.delete(content.url);
      if (buffers.length > 0) {
        asked?.resolve(bytesOf(buffers[0]));
      } else {
        asked?.reject(new Error(`There are no data at ${content.url}`));
      }
    } else if (content.do === "close") {
      this.session.close(content.code, content.reason);
    }
  }

  /** @param {string | ArrayBuffer} data */
  _onFrame(data) {
    const {session} = this;
    const {protocol} = session;
    try {
      if (this._state === "greeting") {
        this._onWelcome(data);
      } else if (this._state === "open") {
        session.receive(data);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) {
        throw error;
      }
      // Jupyter drops messages when there are very many at a time: Python repeats what is missing.
      protocol.suspend();
      this._greet(false);
      return;
    }
    if (protocol.state === "closed" && this._state !== "closed") {
      const {code, reason} = protocol.closedWith ?? {code: 1000, reason: ""};
      session.close(code, reason);
    }
    session.flush();
    this.places.fill();
  }

  /** @param {string | ArrayBuffer} data */
  _onWelcome(data) {
    let welcome;
    try {
      welcome = greeting(this.session.protocol.codec.decodeFrame(data), "WELCOME");
    } catch {
      return; // a frame that was under way when this page greeted; what it said is repeated
    }
    const isNew = this.session.protocol.state === "waiting";
    if (welcome.how === "replay") {
      this.session.protocol.accept(welcome.last_seq);
    } else {
      if (!isNew) {
        this._begin(); // Python cannot fill in what is missing here
      }
      this.session.protocol.accept(0);
    }
    this._state = "open";
    this.session.key = welcome.key;
    this.session.opened(welcome);
  }

  /**
   * Data of the session, over the comm: there is no server to fetch them from.
   * @param {string} url
   * @returns {Promise<ArrayBuffer>}
   */
  _fetch(url) {
    return new Promise((resolve, reject) => {
      this._asked.set(url, {resolve, reject});
      this._say({do: "data", url});
    });
  }

  // -- The end -------------------------------------------------------------------------------------------------------

  /**
   * @param {number} code
   * @param {string} reason
   */
  _onClosed(code, reason) {
    this._state = "closed";
    this.places.close(code, reason);
  }

  /** The comm is gone: the kernel was restarted, or has ended. What is on the page is a picture from now on. */
  _onLife() {
    if (this._state !== "closed") {
      this.session.close(KERNEL_GONE, "The kernel was restarted. Run the cells again.");
    }
  }
}

/**
 * The bytes behind a view, copied only if they are part of something larger.
 * @param {DataView} view
 */
function bytesOf({buffer, byteOffset, byteLength}) {
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  return /** @type {ArrayBuffer} */ (isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength));
}

/**
 * Called by anywidget when the widget that carries the frames is there.
 * @param {{model: Model}} given
 */
export function initialize({model}) {
  /** @type {any} */
  const scope = window;
  /** @type {Map<string, any>} */
  const notebooks = (scope[REGISTRY] ??= new Map());
  const kernel = model.get("kernel");
  const notebook = new Notebook(model, window);
  const waiting = notebooks.get(kernel)?.waiting ?? [];
  notebooks.set(kernel, {notebook, waiting: []});
  for (const tell of waiting) {
    tell(notebook);
  }
}
