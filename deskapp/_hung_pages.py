"""Pages that hang: the window's user is told, and may have the page made anew from what Python holds."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from deskapp.errors import DeskappError

if TYPE_CHECKING:
    from deskapp._window_record import WindowRecord

logger = logging.getLogger("deskapp.window")

WAIT, RELOAD = 0, 1
BUTTONS = ["Wait", "Reload"]


class HungPages:
    """Knows which pages hang, and asks about each once at a time.

    Args:
        spawn: Has a coroutine run.
        service: Does a service of the desktop; see `Windows.service`.
    """

    def __init__(
        self,
        spawn: Callable[[Coroutine[Any, Any, object]], None],
        service: Callable[..., Awaitable[object]],
    ) -> None:
        self._spawn = spawn
        self._service = service
        self._hung: list[WindowRecord] = []
        self._asking: list[WindowRecord] = []

    def begin(self, window: WindowRecord) -> None:
        """The page of a window does not answer. It may only be slow: nothing is done before the user says so."""
        if window in self._hung:
            return
        self._hung.append(window)
        window.handle.take("responding", False)
        logger.warning("The page of %s does not respond", window.name)
        if window.wishes.fields.get("debug"):
            return  # it waits at a breakpoint, more likely than not
        if window not in self._asking and window.handle.can("end_page"):
            self._asking.append(window)
            self._spawn(self._ask(window))

    def end(self, window: WindowRecord) -> None:
        """The page answers again."""
        if window in self._hung:
            self._hung.remove(window)
            window.handle.take("responding", True)
            logger.info("The page of %s responds again", window.name)

    def forget(self, window: WindowRecord) -> None:
        """There is a new page, or none."""
        if window in self._hung:
            self._hung.remove(window)
            window.handle.take("responding", True)

    async def _ask(self, window: WindowRecord) -> None:
        try:
            answer = await self._service(
                "message",
                window.handle,
                text=f"{window.handle.title} does not respond.",
                detail="You can wait, or have the page made anew. The program goes on all the same.",
                title=window.handle.title,
                kind="warning",
                buttons=BUTTONS,
                default=WAIT,
                cancel=WAIT,
            )
            if answer == RELOAD and window in self._hung:
                await window.ties.do("end_page")  # reported as a crash, after which the page is made anew
        except DeskappError as error:
            logger.warning("The user cannot be asked about a page that hangs: %s", error)
        finally:
            self._asking.remove(window)
