"""The DevTools protocol over a pipe: questions with answers, and events, for one browser with one page.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

Params = Mapping[str, Any]


class DevToolsError(Exception):
    """The browser refused, or ended before it answered."""


class DevTools:
    """Asks a browser, and hands its events on.

    Args:
        send: Writes one message to the browser.
        on_event: Called with the name and the parameters of every event.
    """

    def __init__(self, send: Callable[[Params], None], on_event: Callable[[str, Params], None]) -> None:
        self._send = send
        self._on_event = on_event
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Params]] = {}
        self._end = ""

    async def ask(
        self, method: str, /, *, session: str | None = None, timeout_s: float | None, **params: Any
    ) -> Params:
        """The result of a method of the protocol.

        Args:
            method: For example ``"Page.navigate"``.
            session: The page that is meant; None is the browser.
            timeout_s: Seconds to wait for the answer; None waits as long as the browser lives.
            **params: Its parameters, by the names that the protocol has.

        Raises:
            DevToolsError: The browser refused, or has ended.
            asyncio.TimeoutError: It did not answer in time.
            BlockingIOError: It has not read its pipe for long.
        """
        if self._end:
            raise DevToolsError(self._end)
        number = next(self._numbers)
        answer: asyncio.Future[Params] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        try:
            self._send(message)
            return await asyncio.wait_for(answer, timeout_s)
        finally:
            self._answers.pop(number, None)

    def take(self, message: Params) -> None:
        """Handle a message of the browser."""
        if "id" not in message:
            self._on_event(str(message.get("method")), message.get("params") or {})
            return
        answer = self._answers.get(message["id"])
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(DevToolsError(str(message["error"].get("message"))))
        else:
            answer.set_result(message.get("result") or {})

    def end(self, why: str) -> None:
        """Answer what is asked, and what will be, with an error: the browser has ended."""
        self._end = why
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(DevToolsError(why))
