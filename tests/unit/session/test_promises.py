"""What the documents promise of a session, where no test of its parts shows it for the session itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deskapp import JsComponent, StubComponent
from deskapp.bridge import messages
from deskapp.testing import AppHarness
from deskapp.testing.client import Ref
from tests.unit.session.classes import Main


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


def test_a_reference_to_nothing_is_a_stub(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.invoke(main, "keep", Ref(session.id, "Nothing_99"))
    app.settle()
    (stub,) = main.heard
    assert isinstance(stub, StubComponent)
    assert (stub.id, stub.session_id) == ("Nothing_99", session.id)
    assert not hasattr(stub, "set_count")


def test_assets_that_a_session_ignores_do_not_reach_its_page(app: AppHarness) -> None:
    session = app.session(Main)
    page = app.page(session)
    store = app.launcher.store
    store.associate_asset(__name__, "wanted.js", "var wanted;")
    store.associate_asset(__name__, "unwanted.js", "var unwanted;")
    session.assets_to_ignore.add("unwanted.js")

    class Late(JsComponent):
        pass

    with session.app:  # type: ignore[union-attr]
        Late()
    app.settle()
    names = [message.name for message in page.of(messages.DEFINE)]
    assert "wanted.js" in names
    assert "unwanted.js" not in names
    assert session.assets_to_ignore == {"unwanted.js"}
