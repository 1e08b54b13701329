"""Windows of Chrome, Chromium and Edge: the page in app mode, with a private profile and nothing of the browser."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from deskapp._lazy import LazyModule
from deskapp.paths import atomic_write
from deskapp.runtime._identity import wm_class
from deskapp.runtime.browsers.app import CLOSE_TIMEOUT_S, BrowserApp, BrowserWindow, Launch
from deskapp.runtime.browsers.devtools import DevToolsError
from deskapp.runtime.browsers.find import Program
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.chromium._window import ChromiumWindow
from deskapp.runtime.window import WindowId, WindowMode, WindowSpec

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

logger = logging.getLogger(__name__)

NOWHERE = "http://127.0.0.1:9/"  # the port of a service that takes everything and answers nothing

QUIET_FLAGS = (
    # Nothing to greet, to ask or to restore.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-default-apps",
    "--disable-search-engine-choice-screen",
    "--hide-crash-restore-bubble",
    "--disable-session-crashed-bubble",
    "--allow-browser-signin=false",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    # The profile keeps no passwords, so it needs no keyring, which would ask to be unlocked.
    "--password-store=basic",
    "--use-mock-keychain",
    # Without it, a bar in every window says that flags are unusual, or that keys for Google were not built in.
    "--test-type",
    # No requests of its own.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-field-trial-config",
    "--metrics-recording-only",
    "--no-pings",
    f"--gaia-url={NOWHERE}",
    f"--component-updater=url-source={NOWHERE}",
    "--disable-features="
    + ",".join((
        "AutofillServerCommunication",
        "CertificateTransparencyComponentUpdater",
        "GlobalMediaControls",
        "HttpsUpgrades",
        "InterestFeedContentSuggestions",
        "MediaRouter",
        "NetworkTimeServiceQuerying",
        "OptimizationHints",
        "Translate",
    )),
)  # fmt: skip

MODE_FLAGS = {
    WindowMode.NORMAL: (),
    WindowMode.MAXIMIZED: ("--start-maximized",),
    WindowMode.FULLSCREEN: ("--start-fullscreen",),
    WindowMode.KIOSK: ("--kiosk",),
}

# The sandbox does not work for root. Outside app mode the second flag keeps a bar away that says so.
ROOT_FLAGS = ("--no-sandbox", "--test-type")
# What a profile begins with: no bubble of the browser asks to keep what is typed into a form.
PREFERENCES = {
    "credentials_enable_service": False,
    "profile": {"password_manager_enabled": False},
    "autofill": {"profile_enabled": False, "credit_card_enabled": False},
}
PIPE_FLAG = "--remote-debugging-pipe"
PIPE_TIMEOUT_S = 10.0  # for a browser that runs; one that cannot start ends
LEAVE_TIMEOUT_S = 1.0  # from the end of the page to that of the browser; it takes a tenth of it


def root_flags() -> tuple[str, ...]:
    """What the browser needs if this process is root's."""
    return ROOT_FLAGS if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def arguments(
    app_id: str, window: WindowSpec, profile: Path, *, more: Sequence[str] = (), speaks: bool = True
) -> list[str]:
    """The command line of a window, after the program.

    Args:
        app_id: What the window belongs to.
        window: What to show.
        profile: The folder that is its own.
        more: Further flags.
        speaks: Whether it takes commands through a pipe.
    """
    place = [f"--window-position={window.x},{window.y}"] if window.x is not None else []
    return [
        f"--user-data-dir={profile}",
        f"--class={wm_class(app_id)}",
        f"--window-size={window.width},{window.height}",
        *place,
        *MODE_FLAGS[window.mode],
        *QUIET_FLAGS,
        *more,
        *((PIPE_FLAG,) if speaks else ()),
        f"--app={window.url}",
    ]


class ChromiumApp(BrowserApp):
    """A browser made of Chromium. It is told and tells through a pipe, which no other process can open."""

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        super().__init__(app_id, storage=storage)
        self._hands: dict[WindowId, ChromiumWindow] = {}

    def _launch(self, program: Program, profile: Path, window: WindowSpec) -> Launch:
        preferences = profile / "Default" / "Preferences"
        if not preferences.exists():
            atomic_write(preferences, json.dumps(PREFERENCES), mode=0o600)
        # Confined browsers are started through programs that may close what they do not know.
        speaks = program.snap is None and program.flatpak is None and sys.platform != "win32"
        flags = arguments(self.app_id, window, profile, more=root_flags(), speaks=speaks)
        return Launch(flags, speaks=speaks)

    async def _until_shown(self, window: BrowserWindow) -> None:
        hand = self._hands[window.id] = ChromiumWindow(
            self.name, window, self._listener, self._report, self._page_closed
        )
        if not window.process.speaks:
            await super()._until_shown(window)
            return
        try:
            await asyncio.wait_for(hand.begin(), PIPE_TIMEOUT_S)
        except (asyncio.TimeoutError, DevToolsError) as error:
            if not window.process.has_ended:
                logger.warning("%s runs, but its window takes no commands: %s", self.name, error or "it does not speak")

    def _take(self, window: BrowserWindow, message: dict[str, object]) -> None:
        hand = self._hands.get(window.id)
        if hand is not None:
            hand.devtools.take(message)

    def _gone(self, window: BrowserWindow) -> None:
        hand = self._hands.pop(window.id, None)
        if hand is not None:
            hand.end()

    def _page_closed(self, window: BrowserWindow) -> None:
        """The page's window is closed, which is told now: the browser takes half a second more to end.

        Windows that it opened itself may keep the browser; they go with it.
        """
        self._spawn(self._end_soon(window))
        self._tell_closed(window)

    async def _end_soon(self, window: BrowserWindow) -> None:
        if not await window.process.wait(LEAVE_TIMEOUT_S):
            await super()._end(window, timeout_s=CLOSE_TIMEOUT_S)

    async def _end(self, window: BrowserWindow, *, timeout_s: float) -> None:
        """As for every browser, but one that leaves by itself is let go: a signal could keep it from writing."""
        if window.is_gone and not window.process.has_ended:
            await window.process.wait(min(timeout_s, LEAVE_TIMEOUT_S))
        await super()._end(window, timeout_s=timeout_s)

    async def _do(self, window: WindowId, verb: str, args: Sequence[object]) -> object:
        hand = self._hands.get(window)
        return None if hand is None or hand.is_gone else await hand.do(verb, args)


class ChromeApp(ChromiumApp):
    """Google Chrome or Chromium."""

    name = "chrome-app"
    browser: ClassVar[str] = "chrome"
    kind: ClassVar[str] = "chrome"
    capabilities = BUILT_IN[name]


class EdgeApp(ChromiumApp):
    """Microsoft Edge."""

    name = "edge-app"
    browser: ClassVar[str] = "edge"
    kind: ClassVar[str] = "edge"
    capabilities = BUILT_IN[name]
