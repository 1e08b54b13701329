"""Fields that stay in the page: their values, their changes, and who hears of them."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest

from deskapp.bridge import messages
from deskapp.errors import FieldNotFound, WrongKindOfSession
from deskapp.pin import (
    get_pin_values,
    pin,
    pin_on_change,
    pin_update,
    pin_wait_change,
    put_actions,
    put_checkbox,
    put_input,
    put_radio,
    put_select,
    put_slider,
    put_textarea,
)
from deskapp.session import hold
from deskapp.testing import AppHarness
from tests.unit.script.asking import Page, harness, result, shown

__all__ = ["harness"]


def has_waits(page: Page, count: int) -> bool:
    return len(page.told("pin_wait")) == count


def put_all() -> None:
    put_input("a", type="number", label="A", value=3)
    put_textarea("t", value="x", code=False)
    put_select("s", ["x", ("y", (1, 2))], value=(1, 2))
    put_checkbox("c", ["x", "y"], value=["x"])
    put_radio("r", ["x", "y"])
    put_slider("n", value=5)
    put_actions("d", buttons=["go", "stop"])


async def test_fields_are_shown_and_their_values_read(harness: AppHarness) -> None:
    def main() -> object:
        put_all()
        return pin.a, pin["s"], get_pin_values(["a", "t", "s", "c", "r", "n", "d"])

    handle, page = await shown(
        harness, main, {"a": "41", "t": "text", "s": 1, "c": [0, 1], "r": None, "n": "7", "d": 1}
    )
    a, s, values = await result(harness, handle)
    assert (a, s) == (41, (1, 2))
    assert values == {"a": 41, "t": "text", "s": (1, 2), "c": ["x", "y"], "r": None, "n": 7, "d": "stop"}
    fields = [spec[2]["field"] for spec, _, _ in page.told("put")]
    assert [(field["name"], field["kind"], field["value"]) for field in fields] == [
        ("a", "input", "3"),
        ("t", "textarea", "x"),
        ("s", "select", 1),
        ("c", "checkbox", [0]),
        ("r", "radio", None),
        ("n", "slider", "5"),
        ("d", "actions", None),
    ]


async def test_on_the_loop_values_are_awaited(harness: AppHarness) -> None:
    async def main() -> object:
        put_all()
        return await pin.a, await pin["c"], await get_pin_values(["n"]), await pin_wait_change("a", timeout=0.01)

    handle, _ = await shown(harness, main, {"a": "1", "c": [], "n": "2"})
    assert await result(harness, handle) == (1, [], {"n": 2}, None)


async def test_what_keeps_to_no_type_is_none(harness: AppHarness) -> None:
    def main() -> object:
        put_all()
        return get_pin_values(["a", "s", "c"])

    handle, _ = await shown(harness, main, {"a": "many", "s": 17, "c": "x"})
    assert await result(harness, handle) == {"a": None, "s": None, "c": None}


async def test_values_are_set_and_fields_changed(harness: AppHarness) -> None:
    def main() -> object:
        put_all()
        pin.a = 4
        pin["s"] = "x"
        pin_update("c", options=["z"], label="Z")
        for name, value in {"s": "q", "a": "q", "d": 1}.items():
            with pytest.raises(ValueError, match=r"no option|cannot have|cannot be set"):
                pin[name] = value
        with pytest.raises(ValueError, match="cannot be changed"):
            pin_update("a", type="text")
        return pin.c

    handle, page = await shown(harness, main, {"c": [0]})
    assert await result(harness, handle) == ["z"]
    changes = [(name, change["field"]["value"], change["sets"]) for name, change in page.told("pin_change")]
    assert changes == [("a", "4", True), ("s", 0, True), ("c", [], True)]


async def test_a_field_that_is_not_there_is_an_error(harness: AppHarness) -> None:
    def main() -> object:
        put_input("name")
        errors = []
        for call in (
            lambda: pin.nmae,
            lambda: get_pin_values(["name", "nme"]),
            lambda: pin_update("name2", label="x"),
            lambda: pin_wait_change("other"),
            lambda: pin_on_change("other", print),
            lambda: setattr(pin, "other", 1),
            lambda: pin.name,
        ):
            with pytest.raises(FieldNotFound) as found:
                call()
            errors.append(str(found.value))
        pin.use_strict()
        for wrong in ("a b", ""):
            with pytest.raises(ValueError, match="letters, digits, - and _"):
                put_input(wrong)
        return errors

    handle, _ = await shown(harness, main)
    errors = await result(harness, handle)
    assert "did you mean 'name'" in errors[0]
    assert "show one with put_input()" in errors[3]
    assert "not in the page any more" in errors[6]  # this page in memory has none


async def test_a_change_is_waited_for(harness: AppHarness) -> None:
    def main() -> object:
        put_all()
        return pin_wait_change("a", timeout=0.02), pin_wait_change("a", "s"), pin_wait_change(["c"], timeout=5)

    handle, page = await shown(harness, main)
    for count, change in ((2, ["s", 1]), (3, ["c", [1]])):
        await harness.until(functools.partial(has_waits, page, count))
        page.result(page.of(messages.SCRIPT, verb="pin_wait")[-1].req, change)
    assert await result(harness, handle) == (None, {"name": "s", "value": (1, 2)}, {"name": "c", "value": ["y"]})
    assert [names for _, names in page.told("pin_wait")] == [["a"], ["a", "s"], ["c"]]
    assert page.told("pin_unwait") == [page.told("pin_wait")[0][0]]


@pytest.mark.parametrize("is_async", [False, True])
async def test_functions_hear_of_changes(harness: AppHarness, is_async: bool) -> None:
    heard: list[Any] = []

    async def later(value: object) -> None:
        await asyncio.sleep(0)
        heard.append(value)

    def main() -> None:
        put_all()
        pin_on_change("a", heard.append, init_run=True)
        pin_on_change("a", lambda value: heard.append(-value), serial_mode=True)
        with pytest.raises(WrongKindOfSession):
            pin_on_change("a", later)
        refuse()

    async def async_main() -> None:
        put_all()
        pin_on_change("a", later, init_run=True)
        pin_on_change("a", lambda value: heard.append(-value))
        refuse()

    def refuse() -> None:
        with pytest.raises(TypeError, match="needs a function, or clear=True"):
            pin_on_change("a")
        with pytest.raises(TypeError, match="has no option"):
            pin_on_change("a", print, serial=True)
        pin_on_change("s", clear=True)

    handle, page = await shown(harness, async_main if is_async else main, {"a": "1"})
    await harness.until(handle.done)
    handle.result()
    first, second, last = page.told("pin_on")
    assert (first[0], first[2:], second[2:]) == ("a", [False, is_async], [False, False])
    assert last == ["s", "", True, False]
    if is_async:
        page.report(first[1], ["1"])  # as the page does when it is to begin at once
    await harness.until(lambda: heard == [1])
    page.report(second[1], ["5"])
    page.report(first[1], ["6"])
    await harness.until(lambda: sorted(heard) == [-5, 1, 6])


async def test_the_end_of_the_session_ends_a_wait(harness: AppHarness) -> None:
    def main() -> None:
        put_all()
        pin_wait_change("a")
        hold()

    handle, page = await shown(harness, main)
    await harness.until(lambda: len(page.told("pin_wait")) == 1)
    handle.session.close()
    await harness.until(handle.done)
    with pytest.raises(Exception, match="closed"):
        handle.result()
