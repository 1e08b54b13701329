"""What happens to a window in Qt and in its page, told to the host; nothing stands in the way of it."""

from __future__ import annotations

from typing import Any

from deskapp.runtime.webview._host_window import HostEvents
from deskapp.runtime.webview._links import leads_out
from deskapp.runtime.webview.qt._base import QtModules, QtWindow


def watch_page(hands: Any, qt: QtModules, window: QtWindow, host_events: HostEvents) -> None:
    """Follow the page."""
    view, events = window.view, window.events
    webview, page = view.webview, view.webview.page()
    normal = qt.engine.QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
    kinds = qt.engine.QWebEngineNavigationRequest.NavigationType

    def on_terminated(status: Any, _: int) -> None:
        if status != normal:
            events.crashed()

    def on_load_finished(is_ok: bool) -> None:
        if not is_ok or page.url().toString() == "about:blank":  # refused, interrupted, led out; or ours in between
            return
        if webview.zoomFactor() != window.zoom:  # each site begins at 1
            webview.setZoomFactor(window.zoom)
        events.loaded()

    def on_navigation(request: Any) -> None:
        target, kind = request.url().toString(), request.navigationType()
        if target.startswith("file:") and kind != kinds.TypedNavigation and page.url().scheme() != "file":
            request.reject()  # a file was dropped on the page; the page is not to be lost for it
        elif kind == kinds.LinkClickedNavigation and leads_out(page.url().toString(), target):
            request.reject()
            host_events.external(target)  # to the user's browser

    page.loadFinished.connect(on_load_finished)
    page.renderProcessTerminated.connect(on_terminated)
    page.titleChanged.connect(events.title)
    page.navigationRequested.connect(on_navigation)
    page.windowCloseRequested.connect(lambda: hands.call_soon(view.close))
    page.printRequested.connect(lambda: hands.print_page(view, None, answer=_unheard))
    page.settings().setAttribute(qt.engine.QWebEngineSettings.WebAttribute.FullScreenSupportEnabled, True)
    page.fullScreenRequested.connect(lambda request: hands._page_wants_fullscreen(window, request))
    policies = qt.core.Qt.ContextMenuPolicy
    webview.setContextMenuPolicy(policies.CustomContextMenu)
    webview.customContextMenuRequested.connect(lambda at: hands._show_context_menu(window, at))


def _unheard(value: object = None, error: str = "") -> None:
    """Answers nobody: the page asked, and is not told."""


def watch_frame(hands: Any, qt: QtModules, window: QtWindow) -> None:
    """Follow the window."""
    kinds = qt.core.QEvent.Type
    view, webview, events = window.view, window.view.webview, window.events
    geometry_kinds = (kinds.Show, kinds.Move, kinds.Resize, kinds.WindowStateChange)

    def on_frame_event(_: Any, __: Any, event: Any) -> bool:
        kind = event.type()
        if kind == kinds.Show:
            if not event.spontaneous():
                hands._prepare_to_show(window)
            events.shown()
            events.visibility(True)
        elif kind == kinds.Hide and not event.spontaneous():  # those that are, are of minimizing
            events.visibility(False)
        elif kind == kinds.WindowActivate:
            events.focus(True)
        elif kind == kinds.WindowDeactivate:
            events.focus(False)
        elif kind == kinds.WindowStateChange:
            if window.bar is not None:
                window.bar.setHidden(view.isFullScreen())  # its shortcuts go on working
            if not window.is_resizable:
                hands._limit(window)
        if kind in geometry_kinds:
            place, size = view.pos(), window.page_size()
            events.geometry(
                place.x(), place.y(), *size, view.isMaximized(), view.isFullScreen(), minimized=view.isMinimized()
            )
            if kind == kinds.WindowStateChange and window.state_before_page is not None and not view.isFullScreen():
                hands._leave_page_fullscreen(window)  # the person did, by other means than the page's
        return False

    def on_page_event(_: Any, __: Any, event: Any) -> bool:
        kind = event.type()
        if kind == kinds.Drop:
            paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
            if paths:
                factor, at = webview.zoomFactor(), event.position()
                events.dropped(paths, int(at.x() / factor), int(at.y() / factor))
        elif kind in (kinds.Resize, kinds.Move) and window.splash is not None:
            hands._place_splash(window)
        return False

    for widget, watch in ((view, on_frame_event), (webview, on_page_event)):
        watcher = type("Watcher", (qt.core.QObject,), {"eventFilter": watch})()
        widget.installEventFilter(watcher)
        window.watchers.append(watcher)
