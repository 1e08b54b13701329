"""The runtime that owns a window host, with a host made of plain lists."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskapp.errors import RuntimeFailed
from deskapp.runtime.webview._host_link import HostLink
from deskapp.runtime.webview.pywebview import PyWebviewGtk
from deskapp.runtime.window import WindowId, WindowSpec
from tests.desktop.recorder import Recorder

SPEC = WindowSpec("http://127.0.0.1:1/")
ROOT = Path(__file__).parents[4]


class Script:
    """A host that answers as it is told."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.has_ended = False
        self.exit_code: int | None = None
        self.tail = "the tail"
        self.error: str | None = ""  # None: no answer at all
        self.answers_late: Callable[[dict[str, Any]], None] | None = None
        self._on_message: Callable[[dict[str, Any]], None] = lambda message: None
        self._on_end: Callable[[], None] = lambda: None

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if self.answers_late is not None:
            self.answers_late(message)
        elif "req" in message and self.error is not None:
            asyncio.get_running_loop().call_soon(self.say, {"re": message["req"], "error": self.error})

    def attach(self, loop: object, on_message: Callable[[dict[str, Any]], None], on_end: Callable[[], None]) -> None:
        self._on_message, self._on_end = on_message, on_end

    async def end(self, *, timeout_s: float) -> None:
        if not self.has_ended:
            self.die(0)

    def say(self, message: dict[str, Any]) -> None:
        self._on_message(message)

    def die(self, exit_code: int) -> None:
        self.has_ended, self.exit_code = True, exit_code
        self._on_end()


class Scripted(PyWebviewGtk):
    """A runtime whose hosts are scripts."""

    def __init__(self, *scripts: Script) -> None:
        super().__init__("org.example.app")
        self.scripts = list(scripts)
        self.listener = Recorder()
        self.start(self.listener)

    def _start_host(self) -> HostLink:
        self._is_leaving = False
        return self.scripts.pop(0)


async def test_an_error_of_the_host_comes_with_its_last_words() -> None:
    script = Script()
    script.error = "the toolkit said no"
    with pytest.raises(RuntimeFailed, match=r"the toolkit said no.*\n.*the tail"):
        await Scripted(script).open(SPEC)


async def test_a_host_that_dies_while_it_opens_its_first_window_fails_the_open_only() -> None:
    script = Script()
    script.answers_late = lambda message: script.die(134)
    runtime = Scripted(script)
    with pytest.raises(RuntimeFailed, match="134"):
        await runtime.open(SPEC)
    assert runtime.listener.reports == []


async def test_an_open_that_meets_a_leaving_host_gets_a_new_one() -> None:
    old, new = Script(), Script()

    def leave(message: dict[str, Any]) -> None:
        old.say({"on": "bye"})
        old.die(0)

    old.answers_late = leave
    runtime = Scripted(old, new)
    window = await runtime.open(SPEC)
    assert [message["do"] for message in new.sent] == ["open"]
    assert new.sent[0]["window"] == window
    assert runtime.listener.reports == []


async def test_a_close_request_is_acknowledged_before_the_application_decides() -> None:
    script = Script()
    runtime = Scripted(script)
    window = await runtime.open(SPEC)
    script.say({"on": "close_requested", "window": window})
    assert script.sent[-1] == {"do": "close_seen", "window": window}
    assert runtime.listener.reports == [("close_requested", window)]


async def test_a_listener_that_fails_does_not_stop_the_reports(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Recorder):
        def window_loaded(self, window: WindowId) -> None:
            raise ZeroDivisionError

    script = Script()
    runtime = Scripted(script)
    listener = Failing()
    runtime.start(listener)
    window = await runtime.open(SPEC)
    script.say({"on": "loaded", "window": window})
    script.say({"on": "crashed", "window": window})
    assert listener.reports == [("crashed", window)]
    assert "ZeroDivisionError" in caplog.text


async def test_a_command_that_is_not_answered_is_an_error() -> None:
    script = Script()
    runtime = Scripted(script)
    script.error = None
    with pytest.raises(RuntimeFailed, match=r"did not open window 'webview-gtk-1' within 0.01 s"):
        await runtime.open(SPEC, timeout_s=0.01)
    assert script.sent[-1]["do"] == "destroy"


async def test_a_page_cannot_open_programs_through_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    script = Script()
    runtime = Scripted(script)
    await runtime.open(SPEC)
    script.say({"on": "external", "url": "file:///etc/passwd"})
    assert opened == []


async def test_bad_values_are_refused_before_they_travel() -> None:
    script = Script()
    runtime = Scripted(script)
    window = await runtime.open(SPEC)
    with pytest.raises(ValueError, match="width"):
        await runtime.command(window, "resize", 0, 10)
    with pytest.raises(ValueError, match="url"):
        await runtime.command(window, "load_url", "javascript:1")
    assert len(script.sent) == 1


async def test_a_runtime_that_was_never_started_stops() -> None:
    await PyWebviewGtk("org.example.app").stop()


def test_a_host_of_its_own_process_is_not_to_be_run_here() -> None:
    with pytest.raises(TypeError, match="inproc"):
        _ = PyWebviewGtk("org.example.app").host


def test_the_hosts_module_imports_nothing_that_takes_time() -> None:
    code = (
        "import sys, json; import deskapp.runtime.webview.host; "
        "print(json.dumps(sorted(n for n in sys.modules if n.split('.')[0] in "
        "('asyncio', 'tornado', 'webview', 'gi', 'qtpy', 'PyQt6', 'subprocess', 'msgspec') "
        "or n.startswith('deskapp'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [
        "deskapp",
        "deskapp._lazy",
        "deskapp.errors",
        "deskapp.runtime",
        "deskapp.runtime.capabilities",
        "deskapp.runtime.process",
        "deskapp.runtime.process.inherited",
        "deskapp.runtime.webview",
        "deskapp.runtime.webview._host_window",
        "deskapp.runtime.webview.host",
        "deskapp.runtime.window",
    ]
