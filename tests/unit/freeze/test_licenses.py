"""Licences of what goes into a program."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from deskapp.freeze._licenses import SYSTEM, distributions_of, license_of, license_texts, third_party_text


def _distribution(folder: Path, metadata: str, **texts: str) -> importlib.metadata.Distribution:
    info = folder / "thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: thing\nVersion: 1.0\n{metadata}\n")
    record = ["thing-1.0.dist-info/METADATA,,"]
    for name, text in texts.items():
        (info / name).write_text(text, encoding="utf-8")
        record.append(f"thing-1.0.dist-info/{name},,")
    (info / "RECORD").write_text("\n".join(record))
    return importlib.metadata.PathDistribution(info)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("License-Expression: MIT", "MIT"),
        ("License: BSD", "BSD"),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: Apache Software License", "Apache Software License"),
        ("", "see the text"),
    ],
)
def test_a_licence_is_told_in_one_line(metadata: str, expected: str, tmp_path: Path) -> None:
    assert license_of(_distribution(tmp_path, metadata)) == expected


def test_name_version_licence_and_texts_of_all_that_goes_in(tmp_path: Path) -> None:
    thing = _distribution(
        tmp_path, "License-Expression: MIT", LICENSE="Do what you like. ß", NOTICE="By Ada.", OTHER="x"
    )
    text = third_party_text([thing])
    assert "thing 1.0\nLicence: MIT" in text
    assert "Do what you like. ß" in text
    assert "By Ada." in text
    assert f"Python {sys.version.split()[0].rstrip('+')}" in text
    assert "deskapp" in text


def test_what_goes_in_is_found_by_its_modules() -> None:
    names = [found.metadata["Name"].lower() for found in distributions_of({"tornado", "json", "not_there"})]
    assert "tornado" in names
    assert "pytest" not in names
    assert names == sorted(names)


def test_texts_are_written_for_the_program(tmp_path: Path) -> None:
    [text] = license_texts(["tornado.web", "json"], [("msgspec/_core.so", "/x", "EXTENSION")], tmp_path / "l")
    content = text.read_text(encoding="utf-8")
    assert "tornado " in content
    assert "msgspec " in content
    assert "Apache License" in content


@pytest.mark.skipif(not Path("/usr/share/doc/libc6/copyright").is_file(), reason="needs a system with dpkg")
def test_packages_of_the_system_that_go_in_are_named_with_their_copyright(tmp_path: Path) -> None:
    library = next(Path("/usr/lib").glob("*-linux-gnu/libc.so.6"))
    texts = license_texts([], [("libc.so.6", str(library), "BINARY")], tmp_path, system=True)
    assert [text.name for text in texts] == ["third-party.txt", SYSTEM]
    assert "libc6 (package of the system)" in texts[1].read_text(encoding="utf-8")
