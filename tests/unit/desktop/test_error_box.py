from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deskapp.desktop.error_box import error_page, show_error

LOG = Path("/logs/a & b.log")


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of programs, a screen, and nothing frozen."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":99")
    return folder


def test_everything_in_the_page_is_text() -> None:
    page = error_page("A <b>", "ValueError: <script>alert(1)</script>", LOG)
    assert "<script>" not in page
    assert "A &lt;b&gt;" in page
    assert "a &amp; b.log" in page


def test_the_program_itself_shows_the_page_first(tools: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.html"
    again = script(tmp_path / "again", f'test "$1" = --show && cp "$2" "{kept}"')
    assert show_error("Test/1", "ValueError: x", LOG, [str(again), "--show"])
    assert "Test/1 has ended by an error" in kept.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have boxes of their own")
@pytest.mark.parametrize("again", [[], ["/nowhere/at/all"], ["false"]])
def test_where_it_cannot_a_program_of_the_system_does(tools: Path, tmp_path: Path, again: list[str]) -> None:
    said = tmp_path / "said"
    script(tools / "zenity", f'printf "%s\\n" "$@" > "{said}"')
    assert show_error("Test", "ValueError: x", LOG, again)
    text = said.read_text(encoding="utf-8")
    assert "ValueError: x" in text
    assert str(LOG) in text
    assert "--error" in text


def test_one_that_stays_open_is_not_waited_for_for_ever(tools: Path, tmp_path: Path) -> None:
    again = script(tmp_path / "again", "exec sleep 60")
    assert show_error("Test", "x", LOG, [str(again)], timeout_s=0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_nothing_is_tried(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    tried = tmp_path / "tried"
    again = script(tmp_path / "again", f'touch "{tried}"')
    assert not show_error("Test", "x", LOG, [str(again)])
    assert not tried.exists()
