"""`Menu`, `MenuItem`, `Separator` and `Shortcut`: menus as data, whose items may change while they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deskapp.errors import ConfigError

ROLES = (
    "undo", "redo", "cut", "copy", "paste", "select_all", "minimize", "close", "fullscreen", "zoom_in", "zoom_out",
    "zoom_reset", "quit",
)  # fmt: skip
"""What a menu item can do by itself, on the window that has the keyboard."""

ROLE_TEXTS = {
    "undo": "&Undo",
    "redo": "&Redo",
    "cut": "Cu&t",
    "copy": "&Copy",
    "paste": "&Paste",
    "select_all": "Select &All",
    "minimize": "&Minimize",
    "close": "&Close",
    "fullscreen": "&Full Screen",
    "zoom_in": "Zoom &In",
    "zoom_out": "Zoom &Out",
    "zoom_reset": "&Actual Size",
    "quit": "&Quit",
}

MODIFIERS = ("Ctrl", "Alt", "Shift", "Super", "Mod")
_NAMED_KEYS = (
    "Enter", "Escape", "Tab", "Space", "Backspace", "Delete", "Insert", "Home", "End", "PageUp", "PageDown",
    "Left", "Right", "Up", "Down", "Plus", *(f"F{number}" for number in range(1, 25)),
)  # fmt: skip
_KEYS = {key.lower(): key for key in _NAMED_KEYS}


@dataclass(frozen=True)
class Shortcut:
    """A key with its modifiers, for example ``Ctrl+Shift+S``.

    Args:
        modifiers: Out of `MODIFIERS`, in that order; ``Mod`` is the command key on macOS and Ctrl elsewhere.
        key: A character in upper case, or a name such as ``"F5"``, ``"Enter"`` or ``"Plus"``.
    """

    modifiers: tuple[str, ...]
    key: str

    @classmethod
    def parse(cls, text: str) -> Shortcut:
        """Read ``"ctrl+shift+s"``, whatever the case.

        Raises:
            ConfigError: It names no key, or something that is no modifier.
        """
        *modifiers, key = [part.strip() for part in text.split("+")]
        known = {name.lower(): name for name in (*MODIFIERS, "Control", "Cmd", "Meta")}
        renamed = {"Control": "Ctrl", "Cmd": "Mod", "Meta": "Super"}
        try:
            found = {renamed.get(known[part.lower()], known[part.lower()]) for part in modifiers}
        except KeyError as error:
            why = f"there is no modifier {error.args[0]!r}; known are {', '.join(MODIFIERS)}"
            raise ConfigError("shortcut", text, origin="menu", why=why) from None
        if len(key) == 1 and key.isprintable() and not key.isspace():
            key = key.upper()
        elif key.lower() in _KEYS:
            key = _KEYS[key.lower()]
        else:
            why = "end it with a key: a character, or one of " + ", ".join(_NAMED_KEYS[:10]) + ", … F24; 'Plus' for +"
            raise ConfigError("shortcut", text, origin="menu", why=why)
        return cls(tuple(name for name in MODIFIERS if name in found), key)

    def __str__(self) -> str:
        return "+".join((*self.modifiers, self.key))


class Separator:
    """A line between items."""


class MenuItem:
    """One line of a menu. Its attributes may be set at any time, from any thread; menus that are shown follow.

    Args:
        text: What it says; ``&`` stands before the letter that chooses it by keyboard, ``&&`` is an ampersand.
        action: Called without arguments when it is chosen; may be a coroutine function.
        shortcut: For example ``"Ctrl+O"``, or ``"Mod+O"`` for the command key on macOS; works for menu bars.
        enabled: Whether it can be chosen.
        checked: None for an item without a mark; True or False for one that the user turns on and off.
        role: Something that it does by itself, one of `ROLES`.
        submenu: The menu that it opens.

    Raises:
        ConfigError: The shortcut cannot be, or there is no such role.
    """

    def __init__(
        self,
        text: str = "",
        action: Callable[[], object] | None = None,
        *,
        shortcut: str = "",
        enabled: bool = True,
        checked: bool | None = None,
        role: str = "",
        submenu: Menu | None = None,
    ) -> None:
        if role and role not in ROLES:
            raise ConfigError("role", role, origin="menu", why=f"it is one of {', '.join(ROLES)}")
        self._watchers: list[Callable[[], None]] = []
        self._text = text or ROLE_TEXTS.get(role, "")
        self._enabled, self._checked = enabled, checked
        self.action = action
        self.shortcut = Shortcut.parse(shortcut) if shortcut else None
        self.role = role
        self.submenu = submenu

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    @text.setter
    def text(self, value: str) -> None:
        self._text = value
        self._changed()

    @property
    def enabled(self) -> bool:
        """Whether it can be chosen."""
        return self._enabled

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._enabled = value
        self._changed()

    @property
    def checked(self) -> bool | None:
        """Whether its mark is set; None if it has none."""
        return self._checked

    @checked.setter
    def checked(self, value: bool | None) -> None:
        self._checked = value
        self._changed()

    def _changed(self) -> None:
        for watcher in list(self._watchers):
            watcher()


Entry = MenuItem | Separator


class Menu:
    """A list of items.

    Args:
        entries: `MenuItem` and `Separator` objects, from the top.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: list[Entry] = list(entries)
        self._watchers: list[Callable[[], None]] = []

    @property
    def entries(self) -> Sequence[Entry]:
        """What is in it; assign another list to replace them all."""
        return tuple(self._entries)

    @entries.setter
    def entries(self, value: Iterable[Entry]) -> None:
        watchers = list(self._watchers)
        for watcher in watchers:
            self.unwatch(watcher)
        self._entries = list(value)
        for watcher in watchers:
            self.watch(watcher)
            watcher()

    def items(self) -> Iterator[MenuItem]:
        """All items, those of submenus included, from the top."""
        for entry in self._entries:
            if isinstance(entry, MenuItem):
                yield entry
                if entry.submenu is not None:
                    yield from entry.submenu.items()

    def watch(self, changed: Callable[[], None]) -> None:
        """Have `changed` called, on whatever thread, when something in this menu changes."""
        self._watchers.append(changed)
        for entry in self._entries:
            if isinstance(entry, MenuItem):
                entry._watchers.append(changed)
                if entry.submenu is not None:
                    entry.submenu.watch(changed)

    def unwatch(self, changed: Callable[[], None]) -> None:
        """No longer call `changed`."""
        for watchers in (self._watchers, *(e._watchers for e in self._entries if isinstance(e, MenuItem))):
            if changed in watchers:
                watchers.remove(changed)
        for entry in self._entries:
            if isinstance(entry, MenuItem) and entry.submenu is not None:
                entry.submenu.unwatch(changed)

    def to_wire(self) -> list[dict[str, Any]]:
        """The menu as JSON-safe values; an item's ``id`` is its place among `items`, from 0."""
        numbers = {id(item): number for number, item in enumerate(self.items())}
        return _wire(self, numbers)

    def item_at(self, number: int) -> MenuItem | None:
        """The item that `to_wire` calls by this id."""
        return next((item for at, item in enumerate(self.items()) if at == number), None)


def _wire(menu: Menu, numbers: dict[int, int]) -> list[dict[str, Any]]:
    return [
        {"separator": True}
        if isinstance(entry, Separator)
        else {
            "id": numbers[id(entry)],
            "text": entry.text,
            "shortcut": None if entry.shortcut is None else str(entry.shortcut),
            "enabled": entry.enabled,
            "checked": entry.checked,
            "role": entry.role,
            "items": None if entry.submenu is None else _wire(entry.submenu, numbers),
        }
        for entry in menu._entries
    ]


def plain_text(text: str) -> str:
    """An item's text without the marks of its keyboard letter."""
    return re.sub(r"&(.)", r"\1", text)
