"""What the host has a Cocoa window do: one method a command, straight lines around `_plan`.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Answer, Message, NotHere
from deskapp.runtime.webview.cocoa import _plan as plan
from deskapp.runtime.webview.cocoa._menu import build_main_menu, build_menu
from deskapp.runtime.webview.cocoa._services import CocoaServices

if TYPE_CHECKING:
    from deskapp.runtime.webview.cocoa.toolkit import CocoaState

logger = logging.getLogger(__name__)


class CocoaCommands(CocoaServices):
    """The commands of `CocoaToolkit`."""

    _states: dict[str, CocoaState]
    _app_id: str

    def background(self) -> str:
        return plan.BACKGROUNDS[self._theme()]

    def _first_height(self) -> float:
        """Height of the screen with the menu bar, on which the desktop has its zero."""
        return float(self._appkit.NSScreen.screens()[0].frame().size.height)

    def _frame(self, window: Any) -> plan.Rect:
        frame = window.frame()
        return plan.Rect(frame.origin.x, frame.origin.y, frame.size.width, frame.size.height)

    def set_title(self, view: Any, title: str) -> None:
        view.window.setTitle_(title)

    def load_url(self, view: Any, url: str) -> None:
        made = self._foundation.NSURL.URLWithString_(url)
        if url.startswith("file://"):
            view.webview.loadFileURL_allowingReadAccessToURL_(made, made.URLByDeletingLastPathComponent())
        else:
            view.webview.loadRequest_(self._foundation.NSURLRequest.requestWithURL_(made))

    def resize(self, view: Any, width: int, height: int) -> None:
        window, frame = view.window, self._frame(view.window)
        title_height = frame.height - window.contentRectForFrameRect_(window.frame()).size.height
        made = plan.resized(frame, width, height, title_height=title_height)
        window.setFrame_display_(self._appkit.NSMakeRect(made.x, made.y, made.width, made.height), True)

    def set_min_size(self, view: Any, width: int, height: int) -> None:
        view.window.setContentMinSize_(self._appkit.NSMakeSize(width, height))

    def move(self, view: Any, x: int, y: int) -> None:
        origin = plan.frame_origin(x, y, self._frame(view.window).height, self._first_height())
        view.window.setFrameOrigin_(self._appkit.NSMakePoint(*origin))

    def center(self, view: Any) -> None:
        window = view.window
        area = (window.screen() or self._appkit.NSScreen.screens()[0]).visibleFrame()
        free = plan.Rect(area.origin.x, area.origin.y, area.size.width, area.size.height)
        frame = self._frame(window)
        window.setFrameOrigin_(self._appkit.NSMakePoint(*plan.centered(frame.width, frame.height, free)))

    def maximize(self, view: Any) -> None:
        if not view.window.isZoomed():
            view.window.zoom_(None)

    def minimize(self, view: Any) -> None:
        view.window.miniaturize_(None)

    def restore(self, view: Any) -> None:
        window = view.window
        if window.isMiniaturized():
            window.deminiaturize_(None)
        if window.styleMask() & plan.STYLE_FULL_SCREEN:
            window.toggleFullScreen_(None)
        elif window.isZoomed():
            window.zoom_(None)

    def fullscreen(self, view: Any, on: bool) -> None:
        if bool(view.window.styleMask() & plan.STYLE_FULL_SCREEN) != on:
            view.window.toggleFullScreen_(None)

    def show(self, view: Any) -> None:
        self.focus(view)
        self._states[view.uid].events.visibility(True)

    def hide(self, view: Any) -> None:
        view.window.orderOut_(None)
        self._states[view.uid].events.visibility(False)

    def focus(self, view: Any) -> None:
        view.window.makeKeyAndOrderFront_(None)
        self._app.activateIgnoringOtherApps_(True)

    def set_on_top(self, view: Any, on: bool) -> None:
        view.window.setLevel_(plan.LEVEL_FLOATING if on else plan.LEVEL_NORMAL)

    def set_resizable(self, view: Any, on: bool) -> None:
        view.window.setStyleMask_(plan.style_with(view.window.styleMask(), resizable=on))

    def _color(self, color: str) -> Any:
        return self._appkit.NSColor.colorWithSRGBRed_green_blue_alpha_(*plan.rgb(color), 1.0)

    def set_background(self, view: Any, color: str | None) -> None:
        made = self._color(color or self.background())
        view.window.setBackgroundColor_(made)
        if hasattr(view.webview, "setUnderPageBackgroundColor_"):  # macOS 12: what shows beyond a page's edges
            view.webview.setUnderPageBackgroundColor_(made)

    def set_zoom(self, view: Any, factor: float) -> None:
        view.webview.setPageZoom_(factor)

    def set_icon(self, view: Any, path: str) -> None:
        """In the Dock: windows have none on macOS."""
        image = self._appkit.NSImage.alloc().initWithContentsOfFile_(path)
        if image is None:
            logger.warning("the icon %s cannot be read", path)
        else:
            self._app.setApplicationIconImage_(image)

    def request_attention(self, view: Any, on: bool) -> None:
        state = self._states[view.uid]
        if on:
            state.attention = self._app.requestUserAttention_(plan.CRITICAL_REQUEST)
        elif state.attention is not None:
            self._app.cancelUserAttentionRequest_(state.attention)
            state.attention = None

    def set_menu(self, view: Any, menu: list[Message] | None) -> None:
        state = self._states[view.uid]
        state.menu, state.main_menu = menu, None
        if view.window.isKeyWindow():
            self.use_menu(view)

    def use_menu(self, view: Any) -> None:
        """Show a window's menu in the menu bar, which all windows share."""
        self._app.setMainMenu_(self._main_menu(view))

    def _main_menu(self, view: Any) -> Any:
        state = self._states[view.uid]
        if state.main_menu is None:
            state.main_menu = build_main_menu(
                self, self._app_id, state.menu or [], lambda entry: self._choose(view, entry)
            )
        return state.main_menu

    def _choose(self, view: Any, entry: Message) -> None:
        state = self._states.get(view.uid)
        if state is not None:
            if "id" in entry:  # an item of the application's, not one that every Mac program has
                state.events.menu("bar", entry["id"])
            self._act(view, entry["role"])

    def _act(self, view: Any, role: str) -> None:
        """Do what a menu item's role says."""
        if role in plan.ROLE_SELECTORS:
            self._app.sendAction_to_from_(plan.ROLE_SELECTORS[role], None, None)  # to whoever has the keyboard
        elif role in ("zoom_in", "zoom_out", "zoom_reset"):
            view.webview.setPageZoom_(plan.zoomed(view.webview.pageZoom(), role))
        elif role == "quit":
            self.close_all()

    def popup_menu(self, view: Any, menu: list[Message], x: int, y: int, *, answer: Answer) -> None:
        chosen: list[Message] = []
        page = view.webview
        height, zoom = page.bounds().size.height, page.pageZoom()
        point = self._appkit.NSMakePoint(*plan.page_point(x, y, zoom, height, is_flipped=bool(page.isFlipped())))
        shown = build_menu(self, menu, chosen.append)

        def done() -> None:
            answer(chosen[0]["id"] if chosen else None)
            if chosen and view.uid in self._states:
                self._act(view, chosen[0]["role"])

        def show() -> None:  # has a loop of its own
            shown.popUpMenuPositioningItem_atLocation_inView_(None, point, page)
            self.call_soon(done)

        self.call_soon(show)

    def start_drag(self, view: Any) -> None:
        appkit, window = self._appkit, view.window
        if not appkit.NSEvent.pressedMouseButtons() & 1:
            return
        make = getattr(appkit.NSEvent, plan.MOUSE_EVENT)
        uptime = self._foundation.NSProcessInfo.processInfo().systemUptime()
        place = window.mouseLocationOutsideOfEventStream()
        press = make(appkit.NSEventTypeLeftMouseDown, place, 0, uptime, window.windowNumber(), None, 0, 1, 1.0)
        window.performWindowDragWithEvent_(press)

    def _show_splash(self, view: Any, path: str) -> None:
        appkit, page = self._appkit, view.webview
        image = appkit.NSImage.alloc().initWithContentsOfFile_(path)
        if image is None:
            logger.warning("the splash picture %s cannot be read", path)
            return
        shown = appkit.NSImageView.alloc().initWithFrame_(page.bounds())
        shown.setImage_(image)
        shown.setImageScaling_(appkit.NSImageScaleNone)
        shown.setAutoresizingMask_(appkit.NSViewWidthSizable | appkit.NSViewHeightSizable)
        shown.setWantsLayer_(True)
        shown.layer().setBackgroundColor_(view.window.backgroundColor().CGColor())
        page.addSubview_(shown)
        self._states[view.uid].splash = shown

    def hide_splash(self, view: Any) -> None:
        state = self._states[view.uid]
        shown, state.splash = state.splash, None
        if shown is not None:
            shown.removeFromSuperview()

    def print_page(self, view: Any, path: str | None, *, answer: Answer) -> None:
        page = view.webview
        if path is None:
            operation = page.printOperationWithPrintInfo_(self._appkit.NSPrintInfo.sharedPrintInfo())
            operation.view().setFrame_(page.bounds())  # else the pages are empty
            operation.runOperationModalForWindow_delegate_didRunSelector_contextInfo_(view.window, None, None, None)
            answer()  # nobody tells what became of it
            return

        def done(data: Any, error: Any) -> None:
            if data is None:
                answer(error=str(error))
            elif data.writeToFile_atomically_(os.path.abspath(path), True):
                answer()
            else:
                answer(error=f"{path} could not be written")

        page.createPDFWithConfiguration_completionHandler_(None, done)

    def open_devtools(self, view: Any) -> None:
        if not self._states[view.uid].spec.debug:
            raise NotHere("the window was opened without debug=True")
        try:
            view.webview._inspector().show()
        except AttributeError:  # it is none of WebKit's public names
            raise NotHere("this macOS opens the inspector from the context menu only") from None

    def end_page(self, view: Any) -> None:
        try:
            pid = int(view.webview._webProcessIdentifier())
        except AttributeError:  # it is none of WebKit's public names
            raise NotHere("this macOS does not say which process draws a page") from None
        os.kill(pid, plan.SIGKILL)

    # What macOS has no words for.

    def set_progress(self, view: Any, fraction: float | None) -> None:
        raise NotHere("the Dock shows no progress")

    def start_resize(self, view: Any, edge: str) -> None:
        raise NotHere("macOS resizes windows by their own edges only, which frameless ones have, too")
