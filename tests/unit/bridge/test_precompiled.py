from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from deskapp.assets import AssetStore
from deskapp.bridge.client_bundle import ClientBundle, client_bundle
from deskapp.bridge.code_source import CodeSource, portable_key
from deskapp.bridge.js_code import CodeUnit, JsCode
from deskapp.bridge.module_graph import ModuleGraph
from deskapp.bridge.precompiled import ManifestUnreadable, Precompiled, manifest_text
from deskapp.errors import TranspileError
from tests.unit.bridge.conftest import LoadPython

CLIENT = ClientBundle("let a = '\u2028\"\\n';\n", "p { color: red }\n", "abc")
USER = """
    def helper(a):
        return [x for x in range(a) if x in (1, 2)]
    class Main(JsComponent):
        n = event.IntProp(3, settable=True)
        def init(self):
            self.found = helper(5)
        @event.reaction("n")
        def show(self, *events):
            print("{} of {}".format(self.n, self.found))
"""


def code(text: str) -> JsCode:
    return JsCode(text, {"a.b": 3}, frozenset({"g"}), frozenset({"format"}), keyword_calls={"f": (1, ("x",))}, line=7)


def test_what_is_written_is_read() -> None:
    codes = {"m:f:1": code("function () {}"), 'm:"g"\n:2': code("\u2029 : ,\n")}
    found = Precompiled(manifest_text(codes, {"_pyfunc_format": "function () {}"}, CLIENT, {"debug": True}))
    assert {key: found.code(key) for key in codes} == codes
    assert found.code("m:f:2") is None
    assert found.library() == {"_pyfunc_format": "function () {}"}
    assert found.client() == CLIENT


def test_the_text_does_not_depend_on_the_order_in_which_code_was_made() -> None:
    codes = [(f"m:f{index}:x", code(str(index))) for index in range(50)]
    library = [(f"_pyfunc_{index}", "1") for index in range(20)]
    first = manifest_text(dict(codes), dict(library), CLIENT, {"a": 1, "b": 2})
    chance = random.Random(1)
    chance.shuffle(codes)
    chance.shuffle(library)
    assert manifest_text(dict(codes), dict(library), CLIENT, {"b": 2, "a": 1}) == first
    assert set(json.loads(first)) == {"format", "deskapp", "python", "settings", "client", "library", "codes"}


def test_a_graph_with_a_manifest_makes_the_modules_that_it_made_of_sources(python: LoadPython) -> None:
    module = python(USER)
    source = CodeSource()
    made = ModuleGraph(AssetStore(), source).modules_for(module.Main)
    text = manifest_text(source.given, source.library(source.given.values()), client_bundle())
    frozen = CodeSource(manifest=Precompiled(text))
    assert [each.text for each in ModuleGraph(AssetStore(), frozen).modules_for(module.Main)] == [
        each.text for each in made
    ]
    assert "_pyfunc_range" in made[0].text
    assert frozen.client() == client_bundle()


def test_what_is_not_in_the_manifest_is_named(python: LoadPython) -> None:
    module = python(USER)
    frozen = CodeSource(manifest=Precompiled(manifest_text({}, {}, CLIENT)))
    with pytest.raises(TranspileError, match=r"Main\.\w+ cannot become JavaScript: the frozen program has no"):
        ModuleGraph(AssetStore(), frozen).modules_for(module.Main)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"format": 1', '"format": 99', "made for format 99"),
        ('"deskapp": "', '"deskapp": "9.', "made for deskapp 9."),
        ('"python": "', '"python": "2.', "made for python 2."),
        ('"codes"', '"kodes"', "damaged"),
        ("\n}\n", "\n", "damaged"),
        ("{\n", "", "damaged"),
    ],
)
def test_a_manifest_of_another_version_or_a_damaged_one_says_so(old: str, new: str, why: str) -> None:
    text = manifest_text({}, {}, CLIENT)
    assert old in text
    with pytest.raises(ManifestUnreadable, match=why):
        Precompiled(text.replace(old, new), file="m.json")


@pytest.mark.parametrize("part", ["client", "library", "codes"])
def test_a_damaged_part_is_named_when_it_is_read(part: str) -> None:
    lines = [
        f'"{part}": 5,' if line.startswith(f'"{part}"') else line for line in manifest_text({}, {}, CLIENT).split("\n")
    ]
    found = Precompiled("\n".join(lines))
    with pytest.raises(ManifestUnreadable, match=f"{part}.* is damaged"):
        getattr(found, part)() if part != "codes" else found.code("x")


def test_a_damaged_code_is_named() -> None:
    text = manifest_text({"m:f:1": code("x")}, {}, CLIENT).replace('"m:f:1":["x"', '"m:f:1":[5')
    with pytest.raises(ManifestUnreadable, match="m:f:1 is damaged"):
        Precompiled(text).code("m:f:1")


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ManifestUnreadable, match=r"nothing\.json.*Install the program anew"):
        Precompiled.read(tmp_path / "nothing.json")
    (tmp_path / "bytes.json").write_bytes(b"{\n\xff\n}\n")
    with pytest.raises(ManifestUnreadable, match=r"bytes\.json"):
        Precompiled.read(tmp_path / "bytes.json")


def test_a_plain_class_has_the_key_that_it_has_however_its_attributes_were_listed(python: LoadPython) -> None:
    module = python("class A:\n        x = 1\n        def f(self):\n            self.y = self.z = 2\n")
    before = portable_key(CodeUnit(module.A, "A"))
    module.A.__static_attributes__ = ("z", "y")
    module.A.__firstlineno__ = 99
    assert portable_key(CodeUnit(module.A, "A")) == before
    module.A.x = 2
    assert portable_key(CodeUnit(module.A, "A")) != before
