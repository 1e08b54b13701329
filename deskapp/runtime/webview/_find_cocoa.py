"""Whether macOS has what a native window needs: PyObjC's Cocoa and WebKit, and pywebview."""

from __future__ import annotations

import sys
from collections.abc import Callable

from deskapp.runtime._find import WEBVIEW_PIP, has_module
from deskapp.runtime.base import Availability

# Module → the distribution that brings it.
MODULES = {
    "objc": "pyobjc-core",
    "AppKit": "pyobjc-framework-Cocoa",
    "Foundation": "pyobjc-framework-Cocoa",
    "PyObjCTools.AppHelper": "pyobjc-framework-Cocoa",
    "WebKit": "pyobjc-framework-WebKit",
}
ELSEWHERE = "WKWebView is used on macOS only"
ELSEWHERE_REMEDY = "take the runtime 'webview', which chooses what this system has"


def find_cocoa(*, platform: str = sys.platform, has: Callable[[str], bool] = has_module) -> Availability:
    """Whether pywebview can work with Cocoa.

    Args:
        platform: As `sys.platform`.
        has: Whether a module is installed.
    """
    if platform != "darwin":
        return Availability(False, ELSEWHERE, ELSEWHERE_REMEDY)
    if not has("webview"):
        return Availability(False, "pywebview is not installed", WEBVIEW_PIP)
    missing = {name: package for name, package in MODULES.items() if not has(name)}
    if missing:
        packages = " ".join(dict.fromkeys(missing.values()))
        return Availability(False, f"PyObjC lacks {', '.join(missing)}", f"pip install {packages}")
    return Availability(True, "pywebview and PyObjC with WebKit are here")
