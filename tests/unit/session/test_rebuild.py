from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskapp import JsComponent, PyComponent, event
from deskapp.bridge import messages
from deskapp.errors import ClientReloaded
from deskapp.testing import AppHarness, Ref
from tests.unit.session.classes import Label, Main


def after_reload(app: AppHarness, session: Any) -> Any:
    page = app.page(session)
    app.settle()
    page.messages.clear()
    assert page.reload() == "rebuild"
    app.settle()
    return page


def test_survivors_come_back_with_what_python_holds(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(main)
    main.set_count(7)
    main.label.set_text("changed")
    app.settle()
    page.messages.clear()
    assert page.reload() == "rebuild"
    app.settle()
    assert page.prop(main, "count") == 7
    assert page.prop(main.label, "text") == "changed"
    assert page.prop(main, "label") == Ref(session.id, main.label.id)
    assert page.is_ready


def test_survivors_come_in_order_of_creation_and_say_that_they_survive(app: AppHarness) -> None:
    session = app.session(Main)
    page = after_reload(app, session)
    made = page.of(messages.INSTANTIATE)
    assert [(m.id, m.req) for m in made] == [("Main_1", -1), ("Label_2", -1)]
    kinds = [type(m).__name__ for m in page.messages]
    assert kinds.index("DEFINE") < kinds.index("INSTANTIATE") < kinds.index("EMIT") < kinds.index("READY")


def test_component_values_come_after_all_components(app: AppHarness) -> None:
    session = app.session(Main)
    page = after_reload(app, session)
    assert all("label" not in m.props for m in page.of(messages.INSTANTIATE))
    (told,) = page.of(messages.EMIT, type="label")
    assert page.messages.index(told) > page.messages.index(page.last(messages.INSTANTIATE))


def test_the_first_arguments_and_contexts_are_kept(app: AppHarness) -> None:
    class Parent(JsComponent):
        pass

    class Child(JsComponent):
        pass

    class Root(PyComponent):
        def init(self) -> None:
            with Parent() as self.parent:
                self.child = Child(1, "two")

    session = app.session(Root)
    page = after_reload(app, session)
    root: Any = session.app
    assert page.find(root.child).args == [1, "two"]
    assert page.find(root.child).active == [root.id, root.parent.id]


def test_what_the_page_had_made_ends_and_is_named_nowhere(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.make(Label, "Label_1js")
    page.make(Label, "Label_2js")
    one, two = page.ref("Label_1js"), page.ref("Label_2js")
    page.invoke(main, "set_anything", one)
    page.invoke(main, "set_items", [one, 1, two])
    page.invoke(main, "set_table", {"a": one, "b": 2})
    app.settle()
    made = main.anything
    assert isinstance(made, Label)
    page.reload()
    app.settle()
    assert made._disposed
    assert (main.anything, main.items) == (None, [1])
    assert main.table.get("a") is None
    assert main.table["b"] == 2
    assert page.prop(main, "items") == [1]


def test_the_page_asks_anew_for_plain_events(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.subscribe(main, "happened")
    app.settle()
    page.reload()
    app.settle()
    main.happened("unheard")
    app.settle()
    assert page.of(messages.EMIT, type="happened") == []


def test_python_hears_the_plain_events_that_it_had_asked_for(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    main.label.reaction("pressed", lambda *events: None)
    page = after_reload(app, session)
    assert page.find(main.label).types == ["pressed"]


def test_what_waited_for_the_old_page_is_dropped(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.drop()
    session.send_command("EXEC", "only.the.old.page()")
    main.label.dispose()
    app.settle()
    page.messages.clear()
    page.reload()
    app.settle()
    assert [*page.of(messages.CALL), *page.of(messages.INVOKE), *page.of(messages.DISPOSE)] == []


async def test_questions_to_the_old_page_fail() -> None:
    async with AppHarness() as app:
        session = app.session(Main)
        page = app.page(session, obedient=False)
        question = asyncio.ensure_future(session.eval_js("1"))
        await app.until(lambda: page.of(messages.CALL))
        page.reload()
        with pytest.raises(ClientReloaded):
            await question


def test_disposed_components_do_not_come_back(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    main.label.dispose()
    app.settle()
    page.messages.clear()
    page.reload()
    assert [m.id for m in page.of(messages.INSTANTIATE)] == [main.id]


def test_a_component_whose_end_was_asked_for_does_not_come_back(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session, obedient=False)
    label = main.label
    label.dispose()
    app.settle()
    page.messages.clear()
    page.reload()
    app.settle()
    assert [m.id for m in page.of(messages.INSTANTIATE)] == [main.id]
    assert label._disposed


def test_subscriptions_of_other_pages_stay(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared: Any = one.app
    holder: Any = other.app
    holder.set_anything(shared)
    app.settle()
    first, second = app.page(one), app.page(other)
    second.subscribe(shared, "happened")
    app.settle()
    first.reload()
    app.settle()
    shared.happened("x")
    app.settle()
    assert len(second.of(messages.EMIT, type="happened")) == 1


def test_a_component_of_another_session_comes_back_under_its_long_name(app: AppHarness) -> None:
    one, other = app.session(Main), app.session(Main)
    shared, holder = one.app, other.app
    assert isinstance(holder, Main)
    assert shared is not None
    holder.set_anything(shared)
    app.settle()
    page = after_reload(app, other)
    assert page.find(shared).id == shared.uid
    assert page.find(shared).active == []
    assert page.prop(holder, "anything") == Ref(other.id, shared.uid)


def test_values_keep_their_local_properties_to_themselves(app: AppHarness) -> None:
    from deskapp import LocalProperty

    class Root(PyComponent):
        secret = LocalProperty(object())
        n = event.IntProp(1)

    page = after_reload(app, app.session(Root))
    (made,) = page.of(messages.INSTANTIATE)
    assert set(made.props) == {"n"}


def test_nothing_is_said_of_a_component_before_the_page_has_it(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(session)
    page.make(Label, "Label_1js")
    page.invoke(main, "set_anything", page.ref("Label_1js"))
    app.settle()
    page.messages.clear()
    page.reload()
    kinds = [type(m).__name__ for m in page.messages]
    assert kinds.index("INSTANTIATE") < kinds.index("EMIT")


def test_a_setter_that_the_old_page_has_not_heard_is_heard_by_the_new_one(app: AppHarness) -> None:
    session = app.session(Main)
    main: Any = session.app
    page = app.page(main)
    app.settle()
    page.drop()
    main.label.set_text("set while no page was there")
    app.loop.iter()
    assert page.reload() == "rebuild"
    app.settle()
    assert page.prop(main.label, "text") == "set while no page was there"
    page.messages.clear()
    assert page.reload() == "rebuild"
    app.settle()
    assert page.of(messages.INVOKE) == []  # it was acknowledged, and is among what Python holds
