"""Windows that come back where they were: asked before one opens, told when it closes."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deskapp.errors import DeskappError
from deskapp.runtime.window import Geometry, Screen

if TYPE_CHECKING:
    from deskapp._window_record import WindowRecord
    from deskapp.desktop.window_state import WindowStates
    from deskapp.runtime.window import WindowSpec

logger = logging.getLogger("deskapp.window")


class WindowMemory:
    """Keeps the places of the windows that wished it.

    Args:
        states: Returns the file of the program; asked once a window wishes to be remembered.
        screens: Tells the screens of now.
    """

    def __init__(self, states: Callable[[], WindowStates], screens: Callable[[], Awaitable[list[Screen]]]) -> None:
        self._make_states = states
        self._screens = screens
        self._states: WindowStates | None = None

    async def recall(self, window: WindowRecord, spec: WindowSpec) -> WindowSpec:
        """The spec with the place where the window was last, if that is known."""
        key = window.wishes.remember
        if not key or not self._kept.load(key, []):
            return spec
        try:
            screens = await self._screens()
        except DeskappError as error:
            logger.debug("the screens are not known: %s", error)
            screens = []
        changes: dict[str, Any] = self._kept.load(key, screens)
        sides = {name: min(getattr(spec, name), changes[name[4:]]) for name in ("min_width", "min_height")}
        return replace(spec, **{**changes, **sides})

    def keep(self, window: WindowRecord) -> None:
        """A window closes: remember where it was, from what was reported of it."""
        key, handle = window.wishes.remember, window.handle
        if not key or handle.size == (0, 0):
            return
        try:
            if handle.normal_geometry is not None:
                self._kept.save(key, handle.normal_geometry)
            if handle.state == "maximized":
                (x, y), (width, height) = handle.position, handle.size
                self._kept.save(key, Geometry(x, y, width, height, maximized=True))
        except OSError as error:
            logger.warning("Where the window %s was cannot be kept: %s", window.name, error)

    @property
    def _kept(self) -> WindowStates:
        if self._states is None:
            self._states = self._make_states()
        return self._states
