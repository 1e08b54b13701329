"""One window of GTK around its page: layout, sizes, colours, splash picture, and what it reports.

Gtk.ApplicationWindow
  └ Box ┬ MenuBar, if it has one
        └ Overlay ┬ ScrolledWindow ─ … ─ WebView      the page's area, whose size is the window's wished size
                  └ splash picture, until it is ended
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Message, WindowEvents
from deskapp.runtime.window import WindowMode, WindowSpec

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk._menus import GtkMenu
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit

logger = logging.getLogger(__name__)

_STATES = (
    "NORMAL", "ACTIVE", "PRELIGHT", "SELECTED", "INSENSITIVE", "INCONSISTENT", "FOCUSED", "BACKDROP", "DIR_LTR",
    "DIR_RTL",
)  # fmt: skip
"""Those for which pywebview makes a window transparent."""


class GtkFrame:
    """Everything of a window that is not its page.

    Args:
        toolkit: What the windows share.
        view: pywebview's, before it is shown.
        spec: How it was wished.
        events: Where to report.
    """

    def __init__(self, toolkit: GtkToolkit, view: Any, spec: WindowSpec, events: WindowEvents) -> None:
        self._toolkit = toolkit
        self._gtk = gtk = toolkit.gtk
        self._view, self._events = view, events
        self.window: Any = view.window
        self.min_size = (spec.min_width, spec.min_height)
        self._area = area = view.window.get_child()
        self._box = gtk.Box(orientation=gtk.Orientation.VERTICAL)
        self._overlay = gtk.Overlay()
        self._splash: Any = None
        self._bar: Any = None
        self._menu: GtkMenu | None = None
        self._painted: Any = None
        self._color = spec.background
        self._is_transparent = spec.transparent and self.window.get_screen().is_composited()
        self.window.remove(area)
        self._overlay.add(area)
        self._box.pack_end(self._overlay, True, True, 0)
        self.window.add(self._box)
        # pywebview limits the window, ours is a limit of the page's area, whatever else is in the window.
        self.window.set_size_request(-1, -1)
        area.set_size_request(*(self.min_size if spec.resizable else (spec.width, spec.height)))
        # A modal window, or a dialog, keeps those of its own group from input only.
        gtk.WindowGroup().add_window(self.window)
        if spec.transparent and not self._is_transparent:
            self._make_opaque()
        if spec.splash is not None:
            self._show_splash(str(spec.splash))
        if spec.icon is not None:
            try:
                self.window.set_icon_from_file(str(spec.icon))
            except toolkit.glib.Error as error:
                logger.warning("the icon %s cannot be read: %s", spec.icon, error)
        if spec.skip_taskbar:
            self.window.set_skip_taskbar_hint(True)
            self.window.set_skip_pager_hint(True)
        if spec.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK):
            self.window.fullscreen()
        if not spec.visible:
            # pywebview maps the window and hides it again, then never lets it be shown.
            self.window.set_no_show_all(True)
        self._watch()

    def _watch(self) -> None:
        window, events = self.window, self._events

        def on_map(*_: Any) -> bool:
            events.shown()
            return False

        def on_active(window: Any, _: Any) -> None:
            if window.is_active():
                window.set_urgency_hint(False)
            events.focus(window.is_active())

        window.connect("configure-event", lambda *_: self.report_geometry())
        window.connect("window-state-event", lambda *_: self._on_state())
        window.connect("map-event", on_map)
        window.connect("show", lambda _: events.visibility(True))
        window.connect("hide", lambda _: events.visibility(False))
        window.connect("notify::is-active", on_active)

    def _on_state(self) -> bool:
        self._show_bar()
        return self.report_geometry()

    def report_geometry(self) -> bool:
        """Report it, if it is another one than was reported last."""
        x, y = self.window.get_position()
        width, height = self.page_size
        native = self.window.get_window()
        names = native.get_state().value_names if native is not None else []
        self._events.geometry(
            x, y, width, height, self.window.is_maximized(), self.is_fullscreen, "GDK_WINDOW_STATE_ICONIFIED" in names
        )
        return False

    @property
    def is_fullscreen(self) -> bool:
        native = self.window.get_window()
        return native is not None and "GDK_WINDOW_STATE_FULLSCREEN" in native.get_state().value_names

    @property
    def page_size(self) -> tuple[int, int]:
        """Width and height of the page's area."""
        width, height = self.window.get_size()
        return width, height - self._bar_height

    @property
    def _bar_height(self) -> int:
        return self._bar.get_preferred_height()[1] if self._bar is not None and self._bar.get_visible() else 0

    def resize(self, width: int, height: int) -> None:
        if not self.window.get_resizable():
            self._area.set_size_request(width, height)
        self.window.resize(width, height + self._bar_height)

    def set_min_size(self, width: int, height: int) -> None:
        self.min_size = (width, height)
        if self.window.get_resizable():
            self._area.set_size_request(width, height)

    def set_resizable(self, on: bool) -> None:
        width, height = self.page_size
        self._area.set_size_request(*(self.min_size if on else (width, height)))
        self.window.set_resizable(on)
        self.window.resize(width, height + self._bar_height)

    def center(self) -> None:
        native = self.window.get_window()
        if native is None:  # never shown: GTK does it when it is
            self.window.set_position(self._gtk.WindowPosition.CENTER)
            return
        work = self.window.get_display().get_monitor_at_window(native).get_workarea()
        frame = native.get_frame_extents()
        self.window.move(work.x + (work.width - frame.width) // 2, work.y + (work.height - frame.height) // 2)

    def belong_to(self, parent: Any, *, is_modal: bool) -> None:
        """Stay above the window of another view."""
        self.window.set_transient_for(parent.window)
        if is_modal:
            parent.window.get_group().add_window(self.window)
            self.window.set_modal(True)

    # Colours.

    def follow_theme(self, color: str) -> None:
        """The theme's background is another one now."""
        if self._color is None:
            self.set_background(None, color)

    def set_background(self, color: str | None, of_theme: str) -> None:
        """Paint the place behind the page in a colour, None in the theme's."""
        self._color = color
        rgba = self._toolkit.gdk.RGBA()
        if color is None and self._is_transparent:
            rgba.parse("rgba(0,0,0,0)")
        else:
            rgba.parse(color or of_theme)
        context = self._area.get_style_context()
        if self._painted is not None:
            context.remove_provider(self._painted)
        self._painted = self._gtk.CssProvider()
        self._painted.load_from_data(f"* {{ background-color: {rgba.to_string()}; }}".encode())
        context.add_provider(self._painted, self._gtk.STYLE_PROVIDER_PRIORITY_APPLICATION + 1)
        self._view.webview.set_background_color(rgba)

    def _make_opaque(self) -> None:
        """Without a compositor what is transparent would be black, or whatever was there before."""
        for widget in (self.window, self._area, self._view.webview):
            for state in _STATES:
                widget.override_background_color(getattr(self._gtk.StateFlags, state), None)
        self.set_background(self._color, self._toolkit.background())

    # The splash picture.

    def _show_splash(self, path: str) -> None:
        pixbuf = None
        try:
            from gi.repository import GdkPixbuf

            width, height = self.window.get_size()
            _, wide, high = GdkPixbuf.Pixbuf.get_file_info(path)
            if wide > width or high > height:
                pixbuf = GdkPixbuf.Pixbuf.new_from_file_at_scale(path, width, height, True)
            else:
                pixbuf = GdkPixbuf.Pixbuf.new_from_file(path)
        except self._toolkit.glib.Error as error:
            logger.warning("the splash picture %s cannot be read: %s", path, error)
            return
        picture = self._gtk.Image.new_from_pixbuf(pixbuf)
        cover = self._gtk.EventBox()  # a page that is not ready takes no clicks
        cover.add(picture)
        if self._is_transparent:
            cover.set_visible_window(False)
        else:
            style = self._gtk.CssProvider()
            style.load_from_data(f"* {{ background: {self._color or self._toolkit.background()}; }}".encode())
            cover.get_style_context().add_provider(style, self._gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
        self._overlay.add_overlay(cover)
        self._splash = cover

    def hide_splash(self) -> None:
        if self._splash is not None:
            self._splash.destroy()
            self._splash = None

    # The menu bar.

    def set_menu(self, wire: list[Message] | None) -> None:
        if wire is not None and self._menu is not None and self._menu.update(wire):
            return
        width, height = self.page_size
        if self._menu is not None:
            self._menu.end()
            self._menu = None
            self._bar.destroy()
            self._bar = None
        if wire is not None:
            from deskapp.runtime.webview.gtk._menus import GtkMenu, act

            def choose(item: Message) -> None:
                if item["role"]:
                    act(item["role"], self._view, self._toolkit)
                self._events.menu("bar", item["id"])

            self._bar = self._gtk.MenuBar()
            self._menu = GtkMenu(self._toolkit, self._bar, wire, choose, window=self.window)
            self._box.pack_start(self._bar, False, False, 0)
            self._bar.show_all()
            self._show_bar()
        if not (self.window.is_maximized() or self.is_fullscreen):
            self.window.resize(width, height + self._bar_height)  # the page keeps its size
        elif self.window.get_mapped():
            self.report_geometry()

    def _show_bar(self) -> None:
        """A page that fills the screen has it all; shortcuts go on working."""
        if self._bar is not None:
            is_wanted = not self.is_fullscreen
            if is_wanted != self._bar.get_visible():
                self._bar.set_visible(is_wanted)

    def fold_menu(self) -> None:
        """Close what is open of the menu bar."""
        if self._bar is not None:
            self._bar.cancel()
