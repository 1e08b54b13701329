/** The document: scripts and styles that Python sends, the root element, splash and notices. */

import {evaluate, execute} from "./evaluate.js";
import {makeError} from "./errors.js";

/** How long messages wait for a script from a URL, in ms. */
const SCRIPT_TIMEOUT_MS = 20000;

/** How long messages wait for a style sheet of the server's, in ms. */
const STYLE_TIMEOUT_MS = 3000;

/** How long the content of a download is kept: engines begin to read it late, when the user has said where to, in ms. */
const DOWNLOAD_MS = 600000;

/** How long a person reads that a callback has failed, in ms. */
const FAILED_MS = 6000;

/** What a person reads when a session ends; other codes show Python's reason alone. @type {Record<number, string>} */
const CLOSE_TEXTS = {
  4401: "Please open this window from the app.",
  4409: "This session is open in another window.",
  4429: "As many people use this app as it admits. Please try again later.",
  4450: "This app could not start.",
};

export class Page {
  /**
   * @param {any} window
   * @param {string} nonce Lets script and style elements run under the page's security policy.
   * @param {any} slots The object that scripts know as `deskapp`.
   */
  constructor(window, nonce, slots) {
    this.window = window;
    this.document = window.document;
    this._nonce = nonce;
    this.slots = slots;
    /** Whether `runScript` runs: it throws the errors of its script, so nobody else is to report them. */
    this.isRunningScript = false;
    /** Settles when the cookies so far are set. @type {Promise<void>} */
    this._cookies = Promise.resolve();
  }

  /** The element that the app fills. */
  get root() {
    const found = this.document.getElementById("deskapp-root");
    if (found !== null || !this.document.body) {
      return found;
    }
    const root = this.document.createElement("div");
    root.id = "deskapp-root";
    this.document.body.appendChild(root);
    return root;
  }

  /**
   * A component has a node, and no parent that takes it in.
   * @param {any} component
   * @param {any[]} _around The contexts that it was made in, outermost first.
   */
  mount(component, _around) {
    this.root?.appendChild(component._node);
  }

  /**
   * The whole of an address that is relative to the page.
   * @param {string} url
   * @returns {string}
   */
  resolve(url) {
    return new URL(url, this.document.baseURI).href;
  }

  /**
   * Run a script at once. An error that nothing in it catches, of its syntax say, is thrown here and reported nowhere.
   * @param {string} text
   */
  runScript(text) {
    /** @type {any} */
    let failure = null;
    const listen = (/** @type {any} */ event) => {
      failure = event.error || makeError("SyntaxError", `${event.message} (line ${event.lineno})`);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const script = this.document.createElement("script");
    script.nonce = this._nonce;
    script.textContent = text;
    this.window.addEventListener("error", listen, {capture: true});
    const wasRunning = this.isRunningScript;
    this.isRunningScript = true;
    try {
      this.document.head.appendChild(script);
    } finally {
      this.isRunningScript = wasRunning;
      this.window.removeEventListener("error", listen, {capture: true});
      script.remove();
    }
    if (failure !== null) {
      throw failure;
    }
  }

  /** Whether nobody can see it: a tab in the background, a window that is minimised. */
  get isHidden() {
    return this.document.hidden === true;
  }

  /**
   * Evaluate text from Python: see `evaluate`.
   * @param {string} code
   * @param {Record<string, any>} args
   */
  evaluate(code, args) {
    return evaluate(code, args, this);
  }

  /**
   * Run text from Python whose value nobody wants: see `execute`.
   * @param {string} code
   * @param {Record<string, any>} args
   */
  execute(code, args) {
    execute(code, args, this);
  }

  /**
   * Load JavaScript or CSS.
   * @param {string} kind "js" or "css".
   * @param {string} name
   * @param {string} text
   * @param {string} url Used if there is no text.
   * @returns {void | Promise<void>} A promise for a script, or a style of the server's, that has to be fetched.
   */
  define(kind, name, text, url) {
    if (kind === "js") {
      if (url) {
        return this._loadScript(url);
      }
      this.runScript(`${text}\n//# sourceURL=deskapp/${encodeURI(name)}`);
      return undefined;
    }
    const element = this.document.createElement(url ? "link" : "style");
    element.nonce = this._nonce;
    element.setAttribute("data-deskapp", name);
    if (url) {
      element.rel = "stylesheet";
      element.href = url;
    } else {
      element.textContent = text;
    }
    for (const old of [...this.document.head.querySelectorAll("[data-deskapp]")]) {
      if (old.getAttribute("data-deskapp") === name) {
        old.remove(); // defined anew
      }
    }
    this.document.head.appendChild(element);
    // What comes from here comes at once, and what is shown next is to have its look; others may be slow.
    return url.startsWith("/") ? this._styled(element) : undefined;
  }

  /**
   * @param {any} element A link to a style sheet.
   * @returns {Promise<void>} Settles in any case: a page without its look is better than none.
   */
  _styled(element) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, STYLE_TIMEOUT_MS);
      element.onload = element.onerror = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * @param {string} url
   * @returns {Promise<void>}
   */
  _loadScript(url) {
    return new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ why) => reject(makeError("AssetError", `The script ${url} ${why}`));
      const timer = setTimeout(() => fail(`did not load in ${SCRIPT_TIMEOUT_MS / 1000} s`), SCRIPT_TIMEOUT_MS);
      const script = this.document.createElement("script");
      script.nonce = this._nonce;
      script.async = false;
      script.onload = () => {
        clearTimeout(timer);
        resolve();
      };
      script.onerror = () => {
        clearTimeout(timer);
        fail("could not be loaded");
      };
      script.src = url;
      this.document.head.appendChild(script);
    });
  }

  /**
   * Something about the page itself.
   * @param {string} name "title", "cookie", "theme", "width", "environment", "download", "stopped" or "failed".
   * @param {any} data
   */
  notice(name, data) {
    if (name === "title") {
      this.document.title = String(data);
    } else if (name === "cookie") {
      // The answer sets the cookie; the URL is good for one time. One after the other: the last one of a name counts.
      this._cookies = this._cookies.then(() => this._fetchCookie(data.url));
    } else if (name === "theme") {
      if (data === "dark" || data === "light") {
        this.document.documentElement.setAttribute("data-theme", data);
      } else {
        this.document.documentElement.removeAttribute("data-theme"); // as the desktop has it
      }
    } else if (name === "width") {
      this._setWidth(String(data));
    } else if (name === "environment") {
      this.slots.environment = data;
      this.slots.onenvironment?.();
    } else if (name === "download") {
      this._download(String(data.name), data.content);
    } else if (name === "stopped") {
      const [text, detail] = data
        ? [String(data.text), String(data.detail)]
        : ["The program has stopped by an error.", "Its log says what happened."];
      this._showNotice("deskapp-stopped", text, detail);
    } else if (name === "failed") {
      this._removeNotice("deskapp-failed");
      this._showNotice("deskapp-failed", "The program could not do that.", "Its log says what happened.");
      setTimeout(() => this._removeNotice("deskapp-failed"), FAILED_MS);
    }
  }

  /**
   * How wide the content may be; it stands in the middle then.
   * @param {string} width A CSS width; empty for no bound.
   */
  _setWidth(width) {
    const {style} = this.document.documentElement;
    if (width) {
      style.setProperty("--deskapp-width", width);
    } else {
      style.removeProperty("--deskapp-width");
    }
  }

  /**
   * Hand the user a file: a window asks where to, a browser has a place for downloads.
   * @param {string} name
   * @param {BlobPart} content
   */
  _download(name, content) {
    const url = this.window.URL.createObjectURL(new Blob([content], {type: "application/octet-stream"}));
    const link = this.document.createElement("a");
    link.href = url;
    link.download = name;
    link.style.display = "none";
    this.document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => this.window.URL.revokeObjectURL(url), DOWNLOAD_MS);
  }

  /** @param {string} url */
  async _fetchCookie(url) {
    try {
      const answer = await this.window.fetch(url, {cache: "no-store"});
      if (!answer.ok) {
        throw makeError("RuntimeError", `the answer was ${answer.status}`);
      }
    } catch (error) {
      console.error("A cookie could not be set:", error);
    }
  }

  /** The app's first content is complete. */
  showReady() {
    const splash = this.document.getElementById("deskapp-splash");
    if (splash !== null) {
      splash.remove();
    }
  }

  /**
   * The connection is lost, or is back.
   * @param {boolean} isLost
   */
  showLost(isLost) {
    if (isLost) {
      this._showNotice("deskapp-lost", "Connecting to the app again…", "");
    } else {
      this._removeNotice("deskapp-lost");
    }
  }

  /**
   * The session is over.
   * @param {number} code
   * @param {string} reason
   */
  showClosed(code, reason) {
    this.showReady();
    this._removeNotice("deskapp-lost");
    const known = CLOSE_TEXTS[code];
    this._showNotice("deskapp-closed", known || "This window is no longer connected to its app.", known ? "" : reason);
  }

  /**
   * @param {string} id
   * @param {string} text
   * @param {string} detail
   */
  _showNotice(id, text, detail) {
    const body = this.document.body;
    if (!body || this.document.getElementById(id) !== null) {
      return;
    }
    const box = this.document.createElement("div");
    box.id = id;
    box.className = "deskapp-notice";
    box.setAttribute("role", "status");
    for (const line of [text, detail]) {
      if (line) {
        const paragraph = this.document.createElement("p");
        paragraph.textContent = line;
        box.appendChild(paragraph);
      }
    }
    body.appendChild(box);
  }

  /** @param {string} id */
  _removeNotice(id) {
    const box = this.document.getElementById(id);
    if (box !== null) {
      box.remove();
    }
  }
}
