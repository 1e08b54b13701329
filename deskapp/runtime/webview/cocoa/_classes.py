"""Classes that Cocoa calls: the page, its delegate, the window's, the application's, and targets of menus and news.

Objective-C has one name space for classes, so they are made once, when the toolkit is prepared.
Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._links import is_openable, leads_out
from deskapp.runtime.webview.cocoa import _plan as plan

if TYPE_CHECKING:
    from deskapp.runtime.webview.cocoa.toolkit import CocoaToolkit


@dataclass(frozen=True)
class Classes:
    """The classes, by what they are for."""

    page: Any
    page_delegate: Any
    window_delegate: Any
    app_delegate: Any
    target: Any
    observer: Any


def make_classes(toolkit: CocoaToolkit, appkit: Any, foundation: Any, view_class: Any, webkit: Any) -> Classes:
    """Make them.

    Args:
        toolkit: Told of what happens.
        appkit: The module AppKit.
        foundation: The module Foundation.
        view_class: pywebview's `BrowserView`, some of whose delegates are built upon.
        webkit: The module WebKit.
    """
    return Classes(
        page=_page_class(toolkit, appkit, webkit),
        page_delegate=_page_delegate_class(toolkit, view_class),
        window_delegate=_window_delegate_class(toolkit, appkit),
        app_delegate=_app_delegate_class(toolkit, appkit),
        target=_target_class(foundation),
        observer=_observer_class(foundation),
    )


def _page_class(toolkit: CocoaToolkit, appkit: Any, webkit: Any) -> Any:
    objc_super = importlib.import_module("objc").super

    class DeskappPage(webkit.WKWebView):  # type: ignore[misc]
        def initWithFrame_configuration_(self, frame: Any, configuration: Any) -> Any:
            # A page copies its configuration, so this is the only time to say where it keeps things.
            configuration.setWebsiteDataStore_(toolkit.website_data())
            return objc_super(DeskappPage, self).initWithFrame_configuration_(frame, configuration)

        def willOpenMenu_withEvent_(self, menu: Any, event: Any) -> None:
            objc_super(DeskappPage, self).willOpenMenu_withEvent_(menu, event)
            state = toolkit.state_of(toolkit.view_of("webview", self))
            names = {str(item.identifier() or "") for item in menu.itemArray()}
            if state is not None and plan.is_menu_refused(state.spec, is_text=bool(names & plan.TEXT_ITEMS)):
                menu.removeAllItems()

        def performDragOperation_(self, sender: Any) -> bool:
            urls = sender.draggingPasteboard().readObjectsForClasses_options_(
                [appkit.NSURL], {appkit.NSPasteboardURLReadingFileURLsOnlyKey: True}
            )
            state = toolkit.state_of(toolkit.view_of("webview", self))
            if urls and state is not None and sender.draggingSource() is None:
                point = self.convertPoint_fromView_(sender.draggingLocation(), None)
                height, zoom = self.bounds().size.height, self.pageZoom()
                x, y = plan.dropped_at(point.x, point.y, zoom, height, is_flipped=bool(self.isFlipped()))
                state.events.dropped([str(url.path()) for url in urls], x, y)
            return bool(objc_super(DeskappPage, self).performDragOperation_(sender))

    return DeskappPage


def _page_delegate_class(toolkit: CocoaToolkit, view_class: Any) -> Any:
    """pywebview's delegate, which shows the boxes that pages ask for, with our say about where pages go."""

    class DeskappPageDelegate(view_class.BrowserDelegate):  # type: ignore[misc]
        def webView_decidePolicyForNavigationAction_decisionHandler_(
            self, page: Any, action: Any, handler: Any
        ) -> None:
            url = action.request().URL()
            target = str(url.absoluteString()) if url is not None else ""
            here = str(page.URL().absoluteString()) if page.URL() is not None else ""
            is_link = action.navigationType() == plan.NAVIGATION_LINK
            if action.shouldPerformDownload():
                handler(plan.POLICY_DOWNLOAD)
            elif is_link and action.targetFrame() is not None and leads_out(here, target):
                handler(plan.POLICY_CANCEL)
                toolkit._events.external(target)
            else:
                handler(plan.POLICY_ALLOW)

        def webView_createWebViewWithConfiguration_forNavigationAction_windowFeatures_(
            self, page: Any, configuration: Any, action: Any, features: Any
        ) -> None:
            target = str(action.request().URL().absoluteString())
            if is_openable(target):
                toolkit._events.external(target)

        def webView_decidePolicyForNavigationResponse_decisionHandler_(
            self, page: Any, response: Any, handler: Any
        ) -> None:
            handler(plan.POLICY_ALLOW if response.canShowMIMEType() else plan.POLICY_DOWNLOAD)

        def webView_navigationAction_didBecomeDownload_(self, page: Any, action: Any, download: Any) -> None:
            download.setDelegate_(toolkit.download_delegate())

        def webView_navigationResponse_didBecomeDownload_(self, page: Any, response: Any, download: Any) -> None:
            download.setDelegate_(toolkit.download_delegate())

        def webView_didFinishNavigation_(self, page: Any, navigation: Any) -> None:
            state = toolkit.state_of(toolkit.view_of("webview", page))
            if state is not None:
                state.events.loaded()

        def webViewWebContentProcessDidTerminate_(self, page: Any) -> None:
            state = toolkit.state_of(toolkit.view_of("webview", page))
            if state is not None:
                state.events.crashed()

        def userContentController_didReceiveScriptMessage_(self, controller: Any, message: Any) -> None:
            """There is no bridge."""

    return DeskappPageDelegate


def _window_delegate_class(toolkit: CocoaToolkit, appkit: Any) -> Any:
    def view_of(notification: Any) -> Any | None:
        return toolkit.view_of("window", notification.object())

    def tell_geometry(self: Any, notification: Any) -> None:
        view = view_of(notification)
        if view is not None:
            toolkit.tell_geometry(view)

    class DeskappWindowDelegate(appkit.NSObject):  # type: ignore[misc]
        def windowShouldClose_(self, window: Any) -> bool:
            view = toolkit.view_of("window", window)
            return view is None or not view.pywebview_window.events.closing.set()

        def windowWillClose_(self, notification: Any) -> None:
            view = view_of(notification)
            if view is not None:
                toolkit.window_closed(view)

        def windowDidBecomeKey_(self, notification: Any) -> None:
            view = view_of(notification)
            state = toolkit.state_of(view)
            if view is not None and state is not None:
                toolkit.use_menu(view)
                state.events.focus(True)

        def windowDidResignKey_(self, notification: Any) -> None:
            state = toolkit.state_of(view_of(notification))
            if state is not None:
                state.events.focus(False)

        def windowDidMove_(self, notification: Any) -> None:
            tell_geometry(self, notification)

        def windowDidResize_(self, notification: Any) -> None:
            tell_geometry(self, notification)

        def windowDidMiniaturize_(self, notification: Any) -> None:
            tell_geometry(self, notification)

        def windowDidDeminiaturize_(self, notification: Any) -> None:
            tell_geometry(self, notification)

        def windowDidEnterFullScreen_(self, notification: Any) -> None:
            tell_geometry(self, notification)

        def windowDidExitFullScreen_(self, notification: Any) -> None:
            tell_geometry(self, notification)

    return DeskappWindowDelegate


def _app_delegate_class(toolkit: CocoaToolkit, appkit: Any) -> Any:
    class DeskappAppDelegate(appkit.NSObject):  # type: ignore[misc]
        def applicationShouldTerminate_(self, app: Any) -> int:
            toolkit.close_all()  # Cocoa would leave by exit(), past everybody who has a say
            return 0

        def applicationShouldHandleReopen_hasVisibleWindows_(self, app: Any, has_windows: bool) -> bool:
            return True

        def applicationSupportsSecureRestorableState_(self, app: Any) -> bool:
            return True

    return DeskappAppDelegate


def _target_class(foundation: Any) -> Any:
    class DeskappTarget(foundation.NSObject):  # type: ignore[misc]
        """Calls its `chosen` with the sender; `chosen` is set by whoever makes one."""

        def choose_(self, sender: Any) -> None:
            self.chosen(sender)

    return DeskappTarget


def _observer_class(foundation: Any) -> Any:
    class DeskappObserver(foundation.NSObject):  # type: ignore[misc]
        """Calls its `changed` when a property changed, or with the name of a notification."""

        def observeValueForKeyPath_ofObject_change_context_(
            self, path: Any, thing: Any, change: Any, context: Any
        ) -> None:
            self.changed()

        def notice_(self, notification: Any) -> None:
            self.changed(str(notification.name()))

    return DeskappObserver
