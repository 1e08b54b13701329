from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path
from xml.etree import ElementTree

import pytest

from deskapp.freeze._spec import FileType
from deskapp.freeze.installers._man_page import man_page
from deskapp.freeze.installers._metainfo import is_own_type, metainfo, mime_info, paragraphs
from tests.unit.freeze.trees import assert_golden, product, run

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the tools that validate are those of Linux")
ODD = "<b>&amp; \"quoted\" ]]> 'é'\x00\x0b\ud800 日本"


def test_text(tmp_path: Path) -> None:
    text = metainfo(product(tmp_path), released=datetime(2031, 2, 3, tzinfo=timezone.utc))
    assert_golden("linux/org.example.BodyMass.metainfo.xml", text)


def test_text_of_types(tmp_path: Path) -> None:
    text = mime_info(product(tmp_path))
    assert text is not None
    assert_golden("linux/org.example.BodyMass.xml", text)
    assert mime_info(product(tmp_path, file_types=())) is None


@linux_only
@pytest.mark.parametrize("released", [None, datetime(2031, 2, 3, tzinfo=timezone.utc)])
@pytest.mark.parametrize("text", ["", "Weighs.", "Weighs <people> & more"])
def test_software_centres_take_it(tmp_path: Path, released: datetime | None, text: str) -> None:
    spec = product(tmp_path, summary=text, description=text)
    path = tmp_path / "org.example.BodyMass.metainfo.xml"
    path.write_text(metainfo(spec, released=released), encoding="utf-8")
    run("appstreamcli", "validate", "--no-net", path)


def test_odd_text_is_text_and_nothing_else(tmp_path: Path) -> None:
    spec = product(tmp_path, name=ODD, summary=ODD, author=ODD, file_types=(FileType("a", "text/x-odd", ODD),))
    root = ElementTree.fromstring(metainfo(spec, released=None).encode())
    plain = ODD.replace("\x00", "").replace("\x0b", "").replace("\ud800", "")
    assert [root.findtext(name) for name in ("name", "developer_name")] == [plain, plain]
    types = mime_info(spec)
    assert types is not None
    name = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert ElementTree.fromstring(types).findtext(f"{name}mime-type/{name}comment") == plain


@linux_only
def test_types_are_told_apart_by_their_endings(tmp_path: Path) -> None:
    kinds = (FileType("bmx", "application/x-body-mass", "Mass"), FileType("bmx.gz", "application/x-body-mass", "Mass"))
    text = mime_info(product(tmp_path, file_types=kinds))
    assert text is not None
    (tmp_path / "mime" / "packages").mkdir(parents=True)
    (tmp_path / "mime" / "packages" / "org.example.BodyMass.xml").write_text(text, encoding="utf-8")
    run("update-mime-database", tmp_path / "mime")
    globs = (tmp_path / "mime" / "globs2").read_text(encoding="utf-8").splitlines()
    assert {"50:application/x-body-mass:*.bmx", "50:application/x-body-mass:*.bmx.gz"} <= set(globs)


def test_paragraphs() -> None:
    assert paragraphs("one\n two\n\n  \n three \n\n\n") == ["one two", "three"]
    assert paragraphs(" \n\n ") == []


@linux_only
@pytest.mark.parametrize("text", [".TH evil", "'so /etc/passwd", "back\\slash \\fBbold", 'quo"te', "a -- b"])
def test_no_text_is_a_request_of_the_manual(tmp_path: Path, text: str) -> None:
    spec = product(tmp_path, summary=f"About {text}", description=text, author=text)
    page = tmp_path / "page.1"
    page.write_text(man_page(spec), encoding="utf-8")
    shown = run("man", "--warnings", "-l", page)
    assert shown.count(text) == 3


@pytest.mark.parametrize(
    ("mime", "is_own"),
    [
        ("text/plain", False),
        ("application/zip", False),
        ("text/x-python", False),
        ("application/x-body-mass", True),
        ("application/vnd.example.mass", True),
        ("text/body", True),
    ],
)
def test_types_that_are_the_products_own(mime: str, is_own: bool) -> None:
    assert is_own_type(mime) is is_own
