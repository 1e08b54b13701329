"""The window host's hands in GTK 3 and WebKitGTK: the loop, the life of windows, and what they share.

Imported by `host` only. `view` is pywebview's `BrowserView`: `.window` a `Gtk.ApplicationWindow`,
`.webview` a `WebKit2.WebView`; `.frame` and `.page` are ours, put there by `attach`.
What not every window needs (menus, dialogs, tray, …) is imported when it is first asked for.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from deskapp._session_bus import without_new_bus
from deskapp.runtime.webview._host_window import Answer, HostEvents, Message, WindowEvents
from deskapp.runtime.webview.gtk._commands import GtkCommands
from deskapp.runtime.webview.gtk._page import GtkPage
from deskapp.runtime.webview.gtk._theme import GtkTheme
from deskapp.runtime.webview.gtk._window import GtkFrame
from deskapp.runtime.window import WindowSpec

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk._dialogs import GtkDialogs
    from deskapp.runtime.webview.gtk._services import GtkServices
    from deskapp.runtime.webview.gtk._taskbar import GtkTaskBar


class GtkToolkit(GtkCommands):
    """Everything that the host asks of GTK; see `_host_window.Toolkit`."""

    backend = "gtk"
    # pywebview's not-debugging mode blocks every context menu, and so pasting with the mouse.
    always_debug = True

    def __init__(self, app_id: str) -> None:
        _prepare_environment()
        from gi.repository import GLib

        # Before GTK is imported: it makes the window class of it.
        GLib.set_prgname(app_id)
        self.app_id = app_id
        self.glib: Any = GLib
        self.gtk: Any = None
        self.gdk: Any = None
        self.gio: Any = None
        self.webkit: Any = None
        self.events: HostEvents
        self._backend: Any = None
        self._bare_loop: Any = None
        self._is_held = False
        self._languages: list[str] = []
        self.printing: set[Any] = set()

    def prepare(self, backend: Any, events: HostEvents) -> None:
        self._backend = backend
        self.gtk, self.gdk, self.gio, self.webkit = backend.gtk, backend.Gdk, backend.Gio, backend.webkit
        self.events = events
        if self.gdk.Display.get_default() is None:
            where = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or "there is none"
            raise RuntimeError(f"GTK cannot open the display ({where})")
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

        web_context = self.webkit.WebContext
        web_context.new_ephemeral = shared(web_context.new_ephemeral)
        web_context.new_with_website_data_manager = shared(web_context.new_with_website_data_manager)

    def _configure_context(self, context: Any) -> None:
        # Also turns off the cache of used web processes, which would outlive their windows.
        context.set_cache_model(self.webkit.CacheModel.DOCUMENT_VIEWER)
        context.connect("download-started", lambda _, download: self.dialogs.take_download(download))

    @cached_property
    def dialogs(self) -> GtkDialogs:
        from deskapp.runtime.webview.gtk._dialogs import GtkDialogs

        return GtkDialogs(self.gtk, self.glib)

    @cached_property
    def services(self) -> GtkServices:
        from deskapp.runtime.webview.gtk._services import GtkServices

        return GtkServices(self)

    @cached_property
    def task_bar(self) -> GtkTaskBar:
        from deskapp.runtime.webview.gtk._taskbar import GtkTaskBar

        return GtkTaskBar(self.gdk, self.gio, self.glib, self.app_id)

    @cached_property
    def theme(self) -> GtkTheme:
        theme = GtkTheme(self.gtk, self.gio, self.glib)
        theme.watchers.append(self._repaint)
        return theme

    def _repaint(self) -> None:
        for view in self.views():
            view.frame.follow_theme(self.background())

    def views(self) -> list[Any]:
        """The views of all windows that are attached."""
        return [view for view in self._backend.BrowserView.instances.values() if hasattr(view, "frame")]

    def call_soon(self, func: Callable[[], None]) -> None:
        self.glib.idle_add(_once(func), priority=self.glib.PRIORITY_DEFAULT)

    def call_later(self, delay_s: float, func: Callable[[], None]) -> None:
        self.glib.timeout_add(int(delay_s * 1000), _once(func))

    def run_windowless(self) -> None:
        self._bare_loop = self.glib.MainLoop()
        self._bare_loop.run()

    def leave_windowless(self) -> None:
        self._bare_loop.quit()

    def keep(self, on: bool) -> None:
        """Hold the application, which else ends with its last window."""
        if on != self._is_held:
            self._backend.setup_app()  # the host may be kept before pywebview has made the application
            application = self._backend._app
            if on:
                application.hold()
            else:
                application.release()
        self._is_held = on

    def background(self) -> str:
        return self.theme.background

    def attach(self, view: Any, spec: WindowSpec, events: WindowEvents, parent: Any | None = None) -> None:
        view.frame = GtkFrame(self, view, spec, events)
        if parent is not None:
            view.frame.belong_to(parent, is_modal=spec.modal)
        view.page = GtkPage(self, view, spec, events)

    def check_spelling(self, context: Any, languages: tuple[str, ...]) -> None:
        """Check it in these languages, too, or in the desktop's if nobody names any; all windows share them."""
        added = [language for language in languages if language not in self._languages]
        self._languages += added
        if added or not context.get_spell_checking_enabled():
            context.set_spell_checking_languages(self._languages)
            context.set_spell_checking_enabled(True)

    def release(self, view: Any) -> None:
        """End the page of a closed window: pywebview destroys the window only, and the page runs on."""
        if view is None:
            return
        page = view.webview
        if "dialogs" in self.__dict__:
            self.dialogs.cancel(view)

        def end() -> None:
            page.destroy()
            view.__dict__.clear()
            gc.collect()

        self.call_soon(end)

    def finish(self) -> None:
        """Answer who still waits. The storage is written by a process of its own, which sees our end."""
        if "dialogs" in self.__dict__:
            self.dialogs.cancel_all()

    def close(self, view: Any) -> None:
        self.end_nested_dialogs(view)
        if hasattr(view, "frame"):
            view.frame.fold_menu()
        view.close_window()

    def close_all(self) -> None:
        """Ask every window to close, as its close button does."""
        for view in self.views():
            self.call_soon(view.window.close)

    def end_nested_dialogs(self, view: Any) -> None:
        """Dismiss dialogs that GTK runs in a loop of its own: printing, overwriting a file."""
        for other in self.gtk.Window.list_toplevels():
            if isinstance(other, self.gtk.Dialog) and _belongs(other, view.window):
                other.response(self.gtk.ResponseType.CANCEL)

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        self.services.serve(service, view, args, answer)


def _prepare_environment() -> None:
    os.environ.update(without_new_bus())
    # WebKitGTK stays blank with NVIDIA's driver and its DMA-BUF renderer (webkit.org bug 261874).
    if os.path.exists("/proc/driver/nvidia/version"):
        os.environ.setdefault("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
    # Without a graphics device (virtual machines, remote screens) the processor would compose every frame, however
    # little changed: 50 to 90 ms each; and a window starts a tenth faster without that (2026-11, WebKitGTK 2.50).
    if not os.path.isdir("/dev/dri"):
        os.environ.setdefault("WEBKIT_DISABLE_COMPOSITING_MODE", "1")


def _once(func: Callable[[], None]) -> Callable[[], bool]:
    def run() -> bool:
        func()
        return False

    return run


def _belongs(window: Any, owner: Any) -> bool:
    """Whether a window is above `owner`, directly or through others."""
    while window is not None:
        window = window.get_transient_for()
        if window is owner:
            return True
    return False
