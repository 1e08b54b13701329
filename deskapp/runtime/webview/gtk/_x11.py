"""A connection to the X server beside GTK's, for what PyGObject does not have."""

from __future__ import annotations

import ctypes
from typing import Any

_CARDINAL, _REPLACE = 6, 0  # X11/Xatom.h, X11/X.h


def is_x11(gdk: Any) -> bool:
    """Whether GTK's windows are X's."""
    return bool(gdk.Display.get_default().__gtype__.name == "GdkX11Display")


def handle_of(window: Any) -> int | None:
    """X's number of a window of GTK that has been shown."""
    from gi.repository import GdkX11  # noqa: F401  without it a window does not know its number

    native = window.get_window()
    return None if native is None else int(native.get_xid())


class XClient:
    """A client of the X server that GTK's display is on.

    Args:
        gdk: The module.
    """

    def __init__(self, gdk: Any) -> None:
        self._x: Any = ctypes.CDLL("libX11.so.6")
        number = ctypes.c_ulong
        for name, result, arguments in (
            ("XOpenDisplay", ctypes.c_void_p, [ctypes.c_char_p]),
            ("XInternAtom", number, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]),
            ("XGetSelectionOwner", number, [ctypes.c_void_p, number]),
            (
                "XChangeProperty",
                ctypes.c_int,
                [ctypes.c_void_p, number, number, number, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_int],
            ),
            ("XCloseDisplay", ctypes.c_int, [ctypes.c_void_p]),
        ):
            function = getattr(self._x, name)
            function.restype, function.argtypes = result, arguments
        self._name = gdk.Display.get_default().get_name().encode()

    def has_owner(self, selection: str) -> bool:
        """Whether some client owns a selection."""
        display = self._x.XOpenDisplay(self._name)
        owner = self._x.XGetSelectionOwner(display, self._atom(display, selection))
        self._x.XCloseDisplay(display)
        return bool(owner)

    def set_cardinal(self, handle: int, name: str, value: int) -> None:
        """Set a property of a window."""
        display = self._x.XOpenDisplay(self._name)
        data = ctypes.c_ulong(value)
        self._x.XChangeProperty(
            display, handle, self._atom(display, name), _CARDINAL, 32, _REPLACE, ctypes.byref(data), 1
        )
        self._x.XCloseDisplay(display)  # which flushes

    def _atom(self, display: Any, name: str) -> int:
        return int(self._x.XInternAtom(display, name.encode(), False))
