"""Runs a program as `python FILE` would, and answers questions about it on stdin and stdout.

    python -m tests.documents.watched FILE [ARGUMENT …]

A question is a line ``[number, kind, code, …]``; its answer is a line with ``event`` (``"answer"``), ``number``, and
``value`` or ``error``. Kinds are ``python`` (an expression or statement among the names of the program) and ``page``
(JavaScript in the page of a session, counted from 0 in order of creation).
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import sys
import threading
import time
from typing import Any


def main() -> None:
    """Run the file that the command line names."""
    file = sys.argv[1]
    sys.argv[:] = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(file))
    threading.Thread(target=listen, name="test-questions", daemon=True).start()
    runpy.run_path(file, run_name="__main__")


def listen() -> None:
    """Take questions, each of which is answered on the thread of the components."""
    while not is_running():
        time.sleep(0.005)
    rest = b""
    while data := os.read(0, 65536):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            from deskapp import call_soon  # here, so that the program is the first to import it

            call_soon(take, *json.loads(line))


def is_running() -> bool:
    """Whether the program has come to where it waits for its windows; before, there is no thread to answer on."""
    default = getattr(sys.modules.get("deskapp.app"), "_Default", None)
    launcher = getattr(default, "launcher", None)  # not app.launcher(), which would make one, on this thread
    return launcher is not None and bool(launcher.is_running)


def take(number: int, kind: str, code: str, session: int = 0) -> None:
    """Answer one question, at once or when the page has answered."""
    if kind == "page":
        task = asyncio.get_running_loop().create_task(ask_page(number, code, session))
        pending.add(task)
        task.add_done_callback(pending.discard)
        return
    names = vars(sys.modules["__main__"])
    try:
        try:
            compiled = compile(code, "<question>", "eval")
        except SyntaxError:
            compiled = compile(code, "<question>", "exec")
        answer(number, value=eval(compiled, names))
    except Exception as error:
        answer(number, error=repr(error))


async def ask_page(number: int, code: str, session: int) -> None:
    """Have JavaScript evaluated in a page."""
    from deskapp import app

    try:
        answer(number, value=await app.manager.sessions[session].eval_js(code, timeout_s=10))
    except Exception as error:
        answer(number, error=repr(error))


def answer(number: int, **facts: Any) -> None:
    """Tell the test; what JSON lacks is told as Python writes it."""
    os.write(1, json.dumps({"event": "answer", "number": number, **facts}, default=repr).encode() + b"\n")


pending: set[asyncio.Task[None]] = set()


if __name__ == "__main__":
    main()
