"""Forms: the conversation from question to answer, on threads and on the loop."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest

from deskapp.errors import FieldNotFound, SessionClosedException, SessionNotFoundException, WrongKindOfSession
from deskapp.input import NUMBER, actions, checkbox, input, input_group, input_update, select, slider
from deskapp.output import put_buttons, put_text
from deskapp.session import register_thread
from deskapp.testing import AppHarness
from tests.unit.script.asking import harness, result, shown

__all__ = ["harness"]


async def test_a_field_is_asked_for_and_its_value_returned(harness: AppHarness) -> None:
    def main() -> object:
        return input("Age", type=NUMBER, required=True, help_text="in years")

    handle, page = await shown(harness, main)
    form = await page.form()
    (field,) = form["fields"]
    assert (form["label"], form["cancelable"], field["label"], field["help"]) == ("", False, "Age", "in years")
    assert await page.submit(_="41") == {"done": True}
    assert await result(harness, handle) == 41
    assert page.open_forms == []


async def test_on_the_loop_a_question_is_awaited(harness: AppHarness) -> None:
    seen: list[object] = []

    async def check(value: str) -> str | None:
        await asyncio.sleep(0)
        seen.append(asyncio.current_task())
        return None if value == "yes" else "say yes"

    async def main() -> object:
        seen.append(asyncio.current_task())
        return await input("Well?", validate=check)

    handle, page = await shown(harness, main)
    await page.form()
    assert await page.submit(_="no") == {"errors": {"": "say yes"}}
    assert await page.submit(_="yes") == {"done": True}
    assert await result(harness, handle) == "yes"
    assert seen[0] is seen[1] is seen[2]


async def test_what_the_page_sends_is_checked_again(harness: AppHarness) -> None:
    def main() -> object:
        return input_group(
            "All",
            [
                input("N", type=NUMBER, name="n", required=True, min=3),
                select("S", ["a", ("b", 2, False, True)], name="s"),
                checkbox("C", ["x"], name="c"),
            ],
        )

    handle, page = await shown(harness, main)
    await page.form()
    answer = await page.submit(n="2", s=1, c=[0])
    assert answer == {"errors": {"n": "Please enter 3 or more.", "s": "Please choose from the list."}}
    answer = await page.submit(n=5, s="0", c=[7])
    assert answer["errors"]["n"].startswith("This cannot be read")
    assert answer["errors"]["s"].startswith("This cannot be read")
    assert answer["errors"]["c"] == "Please choose from the list."
    assert await page.consult(page.open_forms[0]["id"], ["cancel"]) == {"errors": {}}  # it has no such button
    assert await page.consult(page.open_forms[0]["id"], {"odd": 1}) == {"errors": {}}
    assert await page.submit(n="3", s=0, c=[0], other=1) == {"done": True}
    assert await result(harness, handle) == {"n": 3, "s": "a", "c": ["x"]}


async def test_validators_run_in_the_thread_that_asks_and_their_faults_are_told(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    threads: list[object] = []

    def check(value: str) -> str | None:
        threads.append(threading.current_thread())
        if value == "boom":
            raise RuntimeError("a mistake in the program")
        return "not this one" if value == "bad" else None

    def check_all(values: dict[str, Any]) -> tuple[str, str] | None:
        return ("b", "both are the same") if values["a"] == values["b"] else None

    def main() -> object:
        threads.append(threading.current_thread())
        return input_group("", [input("A", name="a", validate=check), input("B", name="b")], validate=check_all)

    handle, page = await shown(harness, main)
    form = await page.form()
    assert [field["checks"] for field in form["fields"]] == [True, False]
    assert await page.consult(form["id"], ["check", "a", "bad"]) == {"error": "not this one"}
    assert await page.consult(form["id"], ["check", "a", "good"]) == {"error": None}
    with caplog.at_level(logging.CRITICAL, "deskapp.script"):
        assert "mistake of its own" in (await page.submit(a="boom", b=""))["errors"]["a"]
    assert await page.submit(a="x", b="x") == {"errors": {"b": "both are the same"}}
    assert await page.submit(a="x", b="y") == {"done": True}
    await result(harness, handle)
    assert len(set(threads)) == 1


async def test_a_form_is_cancelled(harness: AppHarness) -> None:
    def main() -> object:
        return input_group("", [input("A", name="a")], cancelable=True), actions("", [("Away", None, "cancel"), "ok"])

    handle, page = await shown(harness, main)
    assert (await page.form())["cancelable"] is True
    assert await page.consult(page.open_forms[0]["id"], ["cancel"]) == {"done": True}
    await harness.until(lambda: page.open_forms != [] and page.open_forms[0]["cancelable"] is False)
    assert await page.consult(page.open_forms[0]["id"], ["cancel"]) == {"done": True}
    assert await result(harness, handle) == (None, None)


async def test_buttons_answer_press_and_set(harness: AppHarness) -> None:
    pressed: list[str] = []

    def main() -> object:
        fields = [
            input("A", name="a", action=("Fill", lambda set_value: set_value("filled"))),
            actions("", [("One", 1), ("Press", lambda: pressed.append("x"), "callback")], name="do"),
        ]
        return input_group("", fields)

    handle, page = await shown(harness, main)
    form = await page.form()
    await page.consult(form["id"], ["action", "a"])
    (_, name, change) = page.told("form_change")[-1]
    assert (name, change["field"]["value"], change["sets"]) == ("a", "filled", True)
    await page.consult(form["id"], ["press", "do", 1])
    assert pressed == ["x"]
    assert "do" in (await page.submit(a="", do=1))["errors"]  # that one submits nothing
    await page.submit(a="", do=0)
    assert await result(harness, handle) == {"a": "", "do": 1}


async def test_fields_change_while_they_are_shown(harness: AppHarness) -> None:
    cities = {"x": ["x1", "x2"], "y": ["y1"]}
    faults: list[str] = []

    def changed(country: str) -> None:
        input_update("city", options=cities[country])
        input_update(help_text="chosen")
        with pytest.raises(FieldNotFound, match="did you mean 'city'"):
            input_update("cty", label="x")
        with pytest.raises(ValueError, match="cannot be changed"):
            input_update(type="number")
        faults.append("checked")

    def main() -> object:
        return input_group(
            "", [select("", list(cities), name="country", onchange=changed), select("", cities["x"], name="city")]
        )

    handle, page = await shown(harness, main)
    form = await page.form()
    await page.consult(form["id"], ["change", "country", 1])
    assert faults == ["checked"]
    changes = {name: change for _, name, change in page.told("form_change")}
    assert changes["city"]["field"]["options"] == [["y1", False]]
    assert changes["country"]["field"]["help"] == "chosen"
    assert "city" in (await page.submit(country=1, city=1))["errors"]
    await page.submit(country=1, city=0)
    assert await result(harness, handle) == {"country": "y", "city": "y1"}


async def test_a_value_that_is_not_right_yet_is_told_as_it_is(harness: AppHarness) -> None:
    seen: list[object] = []

    def main() -> object:
        return input("", type=NUMBER, min=10, onchange=seen.append)

    handle, page = await shown(harness, main)
    form = await page.form()
    for raw in ("1", "1x", ""):
        await page.consult(form["id"], ["change", "", raw])
    assert seen == [1, None]
    await page.submit(_="12")
    assert await result(harness, handle) == 12


async def test_the_newest_form_is_on_top_and_none_is_lost(harness: AppHarness) -> None:
    def main() -> object:
        answers: list[object] = []
        other = threading.Thread(target=lambda: answers.append(input("Second")))
        register_thread(other)
        begun = input("Zero", onchange=lambda _: other.start())
        other.join()
        return [begun, *answers]

    handle, page = await shown(harness, main)
    first = await page.form()
    await page.consult(first["id"], ["change", "", "go"])
    second = await page.form(2)
    assert second["fields"][0]["label"] == "Second"
    await page.consult(first["id"], ["submit", {"": "1"}])  # in any order
    await page.submit(_="2")
    assert await result(harness, handle) == ["1", "2"]


async def test_a_question_within_a_question(harness: AppHarness) -> None:
    def main() -> object:
        inner: list[object] = []
        outer = input("Outer", validate=lambda value: inner.append(input("Inner")))
        return outer, inner

    handle, page = await shown(harness, main)
    outer = await page.form()
    asked = asyncio.ensure_future(page.consult(outer["id"], ["submit", {"": "o"}]))
    await page.form(2)
    await page.submit(_="i")
    assert await asked == {"done": True}
    assert await result(harness, handle) == ("o", ["i"])


async def test_the_end_of_the_session_ends_questions(harness: AppHarness) -> None:
    errors: list[BaseException] = []

    def main() -> None:
        try:
            input("Never")
        except SessionClosedException as error:
            errors.append(error)
            raise

    handle, page = await shown(harness, main)
    await page.form()
    handle.session.close()
    await harness.until(handle.done)
    assert len(errors) == 1


async def test_a_form_goes_with_the_task_that_asks(harness: AppHarness) -> None:
    async def main() -> str:
        try:
            await asyncio.wait_for(input("Quick!"), 0.05)
        except asyncio.TimeoutError:
            return "too late"
        return "in time"

    handle, page = await shown(harness, main)
    assert await result(harness, handle) == "too late"
    await harness.until(lambda: page.told("form_end") == [page.told("form")[0]["id"]])


async def test_groups_that_cannot_be_are_refused(harness: AppHarness) -> None:
    async def validate(value: object) -> None:
        return None

    def main() -> object:
        refused = []
        for inputs, error in [
            (None, TypeError),
            ([], ValueError),
            ([input("a", name="a"), input("b", name="a")], ValueError),
            (["a"], TypeError),
            ([input("a", name="a", validate=validate)], WrongKindOfSession),
        ]:
            with pytest.raises(error) as found:
                input_group("", inputs)
            refused.append(str(found.value))
        with pytest.raises(FieldNotFound, match="no form is open"):
            input_update("x", label="y")
        return refused

    handle, page = await shown(harness, main)
    refused = await result(harness, handle)
    assert "two fields with the name 'a'" in refused[2]
    assert "each with a name, not 'a'" in refused[3]
    assert page.told("form") == []


async def test_a_field_without_a_name_is_no_field_of_a_group_on_the_loop(harness: AppHarness) -> None:
    async def main() -> None:
        await input_group("", [input("a")])

    handle, _ = await shown(harness, main)
    await harness.until(handle.done)
    with pytest.raises(TypeError, match="not a field without a name"):
        handle.result()


async def test_callbacks_ask_as_well(harness: AppHarness) -> None:
    def main() -> None:
        put_buttons(["Ask"], lambda _: put_text("got", slider("How many?", value=2)))

    _, page = await shown(harness, main)
    await harness.until(lambda: len(page.told("put")) == 1)
    page.report(page.told("put")[0][0][2]["buttons"][0]["on"], 0)
    await page.form()
    await page.submit(_="7")
    assert await page.texts(2) == ["got 7"]


def test_without_a_session_nothing_is_asked() -> None:
    with pytest.raises(SessionNotFoundException):
        input("Anybody?")
