"""Windows that belong to others, exit policies, addresses of others, and what pages wish of their windows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

import deskapp
from deskapp import App, PyComponent, event
from deskapp.bridge import messages
from deskapp.errors import ConfigError, DeskappError
from deskapp.runtime import Geometry, Menu, MenuItem, WindowMode
from deskapp.testing import AppHarness, FakeRuntime, TestClient
from tests.unit.session.classes import Main


class Second(FakeRuntime):
    name = "second"


class Note(PyComponent):
    text = event.StringProp("", settable=True)


class Editor(PyComponent):
    note = event.ComponentProp(None, settable=True)


@pytest.fixture
async def app() -> AsyncIterator[AppHarness]:
    async with AppHarness() as harness:
        yield harness


async def until_told(app: AppHarness, page: TestClient, name: str) -> list[Any]:
    def found() -> list[Any]:
        return [m.data for m in page.messages if isinstance(m, messages.NOTICE) and m.name == name]

    await app.until(found)
    return found()


# -- children ----------------------------------------------------------------------------------------------------------


async def test_a_child_is_a_window_of_its_own_above_its_parent_and_closes_with_it(app: AppHarness) -> None:
    main = app.launch(Main)
    parent_id = await app.window(main)
    child = main.session.open_window(Main, title="child", size=(300, 200), modal=True)
    child_id = await app.window(child)
    spec = app.runtime.windows[child_id].spec
    assert (spec.parent, spec.modal, spec.title, spec.width) == (parent_id, True, "child", 300)
    assert child.session is not main.session
    assert child.session.parent is main.session
    app.runtime.user_closes(parent_id)
    assert await app.finished() == 0
    assert child.session.ending is not None


async def test_a_child_that_closes_leaves_its_parent(app: AppHarness) -> None:
    main = app.launch(Main)
    await app.window(main)
    child = main.session.open_window(Main)
    child_id = await app.window(child)
    app.runtime.user_closes(child_id)
    await app.until(lambda: child.session.ending)
    assert main.session.ending is None


async def test_a_component_of_the_parent_is_shown_in_the_child_too(app: AppHarness) -> None:
    main = app.launch(Editor)
    await app.window(main)
    with main:
        note = Note(text="one")
        main._mutate("note", note)
    child = main.session.open_window(App(Editor, note=note))
    await app.window(child)
    first, second = app.page(main), app.page(child)
    note.set_text("two")
    await app.until(
        lambda: all(
            any(isinstance(m, messages.EMIT) and m.value == "two" for m in page.messages) for page in (first, second)
        )
    )
    child.session.close()
    await app.until(lambda: child.session.ending)
    note.set_text("three")
    await app.until(lambda: note.text == "three")


async def test_a_window_that_is_no_child_may_hide_behind_its_parent_and_still_closes_with_it(app: AppHarness) -> None:
    main = app.launch(Main)
    await app.window(main)
    other = main.session.open_window(Main, child=False)
    other_id = await app.window(other)
    assert app.runtime.windows[other_id].spec.parent is None
    with pytest.raises(ConfigError, match="needs a parent"):
        main.session.open_window(Main, child=False, modal=True)
    main.session.close()
    await app.until(lambda: other.session.ending)


async def test_a_child_in_another_runtime_is_no_child_for_the_desktop() -> None:
    async with AppHarness([FakeRuntime, Second]) as app:
        main = app.launch(Main)
        await app.window(main)
        app.launcher._select = lambda requested: [Second]
        child = main.session.open_window(Main, runtime="second")
        await app.window(child)
        [window] = app.hosts[Second].windows.values()  # type: ignore[attr-defined]
        assert window.spec.parent is None


async def test_a_session_without_a_window_opens_none(app: AppHarness) -> None:
    session = app.session(Main)
    with pytest.raises(DeskappError, match="no window that others could belong to"):
        session.open_window(Main)
    with pytest.raises(TypeError, match="cannot be shown"):
        app.launch(Main).session.open_window(5)


# -- when run() returns ------------------------------------------------------------------------------------------------


async def test_with_the_main_window_policy_the_first_window_takes_the_others_with_it() -> None:
    async with AppHarness(exit_policy="main_window") as app:
        main, other = app.launch(Main), app.launch(Main)
        main_id, other_id = await app.window(main), await app.window(other)
        app.runtime.user_closes(other_id)
        await app.until(lambda: other.session.ending)
        third = app.launch(Main)
        await app.window(third)
        assert app.launcher.is_running
        app.runtime.user_closes(main_id)
        assert await app.finished() == 0
        assert third.session.ending is not None


async def test_with_the_never_policy_a_program_without_windows_goes_on_until_stop() -> None:
    async with AppHarness(exit_policy="never") as app:
        main = app.launch(Main)
        app.runtime.user_closes(await app.window(main))
        await app.until(lambda: main.session.ending)
        again = app.launch(Main)
        await app.window(again)
        assert app.launcher.is_running
        deskapp.stop()
        assert await app.finished() == 0


# -- addresses of others -----------------------------------------------------------------------------------------------


async def test_any_address_can_be_shown(app: AppHarness) -> None:
    window = deskapp.launch("https://example.org/a?b=c&d", title="there", size=(640, 480))
    await app.until(lambda: window.runtime_id is not None)
    [shown] = app.runtime.windows.values()
    assert (shown.url, shown.title, shown.spec.width) == ("https://example.org/a?b=c&d", "there", 640)
    await window.load_url("https://example.org/other")
    assert shown.url == "https://example.org/other"
    app.runtime.page_sets_title(window.runtime_id, "Their title")  # type: ignore[arg-type]
    await app.until(lambda: window.title == "Their title")
    app.runtime.user_closes(window.runtime_id)  # type: ignore[arg-type]
    assert await app.finished() == 0


def test_a_program_that_shows_addresses_of_others_listens_nowhere() -> None:
    with AppHarness() as app:
        window = deskapp.launch("https://example.org/")
        assert app.launcher._server is None
        assert not window.closed


async def test_a_crashed_page_of_others_is_loaded_again(app: AppHarness) -> None:
    window = deskapp.launch("https://example.org/")
    await app.until(lambda: window.runtime_id is not None)
    [shown] = app.runtime.windows.values()
    app.runtime.crash_page(window.runtime_id)  # type: ignore[arg-type]
    await app.until(lambda: len(shown.urls) == 2)
    assert shown.urls == ["https://example.org/"] * 2


@pytest.mark.parametrize("address", ["ftp://example.org/", "javascript://x"])
async def test_what_no_window_can_load_is_refused(app: AppHarness, address: str) -> None:
    with pytest.raises(ConfigError, match="a window loads"):
        deskapp.launch(address)
    with pytest.raises(TypeError, match="no properties"):
        deskapp.launch("https://example.org/", None, {"a": 1})


# -- what pages wish ---------------------------------------------------------------------------------------------------


async def test_a_page_may_wish_things_of_its_own_window_and_nothing_else(app: AppHarness) -> None:
    main, other = app.launch(Main), app.launch(Main)
    main_id, _ = await app.window(main), await app.window(other)
    page = app.page(main)
    for verb, data in [
        ("start_drag", None), ("start_resize", "se"), ("minimize", None), ("toggle_maximize", None),
        ("fullscreen", True), ("zoom", 9), ("print", None),
    ]:  # fmt: skip
        page.send(messages.HOST(verb, data))
    wished = {"start_drag", "start_resize", "minimize", "maximize", "fullscreen", "set_zoom", "print_page"}
    await app.until(lambda: wished <= {call[0] for call in app.runtime.calls})
    calls = [call for call in app.runtime.calls if call[0] in wished]
    assert {call[1] for call in calls} == {main_id}
    assert ("set_zoom", main_id, 5.0) in calls


@pytest.mark.parametrize(
    ("verb", "data"),
    [("format_disk", None), ("start_resize", "up"), ("zoom", "big"), ("popup_menu", {"menu": "none", "x": 1, "y": 1})],
)
async def test_other_wishes_are_refused(app: AppHarness, verb: str, data: object) -> None:
    main = app.launch(Main)
    await app.window(main)
    page = app.page(main)
    page.send(messages.HOST(verb, data))
    await app.until(lambda: any(isinstance(m, messages.FAULT) for m in page.messages))


async def test_a_page_shows_a_menu_by_its_name(app: AppHarness) -> None:
    main = app.launch(Main)
    await app.window(main)
    chosen: list[int] = []
    main.session.window.add_context_menu("row", Menu([MenuItem("Delete", lambda: chosen.append(1))]))
    app.runtime.answers["popup_menu"] = 0
    app.page(main).send(messages.HOST("popup_menu", {"menu": "row", "x": 5, "y": 6.5}))
    await app.until(lambda: chosen)


async def test_a_page_may_close_its_window_which_asks_as_ever(app: AppHarness) -> None:
    main = app.launch(Main)
    await app.window(main)
    answers = [False, None]
    main.session.window.on_closing(lambda: answers.pop(0))
    page = app.page(main)
    page.send(messages.HOST("close", None))
    await app.until(lambda: len(answers) == 1)
    page.send(messages.HOST("close", None))
    assert await app.finished() == 0


async def test_a_page_hears_what_changes_around_it(app: AppHarness) -> None:
    main = deskapp.launch(Main, None, None, frameless=True)
    window_id = await app.window(main)
    page = app.page(main)
    [facts] = await until_told(app, page, "window")
    assert facts == {"frameless": True, "can_drag": True}
    app.runtime.user_focuses(window_id)
    await app.runtime.command(window_id, "maximize")
    await app.until(lambda: main.session.window.state == "maximized")
    await app.until(
        lambda: (
            {"maximized": True}
            in [m.data for m in page.messages if isinstance(m, messages.NOTICE) and m.name == "window"]
        )
    )


async def test_a_page_of_nobodys_window_may_wish_nothing(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    page.send(messages.HOST("close", None))
    app.settle()
    assert any(isinstance(m, messages.FAULT) for m in page.messages)


async def test_the_splash_goes_when_the_page_is_there(app: AppHarness, tmp_path: Any) -> None:
    picture = tmp_path / "splash.png"
    picture.write_bytes(b"x")
    main = deskapp.launch(Main, None, None, splash=picture)
    window_id = await app.window(main)
    assert ("hide_splash", window_id) not in app.runtime.calls
    app.page(main)
    await app.until(lambda: app.settle() or ("hide_splash", window_id) in app.runtime.calls)


# -- pages that hang ---------------------------------------------------------------------------------------------------


async def test_a_page_that_hangs_is_told_and_made_anew_if_the_user_wants(app: AppHarness) -> None:
    main = app.launch(Main)
    window_id = await app.window(main)
    app.page(main)
    window = main.session.window
    asked: list[Any] = []
    app.runtime.answers["message"] = lambda **facts: asked.append(facts) or 1
    assert main.session.silent()
    await app.until(lambda: ("end_page", window_id) in app.runtime.calls)
    assert asked[0]["buttons"] == ["Wait", "Reload"]
    await app.until(lambda: len(app.runtime.windows[window_id].urls) == 2)  # it crashed, and is loaded anew
    assert window.responding
    assert main.session.ending is None


async def test_a_page_that_answers_again_is_left_alone(app: AppHarness) -> None:
    main = app.launch(Main)
    window_id = await app.window(main)
    app.page(main)
    window = main.session.window
    app.runtime.answers["message"] = 0
    main.session.silent()
    assert not window.responding
    main.session.heard_again()
    assert window.responding
    await window.move(1, 1)
    assert ("end_page", window_id) not in app.runtime.calls


async def test_a_tab_that_hangs_loses_its_connection(app: AppHarness) -> None:
    assert not app.session(Main).silent()


# -- places that are remembered ----------------------------------------------------------------------------------------

SCREEN = {
    "name": "one", "x": 0, "y": 0, "width": 1400, "height": 1000, "work_area": [0, 0, 1400, 960], "scale": 1.0,
    "is_primary": True,
}  # fmt: skip


async def until_size(app: AppHarness, window: Any, size: tuple[int, int]) -> None:
    await app.until(lambda: window.size == size)


async def shown_again(screens: list[dict[str, Any]], *moves: Geometry, **options: Any) -> Any:
    """Open a window that is remembered, move it, close it; what it is opened with the next time."""
    for turn in range(2):
        async with AppHarness() as app:
            main = deskapp.launch(Main, None, None, remember=True, **options)
            app.runtime.answers["screens"] = screens
            window_id = await app.window(main)
            window = main.session.window
            spec = app.runtime.windows[window_id].spec
            if turn == 0:
                for geometry in moves:
                    app.runtime.user_moves(window_id, geometry)
                await until_size(app, window, (moves[-1].width, moves[-1].height))
            app.runtime.user_closes(window_id)
            await app.finished()
    return spec


async def test_a_window_that_is_remembered_comes_back_where_it_was() -> None:
    spec = await shown_again([SCREEN], Geometry(40, 50, 640, 480))
    assert (spec.x, spec.y, spec.width, spec.height, spec.mode) == (40, 50, 640, 480, WindowMode.NORMAL)


async def test_a_maximized_window_comes_back_maximized_with_its_normal_size_behind_it() -> None:
    spec = await shown_again([SCREEN], Geometry(40, 50, 640, 480), Geometry(0, 0, 1400, 960, maximized=True))
    assert (spec.width, spec.height, spec.mode) == (640, 480, WindowMode.MAXIMIZED)


async def test_a_window_comes_back_onto_the_screens_of_today() -> None:
    spec = await shown_again([SCREEN], Geometry(5000, 50, 640, 480), min_size=(600, 400))
    assert 0 <= spec.x <= 1400 - 640
    assert (spec.min_width, spec.min_height) == (600, 400)
