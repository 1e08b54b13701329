"""An example as a web page: `cls` of `path`, with `args`; ``tell`` evaluates with `module` and the last `root`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from deskapp import app, start, stop
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say


def tell(expression: str) -> None:
    root = app.manager.sessions[-1].app
    say("told", expression=expression, value=eval(expression, {"root": root, "module": module}))


if __name__ == "__main__":
    path = Path(OPTIONS["path"])
    sys.path.insert(0, str(path.parent))
    module = importlib.import_module(path.stem)
    example = app.App(getattr(module, OPTIONS["cls"]), *OPTIONS.get("args", ()))
    example.serve("")
    say("serving", url=example.url)
    obey({"tell": tell, "stop": stop})
    run_and_tell(start)
