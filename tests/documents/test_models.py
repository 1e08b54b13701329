"""What the documents show and promise of the older style, in programs as their readers write them."""

from __future__ import annotations

import pytest

from tests.documents.stranger import Strangers

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(60)]


def test_the_introductions_model_is_the_same_on_both_ends(strangers: Strangers) -> None:
    stranger = strangers("model_intro.py")
    stranger.until_printed("init, with foo 0", "Python: 0->0")
    stranger.until_page("document.body.dataset.foo", "0")
    stranger.python("setattr(model, 'foo', 5)")
    stranger.until_page("document.body.dataset.foo", "5")
    stranger.until_printed("init, with foo 0", "Python: 0->0", "Python: 0->5")
    stranger.close()


def test_javascript_uses_names_of_its_module_and_of_others(strangers: Strangers) -> None:
    stranger = strangers("module_scope.py")
    stranger.until_page("deskapp.session.get_component_instance('MyModel_1').result", 2 + 20 + 2)
    modules = "sorted(__import__('deskapp').app.assets.modules)"
    assert {"__main__", "foo"} <= set(stranger.python(modules))
    code = stranger.python("''.join(m.get_js() for m in app.assets.modules.values())")
    assert "func1" in code
    assert "func2" in code
    assert "func3" not in code
    assert "not_used" not in code
    stranger.close()


def test_an_object_written_in_javascript_is_used_like_any_other(strangers: Strangers) -> None:
    stranger = strangers("raw_js.py")
    stranger.until_page("deskapp.session.get_component_instance('MyModel_1').greeting", "hello you")
    stranger.close()


def test_assets_come_with_the_module_of_a_model(strangers: Strangers, elsewhere: str) -> None:
    stranger = strangers("model_assets.py", elsewhere)
    assert stranger.page("deskapp.session.get_component_instance('MyMode_1').version") == 4
    stranger.until_page("getComputedStyle(document.body).backgroundColor", "rgb(1, 2, 3)")
    stranger.close()


def test_a_shared_asset_waits_for_those_who_ask(strangers: Strangers) -> None:
    stranger = strangers("model_shared_asset.py")
    assert stranger.page("typeof window.mydep") == "undefined"
    stranger.python("setattr(model, 'url', asset_url)")
    stranger.until_page("deskapp.session.get_component_instance('MyModel_1').text", "window.mydep = {version: 5};")
    assert stranger.page("typeof window.mydep") == "undefined"
    stranger.close()


def test_a_model_sends_data_to_its_other_half(strangers: Strangers) -> None:
    stranger = strangers("model_data.py")
    arrived = [["all bytes", 256, 255], ["from a URL", 256, 255], ["from a URL", 256, 255]]
    stranger.until_python("sorted(your_model.arrived)", arrived)
    shared = stranger.python("link")
    assert stranger.page(f"fetch({shared!r}).then(a => a.arrayBuffer()).then(b => b.byteLength)") == 256
    stranger.close()


def test_the_references_model_has_constants_and_validates_on_both_ends(strangers: Strangers) -> None:
    stranger = strangers("model_reference.py")
    stranger.until_printed("Python: 0.0")
    stranger.python("setattr(model, 'foo', '2')")
    assert stranger.python("model.foo") == 2.0
    stranger.until_page("document.title", "6")
    stranger.until_printed("Python: 0.0", "Python: 2.0")
    stranger.close()


def test_models_are_made_in_the_documented_order_on_both_ends(strangers: Strangers) -> None:
    stranger = strangers("model_life.py")
    stranger.until_python(
        "order",
        [
            "Parent.init word 4",
            "Child.init",
            "Parent has a child of this session: True",
            "launched",
            "Child size 7",
            "Parent size 4 child 7",
        ],
    )
    stranger.until_page("window.order", ["Child.init", "Parent.init with child true", "Child size 7", "Parent size 4"])
    # A model that is an attribute is one on the other side, too; what is no model is not.
    assert stranger.page("parent_model.child.size") == 7
    assert stranger.page("parent_model.stamp === undefined")
    # Only events that somebody on the other side handles are sent there.
    stranger.page("parent_model.loud(1) || 0")
    stranger.page("parent_model.unheard(1) || 0")
    stranger.until_python("order[-1]", "loud in Python")
    # The end: the JavaScript half goes with the Python half.
    child = stranger.python("model.child.id")
    stranger.python("model.child.dispose()")
    stranger.until_page(f"deskapp.session.get_component_instance({child!r}) || null", None)
    stranger.close()


def test_python_has_the_last_word_about_a_synced_property(strangers: Strangers) -> None:
    stranger = strangers("model_sync.py")
    stranger.until_python("heard", [11])
    assert stranger.page("model.shared") == 11
    stranger.python("setattr(model, 'shared', 50)")
    assert stranger.python("model.shared") in (51, 53)
    stranger.until_python("model.shared", 53)
    stranger.until_page("model.shared", 52)
    stranger.page("model.shared = 100; return 0")
    stranger.until_python("model.shared", 102)
    stranger.until_page("model.shared", 101)
    # Without syncing, values stay in the page; events are told all the same.
    stranger.python("setattr(model, 'sync_props', False)")
    stranger.until_page("model.sync_props", False)
    stranger.page("model.shared = 200; model.free = 9; return 0")
    stranger.until_python("heard[-1]", 201)
    assert stranger.python("(model.shared, model.free)") == [102, 0]
    stranger.close()


def test_models_belong_to_a_session_and_live_beside_components(strangers: Strangers) -> None:
    stranger = strangers("model_and_component.py")
    stranger.until_printed("needs a session: True")
    stranger.until_page("document.body.textContent.trim()", "a component beside a model")
    assert stranger.python("isinstance(model, event.HasEvents)")
    stranger.python("model.make_children()")
    assert stranger.python("[m.session is model.session for m in (model.in_context, model.given)]") == [True, True]
    ids = stranger.python("[model.id, model.in_context.id, model.given.id]")
    assert ids == ["Main_1", "Child_3", "Child_4"]
    for child, word in ((ids[1], "in a context"), (ids[2], "given")):
        stranger.until_page(f"deskapp.session.get_component_instance({child!r})?.word || null", word)
    assert stranger.python(f"model.session.get_model_instance_by_id({ids[1]!r}) is model.in_context")
    assert stranger.python("model.session.get_model_instance_by_id('Child_99')") is None
    stranger.close("Child_99")  # a warning about the one that there is not


def test_a_model_that_nobody_holds_is_collected_and_its_twin_goes_too(strangers: Strangers) -> None:
    stranger = strangers("model_and_component.py")
    stranger.python("refs.append(model.lose_child())")
    child = stranger.python("refs[0][0]")
    stranger.until_python("(gc.collect(), refs[0][1]())[1]", None)
    stranger.until_page(f"deskapp.session.get_component_instance({child!r}) || null", None)
    stranger.close()
