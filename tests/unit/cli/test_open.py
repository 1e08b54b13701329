"""deskapp/cli/_open.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskapp.cli._main import main
from deskapp.cli._open import address_of, read_size
from deskapp.errors import ConfigError


def test_a_file_becomes_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "my page.html"
    page.write_text("hi")
    monkeypatch.chdir(tmp_path)
    assert address_of("my page.html") == page.as_uri()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("example.org/page", "https://example.org/page"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1:80/x", "http://127.0.0.1:80/x"),
    ],
)
def test_a_name_without_a_scheme_is_an_address(text: str, address: str) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize("text", ["no-such-file.html", "nothing", "a b.org"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        address_of(text)


def test_a_size_is_two_numbers() -> None:
    assert read_size("800x600") == (800, 600)
    with pytest.raises(ConfigError, match="800x600"):
        read_size("wide")


def test_the_command_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "no-such-file.html"]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["open", "https://example.org/", "--size", "0x0"]) == 2
    assert "between 1 and 32000" in capsys.readouterr().err
