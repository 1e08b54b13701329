"""`--self-test`: a frozen program shows that it works, by itself: window, page, and an answer from it."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp import app
from deskapp.event import current_loop
from deskapp.session import Status

if TYPE_CHECKING:
    from deskapp.runtime.handle import Window
    from deskapp.session import Session

DEADLINE_S = 90.0
ANSWER_S = 15.0
POLL_S = 0.02
FAILED = 3
"""Exit code of a self-test that failed."""

SECONDS_VARIABLE = "DESKAPP_SELF_TEST_SECONDS"
"""Instead of `DEADLINE_S`; slow machines, and tests, set it."""


@dataclass
class _Test:
    began: float = field(default_factory=time.monotonic)
    stage: str = "the program starts"
    shown: list[dict[str, object]] = field(default_factory=list)
    failure: str = ""
    is_done: bool = False
    is_closing: bool = False


class _Errors(logging.Handler):
    """Keeps what was logged as an error: of a page, for example, whose script failed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f": {record.exc_info[1]!r}"
        self.texts.append(text)


def self_test(program: Callable[[], int], file: Path | None, *, deadline_s: float | None = None) -> int:
    """Run a program until its windows have shown pages that answer, then end it.

    Args:
        program: Runs the program to its end.
        file: Gets the result as a line of JSON; stderr gets it in any case.
        deadline_s: Seconds for all of it; None takes the environment's, else `DEADLINE_S`.

    Returns:
        0, or `FAILED`.
    """
    seconds = deadline_s if deadline_s is not None else float(os.environ.get(SECONDS_VARIABLE) or DEADLINE_S)
    test, errors = _Test(), _Errors()
    logging.getLogger("deskapp").addHandler(errors)
    timer = threading.Timer(seconds, _give_up, (test, file, seconds))
    timer.name, timer.daemon = "deskapp-self-test", True
    timer.start()
    # The loop, not the launcher: that one would take the settings before the program has chosen its own.
    current_loop().call_soon(_begin, test)
    try:
        program()
    except SystemExit as end:
        if end.code not in (None, 0) and not test.failure:
            test.failure = f"it ended with exit code {end.code}"
    except BaseException as error:  # border: whatever it is, it is the result
        test.failure = test.failure or "".join(traceback.format_exception(error)).strip()
    timer.cancel()
    if not test.failure and errors.texts:
        test.failure = "it logged errors: " + "; ".join(errors.texts)
    if not test.failure and not test.is_done:
        test.failure = "it ended without having shown or served anything"
    _report(test, file)
    return FAILED if test.failure else 0


def _begin(test: _Test) -> None:
    """On the loop's thread, once the program runs."""
    task = asyncio.get_running_loop().create_task(_watch(test))
    task.add_done_callback(lambda done: _watched(test, done))


def _watched(test: _Test, task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        test.failure = str(error) if isinstance(error, _Failed) else "".join(traceback.format_exception(error))
    elif task.cancelled() and not test.is_done:
        test.failure = f"it ended by itself while {test.stage}"
    if not task.cancelled():
        test.is_closing = True
        app.stop()


class _Failed(Exception):
    pass


async def _watch(test: _Test) -> None:
    program = app.launcher()
    windows = program.windows
    if windows.were_any:
        sessions = {id(windows.window_of(session)): session for session in program.manager.sessions}
        for window in windows.handles:
            await _watch_window(test, window, sessions.get(id(window)))
    elif program.manager.serves_any:
        for spec in program.manager.served_specs():
            test.stage = f"the page of {spec.public_name!r} is to be served"
            page = await asyncio.to_thread(_fetch, program.server.url(spec.path))
            if b"client.js" not in page:
                raise _Failed(f"the page of {spec.public_name!r} does not load the client")
            if isinstance(spec.cls, type):
                program.graph.modules_for(spec.cls)
            test.shown.append({"served": spec.public_name})
    else:
        raise _Failed("it runs, but has neither opened a window nor served an app")
    test.is_done = True


async def _watch_window(test: _Test, window: Window, session: Session | None) -> None:
    title = window.title
    test.stage = f"window {title!r} is to open"
    while window.runtime_id is None:  # noqa: ASYNC110  nobody announces it; the deadline is the timer's
        await asyncio.sleep(POLL_S)
    if session is not None:
        test.stage = f"the page of {title!r} is to connect"
        while session.status is not Status.CONNECTED:
            if session.ending is not None:
                raise _Failed(f"the window {title!r} closed before its page had connected")
            await asyncio.sleep(POLL_S)
        connected_s = round(time.monotonic() - test.began, 3)
        await _round_trip(test, session, title)
    else:
        connected_s = None
    runtime = window.runtime.name if window.runtime is not None else ""
    test.shown.append({"window": title, "runtime": runtime, "connected_s": connected_s})


async def _round_trip(test: _Test, session: Session, title: str) -> None:
    test.stage = f"the page of {title!r} is to answer"
    await session.drain(timeout_s=ANSWER_S)
    if not await session.is_alive(ANSWER_S):
        raise _Failed(f"the page of {title!r} did not answer within {ANSWER_S:g} s")


def _fetch(url: str) -> bytes:
    from http.client import HTTPConnection, HTTPSConnection
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=ANSWER_S)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise _Failed(f"{url} was answered with status {answer.status}")
    return content


def _give_up(test: _Test, file: Path | None, seconds: float) -> None:
    """From the timer's thread: nothing can be relied on any more, so the process ends here."""
    if test.is_closing:
        test.stage = "it is to end"
    test.failure = f"after {seconds:g} s, {test.stage}"
    faulthandler.dump_traceback(all_threads=True)
    _report(test, file)
    os._exit(FAILED)


def _report(test: _Test, file: Path | None) -> None:
    result = {
        "ok": not test.failure,
        "failure": test.failure,
        "shown": test.shown,
        "seconds": round(time.monotonic() - test.began, 3),
    }
    line = json.dumps(result) + "\n"
    if sys.stderr is not None:
        sys.stderr.write(line)
        sys.stderr.flush()
    if file is not None:
        file.write_text(line, encoding="utf-8")
