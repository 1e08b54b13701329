from __future__ import annotations

import ast
import random
from dataclasses import replace
from pathlib import Path

import pytest

from deskapp._frozen import Product
from deskapp.errors import SpecError
from deskapp.freeze._spec import Entry, FreezeSpec, Mode
from deskapp.freeze.entry import entry_module, entry_text, import_paths, is_installed, own_sources
from deskapp.runtime.webview.host import HOST_FLAG

GOLDEN = Path(__file__).with_name("golden")
SPEC = FreezeSpec(
    name="Körper & Masse",
    version="1.2.0",
    app_id="org.example.BodyMass",
    entry=Entry(module="body_mass.app", name="BodyMass"),
    project=Path("/home/a/body mass"),
    runtime="webview",
)


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("entry_class.py.txt", SPEC),
        (
            "entry_file_full.py.txt",
            replace(SPEC, entry=Entry(file=Path("/x/my-app.py")), mode=Mode.FULL, runtime=None),
        ),
    ],
)
def test_the_script_is_as_it_was(name: str, spec: FreezeSpec) -> None:
    assert entry_text(spec) == (GOLDEN / name).read_text(encoding="utf-8")


def product_of(text: str) -> dict[str, object]:
    """The arguments of `Product` in a script."""
    (call,) = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Product"
    ]
    return {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}


def test_names_of_any_kind_arrive_as_they_are() -> None:
    chance = random.Random(7)
    signs = "aä'\"\\\n{}%$ €\u2028\U0001f600"
    for _ in range(200):
        name = "a" + "".join(chance.choice(signs) for _ in range(8))
        text = entry_text(replace(SPEC, name=name))
        assert text.isascii()
        assert Product(**product_of(text)).name == name  # type: ignore[arg-type]


def test_the_process_of_the_windows_branches_off_before_anything_else_is_imported() -> None:
    tree = ast.parse(entry_text(SPEC))
    kinds = [type(statement) for statement in tree.body]
    assert kinds == [ast.Expr, ast.Import, ast.If, ast.ImportFrom, ast.Expr]
    assert repr(HOST_FLAG).replace("'", '"') in entry_text(SPEC)


@pytest.mark.parametrize(
    ("entry", "module"),
    [
        (Entry(module="a.b", name="C"), "a.b"),
        (Entry(module="a"), "a"),
        (Entry(file=Path("/p q/app.py")), "app"),
        (Entry(file=Path("/p/my-app.pyw")), "my-app"),
        (Entry(file=Path("/p/ünï.py"), name="X"), "ünï"),
    ],
)
def test_the_module_of_an_entry(entry: Entry, module: str) -> None:
    assert entry_module(entry) == module


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(), "neither a module nor a file"),
        (Entry(file=Path("/p/pkg/__main__.py")), "name the package, 'pkg', instead"),
        (Entry(file=Path("/p/app.v2.py")), "has a dot"),
        (Entry(file=Path("/p/my-app.py"), name="App"), "'my-app' is no Python name"),
        (Entry(file=Path("/p/json.py")), "module that it hides"),
        (Entry(file=Path("/p/deskapp.py")), "module that it hides"),
    ],
)
def test_an_entry_that_cannot_be_frozen_under_its_name(entry: Entry, why: str) -> None:
    with pytest.raises(SpecError, match=f"^entry: .*{why}"):
        entry_module(entry)


def test_modules_are_found_beside_the_file_in_the_project_and_in_src(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    spec = replace(SPEC, project=tmp_path)
    assert import_paths(spec) == [tmp_path, tmp_path / "src"]
    beside = replace(spec, entry=Entry(file=tmp_path / "tools" / "app.py"))
    assert import_paths(beside) == [tmp_path / "tools", tmp_path, tmp_path / "src"]
    assert import_paths(replace(spec, entry=Entry(file=tmp_path / "app.py"))) == [tmp_path, tmp_path / "src"]


def test_an_environment_in_the_project_is_none_of_its_sources(tmp_path: Path) -> None:
    for name in ("app.py", "pack/part.py", ".venv/lib/python3.11/site-packages/gi/__init__.py", "pack/data.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("import gi\n")
    assert [path.relative_to(tmp_path).as_posix() for path in own_sources(tmp_path)] == ["app.py", "pack/part.py"]
    assert is_installed(tmp_path / ".venv/lib/python3.11/site-packages/gi/__init__.py")
    assert not is_installed(tmp_path / "app.py")
