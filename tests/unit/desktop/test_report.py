"""deskapp/desktop/report.py."""

from __future__ import annotations

import sys

import pytest

from deskapp.desktop.report import service_reports
from deskapp.runtime.capabilities import SERVICES


def told(
    *runtimes: str, tools: tuple[str, ...] = ("xdg-open",), notifier: bool = True, bus: bool = True
) -> dict[str, str]:
    reports = service_reports(
        runtimes,
        which=lambda name: f"/usr/bin/{name}" if name in tools else None,
        has_module=lambda name: notifier,
        has_bus=lambda: bus,
    )
    return {one.name: f"{'ok' if one.ok else 'no'}: {one.reason} {one.remedy}".strip() for one in reports}


def test_what_a_runtime_offers_is_had_by_it() -> None:
    found = told("chrome-app", "webview-gtk")
    assert all(found[name].startswith("ok: by webview-gtk") for name in SERVICES)


def test_without_a_toolkit_dialogs_are_those_of_a_tool() -> None:
    assert told("chrome-app", tools=("kdialog",))["message"] == "ok: by kdialog"
    assert "sudo apt install zenity" in told("chrome-app")["file_dialog"]
    assert told("chrome-app")["clipboard"].startswith("no: ")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is no D-Bus to miss")
def test_what_needs_a_bus_says_so() -> None:
    found = told("webview-qt", bus=False)
    assert "no D-Bus session" in found["notifications"]
    assert "in part" in found["tray"]


def test_a_missing_package_comes_with_its_command() -> None:
    assert told("webview-qt", notifier=False)["notifications"].endswith("pip install 'deskapp[notify]'")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have their own openers")
def test_a_missing_opener_comes_with_its_command() -> None:
    assert "xdg-utils" in told("webview-qt", tools=())["open and reveal"]
