/**
 * The one window of an application: a page from edge to edge, and what a page expects of the window around it.
 *
 * Runs with all rights of Firefox, on what Firefox calls internal: seen to work with 153 ESR. The page runs in a process
 * of its own, with a page's rights.
 */

"use strict";

// Names of preferences, which deskapp/runtime/firefox/_files.py writes.
const PREFERENCES = "deskapp.";
const LOOK_EVERY_MS = 250; // where the window is: nobody is told when it moves

const deskapp = {
  asks: false,
  isLeaving: false,

  /** Make the page's element and load the page, or take the page that another page has opened. */
  start() {
    const opened = window.docShell.treeOwner
      .QueryInterface(Ci.nsIInterfaceRequestor)
      .getInterface(Ci.nsIAppWindow).initialOpenWindowInfo;
    const others = [...Services.wm.getEnumerator("deskapp:window")].filter(other => other !== window);
    this.isMain = opened === null && others.length === 0;
    this.title = this.wish("title", "");
    document.title = this.title;
    window.browserDOMWindow = new PageOpener();
    document.getElementById("edit-menu").addEventListener("command", event => this.edit(event));
    document.getElementById("key_fullscreen").addEventListener("command", () => this.toggleFullscreen());
    window.addEventListener("MozDOMFullscreen:Exited", () => this.tellPage("Fullscreen:CleanUp"));
    window.addEventListener("MozDOMFullscreen:Entered", () => this.tellPage("Fullscreen:Entered"));
    if (this.isMain) {
      registerActors();
      this.dress();
    } else {
      // Where the page that opens it names no size.
      document.documentElement.setAttribute("width", this.wish("width", 0));
      document.documentElement.setAttribute("height", this.wish("height", 0));
    }
    this.page = this.makePage(opened);
    if (this.isMain) {
      this.connect();
      this.load(this.wish("url", "about:blank"));
    }
  },

  /** A preference of this application; `otherwise` says of which type it is. */
  wish(name, otherwise) {
    const read = { string: "getStringPref", number: "getIntPref", boolean: "getBoolPref" }[typeof otherwise];
    return Services.prefs[read](PREFERENCES + name, otherwise);
  },

  /** Give the first window what was wished for it; size and place are given by Firefox. */
  dress() {
    this.asks = this.wish("confirm_close", false);
    commands.set_min_size(this.wish("min_width", 1), this.wish("min_height", 1));
    commands.set_background(this.wish("background", "") || null);
    const mode = this.wish("mode", "normal");
    if (mode !== "normal") {
      const change = mode === "maximized" ? () => window.maximize() : () => (window.fullScreen = true);
      window.addEventListener("MozAfterPaint", change, { once: true }); // what is told sooner is forgotten
    }
  },

  /** Open the pipes to the application, and tell what happens. */
  connect() {
    const { Pipe } = ChromeUtils.importESModule("chrome://deskapp/content/Pipe.sys.mjs");
    this.pipe = new Pipe((method, args) => commands[method](...args));
    const tell = (method, params) => this.pipe.tell(method, params);
    window.addEventListener("MozAfterPaint", () => tell("shown"), { once: true });
    window.addEventListener("activate", () => tell("focus", { value: true }));
    window.addEventListener("deactivate", () => tell("focus", { value: false }));
    window.addEventListener("resize", () => this.tellGeometry());
    window.addEventListener("sizemodechange", () => this.tellGeometry());
    window.setInterval(() => this.tellGeometry(), LOOK_EVERY_MS);
    window.addEventListener("close", event => {
      if (this.asks && !this.isLeaving) {
        event.preventDefault();
        tell("close_requested");
      }
    });
    window.addEventListener("unload", () => this.leave(), { once: true });
    Services.obs.addObserver(() => this.leave(), "quit-application-granted");
  },

  /** The page of this window has loaded. */
  pageLoaded() {
    this.pipe?.tell("loaded");
  },

  /** The application's window goes, and all that its page has opened with it. */
  leave() {
    if (!this.isLeaving) {
      this.isLeaving = true;
      this.tellGeometry = () => {};
      this.pipe.close();
      Services.startup.quit(Ci.nsIAppStartup.eForceQuit);
    }
  },

  tellGeometry() {
    const { windowState, STATE_MAXIMIZED, STATE_MINIMIZED } = window;
    const value = [
      window.screenX,
      window.screenY,
      window.innerWidth,
      window.innerHeight,
      windowState === STATE_MAXIMIZED,
      window.fullScreen,
      windowState === STATE_MINIMIZED,
    ];
    if (JSON.stringify(value) !== this.told) {
      this.told = JSON.stringify(value);
      this.pipe.tell("geometry", { value });
    }
  },

  makePage(opened) {
    const page = document.createXULElement("browser");
    for (const [name, value] of Object.entries({
      type: "content",
      primary: "true",
      remote: "true",
      maychangeremoteness: "true",
      messagemanagergroup: "browsers",
      tooltip: "page-tooltip",
      flex: "1",
      style: "flex: 1; min-width: 0; min-height: 0; background-color: transparent",
    })) {
      page.setAttribute(name, value);
    }
    if (opened) {
      page.openWindowInfo = opened;
    }
    page.addEventListener("pagetitlechanged", () => {
      document.title = page.contentTitle || this.title;
    });
    page.addEventListener("DOMWindowClose", event => {
      event.preventDefault();
      window.close();
    });
    page.addEventListener("oop-browser-crashed", () => {
      if (this.isMain) {
        this.hasCrashed = true;
        this.pipe.tell("crashed");
      } else {
        window.close();
      }
    });
    document.documentElement.append(page);
    return page;
  },

  load(url) {
    if (this.hasCrashed) {
      this.hasCrashed = false;
      this.page.remove();
      this.page = this.makePage(null);
    }
    this.page.fixupAndLoadURIString(url, {
      triggeringPrincipal: Services.scriptSecurityManager.createNullPrincipal({}),
    });
    this.page.focus();
  },

  toggleFullscreen() {
    if (this.wish("mode", "normal") !== "kiosk") {
      window.fullScreen = !window.fullScreen;
    }
  },

  /** The page of this window asks for the menu. */
  showMenu(actor, { isEditable, x, y }) {
    const menu = document.getElementById("edit-menu");
    this.menuActor = actor;
    for (const item of menu.children) {
      item.hidden = item.dataset.where === "editable" && !isEditable;
    }
    menu.openPopupAtScreen(x, y, true);
  },

  edit(event) {
    this.menuActor.sendAsyncMessage("Menu:Command", { command: event.target.dataset.command });
  },

  tellPage(message) {
    this.page.browsingContext?.currentWindowGlobal?.getActor("Deskapp").sendAsyncMessage(message);
  },
};

/** What the application may ask of its window, by the names and with the arguments of `COMMAND_ARGUMENTS` in Python. */
const commands = {
  close: () => deskapp.leave(),
  load_url: url => deskapp.load(url),
  set_title: title => {
    document.title = title;
  },
  resize: (width, height) =>
    window.resizeTo(width + window.outerWidth - window.innerWidth, height + window.outerHeight - window.innerHeight),
  move: (x, y) => window.moveTo(x, y),
  center: () => {
    const { availLeft, availTop, availWidth, availHeight } = window.screen;
    const [left, top] = [(availWidth - window.outerWidth) / 2, (availHeight - window.outerHeight) / 2];
    window.moveTo(Math.round(availLeft + left), Math.round(availTop + top));
  },
  maximize: () => window.maximize(),
  minimize: () => window.minimize(),
  restore: () => {
    window.fullScreen = false;
    window.restore();
  },
  fullscreen: on => {
    window.fullScreen = on;
  },
  focus: () => window.focus(),
  set_zoom: factor => {
    deskapp.page.fullZoom = factor;
  },
  set_background: color => {
    document.documentElement.style.backgroundColor = color ?? "";
  },
  set_min_size: (width, height) => {
    document.documentElement.style.minWidth = `${width}px`;
    document.documentElement.style.minHeight = `${height}px`;
  },
  set_confirm_close: on => {
    deskapp.asks = on;
  },
};

/** What Firefox asks when a page wants to open something inside a window; it opens windows by itself. */
class PageOpener {
  QueryInterface = ChromeUtils.generateQI(["nsIBrowserDOMWindow"]);

  /** A page prints: Firefox needs an element for the copy that is printed. */
  createContentWindowInFrame(uri, params, where) {
    return this.openURIInFrame(uri, params, where);
  }

  openURIInFrame(uri, params, where) {
    if (where !== Ci.nsIBrowserDOMWindow.OPEN_PRINT_BROWSER) {
      return null;
    }
    if (!window.PrintUtils) {
      const { XPCOMUtils } = ChromeUtils.importESModule("resource://gre/modules/XPCOMUtils.sys.mjs");
      window.XPCOMUtils = XPCOMUtils; // which that script takes for granted
      Services.scriptloader.loadSubScript("chrome://global/content/printUtils.js", window);
    }
    return window.PrintUtils.handleStaticCloneCreatedForPrint(params.openWindowInfo);
  }

  createContentWindow() {
    return null;
  }

  openURI() {
    return null;
  }

  canClose() {
    return true;
  }

  get tabCount() {
    return 1;
  }

  isTabContentWindow() {
    return false;
  }
}

/** Selects, pickers and the like are the toolkit's; dialogs, the menu and fullscreen are the browser's, so ours here. */
function registerActors() {
  ChromeUtils.importESModule("resource://gre/modules/ActorManagerParent.sys.mjs");
  ChromeUtils.registerWindowActor("Prompt", {
    parent: { esModuleURI: "chrome://deskapp/content/PromptParent.sys.mjs" },
    includeChrome: true,
    allFrames: true,
  });
  const names = ["Request", "Entered", "Exit", "Exited"].map(name => `MozDOMFullscreen:${name}`);
  ChromeUtils.registerWindowActor("Deskapp", {
    parent: { esModuleURI: "chrome://deskapp/content/DeskappParent.sys.mjs" },
    child: {
      esModuleURI: "chrome://deskapp/content/DeskappChild.sys.mjs",
      events: {
        contextmenu: { mozSystemGroup: true },
        pageshow: { mozSystemGroup: true },
        ...Object.fromEntries(names.map(name => [name, {}])),
      },
    },
    messageManagerGroups: ["browsers"],
    allFrames: true,
  });
}

window.deskapp = deskapp;
window.addEventListener("DOMContentLoaded", () => deskapp.start(), { once: true });
