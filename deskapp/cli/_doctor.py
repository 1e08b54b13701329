"""`deskapp doctor`: versions, directories, settings, what works and can be made here, and what mends the rest."""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib import metadata
from typing import Any

from deskapp._config import Settings
from deskapp._version import __version__
from deskapp.paths import app_paths

REQUIRED = ("tornado", "pywebview", "pscript", "msgspec", "platformdirs", "filelock", "itsdangerous")
OPTIONAL = ("PyGObject", "PyQt6", "desktop-notifier", "pillow", "pyinstaller", "numpy")

EXIT_OK = 0
EXIT_NO_RUNTIME = 1


def doctor() -> int:
    """Print what is found here.

    Returns:
        0, or 1 if no runtime works on this machine.

    Raises:
        ConfigError: The settings are at fault; that alone is then reported.
    """
    settings = Settings.load()
    # By name: the runtimes are looked at by this command alone.
    reports: Sequence[Any] = importlib.import_module("deskapp.runtime.select").report()
    _section("deskapp", _versions())
    _section(
        "Directories (of an app with the id 'deskapp')",
        [(name, str(path)) for name, path in app_paths("deskapp").items()],
    )
    _section("Settings", [(name, f"{value}  ({origin})") for name, value, origin, _ in settings.rows()])
    _section("Runtimes", [(one.name, _verdict(one)) for one in reports])
    working = [one.name for one in reports if one.ok]
    services: Sequence[Any] = importlib.import_module("deskapp.desktop.report").service_reports(working)
    _section("The desktop around windows", [(one.name, _verdict(one)) for one in services])
    frozen: Sequence[Any] = importlib.import_module("deskapp.freeze.report").freeze_reports()
    _section("What deskapp freeze can make", [(one.name, _verdict(one)) for one in frozen])
    if working:
        return EXIT_OK
    print("No runtime works here: mend one of those above.")
    return EXIT_NO_RUNTIME


def _section(title: str, rows: Iterable[tuple[str, str]]) -> None:
    found = list(rows)
    width = max((len(name) for name, _ in found), default=0)
    print(title)
    for name, text in found:
        # What has several lines stays in its column.
        print(f"  {name.ljust(width)}  " + text.replace("\n", "\n" + " " * (width + 4)))
    print()


def _versions() -> list[tuple[str, str]]:
    rows = [
        ("deskapp", __version__),
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        ("system", platform.platform()),
    ]
    for name in (*REQUIRED, *OPTIONAL):
        try:
            rows.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            rows.append((name, f"missing: pip install {name}" if name in REQUIRED else "not installed (optional)"))
    return rows


def _verdict(report: Any) -> str:
    if report.ok:
        version = getattr(report, "version", "")
        return "works" + (f": {report.reason}" if report.reason else "") + (f", version {version}" if version else "")
    return f"does not work: {report.reason}" + (f"\nto mend it: {report.remedy}" if report.remedy else "")
