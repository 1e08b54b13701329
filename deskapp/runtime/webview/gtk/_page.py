"""One page of WebKitGTK: how it loads, where it may go, its context menu, what is dropped on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from deskapp.runtime.webview._host_window import Answer, Message, NotHere, WindowEvents
from deskapp.runtime.webview._links import leads_out
from deskapp.runtime.webview.gtk._pointer import GtkPointer
from deskapp.runtime.window import WindowSpec

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit

FIRST_LOAD_TRIES = 5
SPELLING_DELAY_S = 1.0  # loading a dictionary holds everything up for 70 ms: not while the window starts


class GtkPage:
    """The page in a window.

    Args:
        toolkit: What the windows share.
        view: pywebview's, before it loads anything.
        spec: How it was wished.
        events: Where to report.
    """

    def __init__(self, toolkit: GtkToolkit, view: Any, spec: WindowSpec, events: WindowEvents) -> None:
        self._toolkit = toolkit
        self._webkit = toolkit.webkit
        self._view, self._spec, self._events = view, spec, events
        self._page: Any = view.webview
        self._url = spec.url
        self._has_failed = self._has_committed = False
        self._tries = FIRST_LOAD_TRIES
        self._drag: Any = None  # what hovers over the page, with its files, or None while they are on their way
        self._dragged: list[str] | None = None
        self._dropped_at: tuple[int, int] | None = None
        self.pointer = GtkPointer(toolkit, view, has_border=spec.frameless and spec.resizable)
        self._is_spelling_due = spec.spell_check is not None
        self._configure()
        self._connect()

    def _configure(self) -> None:
        page, view = self._page, self._view
        page.disconnect_by_func(view.on_load_finish)  # it would inject pywebview's scripts into the page
        page.disconnect_by_func(view.on_request)
        page.disconnect_by_func(view.on_drag_data)
        view.manager.unregister_script_message_handler("jsBridge")
        settings = page.get_settings()
        settings.set_enable_developer_extras(self._spec.debug)
        settings.set_enable_html5_local_storage(True)  # pywebview turns it off where it is not kept
        settings.set_enable_html5_database(True)
        if self._spec.zoom != 1.0:
            page.set_zoom_level(self._spec.zoom)
        if self._spec.spell_check is None:
            self._renounce_spelling()

    def _connect(self) -> None:
        page, events = self._page, self._events
        page.connect("load-changed", self._on_load_changed)
        page.connect("load-failed", self._on_load_failed)
        page.connect("web-process-terminated", lambda *_: events.crashed())
        page.connect("notify::title", lambda page, _: events.title(page.get_title() or ""))
        page.connect("decide-policy", self._on_decide_policy)
        page.connect("context-menu", lambda page, menu, event, hit: self._is_menu_refused(hit))
        page.connect("close", lambda _: self._toolkit.call_soon(self._close))
        page.connect("print", self._on_print)
        page.connect("drag-data-received", self._on_drag_data)
        page.connect("drag-drop", self._on_drop)

    def load(self, url: str) -> None:
        self._url = url
        self._page.load_uri(url)

    def _on_load_changed(self, page: Any, stage: Any) -> None:
        if stage == self._webkit.LoadEvent.STARTED:
            self._has_failed = False
        elif stage == self._webkit.LoadEvent.COMMITTED:
            self._has_committed = True
            page.set_opacity(1.0)  # from 0, which pywebview sets so that the background shows until now
        elif stage == self._webkit.LoadEvent.FINISHED and not self._has_failed:
            self._events.loaded()
            self._start_spelling()

    def _start_spelling(self) -> None:
        if self._is_spelling_due:
            self._is_spelling_due = False
            context, languages = self._page.get_context(), self._spec.spell_check or ()
            self._toolkit.call_later(SPELLING_DELAY_S, lambda: self._toolkit.check_spelling(context, languages))

    def _on_load_failed(self, page: Any, stage: Any, url: str, error: Any) -> bool:
        self._has_failed = True
        # Of two windows that open at once, one sometimes loses its first load: it is cancelled by nobody, and the
        # navigation that follows never ends.
        is_cancelled = error.matches(self._webkit.NetworkError.quark(), self._webkit.NetworkError.CANCELLED)
        if is_cancelled and not self._has_committed and self._tries > 1 and url == self._url:
            self._tries -= 1
            self._toolkit.call_soon(lambda: page.load_uri(url) if page.get_parent() is not None else None)
        return True  # without WebKit's error page, which would be reported as loaded

    def _on_decide_policy(self, page: Any, decision: Any, kind: Any) -> bool:
        """Open links that lead out of the application in the user's browser; a dropped file is not gone to."""
        if kind != self._webkit.PolicyDecisionType.NAVIGATION_ACTION:
            return False
        action = decision.get_navigation_action()
        here, target = page.get_uri() or "", action.get_request().get_uri()
        is_link = action.get_navigation_type() == self._webkit.NavigationType.LINK_CLICKED
        if is_link and action.get_frame_name() != "_blank" and leads_out(here, target):
            self._toolkit.events.external(target)
        elif not (_is_file(target) and target != self._url and self._dropped_at is not None):
            return False
        decision.ignore()
        return True

    def _is_menu_refused(self, hit: Any) -> bool:
        """Whether a context menu would only offer what belongs to a browser: back, reload, open link."""
        if self._spec.context_menu is not None:
            return not self._spec.context_menu
        return not (self._spec.debug or hit.context_is_editable() or hit.context_is_selection())

    def _renounce_spelling(self) -> None:
        """Check no spelling in this page, unless one of its elements wants it."""
        when = self._webkit.UserScriptInjectionTime.START
        everywhere = self._webkit.UserContentInjectedFrames.ALL_FRAMES
        source = "document.documentElement.spellcheck = false"
        self._view.manager.add_script(self._webkit.UserScript.new(source, everywhere, when, None, None))

    def _close(self) -> None:
        if self._view.__dict__:  # else it was closed meanwhile
            self._view.window.close()

    def print(self, path: str | None, answer: Answer) -> None:
        from deskapp.runtime.webview.gtk._print import print_page

        print_page(self._toolkit, self._view, path, answer)

    def _on_print(self, page: Any, operation: Any) -> bool:
        from deskapp.runtime.webview.gtk._print import ask_and_print

        self._toolkit.call_soon(lambda: ask_and_print(self._toolkit, self._view, operation, _nobody))
        return True

    def open_devtools(self) -> None:
        if not self._spec.debug:
            raise NotHere("the window was not opened with debug=True")
        self._page.get_inspector().show()

    def popup_menu(self, wire: list[Message], x: int, y: int, answer: Answer) -> None:
        from deskapp.runtime.webview.gtk._menus import popup

        zoom = self._page.get_zoom_level()
        popup(self._toolkit, self._view, wire, round(x * zoom), round(y * zoom), answer)

    # Files. WebKit asks for what hovers over the page, and drops it by itself.

    def _on_drag_data(self, page: Any, drag: Any, x: int, y: int, data: Any, info: int, time: int) -> None:
        if data.get_target().name() != "text/uri-list":
            return
        glib = self._toolkit.glib
        paths = [glib.filename_from_uri(uri)[0] for uri in data.get_uris() or () if uri.startswith("file:")]
        self._drag, self._dragged = drag, paths
        if self._dropped_at is not None:
            self._report_dropped()

    def _on_drop(self, page: Any, drag: Any, x: int, y: int, time: int) -> bool:
        self._dropped_at = (x, y)
        if self._drag is drag:
            self._report_dropped()
        # What WebKit makes of the drop follows at once; later loads are not the drop's.
        self._toolkit.call_later(1.0, self._forget_drop)
        return False

    def _report_dropped(self) -> None:
        paths, self._drag, self._dragged = self._dragged, None, None
        zoom = self._page.get_zoom_level()
        if paths and self._dropped_at is not None:
            x, y = self._dropped_at
            self._events.dropped(paths, round(x / zoom), round(y / zoom))

    def _forget_drop(self) -> None:
        self._dropped_at = None


def _nobody(value: object = None, error: str = "") -> None:
    """The page asked by `window.print`, and waits for no answer."""


def _is_file(url: str) -> bool:
    return urlsplit(url).scheme == "file"
