"""What a window is: `WindowSpec`, `Geometry` and `WindowId` as plain values, in logical pixels."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NewType

from deskapp.errors import ConfigError

WindowId = NewType("WindowId", str)

MAX_SIDE_PX = 32_000  # X11 and Win32 carry sizes in 16 signed bits
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class WindowMode(enum.Enum):
    """How a window meets the screen."""

    NORMAL = "normal"
    MAXIMIZED = "maximized"
    FULLSCREEN = "fullscreen"
    KIOSK = "kiosk"


@dataclass(frozen=True)
class WindowSpec:
    """A window to be opened. Sizes are of the page's area, positions of the frame.

    Args:
        url: What to load, http or https; may carry a one-time ticket in its fragment.
        title: Text of the title bar until the application sets another.
        width: Width of the page's area, 1 to 32000 px.
        height: Height of the page's area, 1 to 32000 px.
        x: Left edge on the first screen; None centres (Wayland always decides by itself).
        y: Top edge on the first screen; None centres.
        min_width: Smallest width that the user can give it; never more than `width`.
        min_height: Smallest height that the user can give it; never more than `height`.
        mode: Normal, maximized, fullscreen, or kiosk (fullscreen without a way back for the user).
        resizable: Whether the user may resize it.
        background: ``#rgb`` or ``#rrggbb``, painted until the page paints.
        icon: Picture file for title bar and task bar; None leaves the default.
        confirm_close: Ask the application before a close request of the user is granted.
        visible: False opens the window hidden; `Runtime.show` brings it up.
        debug: Give the page developer tools.

    Raises:
        ConfigError: A value is out of its range.
    """

    url: str
    title: str = "deskapp"
    width: int = 1000
    height: int = 700
    x: int | None = None
    y: int | None = None
    min_width: int = 200
    min_height: int = 120
    mode: WindowMode = WindowMode.NORMAL
    resizable: bool = True
    background: str = "#ffffff"
    icon: Path | None = None
    confirm_close: bool = False
    visible: bool = True
    debug: bool = False

    def __post_init__(self) -> None:
        check_url(self.url)
        for key in ("width", "height"):
            check_side(key, getattr(self, key))
        if not _COLOR.fullmatch(self.background):
            raise ConfigError("background", self.background, origin="window", why="write #rgb or #rrggbb.")
        if (self.x is None) != (self.y is None):
            raise ConfigError("x, y", (self.x, self.y), origin="window", why="give both or neither.")
        object.__setattr__(self, "min_width", max(1, min(self.min_width, self.width)))
        object.__setattr__(self, "min_height", max(1, min(self.min_height, self.height)))

    def to_wire(self) -> dict[str, object]:
        """The spec as JSON-safe values."""
        values: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        values["mode"] = self.mode.value
        values["icon"] = None if self.icon is None else str(self.icon)
        return values

    @classmethod
    def from_wire(cls, values: Mapping[str, Any]) -> WindowSpec:
        """The spec that `to_wire` wrote."""
        icon = values["icon"]
        return cls(**{**values, "mode": WindowMode(values["mode"]), "icon": None if icon is None else Path(icon)})


@dataclass(frozen=True)
class Geometry:
    """Where a window is: the frame's corner and the size of the page's area, in logical pixels."""

    x: int
    y: int
    width: int
    height: int
    maximized: bool = False
    fullscreen: bool = False


def check_side(key: str, value: int) -> None:
    """Refuse a width or height that no window system can carry.

    Raises:
        ConfigError: `value` is not between 1 and 32000.
    """
    if not 1 <= value <= MAX_SIDE_PX:
        raise ConfigError(key, value, origin="window", why=f"it must be between 1 and {MAX_SIDE_PX} pixels.")


def check_url(url: str) -> None:
    """Refuse what is no web address.

    For others pywebview would serve the file system to every program on this machine.

    Raises:
        ConfigError: `url` does not begin with ``http://`` or ``https://``.
    """
    if not url.startswith(("http://", "https://")):
        raise ConfigError("url", url, origin="window", why="a window loads http:// or https:// addresses only.")
