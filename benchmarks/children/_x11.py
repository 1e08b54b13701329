"""Asks a window manager of X11 to close a window, as a task bar does."""

from __future__ import annotations

import ctypes
import subprocess
import time

_CLIENT_MESSAGE = 33  # X11/X.h
_SUBSTRUCTURE = 0x00080000 | 0x00100000  # notify | redirect: what window managers listen to at the root
_FROM_PAGER = 2  # Extended Window Manager Hints 1.5, _NET_CLOSE_WINDOW


class _ClientMessage(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    ]


class _Event(ctypes.Union):
    _fields_ = [("client", _ClientMessage), ("pad", ctypes.c_long * 24)]


class Display:
    """A client of the X server that DISPLAY names."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        number, display = ctypes.c_ulong, ctypes.c_void_p
        self._x.XOpenDisplay.restype = display
        self._x.XDefaultRootWindow.restype, self._x.XDefaultRootWindow.argtypes = number, [display]
        self._x.XInternAtom.restype = number
        self._x.XInternAtom.argtypes = [display, ctypes.c_char_p, ctypes.c_int]
        self._x.XSendEvent.argtypes = [display, number, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
        self._x.XFlush.argtypes = [display]
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            raise OSError("no X server answers at DISPLAY")
        self._root = self._x.XDefaultRootWindow(self._display)
        self._close = self._x.XInternAtom(self._display, b"_NET_CLOSE_WINDOW", False)

    def close(self, window: int) -> float:
        """Ask for the end of a window; return `time.monotonic` of that moment."""
        event = _Event()
        event.client.type, event.client.window, event.client.message_type = _CLIENT_MESSAGE, window, self._close
        event.client.format, event.client.data[1] = 32, _FROM_PAGER
        self._x.XSendEvent(self._display, self._root, False, _SUBSTRUCTURE, ctypes.byref(event))
        asked_s = time.monotonic()
        self._x.XFlush(self._display)
        return asked_s


def windows_with(title: str) -> list[int]:
    """X's numbers of the windows whose titles contain a text."""
    done = subprocess.run(["wmctrl", "-l"], capture_output=True, text=True, timeout=10)
    return [int(line.split()[0], 16) for line in done.stdout.splitlines() if title in line]
