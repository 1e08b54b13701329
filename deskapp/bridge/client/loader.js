/** Modules that Python defines: each a function of the client's runtime object and of the modules it needs. */

import {makeError, shortText} from "./errors.js";

export class Loader {
  /** @param {any} runtime The first argument of every module's function. */
  constructor(runtime) {
    this._runtime = runtime;
    /** @type {Map<string, any>} */
    this._modules = new Map();
  }

  /**
   * Define a module, or define it anew.
   * @param {string} name
   * @param {string[]} deps Names of modules that are defined already.
   * @param {(runtime: any, ...deps: any[]) => any} factory Called at once; returns what the module exports.
   */
  define(name, deps, factory) {
    const exported = factory(this._runtime, ...deps.map((dep) => this.require(dep)));
    this._modules.set(name, exported || {});
  }

  /**
   * What a module exports.
   * @param {string} name
   */
  require(name) {
    const exported = this._modules.get(name);
    if (exported === undefined) {
      throw makeError("KeyError", `There is no module ${shortText(name)}`);
    }
    return exported;
  }

  /** @param {string} name */
  has(name) {
    return this._modules.has(name);
  }

  /**
   * A class by the names that INSTANTIATE has for it.
   * @param {string} module
   * @param {string} name
   */
  classOf(module, name) {
    const exported = this._modules.get(module);
    const cls = exported !== undefined ? exported[name] : this._runtime[name]; // the roots are in no module
    if (typeof cls !== "function") {
      throw makeError("KeyError", `There is no class ${shortText(name)} in module ${shortText(module)}`);
    }
    return cls;
  }
}
