"""The gallery, started as a person starts it; ``find`` tells where something of its page is, for a real pointer.

``find`` takes a selector and a text that the element shows, or ``""``; it waits until there is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from typing import Any

from deskapp import app, stop
from deskapp.errors import ClientReloaded
from tests.desktop.programs.say import obey, run_and_tell, say

POLL_S = 0.03
FIND = """
const visible = node => node.getClientRects().length > 0;
const nodes = [...document.querySelectorAll(selector)].filter(node => visible(node) && node.textContent.includes(text));
if (nodes.length === 0 || document.querySelector("#deskapp-splash")) return null;
nodes[0].scrollIntoView({block: "nearest"});
const box = nodes[0].getBoundingClientRect();
return [Math.round(box.left + box.width / 2), Math.round(box.top + box.height / 2), window.innerHeight];
"""


async def find(selector: str, text: str) -> None:
    """Tell the middle of the first element that is seen."""
    place = None
    while place is None:
        await asyncio.sleep(POLL_S)
        with contextlib.suppress(ClientReloaded):  # then the page that came instead is asked
            place = await gallery().session.eval_js(f"(() => {{ {FIND} }})()", selector=selector, text=text)
    say("found", text=text, selector=selector, x=place[0], y=place[1], height=place[2])


def gallery() -> Any:
    return app.manager.sessions[0].app


if __name__ == "__main__":
    tasks: set[asyncio.Task[None]] = set()

    def begin(selector: str, text: str) -> None:
        tasks.add(asyncio.get_running_loop().create_task(find(selector, text)))

    # Examples are written without annotations, so they are not looked at by the type checker.
    start: Any = importlib.import_module("examples.gallery.start").start
    start(importlib.import_module("examples.gallery.app").Gallery)
    obey({"find": begin, "stop": stop})
    run_and_tell()
