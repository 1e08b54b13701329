"""Menus of Cocoa, made of what `Menu.to_wire` says: menu bars, menus in pages and of the tray.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from deskapp.runtime.menu import ROLE_TEXTS
from deskapp.runtime.webview._host_window import Message
from deskapp.runtime.webview.cocoa import _plan as plan

if TYPE_CHECKING:
    from deskapp.runtime.webview.cocoa._services import CocoaServices

Choose = Callable[[Message], None]


def build_menu(toolkit: CocoaServices, menu: Sequence[Message], choose: Choose, title: str = "") -> Any:
    """An NSMenu.

    Args:
        toolkit: Whose classes are used.
        menu: As of Menu.to_wire.
        choose: Called with the chosen item.
        title: What a menu bar shows.
    """
    made = toolkit._appkit.NSMenu.alloc().initWithTitle_(title)
    made.setAutoenablesItems_(False)
    for entry in menu:
        made.addItem_(_item(toolkit, entry, choose))
    return made


def build_main_menu(toolkit: CocoaServices, name: str, menu: Sequence[Message], choose: Choose) -> Any:
    """A menu bar with the application's own menu first, and one for editing if the application brings none."""
    bar: list[Message] = [_submenu(name, [_role("quit")])]
    if not plan.has_role(menu, "copy"):
        bar.append(_submenu("Edit", [_role(role) if role else {"separator": True} for role in plan.EDIT_MENU]))
    return build_menu(toolkit, [*bar, *menu], choose)


def _submenu(text: str, items: list[Message]) -> Message:
    return {"text": text, "shortcut": None, "enabled": True, "checked": None, "role": "", "items": items}


def _role(role: str) -> Message:
    return {
        "text": ROLE_TEXTS[role],
        "shortcut": None,
        "enabled": True,
        "checked": None,
        "role": role,
        "items": None,
    }


def _item(toolkit: CocoaServices, entry: Message, choose: Choose) -> Any:
    items = toolkit._appkit.NSMenuItem
    if entry.get("separator"):
        return items.separatorItem()
    key, mask = plan.item_key(entry["shortcut"], entry["role"])
    text = plan.item_text(entry["text"])
    made = items.alloc().initWithTitle_action_keyEquivalent_(text, "choose:", key)
    made.setKeyEquivalentModifierMask_(mask)
    made.setEnabled_(entry["enabled"])
    if entry["items"] is not None:
        made.setAction_(None)
        made.setSubmenu_(build_menu(toolkit, entry["items"], choose, text))
        return made
    if entry["checked"] is not None:
        made.setState_(1 if entry["checked"] else 0)
    target = toolkit._classes.target.alloc().init()
    target.chosen = lambda sender: choose(entry)
    made.setTarget_(target)
    made.setRepresentedObject_(target)  # an item does not keep its target
    return made
