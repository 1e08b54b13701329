from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import pytest

from deskapp.errors import SpecError
from deskapp.freeze._spec import FileType
from deskapp.freeze.installers._desktop_entry import desktop_entry
from tests.unit.freeze.trees import assert_golden, product, run

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the tool that validates is one of Linux")


def read(text: str) -> dict[str, str]:
    """The group of a desktop file, unescaped by the rules of its specification."""
    return {key: unescaped(value) for key, value in read_raw(text).items()}


def read_raw(text: str) -> dict[str, str]:
    head, *lines = text.splitlines()
    assert head == "[Desktop Entry]"
    found = {}
    for line in lines:
        key, mark, value = line.partition("=")
        assert mark
        assert key not in found
        found[key] = value
    return found


def unescaped(value: str) -> str:
    letters, result = iter(value), ""
    for letter in letters:
        if letter == "\\":
            following = next(letters)
            result += {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}.get(following, f"\\{following}")
        else:
            result += letter
    return result


def items(value: str) -> list[str]:
    """A list, before anything is unescaped."""
    assert value.endswith(";")
    return [unescaped(part.replace("\\;", ";")) for part in re.findall(r"((?:\\.|[^\\;])*);", value)]


def test_text(tmp_path: Path) -> None:
    assert_golden("linux/org.example.BodyMass.desktop", desktop_entry(product(tmp_path), command="body-mass"))


def test_the_least_that_can_be_said(tmp_path: Path) -> None:
    spec = product(tmp_path, summary="", keywords=(), url_schemes=(), file_types=(), runtime=None)
    assert_golden("linux/least.desktop", desktop_entry(spec, command="body-mass"))


ODD = ["a\\b", " blank", "two\nlines", "tab\t", "a;b", "\\;", "%U", "$HOME `x` \"y\" 'z'", "Größe 日本", "end\\"]


@pytest.mark.parametrize("text", ODD)
def test_what_is_written_is_what_is_read(tmp_path: Path, text: str) -> None:
    spec = product(tmp_path, name=text, summary=text, keywords=(text, "plain"))
    entry = desktop_entry(spec, command="body-mass")
    found = read(entry)
    assert found["Name"] == text
    assert found["Comment"] == text
    assert items(read_raw(entry)["Keywords"]) == [text, "plain"]


@linux_only
@pytest.mark.parametrize("command", ["body-mass", *(f"/opt/{text}/program" for text in ODD if "\n" not in text)])
def test_a_command_is_one_word_however_odd_it_is(tmp_path: Path, command: str) -> None:
    spec = product(tmp_path, url_schemes=("x-one",))
    line = read(desktop_entry(spec, command=command))["Exec"]
    # Launchers read it as a shell does, and then take %% for %.
    *words, fields = run("sh", "-c", f"printf '%s\\n' {line}").splitlines()
    assert [word.replace("%%", "%") for word in words] == [command]
    assert fields == "%U"


@linux_only
def test_the_validator_takes_every_odd_text(tmp_path: Path) -> None:
    for index, (name, keyword) in enumerate(itertools.product(ODD[:6], ODD[:6])):
        spec = product(tmp_path, name=name, summary=f"{name}!", keywords=(keyword,))
        path = tmp_path / f"org.example.Odd{index}.desktop"
        path.write_text(desktop_entry(spec, command="body-mass"), encoding="utf-8")
    assert run("desktop-file-validate", *sorted(tmp_path.glob("*.desktop"))) == ""


def test_documents_and_addresses_are_taken(tmp_path: Path) -> None:
    cases: list[tuple[tuple[str, ...], tuple[FileType, ...], str, str]] = [
        ((), (), "body-mass", ""),
        (("one",), (), "body-mass %U", "x-scheme-handler/one;"),
        ((), (FileType("a", "text/x-a", "A"), FileType("b", "text/x-a", "B")), "body-mass %U", "text/x-a;"),
    ]
    for schemes, kinds, line, types in cases:
        found = read(desktop_entry(product(tmp_path, url_schemes=schemes, file_types=kinds), command="body-mass"))
        assert found["Exec"] == line
        assert found.get("MimeType", "") == types


def test_a_category_that_no_menu_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        desktop_entry(product(tmp_path, categories=("Stuff",)), command="body-mass")
    assert caught.value.key == "categories"
