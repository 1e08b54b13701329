"""The rules of the house as contract types for import-linter; `pyproject.toml` says what they apply to.

They differ from the built-in types in that a name may stand for less than its package (the wire lives in
`deskapp.bridge`, but below its components), and in that every module has to have a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class _Listing(Contract):
    """A contract whose faults are sentences."""

    def faults(self, graph: ImportGraph) -> list[str]:
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = self.faults(graph)
        return ContractCheck(kept=not found, metadata={"faults": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(fault, bold=False)


class Floors(_Listing):
    """No import from a higher floor; function-level imports count, those under TYPE_CHECKING do not."""

    type_name = "floors"
    floors = fields.ListField(subfield=fields.StringField())

    def faults(self, graph: ImportGraph) -> list[str]:
        names: Any = self.floors
        return floor_faults(graph, [[name.strip() for name in line.split(",")] for line in names])


class Acyclic(_Listing):
    """No circle of imports: of modules, or of what is right below the root or any other package."""

    type_name = "acyclic"

    def faults(self, graph: ImportGraph) -> list[str]:
        return cycle_faults(graph)


class Private(_Listing):
    """A module whose name, or whose package's name, begins with an underscore is imported inside its package only."""

    type_name = "private"

    def faults(self, graph: ImportGraph) -> list[str]:
        return private_faults(graph)


def imports(graph: ImportGraph) -> list[tuple[str, str]]:
    """All (importer, imported) of the graph, in order."""
    return sorted((one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one))


def floor_faults(graph: ImportGraph, floors: list[list[str]]) -> list[str]:
    """Imports that go up, and modules without a place. `floors` begins at the top."""
    level = {name: len(floors) - 1 - index for index, names in enumerate(floors) for name in names}
    place = {module: _floor_of(module, level) for module in sorted(graph.modules)}
    faults = [f"{module} is on no floor; give it one in pyproject.toml" for module, at in place.items() if at is None]
    for importer, imported in imports(graph):
        low, high = place[importer], place[imported]
        if low is not None and high is not None and high > low:
            faults.append(f"{_place(graph, importer, imported)} (F{low}) imports {imported} (F{high})")
    return faults


def _floor_of(module: str, level: Mapping[str, int]) -> int | None:
    """The floor of the longest name that stands for `module`; the root stands for itself alone."""
    if module in level:
        return level[module]
    parent = module.rpartition(".")[0]
    while "." in parent:
        if parent in level:
            return level[parent]
        parent = parent.rpartition(".")[0]
    return None


def cycle_faults(graph: ImportGraph) -> list[str]:
    """Circles of modules, and of what one package holds, each room in it taken as one."""
    modules = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    rooms: dict[str, set[str]] = {}
    for importer, imported in imports(graph):
        one, other = _where_they_part(importer, imported)
        if one != other:
            rooms.setdefault(one, set()).add(other)
            rooms.setdefault(other, set())
    faults = [f"modules in a circle: {', '.join(circle)}" for circle in circles(modules)]
    return faults + [f"packages in a circle: {', '.join(circle)}" for circle in circles(rooms)]


def _where_they_part(one: str, other: str) -> tuple[str, str]:
    """The parts of the lowest package that holds both which they are, or are in; a package itself is in none."""
    shared = 0
    first, second = one.split("."), other.split(".")
    while shared < min(len(first), len(second)) and first[shared] == second[shared]:
        shared += 1
    return ".".join(first[: shared + 1]), ".".join(second[: shared + 1])


def circles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The strongly connected sets of more than one node (or of one that points at itself), each sorted."""
    reach = {node: _reachable(node, edges) for node in edges}
    found = {tuple(sorted({other for other in seen if node in reach.get(other, ())})) for node, seen in reach.items()}
    return sorted(list(circle) for circle in found if circle)


def _reachable(start: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(edges.get(node, ()))
    return seen


def private_faults(graph: ImportGraph) -> list[str]:
    """Imports of underscored modules from outside the package that they belong to."""
    faults = []
    for importer, imported in imports(graph):
        parts = imported.split(".")
        for index, part in enumerate(parts):
            owner = ".".join(parts[:index])
            if part.startswith("_") and not part.startswith("__") and not f"{importer}.".startswith(f"{owner}."):
                faults.append(f"{_place(graph, importer, imported)} imports {imported}, which is private to {owner}")
                break
    return faults


def _place(graph: ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return f"{importer}:{details[0]['line_number']}" if details else importer
