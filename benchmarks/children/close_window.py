"""Open windows one after the other, ask the window manager to close each, and tell how long it took to be noticed.

Arguments: the runtime; how many windows. Tells a list of ms, from the request to the window's `closed`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable

from benchmarks._child import tell
from benchmarks.children._x11 import Display, windows_with
from deskapp import PyComponent, event, launch
from deskapp.app import launcher

DEADLINE_S = 30.0
SETTLED_AFTER_S = 1.0
"""Nobody closes a window while it is still coming up."""


class Page(PyComponent):
    """An app whose page shows nothing."""


async def measure(runtime: str, count: int) -> list[float]:
    """Close `count` windows."""
    display = Display()
    running = asyncio.ensure_future(launcher().run_async(stops_with_last_window=False))
    found = []
    for number in range(count):
        await asyncio.sleep(0)
        found.append(await _close_one(display, runtime, f"closing-{number}-"))
    launcher().stop()
    await running
    return found


async def _close_one(display: Display, runtime: str, title: str) -> float:
    app = launch(Page, runtime, title=title, size=(400, 300))
    assert isinstance(app, Page)
    session = app.session
    window = session.window
    assert window is not None
    await _until(lambda: session.status is session.STATUS.CONNECTED and window.runtime_id is not None)
    await _until(lambda: windows_with(title))
    await asyncio.sleep(SETTLED_AFTER_S)
    [handle] = windows_with(title)
    closed: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def on_closed(*events: event.Event) -> None:
        if window.closed and not closed.done():
            closed.set_result(time.monotonic())

    window.reaction("closed", on_closed)
    asked_s = display.close(handle)
    return (await asyncio.wait_for(closed, DEADLINE_S) - asked_s) * 1000


async def _until(condition: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise TimeoutError("a window did not come up")
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    tell(asyncio.run(measure(sys.argv[1], int(sys.argv[2]))))
