"""Opens web addresses and files in the programs that the user has for them, and shows files in the file manager."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deskapp._lazy import LazyModule
from deskapp.desktop.outside import start_program
from deskapp.errors import ConfigError, DesktopFailed

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")

logger = logging.getLogger("deskapp.native")

SCHEMES = ("http", "https", "mailto")

STARTFILE = "startfile"
"""Stands for `os.startfile`, which is no program but what Windows offers in the place of one."""


def check_target(target: str | Path) -> str:
    """What is to be opened, as the system's programs take it: an address, or an absolute path.

    Raises:
        ConfigError: It is an address of another kind than http, https and mailto, or a path that is not there.
    """
    text = str(target)
    scheme = "" if isinstance(target, Path) else urlsplit(text.strip()).scheme.lower() if ":" in text else ""
    if scheme in SCHEMES:
        if not text.isprintable() or " " in text or text != text.strip():
            raise ConfigError("url", text, origin="native.open", why="an address has no spaces or control characters.")
        if scheme != "mailto" and not urlsplit(text).hostname:
            raise ConfigError("url", text, origin="native.open", why="it names no host.")
        return text
    if scheme and (len(scheme) > 1 or sys.platform != "win32") and not Path(text).exists():
        why = f"only {', '.join(SCHEMES)} addresses are opened, and paths of files and folders that exist."
        raise ConfigError("url", text, origin="native.open", why=why)
    return str(check_path(text, origin="native.open"))


def check_path(path: str | Path, *, origin: str) -> Path:
    """The absolute path of something that exists.

    Raises:
        ConfigError: There is no such thing.
    """
    try:
        found = Path(path).expanduser().absolute()
        exists = bool(str(path)) and found.exists()
    except (OSError, ValueError, RuntimeError):  # a null character; a name too long; no such user
        found, exists = Path(), False
    if not exists:
        raise ConfigError("path", str(path), origin=origin, why="there is no such file or folder.")
    return found


def open_command(target: str, platform: str = sys.platform) -> list[str]:
    """The command that opens an address or an absolute path in the default program.

    Args:
        target: What `check_target` returned.
        platform: As `sys.platform`.
    """
    if platform == "win32":
        return [STARTFILE, target]
    return ["open" if platform == "darwin" else "xdg-open", target]


def reveal_commands(path: Path, platform: str = sys.platform) -> list[list[str]]:
    """The commands that show a file in the file manager, best first.

    Args:
        path: An absolute path.
        platform: As `sys.platform`.
    """
    if platform == "win32":
        return [["explorer", f"/select,{path}"]]
    if platform == "darwin":
        return [["open", "-R", str(path)]]
    # https://www.freedesktop.org/wiki/Specifications/file-manager-interface. A URI has no quote, comma or backslash in
    # it, so it needs no quoting in either language.
    name, place, method = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1", "ShowItems"
    uri = path.as_uri()
    return [
        ["gdbus", "call", "--session", "--timeout", "5", "--dest", name, "--object-path", place,
         "--method", f"{name}.{method}", f"['{uri}']", ""],
        ["dbus-send", "--session", "--print-reply", "--reply-timeout=5000", f"--dest={name}", place,
         f"{name}.{method}", f"array:string:{uri}", "string:"],
        ["xdg-open", str(path if path.is_dir() else path.parent)],
    ]  # fmt: skip


def explorer_line(command: list[str]) -> str:
    """A command for Windows' Explorer as the line that it reads: with quotes in the middle of an argument."""
    option, _, path = command[1].partition(",")
    return f'{command[0]} {option},"{path}"'


async def open_target(target: str) -> None:
    """Open what `check_target` returned.

    Raises:
        DesktopFailed: There is no program for it, or it failed.
    """
    await _first_that_works(f"open {target!r}", [open_command(target)])


async def reveal_path(path: Path) -> None:
    """Show what `check_path` returned in the file manager.

    Raises:
        DesktopFailed: There is none that can.
    """
    await _first_that_works(f"show {str(path)!r}", reveal_commands(path))


async def _first_that_works(asked: str, commands: list[list[str]]) -> None:
    faults: list[str] = []
    for command in commands:
        try:
            if command[0] == STARTFILE:
                os.startfile(command[1])  # type: ignore[attr-defined,unused-ignore]  # there is one on Windows alone
            elif command[0] == "explorer":
                await _run_explorer(command)
            else:
                await start_program(command)
        except FileNotFoundError:
            faults.append(f"there is no program {command[0]!r}")
        except (DesktopFailed, OSError) as error:
            faults.append(getattr(error, "why", str(error)))
        else:
            return
        logger.debug("%s did not work: %s", command[0], faults[-1])
    remedy = "sudo apt install xdg-utils" if sys.platform.startswith("linux") else ""
    raise DesktopFailed(asked, "; ".join(faults), remedy=remedy if "no program 'xdg-open'" in faults[-1] else "")


async def _run_explorer(command: list[str]) -> None:
    """Run Explorer, whose exit code is 1 when all is well."""
    await asyncio.to_thread(subprocess.call, explorer_line(command))
