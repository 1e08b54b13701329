"""The store of a program, `app.assets`, with the sessions and the JavaScript modules that use it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from deskapp import app as program
from deskapp.assets import AssetStore
from deskapp.bridge.js_code import JsModule
from deskapp.bridge.messages import DEFINE
from deskapp.session import Session
from deskapp.testing import AppHarness

LoadPython = Callable[..., ModuleType]
CLASSES = """
from deskapp import JsComponent, PyComponent

class Leaf(JsComponent):
    CSS = ".leaf {}"

class Tree(PyComponent):
    def init(self):
        self.leaf = Leaf()
"""


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadPython:
    """Import text as a module, whose code can become JavaScript."""
    import importlib
    import sys

    monkeypatch.syspath_prepend(str(tmp_path))

    def load(name: str, text: str) -> ModuleType:
        path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        monkeypatch.delitem(sys.modules, name, raising=False)
        module = importlib.import_module(name)
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return load


def test_all_sessions_share_one_store(app: AppHarness, load: LoadPython) -> None:
    store = program.assets
    assert isinstance(store, AssetStore)
    assert store is program.assets
    store.add_shared_data("x", b"1")
    tree: Any = load("shared_store", CLASSES).Tree
    sessions = [app.launch(tree).session, app.launch(tree).session]
    assert sessions[0] is not sessions[1]
    assert [session.get_data("x") for session in sessions] == [b"1", b"1"]


def test_a_session_makes_the_modules_of_its_classes_by_itself(app: AppHarness, load: LoadPython) -> None:
    store: AssetStore = program.assets
    tree: Any = load("sessions_modules.tree", CLASSES).Tree
    assert "sessions_modules.tree" not in store.modules
    app.launch(tree)
    module = store.modules["sessions_modules.tree"]
    assert isinstance(module, JsModule)
    assert (module.name, list(module.deps)) == ("sessions_modules.tree", [])
    assert "Leaf" in module.get_js()
    assert module.get_css() == ".leaf {}"
    # One bundle for the module, one for its package; a style sheet for each as well.
    names = [name for name in store.get_asset_names() if name.startswith("sessions_modules")]
    assert names == [f"sessions_modules{middle}{end}" for middle in ("", ".tree") for end in (".css", ".js")]


def test_updating_makes_what_is_missing_and_nothing_twice(app: AppHarness, load: LoadPython) -> None:
    store: AssetStore = program.assets
    gc.collect()  # classes of other tests, some of which cannot become JavaScript by intent
    load("updated_modules.one", CLASSES)
    store.update_modules()
    first = store.modules["updated_modules.one"]
    bundle = store.get_asset("updated_modules.js")
    assert bundle is not None
    assert "updated_modules.two" not in bundle.to_string()
    load("updated_modules.two", "from updated_modules.one import Leaf\nclass Twig(Leaf):\n    pass\n")
    store.update_modules()
    store.update_modules()
    assert store.modules["updated_modules.one"] is first
    # A new module comes into the bundle that is there, behind what it needs.
    assert store.get_asset("updated_modules.js") is bundle
    text = bundle.to_string()
    assert text.count('define("updated_modules.one"') == text.count('define("updated_modules.two"') == 1
    assert text.index('define("updated_modules.one"') < text.index('define("updated_modules.two"')


def test_what_others_hold_of_the_modules_is_a_copy(app: AppHarness) -> None:
    modules: Any = program.assets.modules
    modules["mine"] = 1
    assert "mine" not in program.assets.modules


def test_a_session_of_ones_own_has_modules_in_its_store_too(load: LoadPython) -> None:
    from deskapp.bridge import link

    leaf: Any = load("own_store", CLASSES).Leaf
    store = AssetStore()
    session = Session("mine", store)
    with link.use(session):
        leaf()
    assert set(store.modules) == {"own_store"}
    session.close()


def test_assets_of_a_module_are_loaded_before_it_and_only_with_it(app: AppHarness, load: LoadPython) -> None:
    calls: list[str] = []

    def source(name: str) -> Callable[[], str]:
        def make() -> str:
            calls.append(name)
            return f"window.{name} = 1;"

        return make

    store: AssetStore = program.assets
    store.associate_asset("with_assets", "used.js", source("used"))
    store.associate_asset("other_module", "used.js")
    store.associate_asset("other_module", "unused.js", source("unused"))
    tree: Any = load("with_assets", CLASSES).Tree
    page = app.page(app.launch(tree))
    app.settle()
    assert calls == ["used"]
    names = [message.name for message in page.messages if isinstance(message, DEFINE)]
    assert names.index("used.js") < names.index("with_assets")
    assert "unused.js" not in names
