"""The buses of the desktop, where there are some."""

from __future__ import annotations

from typing import Any

from deskapp._session_bus import has_session_bus


def session_bus(gio: Any, glib: Any) -> Any | None:
    """The user's bus; None if there is none. Never starts one, as GIO would where it finds a screen and no bus."""
    if not has_session_bus():
        return None
    return _bus(gio, glib, gio.BusType.SESSION)


def system_bus(gio: Any, glib: Any) -> Any | None:
    """The machine's bus; None if it does not answer."""
    return _bus(gio, glib, gio.BusType.SYSTEM)


def has_owner(glib: Any, gio: Any, bus: Any, name: str) -> bool:
    """Whether somebody answers to a name on a bus."""
    question = glib.Variant("(s)", (name,))
    place = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
    try:
        answer = bus.call_sync(*place, "NameHasOwner", question, None, gio.DBusCallFlags.NONE, 500, None)
    except glib.Error:
        return False
    return bool(answer.unpack()[0])


def _bus(gio: Any, glib: Any, kind: Any) -> Any | None:
    try:
        bus = gio.bus_get_sync(kind, None)
    except glib.Error:
        return None
    bus.set_exit_on_close(False)
    return bus
