"""The desktop's theme in Qt: light or dark, from the desktop's portal where Qt does not follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deskapp.runtime.webview.qt._base import QtModules
from deskapp.runtime.webview.qt._bus import QtBus

PORTAL, PORTAL_PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SETTINGS, APPEARANCE, COLOR_SCHEME = "org.freedesktop.portal.Settings", "org.freedesktop.appearance", "color-scheme"
_WISHES = {1: "dark", 2: "light"}  # 0 is no preference
_BACKGROUNDS = {"light": "#ffffff", "dark": "#1e1e1e"}


class QtTheme:
    """Knows the theme, and has dialogs, menus and pages follow it.

    Args:
        qt: Qt's modules.
        bus: The session's bus.
        restyle: Called when windows should look again; now and then more often than the theme changes.
        changed: Called after the theme changed.
    """

    def __init__(self, qt: QtModules, bus: QtBus, restyle: Callable[[], None], changed: Callable[[str], None]) -> None:
        self._qt, self._restyle, self._changed = qt, restyle, changed
        self._wish: str | None = None
        self._is_palette_ours = False
        self._hints = qt.application.styleHints()
        if bus.has(PORTAL):
            bus.listen(PORTAL, PORTAL_PATH, SETTINGS, "SettingChanged", self._on_setting_changed)
            # `Read` wraps its value twice and is deprecated, but every version of the portal has it.
            self._wish = _WISHES.get(bus.call(PORTAL, PORTAL_PATH, SETTINGS, "Read", APPEARANCE, COLOR_SCHEME))
            self._impose()
            qt.application.sync()  # the first page shall have it, too
        self._told = self.current
        if hasattr(self._hints, "colorSchemeChanged"):  # Qt 6.5
            self._hints.colorSchemeChanged.connect(lambda _: self._check())

    @property
    def current(self) -> str:
        """``"light"`` or ``"dark"``."""
        if self._wish is not None:
            return self._wish
        if hasattr(self._hints, "colorScheme"):
            schemes = self._qt.core.Qt.ColorScheme
            known = {schemes.Dark: "dark", schemes.Light: "light"}.get(self._hints.colorScheme())
            if known is not None:
                return known
        return "dark" if self._base.lightness() < 128 else "light"

    @property
    def background(self) -> str:
        """The colour of an empty page, as ``#rrggbb``."""
        is_dark = self._base.lightness() < 128
        return str(self._base.name()) if is_dark == (self.current == "dark") else _BACKGROUNDS[self.current]

    @property
    def _base(self) -> Any:
        return self._qt.application.palette().color(self._qt.gui.QPalette.ColorRole.Base)

    def _on_setting_changed(self, values: list[Any]) -> None:
        if values[:2] == [APPEARANCE, COLOR_SCHEME]:
            self._wish = _WISHES.get(values[2])
            self._impose()
            self._check()

    def _impose(self) -> None:
        """Have Qt follow what the portal says, which it does by itself on few desktops."""
        schemes = self._qt.core.Qt.ColorScheme if hasattr(self._qt.core.Qt, "ColorScheme") else None
        if schemes is not None and hasattr(self._hints, "setColorScheme"):  # Qt 6.8; for pages, too
            wished = {"dark": schemes.Dark, "light": schemes.Light, None: schemes.Unknown}[self._wish]
            if self._hints.colorScheme() != wished:
                self._hints.setColorScheme(wished)
        if self._wish == "dark" and self._base.lightness() >= 128:
            self._is_palette_ours = True
            self._qt.application.setPalette(self._dark_palette())
        elif self._wish != "dark" and self._is_palette_ours:
            self._is_palette_ours = False
            self._qt.application.setPalette(self._qt.gui.QPalette())

    def _dark_palette(self) -> Any:
        gui = self._qt.gui
        palette, roles = gui.QPalette(gui.QColor("#3a3a3a"), gui.QColor("#2b2b2b")), gui.QPalette.ColorRole
        palette.setColor(roles.Base, gui.QColor(_BACKGROUNDS["dark"]))
        palette.setColor(roles.AlternateBase, gui.QColor("#262626"))
        palette.setColor(roles.Highlight, gui.QColor("#3d7ec7"))
        return palette

    def _check(self) -> None:
        self._restyle()  # Qt tells pages of a scheme some time after it was set
        if self.current != self._told:
            self._told = self.current
            self._changed(self._told)
