from __future__ import annotations

from typing import Any

import pytest

from deskapp import PyComponent
from deskapp._manager import GONE, AppManager
from deskapp._spec import AppSpec
from deskapp.errors import ConfigError, DeskappError
from deskapp.testing import AppHarness, TestClient
from tests.unit.session.classes import Main

META: Any = type(PyComponent)


class Other(PyComponent):
    pass


@pytest.fixture
def app() -> Any:
    with AppHarness() as harness:
        yield harness


@pytest.fixture
def manager(app: AppHarness) -> AppManager:
    return app.launcher.manager


def test_apps_are_known_by_name(manager: AppManager) -> None:
    manager.register(AppSpec(Main, "b"), serve=True)
    manager.register(AppSpec(Other, "a"), serve=False)
    assert manager.get_app_names() == ["a", "b"]
    assert manager.spec("nothing") is None
    assert (manager.is_served("a"), manager.is_served("b"), manager.serves_any) == (False, True, True)


def test_what_was_served_stays_served(manager: AppManager) -> None:
    manager.register(AppSpec(Main, "a"), serve=True)
    manager.register(AppSpec(Main, "a", title="new"), serve=False)
    assert manager.is_served("a")
    assert manager.spec("a") == AppSpec(Main, "a", title="new")


def test_a_name_belongs_to_one_class(manager: AppManager) -> None:
    manager.register(AppSpec(Main, "a"), serve=True)
    with pytest.raises(ConfigError, match=r"classes\.Main has this name already"):
        manager.register(AppSpec(Other, "a"), serve=True)
    assert manager.spec("a") == AppSpec(Main, "a")


def test_a_class_that_was_defined_again_keeps_its_name(manager: AppManager) -> None:
    def define() -> Any:
        return META("Again", (PyComponent,), {"__module__": "m", "__qualname__": "Again"})

    manager.register(AppSpec(define(), "a"), serve=True)
    new = define()
    manager.register(AppSpec(new, "a"), serve=True)
    assert manager.spec("a") == AppSpec(new, "a")


def test_a_name_can_be_given_back(manager: AppManager) -> None:
    manager.register(AppSpec(Main, "a"), serve=False)
    manager.restore("a", None)
    assert manager.get_app_names() == []
    manager.register(AppSpec(Main, "a", title="old"), serve=True)
    manager.register(AppSpec(Main, "a", title="new"), serve=True)
    manager.restore("a", AppSpec(Main, "a", title="old"))
    manager.restore("a", None)
    assert manager.spec("a") == AppSpec(Main, "a", title="old")


def test_a_name_is_found_in_whatever_case(manager: AppManager) -> None:
    manager.register(AppSpec(Main, "MyApp"), serve=False)
    assert manager.has_app_name("myapp") == manager.has_app_name("MyApp") == "MyApp"
    assert manager.has_app_name("other") is None
    manager.register(AppSpec(Main, "MYAPP"), serve=True)
    assert manager.has_app_name("myapp") == "MYAPP"
    assert manager.has_app_name("MyApp") == "MyApp"
    manager.register(AppSpec(Main, ""), serve=True)
    assert manager.has_app_name("__MAIN__") == "__main__"


def test_the_main_app_has_a_name(manager: AppManager) -> None:
    spec = AppSpec(Main, "")
    manager.register(spec, serve=True)
    assert manager.get_app_names() == ["__main__"]
    assert manager.spec("__main__") is manager.spec("") is spec
    assert manager.is_served("__main__")
    assert manager.create_session(spec).app_name == "__main__"


def test_what_anybody_may_open_is_sorted_by_title(manager: AppManager) -> None:
    for name, title in (("a", "Zebra"), ("b", "ape"), ("c", "Bear")):
        manager.register(AppSpec(Main, name, title=title), serve=True)
    manager.register(AppSpec(Main, "d", title="Hidden"), serve=False)
    assert [spec.title for spec in manager.served_specs()] == ["ape", "Bear", "Zebra"]


async def test_connections_are_the_sessions_whose_page_is_there() -> None:
    async with AppHarness(close_grace_s=60) as app:
        manager = app.launcher.manager
        seen: list[int] = []
        for name in ("a", "b"):
            manager.register(AppSpec(Main, name), serve=True)
        session = manager.create_session(AppSpec(Main, "a"))
        manager.create_session(AppSpec(Main, "b"))
        manager.reaction("connections_changed", lambda *events: seen.append(len(manager.get_connections("a"))))
        assert manager.get_connections("a") == []
        page = TestClient(session)
        page.connect()
        assert manager.get_connections("a") == [session]
        await app.until(lambda: seen[-1:] == [1])
        page.drop(left=True)
        assert manager.get_connections("a") == []
        await app.until(lambda: seen[-1:] == [0])
        assert manager.total_sessions == 2
        with pytest.raises(LookupError, match="no app 'c'; there are: a, b"):
            manager.get_connections("c")


def test_sessions_are_found_by_id_key_and_asset_key(manager: AppManager) -> None:
    session = manager.create_session(AppSpec(Main, "a"))
    other = manager.create_session(AppSpec(Main, "a"))
    assert manager.sessions == [session, other]
    assert manager.get_session_by_id(session.id) is session
    assert manager.find_by_key(session.key) is session
    assert manager.find_by_asset_key(session.asset_key) is session
    for wrong in (session.id, session.asset_key, "", "x"):
        assert manager.find_by_key(wrong) is None
    assert manager.find_by_asset_key(session.key) is None


def test_a_session_that_was_closed_is_found_no_more(manager: AppManager) -> None:
    session = manager.create_session(AppSpec(Main, "a"))
    session.close()
    manager.remove(session)
    assert manager.sessions == []
    assert manager.get_session_by_id(session.id) is None
    assert manager.find_by_key(session.key) is None


def test_arguments_and_values_reach_the_root(manager: AppManager) -> None:
    class Takes(PyComponent):
        def init(self, a: int, b: int = 2) -> None:
            self.got = (a, b)

    root: Any = manager.create_session(AppSpec(Takes, "a", args=(1,))).app
    assert root.got == (1, 2)


def test_a_root_that_fails_leaves_no_session(manager: AppManager) -> None:
    made = []

    class Fails(PyComponent):
        def init(self) -> None:
            made.append(self.session)
            raise RuntimeError("by intent")

    with pytest.raises(RuntimeError, match="by intent"):
        manager.create_session(AppSpec(Fails, "a"))
    assert manager.sessions == []
    assert made[0].status is made[0].STATUS.CLOSED
    assert made[0].components() == []


def test_coming_and_going_is_an_event(app: AppHarness, manager: AppManager) -> None:
    names: list[str] = []
    manager.reaction("connections_changed", lambda *events: names.extend(e.name for e in events))
    session = manager.create_session(AppSpec(Main, "a"))
    app.settle()
    assert names == ["a"]
    session.close()
    app.settle()
    assert names == ["a", "a"]


async def test_a_tab_that_said_goodbye_has_a_short_grace() -> None:
    async with AppHarness(close_grace_s=0.01, reconnect_grace_s=60) as app:
        manager = app.launcher.manager
        session = manager.create_session(AppSpec(Main, "a"))
        page = TestClient(session)
        page.connect()
        page.drop(left=True)
        assert manager.sessions == [session]
        await app.until(lambda: not manager.sessions)
        assert session.ending is not None
        assert session.ending.code == GONE


async def test_a_tab_that_lost_its_socket_has_a_long_grace() -> None:
    async with AppHarness(close_grace_s=0, reconnect_grace_s=0.05) as app:
        manager = app.launcher.manager
        session = manager.create_session(AppSpec(Main, "a"))
        page = TestClient(session)
        page.connect()
        page.drop()
        assert page.connect() == "replay"
        page.drop()
        await app.until(lambda: session.ending)


async def test_a_tab_that_is_back_in_time_keeps_its_session() -> None:
    async with AppHarness(close_grace_s=0.02, reconnect_grace_s=60) as app:
        manager = app.launcher.manager
        session = manager.create_session(AppSpec(Main, "a"))
        page = TestClient(session)
        page.connect()
        page.drop(left=True)
        page.connect()
        assert manager._graces == {}
        assert session.ending is None


def test_the_bounds_of_a_session_are_those_of_the_settings() -> None:
    with AppHarness(replay_bytes=65536, max_message_bytes=65536) as app:
        limits = app.session(Main)._line.protocol.limits
        assert (limits.queue_bytes, limits.frame_bytes) == (65536, 65536)


def test_an_app_that_closes_its_session_in_init_is_a_clear_error_and_leaves_nothing(manager: AppManager) -> None:
    class Shy(PyComponent):
        def init(self) -> None:
            self.session.close()

    with pytest.raises(DeskappError, match="Shy closed its session while it was made"):
        manager.create_session(AppSpec(Shy, "Shy"))
    assert manager.sessions == []
