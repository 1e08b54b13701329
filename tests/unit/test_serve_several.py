"""Several apps that are served at once: by name, or each by its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deskapp import App
from deskapp import app as program
from deskapp.errors import ConfigError
from deskapp.testing import AppHarness
from tests.integration.sockets import get
from tests.unit.session.classes import Label, Main


def chat() -> None: ...


def other() -> None: ...


def index() -> None: ...


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


def served(app: AppHarness) -> list[str]:
    return sorted(spec.public_name for spec in app.launcher.manager.served_specs())


def path_of(app: AppHarness, name: str) -> str:
    spec = app.launcher.manager.find_spec(name)
    assert app.launcher.manager.is_served(spec.name)
    return spec.path


def test_a_dict_serves_functions_classes_and_apps_under_its_names(app: AppHarness) -> None:
    application = App(chat, title="Talk")
    given: dict[str, Any] = {"talk": application, "main": Main, "twin": chat, "label": Label}
    assert program.serve(given) == given
    assert served(app) == ["label", "main", "talk", "twin"]
    assert (application.name, application.url) == ("talk", app.launcher.server.url("/talk/"))
    assert path_of(app, "twin") == "/twin/"


@pytest.mark.parametrize("name", ["index", ""])
def test_index_is_the_main_app(app: AppHarness, name: str) -> None:
    assert program.serve({name: other, "chat": chat}) == {name: other, "chat": chat}
    assert served(app) == ["__main__", "chat"]
    assert path_of(app, "index") == path_of(app, "__main__") == "/"
    assert app.launcher.manager.find_spec("index").cls is other


def test_an_app_that_is_really_called_index_is_found_before_the_main_app(app: AppHarness) -> None:
    program.serve(other, "")
    program.serve(chat, "index")
    assert app.launcher.manager.find_spec("index").cls is chat
    with pytest.raises(LookupError, match="no app 'indx'"):
        app.launcher.manager.find_spec("indx")


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_serves_each_under_its_own_name(app: AppHarness, kind: Any) -> None:
    application = App(Main)
    given: Any = program.serve(kind([chat, index, application]))
    assert given == {"chat": chat, "index": index, "Main": application}
    assert served(app) == ["Main", "__main__", "chat"]


@pytest.mark.parametrize(
    ("given", "kind", "why"),
    [
        ({}, ConfigError, "give at least one"),
        ([], ConfigError, "give at least one"),
        ({3: chat}, TypeError, "names that are texts, not by 3"),
        ({None: chat}, TypeError, "names that are texts, not by None"),
        ({"index": chat, "": other}, ConfigError, "both mean the main app"),
        ([chat, other, chat], ConfigError, "two of the apps are called so; give serve.. a dict"),
        ([lambda: None, lambda: None], ConfigError, "cannot be 'app': two of the apps"),
        ({"chat": chat, "my-app": other}, ConfigError, "letters, digits and underscores"),
        ({"chat": chat, "_ws": other}, ConfigError, "the server itself needs it"),
        ({"chat": chat, "other": 3}, TypeError, "3 cannot be an app"),
        ({"chat": chat, "taken": other}, ConfigError, "has this name already"),
        ({"chat": chat, "other": lambda needed: None}, TypeError, "missing a required argument"),
    ],
)
def test_none_is_served_if_one_is_refused(app: AppHarness, given: Any, kind: type[Exception], why: str) -> None:
    program.serve(Main, "taken")
    with pytest.raises(kind, match=why):
        program.serve(given)
    assert served(app) == ["taken"]
    assert app.launcher.manager.get_app_names() == ["taken"]


def test_an_app_can_have_one_name_only(app: AppHarness) -> None:
    application = App(chat)
    with pytest.raises(RuntimeError, match="is served already, as 'one'"):
        program.serve({"one": application, "two": application})
    assert served(app) == []
    assert not application.is_served
    application.serve("first")
    with pytest.raises(RuntimeError, match="is served already, as 'first'"):
        program.serve({"one": application})
    assert application.name == "first"


@pytest.mark.parametrize("options", [{"name": "x"}, {"properties": {"n": 1}}])
def test_several_apps_have_no_common_name_or_values(app: AppHarness, options: Any) -> None:
    with pytest.raises(TypeError, match="several apps without `name` and `properties`"):
        program.serve({"chat": chat}, **options)
    assert served(app) == []


@pytest.mark.parametrize("given", [{"chat": chat, "other": other}, [chat, other]])
def test_launch_shows_one_app(app: AppHarness, given: Any) -> None:
    with pytest.raises(TypeError, match=r"shows one app, and was given 2 at once: serve\(\) them, and launch\(\)"):
        program.launch(given)
    assert app.launcher.windows.count == 0


async def test_without_a_main_app_the_first_page_lists_them() -> None:
    async with AppHarness() as app:
        program.serve([chat, other])
        await app.until(lambda: app.launcher.is_running)
        page = await get(app.launcher.server.url("/"))
        assert 'href="/chat/"' in page.body.decode()
        assert 'href="/other/"' in page.body.decode()
        program.serve({"index": index})
        assert "client.js" in (await get(app.launcher.server.url("/"))).body.decode()
