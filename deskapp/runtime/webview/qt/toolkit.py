"""The window host's hands in Qt and Qt WebEngine; what pywebview gets wrong there is put right here.

Imported by `host` only. `view` is pywebview's `BrowserView`, a `QMainWindow`; `.webview` its `QWebEngineView`.
Here are the loop, and a window's beginning and end. What not every window needs is imported when it is asked for.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from deskapp._session_bus import has_session_bus, without_new_bus
from deskapp.runtime.webview._host_window import Answer, HostEvents, Message, WindowEvents
from deskapp.runtime.webview.qt._base import QtModules, QtWindow
from deskapp.runtime.webview.qt._bus import QtBus
from deskapp.runtime.webview.qt._page import QtPageCommands
from deskapp.runtime.webview.qt._theme import QtTheme
from deskapp.runtime.webview.qt._watch import watch_frame, watch_page
from deskapp.runtime.window import WindowMode, WindowSpec

if TYPE_CHECKING:
    from deskapp.runtime.webview.qt._desktop import QtPower, QtScreens, QtTray
    from deskapp.runtime.webview.qt._dialogs import QtDialogs

logger = logging.getLogger(__name__)

# Desktops that Qt has a theme for; elsewhere it takes one that cannot be dark.
THEMED_DESKTOPS = ("GNOME", "KDE", "XFCE", "UNITY", "MATE", "CINNAMON", "X-CINNAMON", "LXDE", "LXQT", "PANTHEON")
DICTIONARIES = (
    "/usr/share/qt6/qtwebengine_dictionaries",
    "/usr/share/hunspell-bdic",
    "/usr/share/qt5/qtwebengine_dictionaries",
)


class QtToolkit(QtPageCommands):
    """Everything that the host asks of Qt; see `_host_window.Toolkit`."""

    backend = "qt"
    always_debug = False  # pywebview's debugging mode opens a port to everybody on this machine

    def __init__(self, app_id: str, storage: str | None) -> None:
        _prepare_environment()
        if sys.excepthook is sys.__excepthook__:
            sys.excepthook = _report_exception
        # Web Engine first: it refuses to be imported once there is an application object.
        importlib.import_module("qtpy.QtWebEngineWidgets")
        core, gui = importlib.import_module("qtpy.QtCore"), importlib.import_module("qtpy.QtGui")
        widgets = importlib.import_module("qtpy.QtWidgets")
        application = widgets.QApplication([app_id])
        application.setApplicationName(app_id)
        application.setDesktopFileName(app_id)
        application.setQuitOnLastWindowClosed(False)  # hidden windows count, too
        engine = importlib.import_module("qtpy.QtWebEngineCore")
        super().__init__(QtModules(core, gui, widgets, engine, application))
        poster = type("Poster", (core.QObject,), {"posted": core.Signal(object)})
        self._poster = poster()
        self._poster.posted.connect(_call, core.Qt.ConnectionType.QueuedConnection)
        self._app_id, self._storage = app_id, storage
        self._profile: Any = None
        self._languages: list[str] = []
        self._events: HostEvents
        self._backend: Any = None
        self._make_window: Callable[[Any], None]
        self._bare_loop: Any = None
        self._is_kept = self._is_running = False
        self._bus = QtBus(self._qt)
        self._theme = QtTheme(self._qt, self._bus, self._restyle, lambda theme: self._events.changed("theme", theme))

    # The loop.

    def prepare(self, backend: Any, events: HostEvents) -> None:
        self._backend, self._events = backend, events
        backend.webbrowser = SimpleNamespace(open=lambda url, *_: events.external(url))
        # Of `signal` it only replaces the handler of SIGINT, which in the application's own process is not its to take.
        backend.signal = SimpleNamespace(signal=lambda *_: None, SIGINT=signal.SIGINT)
        backend.BrowserView.inspector_port = "none"  # otherwise `debug` opens one
        # pywebview ends the loop with the last window, and finds it through another one for each later window.
        self._qt.application.exit = self._leave
        self._make_window, backend.create_window = backend.create_window, self._create_window
        # One profile for all windows: pywebview makes one each, of the same name and in the same folder.
        make_profile = backend.QWebEngineProfile

        def shared_profile(*args: Any) -> Any:
            if self._profile is None:
                self._profile = make_profile(*args)
                self._profile.downloadRequested.connect(self._on_download_requested)
            return self._profile

        backend.QWebEngineProfile = shared_profile

    def _create_window(self, window: Any) -> None:
        views = self._backend.BrowserView.instances
        if views or not self._is_running:
            self._is_running = True
            self._make_window(window)
            return
        views["none"] = SimpleNamespace(create_window_trigger=SimpleNamespace(emit=_call))
        try:
            self._make_window(window)
        finally:
            del views["none"]

    def _leave(self, code: int = 0) -> None:
        if not self._is_kept:
            type(self._qt.application).exit(code)

    def call_soon(self, func: Callable[[], None]) -> None:
        self._poster.posted.emit(func)

    def run_windowless(self) -> None:
        self._bare_loop = self._qt.core.QEventLoop()
        self._bare_loop.exec()

    def leave_windowless(self) -> None:
        self._bare_loop.quit()

    def keep(self, on: bool) -> None:
        self._is_kept = on
        if not on and self._is_running and not self._backend.BrowserView.instances:
            self._leave()

    def _restyle(self) -> None:
        for window in self._windows.values():
            self._follow_theme(window)

    def finish(self) -> None:
        """Write the storage, which Chromium does some seconds late unless its profile is deleted."""
        if "_dialogs" in self.__dict__:
            self._dialogs.finish()
        if "_tray" in self.__dict__:
            self._tray.finish()
        deleted = self._qt.core.QEvent.Type.DeferredDelete.value
        self._qt.core.QCoreApplication.sendPostedEvents(None, deleted)  # pages go before their profile
        if self._profile is not None:
            self._profile.deleteLater()
            self._qt.core.QCoreApplication.sendPostedEvents(None, deleted)

    # A window's beginning and end.

    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents, parent: Any | None = None) -> None:
        page = view.webview.page()
        page.loadFinished.disconnect(view.on_load_finished)  # it would inject pywebview's scripts into the page
        page.setWebChannel(None)
        page.featurePermissionRequested.disconnect(page.onFeaturePermissionRequested)  # it hands Qt 6 numbers
        page.featurePermissionRequested.connect(lambda *asked: self._answer_permission(page, *asked))
        self._profile.setUrlRequestInterceptor(None)  # a call into Python for every request, for nothing
        window = QtWindow(
            view, spec, events, (spec.min_width, spec.min_height), spec.resizable, spec.background, zoom=spec.zoom
        )
        window.fixed_size = view.size()
        self._windows[view.uid] = window
        window.is_transparent = spec.transparent and self._can_show_through()
        self._paint(window)
        if spec.zoom != 1.0:
            view.webview.setZoomFactor(spec.zoom)
        if spec.icon is not None:
            icon = self._icon(str(spec.icon))
            if icon is None:
                logger.warning("the icon %s cannot be read", spec.icon)
            else:
                view.setWindowIcon(icon)
        if spec.parent is not None:
            self._own(window, parent)
        if spec.spell_check is None:
            self._renounce_spelling(page)
        else:
            self._check_spelling(spec.spell_check)
        watch_page(self, self._qt, window, self._events)
        watch_frame(self, self._qt, window)
        if spec.frameless:
            from deskapp.runtime.webview.qt._frameless import QtEdges

            view.winId()  # makes it known to the window system
            window.when_gone(QtEdges(self._qt, window, self).end)
        if spec.splash is not None:
            self._show_splash(window)
        states = self._qt.core.Qt.WindowState
        if spec.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK):
            self.fullscreen(view, True)
        elif spec.mode is WindowMode.MAXIMIZED and not spec.visible:
            view.pywebview_window.maximized = False  # pywebview would show it
            view.setWindowState(states.WindowMaximized)
        self._let_files_be_read(view, spec.url)

    def _check_spelling(self, languages: tuple[str, ...]) -> None:
        """The engine checks for all windows of the application alike, by the dictionaries that are installed."""
        from deskapp.runtime.webview.qt._spelling import dictionaries

        found = dictionaries(self._qt, languages or None)
        self._languages += [name for name in found if name not in self._languages]
        if self._languages:
            self._profile.setSpellCheckLanguages(self._languages)
            self._profile.setSpellCheckEnabled(True)

    def _renounce_spelling(self, page: Any) -> None:
        """Have the page itself say that it wants none, as other windows may have it checked."""
        script = self._qt.engine.QWebEngineScript()
        script.setSourceCode("document.documentElement.spellcheck = false")
        script.setInjectionPoint(type(script).InjectionPoint.DocumentReady)
        script.setWorldId(type(script).ScriptWorldId.ApplicationWorld.value)
        script.setRunsOnSubFrames(True)
        page.scripts().insert(script)

    def release(self, view: Any) -> None:
        window = None if view is None else self._windows.pop(view.uid, None)
        if window is None:
            return
        for other in self._windows.values():
            if other.owner is view:
                other.owner = None
        window.end_all()
        if window.devtools is not None:
            window.devtools.close()
            window.devtools.deleteLater()

    def close(self, view: Any) -> None:
        view.close()

    def close_all(self) -> None:
        """Ask every window to close, as its close button does."""
        for window in list(self._windows.values()):
            self.call_soon(window.view.close)

    def set_progress(self, view: Any, fraction: float | None) -> None:
        from deskapp.runtime.webview.qt._desktop import tell_progress

        self._qt.application.sync()  # what it tells another connection about has to be there
        tell_progress(self._bus, self._states, self._app_id, int(view.winId()), fraction)

    # Services.

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        window = None if view is None else self._windows.get(view.uid)
        if service == "file_dialog":
            self._dialogs.file(window, args, answer)
        elif service == "message":
            self._dialogs.message(window, args, answer)
        elif service == "clipboard":
            from deskapp.runtime.webview.qt._clipboard import clipboard

            answer(clipboard(self._qt, args))
        elif service == "screens":
            answer(self._screens.list())
        elif service == "theme":
            answer(self._theme.current)
        elif service == "tray":
            self._tray.serve(args)
            answer()
        elif service == "power":
            answer(self._power.start())
        else:
            raise ValueError(f"no such service: {service!r}")

    def _on_download_requested(self, download: Any) -> None:
        page = download.page()
        owners = (window for window in self._windows.values() if window.view.webview.page() is page)
        self._dialogs.download(next(owners, None), download)

    @cached_property
    def _dialogs(self) -> QtDialogs:
        from deskapp.runtime.webview.qt._dialogs import QtDialogs

        return QtDialogs(self._qt)

    @cached_property
    def _screens(self) -> QtScreens:
        from deskapp.runtime.webview.qt._desktop import QtScreens

        return QtScreens(self._qt, self._events)

    @cached_property
    def _tray(self) -> QtTray:
        from deskapp.runtime.webview.qt._desktop import QtTray

        return QtTray(self._qt, self._events, self.close_all)

    @cached_property
    def _power(self) -> QtPower:
        from deskapp.runtime.webview.qt._desktop import QtPower

        return QtPower(self._qt, self._events)


def _prepare_environment() -> None:
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium's sandbox cannot be set up by root; it refuses to start instead.
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        flags.append("--no-sandbox")
    if os.path.isdir("/dev") and not os.path.exists("/dev/dri"):
        flags.append("--disable-gpu")  # a graphics process that cannot start is tried three times first
    flags.append("--allow-pre-commit-input")  # a press before the first text or picture shows would be lost
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    os.environ.update(without_new_bus())
    if has_session_bus() and not any(name in THEMED_DESKTOPS for name in desktops):
        os.environ.setdefault("QT_QPA_PLATFORMTHEME", "gnome")  # part of Qt
    if "QTWEBENGINE_DICTIONARIES_PATH" not in os.environ:
        folder = next((folder for folder in DICTIONARIES if os.path.isdir(folder)), None)
        if folder is not None:
            os.environ["QTWEBENGINE_DICTIONARIES_PATH"] = folder


def _report_exception(*caught: Any) -> None:
    """What Python does anyway; PyQt ends the process for an exception in a slot if nobody but Python looks at it."""
    sys.__excepthook__(*caught)


def _call(func: Callable[[], None]) -> None:
    func()
