"""The list of public names is complete, and holds nothing that is not there."""

from __future__ import annotations

import importlib
import re

import pytest

from tests.docs.markdown import ROOT

TEXT = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (deskapp[\w.]*)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
COMPLETE = [
    "deskapp",
    "deskapp.event",
    "deskapp.session",
    "deskapp.output",
    "deskapp.input",
    "deskapp.pin",
    "deskapp.native",
    "deskapp.runtime",
    "deskapp.testing",
    "deskapp.freeze",
]


def listed(module: str) -> list[str]:
    """The names that the page lists for a module."""
    return re.findall(r"^\| `(\w+)` \|", SECTIONS[module], re.MULTILINE)


@pytest.mark.parametrize("module", COMPLETE)
def test_every_public_name_is_listed(module: str) -> None:
    assert [name for name in importlib.import_module(module).__all__ if name not in listed(module)] == []


def test_what_an_app_needs_is_listed_somewhere() -> None:
    everywhere = {name for module in SECTIONS for name in listed(module)}
    assert [name for name in importlib.import_module("deskapp.app").__all__ if name not in everywhere] == []


@pytest.mark.parametrize("module", SECTIONS)
def test_every_listed_name_exists(module: str) -> None:
    found = importlib.import_module(module)
    assert [name for name in listed(module) if not hasattr(found, name)] == []


@pytest.mark.parametrize("module", SECTIONS)
def test_no_name_is_listed_twice(module: str) -> None:
    assert len(listed(module)) == len(set(listed(module)))
