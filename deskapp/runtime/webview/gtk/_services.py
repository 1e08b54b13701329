"""What the desktop offers beside windows, by GTK and D-Bus: dispatches to who does it, and reports its news."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from deskapp.runtime.webview._host_window import Answer, Message
from deskapp.runtime.webview.gtk._bus import has_owner, system_bus

if TYPE_CHECKING:
    from deskapp.runtime.webview.gtk._clipboard import GtkClipboard
    from deskapp.runtime.webview.gtk._tray import GtkTray
    from deskapp.runtime.webview.gtk.toolkit import GtkToolkit

_LOGIND = ("org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "/org/freedesktop/login1")


class GtkServices:
    """The services of a toolkit, made when they are first asked for.

    Args:
        toolkit: Whose.
    """

    def __init__(self, toolkit: GtkToolkit) -> None:
        self._toolkit = toolkit
        self._watched: set[str] = set()
        self._power: Any = None

    def serve(self, service: str, view: Any | None, args: Message, answer: Answer) -> None:
        """Do a service; see `base.SERVICE_ARGUMENTS`."""
        if service == "file_dialog":
            self._toolkit.dialogs.file_dialog(view, args, answer)
        elif service == "message":
            self._toolkit.dialogs.message(view, args, answer)
        elif service == "clipboard":
            self._clipboard.serve(args, answer)
        elif service == "tray":
            self._tray.serve(args, answer)
        elif service == "screens":
            self._screens(answer)
        elif service == "theme":
            self._theme(answer)
        elif service == "power":
            answer(self._watch_power())
        else:
            raise ValueError(f"no such service: {service!r}")

    @cached_property
    def _clipboard(self) -> GtkClipboard:
        from deskapp.runtime.webview.gtk._clipboard import GtkClipboard

        return GtkClipboard(self._toolkit.gtk, self._toolkit.gdk, self._toolkit.glib)

    @cached_property
    def _tray(self) -> GtkTray:
        from deskapp.runtime.webview.gtk._tray import GtkTray

        return GtkTray(self._toolkit)

    def _is_first(self, service: str) -> bool:
        is_first = service not in self._watched
        self._watched.add(service)
        return is_first

    def _theme(self, answer: Answer) -> None:
        theme = self._toolkit.theme

        def told(name: str) -> None:
            if self._is_first("theme"):
                theme.watchers.append(lambda: self._toolkit.events.changed("theme", theme.name))
            answer(name)

        theme.find_out(told)

    def _screens(self, answer: Answer) -> None:
        display = self._toolkit.gdk.Display.get_default()
        screen = display.get_default_screen()
        if self._is_first("screens"):
            for signal in ("monitors-changed", "size-changed"):
                screen.connect(signal, lambda _: self._toolkit.events.changed("screens", None))
        monitors = [display.get_monitor(number) for number in range(display.get_n_monitors())]
        primary = display.get_primary_monitor() or (monitors[0] if monitors else None)
        answer([
            _screen(monitor, screen.get_monitor_plug_name(number), is_primary=monitor == primary)
            for number, monitor in enumerate(monitors)
        ])  # fmt: skip

    def _watch_power(self) -> bool:
        """Report sleep from now on; False where nobody tells."""
        if self._power is not None:
            return True
        gio, glib = self._toolkit.gio, self._toolkit.glib
        bus = system_bus(gio, glib)
        if bus is None or not has_owner(glib, gio, bus, _LOGIND[0]):
            return False

        def on_signal(*signal: Any) -> None:
            self._toolkit.events.changed("power", "suspend" if signal[5].unpack()[0] else "resume")

        self._power = bus
        bus.signal_subscribe(*_LOGIND, None, gio.DBusSignalFlags.NONE, on_signal)
        return True


def _screen(monitor: Any, plug: str | None, *, is_primary: bool) -> Message:
    place, work = monitor.get_geometry(), monitor.get_workarea()
    return {
        "name": plug or monitor.get_model() or "",
        "x": place.x,
        "y": place.y,
        "width": place.width,
        "height": place.height,
        "work_area": [work.x, work.y, work.width, work.height],
        "scale": float(monitor.get_scale_factor()),
        "is_primary": is_primary,
    }
