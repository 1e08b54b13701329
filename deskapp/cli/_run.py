"""`deskapp run`: a file or module as a program, or one class of it."""

from __future__ import annotations

import importlib
import os
import runpy
import sys
from collections.abc import Callable, Mapping, Sequence

from deskapp.cli._target import Target, load, own_names, parse_target, require_module
from deskapp.errors import SessionClosedException


def run(text: str, *, runtime: str | None = None, arguments: Sequence[str] = ()) -> int:
    """Run what `text` names; return when its last window has closed.

    Args:
        text: ``FILE``, ``FILE:NAME``, ``MODULE`` or ``MODULE:NAME``.
        runtime: What shows the windows, instead of the settings' choice.
        arguments: Become ``sys.argv[1:]`` of the program.

    Returns:
        The exit code; a program that ends by ``SystemExit`` keeps its own.

    Raises:
        TargetError: There is no such file, module or name.
    """
    target = parse_target(text)
    if target.name is None:
        _run_program(target, runtime, arguments)
        return 0
    sys.argv[:] = [text, *arguments]
    what = load(target)
    # The app's code comes first, then ours: its own mistakes show at once. By name, because most commands need no app.
    app = importlib.import_module("deskapp.app")
    app.launch(what, runtime)
    return int(app.run() or 0)


def _run_program(target: Target, runtime: str | None, arguments: Sequence[str]) -> None:
    if runtime is not None:
        os.environ["DESKAPP_RUNTIME"] = runtime  # the program calls launch() itself; only its settings can be reached
    if target.file is None:
        require_module(target)
        sys.argv[:] = [target.text, *arguments]
        _run(target, lambda: runpy.run_module(str(target.module), run_name="__main__", alter_sys=True))
        return
    file = target.file.resolve()
    sys.argv[:] = [str(file), *arguments]
    sys.path.insert(0, str(file.parent))  # as Python itself does for a file that it runs
    _run(target, lambda: runpy.run_path(str(file), run_name="__main__"))


def _run(target: Target, program: Callable[[], Mapping[str, object]]) -> None:
    """Run a program, and after it the window that it may have opened as a script."""
    ending = None
    try:
        _hint(target, program())
    except SessionClosedException as error:
        ending = error
    from deskapp._script_mode import finish_script  # after the program's own code, which needs it seldom

    finish_script(ending)


def _hint(target: Target, names: Mapping[str, object]) -> None:
    """Say so if a program has ended that never asked for a window."""
    if "deskapp.launcher" in sys.modules:
        return
    apps = [name for name in own_names(names, "__main__") if hasattr(names[name], "__js_source__")]
    which = "" if not apps else f" To launch one of its classes, write deskapp run {target.text}:{' or :'.join(apps)}"
    print(f"deskapp: {target.text!r} has ended; it launched nothing.{which}", file=sys.stderr)
