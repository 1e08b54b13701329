/**
 * Evaluate JavaScript text without `eval`, which the page's security policy forbids: as a nonced script element.
 *
 * A text is an expression; else statements whose last one is an expression (found by a bounded search for the place
 * to cut); else the body of a function, which may `return`. What has `await` is in an async function, and gives its
 * promise; nothing else does, so that what a text throws is told from a promise of its own that was rejected.
 */

import {makeError, shortText} from "./errors.js";

/** The search for the last expression is quadratic: it is for short texts only. */
const MAX_CUT_TEXT = 8192;
const MAX_CUTS = 32;

/**
 * @typedef {object} Slot Where the script finds its arguments and leaves its outcome.
 * @property {Record<string, any>} args
 * @property {boolean} ran
 * @property {boolean} failed
 * @property {any} value
 * @property {any} error
 */

/**
 * @typedef {object} Host
 * @property {any} slots Holds the slot as `deskapp._slot`.
 * @property {(text: string) => void} runScript Runs a script, and throws the error if its syntax is wrong.
 */

/**
 * Run a text whose value nobody wants: as a script of its own, so that what it declares by `var` or `function` is
 * global; what is no script, for it has `await` or `return`, as `evaluate` does.
 * @param {string} code
 * @param {Record<string, any>} args Variables that the text may use.
 * @param {Host} host
 */
export function execute(code, args, host) {
  const {run} = runner(args, host);
  const slot = run(`${opening(args)}try{${code}\n}catch(e){__slot.failed=true;__slot.error=e}}}`);
  if (slot === null) {
    evaluate(code, args, host);
  } else if (slot.failed) {
    throw slot.error;
  }
}

/**
 * Evaluate a text.
 * @param {string} code
 * @param {Record<string, any>} args Variables that the text may use.
 * @param {Host} host
 * @returns {any} The value, often a promise. Throws what the text throws, or a SyntaxError.
 */
export function evaluate(code, args, host) {
  const text = code.replace(/[\s;]+$/, "");
  const start = opening(args);
  const wrap = (/** @type {string} */ head, /** @type {string} */ tail) =>
    `${start}try{${head}__slot.value=(${tail}\n)}catch(e){__slot.failed=true;__slot.error=e}}}`;

  const {run, lastRefusal} = runner(args, host);
  const hasAwait = /\bawait\b/.test(text);
  let slot = null;
  if (hasAwait) {
    slot = run(wrap("", `(async function(){return(${text}\n)}).call(this)`));
  }
  if (slot === null && !hasAwait) {
    slot = run(wrap("", text)) || runCut(text, wrap, run);
  }
  if (slot === null) {
    slot = run(wrap("", `(${hasAwait ? "async " : ""}function(){${code}\n}).call(this)`));
  }
  if (slot === null) {
    throw lastRefusal();
  }
  if (slot.failed) {
    throw slot.error;
  }
  return slot.value;
}

/** @param {Record<string, any>} args @returns {string} How a script begins that finds its slot and its variables. */
function opening(args) {
  return `{const __slot=deskapp._slot;__slot.ran=true;{let {${argumentNames(args)}}=__slot.args;`;
}

/**
 * What runs scripts with these variables: gives the slot, or null for one whose syntax is wrong, and the last such error.
 * @param {Record<string, any>} args
 * @param {Host} host
 * @returns {{run: (script: string) => Slot|null, lastRefusal: () => Error|null}}
 */
function runner(args, host) {
  /** @type {Error|null} */
  let refusal = null;
  /** @type {(script: string) => Slot|null} */
  const run = (script) => {
    /** @type {Slot} */
    const slot = {args, ran: false, failed: false, value: undefined, error: undefined};
    const outer = host.slots._slot;
    host.slots._slot = slot; // a text may evaluate another one meanwhile
    try {
      host.runScript(script);
    } catch (error) {
      refusal = /** @type {Error} */ (error);
      return null;
    } finally {
      host.slots._slot = outer;
    }
    if (!slot.ran) {
      throw makeError("SecurityError", "The page's security policy does not let scripts run");
    }
    return slot;
  };
  return {run, lastRefusal: () => refusal};
}

/**
 * Find the first place where the text falls into statements and one expression, and run it so.
 * @param {string} text
 * @param {(head: string, tail: string) => string} wrap
 * @param {(script: string) => Slot|null} run
 * @returns {Slot|null}
 */
function runCut(text, wrap, run) {
  if (text.length > MAX_CUT_TEXT) {
    return null;
  }
  const cuts = [];
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === ";" || text[i] === "}" || text[i] === "\n") {
      cuts.push(i + 1);
    }
  }
  for (const cut of cuts.slice(-MAX_CUTS)) {
    const head = text.slice(0, cut);
    // Alone, the head must be whole statements: "if (x)\n" is not, though it is with what we put behind it.
    if (run(`deskapp._slot.ran=true;(function(){${head}\n})`) !== null) {
      const slot = run(wrap(`${head};`, text.slice(cut)));
      if (slot !== null) {
        return slot;
      }
    }
  }
  return null;
}

/** @param {Record<string, any>} args */
function argumentNames(args) {
  const names = Object.keys(args);
  for (const name of names) {
    if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
      throw makeError("ValueError", `${shortText(name)} cannot be the name of a variable`);
    }
  }
  return names.join(",");
}
