"""The hands for Windows and macOS, which cannot be run here: whole, honest, and with names that exist."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deskapp.runtime.capabilities import BUILT_IN, COMMANDS, SERVICES
from deskapp.runtime.webview._host_window import Toolkit
from deskapp.runtime.webview.host import ANSWERED_LATER
from deskapp.runtime.webview.winforms import _plan
from deskapp.runtime.window import WindowSpec

if TYPE_CHECKING:
    from deskapp.runtime.webview.cocoa.toolkit import CocoaToolkit
    from deskapp.runtime.webview.winforms.toolkit import WinFormsToolkit

HANDS = {
    "webview-edge": ("deskapp.runtime.webview.winforms.toolkit", "WinFormsToolkit"),
    "webview-cocoa": ("deskapp.runtime.webview.cocoa.toolkit", "CocoaToolkit"),
}
WINFORMS = Path(_plan.__file__).parent


def are_toolkits(edge: WinFormsToolkit, cocoa: CocoaToolkit) -> list[Toolkit]:
    """Checked by mypy: both have what the host asks for."""
    return [edge, cocoa]


def hands(runtime: str) -> Any:
    module, name = HANDS[runtime]
    return getattr(importlib.import_module(module), name)


def declared() -> list[str]:
    return [name for name in vars(Toolkit) if not name.startswith("_")]


@pytest.mark.parametrize("runtime", HANDS)
@pytest.mark.parametrize("name", declared())
def test_every_method_takes_what_the_host_gives(runtime: str, name: str) -> None:
    wanted = inspect.signature(getattr(Toolkit, name)).parameters
    found = inspect.signature(getattr(hands(runtime), name)).parameters
    assert [key for key in found if key in wanted or found[key].default is inspect.Parameter.empty] == list(wanted)


@pytest.mark.parametrize("runtime", HANDS)
def test_commands_that_are_not_there_are_not_promised(runtime: str) -> None:
    """A method that does nothing but refuse belongs to a command that the runtime does not name."""
    refusing = set()
    for command in set(COMMANDS) & set(declared()):
        source = inspect.getsource(getattr(hands(runtime), command))
        body = ast.parse(textwrap.dedent(source)).body[0]
        assert isinstance(body, ast.FunctionDef)
        if len(body.body) == 1 and isinstance(body.body[0], ast.Raise):
            refusing.add(command)
    assert refusing == set(COMMANDS) - BUILT_IN[runtime].commands


@pytest.mark.parametrize("runtime", HANDS)
def test_services_that_are_promised_are_served(runtime: str) -> None:
    source = inspect.getsource(hands(runtime).serve)
    served = {name for name in SERVICES if f'"{name}"' in source}
    assert served == BUILT_IN[runtime].services


def test_what_waits_for_a_person_is_answered_later_by_both() -> None:
    for runtime in HANDS:
        for command in ANSWERED_LATER:
            assert "answer" in inspect.signature(getattr(hands(runtime), command)).parameters


# What pywebview brings of WebView2: its names are in the assembly, as text.

OF_WINFORMS = {
    "SaveFileDialog",
    "FileName",
    "InitialDirectory",
    "OverwritePrompt",
    "ShowDialog",
    "DialogResult",
    "OK",
    "Close",
}


@pytest.fixture(scope="module")
def names_of_webview2() -> set[str]:
    spec = importlib.util.find_spec("webview")
    assert spec is not None
    assert spec.origin is not None
    names: set[str] = set()
    for path in Path(spec.origin).parent.glob("lib/Microsoft.Web.WebView2.*.dll"):
        for part in path.read_bytes().split(b"\0"):
            name = part.decode(errors="replace")
            names.update((name, re.sub("^(?:get|set|add)_", "", name)))  # properties and events have methods
    return names


def test_webview2_has_the_members_that_pages_use(names_of_webview2: set[str]) -> None:
    used = {
        node.attr
        for node in ast.walk(ast.parse((WINFORMS / "_page.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr[0].isupper() and node.attr.upper() != node.attr
    }
    assert {"ProcessFailed", "NewWindowRequested", "IsUserInitiated", "ContextMenuTarget"} <= used
    assert used - names_of_webview2 - OF_WINFORMS == set()


def test_webview2_has_the_members_that_commands_use(names_of_webview2: set[str]) -> None:
    source = (WINFORMS / "_commands.py").read_text(encoding="utf-8")
    members = {
        "Navigate", "ZoomFactor", "DefaultBackgroundColor", "ShowPrintUI", "CoreWebView2PrintDialogKind",
        "PrintToPdfAsync", "OpenDevToolsWindow", "CallDevToolsProtocolMethodAsync",
    }  # fmt: skip
    assert {name for name in members if name not in source} == set()
    assert members - names_of_webview2 == set()


def test_webview2_has_the_settings_and_kinds_that_are_data(names_of_webview2: set[str]) -> None:
    settings = _plan.page_settings(WindowSpec(url="http://127.0.0.1:1/"))
    assert set(settings) - names_of_webview2 == set()
    for kind in _plan.PAGE_ENDED | _plan.ALL_PAGES_ENDED:  # one name may be the end of another there
        assert any(name.endswith(kind) for name in names_of_webview2)
