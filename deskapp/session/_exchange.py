"""Questions to the page and their answers: each a future with a deadline."""

from __future__ import annotations

import asyncio
import itertools

from deskapp.bridge import messages
from deskapp.errors import ClientError, SessionException

MAX_WAITING = 10_000


class Exchange:
    """Numbers questions and finds the future that an answer belongs to."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[object]] = {}

    def ask(self) -> tuple[int, asyncio.Future[object]]:
        """Open a question; must be called on a running asyncio loop.

        Returns:
            Its number, which travels with the message, and the future of its answer.

        Raises:
            SessionException: More than `MAX_WAITING` questions wait for an answer.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise SessionException(
                f"{MAX_WAITING} questions already wait for an answer from the page; await them first"
            )
        number = next(self._counter)
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        future.add_done_callback(lambda _: self._waiting.pop(number, None))
        return number, future

    def answer(self, message: messages.RESULT, value: object) -> bool:
        """Settle the question that a RESULT answers.

        Args:
            message: The RESULT.
            value: Its value, revived.

        Returns:
            Whether somebody was still waiting for it.
        """
        future = self._waiting.get(message.req)
        if future is None or future.done():
            return False
        if message.error is None:
            future.set_result(value)
        else:
            error = message.error
            future.set_exception(
                ClientError(f"{error.get('name', 'Error')}: {error.get('text', '')}", str(error.get("stack", "")))
            )
        return True

    def fail_all(self, error: SessionException) -> None:
        """Settle every open question with an error."""
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(error)
                # Nobody may be waiting any more; an exception that is never read is no news then.
                future.exception()
