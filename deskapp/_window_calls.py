"""What programs ask of windows and of the desktop: commands wait for their window, services find a runtime."""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from deskapp._call import Call
from deskapp._lazy import LazyModule
from deskapp.errors import NotSupported, RuntimeUnavailable, WindowClosed
from deskapp.runtime.capabilities import able

if TYPE_CHECKING:
    import asyncio

    from deskapp._window_record import WindowRecord
    from deskapp.runtime.base import Runtime
    from deskapp.runtime.handle import Window
    from deskapp.runtime.window import WindowId
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger("deskapp.window")


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
        self._homes: dict[str, Runtime] = {}  # tray icons and the like belong to one process

    def begin(self, call: Call[Any]) -> None:
        """Have a call begin now, or when windows open; on any thread."""
        self._early.append(call)  # first: the loop may begin to run this moment
        aio = self._aio()
        if aio is not None:
            self.begin_early(aio)

    def begin_early(self, aio: asyncio.AbstractEventLoop) -> None:
        """Have the calls begin that waited for a loop."""
        while self._early:
            with contextlib.suppress(IndexError):  # another thread took the last one
                self._early.popleft().begin(aio)

    def end(self) -> None:
        """The program ends: so do the calls that wait."""
        self.forget_homes()
        while self._early:
            self._early.popleft().cancel()

    def forget_homes(self) -> None:
        """A runtime has ended: services find a new place."""
        self._homes.clear()

    async def command(self, window: WindowRecord, verb: str, *args: object) -> object:
        """Have a window obey, once it is on screen."""
        await self.until_open(window, verb)
        runtime, session = window.runtime, window.session
        assert runtime is not None
        assert window.id is not None
        if verb == "set_title" and session is not None:
            session.set_title(str(args[0]))  # the window follows its page, and some runtimes show nothing else
            if not runtime.capabilities.can(verb):
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
        refusal: NotSupported | None = None
        for runtime, window_id in self._servants(service, record):
            if runtime.capabilities.can(service):
                try:
                    answer = await runtime.service(service, window_id, **args)
                except NotSupported as error:  # its system lacks something
                    refusal = error
                else:
                    if window_id is None:
                        self._homes[service] = runtime
                    return answer
        running = [each.runtime for each in self._windows if each.runtime is not None]
        raise refusal or NotSupported(service, running[0].name if running else "none", able(service))

    def _servants(self, service: str, record: WindowRecord | None) -> Iterator[tuple[Runtime, WindowId | None]]:
        """Who may do a service, best first: a window's own runtime, who did it last, who runs, who could."""
        if record is not None and record.runtime is not None:
            yield record.runtime, record.id
        if service in self._homes:
            yield self._homes[service], None
        for each in list(self._windows):
            if each.runtime is not None and each.id is not None:
                yield each.runtime, None
        for kind in self._service_kinds():
            if not kind.capabilities.can(service):
                continue
            try:
                host = self._host_for(kind)
            except RuntimeUnavailable as error:
                logger.debug("%s cannot serve: %s", kind.name, error)
                continue
            yield host, None
