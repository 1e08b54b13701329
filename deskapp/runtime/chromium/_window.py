"""One window of Chromium, told what to do and heard through the DevTools protocol."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from deskapp._lazy import LazyModule
from deskapp.errors import NotSupported, RuntimeFailed
from deskapp.paths import atomic_write
from deskapp.runtime.base import COMMAND_TIMEOUT_S, RuntimeListener
from deskapp.runtime.browsers.app import BrowserWindow
from deskapp.runtime.browsers.devtools import DevTools, DevToolsError, Params
from deskapp.runtime.capabilities import able
from deskapp.runtime.window import WindowMode, check_side, check_url

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the browser's process can start

PDF_CHUNK_BYTES = 1 << 19
PRINT_TIMEOUT_S = 60.0
FRAME_LIMIT_PX = 200  # a title bar and its borders are less
FRAME_LOOK_S, FRAME_LOOKS = 0.05, 20
NO_PIPE = "this browser takes no commands: a policy forbids it, or it is confined"


class ChromiumWindow:
    """The hand on one window.

    Args:
        runtime: The runtime's name, for errors.
        window: Its process, which speaks.
        listener: Who hears of it.
        report: Calls a method of the listener safely.
        on_gone: Called when the page's window is closed, which the process may outlive.
    """

    def __init__(
        self,
        runtime: str,
        window: BrowserWindow,
        listener: RuntimeListener | None,
        report: Callable[..., None],
        on_gone: Callable[[BrowserWindow], None],
    ) -> None:
        self._runtime = runtime
        self._window = window
        self._listener = listener
        self._report = report
        self._on_gone = on_gone
        self.devtools = DevTools(window.process.send, self._hear)
        self._target = ""
        self._session: str | None = None
        self._found = asyncio.Event()
        self._loader = ""
        self._id = 0
        self._is_ready = False

    async def begin(self) -> None:
        """Wait for the page, and listen to it. Returns when there is a window, centred if it has no place.

        Raises:
            DevToolsError: The browser does not do as the protocol says, or has ended.
        """
        ask = self._ask_browser
        await ask("Target.setDiscoverTargets", timeout_s=None, discover=True)
        await self._found.wait()
        attached = await ask("Target.attachToTarget", targetId=self._target, flatten=True)
        self._session = str(attached["sessionId"])
        self._id = int((await ask("Browser.getWindowForTarget", targetId=self._target))["windowId"])
        await self._ask("Page.enable")
        # What has happened to the page before is told now.
        await self._ask("Page.setLifecycleEventsEnabled", enabled=True)
        self._is_ready = True
        spec = self._window.spec
        if spec.mode is WindowMode.MAXIMIZED:
            await self._set_state("maximized")  # the flag for it is not obeyed by windows of apps
        elif spec.mode is WindowMode.NORMAL and spec.x is None:
            await self._center()

    @property
    def is_gone(self) -> bool:
        """Whether the window is closed."""
        return self._window.is_gone or self._window.process.has_ended

    def end(self) -> None:
        """The process has ended."""
        self.devtools.end("the browser has ended")

    async def do(self, verb: str, args: Sequence[Any]) -> object:
        """Obey a command.

        Raises:
            ConfigError: An argument is out of its range.
            RuntimeFailed: The browser did not do it.
        """
        if not self._is_ready:
            raise NotSupported(verb, self._runtime, able(verb), why=NO_PIPE)
        try:
            await self._verbs[verb](self, *args)
        except asyncio.TimeoutError:
            raise self._failed(verb, "did not answer in time") from None
        except (DevToolsError, BlockingIOError, OSError) as error:
            if not self.is_gone:
                raise self._failed(verb, str(error)) from None
        return None

    def _failed(self, verb: str, why: str) -> RuntimeFailed:
        return RuntimeFailed(self._runtime, why=f"could not {verb} window {self._window.id!r}: {why}")

    # -- what it hears -------------------------------------------------------------------------------------------------

    def _hear(self, event: str, params: Params) -> None:
        if event == "Target.targetCreated":
            self._see(params["targetInfo"])
        elif event == "Target.targetDestroyed" and params["targetId"] == self._target:
            self._on_gone(self._window)
        elif self._listener is None:
            return
        elif event == "Target.targetCrashed" and params["targetId"] == self._target:
            self._report(self._listener.page_crashed, self._window.id)
        elif event == "Page.lifecycleEvent" and params["name"] == "load":
            is_page = params["frameId"] == self._target
            if is_page and params["loaderId"] != self._loader:
                self._loader = params["loaderId"]
                self._report(self._listener.window_loaded, self._window.id)

    def _see(self, info: Params) -> None:
        """The first page is ours; others are opened by it."""
        if info["type"] == "page" and not self._target:
            self._target = str(info["targetId"])
            self._found.set()

    # -- what it does --------------------------------------------------------------------------------------------------

    async def _ask_browser(self, method: str, *, timeout_s: float | None = COMMAND_TIMEOUT_S, **params: Any) -> Params:
        return await self.devtools.ask(method, timeout_s=timeout_s, **params)

    async def _ask(self, method: str, *, timeout_s: float | None = COMMAND_TIMEOUT_S, **params: Any) -> Params:
        return await self.devtools.ask(method, session=self._session, timeout_s=timeout_s, **params)

    async def _evaluate(self, code: str) -> Any:
        answer = await self._ask("Runtime.evaluate", expression=code, returnByValue=True)
        if "exceptionDetails" in answer:
            raise DevToolsError(str(answer["exceptionDetails"].get("text")))
        return answer["result"].get("value")

    async def _bounds(self) -> Params:
        answer = await self._ask_browser("Browser.getWindowBounds", windowId=self._id)
        bounds: Params = answer["bounds"]
        return bounds

    async def _set_bounds(self, **bounds: object) -> None:
        await self._ask_browser("Browser.setWindowBounds", windowId=self._id, bounds=bounds)

    async def _set_state(self, state: str) -> None:
        present = (await self._bounds())["windowState"]
        if present == state:
            return
        if "normal" not in (present, state):
            await self._set_bounds(windowState="normal")  # the protocol refuses every other way
        await self._set_bounds(windowState=state)

    async def _load_url(self, url: str) -> None:
        check_url(url)
        answer = await self._ask("Page.navigate", url=url)
        if error := answer.get("errorText"):
            raise DevToolsError(str(error))

    async def _resize(self, width: int, height: int) -> None:
        check_side("width", width)
        check_side("height", height)
        await self._set_state("normal")
        extra = await self._frame()
        await self._set_bounds(width=width + extra[0], height=height + extra[1])

    async def _frame(self) -> tuple[int, int]:
        """How much larger than its page the window is: where Chromium draws the title bar itself, that is part of it.

        A page learns of its size after the window has it. While the two do not fit, it is asked again for a moment.
        """
        extra = (0, 0)
        for _ in range(FRAME_LOOKS):
            width, height = await self._evaluate("[outerWidth - innerWidth, outerHeight - innerHeight]")
            extra = (width, height)
            if all(0 <= side <= FRAME_LIMIT_PX for side in extra):
                break
            await asyncio.sleep(FRAME_LOOK_S)
        return extra

    async def _move(self, x: int, y: int) -> None:
        await self._set_state("normal")
        await self._set_bounds(left=x, top=y)

    async def _center(self) -> None:
        code = "[screen.availLeft, screen.availTop, screen.availWidth, screen.availHeight]"
        try:
            left, top, width, height = await self._evaluate(code)
        except DevToolsError:  # the page came just now, and took the place of the empty one that was asked
            left, top, width, height = await self._evaluate(code)
        bounds = await self._bounds()
        await self._move(left + (width - bounds["width"]) // 2, top + (height - bounds["height"]) // 2)

    async def _fullscreen(self, on: bool) -> None:
        await self._set_state("fullscreen" if on else "normal")

    async def _maximize(self) -> None:
        await self._set_state("maximized")

    async def _minimize(self) -> None:
        await self._set_state("minimized")

    async def _restore(self) -> None:
        await self._set_state("normal")

    async def _focus(self) -> None:
        if (await self._bounds())["windowState"] == "minimized":
            await self._set_state("normal")
        await self._ask_browser("Target.activateTarget", targetId=self._target)

    async def _print_page(self, path: str | None) -> None:
        if path is None:
            await self._evaluate("void setTimeout(() => print())")  # the answer would wait for the dialog
            return
        answer = await self._ask(
            "Page.printToPDF", timeout_s=PRINT_TIMEOUT_S, printBackground=True, transferMode="ReturnAsStream"
        )
        handle, chunks, is_over = answer["stream"], [], False
        try:
            while not is_over:
                chunk = await self._ask("IO.read", handle=handle, size=PDF_CHUNK_BYTES)
                data = chunk["data"]
                chunks.append(base64.b64decode(data) if chunk.get("base64Encoded") else data.encode())
                is_over = chunk["eof"]
        finally:
            await self._ask("IO.close", handle=handle)
        await asyncio.to_thread(atomic_write, Path(path), b"".join(chunks))

    async def _end_page(self) -> None:
        # A page that has crashed does not answer.
        self._window.process.send({"id": 0, "method": "Page.crash", "sessionId": self._session})

    _verbs: ClassVar[Mapping[str, Callable[..., Awaitable[None]]]] = {
        "load_url": _load_url,
        "resize": _resize,
        "move": _move,
        "center": _center,
        "fullscreen": _fullscreen,
        "maximize": _maximize,
        "minimize": _minimize,
        "restore": _restore,
        "focus": _focus,
        "print_page": _print_page,
        "end_page": _end_page,
    }
