"""`Window` as programs hold it, with a fake runtime."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

import deskapp
from deskapp.errors import ConfigError, NotSupported, WindowClosed
from deskapp.runtime import Geometry, Menu, MenuItem, Separator
from deskapp.runtime.handle import Window
from deskapp.runtime.window import WindowId
from deskapp.testing import AppHarness, FakeRuntime, TestClient
from tests.unit.session.classes import Main


class Plain(FakeRuntime):
    """Can close a window, and nothing else."""

    name = "plain"
    capabilities: ClassVar[Any] = type(FakeRuntime.capabilities)(reports=frozenset({"closed"}), can_destroy=True)


@pytest.fixture
async def app() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


def launch(**options: Any) -> Any:
    return deskapp.launch(Main, None, None, **options)


async def opened(app: AppHarness, **options: Any) -> tuple[Any, Window, WindowId]:
    main = launch(**options)
    window_id = await app.window(main)
    window = main.session.window
    assert window is not None
    return main, window, window_id


async def test_a_call_reaches_the_runtime_and_can_be_awaited(app: AppHarness) -> None:
    _, window, window_id = await opened(app)
    await window.resize(640, 480)
    await window.maximize()
    assert app.runtime.calls[-2:] == [("resize", window_id, 640, 480), ("maximize", window_id)]


async def test_a_call_made_before_the_window_is_on_screen_waits_for_it(app: AppHarness) -> None:
    main = app.launch(Main)
    window = main.session.window
    assert window is not None
    assert window.runtime is None
    await window.set_zoom(2)
    assert next(iter(app.runtime.windows.values())).state["set_zoom"] == 2


async def test_calls_may_be_made_on_any_thread_and_waited_for_there(app: AppHarness) -> None:
    _, window, _ = await opened(app)
    found: list[object] = []

    def work() -> None:
        window.move(10, 20).wait(timeout_s=5)
        found.append(window.position)

    thread = threading.Thread(target=work)
    thread.start()
    await app.until(lambda: not thread.is_alive())
    await app.until(lambda: window.position == (10, 20))


async def test_what_happens_on_the_desktop_is_followed(app: AppHarness) -> None:
    _, window, window_id = await opened(app)
    runtime = app.runtime
    heard: list[str] = []
    window.reaction(lambda *events: heard.extend(e.type for e in events), "size", "position", "state", "visible")
    runtime.user_moves(window_id, Geometry(5, 6, 700, 500))
    await app.until(lambda: window.size == (700, 500))
    assert (window.position, window.state) == ((5, 6), "normal")
    runtime.user_moves(window_id, Geometry(0, 0, 1400, 1000, maximized=True))
    await app.until(lambda: window.state == "maximized")
    runtime.user_moves(window_id, Geometry(-1, -1, 1, 1, minimized=True))
    await app.until(lambda: window.state == "minimized")
    assert window.size == (1400, 1000)  # what a minimized window says of its place is nothing
    assert window.normal_geometry == Geometry(5, 6, 700, 500)
    await window.hide()
    await app.until(lambda: not window.visible)
    await app.until(lambda: {"size", "position", "state"} <= set(heard))


async def test_dropped_files_are_told_to_python_and_to_the_page(app: AppHarness) -> None:
    main, window, window_id = await opened(app)
    page = app.page(main)
    got: list[Any] = []
    window.reaction("dropped", lambda *events: got.extend(events))
    app.runtime.user_drops(window_id, ["/tmp/a b.txt"], 3, 4)
    await app.until(lambda: got)
    assert (got[0].paths, got[0].x, got[0].y) == ((Path("/tmp/a b.txt"),), 3, 4)
    await app.until(lambda: notices(page, "dropped"))
    assert notices(page, "dropped") == [{"paths": ["/tmp/a b.txt"], "x": 3, "y": 4}]


def notices(page: TestClient, name: str) -> list[Any]:
    return [message.data for message in page.messages if type(message).__name__ == "NOTICE" and message.name == name]  # type: ignore[attr-defined]


# -- closing -----------------------------------------------------------------------------------------------------------


async def test_a_handler_decides_whether_a_window_closes(app: AppHarness) -> None:
    main, window, window_id = await opened(app)
    answers = [False, True]
    asked: list[object] = []

    @window.on_closing
    async def decide() -> bool:
        await asyncio.sleep(0)
        asked.append(main.session.window)
        return answers.pop(0)

    await app.until(lambda: app.runtime.windows[window_id].state.get("set_confirm_close"))
    app.runtime._listener.close_requested(window_id)  # type: ignore[union-attr]
    await app.until(lambda: len(asked) == 1)
    assert window_id in app.runtime.windows
    await window.close()
    assert len(asked) == 2
    assert window.closed
    assert await app.finished() == 0


async def test_while_somebody_decides_a_second_wish_to_close_is_no_second_question(app: AppHarness) -> None:
    _, window, window_id = await opened(app)
    gate = asyncio.Event()
    asked = 0

    @window.on_closing
    async def decide() -> bool:
        nonlocal asked
        asked += 1
        await gate.wait()
        return False

    listener: Any = app.runtime._listener
    for _ in range(3):
        listener.close_requested(window_id)
    await app.until(lambda: asked)
    gate.set()
    await window.move(1, 1)
    assert asked == 1


async def test_a_handler_that_fails_does_not_keep_the_window(app: AppHarness) -> None:
    _, window, _ = await opened(app)
    window.on_closing(lambda: 1 / 0)
    await window.close()
    assert window.closed


async def test_destroy_asks_nobody(app: AppHarness) -> None:
    _, window, _ = await opened(app)
    window.on_closing(lambda: False)
    await window.destroy()
    assert window.closed


async def test_off_closing_lets_it_go_again(app: AppHarness) -> None:
    _, window, window_id = await opened(app)
    handler = window.on_closing(lambda: False)
    await app.until(lambda: app.runtime.windows[window_id].state.get("set_confirm_close") is True)
    window.off_closing(handler)
    await app.until(lambda: app.runtime.windows[window_id].state.get("set_confirm_close") is False)
    await window.close()
    assert window.closed


async def test_confirm_close_asks_the_user_with_the_given_text(app: AppHarness) -> None:
    _, window, window_id = await opened(app, confirm_close="Really?")
    runtime = app.runtime
    assert runtime.windows[window_id].spec.confirm_close
    asked: list[Any] = []

    def answer(**facts: Any) -> int:
        asked.append(facts)
        return 1 if len(asked) == 1 else 0

    runtime.answers["message"] = answer
    await window.close()
    assert not window.closed
    await window.close()
    assert window.closed
    assert asked[0]["text"] == "Really?"


async def test_a_window_that_hides_on_close_lives_on(app: AppHarness) -> None:
    main, window, window_id = await opened(app, hide_on_close=True)
    app.runtime.user_closes(window_id)
    await app.until(lambda: not app.runtime.windows[window_id].is_visible)
    assert main.session.ending is None
    await window.destroy()
    assert await app.finished() == 0


async def test_calls_after_the_end_say_so(app: AppHarness) -> None:
    keep = app.launch(Main)
    _, window, window_id = await opened(app, title="gone")
    app.runtime.user_closes(window_id)
    await app.until(lambda: window.closed)
    with pytest.raises(WindowClosed, match=r"'gone' is closed.*'maximize'"):
        await window.maximize()
    await window.close()  # which is what it is
    keep.session.close()


async def test_a_call_to_a_window_that_never_opens_ends_too(app: AppHarness) -> None:
    main = app.launch(Main)
    window = main.session.window
    assert window is not None
    call = window.maximize()
    main.session.close()
    with pytest.raises(WindowClosed):
        await call


# -- what cannot be ----------------------------------------------------------------------------------------------------


async def test_what_a_runtime_cannot_do_names_those_that_can() -> None:
    async with AppHarness([Plain]) as app:
        main = app.launch(Main)
        window = main.session.window
        assert window is not None
        with pytest.raises(NotSupported, match=r"'plain' cannot do 'maximize'; these can: webview-gtk"):
            await window.maximize()
        await window.set_title("new")  # the page says it, which is what such a runtime shows
        assert main.session.title == "new"
        await window.destroy()
        assert await app.finished() == 0


async def test_a_wish_that_a_runtime_cannot_fulfil_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "deskapp.window")
    async with AppHarness([Plain]) as app:
        main = launch(frameless=True, on_top=True, size=(300, 200))
        await app.window(main)
        assert "plain cannot do what was wished of 'Main': frameless, on_top, size" in caplog.text


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda window: window.resize(0, 10), "between 1 and 32000"),
        (lambda window: window.set_min_size(10, -1), "between 1 and 32000"),
        (lambda window: window.set_zoom(9), "between 0.25 and 5"),
        (lambda window: window.set_background("blue"), "#rgb"),
        (lambda window: window.set_icon("/no/such.png"), "no such file"),
        (lambda window: window.set_progress(2), "from 0 to 1"),
    ],
)
async def test_impossible_values_are_refused_at_once(app: AppHarness, call: Any, why: str) -> None:
    main = app.launch(Main)
    with pytest.raises(ConfigError, match=why):
        call(main.session.window)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"frameles": True}, "did you mean 'frameless'"),
        ({"size": (0, 10)}, "between 1 and 32000"),
        ({"zoom": "big"}, "it is a number"),
        ({"on_top": "yes"}, "True or False"),
        ({"splash": "/no/such.png"}, "no such picture"),
        ({"spell_check": 5}, "languages"),
        ({"confirm_close": 5}, "the text that the user is asked"),
        ({"remember": 5}, "a name for this window"),
        ({"menu": []}, "deskapp.runtime.Menu"),
        ({"modal": True}, "needs a parent"),
    ],
)
async def test_impossible_options_are_refused_before_anything_is_made(
    app: AppHarness, options: dict[str, object], why: str
) -> None:
    with pytest.raises(ConfigError, match=why):
        launch(**options)
    assert app.launcher.windows.count == 0


# -- menus -------------------------------------------------------------------------------------------------------------


async def test_a_menu_bar_runs_actions_turns_marks_and_follows_changes(app: AppHarness) -> None:
    main, window, window_id = await opened(app)
    done: list[object] = []

    async def save() -> None:
        done.append("saved")

    wrap = MenuItem("&Wrap", lambda: done.append(wrap.checked), checked=False)
    bar = Menu([MenuItem("&File", submenu=Menu([MenuItem("&Save", save, shortcut="mod+s"), Separator(), wrap]))])
    await window.set_menu(bar)
    state = app.runtime.windows[window_id].state
    shown = state["set_menu"][0]["items"]
    assert shown[0] == {
        "id": 1, "text": "&Save", "shortcut": "Mod+S", "enabled": True, "checked": None, "role": "", "items": None
    }  # fmt: skip
    app.runtime.user_chooses(window_id, "bar", 1)
    app.runtime.user_chooses(window_id, "bar", 2)
    await app.until(lambda: len(done) == 2)
    assert sorted(map(str, done)) == ["True", "saved"]
    await app.until(lambda: state["set_menu"][0]["items"][2]["checked"] is True)
    threading.Thread(target=lambda: setattr(wrap, "enabled", False)).start()
    await app.until(lambda: state["set_menu"][0]["items"][2]["enabled"] is False)
    app.runtime.user_chooses(window_id, "bar", 2)
    await window.set_menu(None)
    assert state["set_menu"] is None
    assert len(done) == 2
    main.session.close()


async def test_a_menu_in_the_page_runs_what_was_chosen(app: AppHarness) -> None:
    _, window, _ = await opened(app)
    done: list[int] = []
    menu = Menu([MenuItem("One", lambda: done.append(1)), MenuItem("Two", lambda: done.append(2))])
    app.runtime.answers["popup_menu"] = 1
    chosen = await window.popup_menu(menu, 10, 20)
    assert chosen is not None
    assert (chosen.text, done) == ("Two", [2])
    app.runtime.answers["popup_menu"] = None
    assert await window.popup_menu(menu, 10, 20) is None
