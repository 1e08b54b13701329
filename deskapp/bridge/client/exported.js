/**
 * Pages without a Python: what Python said when the page was exported is said again, and what the page would say to
 * Python goes nowhere. Python's components show the values that they had.
 */

import {makeError} from "./errors.js";
import {message} from "./messages.js";

/** @typedef {import("./messages.js").Message} Message */
/** @typedef {import("./session.js").Session} Session */

/**
 * @typedef {object} Record What Python said, and data that code of the page fetches.
 * @property {string} session_id
 * @property {string} app_name
 * @property {Array<string | {base64: string}>} frames
 * @property {Record<string, string>} data By address, as base64.
 */

/** @param {string} text Base64. @returns {ArrayBuffer} */
function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes.buffer;
}

/**
 * Say to a session what Python said.
 * @param {Session} session
 * @param {Record} record
 */
export function replay(session, {session_id: id, app_name: name, frames, data}) {
  let hasWarned = false;
  session.unheard = (msg) => {
    if (msg.op !== "INVOKE") {
      return;
    }
    const what = `${msg.id}.${msg.action}()`;
    if (!hasWarned) {
      hasWarned = true;
      session.printer.warn(`${what} does nothing: it needs Python, and this page was exported without it.`);
    }
    if (msg.req > 0) {
      session.fail(msg.req, makeError("SessionClosedException", `${what} needs Python; this page was exported without it`));
    }
  };
  for (const [url, text] of Object.entries(data)) {
    session.blobs.set(session.page.resolve(url), () => bytesOf(text));
  }
  session.opened(message("WELCOME", 0, "", "new", "", id, name, 0));
  session.protocol.accept(0);
  for (const frame of frames) {
    session.receive(typeof frame === "string" ? frame : bytesOf(frame.base64));
  }
}
