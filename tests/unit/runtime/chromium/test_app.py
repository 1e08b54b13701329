"""The command line of Chromium, and what is said to it, with a program that answers as it does."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from deskapp.errors import ConfigError, NotSupported, RuntimeFailed
from deskapp.runtime.browsers.find import Program
from deskapp.runtime.chromium import app as module
from deskapp.runtime.chromium.app import ChromeApp, EdgeApp, arguments, root_flags
from deskapp.runtime.window import WindowId, WindowMode, WindowSpec
from tests.desktop.browser_apps import processes_of, stand_in
from tests.desktop.recorder import Recorder

SPEC = WindowSpec("http://127.0.0.1:1/", width=500, height=300)

# Answers as Chromium does, and writes down what it is asked. What differs from test to test is in the file "facts".
CHROMIUM = r"""
import pathlib
folder = pathlib.Path(__file__).parent
facts = json.loads((folder / "facts").read_text())
log = open(folder / "asked", "a")

def say(**message):
    os.write(4, json.dumps(message).encode() + b"\0")

def event(method, **params):
    say(method=method, params=params)

def answer(method, params):
    if method in facts["refused"]:
        return None
    if method == "Target.setDiscoverTargets":
        for target in facts["targets"]:
            event("Target.targetCreated", targetInfo=target)
    elif method == "Target.attachToTarget":
        return {"sessionId": "SESSION"}
    elif method in ("Browser.getWindowForTarget", "Browser.getWindowBounds"):
        return {"windowId": 7, "bounds": {"left": 1, "top": 2, "width": 500, "height": 330, **facts["bounds"]}}
    elif method == "Runtime.evaluate":
        for part, value in facts["values"].items():
            if part in params["expression"]:
                return {"result": {"value": value}}
        return {"result": {"type": "undefined"}}
    elif method == "Page.printToPDF":
        return {"stream": "1"}
    elif method == "IO.read":
        return {"data": "JVBERg==", "base64Encoded": True, "eof": True}
    elif method == "Page.setLifecycleEventsEnabled":
        for happened in facts["happens"]:
            event(happened["method"], **happened["params"])
    return {}

rest = b""
while data := os.read(3, 65536):
    *messages, rest = (rest + data).split(b"\0")
    for message in map(json.loads, messages):
        log.write(json.dumps(message) + "\n"); log.flush()
        if message["method"] == "Page.crash":
            event(facts["at_crash"], targetId="PAGE")
            continue
        result = answer(message["method"], message["params"])
        if result is None:
            say(id=message["id"], error={"message": "refused"})
        else:
            say(id=message["id"], result=result)
time.sleep(60 if facts["stays"] else 0)
"""
PAGE = {"targetId": "PAGE", "type": "page", "title": "", "url": SPEC.url}
WORKER = {"targetId": "WORKER", "type": "service_worker", "title": "", "url": ""}


def loaded(frame: str, loader: str, name: str = "load") -> dict[str, Any]:
    return {"method": "Page.lifecycleEvent", "params": {"frameId": frame, "loaderId": loader, "name": name}}


class Stage:
    """A runtime, and a Chromium of its own making."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.storage = folder, folder / "storage"
        self.facts: dict[str, Any] = {
            "refused": [],
            "targets": [WORKER, PAGE],
            "bounds": {"windowState": "normal"},
            "values": {"outerWidth": [2, 30], "availLeft": [0, 10, 1400, 900]},
            "happens": [],
            "at_crash": "Target.targetCrashed",
            "stays": False,
        }
        self.listener = Recorder()
        self.runtime = ChromeApp("org.example.chromium", storage=self.storage)
        self.runtime.start(self.listener)

    async def open(self, **wishes: Any) -> WindowId:
        (self.folder / "facts").write_text(json.dumps(self.facts))
        return await self.runtime.open(WindowSpec(SPEC.url, **{"width": 500, "height": 300, "x": 5, "y": 6, **wishes}))

    def asked(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each such question."""
        lines = map(json.loads, (self.folder / "asked").read_text().splitlines())
        return [line["params"] for line in lines if line["method"] == method]


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setenv("DESKAPP_CHROME", str(stand_in(tmp_path, CHROMIUM)))
    stage = Stage(tmp_path)
    yield stage
    await stage.runtime.stop()
    assert processes_of(stage.storage) == []


def test_the_command_line_says_what_the_window_is() -> None:
    spec = WindowSpec("http://127.0.0.1:1/#ticket", width=640, height=480, x=10, y=-20)
    line = arguments("org.example.App", spec, Path("/profiles/1"), more=["--more"])
    assert line[-1] == "--app=http://127.0.0.1:1/#ticket"
    expected = {
        "--user-data-dir=/profiles/1",
        "--class=org.example.App",
        "--window-size=640,480",
        "--window-position=10,-20",
        "--more",
        "--remote-debugging-pipe",
        "--no-first-run",
        # Without it there is a bar in the window of everybody who is not root, for some flags are unusual.
        "--test-type",
    }
    assert expected <= set(line)
    assert "--no-sandbox" not in line
    assert not any("remote-debugging-port" in flag for flag in line)


@pytest.mark.parametrize(
    ("mode", "flags"),
    [
        (WindowMode.NORMAL, set()),
        (WindowMode.MAXIMIZED, {"--start-maximized"}),
        (WindowMode.FULLSCREEN, {"--start-fullscreen"}),
        (WindowMode.KIOSK, {"--kiosk"}),
    ],
)
def test_each_mode_has_its_flag(mode: WindowMode, flags: set[str]) -> None:
    line = arguments("app", WindowSpec(SPEC.url, mode=mode), Path("/p"), speaks=False)
    assert {flag for flag in line if flag in ("--start-maximized", "--start-fullscreen", "--kiosk")} == flags
    assert not any(flag.startswith("--window-position") for flag in line)
    assert "--remote-debugging-pipe" not in line


def test_only_root_goes_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert root_flags() == ()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--no-sandbox" in root_flags()


def test_a_profile_begins_with_preferences_which_are_then_the_browsers(tmp_path: Path) -> None:
    runtime, preferences = ChromeApp("app"), tmp_path / "Default" / "Preferences"
    launch = runtime._launch(Program(("chromium",)), tmp_path, SPEC)
    assert launch.speaks
    assert json.loads(preferences.read_text())["credentials_enable_service"] is False
    preferences.write_text("{}")
    runtime._launch(Program(("chromium",)), tmp_path, SPEC)
    assert preferences.read_text() == "{}"


@pytest.mark.parametrize(
    "program", [Program(("x",), snap="chromium"), Program(("x",), flatpak="org.chromium.Chromium")]
)
def test_a_confined_browser_is_not_spoken_to(program: Program, tmp_path: Path) -> None:
    launch = ChromeApp("app")._launch(program, tmp_path, SPEC)
    assert not launch.speaks
    assert "--remote-debugging-pipe" not in launch.arguments


def test_edge_is_another_program_with_profiles_of_its_own() -> None:
    assert (EdgeApp.kind, EdgeApp.browser) == ("edge", "edge")
    assert (ChromeApp.kind, ChromeApp.browser) == ("chrome", "chrome")


async def test_the_page_is_found_and_its_loads_are_told_once_each(stage: Stage) -> None:
    stage.facts["happens"] = [
        loaded("PAGE", "1", "DOMContentLoaded"),
        loaded("PAGE", "1"),
        loaded("PAGE", "1"),
        loaded("FRAME", "2"),
        loaded("PAGE", "3"),
        {"method": "Target.targetCrashed", "params": {"targetId": "OTHER"}},
        {"method": "Target.targetDestroyed", "params": {"targetId": "OTHER"}},
    ]
    window = await stage.open()
    assert stage.asked("Target.attachToTarget") == [{"targetId": "PAGE", "flatten": True}]
    await stage.listener.until_reported("loaded", window, times=2)
    assert stage.listener.reports == [("loaded", window)] * 2
    assert stage.asked("Browser.setWindowBounds") == []


async def test_a_window_without_a_place_is_centred_and_a_maximized_one_maximized(stage: Stage) -> None:
    await stage.open(x=None, y=None)
    assert stage.asked("Browser.setWindowBounds")[-1]["bounds"] == {"left": 450, "top": 295}
    await stage.open(mode=WindowMode.MAXIMIZED)
    assert stage.asked("Browser.setWindowBounds")[-1]["bounds"] == {"windowState": "maximized"}


async def test_the_title_bar_is_counted_where_it_is_part_of_the_window(stage: Stage) -> None:
    window = await stage.open()
    await stage.runtime.command(window, "resize", 640, 420)
    assert stage.asked("Browser.setWindowBounds") == [{"windowId": 7, "bounds": {"width": 642, "height": 450}}]
    with pytest.raises(ConfigError, match="width"):
        await stage.runtime.command(window, "resize", 0, 420)


async def test_one_state_leads_to_another_by_way_of_normal(stage: Stage) -> None:
    stage.facts["bounds"] = {"windowState": "minimized"}
    window = await stage.open()
    for verb, args in (("maximize", ()), ("fullscreen", (True,)), ("minimize", ()), ("fullscreen", (False,))):
        await stage.runtime.command(window, verb, *args)
    states = [asked["bounds"]["windowState"] for asked in stage.asked("Browser.setWindowBounds")]
    assert states == ["normal", "maximized", "normal", "fullscreen", "normal"]


async def test_a_crash_is_reported_and_what_is_asked_for_is_done(stage: Stage, tmp_path: Path) -> None:
    window = await stage.open()
    await stage.runtime.command(window, "end_page")
    await stage.listener.until_reported("crashed", window)
    await stage.runtime.command(window, "print_page", str(tmp_path / "page.pdf"))
    assert (tmp_path / "page.pdf").read_bytes() == b"%PDF"
    assert stage.asked("IO.close") == [{"handle": "1"}]
    await stage.runtime.command(window, "print_page", None)
    [code] = [asked["expression"] for asked in stage.asked("Runtime.evaluate")]
    assert "print()" in code
    with pytest.raises(ConfigError, match="url"):
        await stage.runtime.command(window, "load_url", "javascript:1")


async def test_a_refusal_is_an_error_that_says_what_was_refused(stage: Stage) -> None:
    stage.facts["refused"] = ["Page.navigate"]
    window = await stage.open()
    with pytest.raises(RuntimeFailed, match=r"could not load_url window.*refused"):
        await stage.runtime.command(window, "load_url", SPEC.url)


async def test_a_process_that_outlives_its_window_is_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAVE_TIMEOUT_S", 0.1)  # as on macOS, and where the page has opened windows
    stage.facts["happens"] = [{"method": "Target.targetDestroyed", "params": {"targetId": "PAGE"}}]
    window = await stage.open()
    await stage.listener.until_reported("closed", window, timeout_s=3)
    assert stage.listener.errors == []


async def test_a_close_is_told_before_the_process_ends_and_only_once(stage: Stage) -> None:
    stage.facts["at_crash"] = "Target.targetDestroyed"
    window = await stage.open()
    pid = stage.runtime.pid_of(window)
    assert pid is not None
    await stage.runtime.command(window, "end_page")
    await stage.listener.until_reported("closed", window)
    os.kill(pid, 0)  # it is still there
    assert await stage.runtime.command(window, "maximize") is None
    await stage.runtime.stop()
    assert stage.listener.reports == [("closed", window)]
    assert stage.listener.errors == []


async def test_a_browser_that_does_not_speak_shows_a_window_that_takes_no_commands(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "PIPE_TIMEOUT_S", 0.2)
    monkeypatch.setenv("DESKAPP_CHROME", str(stand_in(stage.folder, "os.close(3); os.close(4); time.sleep(60)")))
    window = await stage.open()
    assert "takes no commands" in caplog.text
    with pytest.raises(NotSupported, match="policy"):
        await stage.runtime.command(window, "maximize")
    await stage.runtime.destroy(window)
    assert stage.listener.reports == [("closed", window)]


async def test_a_command_to_a_browser_that_ends_does_nothing(stage: Stage) -> None:
    window = await stage.open()
    pid = stage.runtime.pid_of(window)
    assert pid is not None
    os.kill(pid, 9)
    assert await asyncio.wait_for(stage.runtime.command(window, "maximize"), 2) is None
    await stage.listener.until_reported("closed", window)
    assert await stage.runtime.command(window, "maximize") is None
