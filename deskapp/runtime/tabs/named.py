"""A tab in a browser that is asked for by name, with the user's own profile."""

from __future__ import annotations

import subprocess
from typing import ClassVar

from deskapp.runtime.base import Availability
from deskapp.runtime.browsers.app import browser_availability, browser_version
from deskapp.runtime.browsers.find import BrowserMissing, find_program
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.chromium.app import root_flags
from deskapp.runtime.tabs.browser import Browser


class ProgramBrowser(Browser):
    """Opens pages in one kind of browser. It is the user's: nothing of it is ended."""

    kind: ClassVar[str]
    """Which program it is, one of `browsers.find.KINDS`."""

    @classmethod
    def availability(cls) -> Availability:
        return browser_availability(cls.kind)

    @classmethod
    def version(cls) -> str:
        return browser_version(cls.kind)

    def _show(self, url: str) -> bool:
        """Start the program, which hands the page to an instance that runs already, or becomes the one that does."""
        quiet = subprocess.DEVNULL
        try:
            command = [*find_program(self.kind).command, *self._flags(), url]
            process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
        except (OSError, BrowserMissing):
            return False
        return process.wait() == 0

    def _flags(self) -> tuple[str, ...]:
        return ()


class ChromeBrowser(ProgramBrowser):
    """A tab in Google Chrome or Chromium."""

    name = "chrome-browser"
    kind: ClassVar[str] = "chrome"
    capabilities = BUILT_IN[name]

    def _flags(self) -> tuple[str, ...]:
        return root_flags()


class EdgeBrowser(ProgramBrowser):
    """A tab in Microsoft Edge."""

    name = "edge-browser"
    kind: ClassVar[str] = "edge"
    capabilities = BUILT_IN[name]

    def _flags(self) -> tuple[str, ...]:
        return root_flags()


class FirefoxBrowser(ProgramBrowser):
    """A tab in Firefox."""

    name = "firefox-browser"
    kind: ClassVar[str] = "firefox"
    capabilities = BUILT_IN[name]
