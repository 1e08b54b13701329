"""Closing a window as its close button does: ask, decide, destroy."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from deskapp._window_options import CONFIRM_TEXT
from deskapp.errors import NotSupported, RuntimeFailed

if TYPE_CHECKING:
    from deskapp._window_calls import WindowCalls
    from deskapp._window_record import WindowRecord

logger = logging.getLogger("deskapp.window")


class Closing:
    """Knows who is to be asked before a window closes, and asks them.

    Args:
        calls: Passes commands and services on.
        close: Closes a window without asking; nothing happens if it is gone.
        spawn: Has a coroutine run.
    """

    def __init__(
        self,
        calls: WindowCalls,
        close: Callable[[WindowRecord], Awaitable[None]],
        spawn: Callable[[Coroutine[Any, Any, object]], None],
    ) -> None:
        self._calls = calls
        self._close = close
        self._spawn = spawn

    def asks_by_itself(self, window: WindowRecord) -> bool:
        """Whether its runtime tells of a wish to close it before that is done."""
        return window.runtime is not None and "close_requested" in window.runtime.capabilities.reports

    def set_asks(self, window: WindowRecord, on: bool) -> None:
        """Whether somebody is to be asked before a window closes; what was wished at launch counts all the same."""
        on = on or bool(window.wishes.fields.get("confirm_close"))
        was, window.asks = window.asks, on
        if window.id is None or was == on:
            return
        if window.handle.can("set_confirm_close"):
            self._spawn(self._calls.command(window, "set_confirm_close", on))
        elif window.session is not None and not self.asks_by_itself(window):
            window.session.notify_page("confirm_close", (window.wishes.confirm_text or CONFIRM_TEXT) if on else "")

    async def close_or_ask(self, window: WindowRecord, *, at_once: bool) -> None:
        """Close a window as its close button does: ask, decide, destroy."""
        if window.handle.closed or (window.is_asking and not at_once):
            return
        if not at_once and window.asks:
            window.is_asking = True
            try:
                if not await self._may_close(window):
                    return
            finally:
                window.is_asking = False
        await self._close(window)

    async def _may_close(self, window: WindowRecord) -> bool:
        if window.wishes.hide_on_close and window.handle.can("hide"):
            await self._calls.command(window, "hide")
            return False
        if not await window.handle.may_close():
            return False
        text = window.wishes.confirm_text
        if not text:
            return True
        try:
            answer = await self._calls.service(
                "message",
                window.handle,
                text=text,
                detail="",
                title=window.handle.title,
                kind="question",
                buttons=["Close", "Cancel"],
                default=0,
                cancel=1,
            )
        except (NotSupported, RuntimeFailed) as error:
            logger.warning("The user cannot be asked whether a window may close, so it closes: %s", error)
            return True
        return answer == 0
