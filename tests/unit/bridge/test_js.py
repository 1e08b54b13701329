from __future__ import annotations

import pytest

from deskapp.bridge import js
from deskapp.bridge.js import RawJS, this_is_js, undefined, window

shared = RawJS("require('x')")


def test_names_of_the_browser_can_be_imported_and_others_cannot() -> None:
    assert repr(js.document) == "<document of JavaScript>"
    with pytest.raises(AttributeError, match="no attribute 'documant'"):
        _ = js.documant


def test_a_stand_in_says_that_it_is_none_of_pythons() -> None:
    with pytest.raises(AttributeError, match=r"window\.alert exists in JavaScript only"):
        _ = window.alert
    with pytest.raises(RuntimeError, match="setTimeout exists in JavaScript only"):
        js.setTimeout()
    assert not undefined
    assert not this_is_js()


def test_raw_code_loses_its_indentation() -> None:
    raw = RawJS(
        """
        var a = 1;
          var b = 2;
        """
    )
    assert raw.get_code() == "var a = 1;\n  var b = 2;"
    assert raw.get_code(2) == "  var a = 1;\n    var b = 2;"


def test_raw_code_knows_its_module_and_name() -> None:
    assert shared.__module__ == __name__
    assert shared.get_defined_name() == "shared"
    assert shared.get_defined_name("shared") == "shared"
    assert RawJS("1").get_defined_name() == ""


def test_raw_code_is_a_text() -> None:
    with pytest.raises(TypeError, match="takes a str"):
        RawJS(3)  # type: ignore[arg-type]
