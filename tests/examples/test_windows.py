"""Every example lives in a real window: its page shows something, and what is done there reaches Python."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from deskapp import app as program
from deskapp.runtime.select import select
from deskapp.testing import AppHarness
from tests.examples.program import EXAMPLES, cases, name_of, run_program

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(90), pytest.mark.usefixtures("screen")]

WAIT_S = 20.0
Use = Callable[[list[Any]], Awaitable[None]]

IS_PAINTED = """
[...document.querySelectorAll("canvas")].every(canvas => {
    const {width, height} = canvas;
    const bytes = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    return bytes.some(byte => byte > 0);
})
"""


async def becomes_true(component: Any, code: str) -> None:
    """Wait until something holds in the page of a component."""
    deadline_s = time.monotonic() + WAIT_S
    while not await component.session.eval_js(code):
        assert time.monotonic() < deadline_s, code
        await asyncio.sleep(0.05)


async def type_into(component: Any, text: str) -> None:
    """Type into the input element of a page."""
    code = """
    const input = document.querySelector("input:not([type=radio])");
    input.value = text;
    input.dispatchEvent(new Event("input"));
    """
    await component.session.eval_js(code, text=text)


async def click(component: Any, selector: str = "button") -> None:
    """Click on an element of a page."""
    await component.session.eval_js("document.querySelector(selector).click()", selector=selector)


def run_in_window(path: Path, use: Use, caplog: pytest.LogCaptureFixture) -> None:
    """Run a program in real windows; nothing may have been refused on the way."""

    async def check(app: AppHarness, components: list[Any]) -> None:
        for component in components:
            await becomes_true(component, "document.getElementById('deskapp-root').childElementCount > 0")
        await asyncio.wait_for(use(components), WAIT_S)
        # Looked at here: a thread of the program may still be at work when its window closes, and is told so.
        assert [record.getMessage() for record in caplog.records] == []

    with caplog.at_level(logging.WARNING):
        run_program(path, check, select("app", toolkit=os.environ.get("DESKAPP_TOOLKIT") or None))


async def use_counter(components: list[Any]) -> None:
    (counter,) = components
    await click(counter)
    await becomes_true(counter, "document.querySelector('button').textContent == 'Pressed 1 times'")
    assert counter.count == 1


async def use_clock(components: list[Any]) -> None:
    await becomes_true(components[0], IS_PAINTED)


async def use_shared_value(components: list[Any]) -> None:
    one, other = components
    await type_into(one, "7")
    await becomes_true(other, "document.querySelector('output').textContent == '7'")


async def use_progress(components: list[Any]) -> None:
    (main,) = components
    await click(main)
    await becomes_true(main, "document.querySelector('button').disabled")
    await becomes_true(main, "document.querySelector('progress').value == 1")


async def use_monitor(components: list[Any]) -> None:
    (monitor,) = components
    await becomes_true(monitor, "document.querySelectorAll('tbody tr').length > 5")
    await becomes_true(monitor, IS_PAINTED)
    await click(monitor, "input[name=theme]:not(:checked)")
    await AppHarness.until(lambda: monitor.theme == "LIGHT")
    await becomes_true(monitor, "document.documentElement.dataset.theme == 'light'")
    await type_into(monitor, "no process has this name")
    await becomes_true(monitor, "document.querySelectorAll('tbody tr').length == 0")


async def use_gallery(components: list[Any]) -> None:
    (gallery,) = components
    await click(gallery, ".navigation button:last-child")
    await AppHarness.until(lambda: gallery.chosen == "Runtime")
    await becomes_true(gallery, "document.querySelectorAll('section:not([hidden]) td').length > 5")


async def use_word_counter(components: list[Any]) -> None:
    (main,) = components
    await type_into(main, "one two")
    await becomes_true(main, "document.body.innerText.includes('2 words')")


async def use_adder(components: list[Any]) -> None:
    (main,) = components
    await click(main)
    await becomes_true(main, "document.body.innerText.includes('1 and one more')")


async def use_tracker(components: list[Any]) -> None:
    (main,) = components
    await main.session.eval_js(
        "document.querySelector('.pad').dispatchEvent(new PointerEvent('pointermove', {clientX: 30, clientY: 40}))"
    )
    await becomes_true(main, "document.body.innerText.includes('30, 40')")


async def use_numbered(components: list[Any]) -> None:
    (first,) = components
    await click(first)
    await AppHarness.until(lambda: len(program.manager.sessions) == 2)
    second: Any = program.manager.sessions[-1].app
    await becomes_true(second, "document.body.innerText.includes('Another window')")
    assert second.number == 2


async def use_note(components: list[Any]) -> None:
    editor, reader = components
    await becomes_true(reader, "document.body.innerText.includes('Write here')")
    await type_into(editor, "milk")
    await becomes_true(reader, "document.body.innerText.includes('milk')")


async def use_timer(components: list[Any]) -> None:
    (timer,) = components
    await click(timer)
    await becomes_true(timer, "/^[34]:/.test(document.querySelector('output').textContent)")
    assert timer.left_s > 180


async def use_chat(components: list[Any]) -> None:
    one, other = components
    await one.session.eval_js(
        """
        document.querySelector("form input").value = "<b>Hello</b>";
        document.querySelector("form").requestSubmit();
        """
    )
    await becomes_true(other, "document.querySelector('main p')?.textContent === '<b>Hello</b>'")
    await becomes_true(other, "[...document.querySelectorAll('aside .face')].map(n => n.textContent).join('') === 'HO'")


async def use_painting(components: list[Any]) -> None:
    one, other = components
    await becomes_true(one, "document.querySelector('[name=color][aria-pressed=true]').value === 'coral'")
    await draw_line(one, "canvas", begin=(0.2, 0.5), end=(0.8, 0.5))
    await becomes_true(other, IS_PAINTED)
    await click(other, "[name=clear]")
    await becomes_true(one, f"!{IS_PAINTED.strip()}")


async def use_plot(components: list[Any]) -> None:
    (weather,) = components
    await becomes_true(weather, IS_PAINTED)
    await weather.session.eval_js(
        """
        const slider = document.querySelector("input");
        slider.value = 12;
        slider.dispatchEvent(new Event("input"));
        """
    )
    await AppHarness.until(lambda: weather.rho == 12)
    await becomes_true(weather, "document.querySelector('output').textContent === '12'")


async def use_sketch(components: list[Any]) -> None:
    (sketch,) = components
    await becomes_true(sketch, IS_PAINTED)
    seed = sketch.seed
    await click(sketch, "[name^=another]")
    await AppHarness.until(lambda: sketch.seed != seed)
    await click(sketch, "[name=dots]")
    await becomes_true(sketch, "document.querySelector('[name=dots]').ariaPressed === 'true'")
    await AppHarness.until(lambda: sketch.sheet.fill == "dots")


async def use_editor(components: list[Any]) -> None:
    (editor,) = components
    await becomes_true(editor, "document.querySelector('output').textContent.startsWith('16 values')")
    await editor.session.eval_js("document.querySelector('.CodeMirror').CodeMirror.setValue('[1,\\n2')")
    await becomes_true(editor, "document.querySelector('.CodeMirror .bad pre')?.textContent === '2'")
    await editor.session.eval_js("document.querySelector('.CodeMirror').CodeMirror.setValue('[1,2]')")
    await becomes_true(editor, "!document.querySelector('button').disabled")
    await click(editor)
    await becomes_true(editor, "document.querySelectorAll('.CodeMirror-code pre')[1]?.textContent.trim() === '1,'")
    assert editor.editor.text == "[\n    1,\n    2\n]\n"


async def use_splines(components: list[Any]) -> None:
    (splines,) = components
    await AppHarness.until(lambda: "260, 150" in splines.board.report)
    await draw_line(splines, "svg", begin=(0.26, 0.25), end=(0.26, 0.5), on="circle:nth-of-type(2)")
    await AppHarness.until(lambda: splines.board.points[1] == [260, 300])
    await becomes_true(splines, "document.querySelector('pre').textContent.includes('260, 300')")


async def draw_line(
    component: Any, selector: str, *, begin: tuple[float, float], end: tuple[float, float], on: str = ""
) -> None:
    """Move a pointer over an element, from one place to another in shares of its size, with its button held."""
    code = """
    const box = document.querySelector(selector), {width, height, left, top} = box.getBoundingClientRect();
    box.setPointerCapture = () => {};  // a pointer that exists nowhere else cannot be captured
    const tell = (type, share, node) => {
        const clientX = left + width * (begin[0] + (end[0] - begin[0]) * share);
        const clientY = top + height * (begin[1] + (end[1] - begin[1]) * share);
        node.dispatchEvent(new PointerEvent(type, {clientX, clientY, pointerId: 1, bubbles: true}));
    };
    tell("pointerdown", 0, document.querySelector(on || selector));
    tell("pointermove", 0.5, box);
    tell("pointermove", 1, box);
    tell("lostpointercapture", 1, box);
    """
    await component.session.eval_js(code, selector=selector, begin=begin, end=end, on=on)


def says(text: str) -> Use:
    async def use(components: list[Any]) -> None:
        await becomes_true(components[0], f"document.body.innerText.includes({text!r})")

    return use


USES: dict[str, Use] = {
    "counter.py": use_counter,
    "clock.py": use_clock,
    "shared_value.py": use_shared_value,
    "numpy_image.py": use_clock,
    "progress.py": use_progress,
    "monitor/__main__.py": use_monitor,
    "gallery/__main__.py": use_gallery,
    "chat.py": use_chat,
    "painting.py": use_painting,
    "plot.py": use_plot,
    "sketch.py": use_sketch,
    "editor.py": use_editor,
    "splines.py": use_splines,
    "tutorial/hello.py": says("Hello, desktop!"),
    "tutorial/label.py": says("Hello, "),
    "tutorial/word_counter.py": use_word_counter,
    "tutorial/adder.py": use_adder,
    "tutorial/tracker.py": use_tracker,
    "tutorial/numbered.py": use_numbered,
    "tutorial/note.py": use_note,
    "tutorial/worker.py": says("primes below"),
    "tutorial/timer.py": use_timer,
}


@pytest.mark.parametrize("path", cases(EXAMPLES / name for name in USES))
def test_it_lives(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run_in_window(path, USES[name_of(path)], caplog)


def test_every_example_is_opened_in_a_window() -> None:
    programs = [*EXAMPLES.glob("*.py"), *EXAMPLES.glob("*/__main__.py"), *(EXAMPLES / "tutorial").glob("*.py")]
    assert sorted(USES) == sorted(map(name_of, programs))
