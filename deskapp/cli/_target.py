"""What a command was pointed at: a file or a module, and perhaps a name in it."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType

from deskapp.errors import DeskappError


class TargetError(DeskappError):
    """There is nothing to run under the given name.

    Args:
        target: What was given.
        why: What was looked for and not found.
        near: Names that are there and look alike.
    """

    def __init__(self, target: str, why: str, *, near: Iterable[str] = ()) -> None:
        self.target, self.why, self.near = target, why, tuple(near)
        super().__init__(target, why, self.near)

    def __str__(self) -> str:
        hint = f" Did you mean {' or '.join(map(repr, self.near))}?" if self.near else ""
        return f"Cannot use {self.target!r}: {self.why}.{hint}"


@dataclass(frozen=True)
class Target:
    """Exactly one of `file` and `module` is given.

    Attributes:
        text: What the user wrote.
        file: A Python file.
        module: A module's dotted name.
        name: What to launch in it; None runs it as a program.
    """

    text: str
    file: Path | None
    module: str | None
    name: str | None


def parse_target(text: str) -> Target:
    """Read ``FILE``, ``FILE:NAME``, ``MODULE`` or ``MODULE:NAME``.

    Raises:
        TargetError: It is none of these, or the file is not there.
    """
    place, colon, name = text.rpartition(":")
    if not colon or not name.isidentifier():  # also a Windows drive has a colon
        place, name = text, ""
    if _looks_like_file(place):
        file = Path(place)
        if not file.is_file():
            raise TargetError(text, f"there is no file {place!r}", near=_near_files(file))
        return Target(text, file, None, name or None)
    if all(part.isidentifier() for part in place.split(".")):
        return Target(text, None, place, name or None)
    raise TargetError(text, "write a Python file, or a module's dotted name, either with :NAME if you like")


def _looks_like_file(place: str) -> bool:
    return place.endswith((".py", ".pyw")) or "/" in place or "\\" in place or Path(place).is_file()


def _near_files(file: Path) -> list[str]:
    if not file.parent.is_dir():
        return []
    there = sorted(other.name for other in file.parent.glob("*.py"))
    return [str(file.with_name(name)) for name in difflib.get_close_matches(file.name, there, n=3)]


def load(target: Target) -> object:
    """Import the target's file or module and return what its name stands for: a class or a function.

    Raises:
        TargetError: The module or the name is not there, or it is neither class nor function.
    """
    module = load_module(target)
    name = target.name or ""
    try:
        found: object = getattr(module, name)
    except AttributeError:
        near = difflib.get_close_matches(name, own_names(vars(module), module.__name__), n=3, cutoff=0.5)
        raise TargetError(target.text, f"there is no {name!r} in {module.__name__!r}", near=near) from None
    if not callable(found):
        raise TargetError(target.text, f"{name!r} is {type(found).__name__}, and a class or a function is needed")
    return found


def load_module(target: Target) -> ModuleType:
    """Import the target's file or module.

    Raises:
        TargetError: It is not there.
    """
    return _import_file(target, target.file) if target.file is not None else _import_module(target)


def own_names(names: Mapping[str, object], module: str) -> list[str]:
    """Return which of a module's names are classes and functions of its own."""
    kinds = (type, FunctionType)
    return [name for name, ob in names.items() if isinstance(ob, kinds) and ob.__module__ == module]


def _import_file(target: Target, file: Path) -> ModuleType:
    file = file.resolve()
    name = file.stem
    if not name.isidentifier():
        raise TargetError(target.text, f"the file's name has to be a Python name, and {name!r} is none")
    if name in sys.stdlib_module_names or name in sys.modules:
        raise TargetError(target.text, f"there is already a module {name!r}; give the file another name")
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TargetError(target.text, f"{file.name!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(file.parent))  # as Python itself does for a file that it runs
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _import_module(target: Target) -> ModuleType:
    require_module(target)
    return importlib.import_module(str(target.module))


def require_module(target: Target) -> None:
    """Find the target's module without running it, its parent packages excepted.

    Raises:
        TargetError: It is not there.
    """
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)  # as `python -m` does
    name = str(target.module)
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # the package is there and misses something else; its own words say what
        spec = None
    if spec is None:
        files = [file.stem for file in Path.cwd().glob("*.py")]
        raise TargetError(target.text, f"there is no module {name!r}", near=difflib.get_close_matches(name, files, n=3))
