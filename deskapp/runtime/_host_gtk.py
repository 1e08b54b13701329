"""The window host's hands in GTK 3 and WebKitGTK; what pywebview gets wrong there is put right here.

Imported by `_host` only. `view` is pywebview's `BrowserView`: `.window` a `Gtk.ApplicationWindow`,
`.webview` a `WebKit2.WebView`.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from deskapp.runtime._host_window import Answer, HostEvents, Message, NotHere, WindowEvents
from deskapp.runtime._links import leads_out
from deskapp.runtime.window import WindowMode, WindowSpec

logger = logging.getLogger(__name__)

FIRST_LOAD_TRIES = 5


class GtkToolkit:
    """Everything that the host asks of GTK; see `_host_window.Toolkit`."""

    backend = "gtk"
    # pywebview's not-debugging mode blocks every context menu, and so pasting with the mouse.
    always_debug = True

    def __init__(self, app_id: str) -> None:
        self._prepare_environment()
        from gi.repository import GLib

        # Before GTK is imported: it makes the window class of it.
        GLib.set_prgname(app_id)
        self._glib = GLib
        self._gtk: Any = None
        self._webkit: Any = None
        self._events: HostEvents
        self._backend: Any = None
        self._bare_loop: Any = None
        self._is_held = False
        self._dialogs: set[Any] = set()

    @staticmethod
    def _prepare_environment() -> None:
        # WebKitGTK stays blank with NVIDIA's driver and its DMA-BUF renderer (webkit.org bug 261874).
        if os.path.exists("/proc/driver/nvidia/version"):
            os.environ.setdefault("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        # Without a graphics device (virtual machines, remote screens) the processor would compose every frame, however
        # little changed: 50 to 90 ms each; and a window starts a tenth faster without that (2026-11, WebKitGTK 2.50).
        if not os.path.isdir("/dev/dri"):
            os.environ.setdefault("WEBKIT_DISABLE_COMPOSITING_MODE", "1")

    def prepare(self, backend: Any, events: HostEvents) -> None:
        self._backend = backend
        self._gtk, self._webkit = backend.gtk, backend.webkit
        self._events = events
        backend.webbrowser = SimpleNamespace(open=lambda url, *_: events.external(url))
        # One context for all windows: pywebview makes one each, so that two network processes would
        # write to the same storage folder.
        contexts: list[Any] = []

        def shared(make: Callable[..., Any]) -> Callable[..., Any]:
            def context(*args: Any) -> Any:
                if not contexts:
                    contexts.append(make(*args))
                    self._configure_context(contexts[0])
                return contexts[0]

            return context

        web_context = self._webkit.WebContext
        web_context.new_ephemeral = shared(web_context.new_ephemeral)
        web_context.new_with_website_data_manager = shared(web_context.new_with_website_data_manager)

    def _configure_context(self, context: Any) -> None:
        # Also turns off the cache of used web processes, which would outlive their windows.
        context.set_cache_model(self._webkit.CacheModel.DOCUMENT_VIEWER)
        context.connect("download-started", self._on_download_started)

    def call_soon(self, func: Callable[[], None]) -> None:
        self._glib.idle_add(_once(func), priority=self._glib.PRIORITY_DEFAULT)

    def call_later(self, delay_s: float, func: Callable[[], None]) -> None:
        self._glib.timeout_add(int(delay_s * 1000), _once(func))

    def run_windowless(self) -> None:
        self._bare_loop = self._glib.MainLoop()
        self._bare_loop.run()

    def leave_windowless(self) -> None:
        self._bare_loop.quit()

    def keep(self, on: bool) -> None:
        """Hold the application, which else ends with its last window."""
        application = self._backend._app
        if on and not self._is_held:
            application.hold()
        elif not on and self._is_held:
            application.release()
        self._is_held = on

    def background(self) -> str:
        return "#ffffff"

    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents) -> None:
        window, page = view.window, view.webview
        page.disconnect_by_func(view.on_load_finish)  # it would inject pywebview's scripts into the page
        page.disconnect_by_func(view.on_request)
        view.manager.unregister_script_message_handler("jsBridge")
        settings = page.get_settings()
        settings.set_enable_developer_extras(spec.debug)
        settings.set_enable_html5_local_storage(True)  # pywebview turns it off where it is not kept
        settings.set_enable_html5_database(True)
        if spec.icon is not None:
            try:
                window.set_icon_from_file(str(spec.icon))
            except self._glib.Error as error:
                logger.warning("the icon %s cannot be read: %s", spec.icon, error)

        has_failed = has_committed = False
        tries = FIRST_LOAD_TRIES
        view.deskapp_url = spec.url

        def on_load_changed(page: Any, stage: Any) -> None:
            nonlocal has_failed, has_committed
            if stage == self._webkit.LoadEvent.STARTED:
                has_failed = False
            elif stage == self._webkit.LoadEvent.COMMITTED:
                has_committed = True
                page.set_opacity(1.0)  # from 0, which pywebview sets so that the background shows until now
            elif stage == self._webkit.LoadEvent.FINISHED and not has_failed:
                events.loaded()

        def on_load_failed(page: Any, stage: Any, url: str, error: Any) -> bool:
            nonlocal has_failed, tries
            has_failed = True
            # Of two windows that open at once, one sometimes loses its first load: it is cancelled by nobody, and the
            # navigation that follows never ends.
            is_cancelled = error.matches(self._webkit.NetworkError.quark(), self._webkit.NetworkError.CANCELLED)
            if is_cancelled and not has_committed and tries > 1 and url == getattr(view, "deskapp_url", None):
                tries -= 1
                self.call_soon(lambda: page.load_uri(url) if page.get_parent() is not None else None)
            return True  # without WebKit's error page, which would be reported as loaded

        def on_geometry(*_: Any) -> bool:
            x, y = window.get_position()
            width, height = window.get_size()
            events.geometry(x, y, width, height, window.is_maximized(), _is_fullscreen(window))
            return False

        def on_map(*_: Any) -> bool:
            events.shown()
            return False

        page.connect("load-changed", on_load_changed)
        page.connect("load-failed", on_load_failed)
        page.connect("web-process-terminated", lambda *_: events.crashed())
        page.connect("notify::title", lambda page, _: events.title(page.get_title() or ""))
        page.connect("decide-policy", self._on_decide_policy)
        page.connect("context-menu", lambda page, menu, event, hit: _is_menu_refused(spec, hit))
        window.connect("configure-event", on_geometry)
        window.connect("window-state-event", on_geometry)
        window.connect("map-event", on_map)
        if spec.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK):
            window.fullscreen()
        if not spec.visible:
            # pywebview maps the window and hides it again, then never lets it be shown.
            window.set_no_show_all(True)

    def _on_decide_policy(self, page: Any, decision: Any, kind: Any) -> bool:
        """Open links that lead out of the application in the user's browser."""
        if kind != self._webkit.PolicyDecisionType.NAVIGATION_ACTION:
            return False
        action = decision.get_navigation_action()
        target = action.get_request().get_uri()
        is_link = action.get_navigation_type() == self._webkit.NavigationType.LINK_CLICKED
        if is_link and action.get_frame_name() != "_blank" and leads_out(page.get_uri() or "", target):
            self._events.external(target)
            decision.ignore()
            return True
        return False

    def _on_download_started(self, context: Any, download: Any) -> None:
        download.connect("decide-destination", self._on_decide_destination)

    def _on_decide_destination(self, download: Any, name: str) -> bool:
        """Ask where to; without a loop of its own, which would keep the host from ending."""
        gtk = self._gtk
        page = download.get_web_view()
        parent = page.get_toplevel() if page is not None else None
        dialog = gtk.FileChooserNative.new(None, parent, gtk.FileChooserAction.SAVE, None, None)
        dialog.set_do_overwrite_confirmation(True)
        dialog.set_current_name(os.path.basename(name) or "download")
        folder = self._glib.get_user_special_dir(self._glib.UserDirectory.DIRECTORY_DOWNLOAD)
        if folder:
            dialog.set_current_folder(folder)

        def on_response(dialog: Any, response: Any) -> None:
            self._dialogs.discard(dialog)
            if response == gtk.ResponseType.ACCEPT:
                download.set_allow_overwrite(True)
                download.set_destination(dialog.get_uri())
            else:
                download.cancel()
            dialog.destroy()

        dialog.connect("response", on_response)
        self._dialogs.add(dialog)  # nobody else holds it
        dialog.show()
        return True

    def release(self, view: Any) -> None:
        """End the page of a closed window: pywebview destroys the window only, and the page runs on."""
        if view is None:
            return
        page = view.webview

        def end() -> None:
            page.destroy()
            view.__dict__.clear()
            gc.collect()

        self.call_soon(end)

    def finish(self) -> None:
        """The storage is written by a process of its own, which sees our end and finishes its work."""

    def close(self, view: Any) -> None:
        view.close_window()

    def set_title(self, view: Any, title: str) -> None:
        view.window.set_title(title)

    def load_url(self, view: Any, url: str) -> None:
        view.deskapp_url = url
        view.webview.load_uri(url)

    def show(self, view: Any) -> None:
        view.window.set_no_show_all(False)
        view.window.show_all()
        view.window.present()

    def hide(self, view: Any) -> None:
        view.window.hide()

    def resize(self, view: Any, width: int, height: int) -> None:
        if not view.window.get_resizable():
            view.window.set_size_request(width, height)
        view.window.resize(width, height)

    def move(self, view: Any, x: int, y: int) -> None:
        view.window.move(x, y)

    def maximize(self, view: Any) -> None:
        view.window.maximize()

    def restore(self, view: Any) -> None:
        # pywebview only de-iconifies.
        view.window.unfullscreen()
        view.window.unmaximize()
        view.window.deiconify()
        view.window.present()

    def focus(self, view: Any) -> None:
        view.window.present()

    def fullscreen(self, view: Any, on: bool) -> None:
        if on:
            view.window.fullscreen()
        else:
            view.window.unfullscreen()

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        raise NotHere(f"{service!r} has no hands yet")


def _once(func: Callable[[], None]) -> Callable[[], bool]:
    def run() -> bool:
        func()
        return False

    return run


def _is_fullscreen(window: Any) -> bool:
    native = window.get_window()
    return native is not None and "GDK_WINDOW_STATE_FULLSCREEN" in native.get_state().value_names


def _is_menu_refused(spec: WindowSpec, hit: Any) -> bool:
    """Whether a context menu would only offer what belongs to a browser: back, reload, open link."""
    return not (spec.debug or hit.context_is_editable() or hit.context_is_selection())
