"""`AppHarness`: runs an app under test, with fake windows and pages in memory.

Without asyncio::

    with AppHarness() as app:
        main = app.launch(MyApp)
        page = app.page(main)
        page.invoke(main, "add", "milk")
        app.settle()
        assert main.items == ["milk"]

With it, the program runs as `deskapp.run` would run it: the server answers, and windows open::

    async with AppHarness() as app:
        main = app.launch(MyApp)
        window = await app.window(main)
        app.runtime.user_closes(window)
        assert await app.finished() == 0
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

from deskapp import app as program
from deskapp._config import Settings
from deskapp._manager import AppManager
from deskapp._spec import AppSpec
from deskapp._windows import Windows
from deskapp.bridge.link import LinkedObject
from deskapp.event import Loop, use_loop
from deskapp.launcher import Launcher
from deskapp.runtime.base import Runtime
from deskapp.runtime.window import WindowId
from deskapp.session import Session, SessionOwner
from deskapp.testing.client import MAX_TURNS, TestClient
from deskapp.testing.fake_runtime import FakeRuntime

WAIT_S = 5.0
"""Seconds that a test waits for something before it fails."""

POLL_S = 0.002


class _Owner(SessionOwner):
    """Owns the sessions that have neither window nor server."""

    def __init__(self, manager: AppManager) -> None:
        self._manager = manager

    def close_session(self, session: Session, code: int, reason: str) -> None:
        """End a session at once."""
        session.end(code, reason)
        self._manager.remove(session)


class AppHarness:
    """One program under test; everything that it has one of is its own, and gone when its ``with`` block ends.

    Inside the block `deskapp.launch`, `deskapp.app.manager` and the like act on this program.

    Args:
        runtimes: What shows windows, best first.
        settings: Settings of the program; those of the person who runs the test do not count.
        **options: Single settings, in place of `settings`.

    Attributes:
        launcher: The program's launcher.
        loop: The event loop of its components.
    """

    def __init__(
        self, runtimes: Iterable[type[Runtime]] = (FakeRuntime,), *, settings: Settings | None = None, **options: Any
    ) -> None:
        self._runtimes = list(runtimes)
        self._settings = settings or Settings.load(environ={}, argv=(), **{"app_id": "org.example.test", **options})
        self._stack = contextlib.ExitStack()
        self._pages: list[TestClient] = []
        self._running: asyncio.Task[int] | None = None
        self.loop: Loop
        self.launcher: Launcher

    # -- life ----------------------------------------------------------------------------------------------------------

    def __enter__(self) -> AppHarness:
        self.loop = self._stack.enter_context(use_loop(Loop()))
        self.launcher = Launcher(self._settings, select=self._select)
        self._stack.callback(program.use_launcher, program.use_launcher(self.launcher))
        return self

    def __exit__(self, *_: object) -> None:
        with self._stack:
            asyncio.run(self._end())

    async def __aenter__(self) -> AppHarness:
        self.__enter__()
        self._running = asyncio.get_running_loop().create_task(self.launcher.run_async())
        await self.until(lambda: self.launcher.is_running)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._stack:
            await self._end()

    async def _end(self) -> None:
        if self._running is not None:
            self.launcher.stop()
            await asyncio.wait([self._running], timeout=2 * WAIT_S)
            if self._running.done() and not self._running.cancelled():
                self._running.exception()  # whoever wants to know it asks `finished`
        else:
            await self.launcher.close()
        self.loop.reset()
        self.loop.detach()

    def _select(self, requested: str) -> list[type[Runtime]]:
        return list(self._runtimes)

    # -- the program ---------------------------------------------------------------------------------------------------

    def launch(self, cls: type | program.App, *args: object, **props: Any) -> Any:
        """Launch a component class and return its component, typed as anything.

        Args:
            cls: The class, or an `App`.
            *args: Arguments for its ``init``.
            **props: Values of its properties.
        """
        application = cls if isinstance(cls, program.App) else program.App(cls, *args, **props)
        return application.launch()

    def serve(self, cls: type, name: str | None = None, *args: object, **props: Any) -> str:
        """Make a component class reachable with a browser, and return its address."""
        application = program.App(cls, *args, **props)
        application.serve(name)
        return application.url

    def session(self, cls: type, *args: object, **props: object) -> Session:
        """Make a session with a component of a class in it, without window and without server.

        It waits for its page for ever, and ends when it is closed.
        """
        spec = AppSpec(cls, cls.__name__, args=args, kwargs=props)
        return self.launcher.manager.create_session(spec, owner=_Owner(self.launcher.manager))

    def page(self, of: LinkedObject | Session, **options: Any) -> TestClient:
        """A page that is connected with the session of a component.

        Args:
            of: The component or the session.
            **options: See `TestClient`.
        """
        session = of if isinstance(of, Session) else of.session
        client = TestClient(session, **options)
        self._pages.append(client)
        client.connect()
        return client

    def settle(self) -> None:
        """Let the program and its pages in memory come to rest.

        Raises:
            TimeoutError: They do not.
        """
        for _ in range(MAX_TURNS):
            if self.loop.has_pending() and not self.loop.is_processing:
                self.loop.iter()
            before = [len(page.messages) for page in self._pages]
            for page in self._pages:
                page.settle()
            if not self.loop.has_pending() and before == [len(page.messages) for page in self._pages]:
                return
        raise TimeoutError(f"the program did not come to rest within {MAX_TURNS} turns")

    # -- waiting -------------------------------------------------------------------------------------------------------

    @staticmethod
    async def until(condition: Callable[[], object], *, timeout_s: float = WAIT_S) -> None:
        """Wait until a condition holds.

        Args:
            condition: Asked again and again.
            timeout_s: Seconds after which the test fails.

        Raises:
            TimeoutError: It did not hold in time.
        """
        deadline = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{getattr(condition, '__qualname__', condition)} did not hold within {timeout_s} s")
            await asyncio.sleep(POLL_S)

    async def quiet(self, *, timeout_s: float = WAIT_S) -> None:
        """Wait until nothing is queued, neither in the program nor between it and its pages in memory."""
        await self.until(
            lambda: not self.loop.has_pending() and not any(page.has_news for page in self._pages if page.is_connected),
            timeout_s=timeout_s,
        )

    async def finished(self, *, timeout_s: float = WAIT_S) -> int:
        """Wait until the program has ended by itself, as after its last window; return its exit code.

        Raises:
            Exception: Whatever the program ended with, for example `RuntimeFailed`.
        """
        assert self._running is not None, "only a program in an `async with` block runs"
        return await asyncio.wait_for(asyncio.shield(self._running), timeout_s)

    # -- windows -------------------------------------------------------------------------------------------------------

    @property
    def hosts(self) -> Mapping[type[Runtime], Runtime]:
        """The runtimes that are at work."""
        return self.launcher.hosts

    @property
    def runtime(self) -> FakeRuntime:
        """The fake runtime that is at work.

        Raises:
            LookupError: None is.
        """
        for host in self.hosts.values():
            if isinstance(host, FakeRuntime):
                return host
        raise LookupError("no fake runtime was started; launch something first")

    async def window(self, component: LinkedObject, *, timeout_s: float = WAIT_S) -> WindowId:
        """Wait for the window of a component's session and return its id."""
        return await self.window_of(component.session, timeout_s=timeout_s)

    async def window_of(self, session: Session, *, timeout_s: float = WAIT_S) -> WindowId:
        """Wait for the window of a session and return its id."""
        windows = self.launcher.windows
        await self.until(lambda: _id_of(windows, session) is not None, timeout_s=timeout_s)
        found = _id_of(windows, session)
        assert found is not None
        return found


def _id_of(windows: Windows, session: Session) -> WindowId | None:
    record = windows.record_of(session)
    return record.id if record is not None else None
