"""Opens one window of a runtime that is a browser, says which process and which folder it has, and waits.

Options: ``runtime`` (a name), ``url``, ``storage``.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from deskapp.runtime.browsers.app import BrowserApp
from deskapp.runtime.select import select
from deskapp.runtime.window import WindowSpec
from tests.desktop.programs.say import OPTIONS, say
from tests.desktop.recorder import Recorder


async def main() -> None:
    [kind] = select(OPTIONS["runtime"])
    runtime = kind("org.example.program", storage=Path(OPTIONS["storage"]))
    assert isinstance(runtime, BrowserApp)
    listener = Recorder()
    runtime.start(listener)
    say("opening")
    window = await runtime.open(WindowSpec(OPTIONS["url"], width=400, height=300))
    say("open", pid=runtime.pid_of(window), profile=str(runtime.profile_of(window)))
    await listener.until_reported("closed", window, timeout_s=60)
    await runtime.stop()
    say("closed")


if __name__ == "__main__":
    asyncio.run(main())
