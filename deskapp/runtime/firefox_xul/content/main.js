/**
 * The one window of an application: a page from edge to edge, and what a page expects of the window around it.
 *
 * Runs with all rights of Firefox, on what Firefox calls internal: seen to work with 153 ESR. The page runs in a process
 * of its own, with a page's rights.
 */

"use strict";

// Names of preferences, which deskapp/runtime/_firefox_files.py writes.
const PREFERENCES = "deskapp.";
const CRASHED = 70; // exit code: the process that draws the page has ended

const deskapp = {
  /** Make the page's element and load the page, or take the page that another page has opened. */
  start() {
    const opened = window.docShell.treeOwner
      .QueryInterface(Ci.nsIInterfaceRequestor)
      .getInterface(Ci.nsIAppWindow).initialOpenWindowInfo;
    this.isMain = !opened && !window.opener && !deskapp.others().length;
    this.title = this.wish("title", "");
    document.title = this.title;
    if (this.isMain) {
      registerActors();
      this.dress();
    }
    this.page = this.makePage(opened);
    window.browserDOMWindow = new PageOpener();
    document.getElementById("edit-menu").addEventListener("command", event => this.edit(event));
    document.getElementById("key_fullscreen").addEventListener("command", () => this.toggleFullscreen());
    window.addEventListener("MozDOMFullscreen:Exited", () => this.tellPage("Fullscreen:CleanUp"));
    window.addEventListener("MozDOMFullscreen:Entered", () => this.tellPage("Fullscreen:Entered"));
    if (this.isMain) {
      window.addEventListener("unload", () => Services.startup.quit(Ci.nsIAppStartup.eForceQuit), { once: true });
      this.load(this.wish("url", "about:blank"));
      window.addEventListener("MozAfterPaint", () => this.tellShown(), { once: true });
    } else if (opened === null && window.arguments?.[0] instanceof Ci.nsISupportsString) {
      this.load(window.arguments[0].data);
    }
  },

  /** Leave word that the window is on screen. */
  tellShown() {
    return IOUtils.writeUTF8(PathUtils.join(PathUtils.profileDir, "deskapp", "shown"), "");
  },

  /** Other windows of this process that show pages. */
  others() {
    return [...Services.wm.getEnumerator("deskapp:window")].filter(other => other !== window);
  },

  /** A preference of this application; `otherwise` says of which type it is. */
  wish(name, otherwise) {
    const read = { string: "getStringPref", number: "getIntPref", boolean: "getBoolPref" }[typeof otherwise];
    return Services.prefs[read](PREFERENCES + name, otherwise);
  },

  /** Give the first window what was wished for it; size and place are given by Firefox. */
  dress() {
    const style = document.documentElement.style;
    style.minWidth = `${this.wish("min_width", 1)}px`;
    style.minHeight = `${this.wish("min_height", 1)}px`;
    style.backgroundColor = this.wish("background", "");
    const mode = this.wish("mode", "normal");
    if (mode === "maximized") {
      window.maximize();
    } else if (mode !== "normal") {
      window.fullScreen = true;
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
      console.error("deskapp: the process that draws the page has ended");
      Services.startup.quit(Ci.nsIAppStartup.eForceQuit, CRASHED);
    });
    document.documentElement.append(page);
    return page;
  },

  load(url) {
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
  const events = ["Request", "Entered", "Exit", "Exited"].map(name => [`MozDOMFullscreen:${name}`, {}]);
  ChromeUtils.registerWindowActor("Deskapp", {
    parent: { esModuleURI: "chrome://deskapp/content/DeskappParent.sys.mjs" },
    child: {
      esModuleURI: "chrome://deskapp/content/DeskappChild.sys.mjs",
      events: { contextmenu: { mozSystemGroup: true }, ...Object.fromEntries(events) },
    },
    messageManagerGroups: ["browsers"],
    allFrames: true,
  });
}

window.deskapp = deskapp;
window.addEventListener("DOMContentLoaded", () => deskapp.start(), { once: true });
