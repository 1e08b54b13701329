/**
 * What makes a window of the browser one of the application's: its title, and an end that keeps what the page stored.
 *
 * Runs with all rights of Firefox, on what Firefox calls internal: seen to work with 153 ESR. Where the browser does not
 * call it, windows are titled as the browser's, and are ended by a signal.
 */

const TITLE = "deskapp.title"; // written by deskapp/runtime/firefox/_files.py

let main = null;

export const AppWindow = {
  /** @param {ChromeWindow} window - of the browser, with its page's element made and nothing loaded yet */
  init(window) {
    const otherwise = Services.prefs.getStringPref(TITLE, "");
    window.gBrowser.getWindowTitleForBrowser = page => (page.contentTitle || otherwise).replaceAll("\0", "");
    if (main === null) {
      main = window;
      connect();
    }
  },
};

/** Listen to the application, and end all with its window: the process is what tells that it was closed. */
function connect() {
  const { Pipe } = ChromeUtils.importESModule("chrome://deskapp/content/Pipe.sys.mjs");
  const pipe = new Pipe(method => {
    if (method !== "close") {
      throw new Error(`a window of the browser has no command ${method}`);
    }
    Services.startup.quit(Ci.nsIAppStartup.eForceQuit);
  });
  main.addEventListener("unload", closeOthers, { once: true });
  Services.obs.addObserver(() => pipe.close(), "quit-application-granted");
  pipe.tell("listens");
}

/** Close what the page has opened. The browser ends with the last of them; told to end here, it would hang. */
function closeOthers() {
  for (const other of Services.wm.getEnumerator("navigator:browser")) {
    if (other !== main) {
      other.close();
    }
  }
}
