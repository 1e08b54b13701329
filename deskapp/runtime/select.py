"""Names of runtimes: aliases, ``"app or browser"``, what is available here, and runtimes of other packages."""

from __future__ import annotations

import difflib
import importlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deskapp.errors import ConfigError, RuntimeUnavailable
from deskapp.runtime.base import Availability, Runtime

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP = "deskapp.runtimes"
DEFAULT = "app or browser"
TOOLKIT_VARIABLE = "DESKAPP_TOOLKIT"

# Names as data: a runtime's module is imported when somebody asks for it.
BUILT_IN: Mapping[str, str] = {
    "webview-gtk": "deskapp.runtime.webview.pywebview:PyWebviewGtk",
    "webview-qt": "deskapp.runtime.webview.pywebview:PyWebviewQt",
    "webview-edge": "deskapp.runtime.webview.pywebview:PyWebviewEdge",
    "webview-cocoa": "deskapp.runtime.webview.pywebview:PyWebviewCocoa",
    "chrome-app": "deskapp.runtime.chromium.app:ChromeApp",
    "edge-app": "deskapp.runtime.chromium.app:EdgeApp",
    "firefox-app": "deskapp.runtime.firefox.app:FirefoxApp",
    "firefox-xul-app": "deskapp.runtime.firefox.xul:FirefoxXulApp",
    "browser": "deskapp.runtime.tabs.browser:Browser",
    "chrome-browser": "deskapp.runtime.tabs.named:ChromeBrowser",
    "edge-browser": "deskapp.runtime.tabs.named:EdgeBrowser",
    "firefox-browser": "deskapp.runtime.tabs.named:FirefoxBrowser",
}
TOOLKITS: Mapping[str, str] = {
    "gtk": "webview-gtk",
    "qt": "webview-qt",
    "edge": "webview-edge",
    "cocoa": "webview-cocoa",
}
# Native windows, best first, of each system as `sys.platform` has it; what is not here is taken for a kind of Linux.
WEBVIEWS: Mapping[str, tuple[str, ...]] = {
    "linux": ("webview-gtk", "webview-qt"),
    "win32": ("webview-edge", "webview-qt"),
    "darwin": ("webview-cocoa", "webview-qt"),
}
ALIASES: Mapping[str, tuple[str, ...]] = {
    "app": ("webview", "firefox-app", "chrome-app", "edge-app"),
    "webview": WEBVIEWS.get(sys.platform, WEBVIEWS["linux"]),
    "pywebview": ("webview",),
    "default-browser": ("browser",),
}
"""Names for others, in order. A target that does not exist is passed over."""

HINTS: Mapping[str, tuple[str, ...]] = {
    "chrome": ("chrome-app", "chrome-browser"),
    "chromium": ("chrome-app", "chrome-browser"),
    "google-chrome": ("chrome-app", "chrome-browser"),
    "edge": ("edge-app", "edge-browser"),
    "msedge": ("edge-app", "edge-browser"),
    "microsoft-edge": ("edge-app", "edge-browser"),
    "firefox": ("firefox-app", "firefox-browser"),
}
"""What people may mean who name a program: its window without a browser around it, or a tab in it."""


@dataclass(frozen=True)
class RuntimeReport:
    """What `deskapp doctor` says about one runtime.

    Args:
        name: Its name, as given to `launch`.
        ok: Whether it can work here.
        reason: What was found, or what is missing.
        remedy: The command that gets what is missing.
        version: Of the program that shows the windows, where that can be asked.
    """

    name: str
    ok: bool
    reason: str
    remedy: str
    version: str = ""


def select(requested: str | None = None, *, toolkit: str | None = None) -> list[type[Runtime]]:
    """The runtimes that `requested` names and that can work here, best first.

    Nothing of a toolkit or browser is imported or started.

    Args:
        requested: Names with ``or``, ``,`` or ``|`` between them; None is ``"app or browser"``.
        toolkit: One of `TOOLKITS` for ``webview``; None takes DESKAPP_TOOLKIT, else all that this system has.

    Raises:
        ConfigError: A name is not known.
        RuntimeUnavailable: None of them can work here.
    """
    return list(look_up(requested, toolkit=toolkit))


def look_up(requested: str | None = None, *, toolkit: str | None = None) -> Iterator[type[Runtime]]:
    """As `select`, but each is looked for when it is asked for: most programs need the first one only.

    Raises:
        ConfigError: A name is not known; raised at once.
        RuntimeUnavailable: None of them can work here; raised in the place of the first.
    """
    text = DEFAULT if requested is None else requested
    return _look_up(text, expand(text, toolkit=toolkit))


def _look_up(text: str, names: Iterable[str]) -> Iterator[type[Runtime]]:
    is_any_here = False
    tried: list[tuple[str, str, str]] = []
    for name in names:
        runtime, availability = _look_at(name)
        if runtime is not None and availability.ok:
            is_any_here = True
            yield runtime
        else:
            tried.append((name, availability.reason, availability.remedy))
    if not is_any_here:
        raise RuntimeUnavailable(text, tried)


def expand(requested: str, *, toolkit: str | None = None) -> list[str]:
    """The plain names behind `requested`, in order, each once.

    Raises:
        ConfigError: A name is not known.
    """
    chosen = _chosen_toolkit(toolkit)
    names: dict[str, None] = {}

    def add(name: str, *, is_target: bool = False) -> None:
        if name == "webview" and chosen is not None:
            names[TOOLKITS[chosen]] = None
        elif name in ALIASES:
            for target in ALIASES[name]:
                add(target, is_target=True)
        elif name in BUILT_IN or name in _entry_points():
            names[name] = None
        elif not is_target:
            known = [*ALIASES, *BUILT_IN, *_entry_points()]
            raise ConfigError("runtime", name, origin="runtime names", why=_suggest(name, known))

    for part in re.split(r"\s+or\s+|[,|]", requested.strip().lower()):
        add(part.strip())
    return list(names)


def report() -> list[RuntimeReport]:
    """What every known runtime needs and whether it is here, for `deskapp doctor`."""
    reports = []
    for name in (*BUILT_IN, *_entry_points()):
        runtime, availability = _look_at(name)
        version = runtime.version() if runtime is not None and availability.ok else ""
        reports.append(RuntimeReport(name, availability.ok, availability.reason, availability.remedy, version))
    return reports


def _look_at(name: str) -> tuple[type[Runtime] | None, Availability]:
    try:
        runtime = _load(name)
    except Exception as error:  # border: another package's module may fail in any way
        return None, Availability(False, f"its module cannot be imported: {error!r}")
    return runtime, runtime.availability()


def _load(name: str) -> type[Runtime]:
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        found: object = getattr(importlib.import_module(module), attribute)
    else:
        found = _entry_points()[name].load()
    if not (isinstance(found, type) and issubclass(found, Runtime)):
        raise TypeError(f"{found!r} is not a subclass of deskapp.runtime.Runtime")
    return found


def _entry_points() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # as slow as all else before the first window

    return {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP) if point.name not in BUILT_IN}


def _chosen_toolkit(toolkit: str | None) -> str | None:
    value, origin = toolkit, "argument"
    if value is None:
        value, origin = os.environ.get(TOOLKIT_VARIABLE) or None, "environment"
    if value is None:
        return None
    if value.lower() not in TOOLKITS:
        raise ConfigError("toolkit", value, origin=origin, why=_suggest(value.lower(), TOOLKITS))
    return value.lower()


def _suggest(name: str, known: Iterable[str]) -> str:
    names = list(known)
    hints = [hint for hint in HINTS.get(name, ()) if hint in names]
    near = hints or difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {', '.join(map(repr, names))}."
