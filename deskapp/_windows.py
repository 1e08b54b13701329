"""Which window shows which session, and what becomes of the one when the other ends.

`Windows` listens to the runtimes, and owns the sessions that have a window: flow D of the architecture is here, in the
order in which it happens.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deskapp._lazy import LazyModule
from deskapp.errors import DeskappError, RuntimeFailed
from deskapp.runtime.base import Runtime
from deskapp.runtime.window import Geometry, WindowId, WindowSpec

if TYPE_CHECKING:
    import asyncio

    from deskapp._manager import AppManager
    from deskapp.session import Session
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger("deskapp.window")

CLOSED_BY_USER = 1000
RUNTIME_GONE = 4510

MAX_CRASHES = 5
CRASH_SPAN_S = 60.0
"""A page that crashes `MAX_CRASHES` times within so many seconds would go on with that: its window is given up."""


@dataclass(eq=False)
class Window:
    """One window, from the wish for it to its end.

    Args:
        session: What it shows.
        spec: Makes the description of the window, with a fresh one-time address.
        candidates: The runtimes that may show it, best first; the first one is tried first.
    """

    session: Session
    spec: Callable[[], WindowSpec]
    candidates: list[type[Runtime]]
    runtime: Runtime | None = None
    id: WindowId | None = None
    was_connected: bool = False
    is_opening: bool = False
    is_lost: bool = False
    failed_before: RuntimeFailed | None = None
    deadline: asyncio.TimerHandle | None = field(default=None, repr=False)
    crashes: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_CRASHES), repr=False)
    epoch: int = 0
    ending: tuple[int, str] = (CLOSED_BY_USER, "the window was closed")


class Windows:
    """All windows of the program. Everything is called on the loop's thread.

    Args:
        manager: Returns what knows the sessions; not asked before there is one, so that a host can start first.
        host_for: Returns the running host of a runtime, starting it if need be.
        connect_timeout_s: Seconds that a page has to connect.
        on_change: Called when a window came or went.
        on_ended: Called with a session that has ended.
        on_failed: Called with the name of a runtime that has ended by itself.
        aio: Returns the asyncio loop on which windows live; asked where none runs, which is so at a prompt.
    """

    def __init__(
        self,
        manager: Callable[[], AppManager],
        *,
        host_for: Callable[[type[Runtime]], Runtime],
        connect_timeout_s: float,
        on_change: Callable[[], None],
        on_ended: Callable[[Session], None],
        on_failed: Callable[[str], None],
        aio: Callable[[], asyncio.AbstractEventLoop | None] = lambda: None,
    ) -> None:
        self._manager = manager
        self._host_for = host_for
        self._connect_timeout_s = connect_timeout_s
        self._on_change = on_change
        self._on_ended = on_ended
        self._on_failed = on_failed
        self._aio = aio
        self._windows: list[Window] = []
        self._tasks: set[asyncio.Task[object]] = set()
        self._closed_early: set[WindowId] = set()
        self.failure: RuntimeFailed | None = None
        self.were_any = False

    @property
    def count(self) -> int:
        """How many windows there are, those that are still to open included."""
        return len(self._windows)

    def add(self, window: Window) -> None:
        """Take a window in that is not on screen yet."""
        self.were_any = True
        self._windows.append(window)

    def window_of(self, session: Session) -> WindowId | None:
        """The id of the window that shows a session; None while there is none on screen."""
        window = self._find(session)
        return window.id if window is not None else None

    def take_failure(self) -> RuntimeFailed | None:
        """What went wrong since this was asked last."""
        failure, self.failure = self.failure, None
        return failure

    def open_waiting(self) -> None:
        """Open what was added; must be called on a running asyncio loop."""
        for window in self._windows:
            if not window.is_opening and window.id is None:
                window.is_opening = True
                self._spawn(self._open(window))

    async def close_all(self, *, timeout_s: float) -> None:
        """Close every window, end every session that has one, newest first, and be as before the first window.

        Args:
            timeout_s: Seconds to wait for the windows; after that their sessions end all the same.
        """
        closing = [
            asyncio.ensure_future(self._close(window, CLOSED_BY_USER, "the program ends"))
            for window in reversed(self._windows)
        ]
        if closing:
            _, late = await asyncio.wait(closing, timeout=timeout_s)
            if late:
                logger.warning("%d windows did not close within %g s", len(late), timeout_s)
        for window in reversed(list(self._windows)):
            self._drop(window)
        tasks = [task for task in {*self._tasks, *closing} if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._closed_early.clear()
        self.were_any = False

    # -- SessionOwner: what sessions ask -------------------------------------------------------------------------------

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """Close the session's window; the session ends with it."""
        window = self._find(session)
        if window is None:
            self._end(session, code, reason)
        elif window.id is None:
            window.ending = (code, reason)
            self._drop(window)  # nothing is on screen; what comes up now is taken down at once
        else:
            self._spawn(self._close(window, code, reason))

    def session_connected(self, session: Session) -> None:
        """The page is there."""
        window = self._find(session)
        if window is not None:
            window.was_connected = True
            self._clear_deadline(window)
        self._manager().session_connected(session)

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """The socket is gone. A runtime that reports the end of its windows is believed; a tab gets a grace."""
        window = self._find(session)
        is_watched = window is not None and (window.runtime is None or window.runtime.capabilities.reports_close)
        if not is_watched:
            self._manager().session_suspended(session, left=left)

    def runtime_of(self, session: Session) -> Runtime | None:
        """The runtime whose window shows a session; a browser is none of ours."""
        window = self._find(session)
        runtime = window.runtime if window is not None and window.id is not None else None
        return runtime if runtime is not None and runtime.capabilities.reports_close else None

    # -- RuntimeListener: what runtimes report -------------------------------------------------------------------------

    def window_loaded(self, window_id: WindowId) -> None:
        """The page has loaded; that its script runs is told by the websocket."""
        logger.debug("window %s has loaded its page", window_id)

    def window_closed(self, window_id: WindowId) -> None:
        """A window is gone, whoever closed it."""
        window = self._find_id(window_id)
        if window is None:
            # The runtime may report an end before the one who opened the window was told its name.
            if any(other.is_opening and other.id is None for other in self._windows):
                self._closed_early.add(window_id)
        elif window.was_connected or not window.candidates:
            self._drop(window)
        else:
            # Its page was never there. If the runtime ended, we are told so right after this: see `runtime_failed`.
            window.is_lost = True
            asyncio.get_running_loop().call_soon(self._drop_lost, window)

    def close_requested(self, window_id: WindowId) -> None:
        """The user wants to close a window that asks first."""
        window = self._find_id(window_id)
        if window is not None:
            self._spawn(self._close(window, CLOSED_BY_USER, "the window was closed"))

    def geometry_changed(self, window_id: WindowId, geometry: Geometry) -> None:
        """A window was moved or resized."""
        logger.debug("window %s is at %s", window_id, geometry)

    def focus_changed(self, window_id: WindowId, has_focus: bool) -> None:
        """A window got or lost the keyboard."""
        logger.debug("window %s has %s focus", window_id, "the" if has_focus else "no")

    def visibility_changed(self, window_id: WindowId, is_visible: bool) -> None:
        """A window was shown or hidden."""
        logger.debug("window %s is %s", window_id, "visible" if is_visible else "hidden")

    def files_dropped(self, window_id: WindowId, paths: Sequence[str], x: int, y: int) -> None:
        """Files were dropped on a page."""
        logger.debug("%d files were dropped on window %s at %d, %d", len(paths), window_id, x, y)

    def menu_chosen(self, window_id: WindowId, menu: str, item: int) -> None:
        """An item of a menu was chosen."""
        logger.debug("item %d of menu %s of window %s", item, menu, window_id)

    def service_changed(self, service: str, value: object) -> None:
        """There is news of a service."""
        logger.debug("news of %s: %s", service, value)

    def title_changed(self, window_id: WindowId, title: str) -> None:
        """The page calls itself something: the window follows."""
        window = self._find_id(window_id)
        if window is None or window.runtime is None or not window.runtime.capabilities.can("set_title"):
            return
        if not title or title.startswith("127.0.0.1:"):
            return  # what engines call a page that says nothing yet; its address would show its ticket to everybody
        spec = self._manager().spec(window.session.app_name)
        is_of_loader = spec is not None and title == spec.title
        if is_of_loader and window.session.title not in ("", title):
            return  # the page has loaded, and will hear in a moment what it is called
        self._spawn(window.runtime.command(window_id, "set_title", title))

    def page_crashed(self, window_id: WindowId) -> None:
        """The web process of a window died: load the page anew, it is rebuilt from what Python holds."""
        window = self._find_id(window_id)
        if window is None or window.runtime is None:
            return
        window.crashes.append(time.monotonic())
        span_s = window.crashes[-1] - window.crashes[0]
        if len(window.crashes) == MAX_CRASHES and span_s < CRASH_SPAN_S:
            self._abandon(window, f"showed a page that crashed {MAX_CRASHES} times within {span_s:.0f} s")
            return
        logger.warning("The page of %r crashed; it is loaded anew", window.session.app_name)
        window.epoch += 1
        address, _, ticket = window.spec().url.partition("#")
        self._await_connection(window)
        self._spawn(window.runtime.command(window_id, "load_url", f"{address}?e={window.epoch}#{ticket}"))

    def runtime_failed(self, error: RuntimeFailed) -> None:
        """A runtime ended by itself; its windows were reported closed."""
        self._on_failed(error.name)
        orphans = [w for w in self._windows if w.is_lost and w.runtime is not None and w.runtime.name == error.name]
        for window in orphans:
            self._try_next(window, error)
            window.is_lost, window.id = False, None
            self._spawn(self._open(window))
        if not orphans:
            logger.error("%s", error)
            self.failure = error
            self._on_change()

    # -- the rest ------------------------------------------------------------------------------------------------------

    async def _open(self, window: Window) -> None:
        runtime, window_id = None, None
        while window in self._windows and window_id is None:
            name = window.candidates[0].name
            try:
                runtime = window.runtime = self._host_for(window.candidates.pop(0))
                window_id = await runtime.open(window.spec())
            except (DeskappError, OSError) as error:
                failure = error if isinstance(error, RuntimeFailed) else RuntimeFailed(name, why=f"failed: {error}")
                if not window.candidates:
                    self._give_up(window, failure)
                    return
                self._try_next(window, failure)
            except Exception as error:  # a border: whatever a runtime does, its window must not be waited for
                self._give_up(window, RuntimeFailed(name, why=f"failed: {error!r}"))
                raise
        if runtime is None or window_id is None:
            return
        if window not in self._windows:
            await runtime.destroy(window_id)  # the session ended while the window was coming up
            return
        window.id = window_id
        if window_id in self._closed_early:
            self._closed_early.discard(window_id)
            self._drop(window)
        elif not window.was_connected:
            self._await_connection(window)

    def _try_next(self, window: Window, error: RuntimeFailed) -> None:
        """A runtime failed, and there are others. If they fail too, the user is to see how it began."""
        logger.warning("%s Trying the next runtime.", error)
        window.failed_before = _because(error, window)

    def _give_up(self, window: Window, error: RuntimeFailed) -> None:
        """No runtime is left that could show a window."""
        if window in self._windows:
            self.failure = _because(error, window)
            logger.error("%s", self.failure)
            window.ending = (RUNTIME_GONE, str(error))
            self._drop(window)

    def _drop_lost(self, window: Window) -> None:
        if window.is_lost:
            self._drop(window)

    async def _close(self, window: Window, code: int, reason: str) -> None:
        """Take a window from the screen, then end its session."""
        window.ending = (code, reason)
        runtime, window_id = window.runtime, window.id
        if runtime is not None and window_id is not None and runtime.capabilities.can_destroy:
            try:
                await runtime.destroy(window_id)
            except RuntimeFailed as error:
                logger.debug("the window was gone already: %s", error)
        self._drop(window)

    def _drop(self, window: Window) -> None:
        """Forget a window and end its session. The only place that does."""
        if window in self._windows:
            self._windows.remove(window)
            self._clear_deadline(window)
            self._end(window.session, *window.ending)
            self._on_change()

    def _end(self, session: Session, code: int, reason: str) -> None:
        session.end(code, reason)
        self._manager().remove(session)
        self._on_ended(session)

    def _await_connection(self, window: Window) -> None:
        self._clear_deadline(window)
        window.deadline = asyncio.get_running_loop().call_later(
            self._connect_timeout_s,
            self._abandon,
            window,
            f"showed a window, but its page did not connect within {self._connect_timeout_s:g} s",
        )

    def _abandon(self, window: Window, why: str) -> None:
        """Close a window whose page does not work; `run` raises why."""
        error = RuntimeFailed(window.runtime.name if window.runtime is not None else "?", why=why)
        self.failure = _because(error, window)
        logger.error("%s", self.failure)
        self._spawn(self._close(window, RUNTIME_GONE, str(self.failure)))

    def _clear_deadline(self, window: Window) -> None:
        if window.deadline is not None:
            window.deadline.cancel()
            window.deadline = None

    def _find(self, session: Session) -> Window | None:
        return next((window for window in self._windows if window.session is session), None)

    def _find_id(self, window_id: WindowId) -> Window | None:
        return next((window for window in self._windows if window.id == window_id), None)

    def _spawn(self, work: Coroutine[object, object, object]) -> None:
        task = (self._aio() or asyncio.get_running_loop()).create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A window could not do as asked: %s", error, exc_info=error)


def _because(error: RuntimeFailed, window: Window) -> RuntimeFailed:
    """Let a failure name the one before it as its cause; one may have hit several windows."""
    if error.__cause__ is None and window.failed_before is not error:
        error.__cause__ = window.failed_before
    return error
