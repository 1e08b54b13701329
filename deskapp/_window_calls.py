"""What programs ask of windows and of the desktop: commands wait for their window, services find a runtime."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from deskapp._call import Call
from deskapp._lazy import LazyModule
from deskapp.errors import DeskappError, NotSupported, WindowClosed
from deskapp.runtime.capabilities import able

if TYPE_CHECKING:
    import asyncio

    from deskapp._window_record import WindowRecord
    from deskapp.runtime.base import Runtime
    from deskapp.runtime.handle import Window
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start


class WindowCalls:
    """Passes commands and services on. Everything but `begin` is called on the loop's thread.

    Args:
        windows: The windows there are; a list that others change.
        host_for: Returns the running host of a runtime, starting it if need be.
        service_kinds: Names the runtimes that may do services of the desktop, best first.
        aio: Returns the asyncio loop on which windows live; None while there is none.
    """

    def __init__(
        self,
        windows: Sequence[WindowRecord],
        host_for: Callable[[type[Runtime]], Runtime],
        service_kinds: Callable[[], Sequence[type[Runtime]]],
        aio: Callable[[], asyncio.AbstractEventLoop | None],
    ) -> None:
        self._windows = windows
        self._host_for = host_for
        self._service_kinds = service_kinds
        self._aio = aio
        self._early: deque[Call[Any]] = deque()

    def begin(self, call: Call[Any]) -> None:
        """Have a call begin now, or when windows open; on any thread."""
        aio = self._aio()
        if aio is None:
            self._early.append(call)
        else:
            call.begin(aio)

    def begin_early(self) -> None:
        """Windows open: have the calls begin that waited for it."""
        while self._early:
            self._early.popleft().begin(asyncio.get_running_loop())

    def fail_early(self) -> None:
        """The program ends: so do the calls that wait."""
        while self._early:
            self._early.popleft().fail(DeskappError("The program ended before its windows opened."))

    async def command(self, window: WindowRecord, verb: str, *args: object) -> object:
        """Have a window obey, once it is on screen."""
        await self.until_open(window, verb)
        runtime, session = window.runtime, window.session
        assert runtime is not None
        assert window.id is not None
        if verb == "set_title" and session is not None and not runtime.capabilities.can(verb):
            session.set_title(str(args[0]))  # which is what such a runtime shows
            return None
        return await runtime.command(window.id, verb, *args)

    async def until_open(self, window: WindowRecord, asked: str) -> None:
        """Wait until a window is on screen.

        Raises:
            WindowClosed: It is gone, or ended before that.
        """
        if window not in self._windows:
            raise WindowClosed(window.handle.title, asked)
        if window.id is None or window.ties.runtime is None:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            window.waiting.append(future)
            try:
                await future
            except WindowClosed:
                raise WindowClosed(window.handle.title, asked) from None

    async def service(self, service: str, window: Window | None = None, **args: object) -> object:
        """Ask for something of the desktop: of the runtime of a window, else of one that runs, else of any that can.

        Args:
            service: One of `runtime.capabilities.SERVICES`.
            window: The window that it belongs to.
            **args: As of `runtime.base.SERVICE_ARGUMENTS`.

        Raises:
            NotSupported: No runtime here can do it.
            RuntimeFailed: It failed.
            WindowClosed: The window is gone.
        """
        record = next((each for each in self._windows if each.handle is window), None)
        if window is not None:
            if record is None:
                raise WindowClosed(window.title, service)
            await self.until_open(record, service)
        running = [each.runtime for each in self._windows if each.runtime is not None and each.id is not None]
        if record is not None and record.runtime is not None and record.runtime.capabilities.can(service):
            return await record.runtime.service(service, record.id, **args)
        for runtime in running:
            if runtime.capabilities.can(service):
                return await runtime.service(service, None, **args)
        for kind in self._service_kinds():
            if kind.capabilities.can(service):
                return await self._host_for(kind).service(service, None, **args)
        raise NotSupported(service, running[0].name if running else "none", able(service))
