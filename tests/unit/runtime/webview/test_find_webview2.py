"""What a Windows machine has, told from a registry that is a dictionary."""

from __future__ import annotations

import sys

import pytest

from deskapp.runtime.webview import _find_webview2 as module
from deskapp.runtime.webview._find_webview2 import (
    CHANNELS,
    DOTNET_462,
    MACHINE,
    USER,
    WindowsRegistry,
    find_edge,
    find_webview2,
    has_dotnet,
    parse_version,
)

RUNTIME = CHANNELS["WebView2 Runtime"]
MACHINE_64 = rf"SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\{RUNTIME}"
MACHINE_32 = rf"SOFTWARE\Microsoft\EdgeUpdate\Clients\{RUNTIME}"
PER_USER = rf"Software\Microsoft\EdgeUpdate\Clients\{RUNTIME}"
DOTNET_KEY = r"SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full"


class Registry(dict[tuple[str, str, str], "str | int"]):
    """Keys do not heed case, as on Windows."""

    def read(self, hive: str, key: str, name: str) -> str | int | None:
        return next(
            (value for at, value in self.items() if at == (hive, at[1], name) and at[1].lower() == key.lower()), None
        )


@pytest.mark.parametrize(
    ("hive", "key"), [(MACHINE, MACHINE_64), (MACHINE, MACHINE_32), (USER, PER_USER)], ids=["64-bit", "32-bit", "user"]
)
def test_an_installed_runtime_is_found_wherever_the_updater_writes(hive: str, key: str) -> None:
    found = find_webview2(Registry({(hive, key, "pv"): "120.0.2210.91"}), {})
    assert found is not None
    assert (found.source, found.version, found.folder) == ("WebView2 Runtime", "120.0.2210.91", "")


@pytest.mark.parametrize("version", ["0.0.0.0", "", "none", "85.0.564.44", 120, None])
def test_what_is_no_version_or_too_old_counts_as_absent(version: str | int | None) -> None:
    registry = Registry() if version is None else Registry({(MACHINE, MACHINE_64, "pv"): version})
    assert find_webview2(registry, {}) is None


def test_an_uninstalled_one_for_the_machine_does_not_hide_that_of_the_user() -> None:
    registry = Registry({(MACHINE, MACHINE_64, "pv"): "0.0.0.0", (USER, PER_USER, "pv"): "131.0.2903.51"})
    found = find_webview2(registry, {})
    assert found is not None
    assert found.version == "131.0.2903.51"


def test_the_runtime_is_preferred_to_a_channel_of_edge() -> None:
    beta = rf"Software\Microsoft\EdgeUpdate\Clients\{CHANNELS['Edge Beta']}"
    registry = Registry({(USER, beta, "pv"): "140.0.1.2"})
    found = find_webview2(registry, {})
    assert found is not None
    assert found.source == "Edge Beta"
    registry[MACHINE, MACHINE_64, "pv"] = "120.0.2210.91"
    found = find_webview2(registry, {})
    assert found is not None
    assert found.source == "WebView2 Runtime"


@pytest.mark.parametrize("variable", ["WEBVIEW2_RUNTIME_PATH", "WEBVIEW2_BROWSER_EXECUTABLE_FOLDER"])
def test_a_folder_with_a_fixed_version_goes_first_and_must_hold_one(variable: str) -> None:
    registry = Registry({(MACHINE, MACHINE_64, "pv"): "120.0.2210.91"})
    environ = {variable: r"C:\app\webview2"}
    found = find_webview2(registry, environ, files=[r"C:\app\webview2\msedgewebview2.exe"])
    assert found is not None
    assert (found.folder, found.version) == (r"C:\app\webview2", "")
    assert find_webview2(registry, environ, files=[r"C:\app\other.exe"]) is None
    assert find_webview2(registry, {variable: ""}) is not None


@pytest.mark.parametrize(
    ("release", "is_enough"), [(DOTNET_462, True), (533320, True), (394271, False), ("394802", False), (None, False)]
)
def test_dotnet_is_new_enough_by_its_release_number(release: int | str | None, is_enough: bool) -> None:
    registry = Registry() if release is None else Registry({(MACHINE, DOTNET_KEY, "Release"): release})
    assert has_dotnet(registry) is is_enough


def test_versions_are_compared_as_numbers() -> None:
    assert parse_version("120.0.2210.91") == (120, 0, 2210, 91)
    assert (parse_version("100.0.1.0") or ()) > (parse_version("99.9.9.9") or ())
    assert parse_version("121.0.2277.4 beta") == (121, 0, 2277, 4)
    assert parse_version("0.0.0.0") is None


def test_each_missing_thing_comes_with_what_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: set[str] = set()
    monkeypatch.setattr(module, "has_module", installed.__contains__)
    registry = Registry()

    def remedy() -> str:
        found = find_edge(registry, {}, platform="win32")
        assert not found.ok
        return found.remedy

    assert remedy() == "pip install pywebview"
    installed.add("webview")
    assert remedy() == "pip install pythonnet"
    installed.add("clr")
    assert ".NET Framework" in remedy()
    registry[MACHINE, DOTNET_KEY, "Release"] = DOTNET_462
    assert "winget install --id Microsoft.EdgeWebView2Runtime" in remedy()
    assert "MicrosoftEdgeWebview2Setup.exe" in remedy()
    registry[USER, PER_USER, "pv"] = "131.0.2903.51"
    found = find_edge(registry, {}, platform="win32")
    assert found.ok
    assert found.reason == "pywebview, pythonnet and WebView2 Runtime 131.0.2903.51 are here"


def test_other_systems_are_told_what_to_take_instead() -> None:
    found = find_edge(Registry(), {}, platform="linux")
    assert not found.ok
    assert "'webview'" in found.remedy


@pytest.mark.skipif(sys.platform == "win32", reason="there it has something to say")
def test_where_there_is_no_registry_nothing_is_found_in_it() -> None:
    assert WindowsRegistry().read(MACHINE, DOTNET_KEY, "Release") is None
