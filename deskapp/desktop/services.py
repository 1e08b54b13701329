"""`Services`: what a program asks of the desktop around its windows, and what it hears from there."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from deskapp._call import Call
from deskapp._lazy import LazyModule
from deskapp.desktop.dialog_tools import ask_tool, find_tool
from deskapp.desktop.trays import Trays
from deskapp.errors import DeskappError, DesktopFailed, NotSupported, RuntimeFailed
from deskapp.runtime.handle import run_action
from deskapp.runtime.window import Screen

if TYPE_CHECKING:
    import asyncio

    from deskapp.desktop.notifications import Notifier
    from deskapp.desktop.surroundings import Desktop
    from deskapp.runtime.handle import Window
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger("deskapp.native")

T = TypeVar("T")

MAX_RESTORES = 3
RESTORE_SPAN_S = 60.0
"""A host that ends `MAX_RESTORES` times within so many seconds is not given its tray icons any more."""

SUBSCRIPTIONS = ("theme", "power", "screens")


class Services:
    """Everything of the desktop that is no window.

    Args:
        ask: Asks a runtime for a service: its name, a window or None, and what it takes. Raises `NotSupported` if no
            runtime of the program has it.
        begin: Has a call begin as soon as there is a loop for it; called on any thread.
        keep: Lets the runtimes' processes stay when no window is left, or no longer.
        app_id: Returns what the program is called.
    """

    def __init__(
        self,
        ask: Callable[..., Awaitable[object]],
        begin: Callable[[Call[Any]], None],
        *,
        keep: Callable[[bool], Awaitable[None]],
        app_id: Callable[[], str],
    ) -> None:
        self._ask, self._begin, self._keep, self._app_id = ask, begin, keep, app_id
        self._tasks: set[asyncio.Task[Any]] = set()
        self._at_end: list[Callable[[], object]] = []
        self._restores: deque[float] = deque(maxlen=MAX_RESTORES)
        self._desktop: Desktop | None = None
        self._notifier: Notifier | None = None
        self._is_kept = False
        self.trays = Trays(ask, self._update_kept, self._run_soon, self.spawn)

    # -- asking --------------------------------------------------------------------------------------------------------

    def call(self, work: Callable[[], Coroutine[Any, Any, T]], name: str) -> Call[T]:
        """Do something on the program's loop; from any thread. The end of the program cancels it.

        Args:
            work: Makes the coroutine.
            name: What is done, for messages.
        """

        async def tracked() -> T:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            try:
                return await work()
            finally:
                self._tasks.discard(task)

        call = Call(tracked, name=name)
        self._begin(call)
        return call

    async def ask(self, service: str, window: Window | None = None, **args: object) -> object:
        """Ask for a service; see `runtime.base.SERVICE_ARGUMENTS`.

        Raises:
            NotSupported: No runtime here has it.
            RuntimeFailed: The runtime failed.
            WindowClosed: The window is gone.
        """
        return await self._ask(service, window, **args)

    async def ask_user(self, service: str, window: Window | None, args: Mapping[str, object]) -> object:
        """Show a dialog, by a runtime or else by a program of the system.

        Returns:
            What the service answers; None if the window closed while the dialog was up.

        Raises:
            DesktopFailed: There is nothing here that shows dialogs.
            RuntimeFailed: The runtime failed.
            WindowClosed: The window was gone already.
        """
        if window is not None and not args.get("title"):
            args = {**args, "title": window.title}  # which is better than what toolkits make up
        try:
            return await self._ask(service, window, **args)
        except NotSupported as error:
            if find_tool() is None:
                raise DesktopFailed(
                    "show a dialog", str(error).rstrip("."), remedy="sudo apt install zenity"
                ) from error
            logger.debug("%s; a program of the system does it", error)
        except RuntimeFailed:
            if window is not None and window.closed:
                return None
            raise
        return await ask_tool(service, args)

    async def screens(self) -> list[Screen]:
        """The screens of the desktop.

        Raises:
            NotSupported: No runtime here can tell.
            DesktopFailed: The answer makes no sense.
        """
        answer = await self._ask("screens", None)
        try:
            return [
                Screen(**{**values, "work_area": tuple(values["work_area"])})
                for values in answer  # type: ignore[attr-defined]
            ]
        except (TypeError, LookupError) as error:
            raise DesktopFailed("tell the screens", f"the answer was {answer!r}") from error

    async def theme(self) -> str:
        """``"light"`` or ``"dark"``.

        Raises:
            NotSupported: No runtime here can tell.
        """
        return "dark" if await self._ask("theme", None) == "dark" else "light"

    # -- hearing -------------------------------------------------------------------------------------------------------

    @property
    def desktop(self) -> Desktop:
        """What may change around the program; from its first use on, changes are heard. On the loop's thread."""
        if self._desktop is None:
            from deskapp.desktop.surroundings import Desktop

            self._desktop = Desktop()
            self.call(self._subscribe, "native.desktop")
        return self._desktop

    async def _subscribe(self) -> None:
        """Have the runtimes report from now on."""
        for service in SUBSCRIPTIONS:
            try:
                answer = await self._ask(service, None)
            except DeskappError as error:
                logger.debug("nothing will be heard of %s: %s", service, error)
                continue
            if service == "theme" and self._desktop is not None:
                self._desktop.take(service, answer)
        await self._update_kept()

    def take(self, service: str, value: object) -> None:
        """A runtime has news of a service. On the loop's thread."""
        if service == "tray":
            self.trays.take(value)
        elif self._desktop is not None:
            self._desktop.take(service, value)

    def restore(self) -> None:
        """A runtime's process ended by itself: have the next one do what that one did."""
        if not self.trays.count and self._desktop is None:
            return
        self._restores.append(time.monotonic())
        if len(self._restores) == MAX_RESTORES and self._restores[-1] - self._restores[0] < RESTORE_SPAN_S:
            logger.error("Tray icons are given up: what shows them has ended %d times in a row", MAX_RESTORES)
            return
        self._is_kept = False
        self.trays.restore()
        if self._desktop is not None:
            self.call(self._subscribe, "native.desktop")
        self.spawn(self._update_kept())

    async def _update_kept(self) -> None:
        """A host with a tray icon, or one that reports, stays when its last window closes."""
        on = self.trays.count > 0 or self._desktop is not None
        if on != self._is_kept:
            self._is_kept = on
            await self._keep(on)

    # -- notifications -------------------------------------------------------------------------------------------------

    @property
    def notifier(self) -> Notifier:
        """What shows notifications; on a running loop."""
        if self._notifier is None:
            from deskapp.desktop.notifications import Notifier

            self._notifier = Notifier(self._app_id() or "deskapp", self.spawn)
        return self._notifier

    # -- life ----------------------------------------------------------------------------------------------------------

    def at_end(self, function: Callable[[], object]) -> None:
        """Have a function called when the program ends, on the loop's thread."""
        self._at_end.append(function)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Have a coroutine run, until the program ends; what it raises is logged. On the loop's thread."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def run(self, action: Callable[[], object], what: str) -> None:
        """Run something of the user's, also a coroutine function; a fault is logged. On the loop's thread."""
        run_action(action, what, self.spawn)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("The desktop could not do as asked: %s", error, exc_info=error)

    def _run_soon(self, function: Callable[[], None]) -> None:
        async def work() -> None:
            function()

        self.call(work, "a tray icon")

    async def close(self) -> None:
        """End what is still asked, leave the notification service, and be as new."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._notifier is not None:
            await self._notifier.close()
            self._notifier = None
        functions, self._at_end = self._at_end, []
        for function in reversed(functions):
            try:
                function()
            except Exception:  # a border: the rest must end, too
                logger.exception("Something could not be ended")
        if self._desktop is not None:
            self._desktop.dispose()
            self._desktop = None
        self.trays.forget()
        self._is_kept = False
