"""deskapp/desktop/dialog_tools.py: command lines and how answers are read; what the tools do: tests/desktop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskapp.desktop.dialog_tools import ask_tool, find_tool, question
from deskapp.desktop.dialogs import file_dialog, message_box
from deskapp.errors import DesktopFailed


def files(kind: str, **options: Any) -> dict[str, object]:
    return file_dialog(kind, origin="f", **options)


def test_zenity_chooses_files(tmp_path: Path) -> None:
    asked = files("open", title="Which?", folder=tmp_path, filters=[("Pictures|x", ["*.png", "*.jpg"])], multiple=True)
    found = question("zenity", "file_dialog", asked)
    assert found.command == [
        "zenity", "--file-selection", "--separator=\n", "--title=Which?", "--multiple", f"--filename={tmp_path}/",
        "--file-filter=Pictures/x | *.png *.jpg",
    ]  # fmt: skip
    assert found.read(0, "/a b\n/c\n") == ["/a b", "/c"]
    assert found.read(1, "") == []
    assert found.read(5, "") == []


def test_zenity_saves_and_asks_before_it_overwrites(tmp_path: Path) -> None:
    found = question("zenity", "file_dialog", files("save", folder=tmp_path, name="a.txt"))
    assert found.command[3:] == ["--save", "--confirm-overwrite", f"--filename={tmp_path}/a.txt"]


def test_zenity_chooses_folders() -> None:
    assert "--directory" in question("zenity", "file_dialog", files("folder")).command


def test_kdialog_chooses_files(tmp_path: Path) -> None:
    asked = files("open", title="Which?", folder=tmp_path, filters=[("Pictures", ["*.png", "*.jpg"])], multiple=True)
    found = question("kdialog", "file_dialog", asked)
    assert found.command == [
        "kdialog", "--title", "Which?", "--multiple", "--separate-output", "--getopenfilename", str(tmp_path),
        "Pictures (*.png *.jpg)",
    ]  # fmt: skip
    assert found.read(0, "/a\n/b\n") == ["/a", "/b"]


@pytest.mark.parametrize(("kind", "verb"), [("save", "--getsavefilename"), ("folder", "--getexistingdirectory")])
def test_kdialog_has_a_verb_for_each_kind(kind: str, verb: str, tmp_path: Path) -> None:
    assert question("kdialog", "file_dialog", files(kind, folder=tmp_path)).command == ["kdialog", verb, str(tmp_path)]


def test_zenity_shows_a_message() -> None:
    found = question("zenity", "message", message_box("It is <b>", origin="f", detail="C:\\new", kind="error"))
    assert found.command == [
        "zenity", "--text=It is <b>\n\nC:\\new", "--no-markup", "--error", "--ok-label=OK",
    ]  # fmt: skip
    assert found.read(0, "") == 0
    assert found.read(1, "") is None


def test_zenity_has_three_buttons() -> None:
    asked = message_box("Save?", origin="f", title="T", kind="question", buttons=("Save", "Dis_card", "Cancel"))
    found = question("zenity", "message", asked)
    assert found.command[3:] == [
        "--title=T", "--question", "--ok-label=Save", "--cancel-label=Cancel", "--extra-button=Dis__card",
    ]  # fmt: skip
    assert found.read(0, "") == 0
    assert found.read(1, "Dis__card\n") == 1
    assert found.read(1, "") is None


def test_kdialog_asks() -> None:
    found = question("kdialog", "message", message_box("Go?", origin="f", kind="question", buttons=("Go", "Stay")))
    assert found.command == ["kdialog", "--yes-label", "Go", "--no-label", "Stay", "--yesno", "Go?"]
    assert found.read(0, "") == 0
    assert found.read(1, "") is None


def test_kdialog_shows_messages_by_kind() -> None:
    for kind, verb in (("info", "--msgbox"), ("warning", "--sorry"), ("error", "--error")):
        assert verb in question("kdialog", "message", message_box("Well.", origin="f", kind=kind)).command


def test_kdialog_lists_more_answers_than_two() -> None:
    found = question("kdialog", "message", message_box("Which?", origin="f", buttons=("a", "b", "c")))
    assert found.command == ["kdialog", "--menu", "Which?", "0", "a", "1", "b", "2", "c"]
    assert found.read(0, "1\n") == 1
    assert found.read(1, "") is None


@pytest.mark.parametrize("tool", ["zenity", "kdialog"])
def test_a_tool_that_crashes_has_not_been_cancelled(tool: str) -> None:
    for service, asked in (("file_dialog", files("open")), ("message", message_box("a", origin="f"))):
        with pytest.raises(DesktopFailed, match="exit code 139"):
            question(tool, service, asked).read(139, "")


def test_zenity_is_taken_first() -> None:
    assert find_tool(lambda name: f"/usr/bin/{name}") == "zenity"
    assert find_tool(lambda name: name if name == "kdialog" else None) == "kdialog"
    assert find_tool(lambda name: None) is None


async def test_without_a_tool_the_command_that_gets_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DesktopFailed, match="sudo apt install zenity"):
        await ask_tool("message", message_box("a", origin="f"))
