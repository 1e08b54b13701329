/** How each kind of output is made: one table of the kinds in the neighbouring files. */

import {BASIC_KINDS} from "./basic.js";
import {DATATABLE_KINDS} from "./datatable.js";
import {FRAME_KINDS} from "./frames.js";
import {LAYOUT_KINDS} from "./layout.js";
import {POPUP_KINDS} from "./popups.js";
import {PROGRESS_KINDS} from "./progress.js";
import {RICH_KINDS} from "./rich.js";
import {TABLE_KINDS} from "./tables.js";
import {PIN_KINDS} from "./pins.js";

/**
 * @typedef {object} Kind
 * @property {(props: any, page: any) => HTMLElement} make
 * @property {(element: any, name: string, value: any, page: any, props: any) => void} [change] A property changed.
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  ...BASIC_KINDS,
  ...DATATABLE_KINDS,
  ...FRAME_KINDS,
  ...LAYOUT_KINDS,
  ...PIN_KINDS,
  ...POPUP_KINDS,
  ...PROGRESS_KINDS,
  ...RICH_KINDS,
  ...TABLE_KINDS,
};
