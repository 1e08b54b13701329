"""What can be frozen and packed on this machine, and what is missing for the rest."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deskapp.errors import ToolMissing
from deskapp.freeze._spec import Entry, FreezeSpec
from deskapp.freeze.installers import FORMATS, Installer, installer
from deskapp.freeze.pyinstaller import check_tools


@dataclass(frozen=True)
class Readiness:
    """Whether something can be made here.

    Attributes:
        name: ``"program"``, or a format.
        ok: It can.
        reason: What is missing otherwise.
        remedy: The command that gets it.
    """

    name: str
    ok: bool
    reason: str = ""
    remedy: str = ""


def freeze_reports() -> list[Readiness]:
    """The program itself first, then the formats for this system; nothing is built."""
    any_product = FreezeSpec("Any", "1.0", "org.example.Any", Entry(module="any"), Path.cwd())
    found = [_try("program", check_tools)]
    for name in FORMATS:
        one = installer(name)
        if one.platform in ("any", sys.platform):
            found.append(_try(name, lambda one=one: _find_tools(one, any_product)))  # type: ignore[misc]
    return found


def _find_tools(one: Installer, spec: FreezeSpec) -> None:
    for tool in one.tools(spec):
        tool.path()
    one.check(spec)


def _try(name: str, look: Callable[[], object]) -> Readiness:
    try:
        look()
    except ToolMissing as missing:
        return Readiness(name, False, f"{missing.tool} is not here", missing.remedy)
    return Readiness(name, True)
