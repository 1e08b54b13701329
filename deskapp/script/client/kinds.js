/** How each kind of output is made: one table of the kinds in the neighbouring files. */

import {BASIC_KINDS} from "./basic.js";
import {DATATABLE_KINDS} from "./datatable.js";
import {FRAME_KINDS} from "./frames.js";

/**
 * @typedef {object} Kind
 * @property {(props: any, page: any) => HTMLElement} make
 * @property {(element: any, name: string, value: any, page: any, props: any) => void} [change] A property changed.
 */

/** @type {Record<string, Kind>} */
export const KINDS = {...BASIC_KINDS, ...DATATABLE_KINDS, ...FRAME_KINDS};
