"""Texts in ``deskapp/freeze/templates`` and how their placeholders are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources

_PLACEHOLDER = re.compile(r"@([A-Z_]+)@")


def template(name: str) -> str:
    """The text of one."""
    return (resources.files("deskapp.freeze") / "templates" / name).read_text(encoding="utf-8")


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with each ``@NAME@`` replaced; a name without a value is our own mistake."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)
