"""The window host's hands in Cocoa and WKWebView: the loop, and windows from their beginning to their end.

Imported by `host` only. `view` is pywebview's `BrowserView`: `.window` an `NSWindow`, `.webview` a `WKWebView`.
Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from deskapp.runtime.webview._call_queue import CallQueue
from deskapp.runtime.webview._host_window import HostEvents, Message, WindowEvents
from deskapp.runtime.webview.cocoa import _plan as plan
from deskapp.runtime.webview.cocoa._classes import Classes, make_classes
from deskapp.runtime.webview.cocoa._commands import CocoaCommands
from deskapp.runtime.window import WindowMode, WindowSpec

logger = logging.getLogger(__name__)

OBSERVED = ("title",)  # properties of a page


@dataclass
class CocoaState:
    """What the toolkit knows of one window."""

    spec: WindowSpec
    events: WindowEvents
    observer: Any = None
    menu: list[Message] | None = None
    main_menu: Any = None
    splash: Any = None
    attention: int | None = None


class CocoaToolkit(CocoaCommands):
    """Everything that the host asks of Cocoa; see `_host_window.Toolkit`.

    Args:
        app_id: Name of the process.
        storage: Names the store of what pages keep; None keeps nothing.
    """

    backend = "cocoa"
    always_debug = False

    def __init__(self, app_id: str, storage: str | None) -> None:
        super().__init__()
        self._appkit: Any = importlib.import_module("AppKit")
        self._foundation: Any = importlib.import_module("Foundation")
        self._webkit: Any = importlib.import_module("WebKit")
        self._helper: Any = importlib.import_module("PyObjCTools.AppHelper")
        self._foundation.NSProcessInfo.processInfo().setProcessName_(app_id)
        self._app_id = app_id
        self._app = self._appkit.NSApplication.sharedApplication()
        self._storage = storage
        self._store: Any = None
        self._events: HostEvents
        self._backend: Any = None
        self._classes: Classes
        self._states: dict[str, CocoaState] = {}
        self._calls = CallQueue(lambda: self._helper.callAfter(self._calls.run))
        self._is_kept = False

    def prepare(self, backend: Any, events: HostEvents) -> None:
        self._backend, self._events = backend, events
        backend.webbrowser = SimpleNamespace(open=lambda url, *_: events.external(str(url)))
        backend.create_window = self._create
        view_class = backend.BrowserView
        self._classes = make_classes(self, self._appkit, self._foundation, view_class, self._webkit)
        view_class.WebKitHost = self._classes.page
        view_class.BrowserDelegate = self._classes.page_delegate
        view_class.WindowDelegate = self._classes.window_delegate
        view_class.AppDelegate = self._classes.app_delegate
        self._prepare_services()

    def website_data(self) -> Any:
        """The one store of all windows: WebKit has it from the configuration that a page is made with."""
        if self._store is None:
            stores = self._webkit.WKWebsiteDataStore
            if self._storage is None:
                self._store = stores.nonPersistentDataStore()
            elif hasattr(stores, "dataStoreForIdentifier_"):  # macOS 14
                text = str(plan.profile_id(self._storage))
                name = self._foundation.NSUUID.alloc().initWithUUIDString_(text)
                self._store = stores.dataStoreForIdentifier_(name)
            else:
                self._store = stores.defaultDataStore()
        return self._store

    # The loop.

    def call_soon(self, func: Callable[[], None]) -> None:
        self._calls.put(func)

    def call_later(self, delay_s: float, func: Callable[[], None]) -> None:
        self._helper.callLater(delay_s, func)

    def run_windowless(self) -> None:
        self._calls.open()
        self._app.run()

    def leave_windowless(self) -> None:
        self._calls.close()
        self._stop()

    def keep(self, on: bool) -> None:
        self._is_kept = on
        self.stop_if_done()

    def stop_if_done(self) -> None:
        """End the loop after the last window."""
        if self._app.isRunning() and not self._backend.BrowserView.instances and not self._is_kept:
            self._stop()

    def _stop(self) -> None:
        appkit = self._appkit
        self._app.stop_(None)
        make = (
            appkit.NSEvent.otherEventWithType_location_modifierFlags_timestamp_windowNumber_context_subtype_data1_data2_
        )
        # The loop looks whether it shall stop after an event, so it gets one.
        event = make(appkit.NSEventTypeApplicationDefined, appkit.NSMakePoint(0, 0), 0, 0.0, 0, None, 0, 0, 0)
        self._app.postEvent_atStart_(event, False)

    def finish(self) -> None:
        self._end_services()

    # A window's beginning and end.

    def _create(self, window: Any) -> None:
        """In place of pywebview's `create_window`, which maximizes beyond the menu bar and erases a store."""
        self._backend._state["private_mode"] = False  # the store of `website_data` forgets by itself
        view = self._backend.BrowserView(window)  # calls `attach`
        spec = self._states[view.uid].spec
        if spec.visible:
            self.show(view)
            if spec.mode is WindowMode.MAXIMIZED:
                self.maximize(view)
            elif plan.begins_in_full_screen(spec):
                self.fullscreen(view, True)
            self._states[view.uid].events.shown()
            self.tell_geometry(view)
        if not self._app.isRunning():
            self._app.setMainMenu_(self._main_menu(view))
            self._app.activateIgnoringOtherApps_(True)
            self._calls.open()
            self._app.run()

    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents, parent: Any | None = None) -> None:
        state = self._states[view.uid] = CocoaState(spec, events)
        window, page = view.window, view.webview
        controller = page.configuration().userContentController()
        for name in ("browserDelegate", "jsBridge"):  # pywebview's bridges
            controller.removeScriptMessageHandlerForName_(name)
        controller.removeAllUserScripts()
        window.setContentView_(page)
        window.makeFirstResponder_(page)
        window.setContentSize_(self._appkit.NSMakeSize(spec.width, spec.height))
        window.setContentMinSize_(self._appkit.NSMakeSize(spec.min_width, spec.min_height))
        window.setCollectionBehavior_(window.collectionBehavior() | plan.FULL_SCREEN_PRIMARY)
        if spec.x is not None and spec.y is not None:
            self.move(view, spec.x, spec.y)
        else:
            self.center(view)
        page.setValue_forKey_(False, "drawsBackground")  # so that the window's colour shows until the page paints
        if not spec.transparent:
            self.set_background(view, spec.background)
        page.setPageZoom_(spec.zoom)
        self.set_on_top(view, spec.on_top)
        if spec.debug and hasattr(page, "setInspectable_"):  # macOS 13.3
            page.setInspectable_(True)
        if spec.debug:
            page.configuration().preferences().setValue_forKey_(True, "developerExtrasEnabled")
        if spec.icon is not None:
            self.set_icon(view, str(spec.icon))
        if spec.splash is not None:
            self._show_splash(view, str(spec.splash))
        if parent is not None:
            parent.window.addChildWindow_ordered_(window, self._appkit.NSWindowAbove)
        if spec.url.startswith("file://"):  # after the empty page that pywebview is told to load
            self.call_soon(lambda: self.load_url(view, spec.url))
        state.observer = self._classes.observer.alloc().init()
        state.observer.changed = lambda: events.title(str(page.title() or ""))
        for key in OBSERVED:
            page.addObserver_forKeyPath_options_context_(state.observer, key, 0, None)

    def view_of(self, attribute: str, value: Any) -> Any | None:
        """The view whose window or page this is."""
        return self._backend.BrowserView.get_instance(attribute, value)

    def state_of(self, view: Any | None) -> CocoaState | None:
        return None if view is None else self._states.get(view.uid)

    def tell_geometry(self, view: Any) -> None:
        state = self.state_of(view)
        if state is None:
            return
        window = view.window
        frame = window.frame()
        place = plan.flipped(
            plan.Rect(frame.origin.x, frame.origin.y, frame.size.width, frame.size.height), self._first_height()
        )
        page = window.contentRectForFrameRect_(frame).size
        state.events.geometry(
            round(place.x),
            round(place.y),
            round(page.width),
            round(page.height),
            bool(window.isZoomed()),
            bool(window.styleMask() & plan.STYLE_FULL_SCREEN),
            minimized=bool(window.isMiniaturized()),
        )

    def window_closed(self, view: Any) -> None:
        """What pywebview does when a window closes, without its own way to end the loop."""
        state = self._states[view.uid]
        for key in OBSERVED:
            view.webview.removeObserver_forKeyPath_(state.observer, key)
        view.webview.setNavigationDelegate_(None)
        view.webview.setUIDelegate_(None)
        del self._backend.BrowserView.instances[view.uid]
        if view.pywebview_window in self._backend.windows:
            self._backend.windows.remove(view.pywebview_window)
        view.closed.set()
        view.webview.stopLoading_(None)
        view.webview.removeFromSuperview()
        view.webview = None  # ends its process
        self.stop_if_done()

    def release(self, view: Any) -> None:
        if view is not None:
            self._states.pop(view.uid, None)

    def close(self, view: Any) -> None:
        view.window.close()

    def close_all(self) -> None:
        """Ask every window to close, as its user would."""
        for view in list(self._backend.BrowserView.instances.values()):
            self.call_soon(lambda view=view: view.window.performClose_(None))  # type: ignore[misc]
