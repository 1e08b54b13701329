"""The window host's hands in Qt and Qt WebEngine; what pywebview gets wrong there is put right here.

Imported by `_host` only. `view` is pywebview's `BrowserView`, a `QMainWindow`; `.webview` its `QWebEngineView`.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from deskapp.runtime._host_window import Answer, HostEvents, Message, NotHere, WindowEvents
from deskapp.runtime._links import leads_out
from deskapp.runtime.window import WindowMode, WindowSpec

logger = logging.getLogger(__name__)


class QtToolkit:
    """Everything that the host asks of Qt; see `_host_window.Toolkit`."""

    backend = "qt"
    always_debug = False  # pywebview's debugging mode opens a port to everybody on this machine

    def __init__(self, app_id: str, storage: str | None) -> None:
        self._prepare_environment()
        # Web Engine first: it refuses to be imported once there is an application object.
        importlib.import_module("qtpy.QtWebEngineWidgets")
        self._core: Any = importlib.import_module("qtpy.QtCore")
        self._gui: Any = importlib.import_module("qtpy.QtGui")
        self._widgets: Any = importlib.import_module("qtpy.QtWidgets")
        self._engine: Any = importlib.import_module("qtpy.QtWebEngineCore")
        self._application = self._widgets.QApplication([app_id])
        self._application.setApplicationName(app_id)
        self._application.setDesktopFileName(app_id)
        self._application.setQuitOnLastWindowClosed(False)  # hidden windows count, too
        core = self._core
        poster = type("Poster", (core.QObject,), {"posted": core.Signal(object)})
        self._poster = poster()
        self._poster.posted.connect(_call, core.Qt.ConnectionType.QueuedConnection)
        self._watcher_class = type("Watcher", (core.QObject,), {"eventFilter": _filter_event})
        self._watchers: dict[str, Any] = {}
        self._storage = storage
        self._profile: Any = None
        self._events: HostEvents
        self._bare_loop: Any = None
        self._is_kept = False

    @staticmethod
    def _prepare_environment() -> None:
        flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium's sandbox cannot be set up by root; it refuses to start instead.
            os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
            flags.append("--no-sandbox")
        if os.path.isdir("/dev") and not os.path.exists("/dev/dri"):
            flags.append("--disable-gpu")  # a graphics process that cannot start is tried three times first
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)

    def prepare(self, backend: Any, events: HostEvents) -> None:
        self._events = events
        backend.webbrowser = SimpleNamespace(open=lambda url, *_: events.external(url))
        # Of `signal` it only replaces the handler of SIGINT, which in the application's own process is not its to take.
        backend.signal = SimpleNamespace(signal=lambda *_: None, SIGINT=signal.SIGINT)
        # One profile for all windows: pywebview makes one each, of the same name and in the same folder.
        make_profile = backend.QWebEngineProfile

        def shared_profile(*args: Any) -> Any:
            if self._profile is None:
                self._profile = make_profile(*args)
                self._profile.downloadRequested.connect(self._on_download_requested)
            return self._profile

        backend.QWebEngineProfile = shared_profile

    def call_soon(self, func: Callable[[], None]) -> None:
        self._poster.posted.emit(func)

    def call_later(self, delay_s: float, func: Callable[[], None]) -> None:
        self._core.QTimer.singleShot(int(delay_s * 1000), func)

    def run_windowless(self) -> None:
        self._bare_loop = self._core.QEventLoop()
        self._bare_loop.exec()

    def leave_windowless(self) -> None:
        self._bare_loop.quit()

    def keep(self, on: bool) -> None:
        self._is_kept = on

    def background(self) -> str:
        return "#ffffff"

    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents) -> None:
        page = view.webview.page()
        page.loadFinished.disconnect(view.on_load_finished)  # it would inject pywebview's scripts into the page
        page.setWebChannel(None)
        self._profile.setUrlRequestInterceptor(None)  # a call into Python for every request, for nothing
        page.setBackgroundColor(self._gui.QColor(spec.background or self.background()))
        normal = self._engine.QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus

        def on_terminated(status: Any, _: int) -> None:
            if status != normal:
                events.crashed()

        def on_load_finished(is_ok: bool) -> None:
            if is_ok:  # otherwise it was refused, interrupted, or led out
                events.loaded()

        page.loadFinished.connect(on_load_finished)
        page.renderProcessTerminated.connect(on_terminated)
        page.titleChanged.connect(events.title)
        page.navigationRequested.connect(lambda request: self._on_navigation(page, request))
        if not spec.debug:
            view.webview.setContextMenuPolicy(self._core.Qt.ContextMenuPolicy.CustomContextMenu)
            view.webview.customContextMenuRequested.connect(lambda at: self._show_menu(view.webview, at))
        if spec.icon is not None:
            icon = self._gui.QIcon(str(spec.icon))
            if icon.isNull() or not icon.availableSizes():
                logger.warning("the icon %s cannot be read", spec.icon)
            else:
                view.setWindowIcon(icon)
        watcher = self._watcher_class()
        watcher.events, watcher.kinds = events, self._core.QEvent.Type
        view.installEventFilter(watcher)
        self._watchers[view.uid] = watcher
        if spec.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK):
            view.setWindowState(self._core.Qt.WindowState.WindowFullScreen)

    def _on_navigation(self, page: Any, request: Any) -> None:
        """Open links that lead out of the application in the user's browser."""
        target = request.url().toString()
        is_link = request.navigationType() == type(request).NavigationType.LinkClickedNavigation
        if is_link and leads_out(page.url().toString(), target):
            request.reject()
            self._events.external(target)

    @staticmethod
    def _show_menu(webview: Any, at: Any) -> None:
        request = webview.lastContextMenuRequest()
        if request is not None and (request.isContentEditable() or request.selectedText()):
            webview.createStandardContextMenu().exec(webview.mapToGlobal(at))

    def _on_download_requested(self, download: Any) -> None:
        page = download.page()
        parent = self._widgets.QApplication.activeWindow() if page is None else None
        folder = self._core.QStandardPaths.writableLocation(self._core.QStandardPaths.StandardLocation.DownloadLocation)
        proposal = os.path.join(folder, os.path.basename(download.suggestedFileName()) or "download")
        path, _ = self._widgets.QFileDialog.getSaveFileName(parent, "", proposal)
        if path:
            download.setDownloadDirectory(os.path.dirname(path))
            download.setDownloadFileName(os.path.basename(path))
            download.accept()
        else:
            download.cancel()

    def release(self, view: Any) -> None:
        if view is not None:
            self._watchers.pop(view.uid, None)

    def finish(self) -> None:
        """Write the storage, which Chromium does some seconds late unless its profile is deleted."""
        deleted = self._core.QEvent.Type.DeferredDelete.value
        self._core.QCoreApplication.sendPostedEvents(None, deleted)  # pages go before their profile
        if self._profile is not None:
            self._profile.deleteLater()
            self._core.QCoreApplication.sendPostedEvents(None, deleted)

    def close(self, view: Any) -> None:
        view.close()

    def set_title(self, view: Any, title: str) -> None:
        view.setWindowTitle(title)

    def load_url(self, view: Any, url: str) -> None:
        view.webview.setUrl(self._core.QUrl(url))

    def show(self, view: Any) -> None:
        view.show()
        self.focus(view)

    def hide(self, view: Any) -> None:
        view.hide()

    def resize(self, view: Any, width: int, height: int) -> None:
        if not view.pywebview_window.resizable:
            view.setFixedSize(width, height)
        view.resize(width, height)

    def move(self, view: Any, x: int, y: int) -> None:
        view.move(x, y)

    def maximize(self, view: Any) -> None:
        view.setWindowState(self._core.Qt.WindowState.WindowMaximized)

    def restore(self, view: Any) -> None:
        view.setWindowState(self._core.Qt.WindowState.WindowNoState)
        self.focus(view)

    def focus(self, view: Any) -> None:
        view.raise_()
        view.activateWindow()

    def fullscreen(self, view: Any, on: bool) -> None:
        states = self._core.Qt.WindowState
        state = view.windowState()
        view.setWindowState(state | states.WindowFullScreen if on else state & ~states.WindowFullScreen)

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        raise NotHere(f"{service!r} has no hands yet")


def _call(func: Callable[[], None]) -> None:
    func()


def _filter_event(self: Any, view: Any, event: Any) -> bool:
    """Watch what happens to a window without standing in the way of it."""
    kind, kinds = event.type(), self.kinds
    if kind == kinds.Show:
        self.events.shown()
    if kind in (kinds.Show, kinds.Move, kinds.Resize, kinds.WindowStateChange):
        place, size = view.pos(), view.size()
        self.events.geometry(place.x(), place.y(), size.width(), size.height(), view.isMaximized(), view.isFullScreen())
    return False
