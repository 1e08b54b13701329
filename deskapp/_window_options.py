"""What `launch` may wish of a window, as fields of `WindowSpec`; an unknown wish is answered with the nearest names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deskapp.errors import ConfigError
from deskapp.runtime.window import WindowMode

WINDOW_OPTIONS = ("title", "icon", "size", "pos", "windowmode", "background", "resizable", "min_size", "debug")


def read_window_options(options: Mapping[str, object]) -> dict[str, Any]:
    """Turn the documented options into fields of `WindowSpec`.

    Args:
        options: What was given to `launch`; None counts as not given.

    Raises:
        ConfigError: There is no such option, or it cannot have that value.
    """
    for name in options:
        if name not in WINDOW_OPTIONS:
            near = difflib.get_close_matches(name, WINDOW_OPTIONS, n=2)
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {', '.join(WINDOW_OPTIONS)}"
            raise ConfigError(name, options[name], origin="launch", why=f"there is no such option; {hint}")
    found: dict[str, Any] = {
        name: options[name] for name in ("title", "background", "resizable", "debug") if options.get(name) is not None
    }
    if options.get("icon") is not None:
        found["icon"] = Path(str(options["icon"]))
    for name, first, second in (
        ("size", "width", "height"),
        ("pos", "x", "y"),
        ("min_size", "min_width", "min_height"),
    ):
        if options.get(name) is not None:
            found[first], found[second] = _pair(name, options[name])
    if options.get("windowmode") is not None:
        try:
            found["mode"] = WindowMode(options["windowmode"])
        except ValueError:
            modes = ", ".join(repr(mode.value) for mode in WindowMode)
            raise ConfigError(
                "windowmode", options["windowmode"], origin="launch", why=f"it is one of {modes}"
            ) from None
    return found


def _pair(name: str, value: object) -> tuple[int, int]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(type(item) is int for item in value):
        return value[0], value[1]
    raise ConfigError(name, value, origin="launch", why="write two whole numbers of pixels, for example (800, 600)")
