"""Progress on the task bar's button: a signal for docks, a property of the window for other task bars."""

from __future__ import annotations

import zlib
from typing import Any

from deskapp.runtime.webview._host_window import NotHere
from deskapp.runtime.webview.gtk._bus import session_bus
from deskapp.runtime.webview.gtk._x11 import XClient, handle_of, is_x11

_INTERFACE, _FOLDER = "com.canonical.Unity.LauncherEntry", "/com/canonical/unity/launcherentry"


class GtkTaskBar:
    """Tells whoever shows it. A bus is Ubuntu's, KDE's and many docks' way, a property that of Cinnamon and XApps.

    Args:
        gdk: The module.
        gio: The module.
        glib: The module.
        app_id: Under which the desktop knows the application.
    """

    def __init__(self, gdk: Any, gio: Any, glib: Any, app_id: str) -> None:
        self._gdk, self._gio, self._glib = gdk, gio, glib
        self._uri = f"application://{app_id}.desktop"
        self._bus = session_bus(gio, glib)
        self._x: XClient | None = XClient(gdk) if is_x11(gdk) else None

    def set_progress(self, window: Any, fraction: float | None) -> None:
        """Show progress of a window.

        Args:
            window: Which.
            fraction: From 0 to 1, -1 for busy, None for none.

        Raises:
            NotHere: There is neither a bus nor X.
        """
        is_busy = fraction is not None and fraction < 0
        share = 0.0 if fraction is None else min(1.0, max(0.0, fraction))
        if self._bus is not None:
            # There is no word for busy in it: an empty bar says that something is on its way.
            variant = self._glib.Variant
            facts = {"progress": variant("d", share), "progress-visible": variant("b", fraction is not None)}
            path = f"{_FOLDER}/{zlib.crc32(self._uri.encode())}"
            self._bus.emit_signal(None, path, _INTERFACE, "Update", variant("(sa{sv})", (self._uri, facts)))
        if self._x is not None and (handle := handle_of(window)) is not None:
            self._x.set_cardinal(handle, "_NET_WM_XAPP_PROGRESS", round(share * 100))
            self._x.set_cardinal(handle, "_NET_WM_XAPP_PROGRESS_PULSE", int(is_busy))
        if self._bus is None and self._x is None:
            raise NotHere("there is no session bus over which task bars are told")
