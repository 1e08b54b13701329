"""pywebview with the backends that a program's toolkits have."""

from PyInstaller.utils.hooks import collect_data_files, collect_dynamic_libs

from deskapp.freeze._order import present_order
from deskapp.freeze._parts import ALL_BACKENDS, PYWEBVIEW_BACKENDS, toolkits_of

_build = present_order()
_toolkits = toolkits_of(_build.runtimes) if _build is not None else ()
_backends = {_backend for _toolkit in _toolkits for _backend in PYWEBVIEW_BACKENDS[_toolkit]}

hiddenimports = sorted(f"webview.platforms.{_backend}" for _backend in _backends)
excludedimports = [f"webview.platforms.{_backend}" for _backend in ALL_BACKENDS if _backend not in _backends]
excludedimports += ["PIL", "cryptography", "jnius", "android", "kivy"]
datas = collect_data_files("webview", subdir="js")
binaries = []
if "edge" in _toolkits:
    datas += collect_data_files("webview", subdir="lib", excludes=["**/*.jar"])
    binaries += collect_dynamic_libs("webview")
