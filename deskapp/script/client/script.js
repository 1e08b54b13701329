/** The entry of what shows and asks for functions: comes into a page with the first thing that is shown. */

import {ScriptPage} from "./script_page.js";

if (typeof window !== "undefined" && /** @type {any} */ (window).deskapp) {
  /** @type {any} */ (window).deskapp.openScript = (/** @type {any} */ session) => new ScriptPage(session);
}
