"""Which window shows which session, and what becomes of the one when the other ends.

`Windows` listens to the runtimes, and owns the sessions that have a window: flow D of the architecture is here, in the
order in which it happens.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deskapp._hung_pages import HungPages
from deskapp._lazy import LazyModule
from deskapp._page_wishes import fulfil
from deskapp._window_calls import WindowCalls
from deskapp._window_closing import Closing
from deskapp._window_news import WindowNews
from deskapp._window_record import CLOSED_BY_USER, MAX_CRASHES, WindowRecord
from deskapp.bridge import link as links
from deskapp.errors import DeskappError, NotSupported, RuntimeFailed, WindowClosed
from deskapp.runtime.base import Runtime
from deskapp.runtime.handle import Ties, Window
from deskapp.runtime.window import WindowId, WindowSpec
from deskapp.session import SessionOwner

if TYPE_CHECKING:
    import asyncio

    from deskapp._manager import AppManager
    from deskapp._window_memory import WindowMemory
    from deskapp.bridge.link import LinkedObject
    from deskapp.session import ScriptHandle, Session
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger("deskapp.window")

RUNTIME_GONE = 4510

GONE = 1001
"""Close code of a session whose window shows another one."""

CRASH_SPAN_S = 60.0
"""A page that crashes `MAX_CRASHES` times within so many seconds would go on with that: its window is given up."""

_OF_EVERY_RUNTIME = frozenset({"confirm_close"})
"""What is done in another way where the runtime cannot do it."""


class Windows(SessionOwner):
    """All windows of the program. Everything is called on the loop's thread.

    Args:
        manager: Returns what knows the sessions; not asked before there is one, so that a host can start first.
        host_for: Returns the running host of a runtime, starting it if need be.
        connect_timeout_s: Seconds that a page has to connect.
        on_change: Called when a window came or went.
        on_ended: Called with a session that has ended.
        on_failed: Called with the name of a runtime that has ended by itself.
        open_child: Opens a window that belongs to another: see `SessionOwner.open_window`.
        go_app: Shows another app in a window of its own, or prepares a window to show it next.
        service_kinds: Names the runtimes that may do services of the desktop, best first.
        on_news: Called with news of a service.
        memory: Knows where windows were.
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
        open_child: Callable[..., LinkedObject | ScriptHandle],
        go_app: Callable[[WindowRecord, str, bool], None],
        service_kinds: Callable[[], Sequence[type[Runtime]]] = tuple,
        on_news: Callable[[str, object], None] = lambda service, value: None,
        memory: WindowMemory | None = None,
        aio: Callable[[], asyncio.AbstractEventLoop | None] = lambda: None,
    ) -> None:
        self._manager = manager
        self._host_for = host_for
        self._connect_timeout_s = connect_timeout_s
        self._on_change = on_change
        self._on_ended = on_ended
        self._on_failed = on_failed
        self._open_child = open_child
        self._go_app = go_app
        self._leaving: set[Session] = set()
        self._memory = memory
        self._aio = aio
        self._windows: list[WindowRecord] = []
        self._main: WindowRecord | None = None
        self.calls = WindowCalls(self._windows, host_for, service_kinds, aio)
        self.listener = WindowNews(self._windows, self, manager=manager, spawn=self._spawn, on_service=on_news)
        self._closing = Closing(self.calls, self._close_by_user, self._spawn)
        self._hung = HungPages(self._spawn, self.calls.service)
        self._tasks: set[asyncio.Task[object]] = set()
        self._closed_early: set[WindowId] = set()
        self.failure: RuntimeFailed | None = None
        self.were_any = False

    @property
    def count(self) -> int:
        """How many windows there are, those that are still to open included."""
        return len(self._windows)

    @property
    def has_main(self) -> bool:
        """Whether the main window is there, which is the first one."""
        return self._main is not None

    @property
    def handles(self) -> list[Window]:
        """All windows, in order of creation."""
        return [window.handle for window in self._windows]

    def add(self, window: WindowRecord, title: str) -> Window:
        """Take a window in that is not on screen yet, and return what the program holds of it."""
        window.ties = Ties(
            do=lambda verb, *args: self.calls.command(window, verb, *args),
            close=lambda at_once: self._closing.close_or_ask(window, at_once=at_once),
            spawn=self._spawn,
            begin=self.calls.begin,
            reload=lambda: self._reload(window),
            context=lambda: links.use(window.session) if window.session is not None else contextlib.nullcontext(),
            asks=lambda on: self._closing.set_asks(window, on),
        )
        window.handle = Window(window.ties, title)
        window.asks = bool(window.wishes.fields.get("confirm_close", False))
        if window.wishes.menu is not None:
            window.handle.set_menu(window.wishes.menu)
        if not self._windows:
            self._main = window
        self.were_any = True
        self._windows.append(window)
        return window.handle

    def forget(self, window: WindowRecord) -> None:
        """Let go of a window whose app could not be made; it was never to be seen."""
        if window in self._windows:
            self._windows.remove(window)
            self.were_any = bool(self._windows)
            if window is self._main:
                self._main = None
            window.handle.end()

    def record_of(self, session: Session) -> WindowRecord | None:
        """What is known of the window that shows a session."""
        return self._find(session)

    def window_of(self, session: Session) -> Window | None:
        """The window that shows a session, also before it is on screen."""
        window = self._find(session)
        return window.handle if window is not None else None

    def take_failure(self) -> RuntimeFailed | None:
        """What went wrong since this was asked last."""
        failure, self.failure = self.failure, None
        return failure

    def open_waiting(self) -> None:
        """Open what was added; must be called on a running asyncio loop."""
        self.calls.begin_early(self._aio() or asyncio.get_running_loop())  # at a prompt it may not be running
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
        self.calls.end()
        self.were_any = False

    # -- SessionOwner: what sessions ask -------------------------------------------------------------------------------

    def open_window(
        self,
        session: Session,
        target: Any,
        properties: Mapping[str, object] | None,
        runtime: str | None,
        options: Mapping[str, object],
    ) -> LinkedObject | ScriptHandle:
        """Open a window that belongs to the session's."""
        window = self._find(session)
        if window is None:
            return super().open_window(session, target, properties, runtime, options)
        return self._open_child(window, target, properties, runtime, **options)

    def go_app(self, session: Session, name: str, new_window: bool) -> None:
        """Show another app in a window of its own, or in the session's."""
        window = self._find(session)
        if window is None:
            super().go_app(session, name, new_window)
            return
        self._go_app(window, name, new_window)

    def check_app(self, session: Session, name: str) -> None:
        """Raise if no window can show this app."""
        if self._find(session) is None:
            super().check_app(session, name)
        self._manager().find_spec(name)

    def show_next(self, window: WindowRecord, before: Session) -> None:
        """Have a window load the page of the session that is its own now; the one before it ends when its page leaves.

        The page goes there by itself: that works in every runtime.
        """
        self._hung.forget(window)
        window.was_connected = False
        reason = "another app takes its place"
        if before.status is before.STATUS.CONNECTED:
            self._await_connection(window)
            before.send_command("EXEC", f"window.location.replace({json.dumps(self._next_url(window))})")
            before.end_run(GONE, reason)
            self._leaving.add(before)
            return
        self._end(before, GONE, reason)
        if window.id is not None and window.runtime is not None:  # else it opens with the new page
            self._spawn(self._load_anew(window, window.runtime, window.id))

    def _next_url(self, window: WindowRecord) -> str:
        """Where the page of a window is next; an app's with a ticket of its own."""
        window.epoch += 1
        window.told = {}
        url = window.spec().url
        if window.session is None:
            return url
        address, _, ticket = url.partition("#")
        return f"{address}?e={window.epoch}#{ticket}"

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
            self._page_is_there(window, session)
        self._manager().session_connected(session)

    def page_greeted(self, session: Session) -> None:
        """A new page knows nothing of its window yet."""
        window = self._find(session)
        if window is not None:
            window.told = {}
            self.listener.tell_page(window)

    def session_suspended(self, session: Session, *, left: bool) -> None:
        """The socket is gone. A runtime that reports the end of its windows is believed; a tab gets a grace."""
        if session in self._leaving:
            self._leaving.discard(session)
            self._end(session, GONE, "another app has taken its place")
            return
        window = self._find(session)
        is_watched = window is not None and (window.runtime is None or window.runtime.capabilities.reports_close)
        if not is_watched:
            self._manager().session_suspended(session, left=left)

    def runtime_of(self, session: Session) -> Runtime | None:
        """The runtime whose window shows a session; a browser is none of ours."""
        window = self._find(session)
        runtime = window.runtime if window is not None and window.id is not None else None
        return runtime if runtime is not None and runtime.capabilities.reports_close else None

    def page_silent(self, session: Session) -> bool:
        """The page of a window hangs: its connection is kept, and the user asked what to do."""
        window = self._find(session)
        if window is None or window.id is None:
            return False
        if window.runtime is None or not window.runtime.capabilities.reports_close:
            return False
        self._hung.begin(window)
        return True

    def page_heard(self, session: Session) -> None:
        """The page answers again."""
        window = self._find(session)
        if window is not None:
            self._hung.end(window)

    def page_asks(self, session: Session, verb: str, data: object) -> None:
        """Do what a page wishes of its window."""
        window = self._find(session)
        if window is None:
            super().page_asks(session, verb, data)
            return
        work = fulfil(window, verb, data)
        if work is not None:
            self._spawn(_tell_if_not_supported(work))

    # -- what runtimes report of the life of windows, by way of `WindowNews` -------------------------------------------

    def window_loaded(self, window_id: WindowId) -> None:
        """The page has loaded; that the script of one of ours runs is told by the websocket."""
        logger.debug("window %s has loaded its page", window_id)
        window = self._find_id(window_id)
        if window is not None and window.session is None:
            window.was_connected = True
            self._clear_deadline(window)
            self._hide_splash(window)

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
            self._spawn(self._closing.close_or_ask(window, at_once=False))

    def page_crashed(self, window_id: WindowId) -> None:
        """The web process of a window died: load the page anew, it is rebuilt from what Python holds."""
        window = self._find_id(window_id)
        if window is None or window.runtime is None:
            return
        window.handle.crashed()
        self._hung.forget(window)
        window.crashes.append(time.monotonic())
        span_s = window.crashes[-1] - window.crashes[0]
        if len(window.crashes) == MAX_CRASHES and span_s < CRASH_SPAN_S:
            self._abandon(window, f"showed a page that crashed {MAX_CRASHES} times within {span_s:.0f} s")
            return
        logger.warning("The page of %s crashed; it is loaded anew", window.name)
        self._spawn(self._load_anew(window, window.runtime, window_id))

    async def _load_anew(self, window: WindowRecord, runtime: Runtime, window_id: WindowId) -> None:
        """Load the page of a window again."""
        url = self._next_url(window)
        self._await_connection(window)
        await runtime.command(window_id, "load_url", url)

    async def _reload(self, window: WindowRecord) -> None:
        """Do what `Window.reload` says."""
        await self.calls.until_open(window, "reload")
        assert window.runtime is not None
        assert window.id is not None
        if window.handle.can("load_url") or window.session is None:
            await self._load_anew(window, window.runtime, window.id)
        else:
            window.session.send_command("EXEC", "window.location.reload()")

    def runtime_failed(self, error: RuntimeFailed) -> None:
        """A runtime ended by itself; its windows were reported closed."""
        self.calls.forget_homes()
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

    async def _open(self, window: WindowRecord) -> None:
        runtime, window_id = None, None
        while window in self._windows and window_id is None:
            name = window.candidates.first.name
            try:
                runtime = window.runtime = self._host_for(window.candidates.take())
                window_id = await runtime.open(await self._describe(window, runtime))
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
            return
        self._is_on_screen(window, runtime, window_id)

    async def _describe(self, window: WindowRecord, runtime: Runtime) -> WindowSpec:
        """What the runtime is to open; with a line in the log for what it cannot do."""
        unheard = sorted(window.wishes.names - runtime.capabilities.options - _OF_EVERY_RUNTIME)
        if unheard:
            logger.info("%s cannot do what was wished of %s: %s", runtime.name, window.name, ", ".join(unheard))
        parent = None
        if window.parent is not None and window.is_child:
            with contextlib.suppress(WindowClosed):
                await self.calls.until_open(window.parent, "open_window")
            if window.parent.runtime is runtime:
                parent = window.parent.id
        spec = window.spec()
        if self._memory is not None:
            spec = await self._memory.recall(window, spec)
        if parent is None:
            return replace(spec, parent=None, modal=False)
        return replace(spec, parent=parent, modal=bool(window.wishes.fields.get("modal", False)))

    def _is_on_screen(self, window: WindowRecord, runtime: Runtime, window_id: WindowId) -> None:
        window.ties.runtime, window.ties.id = runtime, window_id
        if "visibility" not in runtime.capabilities.reports:
            window.handle.take("visible", bool(window.wishes.fields.get("visible", True)))
        if window.session is None and "loaded" not in runtime.capabilities.reports:
            window.was_connected = True  # nobody will tell
        if window.asks and not window.wishes.fields.get("confirm_close"):
            self._closing.set_asks(window, True)
        window.settle()
        if not window.was_connected:
            self._await_connection(window)
        elif window.session is not None:
            self._page_is_there(window, window.session)  # it was faster than the one who opened the window

    def _page_is_there(self, window: WindowRecord, session: Session) -> None:
        """Tell a page that has come, or come anew, what it must know of the window around it."""
        if window.id is None:
            return
        self.listener.tell_page(window)
        if window.asks and not self._closing.asks_by_itself(window):
            session.notify_page("confirm_close", window.wishes.confirm_text)
        if window.wishes.fields.get("splash") is not None:
            session.call_after_roundtrip(self._hide_splash, window)

    def _hide_splash(self, window: WindowRecord) -> None:
        if window.handle.can("hide_splash"):
            self._spawn(self.calls.command(window, "hide_splash"))

    def _try_next(self, window: WindowRecord, error: RuntimeFailed) -> None:
        """A runtime failed, and there are others. If they fail too, the user is to see how it began."""
        logger.warning("%s Trying the next runtime.", error)
        window.failed_before = _because(error, window)

    def _give_up(self, window: WindowRecord, error: RuntimeFailed) -> None:
        """No runtime is left that could show a window."""
        if window in self._windows:
            self.failure = _because(error, window)
            logger.error("%s", self.failure)
            window.ending = (RUNTIME_GONE, str(error))
            self._drop(window)

    def _drop_lost(self, window: WindowRecord) -> None:
        if window.is_lost:
            self._drop(window)

    async def _close_by_user(self, window: WindowRecord) -> None:
        if window in self._windows:
            await self._close(window, CLOSED_BY_USER, "the window was closed")

    async def _close(self, window: WindowRecord, code: int, reason: str) -> None:
        """Take a window from the screen, those that belong to it first, then end its session."""
        window.ending = (code, reason)
        children = [each for each in self._windows if each.parent is window]
        await asyncio.gather(*(self._close(each, code, "the window that opened it was closed") for each in children))
        runtime, window_id = window.runtime, window.id
        if runtime is not None and window_id is not None and runtime.capabilities.can_destroy:
            try:
                await runtime.destroy(window_id)
            except RuntimeFailed as error:
                logger.debug("the window was gone already: %s", error)
        self._drop(window)

    def _drop(self, window: WindowRecord) -> None:
        """Forget a window and end its session. The only place that does."""
        if window not in self._windows:
            return
        self._windows.remove(window)
        if window is self._main:
            self._main = None
        self._clear_deadline(window)
        self._hung.forget(window)
        if self._memory is not None:
            self._memory.keep(window)
        window.settle(WindowClosed(window.handle.title, "open"))
        window.handle.end()
        for child in [each for each in self._windows if each.parent is window]:
            self._spawn(self._close(child, window.ending[0], "the window that opened it was closed"))
        if window.session is not None:
            self._end(window.session, *window.ending)
        self._on_change()

    def _end(self, session: Session, code: int, reason: str) -> None:
        self._leaving.discard(session)
        session.end(code, reason)
        self._manager().remove(session)
        self._on_ended(session)

    def _await_connection(self, window: WindowRecord) -> None:
        self._clear_deadline(window)
        if window.session is None:
            return  # somebody else's page takes as long as it takes, and the user sees that
        window.deadline = asyncio.get_running_loop().call_later(
            self._connect_timeout_s,
            self._abandon,
            window,
            f"showed a window, but its page did not connect within {self._connect_timeout_s:g} s",
        )

    def _abandon(self, window: WindowRecord, why: str) -> None:
        """Close a window whose page does not work; `run` raises why."""
        error = RuntimeFailed(window.runtime.name if window.runtime is not None else "?", why=why)
        self.failure = _because(error, window)
        logger.error("%s", self.failure)
        self._spawn(self._close(window, RUNTIME_GONE, str(self.failure)))

    def _clear_deadline(self, window: WindowRecord) -> None:
        if window.deadline is not None:
            window.deadline.cancel()
            window.deadline = None

    def _find(self, session: Session) -> WindowRecord | None:
        return next((window for window in self._windows if window.session is session), None)

    def _find_id(self, window_id: WindowId) -> WindowRecord | None:
        return next((window for window in self._windows if window.id == window_id), None)

    def _spawn(self, work: Coroutine[object, object, object]) -> None:
        task = (self._aio() or asyncio.get_running_loop()).create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A window could not do as asked: %s", error, exc_info=error)


def _because(error: RuntimeFailed, window: WindowRecord) -> RuntimeFailed:
    """Let a failure name the one before it as its cause; one may have hit several windows."""
    if error.__cause__ is None and window.failed_before is not error:
        error.__cause__ = window.failed_before
    return error


async def _tell_if_not_supported(work: Awaitable[object]) -> None:
    """A page wished what its runtime cannot do, or after its window's end: that is worth a line, no more."""
    try:
        await work
    except (NotSupported, WindowClosed) as error:
        logger.warning("A page's wish is left out: %s", error)
