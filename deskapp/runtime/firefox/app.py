"""Windows of Firefox: the browser itself, in a profile of its own, with nothing to be seen of it but the page.

What a page can do in Firefox it can do here. Where the installed Firefox lies as Linux distributions put it, it is
started as an application of another name (``-app``), with the browser it came with and a few lines of ours in it
(``privileged/app/``), so that class, icon and title of the window are the application's, and it can be asked to close.
Elsewhere (snap, flatpak, Windows, macOS) it is started as what it is. There the title bar has `` — Mozilla Firefox``
behind the page's title on Linux and Windows; a second window, which a link with ``target=_blank`` opens, keeps the
process, whose end is what tells that a window was closed; and a window that the application closes ends at once, and
may lose what its page has put into localStorage within the last five seconds.

What it cannot do anywhere: ``windowmode="fullscreen"`` is what Firefox calls a kiosk, which F11 does not leave. A page
whose process crashes is replaced by Firefox's own page that says so.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp._session_bus import without_new_bus
from deskapp.paths import app_paths, write_files
from deskapp.runtime._identity import wm_class
from deskapp.runtime.browsers.app import BrowserApp, BrowserWindow, Launch
from deskapp.runtime.browsers.find import Program
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.firefox._archive import archive_with, text_in
from deskapp.runtime.firefox._files import (
    APPLICATION,
    ARCHIVE_MANIFEST,
    application_ini,
    archive_files,
    browser_files,
    icon_files,
)
from deskapp.runtime.firefox._prefs import ENVIRONMENT
from deskapp.runtime.window import WindowId, WindowMode, WindowSpec

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

logger = logging.getLogger(__name__)

BROWSER_ARCHIVE = "omni.ja"
COMPILED = "startupCache"  # of the browser's code, in the profile; not made anew for another archive
CHECKPOINTS = "sessionCheckpoints.json"  # where Firefox notes how far it is, in the profile
SHOWN = "sessionstore-windows-restored"  # noted right after the window is on screen
LOOK_EVERY_S = 0.02
SCRIPT_BYTES = 4096
LEAVE_TIMEOUT_S = 2.0  # for a window that is asked to close; it takes a tenth of it

# A program that Firefox has started, or that runs in its restart, hands these down.
FOREIGN_VARIABLES = ("MOZ_APP_RESTART", "XRE_PROFILE_PATH", "XRE_PROFILE_LOCAL_PATH", "MOZ_LAUNCHED_CHILD")


class FirefoxApp(BrowserApp):
    """Windows of Firefox, without tabs, address bar and keys of a browser."""

    name = "firefox-app"
    capabilities = BUILT_IN[name]
    browser = "firefox"
    kind = "firefox"

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        super().__init__(app_id, storage=storage)
        self._listening: set[WindowId] = set()

    def _launch(self, program: Program, profile: Path, window: WindowSpec) -> Launch:
        forget_icon(profile)
        files = {**browser_files(window), **icon_files(window.icon)}
        home = installed_in(program)
        application = None
        if home is not None:
            with contextlib.suppress(OSError, ValueError):  # laid out otherwise than known: it is what it is
                files[f"{APPLICATION}/application.ini"] = application_ini(_read_ini(home), self.app_id).encode()
                if link_archive(our_archive(home), profile / APPLICATION / BROWSER_ARCHIVE):
                    shutil.rmtree(profile / COMPILED, ignore_errors=True)
                application = profile / APPLICATION / "application.ini"
        (profile / CHECKPOINTS).unlink(missing_ok=True)  # those of the last time
        write_files(profile, files)
        given = arguments(self.app_id, window, profile, application)
        return Launch(given, environment(), speaks=application is not None)

    async def _until_shown(self, window: BrowserWindow) -> None:
        while not is_shown(window.profile.path / CHECKPOINTS):
            await asyncio.sleep(LOOK_EVERY_S)

    def _take(self, window: BrowserWindow, message: dict[str, Any]) -> None:
        if message.get("method") == "listens":
            self._listening.add(window.id)

    def _gone(self, window: BrowserWindow) -> None:
        self._listening.discard(window.id)

    async def _end(self, window: BrowserWindow, *, timeout_s: float) -> None:
        if window.id in self._listening:
            await ask_to_leave(window, timeout_s=timeout_s)
        await super()._end(window, timeout_s=timeout_s)


async def ask_to_leave(window: BrowserWindow, *, timeout_s: float) -> None:
    """Have a window that listens close by itself, so that it writes what its page has stored."""
    window.is_ending = True
    if not window.process.has_ended:
        with contextlib.suppress(BlockingIOError):
            window.process.send({"id": 0, "method": "close", "params": {}})
            await window.process.wait(min(timeout_s, LEAVE_TIMEOUT_S))


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


def forget_icon(profile: Path) -> None:
    """Remove the icon of the window that had the profile before."""
    shutil.rmtree(profile / APPLICATION / "chrome", ignore_errors=True)


def is_shown(checkpoints: Path) -> bool:
    """Whether the first window of a browser is on screen, as far as it has noted."""
    with contextlib.suppress(OSError, ValueError):
        return bool(json.loads(checkpoints.read_bytes()).get(SHOWN))
    return False


def our_archive(home: Path) -> Path:
    """The browser's archive of code with ours in it, for the Firefox installed in `home`; the installed one if need be.

    Raises:
        OSError: There is none.
    """
    installed = home / "browser" / BROWSER_ARCHIVE
    try:
        files = archive_files(text_in(installed, ARCHIVE_MANIFEST))
        return archive_with(installed, files, app_paths("deskapp").cache / "firefox")
    except (OSError, ValueError) as error:  # no room, say: a window with another title is better than none
        logger.warning("Windows of Firefox will be titled as its own: its archive cannot be extended: %s", error)
        return installed


def link_archive(archive: Path, link: Path) -> bool:
    """Have the application find the browser's code.

    Returns:
        Whether it is other code than before.

    Raises:
        OSError: The link cannot be made.
    """
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.exists() and link.samefile(archive):
        return False
    link.unlink(missing_ok=True)
    try:
        # No symbolic link: it would lead the processes of pages to where they may not read.
        link.hardlink_to(archive)
    except OSError:  # another file system, or another owner's file
        link.symlink_to(archive)
    return True


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
