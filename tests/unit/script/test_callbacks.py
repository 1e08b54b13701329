"""Functions that the user causes to be called: where they run, how they overlap, and what they raise."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from deskapp import app
from deskapp.bridge import messages
from deskapp.errors import SessionClosedException, WrongKindOfSession
from deskapp.output import (
    clear,
    put_button,
    put_buttons,
    put_collapse,
    put_row,
    put_scope,
    put_table,
    put_text,
    remove,
    use_scope,
)
from deskapp.script.page import current_page
from deskapp.session import defer_call, eval_js, local
from deskapp.session.run import MAX_CALLBACKS
from deskapp.testing import AppHarness
from tests.unit.script.shown import Shown


def button_of(page: Shown, index: int = 0) -> str:
    on: str = page.specs()[index][1]["buttons"][0]["on"]
    return on


async def test_a_callback_of_a_plain_function_has_a_thread_and_may_wait(harness: AppHarness) -> None:
    seen: list[Any] = []

    def clicked() -> None:
        local.count = (local.count or 0) + 1
        seen.append((eval_js("x")["code"], local.count, threading.current_thread().name))
        put_text("clicked")

    page = Shown(harness, lambda: put_button("a", onclick=clicked) and None)
    await page.done()
    for n in (1, 2):
        page.report(button_of(page), 0)
        await harness.until(lambda: len(seen) == n)  # noqa: B023
    assert seen == [("x", 1, "deskapp-callback-app"), ("x", 2, "deskapp-callback-app")]
    await harness.until(lambda: len(page.specs()) == 3)


async def test_callbacks_of_an_async_function_run_on_the_loop(harness: AppHarness) -> None:
    seen: list[Any] = []

    async def awaits() -> None:
        seen.append((await eval_js("x"))["code"])

    async def main() -> None:
        put_button("plain", onclick=lambda: seen.append(threading.current_thread() is threading.main_thread()))
        put_button("async", onclick=awaits)

    page = Shown(harness, main)
    await page.done()
    page.report(button_of(page), 0)
    page.report(button_of(page, 1), 0)
    await harness.until(lambda: seen == [True, "x"])


async def test_a_function_with_callbacks_goes_on_until_its_page_goes(harness: AppHarness) -> None:
    ended: list[str] = []

    def plain() -> None:
        defer_call(lambda: ended.append("plain"))
        put_button("a", onclick=lambda: None)

    async def on_loop() -> None:
        defer_call(lambda: ended.append("async"))
        put_button("a", onclick=lambda: None)

    def without() -> None:
        defer_call(lambda: ended.append("without"))

    pages = [Shown(harness, plain), Shown(harness, on_loop), Shown(harness, without)]
    for page in pages:
        await page.done()
    await harness.until(lambda: ended == ["without"])
    pages[0].handle.close()
    await harness.until(lambda: ended == ["without", "plain"])
    pages[1].handle.close()
    await harness.until(lambda: ended == ["without", "plain", "async"])


async def test_a_function_that_failed_keeps_its_callbacks(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[int] = []

    async def main() -> None:
        put_button("a", onclick=lambda: seen.append(1))
        raise ValueError("in main")

    page = Shown(harness, main)
    with pytest.raises(ValueError, match="in main"):
        await page.done()
    page.report(button_of(page), 0)
    await harness.until(lambda: seen == [1])
    assert "in main" in caplog.text


@pytest.mark.parametrize("kind", ["plain", "async"])
async def test_an_error_in_a_callback_is_shown_and_the_session_lives(
    harness: AppHarness, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    def clicked() -> None:
        raise ValueError("in a callback")

    def plain() -> None:
        put_button("a", onclick=clicked)

    async def on_loop() -> None:
        put_button("a", onclick=clicked)

    page = Shown(harness, plain if kind == "plain" else on_loop)
    await page.done()
    for n in (1, 2):
        page.report(button_of(page), 0)
        await harness.until(lambda: len(page.shows("fault")) == n)  # noqa: B023
    assert caplog.text.count("ValueError: in a callback") == 2
    assert page.handle.session.ending is None


@pytest.mark.parametrize(("options", "calls"), [({"serial_mode": True}, 3), ({"mutex_mode": True}, 1), ({}, 3)])
async def test_calls_overlap_queue_or_are_dropped(harness: AppHarness, options: dict[str, Any], calls: int) -> None:
    running, most, total = 0, 0, 0
    go = threading.Event()
    lock = threading.Lock()

    def clicked(_: Any) -> None:
        nonlocal running, most, total
        with lock:
            running += 1
            total += 1
            most = max(most, running)
        go.wait(10)
        with lock:
            running -= 1

    page = Shown(harness, lambda: put_buttons(["a"], onclick=clicked, **options) and None)
    await page.done()
    for _ in range(2):
        page.report(button_of(page), 0)
    await harness.until(lambda: running == (1 if options else 2))
    answers: list[object] = []
    assert page.session.run is not None
    page.session.run.hear(button_of(page), 0, answers.append)
    assert answers == ([None] if "mutex_mode" in options else [])  # what is dropped is answered at once
    await harness.until(lambda: running == (1 if options else 3))
    go.set()
    await harness.until(lambda: total == calls and running == 0)
    assert most == (1 if options else 3)
    await harness.until(lambda: answers == [None])


async def test_functions_of_one_row_of_buttons_queue_together(harness: AppHarness) -> None:
    running, most, total = 0, 0, 0
    go = threading.Event()

    def clicked() -> None:
        nonlocal running, most, total
        running, total = running + 1, total + 1
        most = max(most, running)
        go.wait(10)
        running -= 1

    page = Shown(harness, lambda: put_buttons(["a", "b"], onclick=[clicked, clicked], serial_mode=True) and None)
    await page.done()
    page.report(button_of(page), 0)
    page.report(button_of(page), 1)
    await harness.until(lambda: running == 1)
    go.set()
    await harness.until(lambda: total == 2 and running == 0)
    assert most == 1


async def test_an_async_callback_in_a_plain_function_is_refused(harness: AppHarness) -> None:
    async def clicked() -> None: ...

    def main() -> None:
        with pytest.raises(WrongKindOfSession, match="cannot await in the session of a plain function"):
            put_button("a", onclick=clicked)
        with pytest.raises(WrongKindOfSession, match="cannot await in the session of a plain function"):
            put_buttons(["a"], onclick=clicked)

    await Shown(harness, main).done()


async def test_a_page_cannot_give_arguments_to_a_function_that_takes_none(harness: AppHarness) -> None:
    seen: list[str] = []

    def main() -> None:
        put_text("a").onclick(lambda name="text": seen.append(name))  # type: ignore[misc]
        put_buttons(["b", "c"], onclick=[lambda name="button": seen.append(name)] * 2)  # type: ignore[misc]

    page = Shown(harness, main)
    await page.done()
    (_, text), (_, buttons) = page.specs()
    page.report(text["click"], "of the page")
    page.report(buttons["buttons"][1]["on"], 1)
    await harness.until(lambda: sorted(seen) == ["button", "text"])


async def test_more_clicks_than_people_make_are_refused(harness: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    go = threading.Event()
    page = Shown(harness, lambda: put_button("a", onclick=lambda: go.wait(10)) and None)
    await page.done()
    for _ in range(MAX_CALLBACKS + 2):
        page.report(button_of(page), 0)
    await harness.until(lambda: f"{MAX_CALLBACKS} callbacks of app are under way already" in caplog.text)
    go.set()


async def test_a_callback_that_waits_learns_that_the_page_closed(harness: AppHarness) -> None:
    errors: list[BaseException] = []

    class Silent(Shown):
        def _answer(self, message: messages.CALL) -> None:
            return

    def clicked() -> None:
        try:
            eval_js("never")
        except SessionClosedException as error:
            errors.append(error)
            raise

    page = Silent(harness, lambda: put_button("a", onclick=clicked) and None)
    await page.done()
    page.report(button_of(page), 0)
    await harness.until(lambda: bool(page.of(messages.CALL)))
    page.handle.close()
    await harness.until(lambda: len(errors) == 1)


async def test_outputs_can_be_clicked(harness: AppHarness) -> None:
    seen: list[int] = []

    def main() -> None:
        text = put_text("a").onclick(lambda: seen.append(1))
        eval_js("1")
        text.onclick(lambda: seen.append(2))

    page = Shown(harness, main)
    await page.done()
    page.report(page.specs()[0][1]["click"])
    ((_, name, click),) = page.shows("change")
    assert name == "click"
    page.report(click)
    await harness.until(lambda: sorted(seen) == [1, 2])


async def test_components_show_things_in_their_page(harness: AppHarness) -> None:
    from tests.unit.session.classes import Main

    seen: list[str] = []
    main = app.launch(Main)
    page = harness.page(main)
    with main.session.use() if hasattr(main.session, "use") else main._enter():
        put_button("a", onclick=lambda: seen.append(threading.current_thread().name))
    await asyncio.sleep(0)
    await harness.until(lambda: bool(page.of(messages.SCRIPT)))
    spec = page.of(messages.SCRIPT)[0].data[0]  # type: ignore[index]
    page.report(spec[2]["buttons"][0]["on"], 0)
    await harness.until(lambda: seen == ["MainThread"])


async def test_callbacks_go_with_the_scope_that_they_are_in(harness: AppHarness) -> None:
    counts: list[int] = []

    def main() -> None:
        page = current_page("test")
        kept = put_button("kept", onclick=lambda: None)
        put_scope("outer", [put_scope("inner"), put_scope("other")])
        for _ in range(3):
            with use_scope("inner", clear=True):
                put_table([[put_button("a", onclick=lambda: None), put_text("b").onclick(lambda: None)]])
                put_row([put_collapse("c", [put_button("d", onclick=lambda: None)])])
            counts.append(len(page.run._handlers))
        with use_scope("inner"):
            moved = put_row([put_button("moved", onclick=lambda: None)])
        put_scope("elsewhere", [moved])
        clear("outer")
        counts.append(len(page.run._handlers))
        clear("elsewhere")
        put_scope("new", [kept])
        counts.append(len(page.run._handlers))
        remove("new")
        counts.append(len(page.run._handlers))

    await Shown(harness, main).done()
    assert counts == [4, 4, 4, 2, 1, 0]
