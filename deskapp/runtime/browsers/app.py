"""`BrowserApp`: what Chrome, Edge and Firefox have in common when each window is a browser process of its own.

The process is the window: its end is the end of the window, whoever brought it about. Each has a private profile, so
that no other instance of the browser takes the window over, and the user's own profile is left alone.
"""

from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from deskapp._lazy import LazyModule
from deskapp.errors import RuntimeFailed, RuntimeUnavailable
from deskapp.runtime._find import DEAD_SCREEN, NO_SCREEN, NO_SCREEN_REMEDY, has_screen, screen_answers
from deskapp.runtime.base import OPEN_TIMEOUT_S, STOP_TIMEOUT_S, Availability, Runtime, RuntimeListener
from deskapp.runtime.browsers._process import BrowserProcess
from deskapp.runtime.browsers._process_windows import WindowsBrowser
from deskapp.runtime.browsers._profiles import Profile, Profiles
from deskapp.runtime.browsers.find import BrowserMissing, Program, find_program, version_of
from deskapp.runtime.window import WindowId, WindowSpec

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

logger = logging.getLogger(__name__)

CLOSE_TIMEOUT_S = 2.0  # for a browser that is told to end; it takes a tenth of it
SETTLED_AFTER_S = 0.5  # browsers that cannot start say so and end within 0.2 s
RELEASE_TIMEOUT_S = CLOSE_TIMEOUT_S + 0.5
SWEEP_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class Launch:
    """How a browser is started for one window.

    Args:
        arguments: Arguments of the program.
        environment: Changes to our own environment; None takes a variable away.
        speaks: Open pipes for commands and events at the descriptors 3 and 4, see `BrowserProcess`.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str | None] = field(default_factory=dict)
    speaks: bool = False


@dataclass(eq=False)
class BrowserWindow:
    """One window: its process, its profile, and what it was opened as.

    Attributes:
        id: Its name towards the listener.
        spec: What it was opened as.
        process: The browser.
        profile: The folder that it has for itself.
        is_shown: `BrowserApp.open` has returned it.
        is_ending: We told it to end.
        is_gone: The listener was told that it is closed.
    """

    id: WindowId
    spec: WindowSpec
    process: BrowserProcess | WindowsBrowser
    profile: Profile
    is_shown: bool = False
    is_ending: bool = False
    is_gone: bool = False


class BrowserApp(Runtime):
    """Windows of a browser, without anything of the browser to be seen.

    A subclass says which browser it is with `browser` and `kind`, how it is started with `_launch`, and, if it can
    tell, when the window is on screen with `_until_shown`.
    """

    browser: ClassVar[str]
    """The folder of its profiles below `storage`."""
    kind: ClassVar[str]
    """Which program it is, one of `find.KINDS`."""

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        super().__init__(app_id, storage=storage)
        self._listener: RuntimeListener | None = None
        self._numbers = itertools.count(1)
        self._windows: dict[WindowId, BrowserWindow] = {}
        self._sweeper: threading.Thread | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def availability(cls) -> Availability:
        return browser_availability(cls.kind)

    @classmethod
    def version(cls) -> str:
        return browser_version(cls.kind)

    # -- for subclasses ------------------------------------------------------------------------------------------------

    @abstractmethod
    def _launch(self, program: Program, profile: Path, window: WindowSpec) -> Launch:
        """How to start the browser for `window`; may write into `profile`, which exists and may be empty."""

    async def _until_shown(self, window: BrowserWindow) -> None:
        """Wait until the window is on screen, as far as the browser can tell; it is cancelled if the process ends.

        Without a word from the browser, one that has run for `SETTLED_AFTER_S` is taken to show its window: what it
        cannot do (no display, a broken profile, missing libraries) it finds out sooner.
        """
        await asyncio.sleep(SETTLED_AFTER_S)

    def _take(self, window: BrowserWindow, message: dict[str, Any]) -> None:
        """Handle one message of a browser that speaks."""

    def _gone(self, window: BrowserWindow) -> None:
        """Forget what is known of a window; its process has ended."""

    # -- Runtime -------------------------------------------------------------------------------------------------------

    def start(self, listener: RuntimeListener) -> None:
        """Keep the listener; there is nothing to be started before there is a window."""
        self._listener = listener

    async def open(self, window: WindowSpec, *, timeout_s: float = OPEN_TIMEOUT_S) -> WindowId:
        deadline_s = time.monotonic() + timeout_s
        await self._until_profiles_are_free(min(timeout_s, RELEASE_TIMEOUT_S))
        found = self._open_process(window)
        ended = asyncio.ensure_future(found.process.wait(timeout_s))
        shown = asyncio.ensure_future(self._until_shown(found))
        try:
            await asyncio.wait({ended, shown}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
            self._check_shown(found, shown.done(), timeout_s)
            shown.result()
            found.is_shown = True
        except BaseException:
            found.is_ending = True
            await self._end(found, timeout_s=max(0.0, min(CLOSE_TIMEOUT_S, deadline_s - time.monotonic())))
            raise
        finally:
            for task in (ended, shown):
                task.cancel()
            await asyncio.gather(ended, shown, return_exceptions=True)
        return found.id

    async def _until_profiles_are_free(self, timeout_s: float) -> None:
        """Wait for browsers without a window: their profile, with what pages have kept, is better than the next."""
        deadline_s = time.monotonic() + timeout_s
        leaving = [window.process.wait(timeout_s) for window in self._windows.values() if window.is_gone]
        await asyncio.gather(*leaving, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=max(0.0, deadline_s - time.monotonic()))

    def _check_shown(self, window: BrowserWindow, is_shown: bool, timeout_s: float) -> None:
        process = window.process
        if process.has_ended:
            why = f"ended with exit code {process.exit_code} before its window showed"
            raise RuntimeFailed(self.name, exit_code=process.exit_code, tail=process.tail, why=why)
        if not is_shown:
            raise RuntimeFailed(self.name, why=f"did not show a window within {timeout_s:g} s", tail=process.tail)

    async def destroy(self, window: WindowId) -> None:
        found = self._windows.get(window)
        if found is not None:
            await self._end(found, timeout_s=CLOSE_TIMEOUT_S)

    async def _do(self, window: WindowId, verb: str, args: Sequence[object]) -> object:
        raise NotImplementedError(f"{type(self).__name__} names the command {verb!r} and does not have it")

    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        ends = [self._end(window, timeout_s=timeout_s) for window in self._windows.values()]
        await asyncio.gather(*ends, *self._tasks)
        sweeper, self._sweeper = self._sweeper, None
        if sweeper is not None:
            await asyncio.get_running_loop().run_in_executor(None, sweeper.join, SWEEP_TIMEOUT_S)

    # -- the rest ------------------------------------------------------------------------------------------------------

    def pid_of(self, window: WindowId) -> int | None:
        """Process id of the browser that shows `window`; None if it is gone."""
        found = self._windows.get(window)
        return None if found is None else found.process.pid

    def profile_of(self, window: WindowId) -> Path | None:
        """The folder that the browser of `window` has for itself; None if the window is gone."""
        found = self._windows.get(window)
        return None if found is None else found.profile.path

    def _open_process(self, window: WindowSpec) -> BrowserWindow:
        try:
            program = find_program(self.kind)
        except BrowserMissing as error:
            raise RuntimeUnavailable(self.name, [(self.name, error.why, error.remedy)]) from None
        profiles = self._profiles(program)
        profile = profiles.take()
        try:
            launch = self._launch(program, profile.path, window)
            environment = {**os.environ, **launch.environment}
            command = [*program.command, *launch.arguments]
            env = {key: value for key, value in environment.items() if value is not None}
            process: BrowserProcess | WindowsBrowser
            if sys.platform == "win32":
                process = WindowsBrowser(command, name=self.name, env=env)
            else:
                litter = profile.path if profile.is_temporary else None
                process = BrowserProcess(command, name=self.name, env=env, speaks=launch.speaks, litter=litter)
        except BaseException:
            profile.release()
            raise
        found = BrowserWindow(WindowId(f"{self.name}-{next(self._numbers)}"), window, process, profile)
        self._windows[found.id] = found
        process.attach(
            asyncio.get_running_loop(), lambda: self._process_ended(found), lambda message: self._take(found, message)
        )
        if self._sweeper is None:
            self._sweeper = threading.Thread(target=profiles.sweep, name="deskapp-profiles", daemon=True)
            self._sweeper.start()
        return found

    def _profiles(self, program: Program) -> Profiles:
        """The profiles, where the program may write."""
        own = program.own_folder()
        if self.storage is None:
            return Profiles(None, temporary_in=None if own is None else own / "deskapp")
        folder = self.storage if own is None else own / "deskapp" / self.app_id
        return Profiles(folder / self.browser)

    async def _end(self, window: BrowserWindow, *, timeout_s: float) -> None:
        """End a window's process. Everybody who waits for this sees all of it gone."""
        window.is_ending = True
        window.process.attach(asyncio.get_running_loop(), lambda: self._process_ended(window))
        await window.process.close(timeout_s=timeout_s)
        window.profile.release()

    def _process_ended(self, window: BrowserWindow) -> None:
        """A window is gone at the latest now, whoever ended it."""
        self._windows.pop(window.id, None)
        self._gone(window)
        process, is_ours = window.process, window.is_ending
        if not is_ours:  # its helpers may live on for a moment, and write into the profile
            self._spawn(self._end(window, timeout_s=CLOSE_TIMEOUT_S))
        if self._listener is None or not window.is_shown:
            return  # `open` tells
        was_gone = window.is_gone
        self._tell_closed(window)
        if is_ours or was_gone or process.exit_code == 0:
            return
        error = RuntimeFailed(self.name, exit_code=process.exit_code, tail=process.tail)
        if self._windows:
            logger.error("%s", error)  # the others are well
        else:
            self._report(self._listener.runtime_failed, error)

    def _tell_closed(self, window: BrowserWindow) -> None:
        """Report the end of a window that was on screen, once."""
        if self._listener is not None and window.is_shown and not window.is_gone:
            window.is_gone = True
            self._report(self._listener.window_closed, window.id)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        """Do something on the side that `stop` waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _report(self, method: Callable[..., None], *args: object) -> None:
        try:
            method(*args)
        except Exception:  # border: a listener's fault must not keep a window from ending
            logger.exception("%s: %s failed", self.name, getattr(method, "__name__", method))


def browser_version(kind: str) -> str:
    """The version of a kind of browser; empty if it is not here or does not say."""
    try:
        return version_of(find_program(kind))
    except BrowserMissing:
        return ""


def browser_availability(kind: str) -> Availability:
    """Whether a kind of browser is here, and a screen for it."""
    try:
        program = find_program(kind)
    except BrowserMissing as error:
        return Availability(False, error.why, error.remedy)
    if not has_screen():
        return Availability(False, NO_SCREEN, NO_SCREEN_REMEDY)
    if not screen_answers():
        return Availability(False, DEAD_SCREEN, NO_SCREEN_REMEDY)
    return Availability(True, f"{program} is here")
