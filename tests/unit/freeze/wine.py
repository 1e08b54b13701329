"""`Windows`: a fresh Windows of wine's, on which installers are run, and what they change there is seen whole."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Debian's package puts these two on no path.
FOLDERS = ("/usr/lib/wine", "/usr/bin", "/usr/local/bin")

_KEY = re.compile(r"\[(.+)\]")
_VALUE = re.compile(r'(@|"(?:[^"\\]|\\.)*")=(.*)')

# What wine itself writes whenever something runs.
_VOLATILE = re.compile(
    r"\\Software\\Wine|\\Control Panel|\\Hardware|\\NetworkCards"
    r"|\\Explorer\\(RunMRU|Shell Folders|User Shell Folders|SessionInfo)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class State:
    """What a Windows has at one moment.

    Attributes:
        files: Files and folders of drive C, with ``/``, relative to it.
        values: Key, value's name in lower case → text as ``reg export`` writes it; a key without values has a value "".
    """

    files: frozenset[str]
    values: Mapping[tuple[str, str], str]

    def minus(self, other: State) -> tuple[list[str], list[tuple[str, str]]]:
        """Files and values that are here and not there, or differ there."""
        values = [key for key, value in self.values.items() if other.values.get(key) != value]
        return sorted(self.files - other.files), sorted(values)


class Windows:
    """Made by `windows`.

    Args:
        folder: Gets drives and registry.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drive = folder / "prefix/drive_c"
        home = folder / "home"  # wine points Desktop and Documents at it
        home.mkdir(parents=True)
        self._env = {
            **os.environ,
            "HOME": str(home),
            "WINEPREFIX": str(folder / "prefix"),
            "WINEDEBUG": "-all",
            # No questions about Mono and Gecko, no entries in the menu of the machine that tests.
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
        }
        self._env.pop("DISPLAY", None)
        self._env.pop("WAYLAND_DISPLAY", None)

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Begin to run a program of Windows."""
        return subprocess.Popen(
            [_found("wine64"), *map(str, command)],
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *command: str | Path, timeout_s: float = 90) -> int:
        """Run a program of Windows, wait for its end and return its exit code."""
        with self.start(*command) as process:
            return process.wait(timeout_s)

    def state(self) -> State:
        """What there is now."""
        files = frozenset(
            str(path.relative_to(self.drive))
            for path in self.drive.rglob("*")
            if not {"temp", "Temp"}.intersection(path.relative_to(self.drive).parts)
        )
        values: dict[tuple[str, str], str] = {}
        for root in ("HKCU", "HKLM\\Software"):
            export = self.folder / "export.reg"
            assert self.run("reg", "export", root, f"Z:{export}", "/y") == 0
            values.update(_values(export.read_text(encoding="utf-16")))
        return State(files, values)

    def text(self, key: str, name: str = "") -> str | None:
        """A value of text in the registry; None if there is none."""
        found = self.state().values.get((key, name.lower() or "@"))
        return None if found is None else found[1:-1].replace("\\\\", "\\").replace('\\"', '"')

    def path(self, inside: str) -> Path:
        r"""Where ``C:\…`` is here."""
        assert inside[:3].upper() == "C:\\"
        return self.drive.joinpath(*inside[3:].split("\\"))

    @property
    def desktop(self) -> Path:
        """The user's desktop, which wine has outside of drive C."""
        return self.folder / "home"

    @property
    def home(self) -> Path:
        """The user's folder."""
        (found,) = (path for path in (self.drive / "users").iterdir() if path.name != "Public")
        return found

    def end(self) -> None:
        """End everything that runs in it."""
        subprocess.run([_found("wineserver"), "-k"], env=self._env, timeout=30, check=False)
        subprocess.run([_found("wineserver"), "-w"], env=self._env, timeout=30, check=True)


@contextmanager
def windows(folder: Path) -> Iterator[Windows]:
    """A fresh one, for as long as the block runs."""
    made = Windows(folder)
    try:
        assert made.run("wineboot", "--init", timeout_s=150) == 0
        # A Windows that has been in use for a day has these.
        (made.home / "AppData/Local/Programs").mkdir(parents=True, exist_ok=True)
        for key in ("Classes", "Microsoft\\Windows\\CurrentVersion\\Uninstall", "RegisteredApplications"):
            assert made.run("reg", "add", f"HKCU\\Software\\{key}", "/v", "other", "/d", "kept", "/f") == 0
        yield made
    finally:
        made.end()
        shutil.rmtree(folder, ignore_errors=True)  # 700 MB


def _found(program: str) -> str:
    found = shutil.which(program, path=os.pathsep.join(FOLDERS))
    assert found is not None, "apt-get install wine64"
    return found


def _values(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    key = ""
    for line in text.replace("\\\r\n", "").replace("\\\n", "").splitlines():
        if found := _KEY.fullmatch(line):
            key = found[1]
            if not _VOLATILE.search(key):
                yield (key, ""), ""
        elif (found := _VALUE.fullmatch(line)) and not _VOLATILE.search(key):
            yield (key, found[1].strip('"').lower()), found[2]
