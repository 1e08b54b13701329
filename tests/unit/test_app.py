from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import deskapp
from deskapp import App, JsComponent, PyComponent
from deskapp import app as program
from deskapp.errors import ConfigError
from deskapp.event import Component
from deskapp.testing import AppHarness
from tests.unit.session.classes import Label, Main


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


META: Any = type(PyComponent)


class Takes(PyComponent):
    from deskapp import event

    n = event.IntProp(0)
    m = event.IntProp(0)

    def init(self, *args: object) -> None:
        self.args = args


@pytest.mark.parametrize("cls", [3, object, Component, "Main", None, Main.JS, deskapp.StubComponent])
def test_only_component_classes_are_apps(cls: Any) -> None:
    with pytest.raises(TypeError, match="must be a subclass of"):
        App(cls)
    with pytest.raises(TypeError, match="must be a subclass of"):
        program.launch(cls)
    with pytest.raises(TypeError, match="must be a subclass of"):
        program.serve(cls)


@pytest.mark.parametrize("cls", [Main, Label, PyComponent, JsComponent])
def test_both_kinds_of_components_and_their_roots_are_apps(app: AppHarness, cls: type) -> None:
    component = program.launch(cls)
    assert type(component) is cls


def test_an_app_says_what_it_is() -> None:
    assert repr(App(Main, 1, csp=None, count=2)) == "<App based on class Main pre-initialized with 1 args and 1 kwargs>"


def test_arguments_of_the_app_come_first_and_values_of_the_call_win(app: AppHarness) -> None:
    application = App(Takes, 1, n=1, m=1)
    made: Any = application.launch()
    assert (made.args, made.n, made.m) == ((1,), 1, 1)
    with made:
        other: Any = application(2, m=5)
    assert (other.args, other.n, other.m) == ((1, 2), 1, 5)


def test_name_and_url_are_known_once_it_is_served(app: AppHarness) -> None:
    application = App(Main)
    for ask in ("name", "url"):
        with pytest.raises(RuntimeError, match=f"has no {ask} until it is served"):
            getattr(application, ask)
    assert not application.is_served
    application.serve("mine")
    assert application.name == "mine"
    assert application.url == app.launcher.server.url("/mine/")
    assert application.is_served


def test_the_main_app_has_a_name_that_says_so(app: AppHarness) -> None:
    application = App(Main)
    application.serve("")
    assert application.name == "__main__"
    assert application.url.endswith("/")


def test_serving_twice_is_refused(app: AppHarness) -> None:
    application = App(Main)
    application.serve()
    with pytest.raises(RuntimeError, match="served already"):
        application.serve("other")


def test_what_was_launched_is_not_served(app: AppHarness) -> None:
    application = App(Main)
    application.launch()
    assert application.name == "Main"
    assert not application.is_served


def test_an_app_whose_launch_failed_has_no_name(app: AppHarness) -> None:
    failing = App(Main)
    with pytest.raises(ConfigError):
        failing.launch("app", siz=3)
    with pytest.raises(RuntimeError, match="has no name until"):
        _ = failing.name
    failing.launch()
    with pytest.raises(ConfigError):
        failing.launch("app", siz=3)
    assert failing.name == "Main"


def test_serve_can_be_a_decorator(app: AppHarness) -> None:
    assert program.serve(Main) is Main
    assert app.launcher.manager.get_app_names() == ["Main"]


def test_the_short_forms_take_values_of_properties(app: AppHarness, tmp_path: Path) -> None:
    launched = program.launch(Takes, "app", {"n": 3})
    assert isinstance(launched, Takes)
    assert launched.n == 3
    program.serve(Takes, "served", {"n": 4})
    spec = app.launcher.manager.spec("served")
    assert spec is not None
    assert dict(spec.kwargs) == {"n": 4}
    program.export(Label, tmp_path / "label.html", {"text": "given to export"}, link=0)
    assert "given to export" in (tmp_path / "label.html").read_text(encoding="utf-8")


def test_an_app_has_its_values_already(app: AppHarness) -> None:
    with pytest.raises(TypeError, match="has its values already"):
        program.launch(App(Takes, n=1), "app", {"n": 3})


def test_two_apps_of_one_name_are_refused(app: AppHarness) -> None:
    program.serve(Main, "same")
    with pytest.raises(ConfigError, match="has this name already"):
        program.serve(Takes, "same")
    program.launch(Main)
    with pytest.raises(ConfigError, match="has this name already"):
        App(META("Main", (PyComponent,), {})).launch()
    assert len(app.launcher.manager.sessions) == 1


def test_manager_and_assets_are_those_of_the_program(app: AppHarness) -> None:
    assert program.manager is app.launcher.manager
    assert program.assets is app.launcher.store


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        program.nothing  # type: ignore[attr-defined] # noqa: B018


def test_call_soon_is_the_way_in_from_other_threads(app: AppHarness) -> None:
    found: list[str] = []
    main: Any = program.launch(Main)
    context = __import__("contextvars").copy_context()

    def run() -> None:
        program.call_soon(lambda: found.append(threading.current_thread().name))
        main.set_count(3)

    thread = threading.Thread(target=context.run, args=(run,))
    thread.start()
    thread.join(5)
    assert found == []
    app.settle()
    assert found == [threading.current_thread().name]
    assert main.count == 3


def test_the_launcher_is_made_once_and_can_be_replaced() -> None:
    before = program.use_launcher(None)
    try:
        first = program.launcher()
        assert program.launcher() is first
        assert program.use_launcher(None) is first
        assert program.launcher() is not first
    finally:
        program.use_launcher(before)


def test_flat_names_are_those_of_the_modules() -> None:
    assert deskapp.App is App
    assert deskapp.launch is program.launch
    assert deskapp.app.PyComponent is PyComponent
