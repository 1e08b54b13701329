"""What the packages promise by `__all__` is there, and stays what it is."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from tests.arch.house import ask_fresh_interpreter, modules

PUBLIC = [name for name in modules() if not any(part.startswith("_") for part in name.split("."))]

# Prints what each name of `deskapp.__all__` is; with arguments, after importing the modules that they name.
DESCRIBE = """
import importlib, json, sys
import deskapp
for name in sys.argv[1:]:
    importlib.import_module(name)
def describe(thing):
    home, name = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    return [type(thing).__name__, str(home), str(name or getattr(thing, "__name__", None))]
print(json.dumps({name: describe(getattr(deskapp, name)) for name in deskapp.__all__}))
"""

SAME = """
import importlib, json, sys
import deskapp
before = {name: getattr(deskapp, name) for name in deskapp.__all__}
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps([name for name, thing in before.items() if getattr(deskapp, name) is not thing]))
"""


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_in_all_is_there_once(name: str) -> None:
    module = importlib.import_module(name)
    names: list[str] = getattr(module, "__all__", [])
    assert sorted(set(names)) == sorted(names)
    assert [one for one in names if not hasattr(module, one)] == []


def test_importing_every_module_changes_no_public_name() -> None:
    assert ask_fresh_interpreter(SAME, *modules()) == []


def test_public_names_are_the_same_whether_asked_first_or_last() -> None:
    first: Any = ask_fresh_interpreter(DESCRIBE)
    assert ask_fresh_interpreter(DESCRIBE, *modules()) == first


def test_dir_shows_every_public_name() -> None:
    import deskapp

    assert set(deskapp.__all__) <= set(dir(deskapp))


def test_what_functions_show_and_ask_is_found_without_imports_of_its_own() -> None:
    found = ask_fresh_interpreter(
        "import deskapp, json; "
        "print(json.dumps([deskapp.input.input.__name__, deskapp.output.put_text.__name__, deskapp.pin.__name__]))"
    )
    assert found == ["input", "put_text", "deskapp.pin"]


def test_importing_all_names_leaves_those_of_python_alone() -> None:
    import builtins

    import deskapp

    assert set(deskapp.__all__) & set(dir(builtins)) == set()
