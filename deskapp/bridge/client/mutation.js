/**
 * Mutations of lists, dicts and arrays in place; also for replaying events. The mirror of
 * `deskapp/event/_mutation.py`.
 */

import {makeError, shortText} from "./errors.js";
import {isDict, isTyped} from "./values.js";

/**
 * Replay on a list or an array, in place, what an event says was done to another one.
 * @param {any} array
 * @param {{mutation: string, objects?: any, new_value?: any, index?: any}} event
 */
export function mutate_array(array, event) {
  if (event.mutation === "set") {
    const whole = event.new_value === undefined ? event.objects : event.new_value;
    if (isTyped(array)) {
      array.set(whole);
    } else {
      splice(array, 0, array.length, whole);
    }
    return;
  }
  applyToArray(array, event.objects, event.mutation, event.index);
}

/**
 * Replay on a dict, in place, what an event says was done to another one.
 * @param {any} dict
 * @param {{mutation: string, objects?: any, new_value?: any, index?: any}} event
 */
export function mutate_dict(dict, event) {
  if (event.mutation === "set") {
    const whole = Object.assign({}, event.new_value === undefined ? event.objects : event.new_value);
    for (const key of Object.keys(dict)) {
      delete dict[key];
    }
    Object.assign(dict, whole);
    return;
  }
  applyToDict(dict, event.objects, event.mutation, event.index === undefined ? -1 : event.index);
}

/** @param {string} mutation */
function checkMutation(mutation) {
  if (mutation !== "insert" && mutation !== "replace" && mutation !== "remove") {
    throw makeError("NotImplementedError", `there is no mutation ${shortText(mutation)}`);
  }
}

/**
 * Replace `count` items of a list, in place. Spread arguments would overflow the stack for long lists.
 * @param {any[]} array
 * @param {number} index
 * @param {number} count
 * @param {any[]} items
 */
function splice(array, index, count, items) {
  if (items.length < 10000) {
    array.splice(index, count, ...items);
    return;
  }
  const rest = array.splice(index);
  for (const item of items) {
    array.push(item);
  }
  for (let i = count; i < rest.length; i++) {
    array.push(rest[i]);
  }
}

/**
 * Insert, replace or remove in a list or array; everything is checked before anything is changed.
 * @param {any} array
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToArray(array, objects, mutation, index) {
  checkMutation(mutation);
  if (isTyped(array)) {
    applyToTyped(array, objects, mutation, index);
    return;
  }
  if (typeof index !== "number") {
    throw makeError("TypeError", `the index of a mutated list is a number, not ${shortText(index)}`);
  }
  if (index < 0) {
    throw makeError("IndexError", `${mutation} on a list needs an index of 0 or more, not ${index}`);
  }
  if (mutation === "remove") {
    if (typeof objects !== "number") {
      throw makeError("TypeError", `remove on a list takes the number of items, not ${shortText(objects)}`);
    }
    if (objects < 0) {
      throw makeError("ValueError", `remove on a list takes 0 or more items, not ${objects}`);
    }
    array.splice(index, objects);
    return;
  }
  if (!Array.isArray(objects)) {
    throw makeError("TypeError", `${mutation} on a list takes a list of items, not ${shortText(objects)}`);
  }
  splice(array, index, mutation === "replace" ? objects.length : 0, objects); // past the end: appends
}

/**
 * Replace a stretch of an array, or a block of one that has several dimensions.
 * @param {any} array
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToTyped(array, objects, mutation, index) {
  if (mutation !== "replace") {
    throw makeError("NotImplementedError", `arrays cannot change their size: ${mutation} is for lists`);
  }
  const shape = array.shape || [array.length];
  if (!Array.isArray(index)) {
    if (typeof index !== "number" || index < 0 || shape.length !== 1) {
      const text = `an array of ${shape.length} dimensions cannot be replaced at index ${shortText(index)}`;
      throw makeError("IndexError", text);
    }
    array.set(objects, index);
    return;
  }
  const block = shapeOf(objects);
  if (index.length !== shape.length || block.length !== shape.length) {
    throw makeError("IndexError", `an index of ${index.length} numbers does not fit ${shape.length} dimensions`);
  }
  const flat = Array.isArray(objects) ? objects.flat(shape.length) : objects;
  const width = block[block.length - 1];
  const rows = width === 0 ? 0 : flat.length / width;
  const at = new Array(shape.length).fill(0); // position in the block; the last axis stays 0
  for (let row = 0; row < rows; row++) {
    let rest = row;
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      at[axis] = rest % block[axis];
      rest = Math.floor(rest / block[axis]);
    }
    let offset = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      offset = offset * shape[axis] + index[axis] + at[axis];
    }
    array.set(Array.prototype.slice.call(flat, row * width, (row + 1) * width), offset);
  }
}

/** Shape of an array, or of lists in lists. @param {any} objects @returns {number[]} */
function shapeOf(objects) {
  if (isTyped(objects)) {
    return objects.shape || [objects.length];
  }
  const sizes = [];
  for (let level = objects; Array.isArray(level); level = level[0]) {
    sizes.push(level.length);
  }
  return sizes;
}

/**
 * Insert, replace or remove in a dict; everything is checked before anything is changed.
 * @param {any} dict
 * @param {any} objects
 * @param {string} mutation
 * @param {any} index
 */
function applyToDict(dict, objects, mutation, index) {
  checkMutation(mutation);
  if (index !== -1) {
    throw makeError("IndexError", `a dict has no index: leave it out instead of giving ${shortText(index)}`);
  }
  if (mutation !== "remove") {
    if (!isDict(objects)) {
      throw makeError("TypeError", `${mutation} on a dict takes a dict, not ${shortText(objects)}`);
    }
    Object.assign(dict, objects);
    return;
  }
  if (!Array.isArray(objects)) {
    throw makeError("TypeError", `remove on a dict takes a list of keys, not ${shortText(objects)}`);
  }
  const missing = objects.filter((key) => !Object.prototype.hasOwnProperty.call(dict, key));
  if (missing.length > 0) {
    throw makeError("KeyError", `keys to remove that are not there: ${missing.join(", ")}`);
  }
  for (const key of objects) {
    delete dict[key];
  }
}

/**
 * Apply a mutation other than `set` to the value of a property, in place and unvalidated.
 * @param {any} value
 * @param {string} mutation
 * @param {any} objects
 * @param {any} index
 */
export function mutateInPlace(value, mutation, objects, index) {
  checkMutation(mutation);
  if (isTyped(value) || (Array.isArray(value) && !Object.isFrozen(value))) {
    applyToArray(value, objects, mutation, index);
  } else if (isDict(value)) {
    applyToDict(value, objects, mutation, index);
  } else {
    throw makeError("TypeError", "only lists, dicts and arrays can be mutated in part");
  }
}
