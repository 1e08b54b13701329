"""A screen for windows: the one that is there, or a virtual one that ends with the command."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from devtools.report import SetupProblem, say

START_TIMEOUT_S = 20.0
END_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Screen:
    """Where windows go: `env` has to be in the environment of what opens them."""

    env: dict[str, str]
    is_virtual: bool


@contextlib.contextmanager
def screen() -> Iterator[Screen]:
    """The user's screen, or Xvfb with the window manager openbox, both ended at the end of the block.

    Raises:
        SetupProblem: There is no screen, and none can be made.
    """
    if not sys.platform.startswith("linux") or os.environ.get("WAYLAND_DISPLAY") or _answers(os.environ.get("DISPLAY")):
        yield Screen({}, is_virtual=False)
        return
    absent = [tool for tool in ("Xvfb", "openbox", "wmctrl") if not shutil.which(tool)]
    if absent:
        raise SetupProblem(f"there is no screen, and for a virtual one these are missing: {', '.join(absent)}.")
    with contextlib.ExitStack() as stack:
        display = stack.enter_context(xvfb())
        env = {"DISPLAY": display}
        stack.callback(_end, _spawn(["openbox", "--sm-disable"], env))
        _wait(
            "openbox",
            lambda: subprocess.run(["wmctrl", "-m"], env={**os.environ, **env}, capture_output=True).returncode == 0,
        )
        say(f"no screen here: using a virtual one, {display} (Xvfb with openbox)")
        yield Screen(env, is_virtual=True)


@contextlib.contextmanager
def xvfb(*options: str, size: str = "1280x800") -> Iterator[str]:
    """A virtual screen without a window manager, by its name; ended at the end of the block.

    Args:
        *options: Further options of Xvfb.
        size: Width and height in pixels.

    Raises:
        SetupProblem: It does not start.
    """
    with contextlib.ExitStack() as stack:
        yield _start_xvfb(stack, options, size)


def _start_xvfb(stack: contextlib.ExitStack, options: Sequence[str], size: str) -> str:
    # Xvfb picks a free number and writes it to the pipe when it is ready: no race with other servers.
    reader, writer = os.pipe()
    stack.callback(os.close, reader)
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
    try:
        server = _spawn([*command, *options], {}, pass_fds=(writer,))
    finally:
        os.close(writer)
    stack.callback(_end, server)
    text = b""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], max(0.0, deadline - time.monotonic()))
        part = os.read(reader, 16) if ready else b""
        if not part:
            raise SetupProblem("Xvfb did not start.")
        text += part
    return f":{int(text)}"


def _spawn(command: list[str], env: dict[str, str], pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl+C in the terminal must not take the screen away before the windows on it are closed.
    return subprocess.Popen(
        command,
        env={**os.environ, **env},
        pass_fds=pass_fds,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(display: str | None) -> bool:
    if not display:
        return False
    if not shutil.which("xdpyinfo"):
        return True
    return subprocess.run(["xdpyinfo", "-display", display], capture_output=True).returncode == 0


def _wait(what: str, is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_there():
        if time.monotonic() > deadline:
            raise SetupProblem(f"{what} did not start within {START_TIMEOUT_S:.0f} s.")
        time.sleep(0.05)
