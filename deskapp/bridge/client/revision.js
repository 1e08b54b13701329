/**
 * Whose value counts when both sides set one property of a Model: Python is the end point. The rule is explained in
 * bridge/revision.py; this is the page's end of it.
 */

/** @typedef {[rev: number, turn: number]} Mark As it travels; the turn is -1 if the message answers nothing. */

const NO_TURN = -1;

/** What the page knows of one property of one object. */
export class PageEnd {
  constructor() {
    this.seen = 0;
    this.turn = 0;
  }

  /**
   * The page has set the property, or its validation has changed the value.
   * @returns {Mark} The mark of the message that tells.
   */
  setHere() {
    this.turn += 1;
    return [this.seen, this.turn];
  }

  /**
   * What is to be done with a value from Python.
   * @param {Mark} mark
   * @returns {"drop"|"take"|"validate"}
   */
  receives([rev, turn]) {
    if (turn === NO_TURN) {
      this.seen = rev;
      return "validate";
    }
    return turn === this.turn ? "take" : "drop";
  }
}
