"""deskapp/errors.py."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from deskapp import errors

ALL = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]

EXAMPLES = [
    errors.ConfigError("port", -1, origin="environment", why="the least is 0."),
    errors.UnknownSetting("prot", "did you mean 'port'?"),
    errors.RuntimeUnavailable("app", [("pywebview", "GTK is missing.", "apt install it")]),
    errors.PackageMissing("init_notebook()", "anywidget", extra="notebook"),
    errors.LibraryMissing("grid.js"),
    errors.RuntimeFailed("pywebview", exit_code=3, tail="no display"),
    errors.AccessDenied("a page without a ticket"),
    errors.WrongThread("Setting 'x'", owner="MainThread", found="worker"),
    errors.WouldWaitForever("native.confirm", is_running=True),
    errors.NotSupported("set_progress", "browser", ["webview-gtk"]),
    errors.WindowClosed("Clock", "maximize"),
    errors.ScopeNotFound("clear()", "left", ["lift"]),
    errors.FieldNotFound("pin_update()", "nmae", ["name"]),
    errors.DesktopFailed("open 'a.txt'", "there is no program 'xdg-open'", remedy="sudo apt install xdg-utils"),
    errors.NotAnswered("org.example.clock", 123, 5.0),
    errors.PublishError("clock", "https://a.example/", "the site refused (403): no", status=403),
    errors.AssetExists("a.js"),
    errors.AssetMissing("a.js", "no file"),
    errors.ExportFailed("/proc/app", PermissionError(13, "Permission denied", "/proc/app/app.html")),
    errors.ProtocolError("HELLO was expected"),
    errors.CodecError("a set cannot travel", where="Clock.text"),
    errors.VersionMismatch(1, 2),
    errors.MessageTooLarge(10, 5),
    errors.MessageTooLarge(10, 5, "Foo_1.text"),
    errors.TranspileError("a.py", 3, "f", "no yield"),
    errors.DependencyCycle(["a", "b"]),
    errors.NotDeclared("Clock_1", "boom"),
    errors.SessionNotFoundException(),
    errors.SessionClosedException(4401, "no ticket"),
    errors.WrongKindOfSession("run_async()", "is for sessions of async functions."),
    errors.TooManySessions(1000),
    errors.ClientReloaded(),
    errors.ClientError("ReferenceError: x"),
    errors.SpecError("product.name", "is missing"),
    errors.ToolMissing("makensis", "apt install nsis"),
    errors.BuildFailed("pyinstaller", command=["a", "b"], exit_code=1, log="log"),
    errors.VerifyFailed("starts", "it did not"),
]


def test_the_drawing_in_the_docstring_is_the_tree() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        name = line.lstrip(" │├└─").split(" ")[0]
        if name and any(name == one.__name__ for one in ALL):
            drawn.append(((len(line) - len(line.lstrip(" │├└─")) - 4) // 3, name))
    parents: dict[str, str] = {}
    path: list[str] = []
    for depth, name in drawn:
        path[depth:] = [name]
        if depth:
            parents[name] = path[depth - 1]
    assert parents == {one.__name__: one.__bases__[0].__name__ for one in ALL if one is not errors.DeskappError}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_text_is_a_sentence_with_the_facts(error: errors.DeskappError) -> None:
    text = str(error)
    assert len(text) > 5
    assert "<" not in text
    for fact in error.args:
        if isinstance(fact, str):
            assert fact in text


def test_examples_cover_every_error_that_is_raised() -> None:
    families = {base for one in ALL for base in one.__bases__}
    raised = {one for one in ALL if one not in families} | {errors.ProtocolError, errors.ConfigError}
    assert raised == {type(error) for error in EXAMPLES}


def test_old_habits_catch_them_too() -> None:
    assert issubclass(errors.ConfigError, ValueError)
    assert issubclass(errors.UnknownSetting, AttributeError)
    assert issubclass(errors.UnknownSetting, LookupError)
    assert issubclass(errors.AssetExists, ValueError)
    assert issubclass(errors.AssetMissing, LookupError)
    assert issubclass(errors.WrongThread, RuntimeError)
    assert issubclass(errors.SessionNotFoundException, RuntimeError)


@pytest.mark.parametrize("error", [one for one in EXAMPLES if isinstance(one, errors.ProtocolError)], ids=str)
def test_close_codes_are_those_that_every_engine_passes_on(error: errors.ProtocolError) -> None:
    assert error.close_code in {1000, 1001} or 4400 <= error.close_code < 4500


def test_a_missing_tool_comes_with_the_command_that_gets_it() -> None:
    assert "apt install nsis" in str(errors.ToolMissing("makensis", "apt install nsis"))


def test_no_runtime_lists_what_was_tried_and_names_the_doctor() -> None:
    text = str(errors.RuntimeUnavailable("app", [("pywebview", "GTK is missing.", "apt install it")]))
    assert "pywebview: GTK is missing. To mend it: apt install it" in text
    assert "deskapp doctor" in text


def test_plain_errors_survive_copying_and_pickling() -> None:
    for error in (errors.AssetExists("a"), errors.NotDeclared("a", "b"), errors.ClientReloaded()):
        for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
            assert str(twin) == str(error)
