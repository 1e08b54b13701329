"""What programs under test share: they say what happens as JSON lines, and do what stdin tells them."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from deskapp import call_soon, run

OPTIONS: dict[str, Any] = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}


def say(event: str, **facts: object) -> None:
    """Tell the test; one write, so that lines of several threads stay whole."""
    os.write(1, json.dumps({"event": event, **facts}).encode() + b"\n")


def obey(commands: Mapping[str, Callable[..., object]]) -> None:
    """Have commands from stdin, ``["name", argument, …]`` a line, run on the components' thread."""

    def listen() -> None:
        rest = b""
        while data := os.read(0, 65536):  # not sys.stdin, whose lock would be held when the interpreter ends
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                name, *args = json.loads(line)
                call_soon(commands[name], *args)

    threading.Thread(target=listen, name="test-commands", daemon=True).start()


def run_and_tell(runner: Callable[[], int] = run) -> None:
    """Run to the end, tell how it ended, and end the way a plain program does."""
    say("running")
    try:
        code = runner()
    except BaseException as error:
        say("raised", kind=type(error).__name__, text=str(error))
        raise
    say("returned", code=code)
    sys.exit(code)
