"""Open the demo, on request take a picture of it, and close its window the way a person does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from devtools.display import Screen
from devtools.report import ROOT, SetupProblem, say

DEMO = "monitor"
WINDOW_TIMEOUT_S = 60.0
CLOSE_TIMEOUT_S = 15.0
UNATTENDED_S = 8.0
UNATTENDED_PICTURE = Path("build/demo.png")


def show(python: Path, screen: Screen, *, picture: Path | None, seconds: float | None, toolkit: str | None) -> int:
    """Run the demo and return its exit code.

    Args:
        python: The environment's interpreter.
        screen: Where its window goes.
        picture: File to write a picture to, just before the window is closed.
        seconds: How long the window stays; None waits for the person at the screen, or, on a virtual one, a while.
        toolkit: "gtk" or "qt"; None lets the demo choose.
    """
    program = _program()
    if screen.is_virtual and seconds is None:
        seconds = UNATTENDED_S
        picture = picture or UNATTENDED_PICTURE
        say(f"nobody can see it there, so it closes after {seconds:.0f} s; its picture goes to {picture}")
    elif picture is not None and seconds is None:
        seconds = UNATTENDED_S
    env = {**os.environ, **screen.env}
    if toolkit:
        env["DESKAPP_TOOLKIT"] = toolkit
    if seconds is not None:
        _require_window_tools(env, picture is not None)
    process = subprocess.Popen([str(python), str(program)], cwd=ROOT, env=env)
    try:
        if seconds is None:
            return process.wait()
        return _attended_by_program(process, env, screen, picture, seconds)
    except KeyboardInterrupt:
        return _ended(process)  # the terminal sent it to the demo too, which closes by itself
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()  # an app closes its windows then
        try:
            process.wait(CLOSE_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _program() -> Path:
    for place in (f"examples/{DEMO}/__main__.py", f"examples/{DEMO}/main.py", f"examples/{DEMO}.py"):
        if (ROOT / place).is_file():
            return ROOT / place
    raise SetupProblem(f"the demo, examples/{DEMO}, is not in this checkout.")


def _require_window_tools(env: dict[str, str], with_picture: bool) -> None:
    if not sys.platform.startswith("linux") or not env.get("DISPLAY"):
        raise SetupProblem("--seconds and --screenshot work on X11 screens only; start the demo without them.")
    absent = [tool for tool in ["wmctrl", *(["import"] if with_picture else [])] if not shutil.which(tool)]
    if absent:
        raise SetupProblem(f"to take the picture and close the window these are missing: {', '.join(absent)}.")


def _attended_by_program(
    process: subprocess.Popen[bytes], env: dict[str, str], screen: Screen, picture: Path | None, seconds: float
) -> int:
    window = _wait_for_window(process, env)
    if window is None:
        code = process.poll()
        say("the demo ended before it showed a window" if code is not None else "the demo showed no window in time")
        return code or 1
    say(f"the window is there; waiting {seconds:g} s")
    try:
        code = process.wait(seconds)
        say("the demo ended by itself before its window was closed")
        return code or 1
    except subprocess.TimeoutExpired:
        pass
    drawn = picture is None or _take_picture(env, picture, "root" if screen.is_virtual else window)
    for one in _windows_of(process.pid, env):
        subprocess.run(["wmctrl", "-i", "-c", one], env=env, check=False)
    code = _ended(process)
    say(f"its window is closed; exit code {code}")
    return code if drawn else code or 1


def _take_picture(env: dict[str, str], picture: Path, window: str) -> bool:
    picture = picture.expanduser().absolute()
    picture.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["import", "-silent", "-window", window, str(picture)], env=env, check=False)
    say(f"picture: {picture}" if done.returncode == 0 else "no picture could be taken")
    return done.returncode == 0


def _ended(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(CLOSE_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        say(f"the demo did not end within {CLOSE_TIMEOUT_S:.0f} s of its window's closing; ending it")
        return 1


def _wait_for_window(process: subprocess.Popen[bytes], env: dict[str, str]) -> str | None:
    deadline = time.monotonic() + WINDOW_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        found = _windows_of(process.pid, env)
        if found:
            return found[0]
        time.sleep(0.1)
    return None


def _windows_of(pid: int, env: dict[str, str]) -> list[str]:
    """The X11 windows of a process and of all that it started."""
    family = _family(pid)
    listing = subprocess.run(["wmctrl", "-l", "-p"], env=env, capture_output=True, text=True, check=False).stdout
    rows = [line.split(None, 4) for line in listing.splitlines()]
    return [row[0] for row in rows if len(row) > 2 and row[2].isdigit() and int(row[2]) in family]


def _family(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The command's name may hold blanks and brackets; what follows its last bracket does not.
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue  # it ended while we looked
    family = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in family} - family
        if not more:
            return family
        family |= more
