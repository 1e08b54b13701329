"""Runs a module as the program: as Python does for ``python -m``, but the module stays ``__main__`` afterwards."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


def run_as_main(name: str) -> ModuleType:
    """Run a module, or the ``__main__`` of a package, under the name ``__main__``; return it when it has ended.

    Unlike `runpy.run_module` it leaves the module in ``sys.modules``: what it defines is looked up there while the
    program runs, and after it ended by an exception as well. It needs no source.

    Args:
        name: The module's or package's dotted name.

    Raises:
        ModuleNotFoundError: There is no such module, or nothing of it that can be run.
        BaseException: Whatever the module raises.
    """
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        name = f"{name}.__main__"
        spec = importlib.util.find_spec(name)
    code = getattr(spec.loader, "get_code")(name) if spec is not None and spec.loader is not None else None  # noqa: B009
    if spec is None or code is None:
        raise ModuleNotFoundError(f"There is no module {name!r} that can be run.", name=name)
    module = ModuleType("__main__")
    values = {
        "__spec__": spec,
        "__loader__": spec.loader,
        "__package__": spec.parent,
        "__file__": spec.origin,
        "__cached__": spec.cached,
        "__builtins__": __builtins__,
    }
    vars(module).update(values)
    sys.modules["__main__"] = module
    exec(code, vars(module))
    return module
