"""Script mode: a file that runs top to bottom, whose first call of a session function opens a window and goes on.

Decides whether a program is one. How it goes on then is in `_script_window`.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from deskapp import app

if TYPE_CHECKING:
    from types import FrameType

    from deskapp._script_window import ScriptWindow
    from deskapp.errors import SessionClosedException
    from deskapp.session.run import Run


class _Default:
    """Holds the window of this process's script, if it came to that."""

    lock = threading.Lock()
    window: ScriptWindow | None = None


def begin() -> Run | None:
    """The run of the script that this program is, whose window the first call opens; None if it is no script.

    A program that launches, serves or runs something is none; neither are prompts, tests, workers of
    `multiprocessing`, and code that asyncio runs.

    Raises:
        Exception: As of `ScriptWindow.run`.
    """
    with _Default.lock:
        window = _Default.window
        if window is None:
            frame = script_frame()
            if frame is None or not app.takes_script():
                return None
            from deskapp._script_window import ScriptWindow

            window = _Default.window = ScriptWindow(frame)
            window.open()
    return window.run()


def finish_script(ending: SessionClosedException | None) -> None:
    """Do what comes after the end of a file that was run as a program; nothing if it was no script with a window.

    Args:
        ending: What it ended by; from a script that is no news.

    Raises:
        SessionClosedException: It was no script.
        Exception: As of `ScriptWindow.finish`.
    """
    window = _Default.window
    if window is not None:
        if ending is not None:
            window.hear_closing(ending)
        window.finish()
    elif ending is not None:
        raise ending


def script_frame() -> FrameType | None:
    """The frame of the file that runs as the program, or of the text after ``-c``; None if none could have a window."""
    main: Any = sys.modules.get("__main__")
    if main is None or _is_prompt() or _is_worker() or _is_test(main) or _is_in_asyncio():
        return None
    if not hasattr(main, "__file__") and sys.argv[:1] != ["-c"]:
        return None
    found = None
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame is not None:
        if frame.f_globals is vars(main) and frame.f_code.co_name == "<module>":
            found = frame  # the outermost one counts: the others are what it executes
        frame = frame.f_back
    return found


def _is_prompt() -> bool:
    ipython = sys.modules.get("IPython")
    return (
        hasattr(sys, "ps1")
        or bool(sys.flags.interactive or os.environ.get("PYTHONINSPECT"))
        or "idlelib.run" in sys.modules
        or (ipython is not None and ipython.get_ipython() is not None)
    )


def _is_worker() -> bool:
    multiprocessing: Any = sys.modules.get("multiprocessing.process")
    return multiprocessing is not None and multiprocessing.parent_process() is not None


def _is_test(main: Any) -> bool:
    """Whether a test runner has the program: a test that forgot its session must not open windows."""
    spec = getattr(main, "__spec__", None)
    if spec is not None and spec.name.partition(".")[0] in ("pytest", "unittest"):
        return True
    # In the environment of programs that tests start, too; those have not imported pytest.
    return "_pytest" in sys.modules and not {"PYTEST_VERSION", "PYTEST_CURRENT_TEST"}.isdisjoint(os.environ)


def _is_in_asyncio() -> bool:
    asyncio: Any = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
