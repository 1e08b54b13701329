"""Native windows by pywebview: owns a window host, sends it commands, turns its events into calls on the listener."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from deskapp._lazy import LazyModule
from deskapp.errors import NotSupported, RuntimeFailed, RuntimeUnavailable
from deskapp.runtime._find import find_gtk, find_qt
from deskapp.runtime.base import (
    COMMAND_TIMEOUT_S,
    OPEN_TIMEOUT_S,
    STOP_TIMEOUT_S,
    TIMELESS,
    Availability,
    Runtime,
    RuntimeListener,
)
from deskapp.runtime.capabilities import BUILT_IN, able
from deskapp.runtime.webview._find_cocoa import find_cocoa
from deskapp.runtime.webview._find_webview2 import find_edge
from deskapp.runtime.webview._host_link import HostLink, InProcessLink, start_child
from deskapp.runtime.webview._host_window import NOT_HERE
from deskapp.runtime.webview._links import is_openable
from deskapp.runtime.webview.host import Host, HostSettings
from deskapp.runtime.window import Geometry, WindowId, WindowSpec, check_color, check_side, check_url, check_zoom

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

logger = logging.getLogger(__name__)


class _HostLeft(Exception):
    """The host ended as it should, with its last window, while a request was on its way."""


class PyWebview(Runtime):
    """Windows of pywebview, kept by a host in a child process.

    Args:
        app_id: Identity of the application towards the desktop.
        storage: Folder for what pages keep; None keeps nothing.
        inproc: Run the host in this process: the caller must run `host.run()` on the main thread, and
            the event loop on another one.
    """

    toolkit: ClassVar[str]

    def __init__(self, app_id: str, *, storage: Path | None = None, inproc: bool = False) -> None:
        super().__init__(app_id, storage=storage)
        self._inproc = inproc
        self._listener: RuntimeListener | None = None
        self._link: HostLink | None = None
        self._is_leaving = self._is_stopping = False
        self._numbers = itertools.count(1)
        self._requests: dict[int, asyncio.Future[tuple[str, object]]] = {}
        self._is_kept = False
        self._opening: set[WindowId] = set()
        self._windows: set[WindowId] = set()

    @property
    def host(self) -> Host:
        """The in-process host, whose `run` belongs on the main thread; only with ``inproc=True``."""
        if not isinstance(self._link, InProcessLink):
            raise TypeError("this runtime's host is a process of its own; make it with inproc=True and start it")
        return self._link.host

    @property
    def pid(self) -> int | None:
        """Process id of the host, if it is a process of its own and was started."""
        return getattr(self._link, "pid", None)

    def start(self, listener: RuntimeListener) -> None:
        self._listener = listener
        if self._link is None or self._link.has_ended:
            self._link = self._start_host()

    async def open(self, window: WindowSpec, *, timeout_s: float = OPEN_TIMEOUT_S) -> WindowId:
        id = WindowId(f"{self.name}-{next(self._numbers)}")
        self._opening.add(id)
        try:
            try:
                await self._open(id, window, timeout_s)
            except _HostLeft:
                # The last window closed at the same moment; a new host takes this one.
                await self._open(id, window, timeout_s)
        except _HostLeft:
            raise RuntimeFailed(self.name, why="ended while it opened a window") from None
        finally:
            self._opening.discard(id)
        return id

    async def _open(self, id: WindowId, window: WindowSpec, timeout_s: float) -> None:
        await self._ensure_host()
        try:
            error, _ = await self._request("open", id, timeout_s, spec=window.to_wire())
        except RuntimeFailed:
            if self._link is not None and not self._link.has_ended:
                self._link.send({"do": "destroy", "window": id})
            raise
        if error:
            raise RuntimeFailed(self.name, why=f"could not open a window: {error.strip()}", tail=self._tail)
        self._windows.add(id)

    async def destroy(self, window: WindowId) -> None:
        await self._command("destroy", window)

    async def set_kept(self, on: bool) -> None:
        """Let the host stay when no window is left, for a tray icon say; or no longer."""
        self._is_kept = on
        if on:
            await self._ensure_host()
        if self._link is not None and not self._link.has_ended:
            self._link.send({"do": "keep", "on": on})

    async def _do(self, window: WindowId, verb: str, args: Sequence[object]) -> object:
        """Tell the host to do something with a window; nothing if the window is gone, which it may be any moment."""
        if verb == "load_url":
            check_url(str(args[0]))
        elif verb in ("resize", "set_min_size"):
            for key, value in zip(("width", "height"), args, strict=True):
                check_side(key, value)  # type: ignore[arg-type]
        elif verb == "set_zoom":
            check_zoom(args[0])  # type: ignore[arg-type]
        elif verb == "set_background" and args[0] is not None:
            check_color(args[0])  # type: ignore[arg-type]
        return await self._command(verb, window, *args)

    async def _serve(self, service: str, window: WindowId | None, args: Mapping[str, object]) -> object:
        try:
            try:
                error, value = await self._ask_host(service, window, args)
            except _HostLeft:
                if self._is_stopping:
                    raise
                # It had nothing more to do and left at the same moment; a new host takes this.
                error, value = await self._ask_host(service, window, args)
        except _HostLeft:
            raise RuntimeFailed(self.name, why=f"ended while it was asked for {service!r}") from None
        self._check_here(service, error)
        if error:
            raise RuntimeFailed(self.name, why=f"could not do {service!r}: {error.strip()}")
        return value

    async def _ask_host(self, service: str, window: WindowId | None, args: Mapping[str, object]) -> tuple[str, object]:
        await self._ensure_host()
        # A host that shows no window may have been started for this.
        timeout_s = None if service in TIMELESS else COMMAND_TIMEOUT_S if self._windows else OPEN_TIMEOUT_S
        return await self._request("service", window, timeout_s, service=service, args=dict(args))

    def _check_here(self, ability: str, error: str) -> None:
        if error.startswith(NOT_HERE):
            raise NotSupported(ability, self.name, able(ability), why=error[len(NOT_HERE) :])

    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        link = self._link
        if link is None:
            return
        self._is_leaving = self._is_stopping = True
        self._attach(link)
        with contextlib.suppress(BlockingIOError):  # a host that reads nothing is ended by force below
            link.send({"do": "quit"})
        await link.end(timeout_s=timeout_s)
        if self._link is link:
            self._link = None

    @property
    def _tail(self) -> str:
        return "" if self._link is None else self._link.tail

    def _start_host(self) -> HostLink:
        self._is_leaving = self._is_stopping = False
        settings = HostSettings(
            app_id=self.app_id,
            toolkit=self.toolkit,
            storage=None if self.storage is None else str(self.storage / self.toolkit),
            cwd=None if self._inproc else os.getcwd(),
        )
        if self._inproc:
            return InProcessLink(settings)
        try:
            return start_child(settings, name=self.name)
        except OSError as error:
            raise RuntimeUnavailable(self.name, [(self.name, f"its process cannot be started: {error}", "")]) from error

    async def _ensure_host(self) -> None:
        """Have a host that takes commands, attached to the running loop."""
        link = self._link
        if link is not None and self._is_leaving:
            self._attach(link)
            await link.end(timeout_s=COMMAND_TIMEOUT_S)
            link = self._link
        if link is None or link.has_ended:
            if self._inproc and link is not None:
                raise RuntimeFailed(self.name, why="ended; a host in this process cannot be started twice")
            link = self._link = self._start_host()
            if self._is_kept:
                link.send({"do": "keep", "on": True})
        self._attach(link)

    def _attach(self, link: HostLink) -> None:
        link.attach(asyncio.get_running_loop(), self._take, lambda: self._host_ended(link))

    async def _command(self, verb: str, window: WindowId, *args: object) -> object:
        if window not in self._windows or self._link is None or self._link.has_ended:
            return None
        self._attach(self._link)
        timeout_s = None if verb in TIMELESS else COMMAND_TIMEOUT_S
        try:
            error, value = await self._request(verb, window, timeout_s, args=args)
        except _HostLeft:
            return None
        self._check_here(verb, error)
        if error not in ("", "gone"):
            raise RuntimeFailed(self.name, why=f"could not {verb} window {window!r}: {error.strip()}")
        return value

    async def _request(
        self, verb: str, window: WindowId | None, timeout_s: float | None, **facts: object
    ) -> tuple[str, object]:
        assert self._link is not None
        number = next(self._numbers)
        future: asyncio.Future[tuple[str, object]] = asyncio.get_running_loop().create_future()
        self._requests[number] = future
        try:
            self._link.send({"do": verb, "req": number, "window": window, **facts})
            return await asyncio.wait_for(future, timeout_s)
        except asyncio.TimeoutError:
            why = f"did not {verb} window {window!r} within {timeout_s:g} s"
            raise RuntimeFailed(self.name, why=why, tail=self._tail) from None
        except BlockingIOError as error:
            raise RuntimeFailed(self.name, why=str(error), tail=self._tail) from None
        finally:
            self._requests.pop(number, None)

    def _take(self, message: dict[str, Any]) -> None:
        """Handle one message of the host."""
        if "re" in message:
            future = self._requests.pop(message["re"], None)
            if future is not None and not future.done():
                future.set_result((message["error"], message.get("value")))
            return
        event = message["on"]
        if event == "bye":
            self._is_leaving = True
        elif event == "external":
            _open_in_browser(message["url"])
        elif event == "changed":
            if self._listener is not None:
                self._report(self._listener.service_changed, message["service"], message["value"])
        else:
            self._take_window_event(event, WindowId(message["window"]), message)

    def _take_window_event(self, event: str, window: WindowId, message: dict[str, Any]) -> None:
        listener = self._listener
        if listener is None:
            return
        if event == "loaded":
            self._report(listener.window_loaded, window)
        elif event == "closed":
            self._windows.discard(window)
            self._report(listener.window_closed, window)
        elif event == "close_requested":
            # Sent before the listener decides: it says that the application is alive, not what it decided.
            if self._link is not None:
                self._link.send({"do": "close_seen", "window": window})
            self._report(listener.close_requested, window)
        elif event == "geometry":
            self._report(listener.geometry_changed, window, Geometry(*message["value"]))
        elif event == "focus":
            self._report(listener.focus_changed, window, message["value"])
        elif event == "visibility":
            self._report(listener.visibility_changed, window, message["value"])
        elif event == "dropped":
            self._report(listener.files_dropped, window, message["paths"], message["x"], message["y"])
        elif event == "menu":
            self._report(listener.menu_chosen, window, message["menu"], message["item"])
        elif event == "title":
            self._report(listener.title_changed, window, message["text"])
        elif event == "crashed":
            self._report(listener.page_crashed, window)

    def _report(self, method: Callable[..., None], *args: object) -> None:
        try:
            method(*args)
        except Exception:  # border: a listener's fault must not stop the reading of the pipe
            logger.exception("%s: %s failed", self.name, getattr(method, "__name__", method))

    def _host_ended(self, link: HostLink) -> None:
        if link is not self._link:
            return
        is_orderly = self._is_leaving
        if is_orderly and link.exit_code not in (0, None):
            logger.warning("%s ended with exit code %s after its last window", self.name, link.exit_code)
        error = RuntimeFailed(self.name, exit_code=link.exit_code, tail=link.tail)
        is_told = is_orderly or (bool(self._opening) and not self._windows)
        windows, self._windows = sorted(self._windows), set()
        requests, self._requests = self._requests, {}
        for future in requests.values():
            if not future.done():
                future.set_exception(_HostLeft() if is_orderly else error)
        if self._listener is None:
            return
        for window in windows:
            self._report(self._listener.window_closed, window)
        if not is_told:  # otherwise `open` raises it, so that the next runtime can be tried
            self._report(self._listener.runtime_failed, error)


class PyWebviewGtk(PyWebview):
    """pywebview with GTK 3 and WebKitGTK."""

    name = "webview-gtk"
    toolkit = "gtk"
    capabilities = BUILT_IN[name]

    @classmethod
    def availability(cls) -> Availability:
        return find_gtk()


class PyWebviewQt(PyWebview):
    """pywebview with Qt WebEngine."""

    name = "webview-qt"
    toolkit = "qt"
    capabilities = BUILT_IN[name]

    @classmethod
    def availability(cls) -> Availability:
        return find_qt()


class PyWebviewEdge(PyWebview):
    """pywebview with WinForms and WebView2, on Windows."""

    name = "webview-edge"
    toolkit = "edge"
    capabilities = BUILT_IN[name]

    @classmethod
    def availability(cls) -> Availability:
        return find_edge()


class PyWebviewCocoa(PyWebview):
    """pywebview with Cocoa and WKWebView, on macOS."""

    name = "webview-cocoa"
    toolkit = "cocoa"
    capabilities = BUILT_IN[name]

    @classmethod
    def availability(cls) -> Availability:
        return find_cocoa()


def _open_in_browser(url: str) -> None:
    """Open a link outside, on a thread: some browsers are waited for until they end."""
    if not is_openable(url):
        logger.warning("a page wanted to open %.200r outside, which is refused", url)
        return
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), name="deskapp-open-link", daemon=True).start()
