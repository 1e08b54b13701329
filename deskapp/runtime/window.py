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
MIN_ZOOM, MAX_ZOOM = 0.25, 5.0  # Chromium's bounds; other engines have wider ones
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
        background: ``#rgb`` or ``#rrggbb``, painted until the page paints; None takes that of the desktop's theme.
        splash: Picture file shown in the middle of the window until the command ``hide_splash``.
        icon: Picture file for title bar and task bar; None leaves the default.
        confirm_close: Ask the application before a close request of the user is granted.
        visible: False opens the window hidden; the command ``show`` brings it up.
        frameless: Without title bar and border; what moves it are parts of the page.
        transparent: The desktop shows through where the page paints nothing.
        on_top: Stay above other windows.
        zoom: Scale of the page, 0.25 to 5.
        parent: A window of the same runtime above which this one stays.
        modal: The parent takes no input until this one closes.
        skip_taskbar: Not in the task bar.
        context_menu: None shows a menu where there is text to edit or to copy; True always, False never.
        spell_check: Languages such as ``"en_GB"`` for text fields; empty takes the desktop's, None checks nothing.
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
    background: str | None = None
    splash: Path | None = None
    icon: Path | None = None
    confirm_close: bool = False
    visible: bool = True
    frameless: bool = False
    transparent: bool = False
    on_top: bool = False
    zoom: float = 1.0
    parent: WindowId | None = None
    modal: bool = False
    skip_taskbar: bool = False
    context_menu: bool | None = None
    spell_check: tuple[str, ...] | None = ()
    debug: bool = False

    def __post_init__(self) -> None:
        check_url(self.url)
        for key in ("width", "height"):
            check_side(key, getattr(self, key))
        if self.background is not None:
            check_color(self.background)
        check_zoom(self.zoom)
        if self.modal and self.parent is None:
            raise ConfigError("modal", True, origin="window", why="it needs a parent; use session.open_window().")
        if (self.x is None) != (self.y is None):
            raise ConfigError("x, y", (self.x, self.y), origin="window", why="give both or neither.")
        object.__setattr__(self, "min_width", max(1, min(self.min_width, self.width)))
        object.__setattr__(self, "min_height", max(1, min(self.min_height, self.height)))

    def to_wire(self) -> dict[str, object]:
        """The spec as JSON-safe values."""
        values: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        values["mode"] = self.mode.value
        for key in ("icon", "splash"):
            values[key] = None if values[key] is None else str(values[key])
        return values

    @classmethod
    def from_wire(cls, values: Mapping[str, Any]) -> WindowSpec:
        """The spec that `to_wire` wrote."""
        files = {key: None if values[key] is None else Path(values[key]) for key in ("icon", "splash")}
        languages = values["spell_check"]
        return cls(
            **{
                **values,
                **files,
                "mode": WindowMode(values["mode"]),
                "spell_check": None if languages is None else tuple(languages),
            }
        )


@dataclass(frozen=True)
class Geometry:
    """Where a window is: the frame's corner and the size of the page's area, in logical pixels."""

    x: int
    y: int
    width: int
    height: int
    maximized: bool = False
    fullscreen: bool = False
    minimized: bool = False


@dataclass(frozen=True)
class Screen:
    """One screen of the desktop, in logical pixels.

    Args:
        name: What the system calls it, for example ``"HDMI-1"``.
        x: Left edge on the desktop.
        y: Top edge on the desktop.
        width: Its width.
        height: Its height.
        work_area: Left, top, width and height of what panels and docks leave.
        scale: Device pixels for each logical pixel.
        is_primary: Whether new windows go there.
    """

    name: str
    x: int
    y: int
    width: int
    height: int
    work_area: tuple[int, int, int, int]
    scale: float = 1.0
    is_primary: bool = False


def check_side(key: str, value: int) -> None:
    """Refuse a width or height that no window system can carry.

    Raises:
        ConfigError: `value` is not between 1 and 32000.
    """
    if not 1 <= value <= MAX_SIDE_PX:
        raise ConfigError(key, value, origin="window", why=f"it must be between 1 and {MAX_SIDE_PX} pixels.")


def check_color(color: str) -> None:
    """Refuse what is no ``#rgb`` or ``#rrggbb``.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(color, str) or not _COLOR.fullmatch(color):
        raise ConfigError("background", color, origin="window", why="write #rgb or #rrggbb.")


def check_zoom(factor: float) -> None:
    """Refuse a scale that engines do not have.

    Raises:
        ConfigError: `factor` is not between 0.25 and 5.
    """
    if not MIN_ZOOM <= factor <= MAX_ZOOM:
        raise ConfigError("zoom", factor, origin="window", why=f"it must be between {MIN_ZOOM:g} and {MAX_ZOOM:g}.")


def check_url(url: str) -> None:
    """Refuse what a window cannot load.

    Raises:
        ConfigError: `url` does not begin with ``http://``, ``https://`` or ``file://``.
    """
    if not url.startswith(("http://", "https://", "file://")):
        raise ConfigError("url", url, origin="window", why="a window loads http://, https:// and file:// addresses.")
