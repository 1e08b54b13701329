"""Windows of Firefox without its browser: a XUL application of one window, started with ``-app``. Opt-in.

Title, icon and class are the application's, the size is exact, and it starts in half the time of `firefox`. The price:
the window is ours (``firefox_xul/``), made of what Firefox calls internal, so a new Firefox may break it. It was seen
to work with 153 ESR.

What works: alert, confirm, prompt; selects, pickers for files, dates and colours; downloads into the download folder;
the clipboard; a menu of editing; fullscreen by the page; `window.open`, ``target=_blank``, `window.close`; printing by
the system's dialog; title and theme.

What is missing: questions for permissions, which are denied (notifications, position, camera, microphone); the find
bar; zoom and reload by keys; spelling suggestions; developer tools; pages that Firefox shows by itself, for an address
that does not answer say; fullscreen asked for by a frame of another site. If the process of the page ends, the window
ends with exit code 70.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deskapp._lazy import LazyModule
from deskapp.errors import RuntimeFailed
from deskapp.paths import write_files
from deskapp.runtime._browser_app import BrowserApp, BrowserWindow, Launch
from deskapp.runtime._find_browsers import BrowserMissing, Program, find_program
from deskapp.runtime._firefox_files import application_ini, icon_files, xul_files
from deskapp.runtime.base import Availability
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.firefox import APPLICATION, LOOK_EVERY_S, environment, installed_in, own_instance
from deskapp.runtime.window import WindowSpec

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

SHOWN = f"{APPLICATION}/shown"  # written by main.js

NOT_INSTALLED = "it needs a Firefox whose folder has application.ini, as packages of Linux distributions have"


class FirefoxXulApp(BrowserApp):
    """Windows of Firefox's engine alone, which look like the application's own."""

    name = "firefox-xul-app"
    capabilities = BUILT_IN[name]
    browser = "firefox-xul"
    kind = "firefox"

    @classmethod
    def availability(cls) -> Availability:
        found = super().availability()
        if found.ok:
            try:
                program = find_program(cls.kind)
            except BrowserMissing as error:  # gone since a moment ago
                return Availability(False, error.why, error.remedy)
            if installed_in(program) is None:
                return Availability(False, f"{program}: {NOT_INSTALLED}", "sudo apt install firefox-esr")
        return found

    def _launch(self, program: Program, profile: Path, window: WindowSpec) -> Launch:
        home = installed_in(program)
        if home is None:
            raise RuntimeFailed(self.name, why=f"cannot be started from {program}: {NOT_INSTALLED}")
        try:
            ini = application_ini((home / "application.ini").read_text(encoding="utf-8"), self.app_id)
        except ValueError as error:
            raise RuntimeFailed(self.name, why=f"cannot read {home / 'application.ini'}: {error}") from None
        files = {**xul_files(window), **icon_files(window.icon), f"{APPLICATION}/application.ini": ini.encode()}
        (profile / SHOWN).unlink(missing_ok=True)
        write_files(profile, files)
        application = profile / APPLICATION / "application.ini"
        return Launch(["-app", str(application), *own_instance(profile)], environment())

    async def _until_shown(self, window: BrowserWindow) -> None:
        while not (window.profile.path / SHOWN).exists():
            await asyncio.sleep(LOOK_EVERY_S)
