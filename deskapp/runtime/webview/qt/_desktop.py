"""What Qt knows of the desktop around the windows: screens, tray, power, and progress on the task bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview._host_window import HostEvents, Message, NotHere
from deskapp.runtime.webview.qt._base import QtModules
from deskapp.runtime.webview.qt._bus import QtBus

LAUNCHER = "com.canonical.Unity.LauncherEntry"
LOGIN, LOGIN_PATH, LOGIN_MANAGER = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"


class QtScreens:
    """The screens, and news of them."""

    def __init__(self, qt: QtModules, events: HostEvents) -> None:
        self._application = qt.application
        self._events = events
        self._application.screenAdded.connect(self._on_added)
        self._application.screenRemoved.connect(self._tell)
        self._application.primaryScreenChanged.connect(self._tell)
        for screen in self._application.screens():
            self._watch(screen)

    def list(self) -> list[Message]:
        """As `base.SERVICE_ARGUMENTS` has it under ``screens``."""
        primary = self._application.primaryScreen()
        return [_screen(screen, screen is primary) for screen in self._application.screens()]

    def _on_added(self, screen: Any) -> None:
        self._watch(screen)
        self._tell()

    def _watch(self, screen: Any) -> None:
        screen.geometryChanged.connect(self._tell)
        screen.availableGeometryChanged.connect(self._tell)

    def _tell(self, *_: object) -> None:
        self._events.changed("screens", None)


def _screen(screen: Any, is_primary: bool) -> Message:
    whole, free = screen.geometry(), screen.availableGeometry()
    return {
        "name": screen.name(),
        "x": whole.x(),
        "y": whole.y(),
        "width": whole.width(),
        "height": whole.height(),
        "work_area": [free.x(), free.y(), free.width(), free.height()],
        "scale": screen.devicePixelRatio(),
        "is_primary": is_primary,
    }


class QtTray:
    """Icons in the tray."""

    def __init__(self, qt: QtModules, events: HostEvents, quit: Callable[[], None]) -> None:
        self._qt, self._events, self._quit = qt, events, quit
        self._icons: dict[str, Any] = {}
        self._menus: dict[str, tuple[Any, Any]] = {}

    def serve(self, args: Message) -> None:
        """As `base.SERVICE_ARGUMENTS` has it under ``tray``."""
        name = args["id"]
        if args["do"] == "remove":
            self._remove(name)
            return
        kind = self._qt.widgets.QSystemTrayIcon
        if not kind.isSystemTrayAvailable():
            raise NotHere("this desktop has no tray")
        picture = self._qt.gui.QIcon(args["icon"])
        if picture.isNull() or not picture.availableSizes():
            raise ValueError(f"the icon {args['icon']} cannot be read")
        icon = self._icons.get(name)
        if icon is None:
            icon = self._icons[name] = kind(picture)
            clicked = kind.ActivationReason.Trigger
            icon.activated.connect(lambda reason: self._tell(name, "activate") if reason == clicked else None)
        icon.setIcon(picture)
        icon.setToolTip(args.get("tooltip") or "")
        self._set_menu(name, icon, args.get("menu"))
        icon.show()

    def _set_menu(self, name: str, icon: Any, wire: list[Message] | None) -> None:
        from deskapp.runtime.webview.qt._menus import QtMenu

        root, menu = self._menus.get(name, (None, None))
        if wire is not None and menu is not None and menu.update(wire):
            return
        self._menus.pop(name, None)
        if wire is None:
            icon.setContextMenu(None)
        else:
            popup = self._qt.widgets.QMenu()
            made = QtMenu(self._qt, popup, wire, lambda item: self._chosen(name, item))
            self._menus[name] = (popup, made)
            icon.setContextMenu(popup)
        if root is not None:
            root.deleteLater()

    def _chosen(self, name: str, item: Message) -> None:
        if item["role"] == "quit":
            self._quit()
        self._tell(name, "menu", item=item["id"])

    def _tell(self, name: str, what: str, **facts: object) -> None:
        self._events.changed("tray", {"id": name, "what": what, **facts})

    def _remove(self, name: str) -> None:
        icon = self._icons.pop(name, None)
        if icon is not None:
            icon.hide()
            icon.deleteLater()
            self._menus.pop(name, None)

    def finish(self) -> None:
        """Take all icons away."""
        for name in list(self._icons):
            self._remove(name)


class QtPower:
    """News of sleep, from logind."""

    def __init__(self, qt: QtModules, events: HostEvents) -> None:
        self._qt, self._events = qt, events
        self._bus: QtBus | None = None
        self._is_listening = False

    def start(self) -> bool:
        """Report sleep from now on; False where the system does not tell."""
        if not self._is_listening:
            self._bus = bus = QtBus(self._qt, is_system=True)
            self._is_listening = bus.has(LOGIN) and bus.listen(
                LOGIN, LOGIN_PATH, LOGIN_MANAGER, "PrepareForSleep", self._on_sleep
            )
        return self._is_listening

    def _on_sleep(self, values: list[Any]) -> None:
        self._events.changed("power", "suspend" if values[0] else "resume")


def tell_progress(bus: QtBus, states: Any, app_id: str, window: int, fraction: float | None) -> None:
    """Show progress on the task bar's button: a signal for docks, a property of the window for others.

    Args:
        bus: The session's bus.
        states: The X server's `X11States`; None where there is no such server.
        app_id: Under which the desktop knows the application.
        window: Its id in the window system.
        fraction: From 0 to 1, -1 for busy, None for none.

    Raises:
        NotHere: There is neither a bus nor X.
    """
    is_busy = fraction is not None and fraction < 0
    share = 0.0 if fraction is None else min(1.0, max(0.0, float(fraction)))
    if bus.is_here:
        # There is no word for busy in it: an empty bar says that something is on its way.
        facts = {"progress": share, "progress-visible": fraction is not None}
        bus.tell("/com/canonical/unity/launcherentry/1", LAUNCHER, "Update", f"application://{app_id}.desktop", facts)
    if states is not None:
        states.set_number(window, "_NET_WM_XAPP_PROGRESS", round(share * 100))
        states.set_number(window, "_NET_WM_XAPP_PROGRESS_PULSE", int(is_busy))
    if not bus.is_here and states is None:
        raise NotHere("there is no session bus over which task bars are told")
