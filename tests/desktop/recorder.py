"""A listener that writes down what a runtime reports, and waits for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from deskapp.errors import RuntimeFailed
from deskapp.runtime.base import RuntimeListener
from deskapp.runtime.window import Geometry, WindowId


class Recorder(RuntimeListener):
    """Every report as ``(name, window, …)``, in order."""

    def __init__(self) -> None:
        self.reports: list[tuple[object, ...]] = []
        self.errors: list[RuntimeFailed] = []
        # A window that has not reported anything yet is nowhere.
        self.geometries: defaultdict[WindowId, Geometry] = defaultdict(lambda: Geometry(0, 0, 0, 0))
        self._news = asyncio.Event()

    def count(self, name: str, window: WindowId | None = None) -> int:
        """How often `name` was reported, for one window or for all."""
        return sum(1 for report in self.reports if report[0] == name and window in (None, report[1]))

    async def until(self, condition: Callable[[], object], *, timeout_s: float = 10.0) -> None:
        """Wait for reports that make `condition` true."""

        async def wait() -> None:
            while not condition():
                self._news.clear()
                await self._news.wait()

        try:
            await asyncio.wait_for(wait(), timeout_s)
        except asyncio.TimeoutError:
            raise AssertionError(f"not within {timeout_s} s; reported so far: {self.reports}") from None

    async def until_reported(
        self, name: str, window: WindowId | None = None, *, times: int = 1, timeout_s: float = 10.0
    ) -> None:
        """Wait until `name` was reported so often."""
        await self.until(lambda: self.count(name, window) >= times, timeout_s=timeout_s)

    def _note(self, *report: object) -> None:
        self.reports.append(report)
        self._news.set()

    def window_loaded(self, window: WindowId) -> None:
        self._note("loaded", window)

    def window_closed(self, window: WindowId) -> None:
        self._note("closed", window)

    def close_requested(self, window: WindowId) -> None:
        self._note("close_requested", window)

    def geometry_changed(self, window: WindowId, geometry: Geometry) -> None:
        self.geometries[window] = geometry
        self._note("geometry", window, geometry)

    def focus_changed(self, window: WindowId, has_focus: bool) -> None:
        self._note("focus" if has_focus else "blur", window)

    def visibility_changed(self, window: WindowId, is_visible: bool) -> None:
        self._note("visible" if is_visible else "hidden", window)

    def files_dropped(self, window: WindowId, paths: Sequence[str], x: int, y: int) -> None:
        self._note("dropped", window, list(paths), x, y)

    def menu_chosen(self, window: WindowId, menu: str, item: int) -> None:
        self._note("menu", window, menu, item)

    def service_changed(self, service: str, value: object) -> None:
        self._note("service", None, service, value)

    def title_changed(self, window: WindowId, title: str) -> None:
        self._note("title", window, title)

    def page_crashed(self, window: WindowId) -> None:
        self._note("crashed", window)

    def runtime_failed(self, error: RuntimeFailed) -> None:
        self.errors.append(error)
        self._note("failed", None, error)
