"""`Tray`: an icon in the tray, with a menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp.app import launcher
from deskapp.desktop.trays import checked_icon, checked_tooltip

if TYPE_CHECKING:
    from types import TracebackType

    from deskapp._call import Call
    from deskapp.runtime.menu import Menu


class Tray:
    """An icon in the tray. It is shown as soon as the program runs, and until `remove` or the end of the program.

    Its attributes may be set at any time, from any thread, and so may those of its menu's items; what is shown follows.
    Functions that are given to it are called on the loop's thread and may be coroutine functions; what they raise is
    logged.

    Args:
        icon: A picture file; PNG is understood everywhere.
        tooltip: Text beside the pointer.
        menu: What a click opens; on most Linux desktops any click.
        on_activate: Called without arguments when it is clicked, where the desktop tells that.

    Raises:
        ConfigError: The icon is no picture file, or the tooltip no text.
    """

    def __init__(
        self,
        icon: str | Path,
        *,
        tooltip: str = "",
        menu: Menu | None = None,
        on_activate: Callable[[], object] | None = None,
    ) -> None:
        self._services = launcher().services
        self._trays = self._services.trays
        self._state = self._trays.make(icon, tooltip, menu, on_activate)
        if menu is not None:
            menu.watch(self._changed)
        self._showing = self._services.call(lambda: self._trays.show(self._state), "native.Tray")

    def __repr__(self) -> str:
        return f"<Tray {self._state.tooltip!r}{', removed' if self._state.is_removed else ''}>"

    def __enter__(self) -> Tray:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.remove()

    @property
    def shown(self) -> Call[None]:
        """Done when it is in the tray.

        Raises:
            NotSupported: This desktop has no tray; when awaited.
        """
        return self._showing

    @property
    def icon(self) -> Path:
        """Its picture file."""
        return Path(self._state.icon)

    @icon.setter
    def icon(self, value: str | Path) -> None:
        self._state.icon = checked_icon(value)
        self._changed()

    @property
    def tooltip(self) -> str:
        """Text beside the pointer."""
        return self._state.tooltip

    @tooltip.setter
    def tooltip(self, value: str) -> None:
        self._state.tooltip = checked_tooltip(value)
        self._changed()

    @property
    def menu(self) -> Menu | None:
        """What a click opens."""
        return self._state.menu

    @menu.setter
    def menu(self, value: Menu | None) -> None:
        if self._state.menu is not None:
            self._state.menu.unwatch(self._changed)
        self._state.menu = value
        if value is not None:
            value.watch(self._changed)
        self._changed()

    @property
    def on_activate(self) -> Callable[[], object] | None:
        """Called when it is clicked."""
        return self._state.on_activate

    @on_activate.setter
    def on_activate(self, value: Callable[[], object] | None) -> None:
        self._state.on_activate = value

    def remove(self) -> Call[None]:
        """Take it away; twice is fine."""
        if self._state.menu is not None:
            self._state.menu.unwatch(self._changed)
        return self._services.call(lambda: self._trays.remove(self._state), "native.Tray.remove")

    def _changed(self) -> None:
        self._trays.changed(self._state)
