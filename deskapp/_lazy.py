"""Names and modules that are imported when they are first used, which keeps the start of a program short."""

from __future__ import annotations

import sys

# Type checkers take this name for true wherever it comes from; `typing` and `types` take longer to import than deskapp.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType
else:
    ModuleType = type(sys)


class LazyModule(ModuleType):
    """Stands for a module of the standard library that takes long to import; for start-up cost alone.

        if TYPE_CHECKING:
            import asyncio
        else:
            asyncio = LazyModule("asyncio")

    Args:
        name: Name of the module.
    """

    def __getattr__(self, name: str) -> object:
        from importlib import import_module

        module = import_module(self.__name__)
        # What was asked for once is found at once.
        value: object = getattr(module, name)
        setattr(self, name, value)
        return value


def lazy_names(
    module: str,
    homes: Mapping[str, Iterable[str]],
    *,
    submodules: Iterable[str] = (),
    made: Mapping[str, Callable[[], object]] | None = None,
) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a module whose names come from others, each imported when it is first used.

    Type checkers do not see through it: the module imports the same names under ``if TYPE_CHECKING``, and has the
    function where they do not look, so that they can tell a name that is not there:

        if TYPE_CHECKING:
            from deskapp.session import Session
        else:
            __getattr__ = lazy_names(__name__, {"deskapp.session": ("Session",)})

    Args:
        module: Whose names they are.
        homes: Where they come from: full names of modules, and of what is taken from each.
        submodules: Names of modules of this package that are to be found without importing them.
        made: Functions that make a value, asked anew each time.
    """

    def find(name: str) -> object:
        from importlib import import_module

        if made is not None and name in made:
            return made[name]()
        if name in submodules:
            return import_module(f"{module}.{name}")
        for home, names in homes.items():
            if name in names:
                return getattr(import_module(home), name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return find
