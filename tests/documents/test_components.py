"""What the documents promise of apps, components, sessions and assets, in programs as their readers write them."""

from __future__ import annotations

import pytest

from tests.documents.stranger import Strangers

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(60)]


def test_an_app_brings_arguments_and_values_to_its_component(strangers: Strangers) -> None:
    stranger = strangers("app_with_arguments.py")
    stranger.until_printed(
        "Person ('Hello', '!') {'name': 'Ada', 'age': 36} False",
        "RuntimeError",
        "init Hello, Ada!",
        "True Ada 36",
    )
    assert stranger.program.titles() == ["A person"]
    stranger.close()
    assert stranger.printed[-1] == "the window is closed"


def test_components_live_on_one_side_and_are_known_on_the_other(strangers: Strangers) -> None:
    stranger = strangers("two_kinds.py")
    texts = "[...document.querySelectorAll('div')].filter(e => !e.children.length).map(e => e.textContent)"
    stranger.until_page(texts, ["from Python"])
    # JavaScript makes a component; its stand-in comes to Python because a property refers to it.
    stranger.python("main.table.add_row('from JavaScript')")
    stranger.until_page(texts, ["from Python", "from JavaScript"])
    stranger.until_printed("last: from JavaScript")
    assert stranger.python("main.table.last.id").endswith("js")
    # Actions and properties, both ways.
    stranger.python("main.table.ask_for_more()")
    stranger.until_python("main.total", 5)
    stranger.until_page("document.querySelector('[title]').title", "5")
    stranger.python("main.table.last.set_text('changed from Python')")
    stranger.until_page(texts, ["from Python", "changed from Python"])
    # Events.
    stranger.python("main.table.sweep()")
    stranger.until_printed("last: from JavaScript", "swept: clean")
    # What is local stays local.
    assert stranger.python("main.secret") == {"only": "here"}
    assert stranger.python("hasattr(main.table, 'clicks')") is False
    # The end of a component, from the other side.
    stranger.python("main.row.dispose()")
    stranger.until_page(texts, ["changed from Python"])
    stranger.close()


def test_a_session_has_its_tools(strangers: Strangers) -> None:
    stranger = strangers("session_tools.py")
    stranger.until_printed(
        "status while it waits for its page: 1",
        "True True True",
        "app: Main request: None",
        "sum in the page: 2",
        "status: 2",
        "error of the page: ClientError",
        "shown by a runtime: True",
        "2",
        "commands: [1, 2]",
        "found by its id: True",
        "unknown id: None",
        "its module is there: True",
        "before the callback",
        "after a roundtrip",
        "kept: True",
        "let go: True",
    )
    stranger.close("deskapp.page")  # the console, where eval shows its value
    assert stranger.printed[-1] == "status at the end: 0"


def test_assets_of_a_module_are_loaded_with_it(strangers: Strangers, elsewhere: str) -> None:
    stranger = strangers("assets_of_a_module.py", elsewhere)
    stranger.until_page("document.body.textContent.trim()", "42")
    stranger.until_page("getComputedStyle(document.body).backgroundColor", "rgb(1, 2, 3)")
    assert stranger.page("document.querySelector('link[href$=\"/lib.css\"]').href") == elsewhere + "/lib.css"
    stranger.close()


def test_assets_made_or_imported_in_a_module_are_loaded_with_it(strangers: Strangers) -> None:
    stranger = strangers("asset_objects.py")
    stranger.until_page("document.body.textContent.trim()", "42")
    stranger.until_page("getComputedStyle(document.body).backgroundColor", "rgb(4, 5, 6)")
    assert stranger.python("app.assets.get_associated_assets('__main__')") == ["palette.css", "mydep.js"]
    stranger.close()


def test_a_shared_asset_is_loaded_by_those_who_ask(strangers: Strangers) -> None:
    stranger = strangers("assets_on_demand.py")
    assert stranger.page("[...document.scripts].filter(s => s.src.includes('mydep')).length") == 0
    stranger.python("main.start_worker(asset_url)")
    stranger.until_python("main.answer", "hello from a worker")
    stranger.close()


def test_data_of_a_session_and_of_all_can_be_fetched(strangers: Strangers) -> None:
    stranger = strangers("data.py")
    stranger.until_python("main.viewer.size", [[256, 255], [256, 255]])
    assert stranger.python("main.session.get_data('some_name.png') == binary_blob")
    assert stranger.python("main.session.get_data('shared_name.png') == binary_blob")
    assert stranger.python("main.session.get_data_names()") == ["some_name.png"]
    assert stranger.python("app.assets.get_data_names()") == ["shared_name.png"]
    stranger.python("main.session.remove_data('some_name.png')")
    assert stranger.python("main.session.get_data('some_name.png')") is None
    link = stranger.python("main.link")
    assert stranger.page(f"fetch({link!r}).then(answer => answer.status)") == 404
    stranger.close()


def test_a_module_may_become_javascript_as_a_whole(strangers: Strangers) -> None:
    stranger = strangers("whole_module.py")
    stranger.until_python("main.value", 42)
    assert "nobody calls this" in stranger.python("__import__('deskapp').app.assets.modules['whole'].get_js()")
    stranger.close()


def test_windows_share_state_and_hold_components_of_each_other(strangers: Strangers) -> None:
    stranger = strangers("sharing.py")
    stranger.until_python("[one.view.number, two.view.number]", [1, 1])
    stranger.python("shared.set_number(7)")
    stranger.until_python("[one.view.number, two.view.number]", [7, 7])
    # A component that lives in the page of the first window is a stub in the second.
    stranger.python("two.view.set_guest(one.view)")
    stranger.until_python("getattr(two.view.guest, 'uid', None) == one.view.uid", True)
    stranger.python("two.view.describe_guest()")
    stranger.until_page("document.title", "stub", session=1)
    stranger.python("one.view.set_guest(one)")
    stranger.python("one.view.describe_guest()")
    stranger.until_page("document.title", "component", session=0)
