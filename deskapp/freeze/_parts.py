"""What of deskapp and of the libraries below it a program needs, for each runtime and platform; data and pure rules.

A frozen program has the runtimes that it launches and no other: see `bundled_runtimes`. Everything of deskapp is
imported by name when it is first used, which a freezer cannot see, so all of it is listed but for what `left_out` says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from deskapp.freeze._spec import Mode
from deskapp.runtime.select import BUILT_IN, TOOLKITS, WEBVIEWS, expand

OF_OTHER_SYSTEMS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "linux": (
        "asyncio.proactor_events", "asyncio.windows_events", "asyncio.windows_utils",
        "multiprocessing.popen_spawn_win32",
    ),
    "win32": ("asyncio.unix_events",),
    "darwin": ("asyncio.proactor_events", "asyncio.windows_events", "asyncio.windows_utils"),
})  # fmt: skip
"""Modules of the standard library that are imported where the system is another one."""

EAST_ASIAN_CODECS = (
    "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec",
)  # fmt: skip
"""One megabyte for encodings that were before Unicode. Linux itself has long been UTF-8."""

SIGNS_OF_ENCODINGS = (
    "encoding", "encodings", "codecs", "charset", "decode", "csv", "email", "imaplib", "urllib", "requests", "httpx",
    "aiohttp", "sqlite3", "zipfile",
)  # fmt: skip
"""A program in whose own source one of these stands may meet texts in any encoding."""

LICENSES = "licenses"
"""Name of the folder in the root of the bundle that has the texts of licences."""

NEVER = ("deskapp.__main__", "deskapp._collect", "deskapp.cli", "deskapp.freeze", "deskapp.testing")
"""Parts of deskapp that are for developers; with all below them."""

NOTEBOOK = ("deskapp._notebook", "deskapp._notebook_widgets")

OPTIONAL = (
    "IPython", "PIL", "anywidget", "desktop_notifier", "ipykernel", "numpy", "pscript", "psygnal", "pytest",
    "traitlets", "user_agents",
)  # fmt: skip
"""Libraries that deskapp uses where they are; a program that imports one itself has it all the same."""

BEHIND_WORDS: Mapping[str, str] = MappingProxyType({
    "notify": "desktop_notifier",
    "user_agent": "user_agents",  # of `deskapp.session.info`
})  # fmt: skip
"""Which of them a program means whose source has a word."""

OF_PAGES_OF_SCRIPTS = ("deskapp.input", "deskapp.output", "deskapp.pin")
"""Modules of deskapp whose pages use the front-end libraries, which are two megabytes."""

TOOLKIT_LIBRARIES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "gtk": ("gi", "cairo"),
    "qt": ("qtpy", "PyQt6", "PySide6", "PyQt5", "PySide2"),
    "edge": ("clr", "clr_loader", "pythonnet"),
    "cocoa": ("objc", "AppKit", "Foundation", "WebKit", "PyObjCTools", "Quartz", "UniformTypeIdentifiers"),
})  # fmt: skip
"""What each toolkit is imported as; left out where no runtime needs it and the program does not import it itself."""

PYWEBVIEW_BACKENDS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "gtk": ("gtk",),
    "qt": ("qt",),
    "edge": ("winforms", "edgechromium", "win32"),
    "cocoa": ("cocoa",),
})  # fmt: skip
"""Modules of ``webview.platforms`` by toolkit."""

ALL_BACKENDS = ("android", "cef", "cocoa", "edgechromium", "gtk", "mshtml", "qt", "win32", "winforms")

# Rooms of toolkits in `deskapp.runtime.webview`.
_HANDS: Mapping[str, str] = MappingProxyType({"gtk": "gtk", "qt": "qt", "edge": "winforms", "cocoa": "cocoa"})
_FILES_OF_RUNTIMES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "firefox-app": ("firefox/privileged/app", "firefox/privileged/pipe"),
    "firefox-xul-app": ("firefox/privileged/xul", "firefox/privileged/pipe"),
})  # fmt: skip
# Modules of runtimes that are made of other runtimes' modules.
_BASES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "deskapp.runtime.firefox.xul": ("deskapp.runtime.firefox.app",),
    "deskapp.runtime.tabs.named": ("deskapp.runtime.tabs.browser", "deskapp.runtime.chromium.app"),
})  # fmt: skip


def bundled_runtimes(wished: Iterable[str], mode: Mode, platform: str = sys.platform) -> tuple[str, ...]:
    """The plain names of the runtimes that come along.

    Of native windows only those of one toolkit do, unless another is named outright: on Linux GTK, or in mode `qt` Qt.

    Args:
        wished: What the program launches, as `launch` takes it, for example ``"app or browser"``.
        mode: See `Mode`.
        platform: As `sys.platform` has it.

    Raises:
        ConfigError: A name is not known.
    """
    native = WEBVIEWS.get(platform, WEBVIEWS["linux"])[0]
    if mode is Mode.QT:
        native = "webview-qt"
    toolkit = toolkit_of(native)
    found: dict[str, None] = {}
    for text in wished:
        for name in expand(text, toolkit=toolkit):
            found[name] = None
    return tuple(name for name in found if _is_of(name, platform))


def toolkit_of(runtime: str) -> str | None:
    """The toolkit of a runtime of native windows, None for others."""
    return next((toolkit for toolkit, name in TOOLKITS.items() if name == runtime), None)


def toolkits_of(runtimes: Iterable[str]) -> tuple[str, ...]:
    """The toolkits that some runtimes need, sorted."""
    return tuple(sorted({toolkit for toolkit in map(toolkit_of, runtimes) if toolkit is not None}))


def _is_of(name: str, platform: str) -> bool:
    """Whether a runtime can be on a platform at all."""
    toolkit = toolkit_of(name)
    if toolkit in ("edge", "cocoa"):
        return platform == ("win32" if toolkit == "edge" else "darwin")
    if toolkit == "gtk":
        return platform not in ("win32", "darwin")
    return True


def left_out(runtimes: Sequence[str], platform: str = sys.platform) -> tuple[str, ...]:
    """Modules of deskapp and pywebview that a program with these runtimes cannot need; each with all below it."""
    toolkits = toolkits_of(runtimes)
    needed = {BUILT_IN[name].partition(":")[0] for name in runtimes if name in BUILT_IN}
    needed |= {base for name in needed for base in _BASES.get(name, ())}
    out = {place.partition(":")[0] for place in BUILT_IN.values()} - needed
    out |= {*NEVER, *NOTEBOOK}
    for toolkit in TOOLKITS:
        if toolkit not in toolkits:
            out.add(f"deskapp.runtime.webview.{_HANDS[toolkit]}")
    if not toolkits:
        out |= {"deskapp.runtime.webview", "webview"}
    else:
        backends = {backend for toolkit in toolkits for backend in PYWEBVIEW_BACKENDS[toolkit]}
        out |= {f"webview.platforms.{backend}" for backend in ALL_BACKENDS if backend not in backends}
    if platform != "win32":
        out.add("deskapp.runtime.process._group_windows")
    return tuple(sorted(out))


def is_left_out(module: str, packages: Iterable[str]) -> bool:
    """Whether a module is one of `packages` or below it."""
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def script_modules() -> list[str]:
    """Modules of deskapp that only programs with pages of functions need, sorted."""
    names = {f"deskapp.script.{file.stem}" for file in (deskapp_folder() / "script").glob("*.py")}
    # The server asks where the libraries are.
    names -= {"deskapp.script.__init__", "deskapp.script.libraries"}
    return sorted({*names, *OF_PAGES_OF_SCRIPTS, "deskapp._choices"})


def deskapp_folder() -> Path:
    """The folder of the deskapp that runs."""
    return Path(__file__).resolve().parents[1]


def deskapp_modules(out: Iterable[str]) -> list[str]:
    """Names of all modules of deskapp but for those left out, sorted."""
    folder = deskapp_folder()
    out = tuple(out)
    found = []
    for file in folder.rglob("*.py"):
        parts = file.relative_to(folder.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if all(part.isidentifier() for part in parts) and not is_left_out(name, out):
            found.append(name)
    return sorted(found)


def is_named(word: str, files: Iterable[Path]) -> bool:
    """Whether a word stands in one of some source files."""
    pattern = re.compile(rb"\b" + re.escape(word.encode()) + rb"\b")
    return any(pattern.search(file.read_bytes()) for file in files)


def uses_module(name: str, files: Iterable[Path]) -> bool:
    """Whether a module of a package is named in one of some source files: imported, or as an attribute of its package.

    Args:
        name: Full name, for example ``"deskapp.output"``.
        files: The source files.
    """
    package, _, module = name.encode().rpartition(b".")
    package, module = re.escape(package), re.escape(module)
    of_package = re.compile(
        # also in parentheses or after a backslash, both of which may go on in the next line
        rb"\bfrom\s+%s\s+import\s*(?:\([^)]*|(?:[^\n\\]|\\\r?\n)*)\b%s\b" % (package, module)
    )
    other_name = re.compile(rb"\bimport\s+(?:[^\n#]*,\s*)?%s\s+as\s+(\w+)" % package)
    for file in files:
        text = file.read_bytes()
        if of_package.search(text):
            return True
        for alias in (package, *map(re.escape, other_name.findall(text))):
            if re.search(rb"\b%s\.%s\b" % (alias, module), text):
                return True
    return False


def source_files(modules: Iterable[str], folders: Iterable[str]) -> Iterator[Path]:
    """The files of a program's own modules, as far as they can be found."""
    places = [Path(folder) for folder in folders]
    for module in modules:
        stem = Path(*module.split("."))
        for place in places:
            for file in (place / stem.with_suffix(".py"), place / stem / "__init__.py"):
                if file.is_file():
                    yield file


def pywebview_modules(platform: str = sys.platform) -> list[str]:
    """What shows native windows here, for those who build without `deskapp freeze`: of Linux' toolkits one."""
    if platform == "win32":
        toolkit = "edge"
    elif platform == "darwin":
        toolkit = "cocoa"
    else:
        toolkit = "gtk" if find_spec("gi") is not None else "qt"
    return ["webview", *(f"webview.platforms.{backend}" for backend in PYWEBVIEW_BACKENDS[toolkit])]


def deskapp_data(runtimes: Sequence[str], *, has_manifest: bool, has_libraries: bool = False) -> list[tuple[str, str]]:
    """Files of deskapp that travel beside its code, as pairs of file and folder in the bundle, sorted.

    Args:
        runtimes: Plain names of the runtimes that come along.
        has_manifest: Whether the page's client comes with the manifest of JavaScript.
        has_libraries: Whether what shows and asks for functions comes along: our part, and the front-end libraries with
            their licences.
    """
    folder = deskapp_folder()
    places = ["templates"]
    if not has_manifest:
        places.append("bridge/client")
    if has_libraries:
        places += ["script/client", "script/libraries"]
    for runtime, names in _FILES_OF_RUNTIMES.items():
        if runtime in runtimes:
            places += [f"runtime/{name}" for name in names if f"runtime/{name}" not in places]
    found = []
    for place in places:
        for file in sorted((folder / place).rglob("*")):
            if file.is_file() and file.suffix not in (".py", ".pyc", ".sha256"):
                found.append((str(file), file.relative_to(folder.parent).parent.as_posix()))
    return found
