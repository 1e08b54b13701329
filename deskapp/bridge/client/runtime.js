/** What transpiled code finds in the page: the loader of its modules, and the object that it knows as `deskapp`. */

import {JsComponent, PyComponent, StubComponent} from "./app_component.js";
import {Component} from "./component.js";
import {defineClass} from "./define_class.js";
import {defineModel} from "./define_model.js";
import {logger} from "./errors.js";
import {Loader} from "./loader.js";
import {loop} from "./loop.js";
import {PROTOCOL_VERSION} from "./messages.js";
import {Model} from "./model.js";
import {mutate_array, mutate_dict} from "./mutation.js";

/**
 * Make both, empty.
 * @returns {{loader: Loader, deskapp: any}}
 */
export function makeRuntime() {
  const event = {Component, JsComponent, Model, PyComponent, StubComponent, loop, logger, mutate_array, mutate_dict};
  const loader = new Loader({...event, defineClass, defineModel});
  const deskapp = {
    define: loader.define.bind(loader),
    require: loader.require.bind(loader),
    event,
    version: PROTOCOL_VERSION,
  };
  return {loader, deskapp};
}
