"""Conversations with the one who looks at the page: written once, as coroutines, for both ways to wait.

A conversation is an ``async def`` that awaits nothing but `Reply`. On the loop it is awaited like any coroutine. On a
thread `converse` drives it, and the thread waits. So what the program gave along is called by the code that asks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Generator, Iterable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from deskapp.errors import WrongKindOfSession
from deskapp.script.callbacks import is_async

if TYPE_CHECKING:
    from deskapp.session.run import Run

T = TypeVar("T")


class Reply:
    """A future of a run, to be awaited in a conversation.

    Args:
        run: The run.
        future: What it waits for.
    """

    def __init__(self, run: Run, future: Future[Any]) -> None:
        self._run = run
        self._future = future

    def __await__(self) -> Generator[Any, Any, Any]:
        if self._run.is_here:
            return (yield from self._run.awaited(self._future).__await__())
        return (yield self._future)


def converse(run: Run, conversation: Coroutine[Any, Any, T]) -> Any:
    """Have a conversation: on a thread to its end; on the loop it is returned, to be awaited."""
    if run.is_here:
        return conversation
    answer: Any = None
    error: BaseException | None = None
    while True:
        try:
            future = conversation.send(answer) if error is None else conversation.throw(error)
        except StopIteration as end:
            return end.value
        answer, error = None, None
        try:
            answer = run.wait(future)
        except BaseException as raised:  # the conversation decides what becomes of it
            error = raised


async def called(run: Run, func: Callable[..., Any], *args: object) -> Any:
    """Call a function of the program's in a conversation; what is to be awaited is awaited."""
    result = func(*args)
    if inspect.isawaitable(result):
        if not run.is_here:
            if inspect.iscoroutine(result):
                result.close()
            raise WrongKindOfSession(f"{func!r}", "cannot be awaited in the session of a plain function.")
        return await result
    return result


def check_functions(run: Run, functions: Iterable[Callable[..., object]], what: str) -> None:
    """Refuse functions that cannot be awaited where they would be called.

    Raises:
        WrongKindOfSession: One is async, and the asking code a plain function.
    """
    if not run.is_here and any(map(is_async, functions)):
        raise WrongKindOfSession(what, "cannot await in the session of a plain function; give it plain ones.")
