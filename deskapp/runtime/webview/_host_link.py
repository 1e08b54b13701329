"""The two ways to a window host: in a child process, or on this process's main thread."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deskapp._lazy import LazyModule
from deskapp.runtime.process.child import ChildProcess
from deskapp.runtime.webview._host_window import Message
from deskapp.runtime.webview.host import HOST_FLAG, Host, HostSettings

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start


class HostLink(Protocol):
    """A connection to one host, from its start to its end."""

    @property
    def has_ended(self) -> bool: ...
    @property
    def exit_code(self) -> int | None: ...
    @property
    def tail(self) -> str: ...
    def send(self, message: Message) -> None: ...
    def attach(
        self, loop: asyncio.AbstractEventLoop, on_message: Callable[[Message], None], on_end: Callable[[], None]
    ) -> None: ...
    async def end(self, *, timeout_s: float) -> None: ...


def host_command() -> list[str]:
    """The command that starts a host; its descriptors are appended."""
    if getattr(sys, "frozen", False):
        return [sys.executable, HOST_FLAG]
    return [sys.executable, "-m", "deskapp.runtime.webview.host"]


def start_child(settings: HostSettings, *, name: str) -> ChildProcess:
    """Start a host as a child process.

    It starts in the folder that holds this package: `python -m` looks there first, so the host finds
    the same deskapp as we did, and no module of the user's folder hides one that it needs.

    Raises:
        OSError: It cannot be started.
    """
    child = ChildProcess(host_command(), name=name, cwd=Path(__file__).parents[3])
    child.send(asdict(settings))
    return child


class InProcessLink:
    """A host that somebody runs on this process's main thread with `host.run()`.

    Args:
        settings: What the host shall be.
    """

    exit_code = None
    tail = ""

    def __init__(self, settings: HostSettings) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[Message] = []
        self._on_message: Callable[[Message], None] = self._early.append
        self._on_end: Callable[[], None] = lambda: None
        self._ended: asyncio.Event | None = None
        self.has_ended = False
        self.host = Host(settings, self._emit)

    def send(self, message: Message) -> None:
        self.host.post(message)

    def attach(
        self, loop: asyncio.AbstractEventLoop, on_message: Callable[[Message], None], on_end: Callable[[], None]
    ) -> None:
        if self._loop is not loop:
            self._ended = asyncio.Event()
        self._on_message, self._on_end, self._loop = on_message, on_end, loop
        early, self._early = self._early, []
        for message in early:
            self._deliver(message)

    async def end(self, *, timeout_s: float) -> None:
        if not self.has_ended and self._ended is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._ended.wait(), timeout_s)

    def _emit(self, message: Message) -> None:
        """From the GUI thread."""
        loop = self._loop
        if loop is None:
            self._early.append(message)
        else:
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody listens any more
                loop.call_soon_threadsafe(self._deliver, message)

    def _deliver(self, message: Message) -> None:
        self._on_message(message)
        if message.get("on") == "bye":
            self.has_ended = True
            if self._ended is not None:
                self._ended.set()
            self._on_end()
