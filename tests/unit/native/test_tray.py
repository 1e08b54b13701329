"""deskapp/native/_tray.py with desktop/trays.py, on a fake runtime."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from deskapp import PyComponent, event, native
from deskapp.bridge import link as links
from deskapp.errors import ConfigError, NotSupported
from deskapp.runtime import Menu, MenuItem, Separator
from deskapp.testing import AppHarness, FakeRuntime
from tests.unit.session.classes import Main


@pytest.fixture
def icon(tmp_path: Path) -> Path:
    path = tmp_path / "icon.png"
    path.touch()
    return path


def told(app: AppHarness) -> list[dict[str, Any]]:
    """What the runtime was told of trays."""
    return [call[2] for call in app.runtime.calls if call[0] == "tray"]


def user(app: AppHarness, what: str, item: int | None = None, tray: str = "tray-1") -> None:
    app.runtime.system_says("tray", {"id": tray, "what": what, **({} if item is None else {"item": item})})


async def test_an_icon_is_shown_changed_and_removed_and_its_host_stays_so_long(icon: Path) -> None:
    async with AppHarness() as app:
        app.launch(Main)
        tray = native.Tray(icon, tooltip="Clock")
        await tray.shown
        assert told(app) == [{"do": "set", "id": "tray-1", "icon": str(icon), "tooltip": "Clock", "menu": None}]
        assert app.runtime.is_kept
        tray.tooltip, tray.menu = "Noon", Menu([MenuItem("&Quit")])
        await app.until(lambda: len(told(app)) == 2)
        assert told(app)[1]["tooltip"] == "Noon"  # both changes at once
        assert told(app)[1]["menu"][0]["text"] == "&Quit"
        await tray.remove()
        await tray.remove()
        assert told(app)[2:] == [{"do": "remove", "id": "tray-1"}]
        assert not app.runtime.is_kept
        tray.tooltip = "gone"
        await asyncio.sleep(0.02)
        assert len(told(app)) == 3


async def test_an_icon_needs_no_window(icon: Path) -> None:
    async with AppHarness() as app:
        await native.Tray(icon).shown
        assert app.runtime.windows == {}
        assert app.runtime.is_kept


def test_an_icon_that_is_made_before_the_program_runs_is_shown_then(icon: Path) -> None:
    with AppHarness() as app:
        main = app.launch(Main)
        tray = native.Tray(icon)
        tray.tooltip = "set meanwhile"
        assert told(app) == []

        async def run() -> None:
            running = asyncio.ensure_future(app.launcher.run_async())
            await tray.shown
            assert told(app)[0]["tooltip"] == "set meanwhile"
            main.session.close()
            await running

        asyncio.run(run())


async def test_items_change_while_they_are_shown_from_any_thread(icon: Path) -> None:
    async with AppHarness() as app:
        app.launch(Main)
        inner = MenuItem("Sound", checked=False)
        menu = Menu([MenuItem("More", submenu=Menu([inner])), Separator()])
        tray = native.Tray(icon, menu=menu)
        await tray.shown

        def change() -> None:
            inner.text = "Noise"
            inner.enabled = False

        thread = threading.Thread(target=change)
        thread.start()
        thread.join(5)
        await app.until(lambda: told(app)[-1]["menu"][0]["items"][0]["text"] == "Noise")
        menu.entries = [MenuItem("Only")]
        await app.until(lambda: told(app)[-1]["menu"][0]["text"] == "Only")
        tray.menu = None
        await app.until(lambda: told(app)[-1]["menu"] is None)
        count = len(told(app))
        menu.entries = []
        await asyncio.sleep(0.02)
        assert len(told(app)) == count


async def test_actions_run_on_the_loop_also_async_ones_and_faults_are_logged(
    icon: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with AppHarness() as app:
        app.launch(Main)
        done: list[object] = []

        async def later() -> None:
            await asyncio.sleep(0)
            done.append(asyncio.get_running_loop())

        async def fails_later() -> None:
            raise KeyError("later")

        def fails() -> None:
            raise KeyError("now")

        check = MenuItem("Check", lambda: done.append(check.checked), checked=False)
        off = MenuItem("Off", lambda: done.append("off"), enabled=False)
        menu = Menu(
            [check, MenuItem("Later", later), MenuItem("Fails", fails), MenuItem("Fails later", fails_later), off]
        )
        tray = native.Tray(icon, menu=menu, on_activate=lambda: done.append("clicked"))
        await tray.shown
        for item in range(5):
            user(app, "menu", item)
        user(app, "menu", 99)
        user(app, "activate")
        user(app, "activate", tray="tray-7")
        await app.until(lambda: len(done) == 3 and caplog.text.count("the menu item 'Fails") == 2)
        assert done[:2] == [True, "clicked"]
        assert done[2] is asyncio.get_running_loop()
        assert check.checked
        assert "the menu item 'Fails'" in caplog.text
        assert "the menu item 'Fails later'" in caplog.text


class Owner(PyComponent):
    """Makes an icon; what its menu does belongs to this session."""

    def init(self, icon: Path) -> None:
        self.sessions: list[object] = []
        self.tray = native.Tray(icon, on_activate=self.clicked)

    @event.action
    def clicked(self) -> None:
        self.sessions.append(links.current())


async def test_actions_belong_to_the_session_that_made_the_icon(icon: Path) -> None:
    async with AppHarness() as app:
        main = app.launch(Owner, icon)
        await main.tray.shown
        user(app, "activate")
        await app.until(lambda: main.sessions)
        assert main.sessions == [main.session]


async def test_a_desktop_without_a_tray_is_told_and_nothing_is_kept(icon: Path) -> None:
    class NoTray(FakeRuntime):
        async def _serve(self, service: str, window: Any, args: Any) -> object:
            raise NotSupported(service, self.name, why="no tray is shown on this desktop")

    async with AppHarness([NoTray]) as app:
        app.launch(Main)
        with pytest.raises(NotSupported, match="no tray is shown"):
            await native.Tray(icon).shown
        assert not app.runtime.is_kept


async def test_a_host_that_ended_by_itself_has_its_icons_shown_by_the_next(
    icon: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with AppHarness() as app:
        await native.Tray(icon, tooltip="Clock").shown
        for number in range(3):
            before = app.runtime
            before.die()
            if number == 2:
                await app.until(lambda: "given up" in caplog.text)
                break
            await app.until(lambda before=before: app.hosts and app.runtime is not before and told(app))  # type: ignore[misc]
            assert told(app)[0]["tooltip"] == "Clock"


async def test_a_window_can_hide_and_the_tray_can_end_the_program(icon: Path) -> None:
    async with AppHarness() as app:
        main = app.launch(Main)
        window = main.session.window
        quit_item = MenuItem("&Quit", app.launcher.stop)
        tray = native.Tray(icon, menu=Menu([quit_item]), on_activate=window.show)

        @window.on_closing  # type: ignore[untyped-decorator,unused-ignore]
        async def hide() -> bool:
            await window.hide()
            return False

        id = await app.window(main)
        await tray.shown
        await window.close()
        assert not app.runtime.windows[id].is_visible
        user(app, "activate")
        await app.until(lambda: app.runtime.windows[id].is_visible)
        user(app, "menu", 0)
        assert await app.finished() == 0


def test_an_icon_that_is_none_is_refused_where_it_is_given(icon: Path) -> None:
    with AppHarness():
        with pytest.raises(ConfigError, match="no such file"):
            native.Tray("gone.png")
        tray = native.Tray(icon)
        with pytest.raises(ConfigError):
            tray.icon = "gone.png"
        with pytest.raises(ConfigError):
            tray.tooltip = None  # type: ignore[assignment]
        assert tray.icon == icon


async def test_an_icon_may_last_as_long_as_a_block(icon: Path) -> None:
    async with AppHarness() as app:
        app.launch(Main)
        with native.Tray(icon) as tray:
            await tray.shown
        await app.until(lambda: told(app)[-1]["do"] == "remove")
