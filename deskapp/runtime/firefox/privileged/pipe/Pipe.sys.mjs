/**
 * The pipes between the window and the application: JSON messages, each ended by NUL.
 *
 *   application ── {"id": 1, "method": "resize", "params": {"args": [640, 480]}} ──▶ descriptor 3
 *               ◀─ {"id": 1, "result": {}}   or   {"id": 1, "error": {"message": "…"}} ── descriptor 4
 *               ◀─ {"method": "loaded", "params": {}} ──
 */

const COMMANDS = 3;
const EVENTS = 4;
const WRITE = 0x02;
const END = "\0";

export class Pipe {
  /** @param {(method: string, args: unknown[]) => unknown} obey - does a command; what it throws is the answer */
  constructor(obey) {
    this.obey = obey;
    this.output = openToWrite(EVENTS);
    this.listener = new ChromeWorker("chrome://deskapp/content/listener.js");
    this.listener.onmessage = event => this.#take(JSON.parse(event.data));
  }

  /** Tell of something that happened. */
  tell(method, params = {}) {
    this.#write({ method, params });
  }

  /** Stop listening. The listener waits at the pipe, and would keep the process from ending: an empty message wakes it. */
  close() {
    const waker = openToWrite(COMMANDS);
    waker.write(END, END.length);
    waker.close();
    this.output.close();
    this.output = null;
  }

  async #take({ id, method, params }) {
    try {
      await this.obey(method, params.args ?? []);
      this.#write({ id, result: {} });
    } catch (error) {
      this.#write({ id, error: { message: String(error) } });
    }
  }

  #write(message) {
    const bytes = new TextEncoder().encode(JSON.stringify(message) + END);
    const text = String.fromCharCode(...bytes); // the stream takes one byte of each character
    this.output?.write(text, text.length);
  }
}

/** A descriptor that this process was given, opened as a file is. */
function openToWrite(descriptor) {
  const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
  file.initWithPath(`/proc/self/fd/${descriptor}`);
  const stream = Cc["@mozilla.org/network/file-output-stream;1"].createInstance(Ci.nsIFileOutputStream);
  stream.init(file, WRITE, 0, 0);
  return stream;
}
