"""The program under test: step by step, and running."""

from __future__ import annotations

import pytest

from deskapp import JsComponent, PyComponent, event
from deskapp import app as program
from deskapp.event import current_loop
from deskapp.testing import AppHarness, FakeRuntime


class Label(JsComponent):
    text = event.StringProp("", settable=True)


class Main(PyComponent):
    count = event.IntProp(0, settable=True)

    def init(self) -> None:
        self.label = Label(text="hello")

    @event.action
    def add(self, n: int) -> None:
        self._mutate_count(self.count + n)

    @event.reaction("count")
    def show(self, *events: object) -> None:
        self.label.set_text(str(self.count))


def test_an_app_runs_without_asyncio_sockets_or_screen() -> None:
    with AppHarness() as app:
        main = app.launch(Main)
        page = app.page(main)
        page.invoke(main, "add", 3)
        app.settle()
        assert main.count == 3
        assert (page.prop(main, "count"), page.prop(main.label, "text")) == (3, "3")
        assert main.label.text == "3"  # the obedient page told so


def test_the_program_functions_act_on_the_harness_and_not_on_the_real_program() -> None:
    with AppHarness() as app:
        assert program.launcher() is app.launcher
        assert current_loop() is app.loop
        assert Settings_have_no_user_values(app)
    assert current_loop() is not app.loop
    assert program.use_launcher(None) is not app.launcher


def Settings_have_no_user_values(app: AppHarness) -> bool:
    return app.launcher.settings.app_id == "org.example.test"


def test_two_programs_in_a_row_know_nothing_of_each_other() -> None:
    with AppHarness() as first:
        first.launch(Main)
        assert first.launcher.manager.get_app_names() == ["Main"]
    with AppHarness() as second:
        assert second.launcher.manager.get_app_names() == []


async def test_a_program_runs_on_the_loop_of_the_test() -> None:
    async with AppHarness() as app:
        main = app.launch(Main)
        window = await app.window(main)
        assert isinstance(app.runtime, FakeRuntime)
        app.runtime.user_closes(window)
        assert await app.finished() == 0
        assert main.session.status == main.session.STATUS.CLOSED


async def test_quiet_waits_until_page_and_program_have_nothing_left_to_say() -> None:
    async with AppHarness() as app:
        main = app.launch(Main)
        page = app.page(main)
        page.invoke(main, "add", 2)
        await app.quiet()
        assert main.label.text == "2"


async def test_until_gives_up_and_says_so() -> None:
    with pytest.raises(TimeoutError, match="did not hold"):
        await AppHarness.until(lambda: False, timeout_s=0.01)


def test_a_session_needs_neither_window_nor_server() -> None:
    with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session)
        assert page.how == "new"
        assert page.is_ready
        assert session.app is not None
        assert page.find(session.app).cls == "Main"
        assert not app.hosts


def test_a_program_that_never_rests_is_given_up() -> None:
    with AppHarness() as app:

        def again() -> None:
            app.loop.call_soon(again)

        again()
        with pytest.raises(TimeoutError, match="did not come to rest"):
            app.settle()
        app.loop.reset()
