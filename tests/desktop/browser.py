"""A browser of the user, without a screen."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.desktop.processes import descendants


@contextmanager
def chromium(url: str, profile: Path) -> Iterator[None]:
    """A headless Chromium that shows one page."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed: sudo apt install chromium")
    command = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        url,
    ]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        family = descendants(process.pid)
        process.terminate()
        process.wait(10)
        _, alive = psutil.wait_procs(family, timeout=3)
        for one in alive:
            one.kill()
