"""References to components: of this page, of others, of what was let go; and what is told about them."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from deskapp import JsComponent, StubComponent, event
from deskapp.bridge import messages
from deskapp.testing import AppHarness, Ref
from tests.unit.session.classes import Label, Main

# -- what was let go, and is referred to once more


def made_and_let_go(app: AppHarness) -> tuple[Any, Any]:
    """A page that has made a label, whose Python half was collected; and the root."""
    session = app.session(Main)
    page = app.page(session)
    page.make(Label, "Label_1js", {"text": "one"})
    app.settle()
    gc.collect()
    app.settle()
    assert session.get_component_instance("Label_1js") is None
    assert page.last(messages.SUBSCRIBE, id="Label_1js").types is None
    page.messages.clear()
    return page, session.app


def test_a_reference_that_crossed_the_news_makes_the_python_half_again(app: AppHarness) -> None:
    page, main = made_and_let_go(app)
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    app.settle()
    assert type(main.anything) is Label
    assert page.last(messages.SUBSCRIBE, id="Label_1js").types == []  # asks for the values
    page.set("Label_1js", "text", "two")
    app.settle()
    assert main.anything.text == "two"


def test_a_page_that_announces_what_was_made_again_is_heard(app: AppHarness) -> None:
    page, main = made_and_let_go(app)
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    page.make(Label, "Label_1js", {"text": "announced"})
    app.settle()
    assert main.anything.text == "announced"


def test_an_object_that_ended_meanwhile_ends_again(app: AppHarness) -> None:
    page, main = made_and_let_go(app)
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    app.settle()
    label = main.anything
    page.send(messages.DISPOSED("Label_1js"))
    app.settle()
    assert label._disposed


def test_what_has_ended_in_the_page_is_a_stub(app: AppHarness) -> None:
    page, main = made_and_let_go(app)
    page.make(Label, "Label_1js")
    page.dispose("Label_1js")
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    app.settle()
    assert isinstance(main.anything, StubComponent)
    assert main.anything.session is main.session
    assert main.anything.root is main


# -- components of other pages


def test_what_a_page_was_told_of_another_comes_back_as_what_it_is(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    label = one.app.label  # type: ignore[union-attr]
    holder: Any = other.app
    page = app.page(other)
    holder.label.set_target(label)
    app.settle()
    assert page.prop(holder.label, "target") == Ref(one.id, label.id)  # a stub in the page
    assert holder.label.target is label  # reported back by the page, and known again here
    page.invoke(holder, "keep", Ref(one.id, label.id))
    app.settle()
    assert holder.heard == [label]


def test_a_page_cannot_name_what_it_was_never_told_of(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    label = one.app.label  # type: ignore[union-attr]
    holder: Any = other.app
    page = app.page(other)
    page.invoke(holder, "keep", Ref(one.id, label.id), Ref(one.id, one.app.id), Ref("nowhere", "Foo_1"))  # type: ignore[union-attr]
    app.settle()
    assert [type(found) for found in holder.heard] == [StubComponent] * 3
    assert [found.uid for found in holder.heard] == [label.uid, one.app.uid, "nowhere_Foo_1"]  # type: ignore[union-attr]


def test_a_stub_from_a_page_goes_back_as_it_came(app: AppHarness) -> None:
    session = app.session(Main)
    holder: Any = session.app
    page = app.page(session)
    for ref in (Ref("nowhere", "Foo_1"), Ref(session.id, "Nobody_7")):
        page.invoke(holder, "set_anything", ref)
        app.settle()
        assert page.prop(holder, "anything") == ref
        assert (holder.anything.id, holder.anything.session.id) == (ref.id, ref.session_id)


def test_a_stub_of_an_unknown_session_has_no_root(app: AppHarness) -> None:
    stub = StubComponent("nowhere", "Foo_1")
    assert (stub.id, stub.uid, stub.session.id, stub.root) == ("Foo_1", "nowhere_Foo_1", "nowhere", None)


def test_setting_a_stub_of_the_same_component_again_changes_nothing(app: AppHarness) -> None:
    holder: Any = app.session(Main).app
    holder.set_anything(StubComponent("nowhere", "Foo_1"))
    app.settle()
    seen: list[object] = []
    holder.reaction(lambda *events: seen.extend(events), "anything")
    app.settle()
    seen.clear()
    holder.set_anything(StubComponent("nowhere", "Foo_1"))
    app.settle()
    assert seen == []


# -- shared components and the end of their home


def test_a_component_that_others_show_says_when_it_ends_with_its_home(
    app: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    other.app.set_anything(shared)  # type: ignore[union-attr]
    page = app.page(other)
    app.settle()
    one.close()
    app.settle()
    assert page.of(messages.DISPOSE, id=shared.uid)
    assert f"{shared.id} ends with its session" in caplog.text
    assert "1 other page(s) show it" in caplog.text


def test_what_nobody_else_shows_ends_in_silence(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    one = app.session(Main)
    app.page(one)
    one.close()
    assert caplog.text == ""


class Sized(JsComponent):
    n = event.IntProp(0, settable=True)


class Bold(JsComponent):
    style = event.StringProp("", settable=True)


def test_style_goes_to_the_page_and_comes_again_after_a_reload(
    app: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    main = app.launch(Sized, style="height: 300px", n=3)
    page = app.page(main)
    assert page.find(main).props == {"n": 3, "style": "height: 300px"}
    page.reload()
    assert page.find(main).props == {"n": 3, "style": "height: 300px"}
    assert caplog.text == ""


def test_a_property_called_style_is_a_property(app: AppHarness) -> None:
    main = app.launch(Bold, style="bold")
    app.page(main)
    assert main.style == "bold"


def test_style_must_be_a_text(app: AppHarness) -> None:
    with pytest.raises(TypeError, match="must be a text of CSS"):
        app.launch(Sized, style={"height": "300px"})
