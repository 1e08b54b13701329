/**
 * A worker that waits at descriptor 3 and posts each message, text ended by NUL, to the window.
 *
 * It is here because a stream of Firefox hands on what comes through a pipe only in full blocks.
 */

"use strict";

/* global ctypes */

const COMMANDS = 3;
const BLOCK_BYTES = 4096;
const END = "\0";

const library = ctypes.open("libc.so.6");
const read = library.declare("read", ctypes.default_abi, ctypes.ssize_t, ctypes.int, ctypes.voidptr_t, ctypes.size_t);
const block = ctypes.uint8_t.array(BLOCK_BYTES)();

/** Post messages until there are no more, or an empty one comes. */
function listen() {
  let rest = "";
  for (;;) {
    const count = Number(read(COMMANDS, block, BLOCK_BYTES));
    if (count <= 0) {
      return;
    }
    const bytes = Array.from({ length: count }, (_, index) => block[index]);
    const messages = (rest + String.fromCharCode(...bytes)).split(END); // JSON as Python writes it is ASCII
    rest = messages.pop();
    for (const message of messages) {
      if (message === "") {
        return;
      }
      postMessage(message);
    }
  }
}

listen();
library.close();
close();
