/** How transpiled code passes keyword arguments: as one object `{flx_args, flx_kwargs}`. */

import {makeError, shortText} from "./errors.js";

/** Key of what the session hands to a constructor besides arguments: the identity of the new instance. */
export const MAKING = Symbol("making");

/**
 * Whether an argument is how transpiled code passes keyword arguments.
 * @param {any[]} args
 */
export function hasKeywords(args) {
  const only = args.length === 1 ? args[0] : null;
  return only !== null && typeof only === "object" && Array.isArray(only.flx_args) && "flx_kwargs" in only;
}

/**
 * Positional arguments of a call that may have keywords.
 * @param {any[]} args
 * @param {string[]} names Of the parameters.
 * @returns {any[]}
 */
export function positional(args, names) {
  if (!hasKeywords(args)) {
    return args;
  }
  const values = args[0].flx_args.slice();
  for (const [name, value] of Object.entries(args[0].flx_kwargs)) {
    const index = names.indexOf(name);
    if (index < 0) {
      throw makeError("TypeError", `unexpected keyword argument ${shortText(name)}`);
    }
    values[index] = value;
  }
  return values;
}
