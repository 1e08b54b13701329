"""Menus in Qt: built from what `Menu.to_wire` makes, kept up to date, and what their roles do to a window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from deskapp.runtime.webview._host_window import Message
from deskapp.runtime.webview.qt._base import QtModules

Chosen = Callable[[Message], None]

_KEYS = {"Enter": "Return", "Escape": "Esc", "PageUp": "PgUp", "PageDown": "PgDown", "Delete": "Del", "Insert": "Ins",
         "Plus": "+"}  # fmt: skip
_MODIFIERS = {"Mod": "Ctrl", "Super": "Meta"}
if sys.platform == "darwin":  # where Qt calls the command key Ctrl, and Ctrl Meta
    _MODIFIERS = {"Mod": "Ctrl", "Super": "Ctrl", "Ctrl": "Meta"}


class QtMenu:
    """The items of one menu or menu bar.

    Args:
        qt: Qt's modules.
        root: The `QMenu` or `QMenuBar` to fill.
        wire: As of `Menu.to_wire`.
        chosen: Called with the item that was chosen.
        window: The widget in which the shortcuts work, whether the menu is on screen or not; None for no shortcuts.
    """

    def __init__(self, qt: QtModules, root: Any, wire: list[Message], chosen: Chosen, window: Any = None) -> None:
        self._qt, self._window, self._chosen = qt, window, chosen
        self._wire = wire
        self._actions: dict[int, Any] = {}
        self._fill(root, wire)

    def _fill(self, menu: Any, wire: list[Message]) -> None:
        for item in wire:
            if item.get("separator"):
                menu.addSeparator()
                continue
            if item["items"] is not None:
                submenu = self._qt.widgets.QMenu(item["text"], menu)
                self._fill(submenu, item["items"])
                action = menu.addMenu(submenu)
            else:
                action = self._qt.gui.QAction(item["text"], menu)
                # On macOS Qt would move items to the application's menu by what they say.
                action.setMenuRole(self._qt.gui.QAction.MenuRole.NoRole)
                menu.addAction(action)
                self._connect(action, item)
            self._actions[item["id"]] = action
            _dress(action, item)

    def _connect(self, action: Any, item: Message) -> None:
        number = item["id"]
        action.setCheckable(item["checked"] is not None)
        action.triggered.connect(lambda *_: self._chosen(self._item(number)))
        if self._window is not None and item["shortcut"] is not None:
            action.setShortcut(self._qt.gui.QKeySequence(key_sequence(item["shortcut"])))
            self._window.addAction(action)

    def _item(self, number: int) -> Message:
        return next(item for item in _items(self._wire) if item.get("id") == number)

    def update(self, wire: list[Message]) -> bool:
        """Take over texts, marks and what is enabled; False if more than that has changed."""
        if [_shape(item) for item in _items(wire)] != [_shape(item) for item in _items(self._wire)]:
            return False
        self._wire = wire
        for item in _items(wire):
            if not item.get("separator"):
                _dress(self._actions[item["id"]], item)
        return True


def _items(wire: list[Message]) -> Iterator[Message]:
    for item in wire:
        yield item
        yield from _items(item.get("items") or [])


def _shape(item: Message) -> tuple[object, ...]:
    """What of an item cannot change without a new menu."""
    if item.get("separator"):
        return ()
    children = None if item["items"] is None else len(item["items"])
    return item["id"], item["shortcut"], item["role"], item["checked"] is None, children


def _dress(action: Any, item: Message) -> None:
    action.setText(item["text"])
    action.setEnabled(item["enabled"])
    if item["checked"] is not None:
        action.setChecked(item["checked"])


def key_sequence(shortcut: str) -> str:
    """A shortcut as Qt writes it."""
    *modifiers, key = shortcut.split("+")
    return "+".join((*(_MODIFIERS.get(name, name) for name in modifiers), _KEYS.get(key, key)))


def act(role: str, view: Any, toolkit: Any) -> None:
    """Do what an item's role says, to a window and its page."""
    page = view.webview.page()
    actions = type(page).WebAction
    in_page = {
        "undo": actions.Undo,
        "redo": actions.Redo,
        "cut": actions.Cut,
        "copy": actions.Copy,
        "paste": actions.Paste,
        "select_all": actions.SelectAll,
    }
    if role in in_page:
        page.triggerAction(in_page[role])
    elif role == "minimize":
        toolkit.minimize(view)
    elif role == "close":
        toolkit.call_soon(view.close)  # not while its menu is still at work
    elif role == "fullscreen":
        toolkit.toggle_fullscreen(view)
    elif role in ("zoom_in", "zoom_out", "zoom_reset"):
        toolkit.step_zoom(view, {"zoom_in": 1, "zoom_out": -1, "zoom_reset": 0}[role])
    elif role == "quit":
        toolkit.close_all()
