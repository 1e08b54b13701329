"""Questions to the page and their answers: numbers, and who waits for each."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

from deskapp.bridge import messages
from deskapp.errors import ClientError, SessionException

MAX_WAITING = 10_000

OnAnswer = Callable[[object, SessionException | None], None]
"""Gets the value that the page answered, or why there is none."""


class Exchange:
    """Numbers questions and finds who waits for an answer."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)
        self._waiting: dict[int, OnAnswer] = {}

    def expect(self, on_answer: OnAnswer) -> int:
        """Open a question.

        Args:
            on_answer: Called once, with the answer.

        Returns:
            Its number, which travels with the message.

        Raises:
            SessionException: More than `MAX_WAITING` questions wait for an answer.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise SessionException(
                f"{MAX_WAITING} questions already wait for an answer from the page; await them first"
            )
        number = next(self._counter)
        self._waiting[number] = on_answer
        return number

    def ask(self) -> tuple[int, asyncio.Future[object]]:
        """Open a question whose answer can be awaited; must be called on a running asyncio loop.

        Returns:
            Its number, and the future of its answer.

        Raises:
            SessionException: More than `MAX_WAITING` questions wait for an answer.
        """
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()

        def settle(value: object, error: SessionException | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)
                # Nobody may be waiting any more; an exception that is never read is no news then.
                future.exception()

        number = self.expect(settle)
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
        on_answer = self._waiting.pop(message.req, None)
        if on_answer is None:
            return False
        error = None
        if message.error is not None:
            about = message.error
            text = f"{about.get('name', 'Error')}: {about.get('text', '')}"
            error = ClientError(text, str(about.get("stack", "")), is_rejection=about.get("how") == "rejected")
        on_answer(value, error)
        return True

    def fail_all(self, error: SessionException) -> None:
        """Settle every open question with an error."""
        waiting, self._waiting = self._waiting, {}
        for on_answer in waiting.values():
            on_answer(None, error)
