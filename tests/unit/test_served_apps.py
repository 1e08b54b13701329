"""Apps and servers as users make them: names, addresses, titles, and what is refused."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskapp import App, PyComponent, event
from deskapp import app as program
from deskapp._config import Settings
from deskapp.errors import ConfigError
from deskapp.testing import AppHarness
from tests.unit.session.classes import Label, Main


class Takes(PyComponent):
    n = event.IntProp(0)


class Titled(PyComponent):
    title = event.StringProp("", settable=True)


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


def test_an_app_knows_its_class_and_whether_it_is_served(app: AppHarness) -> None:
    application = App(Main)
    assert application.cls is Main
    assert application.is_served is False
    application.launch()
    assert application.is_served is False
    application.serve("name")
    assert application.is_served is True


def test_an_app_that_was_launched_and_not_served_has_a_name_and_no_url(app: AppHarness) -> None:
    application = App(Main)
    application.launch()
    assert application.name == "Main"
    with pytest.raises(RuntimeError, match="no url until it is served"):
        application.url  # noqa: B018


def test_there_is_no_url_without_a_server_that_listens(app: AppHarness) -> None:
    application = App(Main)
    application.serve()
    app.launcher.server.close()
    with pytest.raises(RuntimeError, match="its server has ended"):
        application.url  # noqa: B018
    program.create_server(host=False)
    with pytest.raises(RuntimeError, match="host=False"):
        application.url  # noqa: B018
    server = program.create_server()
    assert application.url == server.url("/Main/")
    assert application.is_served


@pytest.mark.parametrize("name", ["my-app", "my app", "1st", "a/b", "ä", "_ws", "_a", "__main__", "x\n"])
def test_a_name_that_cannot_be_part_of_an_address_is_refused(app: AppHarness, name: str) -> None:
    application = App(Main)
    with pytest.raises(ConfigError, match="name"):
        application.serve(name)
    assert not application.is_served
    assert app.launcher.manager.get_app_names() == []


def test_a_port_that_is_taken_leaves_nothing_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, AppHarness(port=taken.getsockname()[1]) as app:
        application = App(Main)
        with pytest.raises(ConfigError, match="'port'"):
            application.serve()
        assert not application.is_served
        assert app.launcher.manager.get_app_names() == []


def test_an_app_may_be_served_and_launched_under_one_name(app: AppHarness) -> None:
    application = App(Main)
    application.serve("both")
    main: Any = application.launch()
    assert main.session.app_name == application.name == "both"
    assert app.launcher.manager.get_app_names() == ["both"]


def test_several_apps_and_a_main_app_are_served_side_by_side(app: AppHarness) -> None:
    for cls, name in ((Main, None), (Takes, "other"), (Label, "")):
        App(cls).serve(name)
    assert app.launcher.manager.get_app_names() == ["Main", "__main__", "other"]
    assert all(app.launcher.manager.is_served(name) for name in ("Main", "__main__", "other", ""))


# -- titles, values, runtimes


def test_title_and_icon_go_to_windows_and_pages(app: AppHarness, tmp_path: Path) -> None:
    icon = tmp_path / "icon.png"
    icon.write_bytes(b"")
    application = App(Main, title="My Title", icon=str(icon))
    main: Any = application.launch()
    spec: Any = app.launcher.manager.spec("Main")
    assert (spec.title, spec.icon) == ("My Title", icon)
    assert application.kwargs == {}
    window = app.launcher.windows._windows[0].spec()
    assert (window.title, window.icon) == ("My Title", icon)
    assert main.session.title == ""


def test_what_launch_is_given_counts_before_what_the_app_was_given(app: AppHarness, tmp_path: Path) -> None:
    icon, other = tmp_path / "icon.png", tmp_path / "other.png"
    icon.write_bytes(b"")
    other.write_bytes(b"")
    App(Main, title="One", icon=icon).launch(title="Two", icon=other)
    window = app.launcher.windows._windows[0].spec()
    assert (window.title, window.icon) == ("Two", other)


def test_a_component_with_a_title_of_its_own_gets_it_too(app: AppHarness) -> None:
    made: Any = App(Titled, title="My Title").launch()
    assert made.title == "My Title"
    assert app.launcher.windows._windows[0].spec().title == "My Title"
    with pytest.raises(AttributeError, match="titel"):
        App(Titled, titel="My Title").launch()


def test_values_may_be_given_as_properties(app: AppHarness) -> None:
    made: Any = program.launch(Takes, None, {"n": 3})
    assert made.n == 3
    assert program.serve(Takes, "served", {"n": 4}) is Takes
    spec: Any = app.launcher.manager.spec("served")
    assert spec.kwargs == {"n": 4}
    with pytest.raises(TypeError, match="has its values already"):
        program.launch(App(Takes), properties={"n": 1})


def test_an_app_can_be_served_as_its_class_can(app: AppHarness) -> None:
    application = App(Takes, n=1)
    assert program.serve(application, "x") is application
    assert application.is_served


def test_without_a_runtime_the_one_of_the_settings_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def select(wish: str) -> Any:
        asked.append(wish)
        return harness._runtimes

    with AppHarness() as harness:
        monkeypatch.setattr(harness.launcher, "_select", select)
        program.launch(Main)
        App(Takes).launch(None)
    assert asked == ["app or browser"] * 2


# -- servers


def test_there_is_one_tornado_application_whatever_servers_come_and_go(app: AppHarness) -> None:
    assert program.current_server(create=False) is None
    first = program.current_server()
    assert first is not None
    assert program.current_server() is first
    assert program.current_server(create=False) is first
    second = program.create_server()
    assert second is not first
    assert second.app is first.app
    assert first.is_closed
    assert program.current_server() is second


def test_a_server_is_made_with_what_current_server_is_given_if_there_is_none(app: AppHarness) -> None:
    server = program.current_server(host="localhost")
    assert server.serving is not None
    assert server.serving[0] == "localhost"
    assert program.current_server(host="127.0.0.1") is server


def test_a_new_server_takes_the_port_of_the_one_before(app: AppHarness) -> None:
    first = program.create_server()
    assert first.serving is not None
    port = first.serving[1]
    assert program.create_server(port=port).serving == ("127.0.0.1", port)
    assert program.create_server(port=str(port)).serving == ("127.0.0.1", port)
    assert first.serving is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": -1}, {"port": 65536}, {"port": 1.5}, {"port": True}, {"host": ""}, {"host": True}, {"host": 3},
        {"backend": "flask"}, {"nothing": 1}, {"loop": 3}, {"ssl_options": {"certfile": "/nowhere"}},
        {"ssl_options": 3}, {"ssl_options": {}}, {"ssl_options": True}, {"request_callback": 1},
        {"host": "203.0.113.7"},
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_made_leaves_the_present_one(app: AppHarness, wrong: Any) -> None:
    first = program.create_server()
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        program.create_server(**wrong)
    assert program.current_server() is first
    assert first.serving is not None


def test_a_port_that_is_taken_leaves_the_present_server(app: AppHarness) -> None:
    first = program.create_server()
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigError, match="'port'"):
        program.create_server(port=taken.getsockname()[1])
    assert program.current_server() is first
    assert first.serving is not None


@pytest.mark.parametrize(("setting", "value"), [("ssl_certfile", "/nowhere.pem"), ("ssl_keyfile", "/nowhere.key")])
def test_a_certificate_that_cannot_be_read_is_an_error_that_names_it(setting: str, value: Any) -> None:
    with AppHarness(settings=Settings(**{setting: value})), pytest.raises(ConfigError, match=setting):
        program.create_server()


def test_a_name_for_a_port_is_always_the_same_port(app: AppHarness) -> None:
    expected = 50120
    try:
        socket.create_server(("127.0.0.1", expected)).close()
    except OSError:  # somebody has it, and it is that one that cannot be had
        with pytest.raises(ConfigError, match=str(expected)):
            program.create_server(port="hello")
    else:
        assert program.create_server(port="hello").serving == ("127.0.0.1", expected)


async def test_no_server_is_made_while_one_runs() -> None:
    async with AppHarness():
        with pytest.raises(RuntimeError, match="running already"):
            program.create_server()


def test_a_program_that_runs_again_listens_where_its_server_was_told_to(app: AppHarness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    program.create_server(port=port)
    served = App(Main)
    served.serve()
    for _ in range(2):
        program.call_soon(program.stop)
        assert program.start() == 0
        assert program.current_server(create=False) is None
    assert program.current_server() is not None
    assert served.url == f"http://127.0.0.1:{port}/Main/"


def test_a_server_runs_the_program_until_it_is_stopped(app: AppHarness) -> None:
    server = program.create_server()
    found: list[object] = []

    def stop() -> None:
        with pytest.raises(RuntimeError, match="runs already"):
            server.start()
        with pytest.raises(RuntimeError, match="call stop"):
            server.close()
        found.append(server.serving)
        threading.Thread(target=server.stop).start()

    program.call_soon(stop)
    assert server.start() == 0
    assert found == [("127.0.0.1", found[0][1])]  # type: ignore[index]
    assert server.serving is None
    with pytest.raises(RuntimeError, match="closed"):
        server.start()


def test_a_program_may_run_on_a_loop_that_it_is_given(app: AppHarness) -> None:
    aio = asyncio.new_event_loop()
    found: list[object] = []
    program.create_server(loop=aio)

    def note() -> None:
        found.append(asyncio.get_running_loop())
        program.stop()

    program.call_soon(note)
    assert program.start() == 0
    assert found == [aio]
    assert not aio.is_closed()
    aio.close()


def test_handlers_of_the_user_move_to_a_new_server(app: AppHarness) -> None:
    from tornado import web

    class Mine(web.RequestHandler):
        def get(self) -> None:
            self.finish("mine")

    server = program.current_server()
    server.app.add_handlers(r".*", [("/mine", Mine)])
    rules = list(program.create_server().app.default_router.rules)
    assert len(rules) == 2
