"""Tabs in browsers that are asked for by name."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.tabs import browser as browser_module
from deskapp.runtime.tabs.named import ChromeBrowser, EdgeBrowser, FirefoxBrowser, ProgramBrowser
from deskapp.runtime.window import WindowSpec
from tests.desktop.browser_apps import stand_in
from tests.desktop.recorder import Recorder
from tests.desktop.screen import wait_until

SPEC = WindowSpec("http://127.0.0.1:1/page")
BROWSERS = [
    pytest.param(ChromeBrowser, "DESKAPP_CHROME", id="chrome"),
    pytest.param(EdgeBrowser, "DESKAPP_EDGE", id="edge"),
    pytest.param(FirefoxBrowser, "DESKAPP_FIREFOX", id="firefox"),
]


@pytest.mark.parametrize(("kind", "variable"), BROWSERS)
async def test_the_page_is_handed_to_the_program(
    kind: type[ProgramBrowser], variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "noted"
    monkeypatch.setenv(variable, str(stand_in(tmp_path, f"open({str(noted)!r}, 'w').write(json.dumps(sys.argv[1:]))")))
    runtime, listener = kind("org.example.tabs"), Recorder()
    runtime.start(listener)
    window = await runtime.open(SPEC)
    assert SPEC.url in noted.read_text()
    assert "--app" not in noted.read_text()
    assert not runtime.capabilities.reports_close
    await runtime.stop()
    await listener.until_reported("closed", window)


async def test_a_program_that_fails_or_is_missing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FirefoxBrowser("org.example.tabs")
    monkeypatch.setenv("DESKAPP_FIREFOX", str(stand_in(tmp_path, "sys.exit(1)")))
    with pytest.raises(RuntimeFailed, match="could not open a page"):
        await runtime.open(SPEC)
    monkeypatch.setenv("DESKAPP_FIREFOX", str(tmp_path / "missing"))
    with pytest.raises(RuntimeFailed, match="could not open a page"):
        await runtime.open(SPEC)
    assert "DESKAPP_FIREFOX" in FirefoxBrowser.availability().reason


async def test_a_browser_that_was_not_running_stays_when_the_program_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "pid"
    code = f"open({str(noted)!r}, 'w').write(str(os.getpid())); time.sleep(1.5)"
    monkeypatch.setenv("DESKAPP_CHROME", str(stand_in(tmp_path, code)))
    monkeypatch.setattr(browser_module, "SETTLED_AFTER_S", 0.5)
    runtime = ChromeBrowser("org.example.tabs")
    await runtime.open(SPEC)
    await runtime.stop()
    pid = int(noted.read_text())
    assert os.getsid(pid) == pid  # Ctrl+C does not reach it
    wait_until(lambda: not psutil.pid_exists(pid), timeout_s=5, what="the browser, collected after its end")
