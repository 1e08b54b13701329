"""What `launch` may wish of a window: read, checked, and answered with the nearest names where unknown."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskapp.errors import ConfigError
from deskapp.runtime.menu import Menu
from deskapp.runtime.window import WindowMode

_PLAIN = (
    "title", "background", "resizable", "debug", "frameless", "transparent", "on_top", "zoom", "modal", "skip_taskbar",
    "context_menu", "visible",
)  # fmt: skip
"""Options that are a field of `WindowSpec` of the same name."""

_BOOLS = (
    "resizable", "debug", "frameless", "transparent", "on_top", "modal", "skip_taskbar", "context_menu", "visible",
    "hide_on_close",
)  # fmt: skip
_PAIRS = {"size": ("width", "height"), "pos": ("x", "y"), "min_size": ("min_width", "min_height")}
_FILES = ("icon", "splash")

WINDOW_OPTIONS = (
    *_PLAIN, *_PAIRS, *_FILES, "windowmode", "spell_check", "confirm_close", "hide_on_close", "remember", "menu",
)  # fmt: skip

CONFIRM_TEXT = "Do you want to close this window?"


@dataclass(frozen=True)
class Wishes:
    """What was wished of one window.

    Args:
        fields: Values for fields of `WindowSpec`.
        names: The options that were given, as `runtime.capabilities.OPTIONS` calls them.
        confirm_text: What the user is asked before the window closes; empty: nothing.
        hide_on_close: The close button hides the window.
        remember: Under which key size and place are kept; empty: they are not.
        menu: Its menu bar.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    confirm_text: str = ""
    hide_on_close: bool = False
    remember: str = ""
    menu: Menu | None = None


def read_window_options(options: Mapping[str, object], *, key: str = "") -> Wishes:
    """Turn the documented options into wishes.

    Args:
        options: What was given to `launch`; None counts as not given.
        key: What ``remember=True`` remembers the window under.

    Raises:
        ConfigError: There is no such option, or it cannot have that value.
    """
    for name in options:
        if name not in WINDOW_OPTIONS:
            near = difflib.get_close_matches(name, WINDOW_OPTIONS, n=2)
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {', '.join(WINDOW_OPTIONS)}"
            raise ConfigError(name, options[name], origin="launch", why=f"there is no such option; {hint}")
    given = {name: value for name, value in options.items() if value is not None}
    for name in _BOOLS:
        _check(name, given, bool, "it is True or False")
    _check("zoom", given, (int, float), "it is a number, 1 for the natural size")
    _check("title", given, str, "it is a text")
    found: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
    for name in _FILES:
        if name in given:
            found[name] = Path(str(given[name]))
    if "splash" in found and not found["splash"].is_file():
        raise ConfigError("splash", str(found["splash"]), origin="launch", why="there is no such picture file")
    for name, (first, second) in _PAIRS.items():
        if name in given:
            found[first], found[second] = _pair(name, given[name])
    if "windowmode" in given:
        found["mode"] = _mode(given["windowmode"])
    if "spell_check" in given:
        found["spell_check"] = _languages(given["spell_check"])
    confirm = given.get("confirm_close", False)
    _check("confirm_close", given, (bool, str), "it is True, or the text that the user is asked")
    hides = bool(given.get("hide_on_close", False))
    found["confirm_close"] = bool(confirm) or hides
    _check("menu", given, Menu, "it is a deskapp.runtime.Menu")
    names = {"windowmode": "mode", "hide_on_close": "confirm_close"}
    return Wishes(
        found,
        frozenset(names.get(name, name) for name in given if name not in ("title", "remember", "menu")),
        confirm_text=confirm if isinstance(confirm, str) else CONFIRM_TEXT if confirm else "",
        hide_on_close=hides,
        remember=_key(given.get("remember", False), key),
        menu=given.get("menu"),  # type: ignore[arg-type]
    )


def _check(name: str, given: Mapping[str, object], kind: Any, why: str) -> None:
    if name in given and not isinstance(given[name], kind):
        raise ConfigError(name, given[name], origin="launch", why=why)


def _mode(value: object) -> WindowMode:
    try:
        return WindowMode(value)
    except ValueError:
        modes = ", ".join(repr(mode.value) for mode in WindowMode)
        raise ConfigError("windowmode", value, origin="launch", why=f"it is one of {modes}") from None


def _languages(value: object) -> tuple[str, ...] | None:
    """True: those of the desktop; False: none; else names such as ``"en_GB"``."""
    if value is False:
        return None
    if value is True:
        return ()
    names = (value,) if isinstance(value, str) else value
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        return tuple(names)
    why = "it is True, False, or languages such as 'en_GB'"
    raise ConfigError("spell_check", value, origin="launch", why=why)


def _key(value: object, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return key if value else ""
    raise ConfigError("remember", value, origin="launch", why="it is True, or a name for this window")


def _pair(name: str, value: object) -> tuple[int, int]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(type(item) is int for item in value):
        return value[0], value[1]
    raise ConfigError(name, value, origin="launch", why="write two whole numbers of pixels, for example (800, 600)")
