"""Windows of Firefox without its browser: a XUL application of one window, started with ``-app``. Opt-in.

Title, icon and class are the application's, the size is exact, it starts in half the time of `firefox`, and it takes
commands through a pipe. The price: the window is ours (``privileged/xul/``), made of what Firefox calls internal, so a
new Firefox may break it. It was seen to work with 153 ESR.

What works: alert, confirm, prompt; selects, pickers for files, dates and colours; downloads into the download folder;
the clipboard; a menu of editing; fullscreen by the page; `window.open`, ``target=_blank``, `window.close`; printing by
the system's dialog; title and theme.

What is missing: questions for permissions, which are denied (notifications, position, camera, microphone); the find
bar; zoom and reload by keys; spelling suggestions; developer tools; pages that Firefox shows by itself, for an address
that does not answer say; fullscreen asked for by a frame of another site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp.errors import RuntimeFailed
from deskapp.paths import write_files
from deskapp.runtime.base import COMMAND_TIMEOUT_S, Availability
from deskapp.runtime.browsers.app import BrowserApp, BrowserWindow, Launch
from deskapp.runtime.browsers.devtools import DevTools, DevToolsError
from deskapp.runtime.browsers.find import BrowserMissing, Program, find_program
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.firefox._files import APPLICATION, application_ini, icon_files, xul_files
from deskapp.runtime.firefox.app import ask_to_leave, environment, forget_icon, installed_in, own_instance
from deskapp.runtime.window import Geometry, WindowId, WindowSpec, check_color, check_side, check_url, check_zoom

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

NOT_INSTALLED = "it needs a Firefox whose folder has application.ini, as packages of Linux distributions have"


class FirefoxXulApp(BrowserApp):
    """Windows of Firefox's engine alone, which look like the application's own."""

    name = "firefox-xul-app"
    capabilities = BUILT_IN[name]
    browser = "firefox-xul"
    kind = "firefox"

    def __init__(self, app_id: str, *, storage: Path | None = None) -> None:
        super().__init__(app_id, storage=storage)
        self._hands: dict[WindowId, _Hand] = {}

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
        forget_icon(profile)
        files = {**xul_files(window), **icon_files(window.icon), f"{APPLICATION}/application.ini": ini.encode()}
        write_files(profile, files)
        application = profile / APPLICATION / "application.ini"
        return Launch(["-app", str(application), *own_instance(profile)], environment(), speaks=True)

    async def _until_shown(self, window: BrowserWindow) -> None:
        hand = self._hands[window.id] = _Hand(window)
        await hand.shown.wait()

    async def _do(self, window: WindowId, verb: str, args: Sequence[Any]) -> object:
        _check(verb, args)
        hand = self._hands.get(window)
        if hand is not None:
            await self._ask(hand, verb, args)
        return None

    async def _ask(self, hand: _Hand, verb: str, args: Sequence[object]) -> None:
        try:
            await hand.tools.ask(verb, timeout_s=COMMAND_TIMEOUT_S, args=list(args))
        except DevToolsError as error:
            if not hand.window.process.has_ended:  # a window that is gone does nothing
                raise RuntimeFailed(self.name, why=f"could not {verb} its window: {error}") from None
        except (asyncio.TimeoutError, BlockingIOError):
            tail = hand.window.process.tail
            why = f"did not {verb} its window within {COMMAND_TIMEOUT_S:g} s"
            raise RuntimeFailed(self.name, why=why, tail=tail) from None

    async def _end(self, window: BrowserWindow, *, timeout_s: float) -> None:
        """Have it close, so that it writes what its page has stored; then see to it that all of it is gone."""
        hand = self._hands.get(window.id)
        if hand is not None and hand.shown.is_set():
            await ask_to_leave(window, timeout_s=timeout_s)
        await super()._end(window, timeout_s=timeout_s)

    def _gone(self, window: BrowserWindow) -> None:
        hand = self._hands.pop(window.id, None)
        if hand is not None:
            hand.tools.end("its process has ended")

    def _take(self, window: BrowserWindow, message: dict[str, Any]) -> None:
        hand = self._hands.get(window.id)
        if hand is None:
            return
        if "id" in message:
            hand.tools.take(message)
        elif message["method"] == "shown":
            hand.shown.set()
        else:
            self._take_event(window.id, message["method"], message["params"])

    def _take_event(self, window: WindowId, event: str, params: Mapping[str, Any]) -> None:
        listener = self._listener
        if listener is None:
            return
        if event == "loaded":
            self._report(listener.window_loaded, window)
        elif event == "crashed":
            self._report(listener.page_crashed, window)
        elif event == "close_requested":
            self._report(listener.close_requested, window)
        elif event == "focus":
            self._report(listener.focus_changed, window, params["value"])
        elif event == "geometry":
            self._report(listener.geometry_changed, window, Geometry(*params["value"]))


class _Hand:
    """What commands one window, and waits for its answers."""

    def __init__(self, window: BrowserWindow) -> None:
        self.window = window
        self.shown = asyncio.Event()
        self.tools = DevTools(window.process.send, lambda event, params: None)


def _check(verb: str, args: Sequence[Any]) -> None:
    """Refuse what no window can do.

    Raises:
        ConfigError: An argument is out of its range.
    """
    if verb == "load_url":
        check_url(args[0])
    elif verb in ("resize", "set_min_size"):
        check_side("width", args[0])
        check_side("height", args[1])
    elif verb == "set_zoom":
        check_zoom(args[0])
    elif verb == "set_background" and args[0] is not None:
        check_color(args[0])
