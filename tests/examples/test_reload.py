"""Examples in real windows whose pages are loaded anew: what was said, painted and written is there again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from deskapp.errors import ClientReloaded
from tests.examples.program import EXAMPLES, cases
from tests.examples.test_windows import IS_PAINTED, WAIT_S, becomes_true, draw_line, run_in_window

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(90), pytest.mark.usefixtures("screen")]

IS_NEW = "window.isOld === undefined && document.getElementById('deskapp-root').childElementCount > 0"


async def reload(component: Any) -> None:
    """Load the page anew, as a person does, and wait until it shows something."""
    await component.session.eval_js("window.isOld = true; setTimeout(() => location.reload(), 0)")
    deadline_s = time.monotonic() + WAIT_S
    while True:
        assert time.monotonic() < deadline_s
        try:
            if await component.session.eval_js(IS_NEW):
                return
        except ClientReloaded:  # asked while the page changed
            await asyncio.sleep(0.02)


async def talk(components: list[Any]) -> None:
    one, other = components
    one.say("Before")
    await becomes_true(other, "document.querySelectorAll('main p').length === 1")
    await reload(other)
    one.say("After")
    await becomes_true(
        other, "[...document.querySelectorAll('main p')].map(p => p.textContent).join() === 'Before,After'"
    )


async def paint(components: list[Any]) -> None:
    one, other = components
    await draw_line(one, "canvas", begin=(0.2, 0.5), end=(0.8, 0.5))
    await becomes_true(other, IS_PAINTED)
    for component in components:
        await reload(component)
        await becomes_true(component, IS_PAINTED)


async def write(components: list[Any]) -> None:
    (editor,) = components
    await editor.session.eval_js("document.querySelector('.CodeMirror').CodeMirror.setValue('[7]')")
    await becomes_true(editor, "document.querySelector('output').textContent.startsWith('2 values')")
    await reload(editor)
    await becomes_true(editor, "document.querySelector('.CodeMirror').CodeMirror.getValue() === '[7]'")
    await becomes_true(editor, "document.querySelector('output').textContent.startsWith('2 values')")


USES: dict[str, Callable[[list[Any]], Awaitable[None]]] = {"chat.py": talk, "painting.py": paint, "editor.py": write}


@pytest.mark.parametrize("path", cases(EXAMPLES / name for name in USES))
def test_a_page_that_is_loaded_anew_shows_what_it_showed(path: Any, caplog: pytest.LogCaptureFixture) -> None:
    run_in_window(path, USES[path.name], caplog)
