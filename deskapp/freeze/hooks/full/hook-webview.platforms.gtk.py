"""WebKitGTK comes along: libraries and introspection data of WebKit2, JavaScriptCore and Soup, and WebKit's helpers.

PyInstaller has hooks for GTK itself and none for these.
"""

from pathlib import Path

from PyInstaller.utils.hooks.gi import GiModuleInfo, get_gi_libdir

from deskapp.freeze._webkit import helper_files

binaries = []
datas = []
hiddenimports = []

_VERSIONS = {"WebKit2": ("4.1", "4.0"), "JavaScriptCore": ("4.1", "4.0"), "Soup": ("3.0", "2.4")}
_folders = []
for _name, _choices in _VERSIONS.items():
    for _version in _choices:
        _info = GiModuleInfo(_name, _version)
        if _info.available:
            _binaries, _datas, _imports = _info.collect_typelib_data()
            binaries += _binaries
            datas += _datas
            hiddenimports += _imports
            _folders.append(Path(get_gi_libdir(_name, _version)))
            break
binaries += helper_files(tuple(dict.fromkeys(_folders)))
