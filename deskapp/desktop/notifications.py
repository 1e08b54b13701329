"""Notifications by the library desktop-notifier, on the loop of the program; the only door to it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp.errors import ConfigError, DesktopFailed, PackageMissing
from deskapp.runtime.handle import run_action

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

logger = logging.getLogger("deskapp.native")

SEND_TIMEOUT_S = 10.0
URGENCIES = ("low", "normal", "critical")
MAX_BUTTONS = 8

Handler = Callable[[], object]


@dataclass(frozen=True)
class Note:
    """A notification to be shown.

    Args:
        title: Its first line.
        body: What it says below.
        icon: Absolute path of a picture.
        buttons: Texts with what each does.
        on_click: Called when it is clicked.
        on_close: Called when the user puts it away.
        urgency: One of `URGENCIES`.
        timeout_s: Seconds that it stays; None leaves that to the desktop.
        context: The context variables with which handlers are called.
    """

    title: str
    body: str = ""
    icon: Path | None = None
    buttons: tuple[tuple[str, Handler], ...] = ()
    on_click: Handler | None = None
    on_close: Handler | None = None
    urgency: str = "normal"
    timeout_s: int | None = None
    context: Context = field(default_factory=copy_context, repr=False)


def checked_note(
    title: str,
    body: str = "",
    *,
    icon: str | Path | None = None,
    buttons: Mapping[str, Handler] | Sequence[tuple[str, Handler]] = (),
    on_click: Handler | None = None,
    on_close: Handler | None = None,
    urgency: str = "normal",
    timeout_s: float | None = None,
) -> Note:
    """A notification out of what a user gave.

    Raises:
        ConfigError: Something of it cannot be.
    """
    origin = "native.notify"
    for key, text in (("title", title), ("body", body)):
        if not isinstance(text, str) or "\0" in text:
            raise ConfigError(key, text, origin=origin, why="it must be a text.")
    if not title.strip():
        raise ConfigError("title", title, origin=origin, why="a notification needs a title.")
    if urgency not in URGENCIES:
        raise ConfigError("urgency", urgency, origin=origin, why=f"it is one of {', '.join(URGENCIES)}.")
    if timeout_s is not None and not 0 < timeout_s < 86400:
        raise ConfigError("timeout_s", timeout_s, origin=origin, why="it is a number of seconds, at most a day.")
    path = None
    if icon is not None:
        path = Path(icon).expanduser().absolute()
        if not path.is_file():
            raise ConfigError("icon", str(icon), origin=origin, why="there is no such file.")
    pairs = tuple(buttons.items()) if isinstance(buttons, Mapping) else tuple(buttons)
    for pair in pairs:
        if (
            not isinstance(pair, tuple | list)
            or len(pair) != 2
            or not isinstance(pair[0], str)
            or not callable(pair[1])
        ):
            why = "give texts with what each does, for example {'Open': open_it}."
            raise ConfigError("buttons", pair, origin=origin, why=why)
    if len(pairs) > MAX_BUTTONS:
        raise ConfigError("buttons", len(pairs), origin=origin, why=f"there is room for {MAX_BUTTONS} at most.")
    for key, handler in (("on_click", on_click), ("on_close", on_close)):
        if handler is not None and not callable(handler):
            raise ConfigError(key, handler, origin=origin, why="it cannot be called.")
    seconds = None if timeout_s is None else max(1, round(timeout_s))
    return Note(title, body, path, pairs, on_click, on_close, urgency, seconds)


class Notifier:
    """Shows notifications of one program, on one loop.

    Args:
        app_name: What the desktop calls the program.
        spawn: Has a coroutine run; on the loop's thread.
    """

    def __init__(self, app_name: str, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._app_name, self._spawn = app_name, spawn
        self._notifier: DesktopNotifier | None = None
        self._lock = asyncio.Lock()

    async def show(self, note: Note) -> str:
        """Show a notification and return its id.

        Raises:
            PackageMissing: desktop-notifier is not installed.
            DesktopFailed: There is nobody on this desktop who shows it.
        """
        try:
            from desktop_notifier import Button, Icon, Urgency
        except ImportError:
            raise PackageMissing("native.notify()", "desktop-notifier", extra="notify") from None
        sent: list[bool] = []
        icon = None if note.icon is None else Icon(path=note.icon)
        buttons = [
            Button(title=text, on_pressed=self._handler(note, action, f"the button {text!r} of a notification"))
            for text, action in note.buttons
        ]
        async with self._lock:  # two at once would each make a connection
            notifier = self._get()
            sending = notifier.send(
                title=note.title,
                message=note.body,
                icon=icon,
                buttons=buttons,
                urgency=Urgency(note.urgency),
                on_dispatched=lambda: sent.append(True),
                on_clicked=self._handler(note, note.on_click, "a notification"),
                on_dismissed=self._handler(note, note.on_close, "a notification"),
                timeout=-1 if note.timeout_s is None else note.timeout_s,
            )
            try:
                id = await asyncio.wait_for(sending, SEND_TIMEOUT_S)
            except asyncio.TimeoutError:
                raise DesktopFailed("show a notification", f"no answer within {SEND_TIMEOUT_S:g} s") from None
        if not sent:  # the library logs why, and goes on
            await self.close()
            raise DesktopFailed("show a notification", "this desktop has no service that shows them")
        return id

    async def withdraw(self, id: str) -> None:
        """Take a notification away; one that is gone is no error."""
        if self._notifier is not None:
            with contextlib.suppress(KeyError):
                await self._notifier.clear(id)

    async def close(self) -> None:
        """Leave the bus; what is shown stays."""
        notifier, self._notifier = self._notifier, None
        bus = getattr(getattr(notifier, "_backend", None), "bus", None)
        if bus is not None:  # of D-Bus; the library has no way to end it, and its socket would outlive the loop
            bus.disconnect()
            with contextlib.suppress(Exception):  # a border: however the connection ended, it has ended
                await asyncio.wait_for(bus.wait_for_disconnect(), 1.0)

    def _get(self) -> DesktopNotifier:
        if self._notifier is None:
            from desktop_notifier import DesktopNotifier

            self._notifier = DesktopNotifier(app_name=self._app_name, app_icon=None)
        return self._notifier

    def _handler(self, note: Note, action: Handler | None, what: str) -> Handler | None:
        if action is None:
            return None
        return lambda: note.context.copy().run(run_action, action, what, self._spawn)
