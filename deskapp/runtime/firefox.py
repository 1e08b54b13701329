"""Windows of Firefox: the browser itself, in a profile of its own, with nothing to be seen of it but the page.

What a page can do in Firefox it can do here. Where the installed Firefox lies as Linux distributions put it, it is
started as an application of another name (``-app``), with the browser it came with, so that class and icon of the
window are the application's; elsewhere (snap, flatpak, Windows, macOS) as what it is.

What it cannot do, and no preference of Firefox 153 changes: the title bar shows the page's title, but on Linux and
Windows with `` — Mozilla Firefox`` behind it. ``windowmode="fullscreen"`` is what Firefox calls a kiosk, which F11 does
not leave. A link with ``target=_blank`` opens a second window of the same process, and the process, whose end is what
tells that a window was closed, ends with the last of them. A page whose process crashes is replaced by Firefox's own
page that says so. Firefox has no way to be asked from outside to close: a window that the application closes ends at
once, and may lose what its page has put into localStorage within the last five seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp._lazy import LazyModule
from deskapp._session_bus import without_new_bus
from deskapp.paths import write_files
from deskapp.runtime._browser_app import BrowserApp, BrowserWindow, Launch
from deskapp.runtime._find_browsers import Program
from deskapp.runtime._firefox_files import APPLICATION, application_ini, browser_files, icon_files
from deskapp.runtime._firefox_prefs import ENVIRONMENT
from deskapp.runtime._identity import wm_class
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.window import WindowMode, WindowSpec

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

BROWSER_ARCHIVE = "omni.ja"
CHECKPOINTS = "sessionCheckpoints.json"  # where Firefox notes how far it is, in the profile
SHOWN = "sessionstore-windows-restored"  # noted right after the window is on screen
LOOK_EVERY_S = 0.02
SCRIPT_BYTES = 4096

# A program that Firefox has started, or that runs in its restart, hands these down.
FOREIGN_VARIABLES = ("MOZ_APP_RESTART", "XRE_PROFILE_PATH", "XRE_PROFILE_LOCAL_PATH", "MOZ_LAUNCHED_CHILD")


class FirefoxApp(BrowserApp):
    """Windows of Firefox, without tabs, address bar and keys of a browser."""

    name = "firefox-app"
    capabilities = BUILT_IN[name]
    browser = "firefox"
    kind = "firefox"

    def _launch(self, program: Program, profile: Path, window: WindowSpec) -> Launch:
        files = {**browser_files(window), **icon_files(window.icon)}
        home = installed_in(program)
        application = None
        if home is not None:
            with contextlib.suppress(OSError, ValueError):  # laid out otherwise than known: it is what it is
                files[f"{APPLICATION}/application.ini"] = application_ini(_read_ini(home), self.app_id).encode()
                link_archive(home / "browser" / BROWSER_ARCHIVE, profile / APPLICATION / BROWSER_ARCHIVE)
                application = profile / APPLICATION / "application.ini"
        (profile / CHECKPOINTS).unlink(missing_ok=True)  # those of the last time
        write_files(profile, files)
        return Launch(arguments(self.app_id, window, profile, application), environment())

    async def _until_shown(self, window: BrowserWindow) -> None:
        while not is_shown(window.profile.path / CHECKPOINTS):
            await asyncio.sleep(LOOK_EVERY_S)


def arguments(app_id: str, window: WindowSpec, profile: Path, application: Path | None) -> list[str]:
    """The command line of a window, after the program. The address is in the profile.

    Args:
        app_id: What the window belongs to.
        window: What to show.
        profile: The folder that is its own.
        application: The ``application.ini`` to be started; None starts Firefox under its own name.
    """
    if application is not None:
        who = ["-app", str(application)]
    else:
        who = ["--name", wm_class(app_id), "--class", wm_class(app_id)]
    if window.mode in (WindowMode.FULLSCREEN, WindowMode.KIOSK):
        shape = ["--kiosk"]
    elif window.mode is WindowMode.MAXIMIZED:
        shape = []  # what is given here would win over the profile, which says maximized
    else:
        shape = ["--width", str(window.width), "--height", str(window.height)]
    if window.x is not None:
        shape += ["--left", str(window.x), "--top", str(window.y)]
    return [*who, *own_instance(profile), *shape]


def own_instance(profile: Path) -> list[str]:
    """The arguments by which Firefox keeps to a profile and looks for no other instance of itself."""
    # firefox.exe starts another process and leaves, unless it is told to stay.
    stay = ["--wait-for-browser"] if sys.platform == "win32" else []
    return ["--profile", str(profile), "--no-remote", "--new-instance", *stay]


def environment() -> Mapping[str, str | None]:
    """Changes to the environment that Firefox is started in."""
    return {**dict.fromkeys(FOREIGN_VARIABLES), **ENVIRONMENT, **without_new_bus()}


def installed_in(program: Program) -> Path | None:
    """The folder of an installed Firefox that can be started as another application; None if there is none."""
    if program.snap is not None or program.flatpak is not None or len(program.command) != 1:
        return None
    folder = _behind_script(program.path).resolve().parent
    is_one = (folder / "application.ini").is_file() and (folder / "browser" / BROWSER_ARCHIVE).is_file()
    return folder if is_one and sys.platform.startswith("linux") else None


def is_shown(checkpoints: Path) -> bool:
    """Whether the first window of a browser is on screen, as far as it has noted."""
    with contextlib.suppress(OSError, ValueError):
        return bool(json.loads(checkpoints.read_bytes()).get(SHOWN))
    return False


def link_archive(archive: Path, link: Path) -> None:
    """Have the application find the browser's code, which stays where it is installed.

    Raises:
        OSError: The link cannot be made.
    """
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() and os.readlink(link) == str(archive):
        return
    link.unlink(missing_ok=True)
    link.symlink_to(archive)


def _behind_script(path: Path) -> Path:
    """The program that a script such as Debian's ``/usr/bin/firefox`` hands over to, as far as it says."""
    with path.open("rb") as file:
        text = file.read(SCRIPT_BYTES)
    if not text.startswith(b"#!"):
        return path
    for name in re.findall(rb"^\s*exec ([\w./-]+) ", text, re.MULTILINE):
        found = shutil.which(name.decode())
        if found is not None:
            return Path(found)
    return path


def _read_ini(home: Path) -> str:
    return (home / "application.ini").read_text(encoding="utf-8")
