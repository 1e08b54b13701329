"""Short messages and popups: what the page is told, what it tells, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deskapp.errors import ScopeNotFound
from deskapp.output import PopupSize, clear, close_popup, popup, put_text, toast
from tests.unit.script.showing import Stage, library_folder, stage

__all__ = ["library_folder", "stage"]


async def test_a_toast_says_how_long_where_and_how(stage: Stage) -> None:
    clicked: list[bool] = []

    def show() -> None:
        toast("<b>")
        toast(3, 0, "right", "#2188ff", onclick=lambda: clicked.append(True))

    shown = await stage.show(show)
    first, second = shown.told("toast")
    assert first == ["<b>", 2000, "center", "info", None]
    assert second[:4] == ["3", 0, "right", "#2188ff"]
    shown.report(second[4])
    await stage.harness.until(lambda: clicked == [True])


async def test_a_popup_has_a_scope_that_goes_with_it(stage: Stage) -> None:
    def show() -> str:
        with popup("<T>", ["a", put_text("b")], PopupSize.SMALL, implicit_close=False) as scope:
            put_text("inside")
            clear("ROOT")
            put_text("inside still")
        put_text("also", scope=scope)
        return scope

    shown = await stage.show(show)
    (scope,) = shown.returned
    (data,) = shown.told("popup")
    props = data[0][2]
    assert (props["title"], props["size"], props["light"], props["closes"]) == ("<T>", "small", False, True)
    assert [each if isinstance(each, str) else each[1] for each in props["children"]] == ["a", "text"]
    assert [data[1] for data in shown.told("put")] == [scope] * 3
    shown.report(props["on"])
    scopes = shown.run.page.scopes
    await stage.harness.until(lambda: scope not in scopes)
    assert shown.run.page.kept == {}


async def test_a_popup_takes_the_place_of_another_and_is_closed(stage: Stage) -> None:
    def show() -> None:
        with popup("one") as first:
            with popup("two", closable=False) as second:
                with pytest.raises(ScopeNotFound):
                    put_text("gone", scope=first)
                close_popup()
                close_popup()
                put_text("where the code is")
            with pytest.raises(ScopeNotFound):
                put_text("gone", scope=second)

    shown = await stage.show(show)
    one, two = [data[0][2] for data in shown.told("popup")]
    assert (one["light"], one["closes"], two["light"], two["closes"]) == (True, True, False, False)
    assert shown.told("close_popup") == [None]
    assert [data[1] for data in shown.told("put")] == ["ROOT"]
    shown.report(one["on"])  # the page had told it when Python closed it


async def test_a_popup_decorates_functions(stage: Stage) -> None:
    def show() -> object:
        @popup("title")
        def fill(text: str) -> str:
            put_text(text)
            return text

        return fill("in it")

    shown = await stage.show(show)
    assert shown.returned == ["in it"]
    assert shown.told("put")[0][1] == shown.told("popup")[0][0][2]["scope"]


@pytest.mark.parametrize("stage", ["loop"], indirect=True)
async def test_a_popup_decorates_async_functions(stage: Stage) -> None:
    def show() -> object:
        @popup("title")
        async def fill(text: str) -> str:
            put_text(text)
            return text

        return fill("in it")

    shown = await stage.show(show)
    assert shown.returned == ["in it"]
    assert shown.told("put")[0][1] == shown.told("popup")[0][0][2]["scope"]


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        (lambda: toast("a", "2"), TypeError, "a number of seconds"),  # type: ignore[arg-type]
        (lambda: toast("a", -1), ValueError, "0 seconds or more"),
        (lambda: toast("a", float("inf")), ValueError, "0 seconds or more"),
        (lambda: toast("a", position="top"), ValueError, "left, center, right, not 'top'"),
        (lambda: toast("a", color="red"), ValueError, "cannot be 'red'; there are info, error, warn, success"),
        (lambda: toast("a", color="#12"), ValueError, "cannot be '#12'"),
        (lambda: toast("a", onclick=3), TypeError, "a function to call"),  # type: ignore[arg-type]
        (lambda: popup("a", size="huge"), ValueError, "the sizes large, normal, small, not 'huge'"),
    ],
)
async def test_what_cannot_come_above_the_page_is_refused_in_the_call(
    stage: Stage, call: Callable[[], Any], kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        await stage.show(call)
