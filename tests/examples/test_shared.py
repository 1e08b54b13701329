"""What the examples keep in Python: who shares it, what pages may say, and what is said when a library is missing."""

from __future__ import annotations

import shutil
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deskapp import app as program
from deskapp.testing import AppHarness, TestClient
from tests.examples.program import EXAMPLES, needs_libraries, run_program


async def page_of(app: AppHarness, component: Any) -> TestClient:
    page = app.page(component)
    await app.until(lambda: page.is_ready)
    return page


def asked(page: TestClient, action: str) -> list[Any]:
    """The first argument of each call of an action in the page."""
    said: list[Any] = page.messages
    return [message.args[0] for message in said if getattr(message, "action", "") == action]


def test_a_line_reaches_everybody_once_and_who_comes_late_has_it() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        one, other = components
        pages = [await page_of(app, one), await page_of(app, other)]
        pages[0].invoke(one, "say", "  Good morning  ")
        pages[1].invoke(other, "say", " ")  # says nothing
        for page in pages:
            await app.until(lambda page=page: asked(page, "add_line"))  # type: ignore[misc]
            assert [(line["name"], line["text"]) for line in asked(page, "add_line")] == [("Heron", "Good morning")]
        late: Any = program.launch(type(one))
        page = await page_of(app, late)
        assert [line["text"] for line in page.prop(late.view, "lines")] == ["Good morning"]
        assert asked(page, "add_line") == []
        await app.until(lambda: len(page.prop(late.view, "people")) == 3)

    run_program(EXAMPLES / "chat.py", check)


def test_names_are_told_to_all_and_those_who_leave_are_gone() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        one, other = components
        page, other_page = await page_of(app, one), await page_of(app, other)
        other_page.invoke(other, "rename", " Odo " + "x" * 50)
        other_page.invoke(other, "rename", "  ")  # keeps the name it has
        await app.until(lambda: len(page.prop(one.view, "people")[1]["name"]) == 24)
        assert page.prop(one.view, "people")[1]["name"].startswith("Odo xxx")
        other.session.close()
        await app.until(lambda: [person["name"] for person in page.prop(one.view, "people")] == ["Heron"])

    run_program(EXAMPLES / "chat.py", check)


GOOD = ("coral", 12, [10, 10, 10, 10, 50, 60])


@pytest.mark.parametrize(
    "stroke",
    [
        ("url(x)", 12, GOOD[2]),
        ("coral", 13, GOOD[2]),
        ("coral", 12, [1, 2, 3, 4]),
        ("coral", 12, [1] * 7),
        ("coral", 12, [1] * 402),
    ],
    ids=["no colour", "no brush", "too short", "odd", "too long"],
)
def test_a_page_can_paint_only_what_its_tools_can(stroke: tuple[Any, ...]) -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        one, other = components
        page, other_page = await page_of(app, one), await page_of(app, other)
        page.invoke(one, "draw", *stroke)
        page.invoke(one, "draw", *GOOD)
        await app.until(lambda: asked(other_page, "add"))
        assert [piece["color"] for piece in asked(other_page, "add")] == ["coral"]
        assert [piece["points"] for piece in asked(other_page, "add")] == [GOOD[2]]

    run_program(EXAMPLES / "painting.py", check)


def test_a_picture_is_bounded_and_can_be_cleared_by_everybody() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        one, other = components
        picture = vars(sys.modules["__main__"])["picture"]
        page, other_page = await page_of(app, one), await page_of(app, other)
        with picture:
            picture._mutate_pieces([{"by": "", "color": "ink", "size": 4, "points": GOOD[2]}] * 20_000)
        page.invoke(one, "draw", *GOOD)
        await app.until(lambda: len(picture.pieces) == 18_001)
        await app.until(lambda: len(other_page.prop(other.paper, "pieces")) == 18_001)
        other_page.invoke(other, "clear")
        await app.until(lambda: page.prop(one.paper, "pieces") == [])

    run_program(EXAMPLES / "painting.py", check)


def test_the_plot_gets_every_moment_once_and_follows_the_slider() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (weather,) = components
        page = await page_of(app, weather)
        await app.until(lambda: len(asked(page, "add")) > 4)
        rows = [row for chunk in asked(page, "add") for row in chunk]
        steps = [after[0] - before[0] for before, after in pairwise(rows)]
        assert min(steps) == pytest.approx(0.01, abs=1e-4)
        assert max(steps) == pytest.approx(0.01, abs=1e-4)
        assert all(len(row) == 4 for row in rows)
        page.invoke(weather, "set_rho", 1.0)
        await app.until(lambda: page.prop(weather.plot, "rho") == 1)
        await app.until(lambda: abs(asked(page, "add")[-1][-1][1]) < 0.2, timeout_s=15)  # it comes to rest

    run_program(EXAMPLES / "plot.py", check)


@needs_libraries
def test_each_seed_is_a_place_of_its_own() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (sketch,) = components
        page = await page_of(app, sketch)
        first = page.prop(sketch.sheet, "shapes")
        assert {shape["color"] for shape in first} >= {"sun", "far", "middle", "near", "tree", "wall", "roof"}
        page.invoke(sketch, "invent")
        await app.until(lambda: page.prop(sketch.sheet, "shapes") != first)

    run_program(EXAMPLES / "sketch.py", check)


@needs_libraries
@pytest.mark.parametrize(
    ("text", "line", "verdict"),
    [
        ("[1, 2]", 0, "3 values in 6 characters"),
        ('{"a": null,\n "b": [true, "x"]}', 0, "5 values in 30 characters"),
        ('{"a": 1,\n "b" 2}', 2, "Expecting ':' delimiter: line 2 column 6 (char 14)"),
        ("", 1, "Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_python_reads_along(text: str, line: int, verdict: str) -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (editor,) = components
        page = await page_of(app, editor)
        page.set(editor.editor, "text", text)
        await app.until(lambda: page.prop(editor.desk, "verdict") == verdict)
        assert page.prop(editor.editor, "bad_line") == line
        assert page.prop(editor.desk, "is_good") is (line == 0)

    run_program(EXAMPLES / "editor.py", check)


def test_python_measures_the_spline_with_the_function_that_draws_it() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (splines,) = components
        page = await page_of(app, splines)
        page.set(splines.board, "points", [[0, 0], [30, 40], [60, 80]])
        page.set(splines.board, "kind", 2)
        await app.until(lambda: "length 100.0" in page.prop(splines.board, "report"))
        page.emit(splines.board, "points", [[60, 0]], "replace", 2)
        await app.until(lambda: "  60,   0" in page.prop(splines.board, "report"))

    run_program(EXAMPLES / "splines.py", check)


@pytest.mark.parametrize("name", ["editor.py", "sketch.py"])
def test_where_the_library_is_missing_the_example_says_what_to_run(name: str, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / name, tmp_path)

    async def check(app: AppHarness, components: list[Any]) -> None:
        raise AssertionError("it opened a window")

    with pytest.raises(FileNotFoundError, match=r"is missing\. Run `npm ci` in "):
        run_program(tmp_path / name, check)
