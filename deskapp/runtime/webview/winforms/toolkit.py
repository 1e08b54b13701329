"""The window host's hands in WinForms and WebView2: the loop, and windows from their beginning to their end.

Imported by `host` only. `view` is pywebview's `BrowserForm`, a `System.Windows.Forms.Form`; `.webview` its WebView2.
Not run on the machine that deskapp is made on, see docs/reference/not-run.md.

    main thread   Host.run ──▶ webview.start ──▶ `_create_first` waits
    GUI thread    (single-threaded apartment) Application.Run, from `prepare` to the end: dialogs, clipboard and
                  tray of the time without windows are on the same thread as the windows
"""

from __future__ import annotations

import functools
import importlib
import logging
import os
import shutil
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from deskapp.runtime._identity import app_user_model_id
from deskapp.runtime.webview._call_queue import CallQueue
from deskapp.runtime.webview._find_webview2 import WEBVIEW2_REMEDY, WindowsRegistry, find_webview2
from deskapp.runtime.webview._host_window import HostEvents, Message, WindowEvents
from deskapp.runtime.webview.winforms import _plan as plan
from deskapp.runtime.webview.winforms import _user32 as user32
from deskapp.runtime.webview.winforms._commands import WinFormsCommands
from deskapp.runtime.webview.winforms._page import page_class
from deskapp.runtime.window import WindowMode, WindowSpec

logger = logging.getLogger(__name__)

KEEPER = "deskapp-keeper"  # the place of what is no window among pywebview's windows


class NoWebView2(Exception):
    """pywebview would show pages in MSHTML, which deskapp does not."""


@dataclass
class FormState:
    """What the toolkit knows of one window."""

    spec: WindowSpec
    events: WindowEvents
    parent: Any = None
    url: str = ""
    is_loading_own: bool = False  # the next navigation is one that the application asked for
    before_fullscreen: tuple[Any, Any, Any] | None = None  # border, state, bounds
    menu: list[Message] | None = None
    strip: Any = None
    splash: Any = None


class WinFormsToolkit(WinFormsCommands):
    """Everything that the host asks of WinForms; see `_host_window.Toolkit`.

    Args:
        app_id: Identity towards the task bar.

    Raises:
        NoWebView2: There is none.
    """

    backend = "winforms"
    always_debug = False

    def __init__(self, app_id: str) -> None:
        found = find_webview2(WindowsRegistry(), os.environ)
        if found is None:  # before pywebview is imported, which would set up MSHTML
            raise NoWebView2(f"the WebView2 Runtime is not installed: {WEBVIEW2_REMEDY}")
        if found.folder:
            importlib.import_module("webview").settings["WEBVIEW2_RUNTIME_PATH"] = found.folder
        if sys.platform == "win32":
            user32.set_app_id(app_user_model_id(app_id))
        super().__init__()
        self._events: HostEvents
        self._backend: Any = None
        self._states: dict[str, FormState] = {}
        self._calls = CallQueue(self._poke)
        self._ready, self._ended, self._windowless_left = threading.Event(), threading.Event(), threading.Event()
        self._poster: Any = None
        self._context: Any = None
        self._failure = ""

    def prepare(self, backend: Any, events: HostEvents) -> None:
        if backend.renderer != "edgechromium":
            raise NoWebView2(f"pywebview chose {backend.renderer}: {WEBVIEW2_REMEDY}")
        self._backend, self._events = backend, events
        self._forms = backend.WinForms
        self._system: Any = importlib.import_module("System")
        self._drawing: Any = importlib.import_module("System.Drawing")
        backend.Chromium.webbrowser = SimpleNamespace(open=lambda url, *_: events.external(str(url)))
        backend.Chromium.EdgeChrome = page_class(backend.Chromium.EdgeChrome, self)
        backend.create_window = self._create_first
        backend.windll.user32.SetProcessDPIAware()
        backend.setup_app()
        thread = backend.Thread(backend.ThreadStart(self._work))
        thread.SetApartmentState(backend.ApartmentState.STA)
        thread.IsBackground = True
        thread.Start()
        self._ready.wait()

    def _work(self) -> None:
        """The GUI thread."""
        forms = self._forms
        forms.Application.ThreadException += lambda sender, args: logger.error("%s", args.Exception)
        self._poster = forms.Form()
        self._poster.ShowInTaskbar = False
        self._poster.Handle  # noqa: B018  makes it, so that calls can be posted to it
        self._prepare_services()
        self._context = forms.ApplicationContext()
        self._ready.set()
        try:
            forms.Application.Run(self._context)
        except Exception:  # border: the thread's top
            self._failure = traceback.format_exc()
        self._end_services()
        self._ended.set()

    # The loop.

    def call_soon(self, func: Callable[[], None]) -> None:
        self._calls.put(func)

    def _poke(self) -> None:
        self._poster.BeginInvoke(self._system.Action(self._calls.run))

    def call_later(self, delay_s: float, func: Callable[[], None]) -> None:
        timer = self._forms.Timer()
        timer.Interval = max(1, int(delay_s * 1000))

        def tick(sender: Any, args: Any) -> None:
            timer.Stop()
            timer.Dispose()
            func()

        timer.Tick += tick
        timer.Start()

    def run_windowless(self) -> None:
        self._windowless_left.clear()
        self._calls.open()
        self._windowless_left.wait()

    def leave_windowless(self) -> None:
        self._calls.close()
        self._windowless_left.set()

    def keep(self, on: bool) -> None:
        """Stay after the last window: pywebview ends the loop when it knows of no more windows."""
        instances = self._backend.BrowserView.instances
        if on:
            instances[KEEPER] = self._poster
        elif instances.pop(KEEPER, None) is not None and not instances:
            self._context.ExitThread()

    def fail(self, why: str) -> None:
        """End the host with its windows."""
        self._failure = why
        self._ended.set()

    def finish(self) -> None:
        if self._backend._state["private_mode"]:
            shutil.rmtree(self._backend.cache_dir, ignore_errors=True)  # what is not deleted yet was kept by a process

    # A window's beginning and end.

    def _create_first(self, window: Any) -> None:
        """In place of pywebview's `create_window`, which has a thread for the first window and a loop of its own."""
        if self._states:
            self._create(window)
            return
        self._backend.init_storage()
        self._backend.create_window = self._create
        self._poster.BeginInvoke(self._system.Action(functools.partial(self._begin, window)))
        self._ended.wait()
        if self._failure:
            raise RuntimeError(self._failure)

    def _begin(self, window: Any) -> None:
        try:
            self._create(window)
        except Exception:  # border: the host reads it
            self.fail(traceback.format_exc())
        self._calls.open()

    def _create(self, window: Any) -> None:
        view_class = self._backend.BrowserView
        view = view_class.BrowserForm(window, self._backend.cache_dir)
        view_class.instances[window.uid] = view
        window.events.before_show.set()  # calls `attach`
        state = self._states[view.uid]
        if state.spec.visible:
            view.Show()
        else:  # WebView2 begins when its window was shown once
            view.Opacity = 0
            view.Show()
            view.Hide()
            view.Opacity = 1
        state.events.visibility(view.Visible)
        view.VisibleChanged += lambda sender, args: state.events.visibility(view.Visible)

    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents, parent: Any | None = None) -> None:
        forms = self._forms
        state = self._states[view.uid] = FormState(spec, events, parent, spec.url)
        view.AutoScaleMode = getattr(forms.AutoScaleMode, "None")  # sizes are in device pixels already
        if spec.mode is WindowMode.MAXIMIZED:
            view.WindowState = forms.FormWindowState.Normal
        self.resize(view, spec.width, spec.height)
        self.set_min_size(view, spec.min_width, spec.min_height)
        if spec.mode is WindowMode.MAXIMIZED:
            view.WindowState = forms.FormWindowState.Maximized
        self.set_background(view, spec.background)
        view.webview.ZoomFactor = spec.zoom
        view.webview.AllowExternalDrop = True
        if spec.icon is not None:
            self._try(self.set_icon, view, str(spec.icon))
        if spec.splash is not None:
            self._try(self._show_splash, view, str(spec.splash))
        if parent is not None:
            view.Owner = parent
            parent.Enabled = parent.Enabled and not spec.modal
        view.Shown += lambda sender, args: self._on_shown(view)
        view.Move += lambda sender, args: self._on_geometry(view)
        view.Resize += lambda sender, args: self._on_geometry(view)
        view.Activated += lambda sender, args: state.events.focus(True)
        view.Deactivate += lambda sender, args: state.events.focus(False)
        view.webview.KeyDown += lambda sender, args: self._on_key(view, args)
        if spec.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK):
            self.fullscreen(view, True)

    def _on_shown(self, view: Any) -> None:
        state = self._states[view.uid]
        if state.spec.skip_taskbar:
            self._try(self._remove_from_taskbar, view)
        state.events.shown()
        self._on_geometry(view)

    def _on_geometry(self, view: Any) -> None:
        state = self._states.get(view.uid)
        if state is None:
            return
        states = self._forms.FormWindowState
        is_minimized = view.WindowState == states.Minimized
        place = view.RestoreBounds.Location if is_minimized else view.Location
        size = view.webview.Size
        dpi = self._dpi(view)
        values = [plan.to_logical(value, dpi) for value in (place.X, place.Y, size.Width, size.Height)]
        is_maximized = view.WindowState == states.Maximized
        x, y, width, height = values
        state.events.geometry(
            x, y, width, height, is_maximized, state.before_fullscreen is not None, minimized=is_minimized
        )

    def _try(self, func: Callable[..., None], *args: Any) -> None:
        """Do without what is nice to have."""
        try:
            func(*args)
        except Exception as error:  # border: .NET raises what it likes
            logger.warning("%s: %s", getattr(func, "__name__", func), error)

    def release(self, view: Any) -> None:
        if view is None:
            return
        state = self._states.pop(view.uid, None)
        if state is not None and state.parent is not None and state.spec.modal:
            state.parent.Enabled = True
            state.parent.Activate()

    def close(self, view: Any) -> None:
        view.Close()

    def close_all(self) -> None:
        """Ask every window to close, as its user would."""
        for view in list(self._backend.BrowserView.instances.values()):
            if view is not self._poster:
                self.call_soon(view.Close)
