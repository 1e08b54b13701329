from __future__ import annotations

import types

from deskapp.bridge.js_code import JsCode
from deskapp.bridge.modules import ModuleText
from deskapp.bridge.names import Binding, BoundCode, Expression, Item, ItemKind, Namespace, Reference


def item(name: str, module: str = "m", kind: ItemKind = "function") -> Item:
    return Item(kind, types.SimpleNamespace(), module, name)


def bound(text: str, **bindings: Binding) -> BoundCode:
    return BoundCode(JsCode(text, dict.fromkeys(bindings, 1)), bindings)


def test_a_module_imports_defines_and_exports() -> None:
    helper, own = item("helper", "other"), item("own")
    text = ModuleText("m", [own], lambda _: "other")
    code = bound("function () { return help(K); }", help=Reference(helper), K=Expression("3"))
    text.define(own, text.code(code))
    assert text.deps == ("other",)
    assert text.text(lambda codes: {"_pyfunc_x": "X"}) == (
        'deskapp.define("m", ["other"], function ($rt, $m0) {\n"use strict";\nvar _pyfunc_x = X;\n'
        "var help = $m0.helper;\nvar K = 3;\nvar own = function () { return help(K); };\nreturn {own: own};\n});\n"
    )


def test_one_name_of_two_values_is_told_apart() -> None:
    first, second = item("a"), item("b")
    text = ModuleText("m", [first, second], lambda _: "")
    text.define(first, text.code(bound("function () { return n; }", n=Expression("1"))))
    text.define(second, text.code(bound("function () { return n; }", n=Expression("2"))))
    script = text.text(lambda codes: {})
    assert "var n = 1;\nvar n$2 = 2;" in script
    assert "var b = function () { var n = n$2; return n; };" in script


def test_names_of_the_browser_keep_their_meaning_beside_items_of_that_name() -> None:
    node, user = item("Node", kind="component"), item("user")
    text = ModuleText("m", [node, user], lambda _: "")
    text.define(user, text.code(bound("function () { return new Node(); }", Node=Reference(node))))
    text.define(node, "1")
    script = text.text(lambda codes: {})
    assert "var user = function () { var Node = Node$2; return new Node(); };" in script
    assert "var Node$2 = 1;" in script
    assert "return {Node: Node$2, user: user};" in script


def test_a_second_name_for_an_item_exists_as_soon_as_the_item_does() -> None:
    own, user = item("own"), item("user")
    text = ModuleText("m", [own, user], lambda _: "")
    text.define(user, text.code(bound("function () { return alias; }", alias=Reference(own))))
    text.define(own, "1")
    assert "var own = 1;\nvar alias = own;" in text.text(lambda codes: {})


def test_attributes_that_are_items_of_the_same_module_are_looked_up_late() -> None:
    own, user = item("own"), item("user")
    text = ModuleText("m", [user, own], lambda _: "")
    text.define(user, text.code(bound("function () { return ns.own; }", ns=Namespace({"own": Reference(own)}))))
    text.define(own, "1")
    assert "var ns = {get own() { return own; }};" in text.text(lambda codes: {})
