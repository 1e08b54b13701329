/**
 * Where the components of a notebook are shown: each display of one is a place, and the last place has its node.
 *
 * A `PyComponent` has no node; what was made in its context is collected in an element that stands for it.
 */

import {JsComponent, PyComponent} from "./app_component.js";

/** @typedef {import("./session.js").Session} Session */

/** @typedef {{element: HTMLElement, uid: string, said: string}} Place */

const ELSEWHERE = "This is shown in another tab.";
const MOVED = "This is shown in another cell.";
const GONE = "This component has ended.";

/** Another page has taken the session over. */
const CODE_TAKEN = 1000;

export class Places {
  /**
   * @param {Document} document
   * @param {() => void} take Shows everything in this page that another one shows.
   */
  constructor(document, take) {
    this._document = document;
    this._take = take;
    /** @type {Session|null} */
    this.session = null;
    /** @type {Place[]} In order of display. */
    this._places = [];
    /** @type {WeakMap<any, HTMLElement>} What stands for each `PyComponent`. */
    this._groups = new WeakMap();
    this._notice = "";
    this._canTake = false;
  }

  /** Begin with a session, whose components are still to come. @param {Session} session */
  begin(session) {
    this.session = session;
    this._notice = "";
  }

  /**
   * Show a component in a cell.
   * @param {string} uid
   * @param {HTMLElement} cell
   * @returns {() => void} Ends it.
   */
  show(uid, cell) {
    const element = this._document.createElement("div");
    element.className = "deskapp-place";
    cell.appendChild(element);
    const place = {element, uid, said: ""};
    this._places.push(place);
    this.fill();
    return () => {
      this._places = this._places.filter((other) => other !== place);
      element.remove();
      this.fill();
    };
  }

  /**
   * Take in the node of a component that has no parent with a node.
   * @param {any} component
   * @param {any[]} around The contexts that it was made in, outermost first.
   */
  add(component, around) {
    let node = component._node;
    for (let i = around.length - 1; i >= 0; i--) {
      if (around[i] instanceof PyComponent) {
        const group = this._groupOf(around[i]);
        group.appendChild(node);
        if (group.parentNode !== null) {
          return;
        }
        node = group; // the group of the next one around has this group, unless a cell shows it already
      }
    }
  }

  /** @param {any} component */
  _groupOf(component) {
    let group = this._groups.get(component);
    if (group === undefined) {
      group = this._document.createElement("div");
      group.className = "deskapp-group";
      this._groups.set(component, group);
    }
    return group;
  }

  /** Put nodes where they belong; cheap when they are there. */
  fill() {
    const seen = new Set();
    for (let i = this._places.length - 1; i >= 0; i--) {
      const place = this._places[i];
      if (this._notice) {
        this._say(place, this._notice, this._canTake);
      } else if (seen.has(place.uid)) {
        this._say(place, MOVED, false);
      } else {
        seen.add(place.uid);
        this._fillOne(place);
      }
    }
  }

  /** @param {Place} place */
  _fillOne(place) {
    const {session} = this;
    const {element, uid} = place;
    if (session === null || !session.id) {
      return;
    }
    const home = `${session.id}_`;
    const isOurs = uid.startsWith(home);
    const component = session.instances.get(isOurs ? uid.slice(home.length) : uid);
    /** @type {HTMLElement|null} */
    let node = null;
    if (component !== undefined) {
      node = component instanceof JsComponent ? component.node : this._groupOf(component);
    }
    // Of another page's PyComponent only the proxy is here: what shows it lives there.
    if (node !== null && (isOurs || node.childNodes.length > 0)) {
      if (element.childNodes.length !== 1 || element.firstChild !== node) {
        element.replaceChildren(node);
      }
      place.said = "";
    } else if (session.is_ready) {
      this._say(place, isOurs ? GONE : ELSEWHERE, !isOurs);
    }
  }

  /**
   * The session is over, or another page has it.
   * @param {number} code
   * @param {string} reason
   */
  close(code, reason) {
    this._canTake = code === CODE_TAKEN && reason === "taken";
    this._notice = this._canTake ? ELSEWHERE : reason || "This notebook is no longer connected to its kernel.";
    this.fill();
  }

  /**
   * @param {Place} place
   * @param {string} text
   * @param {boolean} canTake
   */
  _say(place, text, canTake) {
    if (place.said === text) {
      return;
    }
    place.said = text;
    const note = this._document.createElement("p");
    note.className = "deskapp-note";
    note.setAttribute("role", "status");
    note.textContent = text;
    if (canTake) {
      const button = this._document.createElement("button");
      button.textContent = "Show it here";
      button.addEventListener("click", () => this._take());
      note.append(" ", button);
    }
    place.element.replaceChildren(note);
  }
}
