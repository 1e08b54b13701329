from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deskapp.assets import AssetStore
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.errors import DependencyCycle, TranspileError
from tests.unit.bridge.components import JsComponent, graph, needs_node, run_js
from tests.unit.bridge.conftest import LoadPython

CLIENT = Path(__file__).parents[3] / "deskapp" / "bridge" / "client"


@needs_node
def test_a_class_runs_in_javascript_with_all_that_it_uses(python: LoadPython) -> None:
    python(
        """
        K = 7
        state = RawJS("{n: 0}")
        def _deep(x):
            state.n += 1
            return x + 1
        def helper(x):
            return _deep(x) * 2
        class Plain:
            def __init__(self, a):
                self.a = a
            def double(self):
                return self.a * 2
        class Special(Plain):
            def double(self):
                return super().double() + 1
        """,
        "other_mod",
    )
    module = python(
        """
        import math, other_mod
        from other_mod import helper, Special, K as KK, state
        CONF = {"a": [1, 2.5, None, True], "s": "</script>"}
        class P(PyComponent):
            n = event.IntProp(3, settable=True)
            @event.action
            def go(self):
                import os
        class Odd(event.Property):
            _default = 1
            def _validate(self, value, name, data):
                if value % 2 == 0:
                    raise ValueError(name + " must be odd")
                return value
        class Base(JsComponent):
            text = event.StringProp("hi", settable=True)
            odd = Odd(settable=True)
            N = 4
            def init(self, x=2):
                self.x = x
            @event.action
            def reset(self):
                self.set_text("reset")
            def later(self):
                return Clock(9, text="made")
        class Clock(Base):
            def init(self, x=2, *, y=3):
                super().init(x + CONF["a"][0])
                self.y = helper(KK) + math.floor(math.pi) + other_mod.K + y
                self.double = Special(4).double()
                event.loop.call_soon(self.tick)
            def tick(self):
                self.ticks = (self.ticks or 0) + 1
            @event.action
            def reset(self):
                super().reset()
                if this_is_js():
                    self.set_odd(5)
            @event.reaction("text", "odd")
            def show(self, *events):
                global document
                document.title = self.text
                return [isinstance(self, Base), isinstance(self, JsComponent), isinstance(self, P), state.n, self.N]
        """
    )
    found = graph()
    modules = found.modules_for(module.Clock)
    assert [each.name for each in modules] == ["other_mod", "user_mod"]
    assert modules[1].deps == ("other_mod",)
    assert set(modules[1].class_names) == {"P", "Base", "Clock"}
    script = """
    globalThis.document = {};
    const {Clock, Base} = defined.user_mod;
    const clock = new Clock({flx_args: [5], flx_kwargs: {text: "given"}});
    const text = clock.text;
    clock.reset();
    let refused = "";
    try { clock.set_odd(2); } catch (error) { refused = error.message; }
    const made = new Base().later();
    show([clock.x, clock.y, clock.double, clock.ticks, text, clock.text, clock.odd, refused,
          clock.show(), document.title, made.text, made instanceof Clock]);
    """
    assert run_js(modules, script) == [
        *(6, 16 + 3 + 7 + 3, 9, 1, "given", "reset", 5, "ValueError: odd must be odd"),
        [True, True, False, 2, 4],
        *("reset", "made", True),
    ]


def test_modules_are_made_once(python: LoadPython) -> None:
    module = python("class A(JsComponent): ...\nclass B(A): ...\n")
    found = graph()
    assert found.modules_for(module.A) == found.modules_for(module.B)
    assert found.modules_for(module.A)[0] is found.modules_for(module.B)[0]
    assert list(found.modules) == ["user_mod"]


def test_only_what_is_used_is_there(python: LoadPython) -> None:
    module = python("def used(): ...\ndef unused(): ...\nBIG = 'big'\nclass A(JsComponent):\n    def f(self): used()\n")
    (made,) = graph().modules_for(module.A)
    assert "unused" not in made.text
    assert "BIG" not in made.text
    assert set(made.variables) == {"A", "used"}


def test_a_class_of_a_package_is_named_after_the_package(python: LoadPython) -> None:
    module = python("class A(JsComponent): ...\n", "user_pkg", is_package=True)
    assert graph().js_name(module.A) == ("user_pkg", "A")


def test_a_class_that_is_defined_again_gets_a_module_of_its_own(python: LoadPython) -> None:
    found = graph()
    first = python("class A(JsComponent):\n    N = 1\n", "__mp_main__").A
    assert found.js_name(first) == ("__mp_main__", "A")
    second = python("class A(JsComponent):\n    N = 2\n", "__mp_main__").A
    assert found.js_name(second) == ("__mp_main__$2", "A")
    assert found.js_name(first) == ("__mp_main__", "A")
    assert found.class_of("__mp_main__", "A") is first
    assert found.class_of("__mp_main__$2", "A") is second
    assert found.class_of("__mp_main__", "B") is None


@needs_node
def test_classes_that_one_function_makes_are_kept_apart_by_what_they_captured(python: LoadPython) -> None:
    module = python(
        """
        def make(n, helper):
            class Local(JsComponent):
                def get(self):
                    return helper(n)
                def again(self):
                    return Local().get()
            return Local
        def twice(x): return x * 2
        def thrice(x): return x * 3
        A, B, C = make(5, twice), make(5, thrice), make(5, twice)
        """
    )
    found = graph()
    names = [found.js_name(cls) for cls in (module.A, module.B, module.C)]
    assert names[0] == names[2] != names[1]
    assert names[0][1].startswith("Local$")
    modules = {each.name: each for cls in (module.A, module.B) for each in found.modules_for(cls)}
    calls = ", ".join(f'new defined["{mod}"]["{name}"]().again()' for mod, name in names)
    assert run_js(list(modules.values()), f"show([{calls}])") == [10, 15, 10]


@needs_node
def test_what_a_later_class_needs_of_a_module_that_is_there_comes_in_a_further_one(python: LoadPython) -> None:
    python(
        "def f(): return 1\ndef g(): return f() + 1\nclass A(JsComponent):\n    def x(self): return f()\n", "other_mod"
    )
    module = python("import other_mod\nclass B(JsComponent):\n    def x(self): return other_mod.g()\n")
    found = graph()
    first = found.modules_for(sys.modules["other_mod"].A)
    modules = found.modules_for(module.B)
    assert [each.name for each in modules] == ["other_mod", "other_mod$2", "user_mod"]
    assert modules[0] is first[0]
    assert run_js(modules, "show(new defined.user_mod.B().x())") == 2


@needs_node
def test_modules_that_need_each_other_are_cut_where_things_do_not(
    python: LoadPython, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "circle_mod.py").write_text(
        "import user_mod\ndef h(): return 10\nclass B(user_mod.A):\n    def y(self): return self.x() + user_mod.f()\n",
        encoding="utf-8",
    )
    module = python(
        """
        def f(): return 1
        class A(JsComponent):
            def x(self): return f()
        import circle_mod
        class C(A):
            def z(self): return circle_mod.h() + circle_mod.B().y()
        """
    )
    modules = graph().modules_for(module.C)
    del sys.modules["circle_mod"]
    assert {each.python_name for each in modules} == {"user_mod", "circle_mod"}
    place = next(each.name for each in modules if "C" in each.class_names)
    assert run_js(modules, f'show(new defined["{place}"].C().z())') == 12


def test_things_of_two_modules_that_need_each_other_are_named(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    def x(self): return other_mod.g()\n")
    other = python("import user_mod\ndef g(): return user_mod.A()\n", "other_mod")
    module.other_mod = other  # type: ignore[attr-defined]
    with pytest.raises(DependencyCycle, match=r"user_mod\.A") as caught:
        graph().modules_for(module.A)
    assert set(caught.value.names) == {"user_mod.A", "other_mod.g"}


@needs_node
def test_whole_modules_are_shared_as_they_are(python: LoadPython) -> None:
    python(
        "__pscript__ = True\nK = [1]\ndef g(x):\n    return K[0] + x\n"
        "class C:\n    def get(self):\n        return g(1)\n",
        "whole_mod",
        header="",
    )
    module = python(
        "import whole_mod\nfrom whole_mod import g, C\nclass A(JsComponent):\n"
        "    def x(self): return [g(3), whole_mod.g(4), C().get(), isinstance(whole_mod.C(), C)]\n"
    )
    assert run_js(graph().modules_for(module.A), "show(new defined.user_mod.A().x())") == [4, 5, 2, True]


@needs_node
def test_the_loop_and_the_logger_are_the_pages(python: LoadPython) -> None:
    module = python(
        """
        from deskapp.event import logger, loop
        class A(JsComponent):
            def x(self):
                found = []
                loop.call_soon(lambda: found.append(1))
                event.loop.call_soon(lambda: found.append(2))
                logger.error("to stderr")
                return found
        """
    )
    assert run_js(graph().modules_for(module.A), "show(new defined.user_mod.A().x())") == [1, 2]


@needs_node
@pytest.mark.skipif(not (CLIENT / "app_component.js").exists(), reason="needs the client's own modules")
def test_the_pages_own_modules_run_what_is_made(python: LoadPython) -> None:
    module = python(
        """
        class Odd(event.Property):
            _default = 1
            def _validate(self, value, name, data):
                if value % 2 == 0:
                    raise ValueError("must be odd")
                return value
        class P(PyComponent):
            n = event.IntProp(3, settable=True)
            @event.action
            def go(self):
                import os
        class Base(JsComponent):
            text = event.StringProp("hi", settable=True)
            odd = Odd(settable=True)
            kids = event.ListProp([], settable=True)
            N = 4
            def init(self):
                self.log = ["init " + self.text]
            @event.action
            def reset(self, text="base"):
                self.set_text(text)
            @event.emitter
            def pressed(self, n):
                return dict(n=n)
        class Clock(Base):
            def init(self, x=1, *, y=2):
                super().init()
                self.log.append(f"x={x} y={y}")
            @event.action
            def reset(self):
                super().reset("derived")
            @event.reaction("text")
            def follow(self, *events):
                for ev in events:
                    self.log.append(ev.old_value + ">" + ev.new_value)
            @event.reaction("kids*.pressed")
            def hear(self, *events):
                self.log.append([ev.n for ev in events])
            @event.reaction
            def auto(self):
                self.log.append("odd " + str(self.odd))
            @event.action
            def fill(self):
                with self:
                    self.set_kids([Base(text="kid"), Base(odd=3)])
            def later(self):
                event.loop.call_soon(self.reset)
        """
    )
    script = """
    const {Base, Clock, P} = defined.user_mod;
    const clock = new Clock({flx_args: [7], flx_kwargs: {text: "given"}});
    loop.iter();
    clock.reset();
    clock.fill();
    loop.iter();
    loop.iter();
    clock.set_odd(5);
    clock.kids[1].pressed(3);
    clock.kids[0].pressed(4);
    loop.iter();
    const early = clock.log.slice();
    clock.log.length = 0;
    const later = clock.later;
    clock.set_text("x");
    loop.iter();
    later();
    loop.iter();
    loop.iter();
    show([early, clock.log, clock instanceof Base, clock.N, clock.kids.map((kid) => kid.text), P.__name__]);
    """
    assert run_js(graph().modules_for(module.Clock), script, client=CLIENT) == [
        ["init given", "x=7 y=2", "odd 1", "given>given", "given>derived", [3, 4], "odd 5"],
        ["derived>x", "x>derived"],
        *(True, 4, ["kid", "hi"], "P"),
    ]


def test_the_roots_need_no_module() -> None:
    assert graph().modules_for(JsComponent) == []
    assert graph().js_name(JsComponent) == ("deskapp.bridge.component", "JsComponent")


def test_an_error_names_file_line_and_method(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    def ok(self): ...\n    def x(self):\n        return nowhere\n")
    with pytest.raises(TranspileError) as caught:
        graph().modules_for(module.A)
    assert (caught.value.file, caught.value.line, caught.value.name) == (module.__file__, 5, "A.x")


def test_a_class_that_failed_can_be_asked_for_again(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    def x(self):\n        return later\n")
    found = graph()
    with pytest.raises(TranspileError):
        found.modules_for(module.A)
    module.later = 3  # type: ignore[attr-defined]
    assert "var later = 3;" in found.modules_for(module.A)[0].text


def test_a_class_whose_default_failed_can_be_asked_for_again(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    x = event.AnyProp(object())\n")
    found = graph()
    for _ in range(2):
        with pytest.raises(TranspileError, match="no JSON value"):
            found.modules_for(module.A)
    assert not found.modules
    assert found.class_of("user_mod", "A") is None


def test_keywords_of_own_methods_are_checked_too(python: LoadPython) -> None:
    module = python(
        """
        class A(JsComponent):
            def one(self, a, *, b=1): ...
            @event.action
            def two(self, a, b=1): ...
        class B(A):
            def fine(self):
                self.one(1, b=2)
                self.unknown(c=3)
        class C(A):
            def bad(self):
                self.two(1, b=2)
        """
    )
    with pytest.raises(TranspileError, match=r"self\.two\(\) can be given 'b' by name only if") as caught:
        graph().modules_for(module.B)
    assert (caught.value.line, caught.value.name) == (12, "C.bad")


def test_style_sheets_come_bases_first(python: LoadPython) -> None:
    module = python("class A(JsComponent):\n    CSS = '.a {}'\nclass B(A):\n    CSS = '.b {}'\n")
    assert graph().modules_for(module.B)[0].css == ".a {}\n\n.b {}"


def test_all_modules_are_offered_as_bundles(python: LoadPython) -> None:
    python("", "user_pkg", is_package=True)
    one = python("class A(JsComponent):\n    CSS = '.a {}'\n", "user_pkg.one")
    two = python("from user_pkg.one import A\nclass B(A): ...\n", "user_pkg.two")
    store = AssetStore()
    source = ModuleGraph(store, CodeSource(), classes=lambda: [JsComponent, two.B, one.A])
    store.attach_modules(lambda: source)
    store.update_modules()
    assert store.get_asset_names() == [
        *("user_pkg.css", "user_pkg.js", "user_pkg.one.css", "user_pkg.one.js", "user_pkg.two.js"),
    ]
    bundle = store.get_asset("user_pkg.js")
    assert bundle is not None
    text = bundle.to_string()
    assert text.index('define("user_pkg.one"') < text.index('define("user_pkg.two"')
    assert set(store.modules) == {"user_pkg.one", "user_pkg.two"}
    store.update_modules()
