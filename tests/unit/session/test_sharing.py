"""State and events that sessions share by a plain component which belongs to none of them."""

from __future__ import annotations

import gc
from typing import Any

from deskapp import PyComponent, StubComponent, event
from deskapp.testing import AppHarness, Ref
from tests.unit.session.classes import Label, Main


class Board(event.Component):
    text = event.StringProp("", settable=True)

    @event.emitter
    def said(self, who: str, text: str) -> dict[str, object]:
        return {"who": who, "text": text}


class Viewer(PyComponent):
    text = event.StringProp("", settable=True)

    def init(self, board: Board) -> None:
        self.lines: list[str] = []
        self.label = Label(text=lambda: self.text)
        board.reaction(self.hear, "said")

    def hear(self, *events: Any) -> None:
        self.lines.extend(f"{ev.who}: {ev.text}" for ev in events)


def test_properties_of_several_sessions_follow_a_component_of_none(app: AppHarness) -> None:
    board = Board()
    sessions = [app.session(Viewer, board, text=lambda: board.text) for _ in range(2)]
    pages = [app.page(session) for session in sessions]
    board.set_text("for both")
    app.settle()
    for session, page in zip(sessions, pages, strict=True):
        viewer: Any = session.app
        assert viewer.text == "for both"
        assert page.prop(viewer.label, "text") == "for both"


def test_a_relay_reaches_every_session_and_none_that_has_ended(app: AppHarness) -> None:
    board = Board()
    one, two = app.session(Viewer, board), app.session(Viewer, board)
    first: Any = one.app
    second: Any = two.app
    board.said("a", "hello")
    app.settle()
    one.close()
    board.said("b", "still there?")
    app.settle()
    assert first.lines == ["a: hello"]
    assert second.lines == ["a: hello", "b: still there?"]


def test_a_session_that_ended_is_not_held_by_what_it_followed(app: AppHarness) -> None:
    import weakref

    board = Board()
    session = app.session(Viewer, board, text=lambda: board.text)
    app.page(session)
    app.settle()
    gone = weakref.ref(session.app)
    session.close()
    app._pages.clear()
    app.settle()
    del session
    gc.collect()
    assert gone() is None
    board.set_text("nobody follows")
    app.settle()


def test_components_go_from_one_session_to_a_third(app: AppHarness) -> None:
    one, two, three = (app.session(Main) for _ in range(3))
    pages = [app.page(session) for session in (one, two, three)]
    a: Any = one.app
    b: Any = two.app
    c: Any = three.app
    b.set_anything(a)
    b.set_label(a.label)
    app.settle()
    c.set_anything(b.anything)
    c.set_label(b.label)
    app.settle()
    assert c.anything is a
    assert c.label is a.label
    assert pages[2].prop(c, "anything") == Ref(three.id, a.uid)  # a proxy of its own
    assert pages[2].prop(c, "label") == Ref(one.id, a.label.id)  # a stub
    pages[2].invoke(a, "add", 5)
    app.settle()
    assert [page.prop(a, "count") for page in pages] == [5, 5, 5]


def test_a_reference_of_a_session_that_has_ended_is_a_stub(app: AppHarness) -> None:
    one, two = app.session(Main), app.session(Main)
    holder: Any = two.app
    page = app.page(two)
    label_id = one.app.label.id  # type: ignore[union-attr]
    holder.set_anything(one.app.label)  # type: ignore[union-attr]
    app.settle()
    holder.set_anything(None)
    one_id = one.id
    one.close()
    app.settle()
    del one
    gc.collect()
    page.invoke(holder, "keep", Ref(one_id, label_id))
    app.settle()
    (found,) = holder.heard
    assert isinstance(found, StubComponent)
    assert (found.id, found.session.id) == (label_id, one_id)
