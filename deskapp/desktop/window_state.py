"""Remembers where windows were, and finds each a place on the screens of today.

The file is JSON:

    {"version": 1, "windows": {"main": {"x": 10, "y": 20, "width": 800, "height": 600, "maximized": false,
                                        "screen": "HDMI-1"}}}
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from deskapp.paths import atomic_write
from deskapp.runtime.window import MAX_SIDE_PX, Geometry, Screen, WindowMode

logger = logging.getLogger("deskapp.window")

VERSION = 1
MAX_WINDOWS = 200
"""So many windows are remembered; the one that was saved longest ago is forgotten first."""

MAX_PLACE_PX = 1_000_000


@dataclass(frozen=True)
class Place:
    """Where a window was while it was neither maximized nor minimized nor fullscreen, in logical pixels.

    Args:
        x: Left edge of the frame.
        y: Top edge of the frame.
        width: Width of the page's area.
        height: Height of the page's area.
        maximized: Whether it filled its screen in the end.
        screen: Name of the screen that it was on; empty if unknown.
    """

    x: int
    y: int
    width: int
    height: int
    maximized: bool = False
    screen: str = ""


class WindowStates:
    """The places of a program's windows, in a file.

    Args:
        file: Where they are kept; a broken or missing file remembers nothing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._places: dict[str, Place] | None = None

    def load(self, key: str, screens: Sequence[Screen]) -> dict[str, Any]:
        """What to change in a `WindowSpec` so that the window opens where it was.

        Args:
            key: Names the window, for all runs of the program.
            screens: The screens of now; without any, the size alone is returned.

        Returns:
            ``width``, ``height``, ``x``, ``y`` and, for a window that was maximized, ``mode``; empty if nothing is
            known.
        """
        place = self._all().get(key)
        if place is None:
            return {}
        changes: dict[str, Any] = {"mode": WindowMode.MAXIMIZED} if place.maximized else {}
        if not screens:
            return {**changes, "width": place.width, "height": place.height}
        found = fitted(place, screens)
        return {**changes, "x": found.x, "y": found.y, "width": found.width, "height": found.height}

    def save(self, key: str, geometry: Geometry, screen: str = "") -> None:
        """Remember where a window is, at once on disk.

        Args:
            key: Names the window.
            geometry: Where it is. A maximized window keeps the normal place that was saved before.
            screen: Name of its screen.

        Raises:
            OSError: The file cannot be written.
        """
        places = self._all()
        new = remembered(places.get(key), geometry, screen)
        if new is None or new == places.get(key):
            return
        places.pop(key, None)
        places[key] = new
        while len(places) > MAX_WINDOWS:
            del places[next(iter(places))]
        windows = {name: asdict(place) for name, place in places.items()}
        atomic_write(self._file, json.dumps({"version": VERSION, "windows": windows}, indent=1) + "\n")

    def forget(self, key: str) -> None:
        """Have a window open where it would have opened the first time.

        Raises:
            OSError: The file cannot be written.
        """
        if self._all().pop(key, None) is not None:
            windows = {name: asdict(place) for name, place in self._all().items()}
            atomic_write(self._file, json.dumps({"version": VERSION, "windows": windows}, indent=1) + "\n")

    def _all(self) -> dict[str, Place]:
        if self._places is None:
            self._places = _read(self._file)
        return self._places


def _read(file: Path) -> dict[str, Place]:
    try:
        content = json.loads(file.read_bytes())
        windows = content["windows"] if content["version"] == VERSION else {}
        return {key: place for key, value in windows.items() if (place := _place_from(value)) is not None}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        logger.warning("Where the windows were cannot be read from %s: %r", file, error)
        return {}


def _place_from(value: object) -> Place | None:
    """What the file says of one window, if that makes sense."""
    if not isinstance(value, dict) or not {field.name for field in fields(Place)} <= value.keys():
        return None
    numbers = [value[key] for key in ("x", "y", "width", "height")]
    if any(not isinstance(number, int) or isinstance(number, bool) for number in numbers):
        return None
    x, y, width, height = numbers
    if abs(x) > MAX_PLACE_PX or abs(y) > MAX_PLACE_PX or not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        return None
    return Place(x, y, width, height, value["maximized"] is True, str(value["screen"]))


def remembered(before: Place | None, geometry: Geometry, screen: str = "") -> Place | None:
    """What is known of a window after it was seen somewhere; None if that is nothing yet.

    Args:
        before: What was known.
        geometry: Where it was seen.
        screen: Name of its screen.
    """
    if geometry.minimized or geometry.fullscreen:
        return before
    if geometry.maximized and before is not None:
        return replace(before, maximized=True, screen=screen or before.screen)
    width, height = max(1, min(geometry.width, MAX_SIDE_PX)), max(1, min(geometry.height, MAX_SIDE_PX))
    return Place(geometry.x, geometry.y, width, height, geometry.maximized, screen)


def fitted(place: Place, screens: Sequence[Screen]) -> Place:
    """The place moved, and if need be shrunk, into the work area of a screen.

    The screen is the one that shows most of it, or of a maximized window that of its name; else that of its name, else
    the primary one, where it is centred.

    Args:
        place: Where the window was.
        screens: The screens of now, at least one.
    """
    seen = max(screens, key=lambda screen: _overlap(place, screen))
    named = next((screen for screen in screens if screen.name == place.screen), None)
    x, y = place.x, place.y
    if _overlap(place, seen) and (named in (None, seen) or not place.maximized):
        left, top, width, height = seen.work_area
    else:
        home = named or next((screen for screen in screens if screen.is_primary), screens[0])
        left, top, width, height = home.work_area
        x, y = left + (width - place.width) // 2, top + (height - place.height) // 2
    new_width, new_height = max(1, min(place.width, width)), max(1, min(place.height, height))
    return replace(
        place,
        x=max(left, min(x, left + width - new_width)),
        y=max(top, min(y, top + height - new_height)),
        width=new_width,
        height=new_height,
    )


def _overlap(place: Place, screen: Screen) -> int:
    """How much of a screen's work area a window takes, in square pixels."""
    left, top, width, height = screen.work_area
    across = min(place.x + place.width, left + width) - max(place.x, left)
    down = min(place.y + place.height, top + height) - max(place.y, top)
    return max(0, across) * max(0, down)
