"""Component classes for the tests of this folder, without sessions: a class statement gives them `__js_source__`."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from deskapp.assets import AssetStore
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.js_code import JsClassSource, JsModule
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.event import Attribute, Property
from deskapp.event._action import ActionDescriptor
from deskapp.event._emitter import EmitterDescriptor
from deskapp.event._reaction import ReactionDescriptor

STAND_IN = Path(__file__).with_name("stand_in.js")
REAL = """
const loader = new Loader({Component, defineClass, JsComponent, logger, loop, PyComponent, StubComponent});
const defined = new Proxy({}, {get: (_, name) => loader.require(name)});
globalThis.deskapp = {define: loader.define.bind(loader)};
globalThis.window = globalThis;
globalThis.show = (value) => process.stdout.write(JSON.stringify(value === undefined ? null : value));
let made = 0;
setPageSession({id: "s", makeId: (name) => `${name}_${++made}js`, register() {}, forget() {}, publish() {}});
"""
"""Sets up the page's own modules, without a page and with a session that keeps nothing."""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


class _Root:
    __js_source__: ClassVar[JsClassSource]
    CSS = ""
    kind: ClassVar[Any] = "js"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        base = next((b for b in cls.__mro__[1:] if "__js_source__" in vars(b)), None)
        own = {name: value for name, value in vars(cls).items() if not name.startswith("__") or name == "__init__"}
        css = own.pop("CSS", "")
        own.pop("kind", None)
        for name, value in own.items():
            if hasattr(value, "bind"):
                value.bind(cls, name)
        is_js = cls.kind == "js"
        cls.__js_source__ = JsClassSource(
            cls=cls,
            name=cls.__name__,
            module=cls.__module__,
            kind=cls.kind,
            base=base,
            properties={name: value for name, value in own.items() if isinstance(value, Property)},
            attributes=tuple(name for name, value in own.items() if isinstance(value, Attribute)),
            actions={name: value.func for name, value in own.items() if isinstance(value, ActionDescriptor)},
            overlapping=frozenset(n for n, v in own.items() if isinstance(v, ActionDescriptor) and v.overlap),
            emitters={name: value.func for name, value in own.items() if isinstance(value, EmitterDescriptor)},
            reactions={n: v for n, v in own.items() if isinstance(v, ReactionDescriptor)} if is_js else {},
            methods={name: value for name, value in own.items() if inspect.isfunction(value)} if is_js else {},
            constants={n: v for n, v in own.items() if isinstance(v, str | int | list | dict)} if is_js else {},
            css=css,
        )


class JsComponent(_Root):
    """Root of components that live in JavaScript."""

    __module__ = "deskapp.bridge.component"

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __getattr__(self, name: str) -> Any: ...


class PyComponent(JsComponent):
    """Root of components that live in Python."""

    __module__ = "deskapp.bridge.component"
    kind = "py"


for _root, _kind in ((JsComponent, "js"), (PyComponent, "py")):
    _root.__js_source__ = JsClassSource(_root, _root.__name__, _root.__module__, _kind, None)  # type: ignore[arg-type]


def graph(source: CodeSource | None = None) -> ModuleGraph:
    """A module graph with a store of its own."""
    return ModuleGraph(AssetStore(), source or CodeSource())


def run_js(modules: Sequence[JsModule], script: str, *, client: Path | None = None) -> Any:
    """Define modules in node, run a script after them and return what it passes to `show`.

    Args:
        modules: In order of their dependencies.
        script: Has the modules' exports as ``defined["name"]``.
        client: Folder of the page's own modules, to be used in place of the stand-in.
    """
    runtime = STAND_IN.read_text(encoding="utf-8") if client is None else _imports(client) + REAL
    text = "\n".join([runtime, *(module.text for module in modules), script])
    command = ["node", "-"] if client is None else ["node", "--input-type=module", "-"]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def _imports(client: Path) -> str:
    names = "Component defineClass JsComponent logger Loader loop PyComponent setPageSession StubComponent"
    lines = []
    for name in names.split():
        pattern = re.compile(rf"^export (?:function|class|const) {name}\b", re.MULTILINE)
        file = next(each for each in client.glob("*.js") if pattern.search(each.read_text(encoding="utf-8")))
        lines.append(f'import {{{name}}} from "{file.as_uri()}";\n')
    return "".join(lines)
