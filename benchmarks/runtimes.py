"""Every runtime: how long until the page of a program has connected, and until the close of its window is noticed.

The start of a program is compared with that of the bare window or browser. It loads the same page from a server of ours
that runs already, and both are measured up to the same event: the websocket's first message is at the server. Browsers
have a profile that was used before; the bare one's is a copy of ours.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import _child
from benchmarks._child import Failed, Places, Talker
from benchmarks._peers import summary
from benchmarks._table import Met, Row, at_most

AIM = 1.15
PAIRS = 7
CLOSES = 5
WARM_UP_S = 4.0
"""How long a browser's first window stays: it writes its caches a while after its start."""

NOTICED_MS: Mapping[str, float] = {
    "webview-gtk": 100.0,
    "webview-qt": 100.0,
    "chrome-app": 100.0,
    "firefox-app": 700.0,
    "firefox-xul-app": 700.0,
}
"""The runtimes, and how soon the close of a window is to be noticed. Firefox tells by its end only."""

_OURS = re.compile(r"http://127\.0\.0\.1:\d+/[^\"]*")
_OF_A_RUN = ("lock", ".parentlock", "Singleton*", "sessionCheckpoints.json")
# As ours sets them: a release ignores some preferences without.
_FIREFOX_ENV = {"MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_DATA_REPORTING": "0", "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1"}
# It takes commands at descriptor 3 and tells events at 4.
_WITH_PIPES = ("/bin/sh", "-c", 'exec "$@" 3<&0 4>/dev/null', "sh")


def measure_start(runtime: str) -> Callable[[Places], Row]:
    """The measurement of a runtime's start."""

    def measure(places: Places) -> Row:
        what, aim = f"start with {runtime}, until its page has connected", f"at most {AIM}"
        missing = _missing(places, runtime)
        if missing:
            return Row(what, "UNKNOWN", missing, "", aim, Met.UNKNOWN)
        ours, bare = _starts(places, runtime)
        ratio = statistics.median(mine / base for mine, base in zip(ours, bare, strict=True))
        return Row(
            what,
            f"{statistics.median(ours):.0f} ms",
            f"bare {'browser' if _is_browser(runtime) else 'window'} {statistics.median(bare):.0f} ms",
            f"{ratio:.2f}",
            aim,
            at_most(ratio, AIM),
            (
                f"ours {summary(ours, 'ms', 0)}; bare {summary(bare, 'ms', 0)}; "
                f"the fastest of each {min(ours) / min(bare):.2f}",
            ),
        )

    return measure


def measure_close(runtime: str) -> Callable[[Places], Row]:
    """The measurement of how soon the close of a runtime's window is noticed."""

    def measure(places: Places) -> Row:
        limit_ms = NOTICED_MS[runtime]
        what, aim = f"close with {runtime}, until it is noticed", f"at most {limit_ms:.0f} ms"
        missing = _missing(places, runtime)
        if not missing and shutil.which("wmctrl") is None:
            missing = "no wmctrl here: sudo apt install wmctrl"
        if missing:
            return Row(what, "UNKNOWN", missing, "", aim, Met.UNKNOWN)
        took_ms = _child.run(places, "close_window", runtime, places.times(CLOSES), timeout_s=180.0)
        median_ms = statistics.median(took_ms)
        return Row(
            what,
            f"{median_ms:.0f} ms",
            f"limit {limit_ms:.0f} ms",
            f"{median_ms / limit_ms:.2f}",
            aim,
            at_most(median_ms, limit_ms),
            (f"from the window manager's request {summary(took_ms, 'ms', 0)}",),
        )

    return measure


def _missing(places: Places, runtime: str) -> str:
    """What keeps a runtime from working here; empty if nothing does."""
    return str(_child.run(places, "runtimes_here")[runtime])


def _starts(places: Places, runtime: str) -> tuple[list[float], list[float]]:
    """Start both in turns."""
    ours: list[float] = []
    bare: list[float] = []
    stay_s = WARM_UP_S if _is_browser(runtime) else 0.0
    first = _child.run(places, "launch_page", runtime, stay_s)
    with _child.talker(places, "serve_page") as server:
        url = server.next()
        command = _bare_command(runtime, url, first.get("profile"))
        _start_bare(places, command, server, stay_s)
        for _ in range(places.times(PAIRS)):
            ours.append(_child.run(places, "launch_page", runtime, 0)["ms"])
            bare.append(_start_bare(places, command, server, 0))
    return ours, bare


def _start_bare(places: Places, command: Sequence[str], server: Talker, stay_s: float) -> float:
    started_s = time.time()
    with _child.program(places, command, env=_FIREFOX_ENV):
        connected_s: float = server.next()
        time.sleep(stay_s)
    return (connected_s - started_s) * 1000


def _bare_command(runtime: str, url: str, profile: str | None) -> list[str]:
    """What a person would start by hand."""
    if profile is None:
        toolkit = runtime.removeprefix("webview-")
        return [sys.executable, "-m", "benchmarks.children.open_page", url, toolkit]
    kind = "chrome" if runtime == "chrome-app" else "firefox"
    program = _program(kind)
    copy = _copy_profile(Path(profile), url)
    if kind == "chrome":
        return [program, f"--user-data-dir={copy}", "--no-first-run", *_root_flags(), f"--app={url}"]
    own = ["--profile", str(copy), "--no-remote", "--new-instance"]
    if runtime == "firefox-xul-app":
        return [*_WITH_PIPES, program, "-app", str(copy / "chrome" / "deskapp" / "application.ini"), *own]
    return [program, *own, "--width", "400", "--height", "300"]


def _copy_profile(profile: Path, url: str) -> Path:
    """A copy of a profile that shows another address."""
    copy = profile.with_name("bare")
    shutil.copytree(profile, copy, symlinks=True, ignore=shutil.ignore_patterns(*_OF_A_RUN))
    with contextlib.suppress(FileNotFoundError):  # Chromium has the address in its command
        preferences = copy / "user.js"
        preferences.write_text(_OURS.sub(url, preferences.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


def _program(kind: str) -> str:
    names = {
        "chrome": ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser"),
        "firefox": ("firefox", "firefox-esr"),
    }[kind]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise Failed(f"none of {', '.join(names)} can be started by its name")
    return found


def _root_flags() -> list[str]:
    from deskapp.runtime.chromium.app import root_flags

    return list(root_flags())


def _is_browser(runtime: str) -> bool:
    return not runtime.startswith("webview-")
