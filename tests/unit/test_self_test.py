from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deskapp import app
from deskapp._config import Settings
from deskapp._self_test import FAILED, self_test
from deskapp.event import Loop, use_loop
from deskapp.launcher import Launcher
from deskapp.runtime.window import WindowId, WindowSpec
from deskapp.testing import FakeRuntime
from tests.integration.sockets import SocketPage
from tests.unit.session.classes import Main


class Browsing(FakeRuntime):
    """Its windows load their pages."""

    connects = True

    async def open(self, window: WindowSpec, *, timeout_s: float = 20.0) -> WindowId:
        opened = await super().open(window, timeout_s=timeout_s)
        self.page = SocketPage(window.url)
        if self.connects:
            self.connecting = asyncio.create_task(self.page.connect())
        return opened

    async def stop(self, *, timeout_s: float = 5.0) -> None:
        if hasattr(self, "page"):
            await self.page.end()
        await super().stop(timeout_s=timeout_s)


class Closing(Browsing):
    """Its windows are closed before their pages have connected."""

    connects = False

    async def open(self, window: WindowSpec, *, timeout_s: float = 20.0) -> WindowId:
        opened = await super().open(window, timeout_s=timeout_s)
        asyncio.get_running_loop().call_later(0.05, self.user_closes, opened)
        return opened


@pytest.fixture
def use() -> Iterator[Callable[[type[FakeRuntime]], None]]:
    old = app.use_launcher(None)
    ours = logging.getLogger("deskapp")
    handlers = list(ours.handlers)

    def make(kind: type[FakeRuntime]) -> None:
        app.use_launcher(Launcher(Settings(app_id="org.example.test"), select=lambda _: [kind]))

    with use_loop(Loop()):
        yield make
    app.use_launcher(old)
    ours.handlers[:] = handlers


Use = Callable[[type[FakeRuntime]], None]


def outcome(program: Callable[[], int], folder: Path) -> tuple[int, dict[str, Any]]:
    """Exit code and result of a self-test, from its file."""
    code = self_test(program, folder / "result.json", deadline_s=15)
    return code, json.loads((folder / "result.json").read_text(encoding="utf-8"))


def test_a_window_whose_page_connects_and_answers_is_a_success(
    use: Use, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def program() -> int:
        use(Browsing)
        app.launch(Main, title="One")
        return app.run()

    code, result = outcome(program, tmp_path)
    assert (code, result["ok"], result["failure"]) == (0, True, "")
    (shown,) = result["shown"]
    assert (shown["window"], shown["runtime"]) == ("One", "fake")
    assert 0 < shown["connected_s"] <= result["seconds"]
    assert json.loads(capsys.readouterr().err.splitlines()[-1]) == result


def test_every_window_and_one_of_somebody_elses_is_looked_at(use: Use, tmp_path: Path) -> None:
    def program() -> int:
        use(FakeRuntime)
        app.launch("https://example.org", title="Theirs")
        return app.run()

    code, result = outcome(program, tmp_path)
    assert (code, result["shown"]) == (0, [{"window": "Theirs", "runtime": "fake", "connected_s": None}])


def test_a_window_that_closes_before_its_page_connects_is_a_failure(use: Use, tmp_path: Path) -> None:
    def program() -> int:
        use(Closing)
        app.launch(Main, title="One")
        return app.run()

    code, result = outcome(program, tmp_path)
    assert code == FAILED
    assert "'One'" in result["failure"]


def test_what_is_logged_as_an_error_is_a_failure(use: Use, tmp_path: Path) -> None:
    def program() -> int:
        use(Browsing)
        app.launch(Main)
        logging.getLogger("deskapp.page").error("%s failed", "a script", exc_info=ValueError("x"))
        return app.run()

    code, result = outcome(program, tmp_path)
    assert (code, result["failure"]) == (FAILED, "it logged errors: a script failed: ValueError('x')")


def test_served_apps_give_their_pages(use: Use, tmp_path: Path) -> None:
    def program() -> int:
        use(FakeRuntime)
        app.serve(Main, "one")
        app.serve(Main, "")
        return app.start()

    code, result = outcome(program, tmp_path)
    assert (code, result["shown"]) == (0, [{"served": "__main__"}, {"served": "one"}])


def test_a_program_that_runs_without_anything_is_a_failure(use: Use, tmp_path: Path) -> None:
    def program() -> int:
        use(FakeRuntime)
        return app.start()

    code, result = outcome(program, tmp_path)
    assert (code, result["failure"]) == (FAILED, "it runs, but has neither opened a window nor served an app")


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (SystemExit(3), "it ended with exit code 3"),
        (SystemExit("no"), "it ended with exit code no"),
        (SystemExit(0), "it ended without having shown or served anything"),
        (KeyError("gone"), "KeyError: 'gone'"),
    ],
)
def test_a_program_that_ends_too_early_is_a_failure(use: Use, tmp_path: Path, end: BaseException, why: str) -> None:
    def program() -> int:
        raise end

    code, result = outcome(program, tmp_path)
    assert code == FAILED
    assert result["failure"].endswith(why)
