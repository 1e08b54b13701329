"""deskapp/desktop/dialogs.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskapp.desktop.dialogs import chosen_paths, file_dialog, message_box, pressed_button
from deskapp.errors import ConfigError, DesktopFailed


def test_what_a_dialog_is_asked_with_is_what_the_runtimes_take(tmp_path: Path) -> None:
    filters = [("Pictures", ("*.png", "*.jpg")), ("All", ["*"])]
    found = file_dialog("open", origin="f", title="Which?", folder=tmp_path, filters=filters, multiple=True)
    assert found == {
        "kind": "open",
        "title": "Which?",
        "folder": str(tmp_path),
        "name": "",
        "filters": [["Pictures", ["*.png", "*.jpg"]], ["All", ["*"]]],
        "multiple": True,
    }


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ([("Pictures", [])], "has no patterns"),
        ([("Pictures", "*.png")], "patterns are no list"),
        ([("Pictures",)], "no pair of label and patterns"),
        (["*.png"], "no pair of label and patterns"),
        ("*.png", "no list of kinds"),
        ({"Pictures": ["*.png"]}, "no list of kinds"),
        ([("", ["*.png"])], "label is no line of text"),
        ([("a\nb", ["*.png"])], "label is no line of text"),
        ([("Pictures", [""])], "is no pattern"),
        ([("Pictures", ["*.png;*.jpg"])], "is no pattern"),
        ([("Pictures", ["a/*.png"])], "is no pattern"),
        ([("Pictures", [7])], "is no pattern"),
        ([("Pictures", 7)], "patterns are no list"),
    ],
)
def test_filters_that_cannot_be_are_refused_with_an_example(filters: Any, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        file_dialog("open", origin="native.open_file", filters=filters)
    assert 'filters=[("Images", ["*.png", "*.jpg"])]' in str(caught.value)
    assert "native.open_file" in str(caught.value)


@pytest.mark.parametrize("name", ["a/b.txt", "..", ".", "a\\b", "nul\0l"])
def test_a_proposed_name_is_a_name_alone(name: str) -> None:
    with pytest.raises(ConfigError, match="name"):
        file_dialog("save", origin="f", name=name)


def test_a_folder_to_begin_in_is_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        file_dialog("open", origin="f", folder=tmp_path / "gone")


def test_a_title_is_a_text() -> None:
    with pytest.raises(ConfigError, match="title"):
        file_dialog("open", origin="f", title=7)  # type: ignore[arg-type]


def test_paths_are_read_from_an_answer() -> None:
    assert chosen_paths(["/a", "/b c"]) == [Path("/a"), Path("/b c")]
    assert chosen_paths([]) == []
    assert chosen_paths(None) == []


@pytest.mark.parametrize("answer", ["/a", [7], [""], {"a": 1}])
def test_an_answer_that_makes_no_sense_is_no_path(answer: object) -> None:
    with pytest.raises(DesktopFailed, match="it answered"):
        chosen_paths(answer)


def test_the_last_button_is_that_of_a_closed_box() -> None:
    found = message_box("Delete?", origin="f", kind="question", buttons=("Delete", "Archive", "Cancel"))
    assert (found["buttons"], found["default"], found["cancel"]) == (["Delete", "Archive", "Cancel"], 0, 2)
    assert pressed_button(None, found) == 2
    assert pressed_button(1, found) == 1


@pytest.mark.parametrize("answer", [-1, 3, True, "0", 1.0])
def test_a_button_that_is_none_was_not_pressed(answer: object) -> None:
    with pytest.raises(DesktopFailed, match="it answered"):
        pressed_button(answer, message_box("Delete?", origin="f", buttons=("a", "b", "c")))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": " "}, "needs a text"),
        ({"text": 7}, "must be a text"),
        ({"detail": None}, "must be a text"),
        ({"kind": "panic"}, "one of info, warning, error, question"),
        ({"buttons": []}, "at least one"),
        ({"buttons": "OK"}, "list of texts"),
        ({"buttons": ["", "No"]}, "line of text"),
        ({"buttons": ["Yes", "Yes"]}, "two say the same"),
        ({"buttons": [1]}, "line of text"),
    ],
)
def test_a_message_that_cannot_be_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        message_box(**{"text": "Well?", "origin": "native.ask", **changed})
