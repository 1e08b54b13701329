"""Whether Windows has what a native window needs: the WebView2 Runtime, .NET Framework, pywebview and pythonnet.

Read from the registry, as Microsoft documents it for installers, without loading any of it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Protocol

from deskapp.runtime._find import WEBVIEW_PIP, has_module
from deskapp.runtime.base import Availability

MACHINE, USER = "HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"
CHANNELS = {
    "WebView2 Runtime": "{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
    "Edge Beta": "{2CD8A007-E189-409D-A2C8-9AF4EF3C72AA}",
    "Edge Dev": "{0D50BFEC-CD6A-4F9A-964C-C7416E3ACB10}",
    "Edge Canary": "{65C35B14-6C1D-4122-AC46-7148CC9D6497}",
}
"""What brings a WebView2, best first, and the identity under which Edge's updater keeps its version."""

# A 32-bit updater on 64-bit Windows writes below WOW6432Node.
CLIENTS = (
    (MACHINE, r"SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients"),
    (MACHINE, r"SOFTWARE\Microsoft\EdgeUpdate\Clients"),
    (USER, r"Software\Microsoft\EdgeUpdate\Clients"),
    (USER, r"SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients"),
)
DOTNET = (MACHINE, r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Release")
DOTNET_462 = 394802  # the release number of .NET Framework 4.6.2, which WebView2's controls are built for
OLDEST = (86, 0, 622, 0)  # the first that pywebview works with

# A folder with a runtime of a fixed version, which the program brings.
FOLDER_VARIABLES = ("WEBVIEW2_RUNTIME_PATH", "WEBVIEW2_BROWSER_EXECUTABLE_FOLDER")
EXECUTABLE = "msedgewebview2.exe"

WEBVIEW2_REMEDY = (
    "winget install --id Microsoft.EdgeWebView2Runtime (or run the Evergreen Bootstrapper, "
    "MicrosoftEdgeWebview2Setup.exe, from https://developer.microsoft.com/microsoft-edge/webview2)"
)
DOTNET_REMEDY = "install .NET Framework 4.8 from https://dotnet.microsoft.com/download/dotnet-framework/net48"
PYTHONNET_PIP = "pip install pythonnet"
ELSEWHERE = "WebView2 is used on Windows only"
ELSEWHERE_REMEDY = "take the runtime 'webview', which chooses what this system has"


class Registry(Protocol):
    """Reads values of the Windows registry."""

    def read(self, hive: str, key: str, name: str) -> str | int | None:
        """The value, or None if there is no such key or value."""


class WindowsRegistry:
    """The registry of this machine."""

    def read(self, hive: str, key: str, name: str) -> str | int | None:
        if sys.platform == "win32":
            import winreg

            try:
                with winreg.OpenKey(getattr(winreg, hive), key) as opened:
                    value = winreg.QueryValueEx(opened, name)[0]
            except OSError:
                return None
            return value if isinstance(value, (str, int)) else None
        return None


@dataclass(frozen=True)
class WebView2:
    """A WebView2 that was found.

    Args:
        source: Which, for people.
        version: Its version as it says itself; empty for a folder.
        folder: Folder of a fixed version; empty for an installed one.
    """

    source: str
    version: str = ""
    folder: str = ""


def parse_version(text: object) -> tuple[int, ...] | None:
    """The numbers of ``"120.0.2210.91"``; None for what means that nothing is installed."""
    found = re.match(r"\d+(?:\.\d+)*", text) if isinstance(text, str) else None
    numbers = tuple(map(int, found.group().split("."))) if found is not None else ()
    return numbers if any(numbers) else None


def find_webview2(
    registry: Registry, environ: Mapping[str, str], files: Iterable[str] | None = None
) -> WebView2 | None:
    """The WebView2 that a window would use, or None.

    Args:
        registry: Where installed ones are kept.
        environ: Where a folder may be named; one that holds no runtime counts as none at all, since WebView2 would
            not look further either.
        files: Paths that exist; None asks the file system.
    """
    for variable in FOLDER_VARIABLES:
        folder = environ.get(variable, "")
        if folder:
            program = str(PureWindowsPath(folder, EXECUTABLE))
            is_there = os.path.isfile(program) if files is None else program in files
            return WebView2(f"the folder of {variable}", folder=folder) if is_there else None
    for source, identity in CHANNELS.items():
        for hive, clients in CLIENTS:
            text = registry.read(hive, rf"{clients}\{identity}", "pv")
            version = parse_version(text)
            if version is not None and version >= OLDEST:
                return WebView2(source, version=str(text))
    return None


def has_dotnet(registry: Registry) -> bool:
    """Whether .NET Framework 4.6.2 or newer is installed."""
    release = registry.read(*DOTNET)
    return isinstance(release, int) and release >= DOTNET_462


def find_edge(
    registry: Registry | None = None, environ: Mapping[str, str] = os.environ, *, platform: str = sys.platform
) -> Availability:
    """Whether pywebview can work with WinForms and WebView2. MSHTML, its fall-back, is never used."""
    if platform != "win32":
        return Availability(False, ELSEWHERE, ELSEWHERE_REMEDY)
    if not has_module("webview"):
        return Availability(False, "pywebview is not installed", WEBVIEW_PIP)
    if not has_module("clr"):
        return Availability(False, "pythonnet (the module clr) is not installed", PYTHONNET_PIP)
    registry = registry or WindowsRegistry()
    if not has_dotnet(registry):
        return Availability(False, ".NET Framework 4.6.2 or newer is not installed", DOTNET_REMEDY)
    found = find_webview2(registry, environ)
    if found is None:
        return Availability(False, "the WebView2 Runtime is not installed", WEBVIEW2_REMEDY)
    return Availability(True, f"pywebview, pythonnet and {found.source} {found.version}".rstrip() + " are here")
