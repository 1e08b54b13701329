"""The floors hold, and the contracts that guard them see what they should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from grimp import ImportGraph

from tests.arch.contracts import circles, cycle_faults, floor_faults, private_faults

ROOT = Path(__file__).parents[2]
HOUSE = [["top"], ["top.cli"], ["top.bridge"], ["top.bridge.wire", "top.event"], ["top.errors"]]


def house(*edges: tuple[str, str]) -> ImportGraph:
    """A made-up graph of imports."""
    graph = ImportGraph()
    for module in ("top", "top.cli", "top.bridge", "top.bridge.parts", "top.bridge.wire", "top.event", "top.errors"):
        graph.add_module(module)
    for importer, imported in edges:
        graph.add_import(importer=importer, imported=imported, line_number=3, line_contents="import it")
    return graph


def test_all_contracts_in_pyproject_are_kept() -> None:
    # In a process of its own, because it configures logging and disables every logger that is there already.
    code = f"from importlinter.cli import lint_imports as go; exit(go({str(ROOT / 'pyproject.toml')!r}, no_cache=True))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout.partition("Broken contracts")[2] + done.stderr


def test_imports_downward_and_sideways_are_no_fault() -> None:
    graph = house(("top.cli", "top.errors"), ("top.event", "top.bridge.wire"), ("top.bridge.parts", "top.bridge.wire"))
    assert floor_faults(graph, HOUSE) == []


def test_an_import_upward_is_named_with_its_line_and_both_floors() -> None:
    assert floor_faults(house(("top.errors", "top.event")), HOUSE) == ["top.errors:3 (F0) imports top.event (F1)"]


def test_a_module_may_lie_below_the_package_that_holds_it() -> None:
    graph = house(("top.bridge.wire", "top.bridge.parts"))
    assert floor_faults(graph, HOUSE) == ["top.bridge.wire:3 (F1) imports top.bridge.parts (F2)"]


def test_a_module_without_a_place_is_a_fault() -> None:
    graph = house()
    graph.add_module("top.attic")
    assert floor_faults(graph, HOUSE) == ["top.attic is on no floor; give it one in pyproject.toml"]


def test_a_circle_of_modules_is_found() -> None:
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c"]]


def test_a_circle_of_packages_is_found_where_modules_make_none() -> None:
    graph = house(("top.bridge.parts", "top.event"), ("top.event", "top.bridge.wire"))
    assert cycle_faults(graph) == ["packages in a circle: top.bridge, top.event"]


def test_a_circle_of_rooms_in_a_package_is_found_too() -> None:
    graph = house()
    for room, module in (("gtk", "window"), ("gtk", "page"), ("qt", "window")):
        graph.add_module(f"top.bridge.{room}.{module}")
    graph.add_import(importer="top.bridge.gtk.window", imported="top.bridge.qt.window")
    graph.add_import(importer="top.bridge.gtk.page", imported="top.bridge.gtk.window")
    assert cycle_faults(graph) == []
    graph.add_import(importer="top.bridge.qt.window", imported="top.bridge.gtk.page")
    assert cycle_faults(graph)[-1] == "packages in a circle: top.bridge.gtk, top.bridge.qt"
    graph.remove_import(importer="top.bridge.gtk.page", imported="top.bridge.gtk.window")
    assert cycle_faults(graph) == ["packages in a circle: top.bridge.gtk, top.bridge.qt"]


def test_an_underscored_module_is_private_to_its_package() -> None:
    graph = house()
    for module in ("top._config", "top.event._loop"):
        graph.add_module(module)
    for importer in ("top.event", "top.bridge"):
        for imported in ("top._config", "top.event._loop"):
            graph.add_import(importer=importer, imported=imported, line_number=7, line_contents="import it")
    assert private_faults(graph) == ["top.bridge:7 imports top.event._loop, which is private to top.event"]
