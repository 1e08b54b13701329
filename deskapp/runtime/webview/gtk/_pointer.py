"""Moving and resizing a window of GTK by the pointer, from within its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit

BORDER_PX = 5  # of a window without a frame: where it can be resized

_EDGES = {
    "n": "NORTH", "ne": "NORTH_EAST", "e": "EAST", "se": "SOUTH_EAST",
    "s": "SOUTH", "sw": "SOUTH_WEST", "w": "WEST", "nw": "NORTH_WEST",
}  # fmt: skip


class GtkPointer:
    """Knows the last press of a button on the page, which the window manager wants to be told.

    Args:
        toolkit: What the windows share.
        view: pywebview's.
        has_border: Let the user resize the window at its border, where the window manager draws none.
    """

    def __init__(self, toolkit: GtkToolkit, view: Any, *, has_border: bool) -> None:
        self._gdk = toolkit.gdk
        self._window, self._page = view.window, view.webview
        self._press: tuple[int, int, int, int] | None = None
        self._page.connect("button-press-event", self._on_press)
        if has_border:
            self._page.connect("button-press-event", self._on_border_press)
            self._page.connect("motion-notify-event", self._on_motion)
            self._cursor = ""

    def _on_press(self, page: Any, event: Any) -> bool:
        self._press = (event.button, int(event.x_root), int(event.y_root), event.time)
        return False

    def _edge_at(self, event: Any) -> str:
        """Which border the pointer is at, or ``""``."""
        native = self._window.get_window()
        if native is None or not self._window.get_resizable() or self._window.is_maximized():
            return ""
        if "GDK_WINDOW_STATE_FULLSCREEN" in native.get_state().value_names:
            return ""
        _, left, top = native.get_origin()
        x, y = event.x_root - left, event.y_root - top
        vertical = "n" if y < BORDER_PX else "s" if y >= native.get_height() - BORDER_PX else ""
        return vertical + ("w" if x < BORDER_PX else "e" if x >= native.get_width() - BORDER_PX else "")

    def _on_border_press(self, page: Any, event: Any) -> bool:
        edge = self._edge_at(event) if event.button == 1 else ""
        if edge:
            self.start_resize(edge)
        return bool(edge)

    def _on_motion(self, page: Any, event: Any) -> bool:
        edge = self._edge_at(event)
        if edge != self._cursor:
            self._cursor = edge
            cursor = self._gdk.Cursor.new_from_name(page.get_display(), f"{edge}-resize") if edge else None
            page.get_window().set_cursor(cursor)
        return bool(edge)

    def start_drag(self) -> None:
        if (press := self._held()) is not None:
            self._window.begin_move_drag(*press)

    def start_resize(self, edge: str) -> None:
        if (press := self._held()) is not None:
            self._window.begin_resize_drag(getattr(self._gdk.WindowEdge, _EDGES[edge]), *press)

    def _held(self) -> tuple[int, int, int, int] | None:
        """The last press, if its button is still down: else the window would stick to the pointer."""
        native = self._window.get_window()
        if self._press is None or native is None:
            return None
        pointer = self._page.get_display().get_default_seat().get_pointer()
        _, _, _, state = native.get_device_position(pointer)
        is_down = f"GDK_BUTTON{self._press[0]}_MASK" in state.value_names
        return self._press if is_down else None
