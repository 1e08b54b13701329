"""A module that is imported when something in it is first used."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


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
        module = import_module(self.__name__)
        # What was asked for once is found at once.
        value: object = getattr(module, name)
        setattr(self, name, value)
        return value
