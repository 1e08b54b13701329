"""deskapp/freeze/_windows_version.py."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from deskapp.errors import SpecError
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze._windows_version import version_file
from tests.unit.freeze.windows import ODD_NAME, product, same_as_golden

STRUCTURES = (
    "VSVersionInfo",
    "FixedFileInfo",
    "StringFileInfo",
    "StringTable",
    "StringStruct",
    "VarFileInfo",
    "VarStruct",
)


def read(spec: FreezeSpec) -> tuple[dict[str, Any], dict[str, str]]:
    """Fixed part and strings of the file, evaluated as PyInstaller does."""

    def structure(name: str) -> Any:
        return lambda *values, **named: (name, values, named)

    found = eval(version_file(spec), {name: structure(name) for name in STRUCTURES})
    fixed = found[2]["ffi"][2]
    (table,) = found[2]["kids"][0][1][0]
    return fixed, dict(string[1] for string in table[1][1])


def test_text_is_the_one_that_was_read() -> None:
    assert same_as_golden(version_file(product(name=ODD_NAME)), "version_info.txt")


def test_it_says_what_explorer_shows() -> None:
    spec = dataclasses.replace(product(name=ODD_NAME), author='Ad\'a "A" \\ Söhne\n2')
    fixed, strings = read(spec)
    assert fixed["filevers"] == fixed["prodvers"]
    assert fixed["filevers"][:3] == (1, 2, 3)
    assert strings["ProductName"] == strings["FileDescription"] == ODD_NAME
    assert strings["CompanyName"] == spec.author
    assert strings["OriginalFilename"] == f"{spec.slug}.exe"
    assert strings["LegalCopyright"] == "© 2031 Ada"


def test_what_is_not_known_is_left_out() -> None:
    _, strings = read(dataclasses.replace(product(), copyright="", summary="", author=""))
    assert not {"LegalCopyright", "Comments"} & set(strings)
    assert strings["CompanyName"] == "Body Mass"


@pytest.mark.parametrize(
    ("version", "flags"),
    [("1.0", 0), ("1.0rc1", 2), ("1.0a1", 2), ("1.0.dev3", 2), ("1.0.post1", 0), ("1.0+debian", 0), ("1.0b2.post1", 2)],
)
def test_a_version_before_its_release_is_marked(version: str, flags: int) -> None:
    fixed, strings = read(product(version=version))
    assert fixed["flags"] == flags
    assert strings["ProductVersion"] == version


def test_a_version_that_windows_cannot_spell_is_refused() -> None:
    with pytest.raises(SpecError, match=r"^version: "):
        version_file(product(version="1.100000"))
