"""Models in real pages: a window of WebKitGTK, and Chromium."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.browser import driven_chromium
from tests.desktop.program import PROGRAMS, ROOT, Program, Start
from tests.desktop.screen import wait_until

pytestmark = pytest.mark.desktop


class Models:
    """The program of `programs/models.py`, and what it can be asked."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._numbers = itertools.count(1)

    def ask(self, language: str, code: str) -> Any:
        number = next(self._numbers)
        self.program.tell(language, number, code)
        line = self.program.until("value", number=number)
        assert "error" not in line, line["error"]
        return line["value"]

    def js(self, code: str) -> Any:
        """The value of a JavaScript expression; ``m`` is the Main."""
        return self.ask("js", code)

    def py(self, code: str) -> Any:
        """The value of a Python expression; ``m`` is the Main."""
        return self.ask("py", code)

    def set(self, name: str, value: object) -> None:
        """Assign in Python."""
        self.program.tell("set", name, value)

    def seen(self, what: str) -> list[Any]:
        """What the page has noted of one kind."""
        return [facts for kind, *facts in self.js("seen") if kind == what]

    def until_seen(self, what: str, *, times: int) -> list[Any]:
        wait_until(lambda: len(self.seen(what)) >= times, what=f"{what} in the page: {self.js('seen')}")
        return self.seen(what)

    def until(self, expression: str, value: object) -> None:
        """Wait until a Python expression has a value."""
        wait_until(lambda: self.py(expression) == value, what=f"{expression} == {value!r}")

    def shared(self) -> list[list[int]]:
        """The calls of Python's handler."""
        return [line["values"] for line in self.program.all("shared")]


@pytest.fixture
def models(start: Start) -> Iterator[Models]:
    program = start("models.py", args=["x", 1])
    yield Models(program)
    program.close("models")
    assert program.wait() == 0
    assert "Traceback" not in program.log, program.log


def test_everything_starts_in_the_documented_order_on_both_sides(models: Models) -> None:
    assert models.program.until("init") == {"event": "init", "args": ["x", 1], "shared": 11}
    assert models.js("seen") == [
        ["child init", 5, False],
        ["main init", 11, True, False, 2, "m"],
        ["child handler", 2, 5],
        ["main handler", 11],
    ]
    said = [line for line in models.program.lines if line["event"] in ("child", "shared")]
    assert said == [{"event": "child", "values": [[2, 2], [2, 5]]}, {"event": "shared", "values": [11]}]


def test_the_numbers_of_the_reference_come_out(models: Models) -> None:
    assert models.js("m.shared") == models.py("m.shared") == 11
    models.set("shared", 50)
    models.program.until("shared", values=[53])
    # Python 51, JavaScript 52, Python 53, and no further echo.
    models.py("m.session.co_roundtrip and 0")
    assert models.js("m.shared") == 52
    assert models.py("m.shared") == 53
    models.js("m.shared = 100, null")
    models.program.until("shared", values=[102])
    assert models.js("m.shared") == 101
    assert models.py("m.shared") == 102
    assert models.shared() == [[11], [51], [53], [102]]
    assert models.seen("main handler") == [[11], [52], [101]]


def test_only_events_with_handlers_on_the_other_side_are_told(models: Models) -> None:
    assert models.js("[m._types.has('pressed'), m._types.has('in_page'), m._types.has('shouted')]") == [
        True,
        True,
        False,
    ]
    models.js("m.in_page = 5, null")
    said = models.program.until("in_page")
    assert said["values"] == [[1, 5]]
    assert said["has"] is False  # the event is Python's, the property is not
    models.set("in_python", 4)
    models.py("m.pressed(9)")

    def told() -> list[list[object]]:
        """What the handler got, in one call or in two."""
        return [event for call in models.seen("from python") for event in call]

    wait_until(lambda: len(told()) > 1, what="two events in the page")
    assert told() == [["in_python", 4], ["pressed", 9]]
    assert models.js("m.in_python === undefined") is True


def test_events_of_a_page_reach_a_handler_together(models: Models) -> None:
    models.program.until("shared")

    def come_together() -> bool:
        """Two milliseconds apart, and not together with the answer; a machine that is busy may make them ten."""
        models.program.forget()
        later = "setTimeout(() => { m.b += 1; m.pressed(3); }, 2)"
        models.js("setTimeout(() => { m.a += 1; " + later + "; }, 20), null")
        wait_until(lambda: any("pressed" in line["types"] for line in models.program.all("heard")), what="the last one")
        return [line["types"] for line in models.program.all("heard")] == [["a", "b", "pressed"]]

    wait_until(come_together, what="three events in one call")


def test_values_that_python_limits_come_to_rest_at_pythons(models: Models) -> None:
    models.js("m.limited = 70, null")
    models.until("m.limited", 70)
    # The page's validator lets it pass; Python's own does not.
    models.py("setattr(type(m).limited, 'func', lambda self, v: min(int(v), 50))")
    models.js("m.limited = 90, null")
    models.until("m.limited", 50)
    wait_until(lambda: models.js("m.limited") == 50, what="Python's value in the page")


def test_without_sync_props_values_stay_in_the_page(models: Models) -> None:
    models.set("sync_props", False)
    wait_until(lambda: models.js("m.sync_props") is False, what="the property in the page")
    models.js("(m.text = 'quiet', m.a = 5, null)")
    assert models.program.until("heard", types=["a"])["values"] == [5]
    assert models.py("[m.text, m.a]") == ["", 0]
    models.set("text", "from Python")
    wait_until(lambda: models.js("m.text") == "from Python", what="the text in the page")


def test_data_arrives_once_and_is_gone_from_python(models: Models) -> None:
    models.py("m.send_data(bytes([1, 2, 3]), {'kind': 'x'})")
    assert models.until_seen("data", times=1) == [[3, [1, 2, 3], {"kind": "x", "byteLength": 3}]]
    models.until("m.session.get_data_names()", [])
    models.py("m.send_data(m.session.add_data('kept.bin', b'45'), {})")
    assert models.until_seen("data", times=2)[1] == [2, [52, 53], {}]
    models.py("m.send_data('_data/shared/shared.bin') if not app.assets.add_shared_data('shared.bin', b'6') else 0")
    models.py("m.send_data('_data/shared/shared.bin')")
    assert models.until_seen("data", times=3)[2] == [1, [54], {}]
    assert models.py("m.session.get_data_names()") == ["kept.bin"]


def test_data_that_is_not_there_is_an_error_in_the_page(models: Models) -> None:
    models.py("m.send_data('_data/shared/nothing.bin')")
    models.program.until_logged("Data for Main_1 could not be retrieved", "404")
    assert models.seen("data") == []


def test_python_calls_methods_of_the_twin(models: Models) -> None:
    models.py("m.call_js('reveal(7)')")
    assert models.until_seen("revealed", times=1) == [[21]]


def test_models_and_components_know_each_other(models: Models) -> None:
    assert models.js("m.label.node.textContent") == "shared is 11"
    assert models.js("m.counter.model === m && m.counter.label === m.label") is True
    assert models.js("m.own.text") == "by JavaScript"  # made by the twin itself
    models.js("m.other = m.own, null")
    models.until("type(m.other).__name__", "Label")
    assert models.py("m.other.text") == "by JavaScript"
    models.py("setattr(m, 'later', m.sub)")
    wait_until(lambda: models.js("m.later === m.sub"), what="the attribute in the page")
    models.set("shared", 20)
    wait_until(lambda: models.js("m.label.node.textContent") == "shared is 22", what="the label")
    assert models.js("m.root === m && deskapp.session.root === m") is True


def test_a_model_that_is_disposed_or_collected_is_gone_from_the_page(models: Models) -> None:
    models.py("models.update(one=Child(session=m.session), two=Child(session=m.session))")
    one, two = models.py("[models['one'].id, models['two'].id]")
    here = f"['{one}', '{two}'].map((id) => deskapp.session.get_component_instance(id) !== null)"
    wait_until(lambda: models.js(here) == [True, True], what="both in the page")
    models.py("models['one'].dispose()")
    wait_until(lambda: models.js(here) == [False, True], what="one of them gone")
    models.py("models.clear()")

    def is_gone() -> bool:
        models.py("gc.collect()")
        return bool(models.js(here) == [False, False])

    wait_until(is_gone, what="the other one gone")
    assert models.py(f"m.session.get_model_instance_by_id({two!r})") is None


def test_a_page_that_is_loaded_anew_holds_what_python_holds(models: Models) -> None:
    models.set("shared", 50)
    models.program.until("shared", values=[53])
    models.set("text", "kept")
    models.js("(m.a = [1, 2], window.isOld = true, null)")
    models.until("m.a", [1, 2])
    models.program.forget()
    models.py("m.call_js('session.page.window.location.reload()')")
    wait_until(lambda: _is_anew(models), what="the page anew")
    assert models.js("seen")[:2] == [["child init", 5, False], ["main init", 53, True, False, 2, "m"]]
    assert models.js("[m.shared, m.text, m.a, m.sub.foo, m.own.text]") == [53, "kept", [1, 2], 5, "by JavaScript"]
    assert models.js("m.label.text === 'by Python' && m.counter.model === m") is True
    assert not models.program.all("shared")
    models.js("m.text = 'again', null")
    models.until("m.text", "again")
    models.set("text", "and again")
    wait_until(lambda: models.js("m.text") == "and again", what="the text in the page")
    models.js("m.pressed(4)")
    assert models.program.until("heard")["values"] == [4]


def _is_anew(models: Models) -> bool:
    try:
        return bool(models.js("window.isOld === undefined && seen.length === 4"))
    except AssertionError:
        return False  # the page was just going


def test_an_exported_model_lives_without_python(tmp_path: Path) -> None:
    file = tmp_path / "saved.html"
    command = [sys.executable, str(PROGRAMS / "model_export.py"), str(file)]
    subprocess.run(command, check=True, timeout=30, env={**os.environ, "PYTHONPATH": str(ROOT)})
    with driven_chromium() as browser:
        page = browser.new_page()
        page.goto(file.as_uri())
        root = "deskapp.session.root"
        wait_until(lambda: page.evaluate(f"{root}.got ?? null") == [5, "digits"], what="the data")
        assert page.evaluate(f"{root}.at_init") == [11, 5]
        page.evaluate(f"{root}.shared = 20")
        wait_until(lambda: page.evaluate(f"{root}.last") == 21, what="the handler")


def test_models_work_in_chromium(start: Start) -> None:
    program = start("models.py", serve=True)
    url = program.until("serving")["url"]
    with driven_chromium() as browser:
        page = browser.new_page()
        page.goto(url)
        wait_until(lambda: page.evaluate("window.seen && seen.length === 4"), what="the page")
        models = Models(program)
        assert [models.py("m.shared"), page.evaluate("deskapp.session.root.shared")] == [11, 11]
        models.set("shared", 50)
        program.until("shared", values=[53])
        assert page.evaluate("deskapp.session.root.shared") == 52
        page.evaluate("deskapp.session.root.shared = 100")
        program.until("shared", values=[102])
        assert page.evaluate("deskapp.session.root.shared") == 101
        assert page.evaluate("seen.filter(([kind]) => kind === 'main handler')") == [
            ["main handler", 11],
            ["main handler", 52],
            ["main handler", 101],
        ]
        models.py("m.send_data(bytes(200_000))")
        has_data = "seen.some(([kind, size]) => kind === 'data' && size === 200000)"
        wait_until(lambda: page.evaluate(has_data), what="the data")
        models.until("m.session.get_data_names()", [])
        program.tell("stop")
        assert program.wait() == 0
    assert "Traceback" not in program.log, program.log
