"""All JavaScript that a product can need: of every component class that its modules define."""

from __future__ import annotations

import ast
import importlib.util
import sys
import types
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from deskapp.assets import AssetStore
from deskapp.bridge import get_linked_classes
from deskapp.bridge.code_source import CodeSource, portable_key
from deskapp.bridge.js_code import JsCode
from deskapp.bridge.module_graph import ModuleGraph, js_units
from deskapp.errors import BridgeError
from deskapp.freeze.local_classes import local_classes


@dataclass
class Gathered:
    """What was found.

    Attributes:
        source: Has given out all code.
        warnings: Sentences about what could not be looked at.
    """

    source: CodeSource
    warnings: list[str] = field(default_factory=list)

    def codes(self, folders: Iterable[Path]) -> dict[str, JsCode]:
        """All code by its key; files are named relative to the folder that they are found in, not to this machine.

        Args:
            folders: Where modules are found, the product's own first.
        """
        places = [str(folder.resolve()) for folder in (*folders, *map(Path, sys.path)) if str(folder)]
        return {key: replace(code, file=_relative(code.file, places)) for key, code in self.source.given.items()}


def gather(modules: Iterable[types.ModuleType], is_own: Callable[[str], bool], source: CodeSource) -> Gathered:
    """Make the JavaScript of all component classes that are there, and of those inside functions of the product.

    Args:
        modules: The product's own modules, imported.
        is_own: Whether a module's name is that of one of them.
        source: Where JavaScript comes from; in a check, from the manifest alone.

    Raises:
        BridgeError: Something of the product cannot become JavaScript. What other packages have in vain is a warning.
    """
    gathered = Gathered(source)
    graph = ModuleGraph(AssetStore(), source)
    for cls in sorted(get_linked_classes(), key=lambda each: (each.__module__, each.__qualname__)):
        try:
            graph.modules_for(cls)
        except BridgeError as error:
            if is_own(cls.__module__):
                raise
            gathered.warnings.append(f"{cls.__module__}.{cls.__qualname__}, if it is used, will fail: {error}")
    given = source.given
    for module in modules:
        text = module_text(module)
        if text is None:
            continue
        tree = ast.parse(text)
        file = module.__file__ or module.__name__
        found = local_classes(module, compile(text, file, "exec", dont_inherit=True), tree)
        for local in found.classes:
            units = js_units(local.cls)
            if not all(portable_key(unit) in given for unit in units.values()):
                local.check(units.values())
                graph.modules_for(local.cls)
                given = source.given
        for place, line, name in found.unknown:
            gathered.warnings.append(
                f"{place}:{line}: what {name} derives from is an argument, so its JavaScript was not made; "
                "if it is a component, have it made once while the module is imported"
            )
    return gathered


def module_text(module: types.ModuleType) -> bytes | None:
    """The source of a module; None if it has none, as compiled ones have not."""
    file = module.__file__ if getattr(module, "__file__", None) else None
    if file is None or not file.endswith((".py", ".pyw")):
        return None
    try:
        return Path(file).read_bytes()
    except OSError:
        return None


def lazily_imported(modules: Iterable[types.ModuleType], is_own: Callable[[str], bool]) -> list[str]:
    """Names of the product's modules that its functions import, and that are not imported yet."""
    names: dict[str, None] = {}
    for module in modules:
        text = module_text(module)
        if text is None:
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    for name in _imported(node, module.__package__ or ""):
                        parts = name.split(".")
                        names.update((".".join(parts[: count + 1]), None) for count in range(len(parts)))
    return [name for name in names if name not in sys.modules and _exists(name) and is_own(name)]


def _imported(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        try:
            home = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
        except ImportError:
            return []
        return [home, *(f"{home}.{alias.name}" for alias in node.names)]
    return []


def _exists(name: str) -> bool:
    package = name.rpartition(".")[0]
    if package and package not in sys.modules:
        return False  # to look for it would import the package, which is for the next round
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _relative(file: str, places: Iterable[str]) -> str:
    path = Path(file)
    for place in places:
        if path.is_relative_to(place):
            return path.relative_to(place).as_posix()
    return path.name
