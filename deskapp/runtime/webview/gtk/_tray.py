"""Icons in the tray: by an indicator where the desktop watches for them, else by GTK's own icon where X has a tray."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from deskapp.runtime.webview._host_window import Answer, Message, NotHere
from deskapp.runtime.webview.gtk._bus import has_owner, session_bus
from deskapp.runtime.webview.gtk._menus import GtkMenu, act
from deskapp.runtime.webview.gtk._x11 import XClient, is_x11

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit

WATCHER = "org.kde.StatusNotifierWatcher"


class _Icon(Protocol):
    def show(self, icon: str, tooltip: str, menu: Any | None) -> None: ...
    def remove(self) -> None: ...


class GtkTray:
    """The icons of this application.

    Args:
        toolkit: What the windows share.
    """

    def __init__(self, toolkit: GtkToolkit) -> None:
        self._toolkit = toolkit
        self._icons: dict[str, _Icon] = {}
        self._menus: dict[str, tuple[Any, GtkMenu]] = {}

    def serve(self, args: Message, answer: Answer) -> None:
        """Set or remove an icon; see `base.SERVICE_ARGUMENTS`."""
        id = args["id"]
        if args["do"] == "remove":
            icon = self._icons.pop(id, None)
            self._menus.pop(id, None)
            if icon is not None:
                icon.remove()
        else:
            if id not in self._icons:
                self._icons[id] = self._make(id)
            self._icons[id].show(args["icon"], args.get("tooltip") or "", self._menu(id, args.get("menu")))
        answer()

    def _make(self, id: str) -> _Icon:
        toolkit = self._toolkit
        bus = session_bus(toolkit.gio, toolkit.glib)
        if bus is not None and has_owner(toolkit.glib, toolkit.gio, bus, WATCHER):
            indicators = _indicators()
            if indicators is not None:
                return _Indicator(toolkit, indicators, id, lambda: self._report(id, "activate"))
        if is_x11(toolkit.gdk) and XClient(toolkit.gdk).has_owner("_NET_SYSTEM_TRAY_S0"):
            return _StatusIcon(toolkit, lambda: self._report(id, "activate"))
        raise NotHere("the desktop has no tray")

    def _report(self, id: str, what: str, **facts: object) -> None:
        self._toolkit.events.changed("tray", {"id": id, "what": what, **facts})

    def _menu(self, id: str, wire: list[Message] | None) -> Any | None:
        """The menu of an icon; the same as before, if it could be changed in place."""
        if wire is None:
            self._menus.pop(id, None)
            return None
        if id in self._menus:
            shell, menu = self._menus[id]
            if menu.update(wire):
                return shell

        def choose(item: Message) -> None:
            if item["role"]:
                act(item["role"], None, self._toolkit)
            self._report(id, "menu", item=item["id"])

        shell = self._toolkit.gtk.Menu()
        self._menus[id] = (shell, GtkMenu(self._toolkit, shell, wire, choose))
        return shell


class _Indicator:
    """An icon by libayatana-appindicator; a click opens its menu, and is not told.

    One without a menu has an item for that.
    """

    def __init__(self, toolkit: GtkToolkit, indicators: Any, id: str, activated: Callable[[], None]) -> None:
        self._gtk = toolkit.gtk
        self._kinds = indicators.IndicatorStatus
        self._activated, self._name = activated, toolkit.app_id
        self._menu: Any = None
        category = indicators.IndicatorCategory.APPLICATION_STATUS
        self._indicator = indicators.Indicator.new(f"{toolkit.app_id}-{id}", "", category)

    def show(self, icon: str, tooltip: str, menu: Any | None) -> None:
        indicator = self._indicator
        indicator.set_icon_full(icon, tooltip)
        indicator.set_title(tooltip)
        indicator.set_secondary_activate_target(None)  # it is an item of the menu that goes now
        self._menu = self._substitute(tooltip) if menu is None else menu
        indicator.set_menu(self._menu)
        if menu is None:
            indicator.set_secondary_activate_target(self._menu.get_children()[0])
        indicator.set_status(self._kinds.ACTIVE)

    def _substitute(self, text: str) -> Any:
        menu, item = self._gtk.Menu(), self._gtk.MenuItem.new_with_label(text or self._name)
        item.connect("activate", lambda _: self._activated())
        item.show()
        menu.append(item)
        return menu

    def remove(self) -> None:
        self._indicator.set_secondary_activate_target(None)
        self._indicator.set_status(self._kinds.PASSIVE)
        self._indicator = None


class _StatusIcon:
    """An icon by GTK, in the kind of tray that takes windows of X."""

    def __init__(self, toolkit: GtkToolkit, activated: Callable[[], None]) -> None:
        self._gtk = toolkit.gtk
        self._menu: Any = None
        self._icon = toolkit.gtk.StatusIcon()
        self._icon.connect("activate", lambda _: activated())
        self._icon.connect("popup-menu", self._on_popup)

    def show(self, icon: str, tooltip: str, menu: Any | None) -> None:
        self._menu = menu
        self._icon.set_from_file(icon)
        self._icon.set_tooltip_text(tooltip)
        self._icon.set_visible(True)

    def remove(self) -> None:
        self._icon.set_visible(False)
        self._icon = None

    def _on_popup(self, icon: Any, button: int, time: int) -> None:
        if self._menu is not None:
            self._menu.popup(None, None, self._gtk.StatusIcon.position_menu, icon, button, time)


def _indicators() -> Any | None:
    import gi

    try:
        gi.require_version("AyatanaAppIndicator3", "0.1")
    except ValueError:
        return None
    from gi.repository import AyatanaAppIndicator3

    return AyatanaAppIndicator3
