"""What of the desktop a program can have on this machine, for `deskapp doctor`; nothing is started to find out."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deskapp._session_bus import has_session_bus
from deskapp.desktop.dialog_tools import REMEDY, find_tool
from deskapp.desktop.opening import open_command
from deskapp.runtime.capabilities import BUILT_IN, SERVICES

NO_TOOLKIT = "no runtime with a toolkit of the system works here"


@dataclass(frozen=True)
class ServiceReport:
    """What is said of one service.

    Args:
        name: As `runtime.capabilities.SERVICES` calls it, or a name of its own.
        ok: Whether it can be had.
        reason: By what, or what is missing.
        remedy: The command that gets what is missing.
    """

    name: str
    ok: bool
    reason: str = ""
    remedy: str = ""


def service_reports(
    runtimes: Iterable[str],
    *,
    which: Callable[[str], str | None] = shutil.which,
    has_module: Callable[[str], bool] = lambda name: importlib.util.find_spec(name) is not None,
    has_bus: Callable[[], bool] = has_session_bus,
) -> list[ServiceReport]:
    """Say of each service whether it can be had.

    Args:
        runtimes: Names of the runtimes that work here.
        which: Finds a program.
        has_module: Whether a module can be imported.
        has_bus: Whether there is a D-Bus session; only asked on Linux.
    """
    working = list(runtimes)
    is_linux = sys.platform.startswith("linux")
    bus = not is_linux or has_bus()
    reports = [_of_runtimes(name, working, which) for name in SERVICES]
    if is_linux and not bus:
        lacking = {"power", "tray"}
        why = "there is no D-Bus session; log in to a desktop, or start the program with dbus-run-session"
        reports = [
            ServiceReport(one.name, one.ok, f"{one.reason}; in part: {why}" if one.ok else one.reason, one.remedy)
            if one.name in lacking
            else one
            for one in reports
        ]
    if not has_module("desktop_notifier"):
        command = "pip install 'deskapp[notify]'"
        reports.append(ServiceReport("notifications", False, "desktop-notifier is not installed", command))
    elif not bus:
        reports.append(ServiceReport("notifications", False, "there is no D-Bus session", "dbus-run-session -- …"))
    else:
        reports.append(ServiceReport("notifications", True, "by desktop-notifier"))
    opener = open_command("x")[0]
    found = opener if not is_linux else which(opener)
    reports.append(
        ServiceReport("open and reveal", True, f"by {found}")
        if found
        else ServiceReport("open and reveal", False, f"{opener} is not installed", "sudo apt install xdg-utils")
    )
    return reports


def _of_runtimes(name: str, working: Iterable[str], which: Callable[[str], str | None]) -> ServiceReport:
    able = [one for one in working if one in BUILT_IN and name in BUILT_IN[one].services]
    if able:
        return ServiceReport(name, True, f"by {able[0]}")
    if name in ("file_dialog", "message"):
        tool = find_tool(which)
        if tool is not None:
            return ServiceReport(name, True, f"by {tool}")
        return ServiceReport(name, False, f"{NO_TOOLKIT}, and neither zenity nor kdialog is installed", REMEDY)
    return ServiceReport(name, False, NO_TOOLKIT, "mend one of the runtimes that begin with webview")
