/** The document around a notebook, which is not ours: nothing is changed but what is in our cells. */

import {Page} from "./page.js";

/** @typedef {import("./places.js").Places} Places */

export class NotebookPage extends Page {
  /**
   * @param {any} window
   * @param {any} slots The object that scripts know as `deskapp`.
   * @param {Places} places
   * @param {string} kernel Names the kernel; a page may show notebooks of several.
   */
  constructor(window, slots, places, kernel) {
    super(window, "", slots);
    this._places = places;
    this._kernel = kernel;
  }

  get root() {
    return null;
  }

  /**
   * A component at the top has a node: a cell shows it, or its `PyComponent`, when asked to.
   * @param {any} component
   * @param {any[]} around The contexts that it was made in, outermost first.
   */
  mount(component, around) {
    this._places.add(component, around);
  }

  /** Scripts know their own kernel's client as `deskapp`. @param {string} text */
  runScript(text) {
    const {window} = this;
    const other = window.deskapp;
    window.deskapp = this.slots;
    try {
      super.runScript(text);
    } finally {
      window.deskapp = other;
    }
  }

  /**
   * @param {string} kind
   * @param {string} name
   * @param {string} text
   * @param {string} url
   */
  define(kind, name, text, url) {
    return super.define(kind, kind === "css" ? `${this._kernel}/${name}` : name, text, url);
  }

  /** Title and theme are the notebook's; there is no server for cookies. */
  notice() {}

  showReady() {
    this._places.fill();
  }

  showLost() {}

  showClosed() {}
}
