"""Menus of WinForms, made of what `Menu.to_wire` says.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deskapp.runtime.menu import Shortcut
from deskapp.runtime.webview._host_window import Message
from deskapp.runtime.webview.winforms._keys import key_code

Choose = Callable[[Message], None]


def build_strip(forms: Any, menu: Sequence[Message], choose: Choose) -> Any:
    """A menu bar.

    Args:
        forms: The namespace System.Windows.Forms.
        menu: As of Menu.to_wire.
        choose: Called with the chosen item.
    """
    strip = forms.MenuStrip()
    _fill(forms, strip.Items, menu, choose)
    return strip


def build_popup(forms: Any, menu: Sequence[Message], choose: Choose) -> Any:
    """A menu that belongs to a place or a tray icon."""
    popup = forms.ContextMenuStrip()
    _fill(forms, popup.Items, menu, choose)
    return popup


def show_popup(
    forms: Any, control: Any, menu: Sequence[Message], place: Any, done: Callable[[Message | None], None]
) -> None:
    """Show a menu in a page.

    Args:
        forms: The namespace System.Windows.Forms.
        control: Where.
        menu: As of Menu.to_wire.
        place: A System.Drawing.Point of the control.
        done: Called once, with the chosen item or None, when the menu is gone.
    """
    chosen: list[Message] = []
    popup = build_popup(forms, menu, chosen.append)

    def closed(sender: Any, args: Any) -> None:
        # The item's own event comes after this one.
        control.BeginInvoke(forms.MethodInvoker(lambda: done(chosen[0] if chosen else None)))

    popup.Closed += closed
    popup.Show(control, place)


def _fill(forms: Any, items: Any, menu: Sequence[Message], choose: Choose) -> None:
    for entry in menu:
        items.Add(forms.ToolStripSeparator() if entry.get("separator") else _item(forms, entry, choose))


def _item(forms: Any, entry: Message, choose: Choose) -> Any:
    item = forms.ToolStripMenuItem(entry["text"])
    item.Enabled = entry["enabled"]
    if entry["items"] is not None:
        _fill(forms, item.DropDownItems, entry["items"], choose)
        return item
    if entry["checked"] is not None:
        item.Checked = entry["checked"]
    if entry["shortcut"]:
        code = key_code(Shortcut.parse(entry["shortcut"]))
        # Shown only: the key itself is heard by the page's control, see `_on_key`.
        item.ShortcutKeyDisplayString = code.name if code is not None else ""
    item.Click += lambda sender, args: choose(entry)
    return item
