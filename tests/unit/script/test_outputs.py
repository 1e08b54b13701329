"""What is shown: at once, in its scope, or in another output."""

from __future__ import annotations

import gc
import threading
from typing import Any

import pytest

from deskapp.bridge import messages
from deskapp.errors import CodecError, ScopeNotFound, SessionClosedException, SessionNotFoundException
from deskapp.output import Output, put_scope, put_text, use_scope
from deskapp.session import defer_call, eval_js, hold, run_js
from deskapp.testing import AppHarness
from tests.unit.script.shown import Shown


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_what_is_put_is_shown_in_its_order_before_what_is_asked_later(harness: AppHarness, kind: str) -> None:
    def show() -> None:
        put_text("a", 1)
        run_js("one()")
        put_text("b", sep="", inline=True)

    def plain() -> Any:
        show()
        return eval_js("two()")

    async def on_loop() -> Any:
        show()
        return await eval_js("two()")

    page = Shown(harness, plain if kind == "plain" else on_loop)
    assert (await page.done())["code"] == "two()"
    assert page.specs() == [("text", {"text": "a 1", "inline": False}), ("text", {"text": "b", "inline": True})]
    order = [type(m).__name__ for m in page.messages if isinstance(m, messages.SCRIPT | messages.CALL)]
    assert order == ["SCRIPT", "CALL", "SCRIPT", "CALL"]


async def test_the_page_gets_what_shows_things_once_and_before_the_first_of_them(harness: AppHarness) -> None:
    def main() -> None:
        put_text("a")
        put_text("b")

    page = Shown(harness, main)
    await page.done()
    names = [(m.kind, m.name) for m in page.of(messages.DEFINE)]
    assert names == [("css", "deskapp.script.pico"), ("css", "deskapp.script"), ("js", "deskapp.script")]
    first = next(m for m in page.messages if isinstance(m, messages.SCRIPT))
    assert all(page.messages.index(m) < page.messages.index(first) for m in page.of(messages.DEFINE))


async def test_a_function_that_shows_nothing_costs_its_page_nothing(harness: AppHarness) -> None:
    page = Shown(harness, lambda: run_js("x"))
    await page.done()
    assert page.of(messages.DEFINE) == []


@pytest.mark.parametrize("was_shown", [False, True])
async def test_an_output_given_to_another_one_goes_into_it(harness: AppHarness, was_shown: bool) -> None:
    def main() -> None:
        inner = put_text("inner")
        if was_shown:
            eval_js("1")
        put_scope("box", [inner, "text"])

    page = Shown(harness, main)
    await page.done()
    *before, (kind, props) = page.specs()
    assert (kind, props["scope"]) == ("scope", "box")
    inner, text = props["children"]
    assert text == "text"
    if was_shown:
        assert [before[0][0], inner] == ["text", page.shows("put")[0][0][0]]  # by its number: it moves
    else:
        assert before == []
        assert inner[1:] == ["text", {"text": "inner", "inline": False}]


async def test_an_output_can_be_changed_before_and_after_it_is_shown(harness: AppHarness) -> None:
    def main() -> None:
        first = put_text("a").style("color: red").style("top: 0")
        inner = put_text("b")
        put_scope("box", inner)
        inner.style("left: 0")
        eval_js("1")
        first.style("right: 0")
        inner.update({"text": "c"})
        assert first.show() is first.send() is first

    page = Shown(harness, main)
    await page.done()
    (_, a), (_, box) = page.specs()
    assert a["style"] == "color: red;top: 0;right: 0" or a["style"] == "color: red;top: 0"
    assert box["children"][0][2]["style"] == "left: 0"
    changes = page.shows("change")
    assert [change[1:] for change in changes] == [["style", "color: red;top: 0;right: 0"], ["text", "c"]]


async def test_outputs_find_the_scope_of_their_code(harness: AppHarness) -> None:
    def elsewhere() -> None:
        put_text("thread")

    def main() -> None:
        with use_scope("outer"):
            put_text("in outer")
            with use_scope("inner"):
                put_text("in inner")
                put_text("named", scope="outer", position=0)
            from deskapp.session import register_thread

            thread = threading.Thread(target=elsewhere)
            register_thread(thread)
            thread.start()
            thread.join()
        put_text("in root")

    page = Shown(harness, main)
    await page.done()
    texts = {spec[2]["text"]: (scope, at) for spec, scope, at in page.shows("put") if spec[1] == "text"}
    assert texts == {
        "in outer": ("outer", -1),
        "in inner": ("inner", -1),
        "named": ("outer", 0),
        "thread": ("ROOT", -1),
        "in root": ("ROOT", -1),
    }
    scopes = {spec[2]["scope"]: scope for spec, scope, _ in page.shows("put") if spec[1] == "scope"}
    assert scopes == {"outer": "ROOT", "inner": "outer"}


async def test_bad_input_is_refused_in_the_call_and_shows_nothing(harness: AppHarness) -> None:
    def main() -> None:
        put_scope("box")
        with pytest.raises(ScopeNotFound, match="finds no scope 'boxx' in the page; did you mean 'box'"):
            put_text("x", scope="boxx")
        with pytest.raises(TypeError, match="names a scope by a text, not by 3"):
            put_text("x", scope=3)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="whole number as position"):
            put_text("x", position="first")  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="takes CSS as a text"):
            put_text("x").style(3)  # type: ignore[arg-type]
        with pytest.raises(CodecError):
            Output("put_thing()", "thing", {"value": object()})
        with pytest.raises(TypeError, match="no place for other outputs"), put_text("y"):
            pass

    page = Shown(harness, main)
    await page.done()
    assert [kind for kind, _ in page.specs()] == ["scope", "text", "text"]


async def test_there_is_nothing_to_show_without_a_session_and_after_its_end(harness: AppHarness) -> None:
    errors: list[Exception] = []

    def at_the_end() -> None:
        try:
            put_text("x")
        except SessionClosedException as error:
            errors.append(error)

    def main() -> None:
        defer_call(at_the_end)
        hold()
        at_the_end()

    with pytest.raises(SessionNotFoundException):
        put_text("x")
    page = Shown(harness, main)
    page.settle()
    page.handle.close()
    await harness.until(lambda: len(errors) == 2)


async def test_a_reload_shows_everything_anew(harness: AppHarness) -> None:
    def main() -> None:
        put_scope("box")
        put_text("x", scope="box")
        hold()

    page = Shown(harness, main)
    await harness.until(lambda: len(page.specs()) == 2)
    page.reload()
    await harness.until(lambda: len(page.specs()) == 4)  # what it was told before counts, too
    assert page.specs()[:2] == page.specs()[2:]
    assert len(page.of(messages.DEFINE)) == 6


async def test_outputs_cost_no_memory_once_they_are_shown(harness: AppHarness) -> None:
    alive = 0

    def main() -> None:
        nonlocal alive
        for i in range(100):
            put_text(i)
        eval_js("1")
        here = put_text(i).page
        gc.collect()
        alive = sum(isinstance(each, Output) and getattr(each, "_page", None) is here for each in gc.get_objects())

    page = Shown(harness, main)
    await page.done()
    assert len(page.specs()) == 101
    assert alive <= 3  # of a hundred: the last one, and what is being sent
