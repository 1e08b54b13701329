"""What a page may wish of the window around it, and what it is told of that window.

Pages are untrusted: they reach their own window, and of it only what is in the table here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp.errors import ProtocolError

if TYPE_CHECKING:
    from deskapp._window_record import WindowRecord

EDGES = ("n", "ne", "e", "se", "s", "sw", "w", "nw")

MAX_DROPPED = 1000
"""So many names of dropped files are taken from a page."""

PAGE_DEFAULTS: Mapping[str, Any] = {
    "frameless": False,
    "resizable": True,
    "transparent": False,
    "can_drag": False,
    "maximized": False,
    "fullscreen": False,
    "minimized": False,
    "has_focus": False,
}
"""What a page believes that it was not told."""

Wish = Callable[["WindowRecord", Any], "Awaitable[object] | None"]


def fulfil(record: WindowRecord, verb: str, data: object) -> Awaitable[object] | None:
    """Do what the page of a window wishes.

    Args:
        record: The window.
        verb: As of the message HOST.
        data: What belongs to it.

    Returns:
        What is to be awaited; None if it is done.

    Raises:
        ProtocolError: There is no such wish, or its data are not what belongs to it.
        NotSupported: The window's runtime cannot do it.
    """
    wish = _WISHES.get(verb)
    if wish is None:
        raise ProtocolError(f"this window does not know the wish {verb!r}")
    return wish(record, data)


def window_facts(record: WindowRecord) -> dict[str, Any]:
    """What the page of a window may know of it."""
    handle, fields = record.handle, record.wishes.fields
    return {
        "frameless": bool(fields.get("frameless", False)),
        "resizable": bool(fields.get("resizable", True)),
        "transparent": bool(fields.get("transparent", False)),
        "can_drag": record.runtime is not None and record.runtime.capabilities.can("start_drag"),
        "maximized": handle.state == "maximized",
        "fullscreen": handle.state == "fullscreen",
        "minimized": handle.state == "minimized",
        "has_focus": handle.focused,
    }


def _command(verb: str, *args: object) -> Wish:
    def wish(record: WindowRecord, data: object) -> Awaitable[object]:
        return record.ties.do(verb, *args)

    return wish


def _toggle_maximize(record: WindowRecord, data: object) -> Awaitable[object]:
    return record.ties.do("restore" if record.handle.state == "maximized" else "maximize")


def _start_resize(record: WindowRecord, data: object) -> Awaitable[object]:
    if data not in EDGES:
        raise ProtocolError(f"a window has the edges {', '.join(EDGES)}, not {data!r}")
    return record.ties.do("start_resize", data)


def _fullscreen(record: WindowRecord, data: object) -> Awaitable[object]:
    return record.ties.do("fullscreen", bool(data))


def _close(record: WindowRecord, data: object) -> Awaitable[object]:
    return record.ties.close(False)


def _zoom(record: WindowRecord, data: object) -> Awaitable[object]:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise ProtocolError(f"a zoom factor is a number, not {data!r}")
    return record.ties.do("set_zoom", min(5.0, max(0.25, float(data))))


def _popup_menu(record: WindowRecord, data: object) -> None:
    name, x, y = _fields(data, menu=str, x=(int, float), y=(int, float))
    menu = record.ties.menus.get(name)
    if menu is None:
        raise ProtocolError(f"there is no menu {name!r}: window.add_context_menu(name, menu) adds one")
    record.handle.popup_menu(menu, int(x), int(y))


def _drop(record: WindowRecord, data: object) -> None:
    """A runtime that tells no paths: names are all that is known."""
    names, x, y = _fields(data, names=list, x=(int, float), y=(int, float))
    if "dropped" not in (record.runtime.capabilities.reports if record.runtime is not None else ()):
        record.handle.dropped([Path(str(name)) for name in names[:MAX_DROPPED]], int(x), int(y))


def _fields(data: object, **kinds: Any) -> list[Any]:
    if not isinstance(data, dict) or not all(isinstance(data.get(name), kind) for name, kind in kinds.items()):
        raise ProtocolError(f"this wish comes with {', '.join(kinds)}")
    return [data[name] for name in kinds]


_WISHES: Mapping[str, Wish] = {
    "start_drag": _command("start_drag"),
    "start_resize": _start_resize,
    "minimize": _command("minimize"),
    "maximize": _command("maximize"),
    "restore": _command("restore"),
    "toggle_maximize": _toggle_maximize,
    "fullscreen": _fullscreen,
    "close": _close,
    "focus": _command("focus"),
    "print": _command("print_page", None),
    "zoom": _zoom,
    "popup_menu": _popup_menu,
    "drop": _drop,
}
