from __future__ import annotations

import pytest

from deskapp import JsComponent, PyComponent, event
from deskapp.assets import AssetStore
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.errors import TranspileError
from deskapp.session._presence import Presence
from tests.unit.session.classes import Label, Main

HERE = "tests.unit.session.classes"


@pytest.fixture
def store() -> AssetStore:
    return AssetStore()


@pytest.fixture
def presence(store: AssetStore) -> Presence:
    return Presence(ModuleGraph(store, CodeSource()), store)


class Styled(JsComponent):
    CSS = ".styled { color: red }"


def test_a_page_is_given_a_class_once(presence: Presence) -> None:
    names = [message.name for message in presence.definitions(Label)]
    assert names == [HERE]
    assert presence.modules == {HERE}
    assert presence.definitions(Label) == []
    assert presence.definitions(Main) == []  # of the same module


def test_styles_come_before_the_script_that_needs_them(presence: Presence) -> None:
    found = [(message.kind, message.name) for message in presence.definitions(Styled)]
    assert found == [("css", f"{__name__}.css"), ("js", __name__)]


def test_the_roots_need_no_definition_and_have_a_name(presence: Presence) -> None:
    assert presence.definitions(PyComponent) == []
    assert presence.definitions(JsComponent) == []
    assert presence.component_class(*presence.js_name(JsComponent)) is JsComponent


def test_a_page_knows_no_class_that_it_was_not_given(presence: Presence) -> None:
    name = presence.js_name(Label)
    assert presence.component_class(*name) is None
    presence.definitions(Label)
    assert presence.component_class(*name) is Label
    assert presence.component_class(HERE, "Nothing") is None
    assert presence.component_class("os", "system") is None


def test_a_new_page_has_nothing(presence: Presence) -> None:
    presence.definitions(Label)
    presence.reset()
    assert presence.modules == set()
    assert [message.name for message in presence.definitions(Label)] == [HERE]


def test_what_cannot_become_javascript_leaves_the_books_as_they_were(presence: Presence) -> None:
    class Unwritable(JsComponent):
        def init(self):  # type: ignore[no-untyped-def]
            import os

            os.system("ls")

    with pytest.raises(TranspileError):
        presence.definitions(Unwritable)
    assert presence.modules == set()


def test_assets_of_a_module_come_before_it_and_once(presence: Presence, store: AssetStore) -> None:
    store.add_shared_asset("lib.js", "var lib;")
    store.associate_asset(HERE, "lib.js")
    store.associate_asset(HERE, "look.css", "a {}")
    found = [(m.kind, m.name, m.text) for m in presence.definitions(Label)]
    assert found[:2] == [("js", "lib.js", "var lib;"), ("css", "look.css", "a {}")]
    assert found[2][1] == HERE


def test_a_remote_asset_travels_as_its_address(presence: Presence, store: AssetStore) -> None:
    store.associate_asset(HERE, "https://example.org/lib.js")
    message = presence.definitions(Label)[0]
    assert (message.kind, message.text, message.url) == ("js", "", "https://example.org/lib.js")


def test_assets_to_ignore_are_not_sent(presence: Presence, store: AssetStore) -> None:
    store.associate_asset(HERE, "lib.js", "var lib;")
    presence.assets_to_ignore.add("lib.js")
    assert [m.name for m in presence.definitions(Label)] == [HERE]


def test_a_class_made_in_a_function_has_a_module_of_its_own(presence: Presence) -> None:
    class Inner(JsComponent):
        n = event.IntProp(1)

    found = presence.definitions(Inner)
    assert presence.component_class(*presence.js_name(Inner)) is Inner
    assert len(found) >= 1
