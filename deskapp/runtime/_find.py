"""What this machine has for showing pages: toolkits, a screen, browsers; found without importing or starting any."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from deskapp.runtime.base import Availability

GTK_APT = "sudo apt install gir1.2-webkit2-4.1 python3-gi"
GTK_PIP = "pip install 'PyGObject<3.51'"
QT_PIP = "pip install 'pywebview[qt6]'"
WEBVIEW_PIP = "pip install pywebview"
NO_SCREEN = "there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set"
DEAD_SCREEN = "nothing answers at the screen that DISPLAY names"
SCREEN_TIMEOUT_S = 1.0
NO_SCREEN_REMEDY = "start it in a desktop session, or with: xvfb-run -a python your_app.py"
QT_BINDINGS = ("PyQt6", "PySide6", "PyQt5", "PySide2")
TYPELIBS = ("Gtk-3.0", "WebKit2-4.1|WebKit2-4.0")  # one of those between bars is enough

# In order of preference; the first that is found is taken.
BROWSERS = {
    "linux": ("xdg-open", "firefox", "firefox-esr", "chromium", "chromium-browser", "google-chrome", "microsoft-edge"),
    "darwin": ("open",),
    "win32": ("explorer",),
}


def has_module(name: str) -> bool:
    """Whether `name` can be imported, as far as finding it tells."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _has_submodule(package: str, name: str) -> bool:
    """Like `has_module` for a compiled part of a package, without importing the package."""
    spec = importlib.util.find_spec(package)
    folders = (spec.submodule_search_locations or ()) if spec is not None else ()
    return any(next(Path(folder).glob(f"{name}.*"), None) for folder in folders)


def has_screen() -> bool:
    """Whether there is a window system to talk to."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def screen_answers() -> bool:
    """Whether somebody listens where DISPLAY points. Screens of other machines, and Wayland's, are believed to."""
    found = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", os.environ.get("DISPLAY", ""))
    if found is None or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("win32", "darwin"):
        return has_screen()
    import socket  # on demand: most programs never ask

    path = f"/tmp/.X11-unix/X{found.group(1)}"
    for address in (f"\0{path}", path):
        with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
            client.settimeout(SCREEN_TIMEOUT_S)
            client.connect(address)
            return True
    return False


def find_gtk() -> Availability:
    """Whether pywebview can work with GTK."""
    if sys.platform in ("win32", "darwin"):
        return Availability(False, "GTK is used on Linux and the BSDs only", "")
    if not has_module("webview"):
        return Availability(False, "pywebview is not installed", WEBVIEW_PIP)
    if not has_module("gi"):
        return Availability(False, "PyGObject (the module gi) is not installed", GTK_PIP)
    for typelib in TYPELIBS:
        if not any(_find_typelib(name) for name in typelib.split("|")):
            return Availability(False, f"{typelib.split('|')[0]}.typelib is not installed", GTK_APT)
    if not has_screen():
        return Availability(False, NO_SCREEN, NO_SCREEN_REMEDY)
    return Availability(True, "pywebview, PyGObject and WebKitGTK are here")


def find_qt() -> Availability:
    """Whether pywebview can work with Qt WebEngine."""
    if not has_module("webview"):
        return Availability(False, "pywebview is not installed", WEBVIEW_PIP)
    if not has_module("qtpy"):
        return Availability(False, "QtPy is not installed", QT_PIP)
    binding = next((name for name in QT_BINDINGS if has_module(name)), None)
    if binding is None:
        return Availability(False, "no Qt for Python is installed", QT_PIP)
    if not _has_submodule(binding, "QtWebEngineWidgets"):
        return Availability(False, f"{binding} is here, its WebEngine is not", QT_PIP)
    if not has_screen() and os.environ.get("QT_QPA_PLATFORM") not in ("offscreen", "minimal", "vnc"):
        return Availability(False, NO_SCREEN, NO_SCREEN_REMEDY)
    return Availability(True, f"pywebview and {binding} WebEngine are here")


def find_browser() -> Path | None:
    """The program that opens a page in the user's browser, or None."""
    import shutil

    wished = os.environ.get("BROWSER", "").split(os.pathsep)[0]
    for name in (wished, *BROWSERS.get(sys.platform, BROWSERS["linux"])):
        found = shutil.which(name) if name else None
        if found:
            return Path(found)
    return None


def _find_typelib(name: str) -> Path | None:
    for folder in _typelib_folders():
        path = folder / f"{name}.typelib"
        if path.is_file():
            return path
    return None


def _typelib_folders() -> Iterable[Path]:
    """Where libgirepository looks: its environment variable, then the system's library folders."""
    for entry in os.environ.get("GI_TYPELIB_PATH", "").split(os.pathsep):
        if entry:
            yield Path(entry)
    for library in ("/usr/lib", "/usr/lib64", "/usr/local/lib", f"{sys.prefix}/lib"):
        yield Path(library) / "girepository-1.0"
    yield from Path("/usr/lib").glob("*-linux-gnu*/girepository-1.0")
