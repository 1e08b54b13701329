"""The front-end libraries: which there are, their files, and the addresses under which pages fetch these."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from deskapp._content_tag import content_tag
from deskapp.bridge.client_bundle import client_css, client_script
from deskapp.errors import AssetMissing, LibraryMissing
from deskapp.paths import resource

LIBRARY_PATH = "/_lib"

SCRIPT_FILES = ("script.js", "script.css")
"""What shows and asks for functions: our own."""

_FOLDER = "libraries"

_PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "editor": ("js",),
    "grid": ("js",),
    "highlighter": ("js", "css"),
    "markdown": ("js",),
    "pico": ("css",),
    "sanitizer": ("js",),
})  # fmt: skip
"""What files a library has, by its name."""


@dataclass(frozen=True)
class Library:
    """One library; its script adds ``window.deskapp.libraries.NAME`` to a page.

    Attributes:
        name: Its name, which its files have too.
        script: A classic script, if it has one.
        style: A style sheet, if it has one.
    """

    name: str
    script: Path | None
    style: Path | None


def library(name: str) -> Library:
    """Find a library.

    Args:
        name: ``"editor"``, ``"grid"``, ``"highlighter"``, ``"markdown"``, ``"pico"`` or ``"sanitizer"``.

    Raises:
        LibraryMissing: A file of it is not there.
        LookupError: There is no library of that name.
    """
    if name not in _PARTS:
        raise LookupError(f"There is no library {name!r}; there are {', '.join(map(repr, _PARTS))}.")
    parts = {part: _file(f"{name}.{part}") for part in _PARTS[name]}
    return Library(name, parts.get("js"), parts.get("css"))


def library_files() -> dict[str, Path]:
    """The files that pages may fetch, by name; without those that are not there."""
    found = {}
    for name, parts in _PARTS.items():
        for part in parts:
            try:
                found[f"{name}.{part}"] = _file(f"{name}.{part}")
            except LibraryMissing:
                continue
    return found


def file_text(name: str) -> str:
    """What is in a file that pages may fetch: of a library, or of what shows and asks for functions.

    Args:
        name: A name, as `library_files` has them, or one of `SCRIPT_FILES`.

    Raises:
        LibraryMissing: It is not there.
    """
    if name == "script.js":
        return _client_script()
    if name in SCRIPT_FILES:
        return client_css(resource("deskapp.script", "client"))
    return _file(name).read_text(encoding="utf-8")


@functools.cache
def _client_script() -> str:
    """Joined once; every page of a function wants it."""
    return client_script(resource("deskapp.script", "client"), "script.js")


def library_url(file: str) -> str:
    """The address of a file on the server that a page came from; another content has another one.

    Args:
        file: A name, as `file_text` has them.

    Raises:
        LibraryMissing: It is not there.
    """
    return f"{LIBRARY_PATH}/{content_tag(file_text(file).encode())}/{file}"


def _file(name: str) -> Path:
    try:
        return resource("deskapp.script", _FOLDER, name)
    except AssetMissing:
        raise LibraryMissing(name) from None
