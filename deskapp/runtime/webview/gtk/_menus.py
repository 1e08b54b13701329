"""Menus of GTK, made of `Menu.to_wire` and changed in place: menu bars, menus in pages, what their roles do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Answer, Message
from deskapp.runtime.window import MAX_ZOOM, MIN_ZOOM

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit

ZOOM_STEP = 1.1

_EDITING = {
    "undo": "Undo", "redo": "Redo", "cut": "Cut", "copy": "Copy", "paste": "Paste", "select_all": "SelectAll"
}  # fmt: skip
_MODIFIERS = {
    "Ctrl": "CONTROL_MASK", "Mod": "CONTROL_MASK", "Alt": "MOD1_MASK", "Shift": "SHIFT_MASK", "Super": "SUPER_MASK"
}  # fmt: skip
_KEYS = {
    "Enter": "Return", "Space": "space", "Backspace": "BackSpace", "PageUp": "Page_Up", "PageDown": "Page_Down",
    "Plus": "plus",
}  # fmt: skip


class GtkMenu:
    """One menu with its submenus, inside a shell of GTK.

    Args:
        toolkit: What the windows share.
        shell: An empty `Gtk.MenuBar` or `Gtk.Menu`.
        wire: What to put there.
        choose: Called with the item that the user has chosen.
        window: Where shortcuts work, whether or not the menu is to be seen; None for none.
    """

    def __init__(
        self,
        toolkit: GtkToolkit,
        shell: Any,
        wire: list[Message],
        choose: Callable[[Message], None],
        *,
        window: Any | None = None,
    ) -> None:
        self._toolkit = toolkit
        self._gtk, self._gdk = toolkit.gtk, toolkit.gdk
        self._choose = choose
        self._wire = wire
        self._window = window
        self._keys: Any = None
        self._items: dict[int, tuple[Any, int]] = {}  # id → GTK's item, its handler
        if window is not None:
            self._keys = self._gtk.AccelGroup()
            window.add_accel_group(self._keys)
        self._fill(shell, wire)

    def end(self) -> None:
        """Take its shortcuts from the window."""
        if self._keys is not None and self._window is not None:
            self._window.remove_accel_group(self._keys)
            self._keys = None

    def update(self, wire: list[Message]) -> bool:
        """Show other texts, marks and states in the same places, also while it is open; False if places differ.

        An open menu keeps its width, whatever its texts.
        """
        if _shape(wire) != _shape(self._wire):
            return False
        self._wire = wire
        for entry in _entries(wire):
            item, handler = self._items[entry["id"]]
            item.set_label(_mnemonic(entry["text"]))
            item.set_sensitive(entry["enabled"])
            if entry["checked"] is not None:
                item.handler_block(handler)  # GTK takes it for a choice of the user
                item.set_active(entry["checked"])
                item.handler_unblock(handler)
        return True

    def _fill(self, shell: Any, wire: list[Message]) -> None:
        for entry in wire:
            item = self._gtk.SeparatorMenuItem() if entry.get("separator") else self._make(entry)
            item.show()
            shell.append(item)

    def _make(self, entry: Message) -> Any:
        number = entry["id"]
        kind = self._gtk.MenuItem if entry["checked"] is None else self._gtk.CheckMenuItem
        item = kind.new_with_mnemonic(_mnemonic(entry["text"]))
        item.set_sensitive(entry["enabled"])
        if entry["checked"] is not None:
            item.set_active(entry["checked"])
        handler = 0
        if entry["items"] is not None:
            submenu = self._gtk.Menu()
            self._fill(submenu, entry["items"])
            item.set_submenu(submenu)
        else:
            handler = item.connect("activate", lambda _: self._choose(self._entry(number)))
        self._items[number] = (item, handler)
        if entry["shortcut"] and self._keys is not None:
            self._bind(item, entry["shortcut"])
        return item

    def _entry(self, number: int) -> Message:
        return next(entry for entry in _entries(self._wire) if entry["id"] == number)

    def _bind(self, item: Any, shortcut: str) -> None:
        """Show a shortcut and obey it. GTK's own binding would end where the item is not to be seen."""
        key, modifiers = _accelerator(self._gdk, shortcut)

        def on_key(*_: Any) -> bool:
            if item.is_sensitive():
                item.activate()
            return True

        self._keys.connect(key, modifiers, self._gtk.AccelFlags.VISIBLE, on_key)
        item.get_child().set_accel(key, modifiers)


def popup(toolkit: GtkToolkit, view: Any, wire: list[Message], x: int, y: int, answer: Answer) -> None:
    """Show a menu in a page.

    Args:
        toolkit: What the windows share.
        view: Whose page.
        wire: The menu.
        x: From the page's left edge.
        y: From the page's top edge.
        answer: Gets the number of the chosen item, or None.
    """
    gtk, gdk = toolkit.gtk, toolkit.gdk
    window, page = view.window, view.webview
    shell = gtk.Menu()
    shell.attach_to_widget(page, None)

    def choose(item: Message) -> None:
        answer(item["id"])
        if item["role"]:
            act(item["role"], view, toolkit)

    GtkMenu(toolkit, shell, wire, choose)

    def end() -> None:
        answer(None)  # if nothing was chosen
        if window.handler_is_connected(closing):
            window.disconnect(closing)
        shell.destroy()

    closing = window.connect("destroy", lambda _: shell.deactivate())

    # An item is activated after the menu is gone, by the same event.
    shell.connect("deactivate", lambda _: toolkit.call_soon(end))
    place = gdk.Rectangle()
    place.x, place.y, place.width, place.height = x, y, 1, 1
    trigger = gdk.Event.new(gdk.EventType.BUTTON_RELEASE)  # the real one is long over; GTK wants one
    trigger.button.window = page.get_window()
    trigger.button.send_event = True
    trigger.set_device(page.get_display().get_default_seat().get_pointer())
    shell.popup_at_rect(page.get_window(), place, gdk.Gravity.NORTH_WEST, gdk.Gravity.NORTH_WEST, trigger)
    if not shell.get_mapped():  # another program holds pointer or keyboard
        toolkit.call_soon(end)


def act(role: str, view: Any | None, toolkit: GtkToolkit) -> None:
    """Do what a role says.

    Args:
        role: One of `deskapp.runtime.menu.ROLES`.
        view: On whose window; None (a menu in the tray) takes the one that has the keyboard, if any.
        toolkit: What the windows share.
    """
    if role == "quit":
        toolkit.close_all()
        return
    if view is None:
        view = next((view for view in toolkit.views() if view.window.is_active()), None)
    if view is None:
        return
    window, page = view.window, view.webview
    if role in _EDITING:
        page.execute_editing_command(_EDITING[role])
    elif role == "minimize":
        window.iconify()
    elif role == "close":
        toolkit.call_soon(window.close)
    elif role == "fullscreen":
        toolkit.fullscreen(view, not view.frame.is_fullscreen)
    elif role == "zoom_reset":
        page.set_zoom_level(1.0)
    else:
        factor = ZOOM_STEP if role == "zoom_in" else 1 / ZOOM_STEP
        page.set_zoom_level(min(MAX_ZOOM, max(MIN_ZOOM, page.get_zoom_level() * factor)))


def _entries(wire: list[Message]) -> Iterator[Message]:
    """All items, those of submenus included."""
    for entry in wire:
        if not entry.get("separator"):
            yield entry
            yield from _entries(entry["items"] or [])


def _shape(wire: list[Message]) -> list[object]:
    """What cannot be changed of a menu in place."""
    return [
        None
        if entry.get("separator")
        else (
            entry["id"],
            entry["shortcut"],
            entry["checked"] is None,
            None if entry["items"] is None else _shape(entry["items"]),
        )
        for entry in wire
    ]


def _mnemonic(text: str) -> str:
    """The text as GTK has it, which marks the keyboard's letter by an underscore."""
    return re.sub(r"&(.)", lambda found: "&" if found[1] == "&" else "_" + found[1], text.replace("_", "__"))


def _accelerator(gdk: Any, shortcut: str) -> tuple[int, Any]:
    """Key and modifiers of a shortcut."""
    *modifiers, name = shortcut.split("+")
    mask = gdk.ModifierType(0)
    for modifier in modifiers:
        mask |= getattr(gdk.ModifierType, _MODIFIERS[modifier])
    key = gdk.unicode_to_keyval(ord(name.lower())) if len(name) == 1 else gdk.keyval_from_name(_KEYS.get(name, name))
    return key, mask
