"""Which browsers this machine has, by kind (Chrome or Chromium, Edge, Firefox), found without starting any."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

VERSION_TIMEOUT_S = 5.0
SCRIPT_BYTES = 4096  # how much of a wrapper script is looked at


@dataclass(frozen=True)
class Kind:
    """Where one kind of browser is found, system by system.

    Args:
        variable: The environment variable that names a program instead of all that follows.
        commands: Names on the PATH of Linux and the BSDs, best first.
        flatpaks: Ids of flatpaks.
        app_paths: Names in the registry's ``App Paths`` on Windows.
        program_files: Paths below the folders of programs on Windows.
        bundles: Programs inside ``/Applications`` or ``~/Applications`` on macOS.
        remedy: The command that gets one.
    """

    variable: str
    commands: tuple[str, ...]
    flatpaks: tuple[str, ...]
    app_paths: tuple[str, ...]
    program_files: tuple[str, ...]
    bundles: tuple[str, ...]
    remedy: Mapping[str, str]


KINDS: Mapping[str, Kind] = {
    "chrome": Kind(
        variable="DESKAPP_CHROME",
        commands=("google-chrome-stable", "google-chrome", "chrome", "chromium", "chromium-browser"),
        flatpaks=("com.google.Chrome", "org.chromium.Chromium"),
        app_paths=("chrome.exe", "chromium.exe"),
        program_files=(r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe"),
        bundles=("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"),
        remedy={
            "linux": "sudo apt install chromium",
            "win32": "winget install Google.Chrome",
            "darwin": "brew install --cask google-chrome",
        },
    ),
    "edge": Kind(
        variable="DESKAPP_EDGE",
        commands=("microsoft-edge-stable", "microsoft-edge", "microsoft-edge-beta", "microsoft-edge-dev"),
        flatpaks=("com.microsoft.Edge",),
        app_paths=("msedge.exe",),
        program_files=(r"Microsoft\Edge\Application\msedge.exe",),
        bundles=("Microsoft Edge.app/Contents/MacOS/Microsoft Edge",),
        remedy={
            "linux": "install Microsoft Edge, whose package is called microsoft-edge-stable",
            "win32": "winget install Microsoft.Edge",
            "darwin": "brew install --cask microsoft-edge",
        },
    ),
    "firefox": Kind(
        variable="DESKAPP_FIREFOX",
        commands=("firefox", "firefox-esr"),
        flatpaks=("org.mozilla.firefox",),
        app_paths=("firefox.exe",),
        program_files=(r"Mozilla Firefox\firefox.exe",),
        bundles=("Firefox.app/Contents/MacOS/firefox",),
        remedy={
            "linux": "sudo apt install firefox-esr",
            "win32": "winget install Mozilla.Firefox",
            "darwin": "brew install --cask firefox",
        },
    ),
}


@dataclass(frozen=True)
class Program:
    """A browser that was found.

    Args:
        command: What starts it, before its own arguments.
        snap: Its name as a snap, which may write below ``~/snap/NAME/common`` only; None if it is none.
        flatpak: Its id as a flatpak, which may write below ``~/.var/app/ID`` only; None if it is none.
    """

    command: tuple[str, ...]
    snap: str | None = None
    flatpak: str | None = None

    @property
    def path(self) -> Path:
        """The file that is started."""
        return Path(self.command[0])

    def __str__(self) -> str:
        return " ".join(self.command)

    def own_folder(self, home: Path | None = None) -> Path | None:
        """Where a confined browser may write; None if it may write where the user may."""
        home = Path.home() if home is None else home
        if self.snap is not None:
            return home / "snap" / self.snap / "common"
        if self.flatpak is not None:
            return home / ".var" / "app" / self.flatpak / "data"
        return None


class BrowserMissing(Exception):
    """No browser of a kind is here.

    Args:
        why: What was looked for.
        remedy: The command that gets one.
    """

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why, remedy)
        self.why, self.remedy = why, remedy


def find_program(kind: str) -> Program:
    """The best browser of a kind on this machine.

    Args:
        kind: One of `KINDS`.

    Raises:
        BrowserMissing: There is none, or the environment names one that does not exist.
    """
    known = KINDS[kind]
    wished = os.environ.get(known.variable)
    if wished:
        found = shutil.which(wished)
        if found is None:
            raise BrowserMissing(f"{known.variable} is {wished!r}, which is no program", f"unset {known.variable}")
        return _program(found)
    for program in _candidates(known, sys.platform):
        return program
    system = sys.platform if sys.platform in known.remedy else "linux"
    raise BrowserMissing(f"no {kind.capitalize()} was found", known.remedy[system])


def version_of(program: Program) -> str:
    """The version that a browser says it has, such as ``"156.0.8078.108"``; empty if it says none. Starts it."""
    if sys.platform == "win32":  # it would open a window; the folder beside the program carries the version
        names = [path.name for path in program.path.parent.iterdir() if re.fullmatch(r"\d+(\.\d+)+", path.name)]
        return max(names, key=lambda name: [int(part) for part in name.split(".")], default="")
    try:
        done = subprocess.run(
            [*program.command, "--version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(\.\d+)+\w*", done.stdout)
    return found.group() if found else ""


def _candidates(known: Kind, platform: str) -> Iterator[Program]:
    """Every program of a kind that is there, best first."""
    if platform == "win32":
        yield from (_program(path) for path in windows_programs(known, registered=_registered, folders=_folders()))
    elif platform == "darwin":
        yield from (_program(str(path)) for path in mac_programs(known, Path("/"), Path.home()))
    else:
        yield from linux_programs(known, Path("/"), Path.home())


def linux_programs(known: Kind, root: Path, home: Path) -> Iterator[Program]:
    """Programs on the PATH, snaps and flatpaks.

    Args:
        known: What to look for.
        root: Of the file system.
        home: Of the user.
    """
    folders = [str(root / "usr/bin"), str(root / "usr/local/bin"), str(root / "snap/bin")]
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
    for name in known.commands:
        found = shutil.which(name, path=path)
        if found:
            yield _program(found)
    for exports in (home / ".local/share/flatpak/exports/bin", root / "var/lib/flatpak/exports/bin"):
        for id in known.flatpaks:
            if os.access(exports / id, os.X_OK):
                yield Program((str(exports / id),), flatpak=id)


def windows_programs(known: Kind, *, registered: Callable[[str], str | None], folders: list[str]) -> Iterator[str]:
    """Programs of the registry and of the folders for programs.

    Args:
        known: What to look for.
        registered: Looks a name up in the registry's ``App Paths``.
        folders: Where programs are installed.
    """
    found = [registered(name) for name in known.app_paths]
    found += [os.path.join(folder, *path.split("\\")) for folder in folders for path in known.program_files]
    yield from dict.fromkeys(path.strip('"') for path in found if path and os.path.isfile(path.strip('"')))


def mac_programs(known: Kind, root: Path, home: Path) -> Iterator[Path]:
    """Programs inside bundles.

    Args:
        known: What to look for.
        root: Of the file system.
        home: Of the user.
    """
    for bundle in known.bundles:
        for folder in (root, home):
            path = folder / "Applications" / bundle
            if path.is_file():
                yield path


def _program(path: str) -> Program:
    snap = snap_name(Path(path))
    return Program((path,), snap=snap)


def snap_name(path: Path) -> str | None:
    """The snap that a program belongs to; a script that hands over to one counts: Ubuntu has them in ``/usr/bin``."""
    if path.parent.name == "bin" and path.parent.parent.name == "snap":
        return path.name.partition(".")[0]
    try:
        with path.open("rb") as file:
            text = file.read(SCRIPT_BYTES)
    except OSError:
        return None
    found = re.search(rb"/snap/bin/([\w-]+)", text) if text.startswith(b"#!") else None
    return found.group(1).decode() if found else None


def _registered(name: str) -> str | None:
    """What the registry of Windows has under ``App Paths``."""
    if sys.platform != "win32":
        return None
    import winreg

    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        try:
            return winreg.QueryValue(root, rf"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\{name}")
        except OSError:
            continue
    return None


def _folders() -> list[str]:
    """Where Windows installs programs: for all users, 64 and 32 bits, and for one."""
    names = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    return [os.environ[name] for name in names if os.environ.get(name)]
