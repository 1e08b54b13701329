"""Starts a program when its user logs in: what the three systems want to read, and where they look for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deskapp.errors import ConfigError, DesktopFailed
from deskapp.paths import atomic_write, checked_app_id, is_frozen

if TYPE_CHECKING:
    from types import ModuleType

RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
MAX_RUN_VALUE = 260  # https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys

# https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
_TO_QUOTE = frozenset(" \t\n\"'\\><~|&;$*?#()`%=")


class Entry(Protocol):
    """Where one system keeps what is to be started."""

    def write(self, command: Sequence[str]) -> None: ...
    def remove(self) -> None: ...
    def is_there(self) -> bool: ...


def program_command(args: Sequence[str] = ()) -> list[str]:
    """The command that starts this program again.

    Args:
        args: Arguments for it, in place of those of now.

    Raises:
        DesktopFailed: It was typed at a prompt, so there is nothing to start.
    """
    if is_frozen():
        return [_executable(), *args]
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    if spec is not None and spec.name not in ("", "__main__"):
        name = spec.name[: -len(".__main__")] if spec.name.endswith(".__main__") else spec.name
        return [sys.executable, "-m", name, *args]
    file = getattr(main, "__file__", None)
    if file is None:
        raise DesktopFailed("start this program at login", "it is typed at a prompt, not kept in a file")
    return [sys.executable, str(Path(file).absolute()), *args]


def _executable() -> str:
    """The file that a person starts: of an AppImage not what is inside, whose folder is another one each time."""
    image, inside = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    # Both are inherited by programs that one in an AppImage starts.
    if image and inside and Path(sys.executable).is_relative_to(inside):
        return image
    return sys.executable


def checked_arguments(args: Sequence[str]) -> list[str]:
    """Arguments that every system can keep.

    Raises:
        ConfigError: They are one text, or hold what no command line can.
    """
    if isinstance(args, str) or not all(isinstance(arg, str) for arg in args):
        raise ConfigError("args", args, origin="native.autostart", why="give a list of texts, one for each argument.")
    if any(character in arg for arg in args for character in "\0\r\n"):
        raise ConfigError("args", args, origin="native.autostart", why="line ends and null characters cannot be kept.")
    return list(args)


# -- what they read ----------------------------------------------------------------------------------------------------


def desktop_entry(name: str, command: Sequence[str]) -> str:
    """An entry for `~/.config/autostart`, by the Desktop Application Autostart Specification.

    Args:
        name: What people call the program.
        command: Program and arguments.
    """
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        f"Name={_escaped(name)}",
        f"Exec={_escaped(' '.join(map(_quoted, command)))}",
        "X-GNOME-Autostart-enabled=true",
    ]
    return "\n".join(lines) + "\n"


def _quoted(argument: str) -> str:
    """An argument of ``Exec``, where ``%`` begins a field code."""
    argument = argument.replace("%", "%%")
    if argument and not _TO_QUOTE.intersection(argument):
        return argument
    return '"' + "".join(f"\\{c}" if c in '"`$\\' else c for c in argument) + '"'


def _escaped(value: str) -> str:
    """A value of a desktop file, which has escapes of its own."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def is_enabled_entry(text: str) -> bool:
    """Whether an entry starts something: desktops turn it off in its text, and leave it where it is."""
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    keys = {key.strip(): value.strip().lower() for key, value in values.items()}
    return keys.get("Hidden") != "true" and keys.get("X-GNOME-Autostart-enabled") != "false" and "Exec" in keys


def launch_agent(label: str, command: Sequence[str]) -> bytes:
    """A property list for macOS' `~/Library/LaunchAgents`; see ``launchd.plist(5)``.

    Args:
        label: The program's id.
        command: Program and arguments.
    """
    import plistlib  # on demand: macOS alone needs it, and it brings an XML parser along

    return plistlib.dumps({
        "Label": label,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "LimitLoadToSessionType": "Aqua",
        "ProcessType": "Interactive",
    })  # fmt: skip


def run_value(command: Sequence[str]) -> str:
    """The command line for Windows' key `RUN_KEY`.

    Raises:
        DesktopFailed: It is longer than Windows reads.
    """
    line = subprocess.list2cmdline(command)
    if len(line) > MAX_RUN_VALUE:
        raise DesktopFailed(
            "start this program at login", f"its command line is longer than {MAX_RUN_VALUE} characters"
        )
    return line


# -- where they look ---------------------------------------------------------------------------------------------------


class FileEntry:
    """An entry that is a file.

    Args:
        file: Which.
        app_id: The program's id.
        name: What people call it.
    """

    def __init__(self, file: Path, app_id: str, name: str) -> None:
        self.file, self._app_id, self._name = file, app_id, name

    def write(self, command: Sequence[str]) -> None:
        """Have the command run at the next login."""
        is_agent = self.file.suffix == ".plist"
        atomic_write(self.file, launch_agent(self._app_id, command) if is_agent else desktop_entry(self._name, command))

    def remove(self) -> None:
        """No longer run it."""
        self.file.unlink(missing_ok=True)

    def is_there(self) -> bool:
        """Whether it will run."""
        try:
            content = self.file.read_bytes()
        except OSError:
            return False
        return self.file.suffix == ".plist" or is_enabled_entry(content.decode(errors="replace"))


class RegistryEntry:
    """An entry in the registry of Windows.

    Args:
        name: Name of the value.
        registry: The module ``winreg``, or what stands for it.
    """

    def __init__(self, name: str, registry: ModuleType) -> None:
        self._name, self._registry = name, registry

    def write(self, command: Sequence[str]) -> None:
        """Have the command run at the next login."""
        value, registry = run_value(command), self._registry
        with registry.CreateKey(registry.HKEY_CURRENT_USER, RUN_KEY) as key:
            registry.SetValueEx(key, self._name, 0, registry.REG_SZ, value)

    def remove(self) -> None:
        """No longer run it."""
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, RUN_KEY, 0, registry.KEY_SET_VALUE) as key:
                registry.DeleteValue(key, self._name)
        except FileNotFoundError:
            return

    def is_there(self) -> bool:
        """Whether it will run."""
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, RUN_KEY) as key:
                return bool(registry.QueryValueEx(key, self._name)[0])
        except FileNotFoundError:
            return False


def entry_for(app_id: str, name: str = "") -> Entry:
    """The entry of a program on this system.

    Args:
        app_id: The program's id.
        name: What people call it; its id when not given.
    """
    app_id = checked_app_id(app_id)
    if sys.platform == "win32":
        import winreg

        return RegistryEntry(app_id, winreg)
    if sys.platform == "darwin":
        return FileEntry(Path.home() / "Library" / "LaunchAgents" / f"{app_id}.plist", app_id, name)
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return FileEntry(config / "autostart" / f"{app_id}.desktop", app_id, name or app_id)
