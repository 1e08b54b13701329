/** Files that the user chooses: sent to Python in pieces as soon as they are chosen. */

import {makeNode} from "./dom.js";
import {findFault, sizeText} from "./rules.js";

const PIECE_BYTES = 512 * 1024;

/** So many pieces are on their way at once. */
const IN_FLIGHT = 4;

/** What Python says is wrong with a file. */
class Fault extends Error {}

/**
 * Send a file.
 * @param {any} page
 * @param {[id: string, place: number]} upload Who takes it.
 * @param {File} file
 * @param {AbortSignal} signal Gives it up.
 * @param {(bytes: number) => void} onProgress
 * @returns {Promise<number>} Its number.
 */
async function send(page, [id, place], file, signal, onProgress) {
  const ask = async (/** @type {any[]} */ data) => {
    const answer = await page.consult(id, data);
    if (answer.fault) {
      throw new Fault(answer.fault);
    }
    return answer;
  };
  const {file: number} = await ask(["begin", place, factsOf(file)]);
  try {
    /** @type {Set<Promise<void>>} */
    const flights = new Set();
    for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
      const bytes = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
      signal.throwIfAborted();
      const flight = ask(["piece", number, offset, bytes]).then(({size}) => {
        flights.delete(flight);
        onProgress(size);
      });
      flights.add(flight);
      if (flights.size >= IN_FLIGHT) {
        await Promise.race(flights);
      }
    }
    await Promise.all(flights);
    signal.throwIfAborted();
    await ask(["end", number]);
    return number;
  } catch (error) {
    if (!(error instanceof Fault)) {
      page.report(id, ["cancel", number]);
    }
    throw error;
  }
}

/** @param {File} file */
const factsOf = (file) => ({
  filename: file.name,
  size: file.size,
  mime_type: file.type,
  last_modified: file.lastModified / 1000,
});

/**
 * @typedef {object} Row
 * @property {File} file
 * @property {HTMLElement} element
 * @property {number | null} number
 * @property {Promise<void>} sent
 * @property {AbortController} abort
 */

/** @type {(spec: any, page: any, hooks: import("./controls.js").Hooks) => import("./controls.js").Control} */
export function makeFileControl(spec, page, hooks) {
  const {document} = page;
  let {placeholder, rules} = spec;
  /** @type {Row[]} */
  let rows = [];
  const {accept, multiple} = spec;
  const picker = /** @type {HTMLInputElement} */ (
    makeNode(document, "input", {...spec.attrs, type: "file", accept: accept || null, multiple, hidden: true})
  );
  const button = makeNode(document, "button", {type: "button", class: "deskapp-button deskapp-quiet deskapp-choose"}, placeholder);
  const list = makeNode(document, "ul", {class: "deskapp-files"});
  const element = makeNode(document, "div", {class: "deskapp-file"}, picker, button, list);

  /** @param {Row} row */
  const remove = (row) => {
    row.abort.abort();
    row.element.remove();
    rows = rows.filter((each) => each !== row);
  };

  /** What is wrong with it, if it is not taken. @type {(file: File) => string | null} */
  const add = (file) => {
    const others = multiple ? rows.map((each) => factsOf(each.file)) : [];
    const fault = findFault(rules, [...others, factsOf(file)]);
    if (fault !== null) {
      return `${file.name}: ${fault}`;
    }
    if (!multiple) {
      rows.forEach(remove);
    }
    const label = `Upload of ${file.name}`;
    const progress = /** @type {HTMLProgressElement} */ (
      makeNode(document, "progress", {max: String(file.size || 1), value: "0", "aria-label": label})
    );
    const size = makeNode(document, "small", {}, sizeText(file.size));
    const cross = makeNode(document, "button", {type: "button", "aria-label": `Remove ${file.name}`}, "×");
    cross.classList.add("deskapp-remove");
    const name = makeNode(document, "span", {class: "deskapp-filename", title: file.name}, file.name);
    const item = makeNode(document, "li", {}, name, size, progress, cross);
    const abort = new AbortController();
    /** @type {Row} */
    const row = {file, element: item, number: null, sent: Promise.resolve(), abort};
    rows.push(row);
    list.append(item);
    const show = (/** @type {number} */ bytes) => {
      progress.value = bytes;
    };
    row.sent = send(page, spec.upload, file, abort.signal, show).then(
      (number) => {
        row.number = number;
        progress.remove();
        item.classList.add("deskapp-sent");
        if (rows.includes(row)) {
          hooks.changed(true);
        }
      },
      (error) => {
        const isGone = !rows.includes(row);
        remove(row);
        if (!isGone) {
          hooks.fault(error instanceof Fault ? `${file.name}: ${error.message}` : `${file.name} could not be read.`);
        }
      },
    );
    cross.addEventListener("click", () => {
      const isSent = row.number !== null;
      remove(row);
      if (isSent) {
        page.report(spec.upload[0], ["cancel", row.number]);
      }
      hooks.fault(null);
      hooks.changed();
      button.focus();
    });
    return null;
  };

  /** @param {FileList | File[]} files */
  const take = (files) => {
    const faults = [...files].slice(0, multiple ? undefined : 1).map(add);
    hooks.fault(faults.filter((fault) => fault !== null).join("\n") || null);
  };
  button.addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    take([...(picker.files || [])]);
    picker.value = ""; // so that the same one can be chosen again
  });
  element.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      element.classList.add("deskapp-dropping");
    }
  });
  element.addEventListener("dragleave", () => element.classList.remove("deskapp-dropping"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("deskapp-dropping");
    take([...(event.dataTransfer?.files || [])]);
  });
  return {
    element,
    targets: [button],
    raw: () => rows.flatMap(({number}) => (number === null ? [] : [number])),
    set: () => rows.forEach(remove),
    settled: async () => {
      await Promise.all(rows.map(({sent}) => sent));
    },
    update: (changed) => {
      ({placeholder, rules} = changed);
      button.textContent = placeholder;
    },
    end: () => rows.forEach(({abort}) => abort.abort()),
  };
}

/**
 * What the rules of a field of files are checked against: Python checks the rest.
 * @param {any} control
 * @param {any[]} rules
 * @returns {string | null}
 */
export function findFileFault(control, rules) {
  const isMissing = control.raw().length === 0;
  return isMissing ? findFault(rules, []) : null;
}
