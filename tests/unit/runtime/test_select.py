"""Names of runtimes and what they become."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import deskapp.runtime.select as module
from deskapp.errors import ConfigError, RuntimeUnavailable
from deskapp.runtime.capabilities import BUILT_IN
from deskapp.runtime.select import expand, report, select
from deskapp.runtime.webview.host import TOOLKITS
from deskapp.testing.fake_runtime import FakeRuntime, Faults

ROOT = Path(__file__).parents[3]
# The best native window, then browsers without anything of the browser, by how well they do it.
APPS = [
    name for name in ("webview-gtk", "webview-qt", "firefox-app", "chrome-app", "edge-app") if name in module.BUILT_IN
]


class Broken(FakeRuntime):
    faults = Faults(unavailable="it is broken")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKAPP_TOOLKIT", raising=False)


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runtimes that other packages bring."""
    points = [
        EntryPoint("fake", "deskapp.testing.fake_runtime:FakeRuntime", module.ENTRY_POINT_GROUP),
        EntryPoint("broken", f"{__name__}:Broken", module.ENTRY_POINT_GROUP),
        EntryPoint("gone", "no.such.module:Thing", module.ENTRY_POINT_GROUP),
        EntryPoint("odd", "json:dumps", module.ENTRY_POINT_GROUP),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("app", APPS),
        ("webview", ["webview-gtk", "webview-qt"]),
        ("chrome-app or firefox-browser", ["chrome-app", "firefox-browser"]),
        ("default-browser", ["browser"]),
        ("Webview-Qt", ["webview-qt"]),
        ("browser", ["browser"]),
        ("app or browser", [*APPS, "browser"]),
        ("browser,webview-qt", ["browser", "webview-qt"]),
        ("webview-qt | app", ["webview-qt", *(name for name in APPS if name != "webview-qt")]),
        ("app  or  app", APPS),
    ],
)
def test_names_expand_in_order_and_once(text: str, names: list[str]) -> None:
    assert expand(text) == names


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("linux", ("webview-gtk", "webview-qt")),
        ("win32", ("webview-edge", "webview-qt")),
        ("darwin", ("webview-cocoa", "webview-qt")),
    ],
)
def test_each_system_has_its_native_windows(platform: str, names: tuple[str, ...]) -> None:
    code = (
        f"import sys; sys.platform = {platform!r}; from deskapp.runtime.select import expand; print(*expand('webview'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == list(names)
    assert set(names) < set(module.BUILT_IN)


@pytest.mark.parametrize(("toolkit", "name"), module.TOOLKITS.items())
def test_every_toolkit_has_a_class_for_its_host(toolkit: str, name: str) -> None:
    place, facts = TOOLKITS[toolkit]
    where, _, attribute = place.partition(":")
    made = getattr(importlib.import_module(where), attribute)
    assert list(inspect.signature(made).parameters) == list(facts)
    assert getattr(module._load(name), "toolkit", None) == toolkit


def test_the_environment_chooses_the_toolkit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKAPP_TOOLKIT", "qt")
    assert expand("app") == [name for name in APPS if name != "webview-gtk"]
    assert expand("app", toolkit="gtk") == [name for name in APPS if name != "webview-qt"]
    assert expand("webview-gtk") == ["webview-gtk"]


def test_an_unknown_name_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="'webview'"):
        select("webviev")
    with pytest.raises(ConfigError, match="known are"):
        select("zzz or browser")
    with pytest.raises(ConfigError, match="known are"):
        select("")
    monkeypatch.setenv("DESKAPP_TOOLKIT", "motif")
    with pytest.raises(ConfigError, match=r"environment.*'gtk', 'qt'"):
        select("app")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("chrome", "'chrome-app' or 'chrome-browser'"),
        ("Chromium", "'chrome-app' or 'chrome-browser'"),
        ("edge", "'edge-app' or 'edge-browser'"),
        ("firefox", "'firefox-browser'"),
    ],
)
def test_the_name_of_a_program_is_met_with_what_it_may_mean(name: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"did you mean .*{meant}"):
        select(name)


def test_every_built_in_name_leads_to_a_runtime_of_that_name_with_its_capabilities() -> None:
    for name in module.BUILT_IN:
        runtime = module._load(name)
        assert (runtime.name, runtime.capabilities) == (name, BUILT_IN[name])
    assert set(BUILT_IN) == set(module.BUILT_IN)


def test_an_alias_may_name_what_does_not_exist_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALIASES", {"app": ("someday-app", "browser")})
    assert expand("app") == ["browser"]
    with pytest.raises(ConfigError, match="someday-app"):
        expand("someday-app")


@pytest.mark.usefixtures("foreign")
def test_runtimes_of_other_packages_are_found_by_name() -> None:
    assert select("fake") == [FakeRuntime]
    assert select("broken or fake") == [FakeRuntime]


@pytest.mark.usefixtures("foreign")
def test_if_none_is_available_each_says_why() -> None:
    with pytest.raises(RuntimeUnavailable) as caught:
        select("broken or gone or odd")
    reasons = {name: reason for name, reason, _ in caught.value.tried}
    assert list(reasons) == ["broken", "gone", "odd"]
    assert reasons["broken"] == "it is broken"
    assert "no" in reasons["gone"]
    assert "not a subclass" in reasons["odd"]


@pytest.mark.usefixtures("foreign")
def test_the_report_covers_every_runtime_and_never_fails() -> None:
    found = {one.name: one for one in report()}
    assert set(found) == {*module.BUILT_IN, "fake", "broken", "gone", "odd"}
    assert found["fake"].ok
    assert not found["gone"].ok
    assert all(one.reason for one in found.values())


def test_what_is_missing_comes_with_the_command_that_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert all(one.remedy for one in report() if not one.ok)
    with pytest.raises(RuntimeUnavailable, match="app"):
        select("app")


def test_looking_imports_no_toolkit() -> None:
    code = (
        "import sys, json; from deskapp.runtime.select import report; report(); "
        "print(json.dumps([n for n in ('webview', 'gi', 'qtpy', 'PyQt6', 'tornado', 'pscript') if n in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_the_second_runtime_is_looked_for_when_it_is_asked_for() -> None:
    code = (
        "import sys; from deskapp.runtime.base import Availability, Runtime; from deskapp.runtime import select; "
        "from deskapp.runtime.webview.pywebview import PyWebviewGtk; "
        "PyWebviewGtk.availability = classmethod(lambda cls: Availability(True)); "
        "found = select.look_up('webview-gtk or chrome-app'); "
        "assert next(found) is PyWebviewGtk; "
        "assert 'deskapp.runtime.chromium.app' not in sys.modules; "
        "rest = list(found); "
        "assert 'deskapp.runtime.chromium.app' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_a_wrong_name_is_refused_before_anything_is_looked_for() -> None:
    with pytest.raises(ConfigError):
        module.look_up("browser or zzz")
