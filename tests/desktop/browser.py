"""Browsers of the user, without a screen: one that only looks, and one that is driven."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.desktop.processes import descendants

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
"""Works for root and without a network of its own."""


@contextmanager
def chromium(url: str, profile: Path) -> Iterator[None]:
    """A headless Chromium that shows one page."""
    command = [
        chromium_program(),
        "--headless",
        *QUIET,
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


@contextmanager
def driven_chromium(*, with_scrollbars: bool = False) -> Iterator[Browser]:
    """A headless Chromium driven with Playwright: ``browser.new_page()``, ``page.goto(url)``, ``page.click(…)``."""
    from playwright.sync_api import sync_playwright  # only the environment of the developers has it

    with sync_playwright() as playwright:
        hiding = ["--hide-scrollbars"] if with_scrollbars else None  # Playwright hides them by default
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=QUIET, ignore_default_args=hiding)
        try:
            yield browser
        finally:
            browser.close()


def chromium_program() -> str:
    """Path of the Chromium of this machine, which `dev.py` installs where it can."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "Chromium is not installed: sudo apt install chromium"
    return program
