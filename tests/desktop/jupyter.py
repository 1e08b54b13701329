"""A Jupyter server of our own, with JupyterLab, Notebook 7 and the classic notebook, and a driven page of it."""

from __future__ import annotations

import copy
import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.desktop.processes import descendants, is_alive

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).parents[2]
START_TIMEOUT_S = 30.0
TIMEOUT_MS = 15_000

PATHS = {
    "lab": "/lab/workspaces/{space}/tree/{name}",  # JupyterLab opens again what was open in the same workspace
    "notebook": "/notebooks/{name}",
    "nbclassic": "/nbclassic/notebooks/{name}",
}
"""Where each front end shows a notebook."""

QUIET_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


class Server:
    """A Jupyter server that listens on this machine alone, behind a token.

    Args:
        folder: Where its notebooks are.
        home: Where it and its kernels keep everything else.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.token = secrets.token_hex(16)
        self._log = home / "jupyter.log"
        settings = home / "share" / "jupyter" / "lab" / "settings"
        settings.mkdir(parents=True)
        (settings / "overrides.json").write_text(json.dumps(QUIET_SETTINGS))
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "IPYTHONDIR": str(home / "ipython"),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(home / "user-settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root"]
        options = {
            "IdentityProvider.token": self.token,
            "ServerApp.root_dir": str(folder),
            "LabApp.app_settings_dir": str(settings),
            "LabApp.news_url": "None",
        }
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, *(f"--{name}={value}" for name, value in options.items())],
                env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.url = self._wait_for_url()

    def _wait_for_url(self) -> str:
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline_s and self.process.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+/", self.log)
            if found is not None:
                return found.group(0).rstrip("/")
            time.sleep(0.05)
        raise AssertionError(f"Jupyter did not start within {START_TIMEOUT_S} s: {self.log}")

    @property
    def log(self) -> str:
        """What the server and its kernels said."""
        return self._log.read_text(errors="replace")

    def ask(self, path: str, method: str = "GET") -> Any:
        """Ask the server's API, see https://jupyter-server.readthedocs.io/en/latest/developers/rest-api.html."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def connected_kernels(self) -> int:
        """How many kernels a page is connected with."""
        try:
            return sum(bool(kernel["connections"]) for kernel in self.ask("kernels"))
        except urllib.error.HTTPError:  # answered while a kernel is being started
            return 0

    def end_kernels(self) -> None:
        """End all kernels, and forget what they were for."""
        for session in self.ask("sessions"):
            self.ask(f"sessions/{session['id']}", "DELETE")

    def write(self, name: str, cells: Sequence[str]) -> str:
        """Put a notebook into the folder and return its name."""
        code: list[dict[str, Any]] = [
            {
                "cell_type": "code",
                "id": f"cell{n}",
                "metadata": {},
                "source": text,
                "outputs": [],
                "execution_count": None,
            }
            for n, text in enumerate(cells)
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        content = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / name).write_text(json.dumps(content))
        return name

    def end(self) -> None:
        """End server and kernels."""
        family = descendants(self.process.pid)
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        for one in family:
            if is_alive(one):
                one.kill()


@contextmanager
def jupyter(folder: Path, home: Path) -> Iterator[Server]:
    """A Jupyter server for the time of a ``with`` block."""
    server = Server(folder, home)
    try:
        yield server
    finally:
        server.end()


class NotebookTab:
    """A notebook in a tab of a browser.

    Args:
        server: The server that has it.
        browser: Gets a window of its own for it.
        name: The notebook's file.
        kind: The front end, a key of `PATHS`.
    """

    def __init__(self, server: Server, browser: Browser, name: str, kind: str = "lab") -> None:
        self.server = server
        self.kind = kind
        self.complaints: list[str] = []
        self._scope = ""
        self._context = browser.new_context(viewport={"width": 1100, "height": 800})
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.on("console", lambda line: self._note(line.type, line.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        path = PATHS[kind].format(name=name, space=secrets.token_hex(4))
        self.page.goto(f"{server.url}{path}?token={server.token}")
        self.wait_until_ready()

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)

    @property
    def complaints_of_deskapp(self) -> list[str]:
        """Errors in the console that are not the front end's own."""
        ours = ("deskapp", "anywidget", "widget", "SyntaxError", "TypeError", "ReferenceError", "Refused")
        return [text for text in self.complaints if any(word in text for word in ours)]

    def wait_until_ready(self) -> None:
        """Wait until the notebook is there, and its kernel idle."""
        if self.kind == "nbclassic":
            self.page.wait_for_function(
                "window.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()"
            )
        else:
            self.page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        self._wait_for_kernels(1)

    def _wait_for_kernels(self, count: int) -> None:
        self._until(lambda: self.server.connected_kernels() >= count, "a kernel")
        if self.kind != "nbclassic":
            self.page.wait_for_selector(self._scope + ".jp-Notebook-ExecutionIndicator[data-status='idle']")

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline_s = time.monotonic() + TIMEOUT_MS / 1000
        while not condition():
            assert time.monotonic() < deadline_s, f"{what}: not within {TIMEOUT_MS} ms; {self.server.log[-2000:]}"
            self.page.wait_for_timeout(20)

    def cell(self, index: int) -> Locator:
        """A code cell."""
        kind = ".code_cell" if self.kind == "nbclassic" else ".jp-CodeCell"
        return self.page.locator(self._scope + kind).nth(index)

    def output(self, index: int) -> Locator:
        """What is below a cell."""
        return self.cell(index).locator(".output_wrapper" if self.kind == "nbclassic" else ".jp-Cell-outputArea")

    def start(self, index: int) -> None:
        """Run a cell; does not wait for its end."""
        self.cell(index).locator(".CodeMirror" if self.kind == "nbclassic" else ".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def run(self, index: int) -> None:
        """Run a cell and wait until it has ended."""
        prompt = self._prompt(index)
        self.start(index)
        self._until(lambda: self._prompt(index) != prompt and "*" not in self._prompt(index), f"cell {index} ends")

    def _prompt(self, index: int) -> str:
        kind = ".input_prompt" if self.kind == "nbclassic" else ".jp-InputPrompt"
        return self.cell(index).locator(kind).inner_text()

    def edit(self, index: int, text: str) -> None:
        """Replace the text of a cell."""
        self.cell(index).locator(".CodeMirror" if self.kind == "nbclassic" else ".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def count(self) -> int:
        """How many code cells there are."""
        return self.page.locator(self._scope + (".code_cell" if self.kind == "nbclassic" else ".jp-CodeCell")).count()

    def is_busy(self, index: int) -> bool:
        """Whether a cell runs."""
        return "*" in self._prompt(index)

    def restart_kernel(self) -> None:
        """Restart the kernel by the menu, as people do."""
        if self.kind == "nbclassic":
            self.page.get_by_text("Kernel", exact=True).click()
            self.page.get_by_text("Restart", exact=True).click()
            self.page.locator(".modal-dialog .btn-danger").click()
        else:
            self.page.locator(".lm-MenuBar-itemLabel", has_text="Kernel").click()
            self.page.locator(".lm-Menu-itemLabel", has_text="Restart Kernel…").first.click()
            self.page.locator(".jp-Dialog button.jp-mod-accept").click()
            self.page.wait_for_selector(".jp-Dialog", state="detached")

    def beside(self, name: str) -> NotebookTab:
        """Another notebook in the same page of JupyterLab."""
        other = copy.copy(self)
        self.page.keyboard.press("Escape")
        self.page.locator(".jp-DirListing-itemText", has_text=name).dblclick()
        other._scope = ".jp-NotebookPanel:not(.lm-mod-hidden) "
        self.page.locator(".lm-TabBar-tab.lm-mod-current", has_text=name).first.wait_for()
        other._wait_for_kernels(2)
        return other

    def save(self) -> None:
        """Save the notebook, so that outputs are there when the page is loaded anew."""
        self.page.keyboard.press("Control+S")
        self.page.wait_for_timeout(500)

    def reload(self) -> None:
        """Load the page anew."""
        self.page.reload()
        self.wait_until_ready()

    def close(self) -> None:
        """Close the tab."""
        self._context.close()
