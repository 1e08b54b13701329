"""deskapp/native/_dialogs.py, clipboard.py and _desktop.py on a fake runtime."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest

from deskapp import PyComponent, event, native
from deskapp import app as program
from deskapp._config import Settings
from deskapp.desktop.clipboard import PNG
from deskapp.errors import ConfigError, DesktopFailed, NotSupported, RuntimeFailed, WindowClosed, WouldWaitForever
from deskapp.launcher import Launcher
from deskapp.runtime import Screen
from deskapp.runtime.capabilities import Capabilities
from deskapp.testing import AppHarness, FakeRuntime
from tests.unit.session.classes import Main


class Poor(FakeRuntime):
    """A runtime without services."""

    name = "poor"
    capabilities: ClassVar[Capabilities] = Capabilities(reports=frozenset({"closed"}), can_destroy=True)


class Asks(PyComponent):
    """Asks by its own code."""

    answers = event.ListProp()

    @event.action
    async def ask(self) -> None:
        self._mutate_answers([await native.confirm("Well?")], "insert", len(self.answers))


def asked(app: AppHarness, service: str) -> list[tuple[Any, dict[str, Any]]]:
    """The window and the arguments of each time that a service was asked for."""
    return [(call[1], call[2]) for call in app.runtime.calls if call[0] == service]


async def shown(app: AppHarness, cls: type = Main) -> Any:
    main = app.launch(cls)
    await app.window(main)
    return main


async def test_files_are_chosen(tmp_path: Path) -> None:
    async with AppHarness() as app:
        await shown(app)
        app.runtime.answers["file_dialog"] = [str(tmp_path / "a"), str(tmp_path / "b")]
        assert await native.open_files("Which?", folder=tmp_path) == [tmp_path / "a", tmp_path / "b"]
        assert await native.open_file(filters=[("Text", ["*.txt"])]) == tmp_path / "a"
        assert await native.save_file(name="a.txt") == tmp_path / "a"
        assert await native.choose_folder() == tmp_path / "a"
        kinds = [(args["kind"], args["multiple"], args["name"]) for _, args in asked(app, "file_dialog")]
        assert kinds == [("open", True, ""), ("open", False, ""), ("save", False, "a.txt"), ("folder", False, "")]


async def test_a_cancelled_dialog_chooses_nothing() -> None:
    async with AppHarness() as app:
        await shown(app)
        app.runtime.answers["file_dialog"] = []
        assert await native.open_file() is None
        assert await native.open_files() == []
        assert await native.save_file() is None
        assert await native.choose_folder() is None


async def test_questions_are_answered_by_buttons() -> None:
    async with AppHarness() as app:
        await shown(app)
        for number, said in ((0, True), (1, False), (None, False)):
            app.runtime.answers["message"] = number
            assert await native.confirm("Delete it?", yes="Delete") is said
        app.runtime.answers["message"] = 1
        assert await native.ask("Save?", ["Save", "Discard", "Cancel"]) == "Discard"
        app.runtime.answers["message"] = None
        assert await native.ask("Save?", ["Save", "Discard", "Cancel"]) is None
        await native.message("Done.", detail="All of it.", kind="warning")
        assert asked(app, "message")[-1][1] == {
            "text": "Done.", "detail": "All of it.", "title": "", "kind": "warning", "buttons": ["OK"], "default": 0,
            "cancel": 0,
        }  # fmt: skip


async def test_a_dialog_belongs_to_the_window_whose_code_shows_it() -> None:
    async with AppHarness() as app:
        first, second = await shown(app, Asks), await shown(app, Asks)
        app.runtime.answers["message"] = 0
        second.ask()
        await app.until(lambda: second.answers)
        assert list(second.answers) == [True]
        assert [window for window, _ in asked(app, "message")] == [second.session.window.runtime_id]
        await native.message("For the first.", window=first.session.window)
        await native.message("For nobody.")
        assert [window for window, _ in asked(app, "message")][1:] == [first.session.window.runtime_id, None]


async def test_other_threads_wait_for_the_answer() -> None:
    async with AppHarness() as app:
        await shown(app)
        app.runtime.answers["message"] = 0
        assert await asyncio.to_thread(lambda: native.confirm("Well?").wait(5)) is True
        with pytest.raises(WouldWaitForever, match=r"await native\.confirm"):
            native.confirm("Well?").wait()


async def test_a_fault_that_nobody_asked_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with AppHarness() as app:
        await shown(app)

        def fail(**_: object) -> None:
            raise RuntimeFailed("fake", why="cannot")

        app.runtime.answers["message"] = fail
        native.message("Nobody waits.")
        await app.until(lambda: caplog.records)
        assert "native.message failed: Runtime 'fake' cannot" in caplog.text


async def test_a_window_that_is_gone_shows_no_dialog() -> None:
    async with AppHarness() as app:
        main, _ = await shown(app), await shown(app)
        window = main.session.window
        app.runtime.user_closes(window.runtime_id)
        await app.until(lambda: window.closed)
        with pytest.raises(WindowClosed):
            native.confirm("Well?", window=window)


async def test_a_dialog_whose_window_closes_was_cancelled() -> None:
    class Slow(FakeRuntime):
        async def _serve(self, service: str, window: Any, args: Any) -> object:
            self.user_closes(window)
            await asyncio.sleep(0)
            raise RuntimeFailed(self.name, why="lost the dialog's window")

    async with AppHarness([Slow]) as app:
        await shown(app)
        for work in (native.open_file, native.open_files, lambda window: native.confirm("Well?", window=window)):
            main = await shown(app)
            assert not await work(window=main.session.window)
        main = await shown(app)
        assert await native.ask("Well?", ["a", "b"], window=main.session.window) is None


async def test_the_end_of_the_program_cancels_what_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    class Silent(FakeRuntime):
        async def _serve(self, service: str, window: Any, args: Any) -> object:
            self.calls.append((service, window, args))
            await asyncio.get_running_loop().create_future()
            return None

    async with AppHarness([Silent]) as app:
        await shown(app)
        waiting, _ = native.confirm("Well?"), native.message("Nobody waits.")
        await app.until(lambda: len(asked(app, "message")) == 2)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert caplog.records == []


def test_what_is_asked_before_the_program_runs_is_done_then() -> None:
    with AppHarness() as app:
        main = app.launch(Main)
        app.runtime.answers["message"] = 0
        call = native.confirm("Well?")
        assert not call.done()

        async def run() -> bool:
            running = asyncio.ensure_future(app.launcher.run_async())
            answer = await call
            main.session.close()
            await running
            return answer

        assert asyncio.run(run()) is True


async def test_where_no_program_runs_but_a_loop_does_as_in_a_notebook_it_is_done_there() -> None:
    launcher = Launcher(Settings.load(environ={}, argv=(), app_id="org.example.test"), select=lambda _: [FakeRuntime])
    before = program.use_launcher(launcher)
    try:
        host = launcher._host(FakeRuntime)
        assert isinstance(host, FakeRuntime)
        host.answers["message"] = 0
        assert await asyncio.wait_for(native.confirm("Well?"), 5)
        await launcher.close()
    finally:
        program.use_launcher(before)


async def test_a_runtime_without_dialogs_uses_another_one() -> None:
    async with AppHarness([Poor, FakeRuntime]) as app:
        main = await shown(app)
        rich = app.launcher._host(FakeRuntime)
        assert isinstance(rich, FakeRuntime)
        rich.answers["message"] = 0
        assert await native.confirm("Well?", window=main.session.window)
        assert [call[1] for call in rich.calls if call[0] == "message"] == [None]


async def test_where_nothing_shows_dialogs_the_command_that_helps_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    async with AppHarness([Poor]) as app:
        await shown(app)
        with pytest.raises(DesktopFailed, match="sudo apt install zenity"):
            await native.confirm("Well?")
        with pytest.raises(NotSupported, match="clipboard"):
            await native.clipboard.get_text()


async def test_tools_of_the_system_are_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "zenity"
    program.write_text("#!/bin/sh\necho /chosen\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    async with AppHarness([Poor]) as app:
        await shown(app)
        assert await native.open_file() == Path("/chosen")


def test_impossible_arguments_are_refused_where_they_are_given() -> None:
    with AppHarness():
        for wrong in (
            lambda: native.open_file(filters=[("Pictures", [])]),
            lambda: native.save_file(name="a/b"),
            lambda: native.message(""),
            lambda: native.confirm("Well?", yes="OK", no="OK"),
            lambda: native.ask("Well?", []),
            lambda: native.clipboard.set_image(b"GIF"),
            lambda: native.clipboard.set_text(7),  # type: ignore[arg-type]
            lambda: native.clipboard.set_files(["/no/such/file"]),
            lambda: native.open("ftp://example.org"),
            lambda: native.reveal("/no/such/file"),
        ):
            with pytest.raises(ConfigError):
                wrong()


async def test_the_clipboard_is_read_and_set(tmp_path: Path) -> None:
    async with AppHarness() as app:
        await shown(app)
        board: dict[str, object] = {}

        def serve(do: str, format: str, value: object) -> object:
            if do == "set":
                board[format] = value
            return board.get(format)

        app.runtime.answers["clipboard"] = serve
        assert await native.clipboard.get_text() is None
        assert await native.clipboard.get_image() is None
        assert await native.clipboard.get_files() == []
        await native.clipboard.set_text("Grüße")
        await native.clipboard.set_image(PNG + b"x")
        await native.clipboard.set_files([tmp_path])
        assert await native.clipboard.get_text() == "Grüße"
        assert await native.clipboard.get_image() == PNG + b"x"
        assert await native.clipboard.get_files() == [tmp_path]


async def test_screens_and_theme_are_told() -> None:
    async with AppHarness() as app:
        await shown(app)
        app.runtime.answers["theme"] = "dark"
        app.runtime.answers["screens"] = [
            {
                "name": "A", "x": 0, "y": 0, "width": 800, "height": 600, "work_area": [0, 20, 800, 580], "scale": 2.0,
                "is_primary": True,
            }
        ]  # fmt: skip
        assert await native.theme() == "dark"
        assert await native.screens() == [Screen("A", 0, 0, 800, 600, (0, 20, 800, 580), 2.0, True)]
        app.runtime.answers["screens"] = [{"name": "A"}]
        with pytest.raises(DesktopFailed, match="tell the screens"):
            await native.screens()


class Follows(PyComponent):
    """Hears of the desktop in the house's own way."""

    def init(self) -> None:
        self.desktop = native.desktop()
        self.heard: list[str] = []

    @event.reaction("desktop.theme")
    def on_theme(self, *events: event.Event) -> None:
        self.heard.append(self.desktop.theme)

    @event.reaction("desktop.sleep", "desktop.wake", "desktop.screens_changed")
    def on_others(self, *events: event.Event) -> None:
        self.heard += [str(one["type"]) for one in events]


async def test_changes_of_the_desktop_are_heard_by_reactions() -> None:
    async with AppHarness() as app:
        main = await shown(app, Follows)
        await app.until(lambda: len(asked(app, "theme")) == 1 and app.runtime.is_kept)
        assert native.desktop() is main.desktop
        assert {service for service, *_ in app.runtime.calls} >= {"theme", "power", "screens"}
        for service, value in (
            ("theme", "dark"), ("power", "suspend"), ("power", "resume"), ("screens", None), ("theme", "pink"),
        ):  # fmt: skip
            app.runtime.system_says(service, value)
        await app.until(lambda: len(main.heard) >= 5)
        assert main.heard == ["light", "dark", "sleep", "wake", "screens_changed"]


async def test_news_that_nobody_wants_are_no_fault() -> None:
    async with AppHarness() as app:
        await shown(app)
        app.runtime.system_says("theme", "dark")
        app.runtime.system_says("tray", {"id": "none", "what": "activate"})
        app.runtime.system_says("tray", None)
        await asyncio.sleep(0)
        assert native.desktop().theme == "light"


def test_threads_may_ask_before_the_program_runs_and_wait() -> None:
    with AppHarness() as app:
        main = app.launch(Main)
        app.runtime.answers["message"] = 0
        answers: list[bool] = []
        thread = threading.Thread(target=lambda: answers.append(native.confirm("Well?").wait(10)))
        thread.start()

        async def run() -> None:
            running = asyncio.ensure_future(app.launcher.run_async())
            await app.until(lambda: answers)
            main.session.close()
            await running

        asyncio.run(run())
        thread.join(5)
        assert answers == [True]
