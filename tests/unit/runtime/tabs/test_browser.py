"""Tabs in the user's browser."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path

import pytest

from deskapp.errors import NotSupported, RuntimeFailed
from deskapp.runtime.capabilities import COMMANDS
from deskapp.runtime.tabs import browser as module
from deskapp.runtime.tabs.browser import Browser
from deskapp.runtime.window import WindowSpec
from tests.desktop.recorder import Recorder

SPEC = WindowSpec("http://127.0.0.1:1/")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls: list[str] = []

    def open_url(url: str) -> bool:
        urls.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", open_url)
    return urls


async def test_a_page_opens_in_a_tab_and_the_tab_is_forgotten_at_destroy(opened: list[str]) -> None:
    runtime, listener = Browser("org.example.app"), Recorder()
    runtime.start(listener)
    one, two = await runtime.open(SPEC), await runtime.open(SPEC)
    assert opened == [SPEC.url, SPEC.url]
    await runtime.destroy(one)
    await runtime.destroy(one)
    await listener.until_reported("closed", one)
    await runtime.stop()
    await listener.until_reported("closed", two)
    assert listener.reports == [("closed", one), ("closed", two)]


async def test_a_browser_that_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> bool:
        raise webbrowser.Error("could not locate runnable browser")

    runtime = Browser("org.example.app")
    for refusing in (fail, lambda url: False):
        monkeypatch.setattr(webbrowser, "open", refusing)
        with pytest.raises(RuntimeFailed, match="no browser"):
            await runtime.open(SPEC)


async def test_a_browser_that_is_waited_for_counts_as_open(monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()
    monkeypatch.setattr(webbrowser, "open", lambda url: is_over.wait(10))
    monkeypatch.setattr(module, "SETTLED_AFTER_S", 0.05)
    assert await Browser("org.example.app").open(SPEC)
    is_over.set()


async def test_what_a_tab_cannot_do_is_refused(opened: list[str]) -> None:
    runtime = Browser("org.example.app")
    window = await runtime.open(SPEC)
    for verb in COMMANDS:
        with pytest.raises(NotSupported, match="webview-gtk"):
            await runtime.command(window, verb)
    assert not runtime.capabilities.reports_close


def test_it_is_available_where_there_is_a_browser_and_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(module, "find_browser", lambda: None)
    assert "apt install" in Browser.availability().remedy
    monkeypatch.setattr(module, "find_browser", lambda: Path("/usr/bin/firefox"))
    monkeypatch.setattr(module, "screen_answers", lambda: True)
    assert Browser.availability().ok
    monkeypatch.setattr(module, "screen_answers", lambda: False)
    assert "nothing answers" in Browser.availability().reason
    monkeypatch.setattr(module, "has_screen", lambda: False)
    assert not Browser.availability().ok
