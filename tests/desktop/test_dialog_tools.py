"""Dialogs of zenity on a real screen, answered by mouse and keyboard."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import ClassVar, TypeVar

import pytest

from deskapp import native
from deskapp.runtime.capabilities import Capabilities
from deskapp.testing import AppHarness, FakeRuntime
from tests.desktop.bus import own_bus
from tests.desktop.processes import descendants
from tests.desktop.screen import Screen, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.once]

T = TypeVar("T")


class Poor(FakeRuntime):
    """A runtime without dialogs, like a browser's."""

    name = "poor"
    capabilities: ClassVar[Capabilities] = Capabilities(reports=frozenset({"closed"}), can_destroy=True)


@pytest.fixture(autouse=True)
def bus(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bus of our own: without any, GTK starts one that stays."""
    with own_bus(tmp_path_factory.mktemp("bus")) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield


def shown(screen: Screen, title: str) -> str:
    """The window of a dialog, once it has the keyboard."""
    found: list[str] = []

    def look() -> bool:
        lines = [line.split(None, 4) for line in _listing(screen)]
        found[:] = [line[0] for line in lines if len(line) == 5 and line[4] == title]
        return bool(found)

    wait_until(look, what=f"a dialog called {title!r}")
    screen.run("xdotool", "windowactivate", "--sync", str(int(found[0], 16)))
    return found[0]


def _listing(screen: Screen) -> list[str]:
    try:
        return screen.run("wmctrl", "-lp").splitlines()
    except subprocess.CalledProcessError:  # there is no window at all
        return []


async def answered(call: Awaitable[T], screen: Screen, title: str, *keys: str) -> T:
    """Show a dialog, press keys, and return what it said."""
    task = asyncio.ensure_future(_plain(call))

    def press() -> None:
        shown(screen, title)
        screen.run("xdotool", "key", "--delay", "60", *keys)

    await asyncio.to_thread(press)
    return await asyncio.wait_for(task, 10)


async def _plain(call: Awaitable[T]) -> T:
    return await call


async def test_a_question_is_answered_and_nothing_stands_still_meanwhile(screen: Screen, tmp_path: Path) -> None:
    async with AppHarness([Poor]):
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0.005)
                turns += 1

        turning = asyncio.ensure_future(turn())
        assert await answered(native.confirm("Delete it?", detail="C:\\new <b>", title="Q1"), screen, "Q1", "Return")
        assert turns > 10
        turning.cancel()
        assert not await answered(native.confirm("Delete it?", title="Q2"), screen, "Q2", "Escape")


async def test_each_button_is_told_by_its_text(screen: Screen) -> None:
    # zenity has the buttons in the middle first, then the last one, then the first one; a sixth of the width is each.
    async with AppHarness([Poor]):
        for place, said in ((0, "Dis_card"), (1, None), (2, "Save")):
            call = native.ask("Is 1 < 2 & C:\\new?", ["Save", "Dis_card", "Cancel"], detail="<b>plain</b>", title="Q3")
            task = asyncio.ensure_future(_plain(call))

            def press(place: int = place) -> None:
                handle = str(int(shown(screen, "Q3"), 16))
                facts = dict(
                    line.split("=") for line in screen.run("xdotool", "getwindowgeometry", "--shell", handle).split()
                )
                x, y = int(facts["WIDTH"]) * (2 * place + 1) // 6, int(facts["HEIGHT"]) - 25
                screen.run("xdotool", "mousemove", "--window", handle, str(x), str(y), "click", "1")

            await asyncio.to_thread(press)
            assert await asyncio.wait_for(task, 10) == said


async def test_a_message_is_seen(screen: Screen) -> None:
    async with AppHarness([Poor]):
        for kind in ("info", "warning", "error"):
            await answered(native.message("Done.", title=f"M {kind}", kind=kind), screen, f"M {kind}", "Return")


async def test_a_file_is_chosen_by_typing_its_name(screen: Screen, tmp_path: Path) -> None:
    (tmp_path / "b c.txt").touch()
    async with AppHarness([Poor]):
        call = native.open_file("F1", folder=tmp_path, filters=[("Text", ["*.txt"])])
        task = asyncio.ensure_future(_plain(call))

        def type_it() -> None:
            shown(screen, "F1")
            screen.run("xdotool", "key", "ctrl+l")
            screen.run("xdotool", "type", "--delay", "20", str(tmp_path / "b c.txt"))
            screen.run("xdotool", "key", "Return")

        await asyncio.to_thread(type_it)
        assert await asyncio.wait_for(task, 10) == tmp_path / "b c.txt"
        assert await answered(native.open_files("F2", folder=tmp_path), screen, "F2", "Escape") == []


async def test_a_file_is_saved_under_the_proposed_name(screen: Screen, tmp_path: Path) -> None:
    async with AppHarness([Poor]):
        call = native.save_file("S1", folder=tmp_path, name="new.txt")
        assert await answered(call, screen, "S1", "Return") == tmp_path / "new.txt"


async def test_a_folder_is_chosen(screen: Screen, tmp_path: Path) -> None:
    async with AppHarness([Poor]):
        call = native.choose_folder("D1", folder=tmp_path)
        found = await answered(call, screen, "D1", "Return")
        assert found == tmp_path


async def test_the_end_of_the_program_ends_its_dialogs(screen: Screen) -> None:
    async with AppHarness([Poor]):
        call = native.message("Forgotten.", title="E1")
        task = asyncio.ensure_future(_plain(call))
        await asyncio.to_thread(shown, screen, "E1")
        assert any("zenity" in process.name() for process in descendants(os.getpid()))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not any("zenity" in process.name() for process in descendants(os.getpid()))
