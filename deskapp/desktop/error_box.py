"""Tells a person that a program has ended by an error, with whatever can still show a window."""

from __future__ import annotations

import html
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from deskapp.desktop.dialog_tools import find_tool, question
from deskapp.desktop.outside import outside_environment

READING_TIME_S = 600.0
"""Nobody reads longer; the process does not stay for ever."""

_PAGE = """\
<!DOCTYPE html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px system-ui, sans-serif; margin: 28px; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; }}
</style>
<h3>{title}</h3>
<pre>{what}</pre>
<p>Details are in <code>{log}</code>.</p>
"""


def show_error(name: str, what: str, log: Path, again: Sequence[str], *, timeout_s: float = READING_TIME_S) -> bool:
    """Show what happened, and wait until the person has closed the window.

    Args:
        name: The program.
        what: The error, in a few lines.
        log: Where more about it is.
        again: The command that shows a page; the page's path is appended. Empty: there is none.
        timeout_s: Seconds after which it is taken as read.

    Returns:
        Whether a window was shown.
    """
    if not _has_screen():
        return False
    title = f"{name} has ended by an error"
    tries: list[Callable[[], bool]] = [
        lambda: _by_page(title, what, log, again, timeout_s),
        lambda: _by_system(title, f"{what}\n\nDetails are in {log}.", timeout_s),
    ]
    return any(attempt() for attempt in tries)


def error_page(title: str, what: str, log: Path) -> str:
    """The page that says it."""
    return _PAGE.format(title=html.escape(title), what=html.escape(what), log=html.escape(str(log)))


def _has_screen() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _by_page(title: str, what: str, log: Path, again: Sequence[str], timeout_s: float) -> bool:
    if not again:
        return False
    with tempfile.TemporaryDirectory(prefix="deskapp-") as folder:
        page = Path(folder) / f"{title.replace('/', '-')}.html"
        page.write_text(error_page(title, what, log), encoding="utf-8")
        return _ran([*again, str(page)], timeout_s, outside=False)


def _by_system(title: str, text: str, timeout_s: float) -> bool:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, title, 0x10)
        return True
    if sys.platform == "darwin":
        script = "on run argv\ndisplay alert (item 1 of argv) message (item 2 of argv) as critical\nend run"
        return _ran(["osascript", "-e", script, title, text], timeout_s)
    tool = find_tool()
    if tool is None:
        return False
    arguments = {"title": title, "text": text, "detail": "", "kind": "error", "buttons": ["Close"]}
    return _ran(question(tool, "message", arguments).command, timeout_s)


def _ran(command: Sequence[str], timeout_s: float, *, outside: bool = True) -> bool:
    quiet = subprocess.DEVNULL
    environment = outside_environment() if outside else None
    try:
        done = subprocess.run(
            command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=timeout_s, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
    return done.returncode == 0
