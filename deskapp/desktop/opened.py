"""`Opened`: what a start of the program was to open, read from its arguments."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deskapp.errors import ConfigError

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_NOT_OURS = frozenset({"http", "https", "file", "mailto", "javascript", "data", "about", "blob"})


@dataclass(frozen=True)
class Opened:
    """What somebody wants the program to open: a start of it, by hand, by a link or by a file's double click.

    Attributes:
        urls: Addresses of the program's own schemes, as they were given.
        files: Files and folders that exist, as absolute paths.
        argv: All arguments of that start, without the program's name.
        cwd: The folder in which it was started.
    """

    urls: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    argv: tuple[str, ...] = ()
    cwd: Path = Path()

    def to_wire(self) -> dict[str, object]:
        """The same as JSON-safe values."""
        return {
            "urls": list(self.urls),
            "files": [str(file) for file in self.files],
            "argv": list(self.argv),
            "cwd": str(self.cwd),
        }

    @classmethod
    def from_wire(cls, values: Mapping[str, object]) -> Opened:
        """What `to_wire` wrote.

        Raises:
            ValueError: It did not write this.
        """
        lists = [values.get(key) for key in ("urls", "files", "argv")]
        cwd = values.get("cwd")
        if not isinstance(cwd, str):
            raise ValueError("cwd is no text")
        texts: list[tuple[str, ...]] = []
        for found in lists:
            if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
                raise ValueError("what should be a list of texts is none")
            texts.append(tuple(found))
        return cls(texts[0], tuple(Path(file) for file in texts[1]), texts[2], Path(cwd))


def read_arguments(argv: Sequence[str], cwd: Path, schemes: Iterable[str] = ()) -> Opened:
    """Find the addresses and files among arguments.

    Args:
        argv: The arguments, without the program's name. What begins with ``-`` is an option and names no file, unless
            ``--`` stood before.
        cwd: The folder that paths are relative to.
        schemes: What addresses of the program begin with, as `checked_schemes` returns them.
    """
    known = frozenset(schemes)
    urls: list[str] = []
    files: list[Path] = []
    options_end = False
    for argument in argv:
        if argument == "--" and not options_end:
            options_end = True
            continue
        if argument.startswith("-") and not options_end:
            continue
        scheme = argument.partition(":")[0].lower() if ":" in argument else ""
        if scheme in known:
            urls.append(argument)
        elif (path := _existing(argument, scheme, cwd)) is not None:
            files.append(path)
    return Opened(tuple(urls), tuple(files), tuple(argv), cwd)


def checked_schemes(schemes: Iterable[str]) -> tuple[str, ...]:
    """Schemes in lower case, without ``:``.

    Raises:
        ConfigError: One can be none, or belongs to everybody.
    """
    if isinstance(schemes, str):
        raise ConfigError("schemes", schemes, origin="the program", why="give a list, for example ['clock'].")
    found = []
    for scheme in schemes:
        name = scheme.lower().removesuffix("://").removesuffix(":")
        if not _SCHEME.fullmatch(name) or len(name) < 2:
            why = "a scheme is two or more letters, digits, '+', '-' or '.', beginning with a letter, as in 'clock'."
            raise ConfigError("schemes", scheme, origin="the program", why=why)
        if name in _NOT_OURS:
            raise ConfigError("schemes", scheme, origin="the program", why="it is not a program's own; choose a name.")
        found.append(name)
    return tuple(found)


def _existing(argument: str, scheme: str, cwd: Path) -> Path | None:
    text = argument
    if scheme == "file":
        parts = urlsplit(argument)
        if parts.netloc not in ("", "localhost"):
            return None
        text = unquote(parts.path)
        if os.name == "nt":
            text = text.lstrip("/")
    if not text:
        return None
    path = Path(os.path.normpath(cwd / text))
    try:
        return path if path.exists() else None
    except (OSError, ValueError):  # a null character, a name too long
        return None
