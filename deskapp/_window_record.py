"""`WindowRecord`: one window, from the wish for it to its end, as those who keep windows know it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deskapp._window_options import Wishes

if TYPE_CHECKING:
    import asyncio

    from deskapp.errors import RuntimeFailed
    from deskapp.runtime.base import Runtime
    from deskapp.runtime.handle import Ties, Window
    from deskapp.runtime.window import WindowId, WindowSpec
    from deskapp.session import Session

CLOSED_BY_USER = 1000

MAX_CRASHES = 5


class Candidates:
    """The runtimes that may show a window, best first. Each is looked for when it is its turn, mostly the first only.

    Args:
        found: Gives those that can work here.
    """

    def __init__(self, found: Iterable[type[Runtime]]) -> None:
        self._rest = iter(found)
        self._first: type[Runtime] | None = None

    def __bool__(self) -> bool:
        """Whether there is another one."""
        if self._first is None:
            self._first = next(self._rest, None)
        return self._first is not None

    @property
    def first(self) -> type[Runtime]:
        """Whose turn it is; there must be one.

        Raises:
            RuntimeUnavailable: None can work here.
        """
        found = self._first if self else None
        assert found is not None
        return found

    def take(self) -> type[Runtime]:
        """The one whose turn it is, which has had it then."""
        taken, self._first = self.first, None
        return taken


@dataclass(eq=False)
class WindowRecord:
    """One window, from the wish for it to its end.

    Args:
        session: What it shows; None for a window that shows an address of somebody else's.
        spec: Makes the description of the window, with a fresh one-time address.
        candidates: The runtimes that may show it, best first; the first one is tried first.
        wishes: What was wished of it.
        parent: The window that it belongs to.
        is_child: Whether it stays above its parent.
    """

    session: Session | None
    spec: Callable[[], WindowSpec]
    candidates: Candidates
    wishes: Wishes = field(default_factory=Wishes)
    parent: WindowRecord | None = None
    is_child: bool = False
    handle: Window = field(init=False, repr=False)
    ties: Ties = field(init=False, repr=False)
    runtime: Runtime | None = None
    id: WindowId | None = None
    was_connected: bool = False
    is_opening: bool = False
    is_lost: bool = False
    is_asking: bool = False
    asks: bool = False
    failed_before: RuntimeFailed | None = None
    deadline: asyncio.TimerHandle | None = field(default=None, repr=False)
    crashes: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_CRASHES), repr=False)
    epoch: int = 0
    ending: tuple[int, str] = (CLOSED_BY_USER, "the window was closed")
    waiting: list[asyncio.Future[None]] = field(default_factory=list, repr=False)
    told: dict[str, Any] = field(default_factory=dict, repr=False)
    """What its page knows of the window around it; see `PAGE_DEFAULTS` in `_page_wishes`."""

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return repr(self.session.app_name) if self.session is not None else repr(self.handle.title)

    def settle(self, error: Exception | None = None) -> None:
        """It is on screen, or never will be: go on with those who wait for that."""
        waiting, self.waiting = self.waiting, []
        for future in waiting:
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
