"""`deskapp.native` from a program's call to the screen and back, with GTK and with Qt."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from deskapp import PyComponent, native
from deskapp.desktop.clipboard import PNG
from deskapp.runtime import Menu, MenuItem, Runtime
from deskapp.runtime.webview.pywebview import PyWebviewGtk, PyWebviewQt
from deskapp.testing import AppHarness
from tests.desktop.bus import own_bus
from tests.desktop.screen import Screen, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.once, pytest.mark.timeout(60)]

T = TypeVar("T")
IMAGES = Path(__file__).parents[2] / "docs" / "images"


class Main(PyComponent):
    """An app that does nothing by itself."""


@pytest.fixture(params=[PyWebviewGtk, PyWebviewQt], ids=["gtk", "qt"])
def kind(request: pytest.FixtureRequest, screen: Screen) -> type[Runtime]:
    found: type[Runtime] = request.param
    assert found.availability().ok, found.availability()
    return found


@pytest.fixture(autouse=True)
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bus on which nobody is, whatever there is on this machine."""
    with own_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield


@pytest.fixture
def tray(screen: Screen) -> Iterator[int]:
    """A tray at the top left of the screen; the number of its process."""
    command = ["trayer", "--edge", "top", "--align", "left", "--widthtype", "request", "--height", "32"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: "panel" in screen.run("xwininfo", "-root", "-tree"), what="a tray")
    yield process.pid
    process.terminate()
    process.wait(5)


def handle_of(screen: Screen, title: str) -> str | None:
    try:
        lines = [line.split(None, 4) for line in screen.run("wmctrl", "-lp").splitlines()]
    except subprocess.CalledProcessError:  # there is no window at all
        return None
    return next((str(int(line[0], 16)) for line in lines if len(line) == 5 and line[4] == title), None)


async def on_screen(screen: Screen, title: str) -> str:
    """The window with this title, once it is there."""
    await asyncio.to_thread(wait_until, lambda: handle_of(screen, title), what=f"a window called {title!r}")
    found = handle_of(screen, title)
    assert found is not None
    return found


async def press(screen: Screen, title: str, *keys: str) -> None:
    handle = await on_screen(screen, title)
    await asyncio.to_thread(screen.run, "xdotool", "windowactivate", "--sync", handle)
    if keys:
        await asyncio.to_thread(screen.run, "xdotool", "key", "--delay", "80", *keys)


async def shown(app: AppHarness) -> Any:
    main = app.launch(Main)
    await app.window(main, timeout_s=30)
    return main


async def result(call: Awaitable[T]) -> T:
    return await call


async def test_questions_are_asked_and_answered(kind: type[Runtime], screen: Screen) -> None:
    async with AppHarness([kind]) as app:
        main = await shown(app)
        window = main.session.window
        for key, said in (("Return", True), ("Escape", False)):
            task = asyncio.ensure_future(result(native.confirm("Go on?", title=f"Q {key}", window=window)))
            await press(screen, f"Q {key}", key)
            assert await asyncio.wait_for(task, 10) is said
        thread = asyncio.ensure_future(
            asyncio.to_thread(lambda: native.message("Done.", title="From a thread").wait(20))
        )
        await press(screen, "From a thread", "Return")
        await thread


async def test_a_dialog_goes_with_its_window_and_was_cancelled(kind: type[Runtime], screen: Screen) -> None:
    async with AppHarness([kind]) as app:
        await shown(app)
        main = await shown(app)
        window = main.session.window
        questions = [
            asyncio.ensure_future(result(native.ask("Well?", ["a", "b"], title="Q1", window=window))),
            asyncio.ensure_future(result(native.open_file("F1", window=window))),
        ]
        await on_screen(screen, "Q1")
        await on_screen(screen, "F1")
        await window.destroy()
        answers = await asyncio.wait_for(asyncio.gather(*questions), 10)
        assert list(answers) in ([None, None], ["b", None])
        await asyncio.to_thread(wait_until, lambda: handle_of(screen, "Q1") is None and handle_of(screen, "F1") is None)


async def test_a_file_is_chosen(kind: type[Runtime], screen: Screen, tmp_path: Path) -> None:
    (tmp_path / "a b.txt").touch()
    async with AppHarness([kind]) as app:
        await shown(app)
        call = native.open_file("F2", folder=tmp_path, filters=[("Text", ["*.txt"])])
        task = asyncio.ensure_future(result(call))
        await press(screen, "F2", *(["ctrl+l"] if kind is PyWebviewGtk else []))
        await asyncio.to_thread(screen.run, "xdotool", "type", "--delay", "20", str(tmp_path / "a b.txt"))
        await asyncio.to_thread(screen.run, "xdotool", "key", "Return")
        assert await asyncio.wait_for(task, 10) == tmp_path / "a b.txt"


def pasted(target: str) -> bytes:
    command = ["xclip", "-selection", "clipboard", "-out", "-target", target]
    return subprocess.run(command, capture_output=True, timeout=10, check=False).stdout


async def test_the_clipboard_is_that_of_all_programs(kind: type[Runtime], tmp_path: Path) -> None:
    async with AppHarness([kind]) as app:
        await shown(app)
        await native.clipboard.set_text("Grüße\nzwei")
        assert await asyncio.to_thread(pasted, "UTF8_STRING") == "Grüße\nzwei".encode()
        assert await native.clipboard.get_text() == "Grüße\nzwei"
        assert await native.clipboard.get_image() is None
        await native.clipboard.set_image(IMAGES / "notebook.png")
        assert (await asyncio.to_thread(pasted, "image/png")).startswith(PNG)
        assert (await native.clipboard.get_image() or b"").startswith(PNG)
        await native.clipboard.set_files([tmp_path, IMAGES])
        uris = (await asyncio.to_thread(pasted, "text/uri-list")).decode().split()
        assert uris == [tmp_path.as_uri(), IMAGES.as_uri()]
        assert await native.clipboard.get_files() == [tmp_path, IMAGES]

        def copy() -> None:
            command = ["xclip", "-selection", "clipboard", "-in"]
            subprocess.run(command, input=b"from another", timeout=10, check=True, stdout=subprocess.DEVNULL)

        await asyncio.to_thread(copy)
        assert await native.clipboard.get_text() == "from another"


async def test_screens_and_theme_are_those_of_the_desktop(kind: type[Runtime]) -> None:
    async with AppHarness([kind]) as app:
        await shown(app)
        [only] = await native.screens()
        assert (only.x, only.y, only.width, only.height, only.is_primary) == (0, 0, 1400, 1000, True)
        assert await native.theme() in ("light", "dark")
        assert native.desktop().theme in ("light", "dark")


async def test_a_process_that_is_still_starting_has_time_for_services(
    kind: type[Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskapp.runtime.webview.pywebview.COMMAND_TIMEOUT_S", 0.05)
    async with AppHarness([kind]):
        assert len(await native.screens()) == 1


def icons(screen: Screen) -> int:
    """How many windows are inside of the panel of the tray."""
    handle = screen.run("xdotool", "search", "--name", "panel").split()[0]
    return screen.run("xwininfo", "-id", handle, "-tree").count("0x")


async def test_a_program_lives_in_the_tray_without_a_window(
    kind: type[Runtime], screen: Screen, tray: int, tmp_path: Path
) -> None:
    async with AppHarness([kind]) as app:
        before = await asyncio.to_thread(icons, screen)
        clicked: list[str] = []
        menu = Menu([MenuItem("Choose me", lambda: clicked.append("chosen"))])
        one = native.Tray(IMAGES / "notebook.png", tooltip="Clock", menu=menu, on_activate=lambda: clicked.append("on"))
        await one.shown
        await asyncio.to_thread(wait_until, lambda: icons(screen) > before, what="an icon in the tray")
        await asyncio.to_thread(screen.run, "import", "-window", "root", str(tmp_path / "tray.png"))
        main = await shown(app)
        await main.session.window.hide()
        await main.session.window.show()
        await asyncio.to_thread(choose, screen)
        await app.until(lambda: "chosen" in clicked)
        await one.remove()
        await asyncio.to_thread(wait_until, lambda: icons(screen) == before, what="no icon in the tray")


def visible(screen: Screen) -> set[str]:
    """All windows of the screen that can be seen, also those that no window manager knows, as menus are."""
    return set(screen.run("xdotool", "search", "--maxdepth", "1", "--onlyvisible", "--name", "").split())


def choose(screen: Screen) -> None:
    """Open the menu of the icon at the top left, and choose its first item."""
    before = visible(screen)
    screen.run("xdotool", "mousemove", "16", "16", "click", "3")
    wait_until(lambda: visible(screen) - before, what="a menu")
    screen.run("xdotool", "key", "--delay", "150", "Down", "Return")
