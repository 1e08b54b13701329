"""Bars of progress, and what turns: what the page is told, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deskapp.output import put_loading, put_processbar, put_progressbar, put_text, set_processbar, set_progressbar
from tests.unit.script.showing import Stage, library_folder, stage

__all__ = ["library_folder", "stage"]


async def test_a_bar_is_set_by_its_name(stage: Stage) -> None:
    def show() -> None:
        put_progressbar("bar", 0.5)
        put_text("after")
        put_processbar("other", label="begun")
        set_progressbar("bar", 2 / 3)
        set_processbar("other", 1, label="done")

    shown = await stage.show(show)
    names = [props.get("name") for _, props in shown.specs]
    assert names == ["bar", None, "other"]
    last = {props["name"]: props["state"] for _, props in shown.specs if "name" in props}
    for number, _, state in shown.told("change"):
        (spec,) = [data[0] for data in shown.told("put") if data[0][0] == number]
        last[spec[2]["name"]] = state
    assert last == {"bar": [2 / 3, "66.7%"], "other": [1.0, "done"]}


async def test_a_bar_may_go_when_it_is_full(stage: Stage) -> None:
    def show() -> int:
        bar = put_progressbar("bar", auto_close=True)
        set_progressbar("bar", 0.1 * 3 + 0.7)
        set_progressbar("bar", 1)
        set_progressbar("bar", 0.5)
        put_progressbar("stays", 1)
        return bar.number

    shown = await stage.show(show)
    assert shown.told("drop") == [[shown.returned[0], None]]


async def test_what_was_shown_while_something_turned_goes_with_it(stage: Stage) -> None:
    def show() -> tuple[str, int]:
        waiting = put_loading("grow", "primary")
        with waiting as scope:
            put_text("wait")
        with pytest.raises(ZeroDivisionError), put_loading():
            raise ZeroDivisionError
        return scope, waiting.number

    shown = await stage.show(show)
    ((scope, number),) = shown.returned
    (kind, props), (_, inside), _ = shown.specs
    assert (kind, props["shape"], props["color"], inside["text"]) == ("loading", "grow", "primary", "wait")
    assert shown.told("put")[1][1] == scope
    assert [data[0] for data in shown.told("drop")] == [number, number + 2]
    assert scope not in shown.run.page.scopes


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        (lambda: put_progressbar("a b"), ValueError, "use letters, digits"),
        (lambda: put_progressbar(3), TypeError, "by a text, not by 3"),  # type: ignore[arg-type]
        (lambda: put_progressbar("a", 1.1), ValueError, "from 0 to 1 as progress, not 1.1; divide by 100"),
        (lambda: put_progressbar("a", -0.1), ValueError, "not -0.1$"),
        (lambda: put_progressbar("a", float("nan")), ValueError, "not nan$"),
        (lambda: put_progressbar("a", "1"), TypeError, "takes a number from 0 to 1"),  # type: ignore[arg-type]
        (lambda: [put_progressbar("loaded"), set_progressbar("load", 1)], LookupError, "did you mean 'loaded'"),
        (lambda: set_progressbar("load", 1), LookupError, "make it with put_progressbar"),
        (lambda: put_loading("square"), ValueError, "the shapes 'border' and 'grow', not 'square'"),
        (lambda: put_loading(color="green"), ValueError, "cannot be 'green'; there are primary"),
    ],
)
async def test_what_is_no_progress_is_refused_in_the_call(
    stage: Stage, call: Callable[[], Any], kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        await stage.show(call)
