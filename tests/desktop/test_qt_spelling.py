"""Spell checking in Qt's windows, by a dictionary in Chromium's format that is made here."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from deskapp.runtime.webview.pywebview import PyWebview, PyWebviewQt
from tests.desktop.windowed import App

pytestmark = [pytest.mark.desktop, pytest.mark.once]


def dictionary(words: Sequence[str]) -> bytes:
    """A dictionary of a few words without affixes, each with another first letter.

    Header, affixes (four offsets, then what they point to), words as a tree: here a list of leaves of which each has
    the rest of its word.
    """
    leaves = [b"\x40\0" + word[1:].encode() + b"\0" for word in sorted(words)]
    offsets = [sum(map(len, leaves[:number])) for number in range(len(leaves))]
    table = b"".join(struct.pack("<BB", ord(word[0]), at) for word, at in zip(sorted(words), offsets, strict=True))
    tree = bytes([0xE0 | len(leaves)]) + table + b"".join(leaves)
    parts = [b"AF 0\0\0", b"\0", b"\0", b"\0"]
    start = 32 + 16 + 2
    places = [start + sum(map(len, parts[:number])) for number in range(4)]
    affixes = struct.pack("<4I", *places) + b"\n\n" + b"".join(parts)
    digest = hashlib.md5(affixes + tree).digest()
    return b"BDic" + struct.pack("<HHII", 2, 0, 32, 32 + len(affixes)) + digest + affixes + tree


TEXT = """<body style="margin:0"><textarea autofocus style="width:480px;height:200px;font-size:30px;border:0;
    outline:0;caret-color:black"></textarea>
    <script>oninput = () => fetch('/said/' + document.activeElement.value.length)</script>"""


def reds(app: App, title: str = "one") -> int:
    """How many pixels of a window are of the red that marks a misspelt word."""
    left, top, width, height = app.place(title)
    crop = f"{width}x{height}+{left}+{top}"
    text = app.screen.run("import", "-window", "root", "-crop", crop, "-depth", "8", "txt:-")
    found = 0
    for color in re.findall(r"#([0-9A-F]{6})", text):
        red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
        found += red > 150 and green < 120 and blue < 120
    return found


@pytest.fixture
def runtime_class() -> type[PyWebview]:
    return PyWebviewQt


@pytest.fixture
def dictionaries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dictionaries"
    folder.mkdir()
    (folder / "en-US.bdic").write_bytes(dictionary(["apple", "good", "words"]))
    monkeypatch.setenv("QTWEBENGINE_DICTIONARIES_PATH", str(folder))
    return folder


async def write(app: App, title: str, text: str) -> None:
    await app.until(lambda: app.active() == int(app.window(title).handle, 16))
    app.point(200, 100, "click", "1", title=title)
    app.type(text)
    await app.until(lambda: str(len(text)) in app.pages.said())


async def test_misspelt_words_are_marked_and_others_not_also_by_a_dictionary_of_another_country(
    dictionaries: Path, app: App
) -> None:
    app.pages.html["/text"] = TEXT
    await app.open("text", spell_check=("en_GB",))
    await write(app, "one", "good apple words ")
    assert reds(app) == 0
    app.type("zzspelt ")
    await app.until(lambda: reds(app) > 20)


async def test_a_window_that_checks_nothing_is_left_alone_by_those_that_do(dictionaries: Path, app: App) -> None:
    app.pages.html["/text"] = TEXT
    await app.open("text", title="checks", spell_check=("en_US",), x=20, y=50)
    await app.open("text", spell_check=None, x=700, y=50)
    await write(app, "one", "zzspelt wrxngly ")
    await app.until(lambda: app.screen.run("wmctrl", "-a", "checks") == "")
    await write(app, "checks", "zzspelt wrxngl ")
    await app.until(lambda: reds(app, "checks") > 20)
    assert reds(app) == 0


async def test_a_language_without_a_dictionary_is_told(dictionaries: Path, app: App) -> None:
    await app.open(spell_check=("de_DE",))
    link = app.runtime._link
    assert link is not None
    await app.until(lambda: "no dictionary de-DE.bdic" in link.tail)
