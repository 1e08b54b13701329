/**
 * The entry of the client: makes `window.deskapp`, the session and its connection.
 *
 * Everything here happens once, while the client's script runs; only then is `document.currentScript`, which has the
 * nonce under which scripts may run, this script.
 */

import {setPageSession} from "./app_component.js";
import {Connection} from "./connection.js";
import {ConsoleForwarder} from "./console.js";
import {replay} from "./exported.js";
import {Page} from "./page.js";
import {makeRuntime} from "./runtime.js";
import {Session} from "./session.js";

/** Where a tab keeps the key of its session, for reloads. */
const KEY_NAME = "deskapp.key";

/** Python does not know this tab's key (any more). */
const CODE_NO_KEY = 4401;

/**
 * What the page's own storage holds, or null; some engines have none in private mode.
 * @param {any} window
 * @returns {string|null}
 */
function readKey(window) {
  try {
    return window.sessionStorage.getItem(KEY_NAME);
  } catch {
    return null;
  }
}

/**
 * @param {any} window
 * @param {string|null} key
 */
function storeKey(window, key) {
  try {
    if (key === null) {
      window.sessionStorage.removeItem(KEY_NAME);
    } else {
      window.sessionStorage.setItem(KEY_NAME, key);
    }
  } catch {
    // Without storage a reload needs a new ticket.
  }
}

/**
 * Take the one-time ticket out of the address, and clean the address.
 * @param {any} window
 * @returns {string|null}
 */
function takeTicket(window) {
  const {hash, pathname, search} = window.location;
  const found = /^#k=([A-Za-z0-9_-]+)$/.exec(hash);
  if (found === null) {
    return null;
  }
  window.history.replaceState(window.history.state, "", pathname + search);
  return found[1];
}

/** @param {any} window @returns {string} 128 random bits. */
function randomId(window) {
  const bytes = window.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {any} window How the page was reached. */
function navigationType(window) {
  const [entry] = window.performance.getEntriesByType("navigation");
  const type = entry ? entry.type : "navigate";
  return type === "reload" || type === "back_forward" ? type : "navigate";
}

/**
 * Make the client of a page; it connects unless the script says `data-connect="no"`, as exported pages do.
 * @param {any} window
 * @param {{nonce: string, dataset: Record<string, string>}} script The element of this very script.
 * @returns {{session: Session, connection: Connection|null}}
 */
export function start(window, script) {
  const {loader, deskapp} = makeRuntime();
  const page = new Page(window, script.nonce, deskapp);
  const session = new Session({page, loader});
  deskapp.session = session;
  setPageSession(session);
  window.deskapp = deskapp;
  if (script.dataset.connect === "no") {
    deskapp.replay = (/** @type {any} */ record) => replay(session, record);
    return {session, connection: null};
  }
  const forwarder = new ConsoleForwarder(session, window, page);
  forwarder.install();
  session.window.install();
  return {session, connection: connect(window, session, forwarder)};
}

/**
 * @param {any} window
 * @param {Session} session
 * @param {ConsoleForwarder} forwarder
 */
function connect(window, session, forwarder) {
  const {location} = window;
  const ticket = takeTicket(window);
  const pageId = randomId(window);
  const navigation = navigationType(window);
  const name = /^\/([^/]*)/.exec(location.pathname);
  let wasOpen = false;
  const connection = new Connection({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/_ws/${name ? name[1] : ""}`,
    protocol: session.protocol,
    hello: () => ({
      ticket: wasOpen ? null : ticket, // good for one time
      key: readKey(window) || session.key,
      navigation,
      page: pageId,
      path: location.pathname,
      query: location.search.slice(1),
    }),
    onopen(welcome) {
      session.key = welcome.key;
      storeKey(window, welcome.key);
      if (wasOpen && welcome.how !== "replay") {
        // Python cannot fill in what this page has missed: let it be made anew, from nothing.
        session.is_closed = true;
        session.window.stop_asking();
        location.reload();
        return;
      }
      wasOpen = true;
      session.opened(welcome);
      forwarder.resume();
    },
    onframe: (data) => session.receive(data),
    onclose(code, reason) {
      if (code === CODE_NO_KEY) {
        storeKey(window, null);
      }
      session.close(code, reason);
    },
  });
  session.write = (frames) => connection.send(frames);
  connection.start();
  return connection;
}

if (typeof document !== "undefined" && document.currentScript) {
  // @ts-ignore: it is a script element of HTML
  start(window, document.currentScript);
}
