"""Window states of X11 that Qt has no words for, by a connection of our own to the X server.

Extended Window Manager Hints 1.5, `_NET_WM_STATE`. A window that is not on screen has a property that the window
manager reads when it comes up; Qt keeps what others have put there. For one on screen the window manager is asked.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

_ADD, _REMOVE = 1, 0
_FROM_APPLICATION = 1
_CLIENT_MESSAGE = 33
_SUBSTRUCTURE = 0x00080000 | 0x00100000  # notify | redirect: what window managers listen to at the root
_REPLACE = 0
_ATOM, _CARDINAL, _WINDOW, _WM_TRANSIENT_FOR = 4, 6, 33, 68  # predefined atoms


class _Cookie(ctypes.Structure):
    _fields_ = [("sequence", ctypes.c_uint)]


class _AtomReply(ctypes.Structure):
    _fields_ = [
        ("response_type", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    ]


class _OwnerReply(ctypes.Structure):
    _fields_ = [
        ("response_type", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("owner", ctypes.c_uint32),
    ]


class _ScreenIterator(ctypes.Structure):
    _fields_ = [("screen", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int)]


class _ClientMessage(ctypes.Structure):
    _fields_ = [
        ("response_type", ctypes.c_uint8),
        ("format", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("window", ctypes.c_uint32),
        ("type", ctypes.c_uint32),
        ("data", ctypes.c_uint32 * 5),
    ]


class X11States:
    """Changes states of windows, which are given by their X11 ids.

    Raises:
        OSError: There is no libxcb, or no X server.
    """

    def __init__(self) -> None:
        self._xcb = xcb = ctypes.CDLL("libxcb.so.1")
        xcb.xcb_connect.restype = ctypes.c_void_p
        xcb.xcb_get_setup.restype = ctypes.c_void_p
        xcb.xcb_setup_roots_iterator.restype = _ScreenIterator
        xcb.xcb_intern_atom.restype = _Cookie
        xcb.xcb_intern_atom_reply.restype = ctypes.POINTER(_AtomReply)
        xcb.xcb_get_selection_owner.restype = _Cookie
        xcb.xcb_get_selection_owner_reply.restype = ctypes.POINTER(_OwnerReply)
        xcb.xcb_change_property_checked.restype = _Cookie
        xcb.xcb_request_check.restype = ctypes.c_void_p
        number = ctypes.c_int()
        self._connection = ctypes.c_void_p(xcb.xcb_connect(None, ctypes.byref(number)))
        if xcb.xcb_connection_has_error(self._connection):
            raise OSError("the X server does not answer")
        screens = xcb.xcb_setup_roots_iterator(ctypes.c_void_p(xcb.xcb_get_setup(self._connection)))
        for _ in range(number.value):
            xcb.xcb_screen_next(ctypes.byref(screens))
        self._root, self._number = int(screens.screen[0]), number.value
        self._atoms: dict[str, int] = {}

    def change(self, window: int, states: Sequence[str], on: bool) -> None:
        """Ask the window manager to add or remove states of a window on screen."""
        for state in states:
            atom = self._atom(f"_NET_WM_STATE_{state}")
            data = (ctypes.c_uint32 * 5)(_ADD if on else _REMOVE, atom, 0, _FROM_APPLICATION, 0)
            message = _ClientMessage(_CLIENT_MESSAGE, 32, 0, window, self._atom("_NET_WM_STATE"), data)
            self._xcb.xcb_send_event(self._connection, 0, self._root, _SUBSTRUCTURE, ctypes.byref(message))
        self._xcb.xcb_flush(self._connection)

    def prepare(self, window: int, states: Sequence[str]) -> None:
        """Have a window that is not on screen come up with these states."""
        atoms = [self._atom(f"_NET_WM_STATE_{state}") for state in states]
        self._set(window, self._atom("_NET_WM_STATE"), _ATOM, atoms)

    def own(self, window: int, owner: int) -> None:
        """Have the window manager keep a window above its owner."""
        self._set(window, _WM_TRANSIENT_FOR, _WINDOW, [owner])

    def set_number(self, window: int, property: str, value: int) -> None:
        """Give a window a property that is a number."""
        self._set(window, self._atom(property), _CARDINAL, [value])

    def _set(self, window: int, property: int, type: int, values: Sequence[int]) -> None:
        data = (ctypes.c_uint32 * len(values))(*values)
        cookie = self._xcb.xcb_change_property_checked(
            self._connection, _REPLACE, window, property, type, 32, len(values), data
        )
        error = self._xcb.xcb_request_check(self._connection, cookie)  # waits until the server has done it
        if error:
            ctypes.CDLL(None).free(ctypes.c_void_p(error))

    def is_composited(self) -> bool:
        """Whether a compositor lets windows show what is below them."""
        cookie = self._xcb.xcb_get_selection_owner(self._connection, self._atom(f"_NET_WM_CM_S{self._number}"))
        reply = self._xcb.xcb_get_selection_owner_reply(self._connection, cookie, None)
        if not reply:
            return False
        has_owner = bool(reply.contents.owner)
        ctypes.CDLL(None).free(reply)
        return has_owner

    def _atom(self, name: str) -> int:
        if name not in self._atoms:
            cookie = self._xcb.xcb_intern_atom(self._connection, 0, len(name), name.encode())
            reply = self._xcb.xcb_intern_atom_reply(self._connection, cookie, None)
            if not reply:
                raise OSError("the X server does not answer")
            self._atoms[name] = int(reply.contents.atom)
            ctypes.CDLL(None).free(reply)
        return self._atoms[name]
