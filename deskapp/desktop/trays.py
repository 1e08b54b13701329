"""Icons in the tray: what each shows, told to the runtime in order, and what the user does with it, told to the app."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp.errors import ConfigError
from deskapp.runtime.handle import run_action

if TYPE_CHECKING:
    from deskapp.runtime.menu import Menu, MenuItem

logger = logging.getLogger("deskapp.native")

ICON_SUFFIXES = (".png", ".svg", ".ico", ".icns", ".jpg", ".jpeg")
MAX_TOOLTIP = 127  # what Windows shows


@dataclass(eq=False)
class TrayState:
    """What one icon shows, and who hears of it.

    Args:
        id: Names it for the runtime.
        icon: Path of a picture file.
        tooltip: Text beside the pointer.
        menu: Its menu.
        on_activate: Called when it is clicked.
        context: The context variables with which handlers are called.
    """

    id: str
    icon: str
    tooltip: str = ""
    menu: Menu | None = None
    on_activate: Callable[[], object] | None = None
    context: Context = field(default_factory=copy_context, repr=False)
    is_removed: bool = False
    is_due: bool = False

    def arguments(self) -> dict[str, object]:
        """What the service ``tray`` takes."""
        menu = None if self.menu is None else self.menu.to_wire()
        return {"do": "set", "id": self.id, "icon": self.icon, "tooltip": self.tooltip, "menu": menu}


class Trays:
    """All tray icons of a program.

    Args:
        ask: Asks for a service.
        keep: Lets the runtimes' processes stay when no window is left; or no longer.
        run_soon: Has a function called soon on the loop's thread; from any thread.
        spawn: Has a coroutine run; on the loop's thread.
    """

    def __init__(
        self,
        ask: Callable[..., Awaitable[object]],
        keep: Callable[[], Awaitable[None]],
        run_soon: Callable[[Callable[[], None]], object],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._ask, self._keep, self._run_soon, self._spawn = ask, keep, run_soon, spawn
        self._numbers = itertools.count(1)
        self._shown: dict[str, TrayState] = {}

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self._shown)

    def make(
        self, icon: str | Path, tooltip: str, menu: Menu | None, on_activate: Callable[[], object] | None
    ) -> TrayState:
        """A new icon, which is not shown yet; from any thread.

        Raises:
            ConfigError: The icon is none, or the tooltip is no text.
        """
        return TrayState(f"tray-{next(self._numbers)}", checked_icon(icon), checked_tooltip(tooltip), menu, on_activate)

    async def show(self, tray: TrayState) -> None:
        """Show an icon as it is now, for the first time or again.

        Raises:
            NotSupported: No runtime here has a tray, or this desktop has none.
            RuntimeFailed: The runtime failed.
        """
        tray.is_due = False
        if tray.is_removed:
            return
        is_new = tray.id not in self._shown
        self._shown[tray.id] = tray
        try:
            await self._ask("tray", **tray.arguments())
        except BaseException:
            if is_new:
                self._shown.pop(tray.id, None)
            raise
        if is_new:
            await self._keep()

    async def remove(self, tray: TrayState) -> None:
        """Take an icon away; one that is gone is no error."""
        tray.is_removed = True
        if self._shown.pop(tray.id, None) is not None:
            await self._ask("tray", do="remove", id=tray.id)
            await self._keep()

    def changed(self, tray: TrayState) -> None:
        """Show soon what has changed; from any thread. Changes of one moment are told together."""
        if not tray.is_due and not tray.is_removed:
            tray.is_due = True
            self._run_soon(lambda: self._update(tray))

    def _update(self, tray: TrayState) -> None:
        if tray.id in self._shown:
            self._spawn(self.show(tray))
        else:
            tray.is_due = False  # what shows it first shows it as it is then

    def take(self, news: object) -> None:
        """The user did something with an icon."""
        tray = self._shown.get(str(news.get("id"))) if isinstance(news, Mapping) else None
        if tray is None or not isinstance(news, Mapping):
            logger.debug("news of a tray icon that is none: %r", news)
        elif news.get("what") == "activate":
            self._run(tray, tray.on_activate, "the tray icon")
        elif tray.menu is not None and isinstance(number := news.get("item"), int):
            item = tray.menu.item_at(number)
            if item is not None:
                self._choose(tray, item)

    def _choose(self, tray: TrayState, item: MenuItem) -> None:
        if not item.enabled:
            return
        if item.checked is not None:
            item.checked = not item.checked
        self._run(tray, item.action, f"the menu item {item.text!r}")

    def _run(self, tray: TrayState, action: Callable[[], object] | None, what: str) -> None:
        if action is not None:
            tray.context.copy().run(run_action, action, what, self._spawn)

    def forget(self) -> None:
        """The program ends, and with it what shows the icons."""
        for tray in self._shown.values():
            tray.is_removed = True
        self._shown.clear()

    def restore(self) -> None:
        """Show all icons again: the process that showed them is gone."""
        for tray in list(self._shown.values()):
            self._spawn(self.show(tray))


def checked_icon(icon: str | Path) -> str:
    """The absolute path of a picture file.

    Raises:
        ConfigError: It is none.
    """
    origin, path = "native.Tray", Path(icon).expanduser().absolute() if isinstance(icon, str | Path) and icon else None
    try:
        is_file = path is not None and path.is_file()
    except ValueError:  # a null character
        is_file = False
    if path is None or not is_file:
        raise ConfigError("icon", icon, origin=origin, why="there is no such file.")
    if path.suffix.lower() not in ICON_SUFFIXES:
        why = f"it is no picture; give a file that ends in {', '.join(ICON_SUFFIXES)}."
        raise ConfigError("icon", str(icon), origin=origin, why=why)
    return str(path)


def checked_tooltip(tooltip: object) -> str:
    """A text to be shown beside the pointer.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(tooltip, str) or "\0" in tooltip:
        raise ConfigError("tooltip", tooltip, origin="native.Tray", why="it must be a text.")
    return tooltip[:MAX_TOOLTIP]
