"""Whether the desktop is light or dark, by its portal or GTK's settings; GTK and its pages follow."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview.gtk._bus import session_bus

LIGHT, DARK = "#ffffff", "#1e1e1e"
ASK_TIMEOUT_MS = 300  # a window waits for this
START_TIMEOUT_MS = 2000  # for a portal that is not running yet, when only a caller waits
_NAME, _PATH, _INTERFACE = (
    "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"
)  # fmt: skip
_KEY = ("org.freedesktop.appearance", "color-scheme")
_NO_PREFERENCE, _PREFERS_DARK = 0, 1


class GtkTheme:
    """The desktop's theme, kept up to date.

    Args:
        gtk: The module.
        gio: The module.
        glib: The module.
    """

    def __init__(self, gtk: Any, gio: Any, glib: Any) -> None:
        self._gio, self._glib = gio, glib
        self.watchers: list[Callable[[], None]] = []
        self._settings = gtk.Settings.get_default()
        self._wish = self._settings.get_property("gtk-application-prefer-dark-theme")  # before it was ours to set
        self._scheme = _NO_PREFERENCE
        self._is_running = False
        self._bus = session_bus(gio, glib)
        if self._bus is not None:
            self._bus.signal_subscribe(
                None, _INTERFACE, "SettingChanged", _PATH, _KEY[0], gio.DBusSignalFlags.NONE, self._on_changed
            )
            # A portal that must be started first would keep the window waiting.
            self._read(gio.DBusCallFlags.NO_AUTO_START, ASK_TIMEOUT_MS)
        self._name = self._compute()
        for name in ("gtk-theme-name", "gtk-application-prefer-dark-theme"):
            self._settings.connect(f"notify::{name}", lambda *_: self._update())

    @property
    def name(self) -> str:
        """``"light"`` or ``"dark"``."""
        return self._name

    @property
    def background(self) -> str:
        """The colour behind a page that has none."""
        return DARK if self._name == "dark" else LIGHT

    def find_out(self, told: Callable[[str], None]) -> None:
        """Tell the theme's name, once a portal that was not running has had the time to start."""
        if self._bus is None or self._is_running:
            told(self._name)
            return

        def on_answer(bus: Any, result: Any) -> None:
            with contextlib.suppress(self._glib.Error):  # this desktop has no portal
                self._take(bus.call_finish(result).unpack()[0])
                self._update()
            told(self._name)

        flags = self._gio.DBusCallFlags.NONE
        self._bus.call(*self._question(), flags, START_TIMEOUT_MS, None, on_answer)

    def _question(self) -> tuple[Any, ...]:
        return _NAME, _PATH, _INTERFACE, "Read", self._glib.Variant("(ss)", _KEY), self._glib.VariantType("(v)")

    def _read(self, flags: Any, timeout_ms: int) -> None:
        assert self._bus is not None
        with contextlib.suppress(self._glib.Error):  # no portal, or none that runs
            self._take(self._bus.call_sync(*self._question(), flags, timeout_ms, None).unpack()[0])

    def _take(self, scheme: Any) -> None:
        self._is_running = True
        self._scheme = int(scheme)
        # Also what pages ask by `prefers-color-scheme`, dialogs and menus.
        is_dark = self._scheme == _PREFERS_DARK if self._scheme != _NO_PREFERENCE else self._wish
        self._settings.set_property("gtk-application-prefer-dark-theme", is_dark)

    def _on_changed(self, *signal: Any) -> None:
        namespace, key, value = signal[5].unpack()
        if (namespace, key) == _KEY:
            self._take(value)
            self._update()

    def _compute(self) -> str:
        if self._scheme != _NO_PREFERENCE:
            return "dark" if self._scheme == _PREFERS_DARK else "light"
        name = os.environ.get("GTK_THEME") or self._settings.get_property("gtk-theme-name") or ""
        is_dark = name.lower().endswith(("-dark", ":dark"))
        return "dark" if is_dark or self._settings.get_property("gtk-application-prefer-dark-theme") else "light"

    def _update(self) -> None:
        name = self._compute()
        if name != self._name:
            self._name = name
            for watcher in self.watchers:
                watcher()
