"""A window while a prompt goes on, and components in cells: `init_interactive` and `init_notebook` of `deskapp.app`."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from deskapp._lazy import LazyModule
from deskapp._prompt import PromptHook
from deskapp.bridge import BaseAppComponent, Model, PyComponent
from deskapp.bridge import link as links
from deskapp.errors import DeskappError
from deskapp.event import current_loop

if TYPE_CHECKING:
    import asyncio

    from deskapp._notebook import Notebook
    from deskapp.bridge import Model
    from deskapp.launcher import Launcher
    from deskapp.session import Session
else:
    asyncio = LazyModule("asyncio")  # 20 ms, in which the host's process can start

__all__ = ["EmptyPage", "Prompt", "notebook", "prompt"]

logger = logging.getLogger("deskapp")

STOP_TIMEOUT_S = 15.0
"""Seconds that windows, server and runtimes have to end in when the prompt ends."""

_DEAF_PROMPTS = {"idlelib.run": "IDLE", "bpython": "bpython", "ptpython": "ptpython"}
"""Prompts that wait without letting anybody else do something."""


class EmptyPage(PyComponent):
    """What the window of a prompt shows before anything was made."""

    CSS = """
    #deskapp-root:empty::before {
      content: "What you make at the prompt appears here.";
      display: grid;
      place-items: center;
      height: 100%;
      color: var(--deskapp-quiet);
    }
    """


class Prompt:
    """Shows one window while a prompt goes on; what is made at the prompt belongs to that window.

    Args:
        launcher: Makes and runs the window, on the asyncio loop of the prompt.

    Raises:
        DeskappError: There is no prompt, or one that lets nobody work while it waits.
    """

    def __init__(self, launcher: Launcher) -> None:
        self.launcher = launcher
        self._session: Session | None = None
        self._task: asyncio.Task[int] | None = None
        self._hook: PromptHook | None = None
        found = _running_loop() or _loop_of_ipython()
        self._is_own_loop = found is None
        if found is None:
            _check_plain_prompt()
            found = asyncio.new_event_loop()
            self._hook = PromptHook(found)
        self._aio = found

    @property
    def is_over(self) -> bool:
        """Whether its loop has ended, and it can show nothing any more."""
        return self._aio.is_closed()

    def show(self, launch: Callable[[], BaseAppComponent | Model]) -> BaseAppComponent | Model:
        """Show a window, unless the one that was shown last is still there.

        Args:
            launch: Launches the app and returns its root component.

        Returns:
            The root component of the window that is there now.
        """
        session = self._session
        if session is not None and session.ending is None and session.app is not None:
            return session.app
        component = launch()
        self._begin()
        self._session = component.session
        links.use_default(self._session)
        return component

    def _begin(self) -> None:
        """Have the launcher run; nothing if it does."""
        if self.launcher.is_running or (self._task is not None and not self._task.done()):
            return
        if self._is_own_loop:
            asyncio.set_event_loop(self._aio)  # for asyncio.get_event_loop().run_until_complete(…) at the prompt
        self._task = self._aio.create_task(self.launcher.run_async(stops_with_last_window=False))
        self._task.add_done_callback(_tell_failure)
        if not self._aio.is_running():
            self._aio.run_until_complete(self._started())
        if self._hook is not None:
            self._hook.install()
        atexit.register(self.end)

    async def _started(self) -> None:
        task = self._task
        while task is not None and not task.done() and not self.launcher.is_running:
            await asyncio.sleep(0)

    def end(self) -> None:
        """End windows, server and runtimes, in order; called at the end of the process."""
        atexit.unregister(self.end)
        if self._hook is not None:
            self._hook.remove()
        aio, task = self._aio, self._task
        if task is None or aio.is_closed() or aio.is_running():
            return
        self.launcher.stop()
        with contextlib.suppress(Exception):  # told by `_tell_failure`
            aio.run_until_complete(asyncio.wait_for(task, STOP_TIMEOUT_S))
        if self._is_own_loop:
            asyncio.set_event_loop(None)
            aio.close()


class _Default:
    """Holds the process's prompt and notebook, made on first use."""

    prompt: Prompt | None = None
    notebook: Notebook | None = None


def prompt(launcher: Launcher) -> Prompt:
    """Return what shows windows at the prompt of this process, made on first use.

    Raises:
        DeskappError: There is no prompt, or one that lets nobody work while it waits.
    """
    found = _Default.prompt
    if found is None or found.launcher is not launcher or found.is_over:
        found = _Default.prompt = Prompt(launcher)
    return found


def notebook(launcher: Launcher) -> Notebook:
    """Have IPython show components in the cells of this notebook; nothing new if it does so already.

    Raises:
        DeskappError: This is no Jupyter kernel.
        PackageMissing: anywidget is not installed.
    """
    shell, aio = _shell(), _running_loop()
    if shell is None or getattr(shell, "kernel", None) is None or aio is None:
        raise DeskappError("init_notebook() is for Jupyter notebooks; at a prompt call init_interactive().")
    found = _Default.notebook
    if found is None or found.home.ending is not None:
        from deskapp._notebook import Notebook

        current_loop().integrate(aio)
        found = _Default.notebook = Notebook(
            launcher, aio, cell_text=lambda: str(shell.history_manager.input_hist_parsed[-1])
        )
        formatter: Any = shell.display_formatter.mimebundle_formatter
        formatter.for_type(BaseAppComponent, found.mime_bundle)
    links.use_default(found.home)
    return found


def _tell_failure(task: asyncio.Task[int]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("%s", error)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs this very code: that of a Jupyter kernel, or of ``python -m asyncio``."""
    return asyncio._get_running_loop()


def _shell() -> Any:
    """The shell of IPython, or None outside it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _loop_of_ipython() -> asyncio.AbstractEventLoop | None:
    """The loop that IPython iterates while its prompt waits, as ``%gui asyncio`` has it do; None outside IPython."""
    shell = _shell()
    if shell is None or getattr(shell, "simple_prompt", False) or not hasattr(shell, "active_eventloop"):
        return None
    helpers: Any = importlib.import_module("IPython.core.async_helpers")
    if shell.active_eventloop not in (None, "asyncio"):
        logger.warning("%%gui %s was active at this prompt; %%gui asyncio is from now on.", shell.active_eventloop)
        shell.enable_gui(None)
    if shell.active_eventloop != "asyncio":
        shell.enable_gui("asyncio")
    loop: asyncio.AbstractEventLoop = helpers.get_asyncio_loop()
    return loop


def _check_plain_prompt() -> None:
    """Raise if no plain prompt waits, or will wait, in this process."""
    deaf = next((title for name, title in _DEAF_PROMPTS.items() if name in sys.modules), "")
    if deaf:
        why = f"the prompt of {deaf} lets nobody else work while it waits; use IPython, Jupyter or plain `python`"
    elif threading.current_thread() is not threading.main_thread():
        why = "it was called on another thread than the main one, where the prompt is"
    elif not (hasattr(sys, "ps1") or sys.flags.interactive or os.environ.get("PYTHONINSPECT")):
        why = "there is none; in a program call launch() and then run(), or start it with `python -i`"
    else:
        return
    raise DeskappError(f"init_interactive() is for a prompt: {why}.")
